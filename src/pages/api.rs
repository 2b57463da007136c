//! `/v1/pages` and `/v1/page-layouts`.

mod layouts;
mod pages;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(pages::get_article_page)
        .service(pages::get_home_page)
        .service(pages::get_category_page)
        .service(layouts::get_layout)
        .service(layouts::put_layout);
}

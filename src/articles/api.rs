//! The endpoints.

mod access;
mod history;
mod params;
mod read;
mod transit;
mod write;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoints of articles.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(read::list_articles)
        .service(read::get_article_by_slug)
        .service(read::get_article)
        .service(read::get_publisher_article)
        .service(write::create_article)
        .service(write::update_article)
        .service(write::delete_article)
        .service(write::upsert_publisher_article)
        .service(transit::publish_article)
        .service(transit::withdraw_article)
        .service(transit::schedule_article)
        .service(transit::unschedule_article)
        .service(history::list_corrections)
        .service(history::create_correction)
        .service(history::list_revisions)
        .service(history::get_revision)
        .service(history::restore_revision);
}

//! The endpoints of imports.

mod create;
mod read;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoints of imports.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(create::create_import)
        .service(read::list_imports)
        .service(read::get_import)
        .service(read::list_import_items);
}

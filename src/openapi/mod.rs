//! Every route of the API, once: the server mounts this list and the document is read off it.
//!
//! - `served` the document as the server gives it out

mod served;

pub use served::Served;

use utoipa::{OpenApi, openapi};
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

#[derive(OpenApi)]
#[openapi(info(
    title = "Sosik",
    description = "The backend a news portal runs on.",
    license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0")
))]
struct Doc;

/// Everything that is mounted.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(utoipa_actix_web::scope("/v1").configure(v1));
}

fn v1(cfg: &mut ServiceConfig) {
    cfg.configure(crate::articles::api::routes);
    cfg.configure(crate::ingest::api::routes);
}

/// The document, built without a database.
#[must_use]
pub fn document() -> openapi::OpenApi {
    actix_web::App::new()
        .into_utoipa_app()
        .openapi(Doc::openapi())
        .configure(routes)
        .split_for_parts()
        .1
}

//! Every route of the API, once: the server mounts this list and the document is read off it.
//!
//! - `decorate` what holds for every operation: problems, headers, parameters, security
//! - `about` the document's own words: what this is, its habits, its tags
//! - `served` the document as the server gives it out
//! - `api` the document and the page to read and try it, over HTTP

mod about;
mod api;
mod decorate;
mod served;

pub use served::Served;

use utoipa::openapi;
use utoipa_actix_web::{AppExt, service_config::ServiceConfig};

/// Everything that is mounted.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(utoipa_actix_web::scope("/v1").configure(v1));
    cfg.configure(crate::meta::api::root_routes)
        .configure(crate::meta::watch::routes)
        .configure(api::routes);
}

fn v1(cfg: &mut ServiceConfig) {
    // Routes are tried in this order, and nothing is asked more often than what takes events.
    cfg.configure(crate::engagement::api::routes)
        .configure(crate::accounts::api::routes)
        .configure(crate::articles::api::routes)
        .configure(crate::authors::api::routes)
        .configure(crate::categories::api::routes)
        .configure(crate::comments::api::routes)
        .configure(crate::counters::api::routes)
        .configure(crate::ingest::api::routes)
        .configure(crate::me::api::routes)
        .configure(crate::meta::api::routes)
        .configure(crate::moderation::api::routes)
        .configure(crate::moderation::desk::api::routes)
        .configure(crate::pages::api::routes)
        .configure(crate::publishers::api::routes)
        .configure(crate::rankings::api::routes)
        .configure(crate::stories::api::routes)
        .configure(crate::tags::api::routes);
}

/// The document, built without a database.
#[must_use]
pub fn document() -> openapi::OpenApi {
    decorate::decorate(about::with_tags(mounted()))
}

/// What is mounted, as the handlers describe it.
fn mounted() -> openapi::OpenApi {
    let app = actix_web::App::new().into_utoipa_app().openapi(about::document());
    app.configure(routes).split_for_parts().1
}

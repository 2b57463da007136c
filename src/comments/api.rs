//! The endpoints of comments.

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(_: &mut ServiceConfig) {}

//! The endpoints.

mod rules;
mod trial;

use crate::http::method;
use actix_web::web;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(trial::try_rule)
        // Before the rules, one of which it would be.
        .route("/moderation/rules/test", web::route().to(method::fallback))
        .service(rules::list_rules)
        .service(rules::create_rule)
        .service(rules::get_rule)
        .service(rules::update_rule)
        .service(rules::delete_rule);
}

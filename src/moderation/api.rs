//! The endpoints.

mod rules;
mod trial;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(trial::try_rule)
        .service(rules::list_rules)
        .service(rules::create_rule)
        .service(rules::get_rule)
        .service(rules::update_rule)
        .service(rules::delete_rule);
}

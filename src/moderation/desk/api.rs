//! The endpoints of the moderators' desk.
//!
//! - `queue` what waits, and who looks at it
//! - `decide` decisions
//! - `people` sanctions, and the log

mod decide;
mod people;
mod queue;

use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(queue::list_queue)
        .service(queue::claim_comments)
        .service(queue::release_claims)
        .service(decide::decide)
        .service(people::list_moderation_log)
        .service(people::list_sanctions)
        .service(people::impose_sanction)
        .service(people::get_sanction)
        .service(people::lift_sanction);
}

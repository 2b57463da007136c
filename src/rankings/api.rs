//! `/v1/rankings`.

mod boards;
mod explain;
mod overrides;
mod query;
mod snapshots;

use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(boards::list_boards)
        .service(boards::get_board)
        .service(snapshots::list_snapshots)
        .service(snapshots::get_snapshot)
        .service(explain::explain_rank)
        .service(explain::list_past_places)
        .service(overrides::list_overrides)
        .service(overrides::create_override)
        .service(overrides::get_override)
        .service(overrides::lift_override);
}

//! Health and metrics, for machines that watch this one.

use super::model::{Live, Ready};
use crate::{
    db::Pool,
    error::{Error, Result},
    http::{
        health::Checks,
        metrics::Metrics,
        query::{NoParameters, Query},
    },
};
use actix_web::{
    HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Data,
};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_live).service(get_ready).service(get_metrics);
}

/// Tell whether the server runs
///
/// Looks at nothing else: a server that does not answer this should be started again.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "It runs.", body = Live)),
)]
#[get("/health/live")]
pub async fn get_live(_: Query<NoParameters>) -> HttpResponse {
    HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(Live { status: "ok" })
}

/// Tell whether the server can do its work
///
/// Answers within about a second. `degraded` is a server that answers although something that is not
/// needed is wrong, such as boards that nobody computes any more. A server that is not ready, or about to stop, is 503 with `checks`
/// in the problem: send it no requests until it is.
#[utoipa::path(
    tag = "health",
    responses((status = 200, description = "It can.", body = Ready)),
)]
#[get("/health/ready")]
pub async fn get_ready(_: Query<NoParameters>, checks: Data<Checks>) -> Result<HttpResponse> {
    let checks = checks.look().await;
    if checks.iter().all(|check| check.ok || !check.needed) {
        let well = checks.iter().all(|check| check.ok);
        let ready = Ready { status: if well { "ok" } else { "degraded" }, checks };
        return Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "no-store")).json(ready));
    }
    let failed = checks.iter().filter(|check| check.needed && !check.ok);
    let failed: Vec<_> = failed.map(|c| c.name.clone()).collect();
    let found = serde_json::to_value(&checks).map_err(Error::internal)?;
    Err(Error::unavailable(format!("not ready: {}", failed.join(", ")))
        .with_extension("checks", found))
}

/// The OpenMetrics text format.
#[derive(ToSchema)]
#[schema(value_type = String, max_length = 16_777_216)]
#[expect(dead_code, reason = "stands in the document only")]
struct MetricsText(String);

/// Get metrics
///
/// For Prometheus, in the OpenMetrics text format: requests by method, route and status, how long
/// they took, and the connections to the database.
#[utoipa::path(
    tag = "health",
    responses((
        status = 200,
        description = "Every metric.",
        body = MetricsText,
        content_type = "application/openmetrics-text",
        example = "# HELP sosik_http_requests Requests answered.\n# TYPE sosik_http_requests counter\n",
    )),
)]
#[get("/metrics")]
pub async fn get_metrics(
    _: Query<NoParameters>,
    metrics: Data<Metrics>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let text = metrics.print(&pool.status()).map_err(Error::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CACHE_CONTROL, "no-store"))
        .insert_header((CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8"))
        .body(text))
}

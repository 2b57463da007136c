//! Counts and times requests by the pattern of their route, for Prometheus.

use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::Method,
    middleware::Next,
    web::Data,
};
use deadpool::Status;
use prometheus_client::{
    encoding::{EncodeLabelSet, text::encode},
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::Registry,
};
use std::time::Instant;

/// What an answer is counted under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Answered {
    method: &'static str,
    route: String,
    status: u16,
}

/// What the time of an answer is filed under.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Timed {
    method: &'static str,
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct State {
    state: &'static str,
}

/// Upper bounds in seconds.
const BUCKETS: [f64; 12] =
    [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// Every metric of the server.
pub struct Metrics {
    registry: Registry,
    requests: Family<Answered, Counter>,
    seconds: Family<Timed, Histogram>,
    connections: Family<State, Gauge>,
    waiting: Gauge,
    boards: Gauge,
}

impl Metrics {
    /// With nothing counted yet; `version` is this program's.
    #[must_use]
    pub fn new(version: &str) -> Self {
        let mut registry = Registry::with_prefix("sosik");
        let version = vec![("version".to_owned(), version.to_owned())];
        registry.register("build", "This program", Info::new(version));
        let requests = Family::<Answered, Counter>::default();
        registry.register("http_requests", "Requests answered", requests.clone());
        let seconds = Family::<Timed, Histogram>::new_with_constructor(|| Histogram::new(BUCKETS));
        let help = "Seconds from a request's head to its answer's";
        registry.register("http_request_duration_seconds", help, seconds.clone());
        let connections = Family::<State, Gauge>::default();
        registry.register("pool_connections", "Database connections", connections.clone());
        let waiting = Gauge::default();
        registry.register("pool_waiting", "Requests waiting for a connection", waiting.clone());
        let boards = Gauge::default();
        let help = "Unix second in which every board had been looked at last";
        registry.register("boards_looked_at_seconds", help, boards.clone());
        Self { registry, requests, seconds, connections, waiting, boards }
    }

    /// Where other parts register their own, before the server starts.
    pub fn registry(&mut self) -> &mut Registry {
        &mut self.registry
    }

    /// Notes the Unix second in which every board had been looked at last, by whichever server.
    pub fn boards_looked_at(&self, second: i64) {
        self.boards.set(second);
    }

    /// Everything in the OpenMetrics text format, with the pool as it is now.
    ///
    /// # Errors
    /// When a metric cannot be written.
    pub fn print(&self, pool: &Status) -> Result<String, std::fmt::Error> {
        let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let states = [
            ("in_use", pool.size.saturating_sub(pool.available)),
            ("idle", pool.available),
            ("max", pool.max_size),
        ];
        for (state, n) in states {
            self.connections.get_or_create(&State { state }).set(number(n));
        }
        self.waiting.set(number(pool.waiting));
        let mut text = String::new();
        encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// A label of few values, whatever a caller makes up.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// Middleware: counts and times the answer under its route's pattern, never under the path itself.
///
/// # Errors
/// What the layers below return.
pub async fn measure(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let (started, method) = (Instant::now(), known(req.method()));
    let metrics = req.app_data::<Data<Metrics>>().cloned();
    let response = next.call(req).await?;
    if let Some(metrics) = metrics {
        let pattern = response.request().match_pattern();
        let route = pattern.unwrap_or_else(|| "(none)".to_owned());
        let status = response.status().as_u16();
        let timed = Timed { method, route: route.clone() };
        metrics.seconds.get_or_create(&timed).observe(started.elapsed().as_secs_f64());
        metrics.requests.get_or_create(&Answered { method, route, status }).inc();
    }
    Ok(response)
}

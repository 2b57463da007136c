//! The actix application: what is mounted where, what wraps it, and a graceful stop.

use crate::{
    accounts::{self, Bearers},
    clock::Clock,
    comments::{hub::Hub, screen::Screen},
    config::Settings,
    db::Pool,
    engagement,
    http::{
        auth, conditional, health::Checks, limit, method, metrics, problem, trace, unread, visitor,
    },
    meta::checks::{BoardsAreFresh, DatabaseAnswers, NotStopping},
    moderation::screener::Screener,
    openapi,
    rankings::nudge::Nudge,
};
use actix_cors::Cors;
use actix_web::{
    App, HttpServer,
    dev::Server,
    http::header::HeaderName,
    middleware::{Compress, from_fn},
    web::{self, Data},
};
use std::{
    net::TcpListener,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use utoipa_actix_web::service_config::ServiceConfig as Documented;

/// What requests share. Cheap to clone: one set per process.
#[derive(Clone)]
pub struct Services {
    /// Connections.
    pub pool: Data<Pool>,
    /// Settings.
    pub settings: Data<Settings>,
    /// Time.
    pub clock: Data<Clock>,
    /// Where events are handed in.
    pub events: Data<engagement::Batch>,
    /// What accounts need: passwords are hashed so many at once.
    pub accounts: Data<accounts::Tools>,
    /// Streams of what happens to comments.
    pub streams: Data<Hub>,
    /// What rules say about texts.
    screen: Data<dyn Screen>,
    /// The same, for those who change rules.
    screener: Data<Screener>,
    /// Tokens of visitors.
    pub visitors: Data<visitor::Tokens>,
    /// Whether the server is about to stop.
    draining: Arc<AtomicBool>,
    /// Asks for a round of the boards out of turn.
    pub nudge: Data<Nudge>,
    /// What readiness looks at.
    pub checks: Data<Checks>,
    /// What is counted for those who watch.
    pub metrics: Data<metrics::Metrics>,
    /// Rate limits.
    pub policies: Data<limit::Policies>,
    /// Which methods each path has.
    pub routes: Data<method::RouteTable>,
    /// The OpenAPI document.
    pub document: Data<openapi::Served>,
}

impl Services {
    /// Wires the parts together, on a tokio runtime: the writer of events starts here.
    #[must_use]
    pub fn new(settings: Settings, pool: Pool, clock: Clock) -> Self {
        let document = openapi::Served::new();
        let draining = Arc::new(AtomicBool::new(false));
        let checks = Checks::default()
            .with(DatabaseAnswers(pool.clone()))
            .with(NotStopping(draining.clone()))
            .with(BoardsAreFresh::new(pool.clone(), clock.clone(), &settings));
        let screener = Arc::new(Screener::new(&settings, pool.clone(), clock.clone()));
        Self {
            checks: Data::new(checks),
            metrics: Data::new(metrics::Metrics::new(env!("CARGO_PKG_VERSION"))),
            events: Data::new(engagement::Batch::start(pool.clone(), &settings, clock.clone())),
            accounts: Data::new(accounts::Tools::new(&settings, pool.clone(), clock.clone())),
            streams: Data::from(Hub::start(pool.clone(), &settings)),
            screen: Data::from(screener.clone() as Arc<dyn Screen>),
            screener: Data::from(screener),
            visitors: Data::new(visitor::Tokens::new(pool.clone(), &settings)),
            draining,
            nudge: Data::new(Nudge::default()),
            pool: Data::new(pool),
            policies: Data::new(limit::Policies::new(&settings.limits)),
            settings: Data::new(settings),
            clock: Data::new(clock),
            routes: Data::new(document.route_table()),
            document: Data::new(document),
        }
    }

    /// Says that the server is about to stop: readiness fails from now on.
    pub fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
        self.streams.close();
    }

    fn mount(&self, cfg: &mut web::ServiceConfig) {
        let bearers = Bearers::new(
            Pool::clone(&self.pool),
            Clock::clone(&self.clock),
            self.accounts.clone().into_inner(),
        );
        let principals: Arc<dyn auth::Principals> = Arc::new(bearers);
        cfg.app_data(self.pool.clone())
            .app_data(self.settings.clone())
            .app_data(self.clock.clone())
            .app_data(self.events.clone())
            .app_data(self.accounts.clone())
            .app_data(self.visitors.clone())
            .app_data(self.streams.clone())
            .app_data(self.screen.clone())
            .app_data(self.screener.clone())
            .app_data(self.nudge.clone())
            .app_data(self.checks.clone())
            .app_data(self.metrics.clone())
            .app_data(self.policies.clone())
            .app_data(self.routes.clone())
            .app_data(self.document.clone())
            .app_data(Data::from(principals))
            .default_service(web::to(method::fallback));
        let mut documented = Documented::new(cfg);
        documented.configure(openapi::routes);
    }
}

/// Starts serving on `listener`; the returned server stops gracefully when its handle says so.
///
/// # Errors
/// When the listener cannot be used.
pub fn start(services: Services, listener: TcpListener) -> std::io::Result<Server> {
    let settings = services.settings.clone();
    let workers = match settings.workers {
        0 => std::thread::available_parallelism().map_or(2, std::num::NonZero::get),
        n => usize::from(n),
    };
    let server = HttpServer::new(move || {
        let services = services.clone();
        // Read from the bottom up: the last layer is the outermost.
        App::new()
            .wrap(from_fn(limit::limit))
            .wrap(from_fn(auth::authenticate))
            .wrap(from_fn(method::head_as_get))
            .wrap(Compress::default())
            .wrap(from_fn(conditional::coding))
            .wrap(from_fn(problem::render))
            .wrap(cors(&services.settings))
            .wrap(from_fn(metrics::measure))
            .wrap(from_fn(trace::trace))
            .wrap(from_fn(unread::close_unread))
            .configure(|cfg| services.mount(cfg))
    })
    .workers(workers)
    .client_request_timeout(Duration::from_millis(settings.timeouts.header_ms))
    .shutdown_timeout(settings.timeouts.shutdown_ms.div_ceil(1000))
    .disable_signals()
    .listen(listener)?;
    Ok(server.run())
}

/// What a browser of another origin may read besides the body.
const EXPOSED: [&str; 7] = [
    "etag",
    "link",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-request-id",
    "idempotency-replayed",
];

fn cors(settings: &Settings) -> Cors {
    let origins = &settings.cors.allowed_origins.0;
    let cors = Cors::default()
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])
        .allow_any_header()
        .expose_headers(EXPOSED.map(HeaderName::from_static))
        .max_age(600);
    if origins.iter().any(|origin| origin == "*") {
        return cors.allow_any_origin().send_wildcard();
    }
    origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin))
}

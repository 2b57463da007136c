//! Named rate limits (governor's GCRA), keyed on the caller's key or trusted address and on nothing
//! that the caller chooses; told in `RateLimit-Policy` and `RateLimit` (IETF draft).

use crate::{
    config::Limits,
    error::{Code, Error},
    http::{auth::Principal, client},
};
use actix_web::{
    HttpMessage, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use governor::{
    NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock, QuantaInstant},
    middleware::StateInformationMiddleware,
    state::keyed::DefaultKeyedStateStore,
};
use ipnet::IpNet;
use std::{borrow::Cow, net::IpAddr, num::NonZeroU32};
use uuid::Uuid;

/// Who a limit counts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    Principal(Uuid),
    Address(IpAddr),
}

impl Key {
    /// The trusted address: one of IPv4, a /64 of IPv6, which one household has.
    fn of(request: &HttpRequest) -> Self {
        let address = client::address(request);
        let bits = if address.is_ipv4() { 32 } else { 64 };
        Self::Address(IpNet::new(address, bits).map_or(address, |net| net.trunc().addr()))
    }
}

type Keyed =
    RateLimiter<Key, DefaultKeyedStateStore<Key>, DefaultClock, StateInformationMiddleware>;

/// One policy: so many requests a minute, all at once if one likes.
pub struct Policy {
    /// Its name in headers and in `/v1/meta`.
    pub name: &'static str,
    /// What it covers, for `/v1/meta`.
    pub covers: &'static str,
    /// Requests per minute.
    pub per_minute: u32,
    limiter: Keyed,
}

impl Policy {
    /// Whether an account of one's own makes no difference: who guesses passwords may have many.
    fn by_address(&self) -> bool {
        [POLICIES[REGISTRATIONS].0, POLICIES[LOGINS].0].contains(&self.name)
    }
}

/// Every policy of the server.
pub struct Policies(Vec<Policy>);

const POLICIES: [(&str, &str); 7] = [
    ("reads", "GET and HEAD"),
    ("writes", "every other method"),
    ("events", "views, shares and reactions"),
    ("imports", "POST /v1/imports"),
    ("visitors", "POST /v1/visitors"),
    ("registrations", "POST /v1/auth/register, by address alone"),
    ("logins", "everything else that takes a password or a token of mail, by address alone"),
];

/// The places of the policies that count by address, whoever asks.
const REGISTRATIONS: usize = 5;
const LOGINS: usize = 6;

impl Policies {
    /// With the rates of the settings.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        let rates = [
            limits.reads_per_minute,
            limits.writes_per_minute,
            limits.events_per_minute,
            limits.imports_per_minute,
            limits.visitors_per_minute,
            limits.registrations_per_minute,
            limits.logins_per_minute,
        ];
        let policy = |((name, covers), rate): ((&'static str, &'static str), u32)| {
            let rate = NonZeroU32::new(rate).unwrap_or(NonZeroU32::MIN);
            let limiter = RateLimiter::keyed(Quota::per_minute(rate)).with_middleware();
            Policy { name, covers, per_minute: rate.get(), limiter }
        };
        Self(POLICIES.into_iter().zip(rates).map(policy).collect())
    }

    /// Each policy, for `/v1/meta`.
    pub fn iter(&self) -> impl Iterator<Item = &Policy> {
        self.0.iter()
    }

    /// Forgets callers who are back at their full quota.
    pub fn shrink(&self) {
        for policy in &self.0 {
            policy.limiter.retain_recent();
            policy.limiter.shrink_to_fit();
        }
    }

    /// The policy of a route, if it is counted.
    fn of(&self, method: &Method, path: &str) -> Option<&Policy> {
        let index = match *method {
            _ if !is_limited(path) => return None,
            Method::OPTIONS => return None,
            Method::GET | Method::HEAD => 0,
            Method::POST if path.ends_with("/views") || path.ends_with("/shares") => 2,
            _ if path.ends_with("/reaction") => 2,
            Method::POST if path == "/v1/imports" => 3,
            Method::POST if path == "/v1/visitors" => 4,
            Method::POST if path == "/v1/auth/register" => REGISTRATIONS,
            Method::DELETE if path == "/v1/me" => LOGINS,
            _ if path == "/v1/auth/login"
                || path == "/v1/auth/verify"
                || path.starts_with("/v1/auth/password") =>
            {
                LOGINS
            }
            _ => 1,
        };
        self.0.get(index)
    }
}

/// A path as the router reads it: what is percent-encoded for no reason is the same path.
#[must_use]
pub fn decoded(path: &str) -> Cow<'_, str> {
    percent_encoding::percent_decode_str(path).decode_utf8_lossy()
}

/// Counts a request that was refused before its policy was asked, against its address.
///
/// # Errors
/// 429 when the address has used up its limit.
pub fn charge(request: &HttpRequest) -> Result<(), Error> {
    let policies = request.app_data::<Data<Policies>>();
    let policy = policies.and_then(|all| all.of(request.method(), &decoded(request.path())));
    let Some(policy) = policy else { return Ok(()) };
    policy.limiter.check_key(&Key::of(request)).map(drop).map_err(|until| used_up(policy, &until))
}

/// The problem of a used-up limit.
fn used_up(policy: &Policy, until: &NotUntil<QuantaInstant>) -> Error {
    let wait = until.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
    Error::plain(Code::RateLimited)
        .with_retry_after(wait)
        .with_header("RateLimit-Policy", rule(policy))
        .with_header("RateLimit", format!("\"{}\";r=0;t={wait}", policy.name))
}

/// Whether requests to `path` are counted: all but what machines that watch us ask.
#[must_use]
pub fn is_limited(path: &str) -> bool {
    !path.starts_with("/health/") && path != "/metrics"
}

/// Middleware, inside authentication: counts the request against its policy.
///
/// # Errors
/// What the layers below return; a used-up limit is answered with 429 and `Retry-After`.
pub async fn limit(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    let policies = req.app_data::<Data<Policies>>().cloned();
    let policy = policies.as_ref().and_then(|all| all.of(req.method(), &decoded(req.path())));
    let Some(policy) = policy else {
        return Ok(next.call(req).await?.map_into_left_body());
    };
    let principal = req.extensions().get::<Principal>().map(|p| Key::Principal(p.id()));
    let principal = principal.filter(|_| !policy.by_address());
    let key = principal.unwrap_or_else(|| Key::of(req.request()));
    let quota = u64::from(policy.per_minute);
    match policy.limiter.check_key(&key) {
        Ok(state) => {
            let remaining = state.remaining_burst_capacity();
            let reset = ((quota - u64::from(remaining).min(quota)) * 60).div_ceil(quota);
            let state = format!("\"{}\";r={remaining};t={reset}", policy.name);
            let rule = rule(policy);
            let mut response = next.call(req).await?;
            tell(response.headers_mut(), &rule, &state);
            Ok(response.map_into_left_body())
        }
        Err(until) => {
            let error = used_up(policy, &until);
            Ok(req.error_response(error).map_into_right_body())
        }
    }
}

fn rule(policy: &Policy) -> String {
    format!("\"{}\";q={};w=60", policy.name, policy.per_minute)
}

fn tell(headers: &mut HeaderMap, rule: &str, state: &str) {
    for (name, text) in [("ratelimit-policy", rule), ("ratelimit", state)] {
        // What the operation says of its own quotas stands first.
        let own = headers.get(name).and_then(|value| value.to_str().ok());
        let all = own.map_or_else(|| text.to_owned(), |own| format!("{own}, {text}"));
        if let Ok(value) = HeaderValue::from_str(&all) {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
}

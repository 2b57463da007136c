//! The habits every endpoint keeps: problems, conditional requests, authorisation, limits,
//! idempotency, checked parameters and bodies.
//!
//! - `problem` the table of problems and the middleware that renders them
//! - `query`, `body` checked input with all faults at once
//! - `patch` merge patches
//! - `paging` lists without filters; `described` their parameters in the OpenAPI document
//! - `conditional` ETags, `If-None-Match`, `If-Match`, caching
//! - `auth` who calls, and what they may
//! - `client` the trusted address of the caller
//! - `visitor` signed tokens of visitors
//! - `limit` named rate limits
//! - `idempotency` replays of creating requests
//! - `locale` the language of problems
//! - `trace` request ids and access log
//! - `health`, `metrics` whether the server is well, and how it does
//! - `unread` bodies that nobody reads to their end
//! - `method` `HEAD` as `GET`, and what the router itself refuses

pub mod auth;
pub mod body;
pub mod client;
pub mod conditional;
pub mod described;
pub mod health;
pub mod idempotency;
pub mod limit;
pub mod locale;
pub mod method;
pub mod metrics;
pub mod paging;
pub mod params;
pub mod patch;
pub mod problem;
pub mod query;
pub mod trace;
pub mod unread;
pub mod visitor;

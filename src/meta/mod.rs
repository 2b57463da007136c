//! What the server says about itself: to programs that call it, and to machines that watch it.
//!
//! - `model` the shapes the API shows
//! - `checks` what readiness looks at
//! - `api` limits and problems; `watch` health and metrics

pub mod api;
pub mod checks;
pub mod model;
pub mod watch;

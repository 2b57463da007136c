//! Views: each counted once per visitor, article and half-hour slot, in a ledger that adds up.
//!
//! - `model` what a caller sends; `event` what is known of a view; `bots` who is no reader; `cap` how
//!   many views of one network rank (pure)
//! - `secrets` the key of the day, from which visitors and networks are derived
//! - `tally` from events to what is written (pure); `round` one transaction of many events; `batch` the queue in front of it
//! - `store` the statements of a round; `prune` what is forgotten
//! - `api` the endpoint

pub mod api;
pub mod batch;
mod bots;
mod cap;
pub mod decay;
pub mod event;
pub mod model;
mod prune;
pub mod round;
mod secrets;
mod store;
mod tally;

pub use batch::Batch;
pub use prune::prune;
pub use secrets::Secrets;

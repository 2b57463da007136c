//! What readers do: views and shares, each counted once per visitor, article and half-hour slot in a
//! ledger that adds up; and reactions, one per visitor and article.
//!
//! - `model` what a caller sends and sees; `event` what is known of an event; `identity` who sent it, as a
//!   number (pure); `bots` who is no reader; `cap` how many events of one network rank (pure)
//! - `secrets` the key of the day, from which visitors and networks are derived
//! - `tally` from events to what is written, `scores` and `decay` what fades (pure); `round` one
//!   transaction of many events; `batch` the queue in front of it
//! - `reactions` one transaction of a reaction
//! - `stats` the ledger of an article
//! - `roll_up` closed days; `partitions` made and dropped; `prune` what is forgotten
//! - `store` the statements
//! - `api` the endpoints

pub mod api;
pub mod batch;
pub mod bots;
mod cap;
pub mod decay;
pub mod event;
mod identity;
pub mod model;
mod partitions;
mod prune;
pub mod reactions;
mod roll_up;
pub mod round;
pub mod scores;
mod secrets;
mod stats;
mod store;
mod tally;

pub use api::actor;
pub use batch::Batch;
pub use partitions::{drop_partitions, make_partitions};
pub use prune::prune;
pub use roll_up::roll_up;
pub use secrets::Secrets;
pub use store::reactions::own as own_reactions;

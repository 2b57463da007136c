//! Boards: ranked lists per category and over all, kept as snapshots that never change.
//!
//! - `board` the boards and their windows (pure); `model` the shapes the API shows
//! - `popular`, `trending`, `rate` what articles score (pure)
//! - `order` who stands before whom; `movement` what became of each since before (both pure)
//! - `refresh` a round that writes what changed; `thin` what is forgotten with age
//! - `signals` what rounds read; `history` what they compare with; `store` what readers read
//! - `entry` a place in a list, and how it becomes what the API shows
//! - `api` the endpoints

pub mod api;
pub mod board;
pub mod entry;
mod history;
pub mod model;
pub mod movement;
pub mod order;
pub mod popular;
pub mod rate;
pub mod refresh;
mod signals;
pub mod store;
mod thin;
pub mod trending;

pub use thin::thin;

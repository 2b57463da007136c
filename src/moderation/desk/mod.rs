//! The moderators' desk: what waits for them, what they decide, and the record of it.
//!
//! - `verdict` what a decision makes of a comment (pure)
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod store;
pub mod verdict;

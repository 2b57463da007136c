//! Tags: topics that articles share.
//!
//! - `model` the shapes the API shows
//! - `store` reads, and making tags on the way
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod store;

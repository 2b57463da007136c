//! Authors: who writes for a publisher.
//!
//! - `model` the shapes the API shows
//! - `store` reads, and making authors on the way
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod store;

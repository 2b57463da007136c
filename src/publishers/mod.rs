//! Publishers: who stands behind articles.
//!
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod store;

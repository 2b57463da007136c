//! API keys: who may write, and how they prove it.
//!
//! - `secret` the secret part of a key
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `keys` finds the principal of a request
//! - `api` the endpoints

pub mod api;
pub mod keys;
pub mod model;
pub mod secret;
pub mod store;

pub use keys::Keys;

//! What a reader sees and does of their own: the profile, the log-ins, the export, the end.
//!
//! - `model` the shapes the API shows and takes
//! - `store` what is read of them
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod store;

//! Stories: articles that tell one report, and what editors do with them. `clusters` finds them.
//!
//! - `model` the shapes the API shows and takes; `access` who may edit
//! - `store` reads
//! - `api` the endpoints

pub mod access;
pub mod api;
pub mod model;
pub mod store;

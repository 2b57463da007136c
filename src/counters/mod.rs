//! Counters: how often an article was viewed and shared, and what readers think of it, in all.
//!
//! - `model` the shape the API shows; `store` reads
//! - `figures` lines of figures from elsewhere (pure); `import` how they become buckets
//! - `api` the endpoint

pub mod api;
pub mod figures;
pub mod import;
pub mod model;
pub mod store;

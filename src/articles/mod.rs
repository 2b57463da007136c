//! Articles: what is published, in which revision, where it is listed.
//!
//! - `model` the shapes the API shows; `input` the checked shape it takes
//! - `blocks` and `html` the body: typed blocks, and how HTML becomes them
//! - `listings` which lists an article stands in
//! - `store` reads; `write` the one way content gets in; `transitions` status changes
//! - `revisions`, `corrections` history and notices
//! - `api` the endpoints

pub mod model;
pub mod store;

//! Who may comment where, and how much: what the site, a publisher, a category and an article set, and
//! what is in effect where they meet.
//!
//! - `model` the shapes the API shows and takes
//! - `resolve` which value is in effect, and where it came from
//! - `store` reads and writes

pub mod model;
pub mod resolve;
pub mod store;

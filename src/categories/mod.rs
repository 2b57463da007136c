//! Categories: the tree under which articles are filed.
//!
//! - `model` the shapes the API shows and takes
//! - `tree` order, paths and what a move would do, worked out from the rows
//! - `store` reads and writes; `moving` takes a subtree to another parent, listings included
//! - `api` the endpoints

pub mod api;
pub mod model;
pub mod moving;
pub mod store;
pub mod tree;

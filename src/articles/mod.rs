//! Articles: what is published, in which revision, where it is listed.
//!
//! - `model` the shapes the API shows; `input` the checked shape it takes
//! - `blocks`, `block_input`, `image` the body as typed blocks; `render` blocks as HTML and text
//! - `html` foreign HTML to blocks, with `tokens`, `balance`, `sanitise` and `markup` behind it
//! - `filter` which stored list answers a query; `listings` the pages of such lists
//! - `resolve` from names to ids; `access` who may see an article
//! - `store` reads; `write` the one way content gets in; `reports` compares it with others
//! - `transitions` status changes; `revisions`, `corrections` history and notices
//! - `api` the endpoints

pub mod access;
pub mod api;
mod balance;
pub mod block_input;
pub mod blocks;
pub mod corrections;
pub mod filter;
pub mod html;
pub mod image;
pub mod input;
pub mod listings;
mod markup;
pub mod model;
pub mod render;
pub mod reports;
pub mod resolve;
pub mod revisions;
pub mod sanitise;
pub mod store;
mod tokens;
pub mod transitions;
pub mod write;

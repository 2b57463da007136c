//! Pages: an article, a category or the front page with every list on it, in one call.
//!
//! - `model` the shapes the API shows; `share` the links and previews of an article (pure)
//! - `layout` which lists stand on which page; `compose` which article stands in which list (both pure)
//! - `store` reads; `assemble` a page from its parts
//! - `api` the endpoints

pub mod api;
pub mod assemble;
pub mod compose;
pub mod layout;
pub mod model;
mod share;
mod store;

//! The demo edition: invented articles from invented publishers, with a history of views made from a
//! fixed seed, so that an empty portal has something to show. Only ever loaded into a database
//! without articles.
//!
//! - `edition` the texts, as `demo/` holds them
//! - `history` the views, pure
//! - `load` both into the database

mod edition;
mod history;
mod load;

pub use load::load;

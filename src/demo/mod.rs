//! The demo edition: invented articles from invented publishers, with a history of readers made from a
//! fixed seed, so that an empty portal has something to show. Only ever loaded into a database
//! without articles.
//!
//! - `edition` the texts, as `demo/` holds them
//! - `history` the readers, pure; `events` what they left in the tables
//! - `load` all of it into the database

mod edition;
mod events;
mod history;
mod load;

pub use load::load;

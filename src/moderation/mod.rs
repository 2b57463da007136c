//! Moderation of what readers write.
//!
//! - `fold` a text as it reads, whatever it is written with
//! - `matcher` rules compiled, and what they find
//! - `lexicon` the words that Sosik brings along
//! - `model` the shapes the API shows and takes
//! - `builtin` the lexicon as rules
//! - `compiled` the rules in force, compiled
//! - `check` rules as they are written, checked
//! - `store` reads and writes
//! - `classifier` a service elsewhere that is asked about texts
//! - `screener` what becomes of a text
//! - `api` the endpoints
//! - `desk` what waits for moderators, and what they decide

pub mod api;
pub mod builtin;
pub mod check;
pub mod classifier;
pub mod compiled;
pub mod desk;
pub mod fold;
pub mod lexicon;
pub mod matcher;
pub mod model;
pub mod screener;
pub mod store;

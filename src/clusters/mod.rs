//! Near-duplicates: which articles tell one report. It takes plain texts and knows nothing of what an
//! article looks like.
//!
//! - `normalise` text without what publishers add; `recurring` formats that come again each day
//! - `grams` sets of n-grams; `sketch` what is kept of a text, with `bytes` for a table
//! - `rule` whether two sketches are one report; `keys` where candidates come from
//! - `sweep` leader clustering; `memory` the same without a database
//! - `label` which story a group of articles is, and which one of them is shown
//! - `store` the tables; `publish` the one way articles come into and out of stories; `decide` what
//!   editors say

mod bytes;
pub mod decide;
pub mod grams;
pub mod keys;
pub mod label;
pub mod memory;
pub mod normalise;
pub mod publish;
mod recurring;
pub mod rule;
pub mod sketch;
pub mod store;
pub mod sweep;

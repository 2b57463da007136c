//! Moderation of what readers write.
//!
//! - `fold` a text as it reads, whatever it is written with
//! - `matcher` rules compiled, and what they find
//! - `lexicon` the words that Sosik brings along

pub mod fold;
pub mod lexicon;
pub mod matcher;

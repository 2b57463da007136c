//! Reads and writes.
//!
//! - `rules` rules, and the comments that one is tried on

pub mod rules;

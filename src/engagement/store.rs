//! SQL as named functions, by what they are about.

pub mod days;
pub mod partitions;
pub mod reactions;
pub mod rounds;
pub mod stats;

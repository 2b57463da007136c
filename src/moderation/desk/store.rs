//! Reads and writes.
//!
//! - `queue` what waits
//! - `log` what was decided

pub mod log;
pub mod queue;

//! The shapes the API shows and takes.
//!
//! - `rule` rules that hold, flag or refuse what readers write
//! - `trial` what a rule would find

pub mod rule;
pub mod trial;

//! Moderation of what readers write.
//!
//! - `desk` what waits for moderators, and what they decide

pub mod desk;

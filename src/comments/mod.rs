//! Comments: threads under articles, votes and reports, and the policy that rules them.
//!
//! - `screen` what moderation, which stands above, says about a text

pub mod screen;

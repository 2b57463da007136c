//! What goes with an article: other articles on its topic.
//!
//! - `related` how near two articles are, by what they say and how they are tagged (pure)
//! - `store` the articles that may be near

pub mod related;
pub mod store;

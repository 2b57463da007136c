//! Comments: threads under articles, votes and reports, and the policy that rules them.
//!
//! - `body` the text of a comment (pure)
//! - `order` orders and their keys (pure)
//! - `quota` what is left of quotas (pure)
//! - `snapshot` which transactions were over at a moment (pure)
//! - `fit` pages that are not too large (pure)
//! - `screen` what moderation, which stands above, says about a text
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `judge` what becomes of a text, asked before and while it is written
//! - `hub` hands events to the streams that are open
//! - `import` old threads from elsewhere
//! - `api` the endpoints

pub mod api;
pub mod body;
pub mod fit;
pub mod hub;
pub mod import;
pub mod judge;
pub mod model;
pub mod order;
pub mod quota;
pub mod screen;
pub mod snapshot;
pub mod store;

//! The shapes the API shows.

use crate::{clock::Timestamp, ids::ArticleId};
use serde::Serialize;
use utoipa::ToSchema;

/// An article's counters at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct Counters {
    /// The article.
    pub article_id: ArticleId,
    /// Views, each visitor once per half-hour slot, and those imported from elsewhere.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(1234))]
    pub views: i64,
    /// When they were read.
    pub as_of: Timestamp,
}

/// Counters of the articles asked for.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountersList {
    /// In the order asked for, each article once; without those that are not published.
    #[schema(max_items = 100)]
    pub items: Vec<Counters>,
}

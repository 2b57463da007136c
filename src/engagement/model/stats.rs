//! What became of an article's events, bucket by bucket.

use crate::{clock::Timestamp, ids::ArticleId};
use serde::Serialize;
use utoipa::ToSchema;

/// How long a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = StatsGrain, rename_all = "lowercase")]
pub enum Grain {
    /// A clock hour of the portal's zone.
    Hour,
    /// A day of the portal's zone.
    Day,
}

/// The ledger of one article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArticleStats {
    /// The article.
    pub article_id: ArticleId,
    /// How long the buckets are.
    pub grain: Grain,
    /// When they were read.
    pub as_of: Timestamp,
    /// Every bucket that touches the period, also those in which nothing happened, oldest first.
    #[schema(max_items = 1000)]
    pub items: Vec<StatsBucket>,
}

/// What came in between two moments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatsBucket {
    /// Its start, which is part of it.
    pub starts_at: Timestamp,
    /// Its end, which is not.
    pub ends_at: Timestamp,
    /// Views.
    pub views: EventStats,
    /// Shares.
    pub shares: EventStats,
    /// Reactions that were made in it and still stand.
    pub reactions: ReactionStats,
}

/// What became of the events of one kind. `received = counted + rejected`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventStats {
    /// Events that came in.
    #[schema(minimum = 0, examples(120))]
    pub received: i64,
    /// Those that count.
    #[schema(minimum = 0, examples(100))]
    pub counted: i64,
    /// Those of them that count for boards: of one network, only so many.
    #[schema(minimum = 0, examples(96))]
    pub ranked: i64,
    /// Those that do not count.
    pub rejected: RejectedStats,
    /// Counted elsewhere and imported; no part of `received`. Imports speak of days: null by the hour.
    #[schema(required, minimum = 0, maximum = 9007199254740991_i64, examples(json!(null)))]
    pub imported: Option<i64>,
}

/// Events that do not count, by reason.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RejectedStats {
    /// Sent by a known program.
    #[schema(minimum = 0, examples(4))]
    pub bot: i64,
    /// Fetched ahead of a reader.
    #[schema(minimum = 0, examples(6))]
    pub prefetch: i64,
    /// The visitor was counted in this half-hour.
    #[schema(minimum = 0, examples(10))]
    pub repeat: i64,
}

/// Reactions that stand.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReactionStats {
    /// All of them.
    #[schema(minimum = 0, examples(12))]
    pub counted: i64,
    /// Those that count for boards.
    #[schema(minimum = 0, examples(12))]
    pub ranked: i64,
}

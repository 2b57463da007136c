//! Why an article stands where it stands, and where it stood.

use super::{Movement, Override, Rule, Scope};
use crate::{
    clock::Timestamp,
    ids::{ArticleId, SnapshotId},
    page::page_type,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Where an article stands with a list. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// On it.
    Listed,
    /// Its story is on it, shown by another article.
    Folded,
    /// Editors keep it off.
    Excluded,
    /// Not among its places.
    Unlisted,
}

/// One figure that a score is made of.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Term {
    /// What it is: the name of a figure of the board's rule. More may come.
    #[schema(max_length = 64, value_type = String, examples("decayed_views"))]
    pub signal: &'static str,
    /// How much of it there was, after every cap.
    #[schema(examples(87.5))]
    pub value: f64,
    /// What one of it adds to the score; null where the score is no sum.
    #[schema(required, examples(1.0))]
    pub weight: Option<f64>,
}

/// Why an article stands where it stands on a list. The formula, filled with the terms, gives the score.
#[derive(Debug, Serialize, ToSchema)]
pub struct Explanation {
    /// The board's key.
    #[schema(max_length = 64, value_type = String, examples("popular"))]
    pub board: &'static str,
    /// What the list is ranked over.
    pub scope: Scope,
    /// The window; null for a board without one.
    #[schema(required, max_length = 8, value_type = Option<String>, examples("24h"))]
    pub window: Option<&'static str>,
    /// The snapshot that is explained; null when there is none yet.
    #[schema(required)]
    pub snapshot_id: Option<SnapshotId>,
    /// The moment it speaks of.
    #[schema(required)]
    pub taken_at: Option<Timestamp>,
    /// The article that was asked for.
    pub article_id: ArticleId,
    /// Where it stands.
    pub standing: Standing,
    /// The article that is shown for its story, where that is another one; else null.
    #[schema(required)]
    pub shown_by: Option<ArticleId>,
    /// Its place, or that of the one that is shown for it; null when neither is on the list.
    #[schema(required, minimum = 1, maximum = 100, examples(1))]
    pub rank: Option<u16>,
    /// What the place is ordered by; null when there is none.
    #[schema(required, examples(91.25))]
    pub score: Option<f64>,
    /// The formula of the score, over the terms by their names. Terms without weight enter as it says.
    #[schema(max_length = 500, value_type = String, examples("decayed_views + 5 * decayed_shares + 2 * decayed_reactions + 2 * decayed_commenters"))]
    pub formula: &'static str,
    /// What the score was made of; for a story, the sums of its members on the list.
    #[schema(max_items = 20)]
    pub terms: Vec<Term>,
    /// What the formula gives with these terms: the score.
    #[schema(required, examples(91.25))]
    pub recomputed: Option<f64>,
    /// What was left out before, and how ties are broken, in words.
    pub rule: Rule,
    /// Decisions about this article on this list that held at that moment.
    #[schema(max_items = 100)]
    pub overrides: Vec<Override>,
}

/// A place that an article had.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PastPlace {
    /// The snapshot.
    pub snapshot_id: SnapshotId,
    /// The moment it speaks of.
    pub taken_at: Timestamp,
    /// The place.
    #[schema(minimum = 1, maximum = 100, examples(1))]
    pub rank: u16,
    /// The place before; null when there was none.
    #[schema(required, minimum = 1, maximum = 100, examples(3))]
    pub previous_rank: Option<u16>,
    /// What became of it since.
    pub movement: Movement,
    /// What the board ordered by.
    #[schema(examples(120.0))]
    pub score: f64,
}

page_type! {
    /// The places of an article on one list, newest first.
    HistoryPage of PastPlace
}

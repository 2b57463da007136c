//! What lists rank from at one instant.

use crate::{
    clock::Timestamp,
    ids::ArticleId,
    rankings::{
        popular::Interest,
        trending::{Pace, Site},
    },
};

/// Everything that is known of an article at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// The article.
    pub article: ArticleId,
    /// When it came out.
    pub published_at: Timestamp,
    /// What `popular` reads.
    pub interest: Interest,
    /// What `trending` reads.
    pub pace: Pace,
    /// Distinct minutes with views, fading with two hours.
    pub minutes: f64,
    /// Views of the windows of [`CLOSED_HOURS`](super::memory::CLOSED_HOURS), which end with the last
    /// full hour.
    pub closed: [f64; 3],
    /// Views of the windows of [`SLIDING_MINUTES`](super::memory::SLIDING_MINUTES), which end now.
    pub last: [f64; 3],
    /// Views since it came out.
    pub total: f64,
    /// Whether it stands on `trending`.
    pub trends: bool,
}

/// All articles at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Moment {
    /// The instant.
    pub now: Timestamp,
    /// The half-life that `popular` takes, as an index.
    pub half_life: usize,
    /// What all articles do together.
    pub site: Site,
    /// By id.
    pub articles: Vec<Figures>,
}

//! The boards, and the rankings that they are compared with, each by its own published formula.

use super::moment::{Figures, Moment};
use crate::rankings::{
    order::{Candidate, rank},
    popular, trending,
};

/// A ranked list for everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum List {
    /// The board of this name.
    Popular,
    /// The board of this name: those that its gates let in.
    Trending,
    /// The board, by its window's place in [`CLOSED_HOURS`](super::memory::CLOSED_HOURS).
    MostViewed(usize),
    /// The board of this name.
    Latest,
    /// Views since publication.
    AllTime,
    /// Views of a window that ends now, by its place in
    /// [`SLIDING_MINUTES`](super::memory::SLIDING_MINUTES).
    Last(usize),
    /// `(p − 1) / (age + 2)^1.8`, age in hours, as its author gave it
    /// (<https://news.ycombinator.com/item?id=231209>); a click is a point.
    HackerNews,
    /// `log10(max(p, 1)) − age / 45000`, age in seconds, as in the source that Reddit opened
    /// (`r2/r2/lib/db/_sorts.pyx`); a click is a vote.
    RedditHot,
    /// By the first appearance.
    Newest,
    /// Views that fade with one half-life, by its place in
    /// [`POPULAR`](crate::engagement::decay::POPULAR).
    Decay(usize),
}

impl List {
    /// What the portal serves.
    pub const BOARDS: [Self; 6] = [
        Self::Popular,
        Self::Trending,
        Self::MostViewed(0),
        Self::MostViewed(1),
        Self::MostViewed(2),
        Self::Latest,
    ];

    /// What others serve.
    pub const BASELINES: [Self; 8] = [
        Self::AllTime,
        Self::Last(2),
        Self::Last(1),
        Self::HackerNews,
        Self::RedditHot,
        Self::Newest,
        Self::Decay(1),
        Self::Decay(0),
    ];

    /// Boards first.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::BOARDS.into_iter().chain(Self::BASELINES)
    }

    /// Its name in a report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Popular => "popular",
            Self::Trending => "trending",
            Self::MostViewed(i) => ["most_viewed 1h", "most_viewed 24h", "most_viewed 7d"][i],
            Self::Latest => "latest",
            Self::AllTime => "all-time",
            Self::Last(i) => ["last-20m", "last-1h", "last-24h"][i],
            Self::HackerNews => "hacker-news",
            Self::RedditHot => "reddit-hot",
            Self::Newest => "newest",
            Self::Decay(i) => {
                ["decay-30m", "decay-1h", "decay-2h", "decay-6h", "decay-12h", "decay-24h"][i]
            }
        }
    }

    /// What the list says of an article; `None` when it has no place for it.
    fn score(self, figures: &Figures, moment: &Moment) -> Option<f64> {
        let age_s = moment.now.since(figures.published_at).as_secs_f64();
        let some = |score: f64| (score > 0.0).then_some(score);
        match self {
            Self::Popular => some(popular::score(&figures.interest, moment.half_life)),
            Self::Trending => {
                figures.trends.then(|| trending::burst(&figures.pace, &moment.site).z)
            }
            Self::MostViewed(i) => some(figures.closed[i]),
            Self::Latest | Self::Newest => Some(figures.published_at.as_seconds() as f64),
            Self::AllTime => some(figures.total),
            Self::Last(i) => some(figures.last[i]),
            Self::HackerNews => {
                some((figures.total - 1.0) / (age_s / 3600.0 + 2.0).max(f64::EPSILON).powf(1.8))
            }
            Self::RedditHot => Some(figures.total.max(1.0).log10() - age_s / 45_000.0),
            Self::Decay(i) => some(figures.interest.views[i]),
        }
    }

    /// The list at a moment, as deep as a board.
    #[must_use]
    pub fn rank(self, moment: &Moment) -> Vec<Candidate> {
        let candidate = |figures: &Figures| {
            let score = self.score(figures, moment)?;
            let (article, published_at) = (figures.article, figures.published_at);
            Some(Candidate { article, score, published_at })
        };
        rank(moment.articles.iter().filter_map(candidate).collect())
    }
}

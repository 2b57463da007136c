//! What a round knows of an article: where it is filed, and what speaks for it. Pure.

use super::{popular::Interest, trending::Pace};
use crate::{
    clock::Timestamp,
    ids::{ArticleId, CategoryId, PublisherId},
};
use uuid::Uuid;

/// Where an article is filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// The article.
    pub article: ArticleId,
    /// The story it tells; its own id when it stands alone.
    pub story: Uuid,
    /// Whether it is shown for its story.
    pub leads: bool,
    /// Its category.
    pub category: CategoryId,
    /// Whose it is.
    pub publisher: PublisherId,
    /// When it was published.
    pub published_at: Timestamp,
}

/// Events of one kind that rank in windows of closed hours.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Closed {
    /// In the last hour.
    pub h1: f64,
    /// In the last 24.
    pub h24: f64,
    /// In the last seven times 24.
    pub d7: f64,
    /// In the last thirty times 24.
    pub d30: f64,
}

/// Events of one kind that rank in windows that slide.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sliding {
    /// In the last hour.
    pub h1: f64,
    /// In the last 24.
    pub h24: f64,
}

/// Readers who commented, and what they wrote.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Talk {
    /// Distinct writers.
    pub writers: Closed,
    /// Comments.
    pub comments: Closed,
}

/// Whose the views of the last two hours were.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Recent {
    /// Views that rank.
    pub ranked: f64,
    /// Networks they came from, each counted once an hour.
    pub networks: f64,
    /// Those of the largest network of each hour.
    pub largest: f64,
}

impl Recent {
    /// The largest network's share, 0 to 1.
    #[must_use]
    pub fn largest_share(&self) -> f64 {
        if self.ranked > 0.0 { (self.largest / self.ranked).min(1.0) } else { 0.0 }
    }
}

/// What speaks for an article, or for all members of a story together: everything in it adds up.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Signals {
    /// Views.
    pub views: Closed,
    /// Shares, and reactions.
    pub shares: Closed,
    /// Reactions.
    pub reactions: Closed,
    /// Shares up to now.
    pub recent_shares: Sliding,
    /// Reactions up to now.
    pub recent_reactions: Sliding,
    /// Comments: the last hour and 24 slide, the days end at a full hour.
    pub talk: Talk,
    /// What fades.
    pub interest: Interest,
    /// Views against their own past.
    pub pace: Pace,
    /// Distinct minutes with views, fading with two hours.
    pub minutes: f64,
    /// Whose the last views were.
    pub recent: Recent,
}

impl std::ops::AddAssign for Recent {
    fn add_assign(&mut self, other: Self) {
        self.ranked += other.ranked;
        self.networks += other.networks;
        // Two members may have the same largest network.
        self.largest += other.largest;
    }
}

impl std::ops::AddAssign for Closed {
    fn add_assign(&mut self, other: Self) {
        self.h1 += other.h1;
        self.h24 += other.h24;
        self.d7 += other.d7;
        self.d30 += other.d30;
    }
}

impl std::ops::AddAssign for Sliding {
    fn add_assign(&mut self, other: Self) {
        self.h1 += other.h1;
        self.h24 += other.h24;
    }
}

impl std::ops::AddAssign for Signals {
    fn add_assign(&mut self, other: Self) {
        self.views += other.views;
        self.shares += other.shares;
        self.reactions += other.reactions;
        self.recent_shares += other.recent_shares;
        self.recent_reactions += other.recent_reactions;
        add(&mut self.interest.views, &other.interest.views);
        add(&mut self.interest.shares, &other.interest.shares);
        add(&mut self.interest.reactions, &other.interest.reactions);
        add(&mut self.interest.writers, &other.interest.writers);
        self.talk.writers += other.talk.writers;
        self.talk.comments += other.talk.comments;
        self.pace.latest += other.pace.latest;
        self.pace.fast += other.pace.fast;
        self.pace.slow += other.pace.slow;
        self.recent += other.recent;
        // Minutes of two members may be the same ones.
        self.minutes = self.minutes.max(other.minutes);
    }
}

fn add<const N: usize>(sums: &mut [f64; N], others: &[f64; N]) {
    sums.iter_mut().zip(others).for_each(|(sum, other)| *sum += other);
}

//! What each board orders by, and the figures it is made of. Pure.

use super::{
    board::{Board, Window},
    facts::{Closed, Facts, Signals, Sliding},
    order::{self, Candidate},
    popular::{self, REACTION, SHARE, WRITER},
    rate::wilson,
    scopes::Unit,
    trending::{self, Evidence, Gates, Pace, Site},
};
use crate::{engagement::decay::POPULAR, ids::ArticleId};
use std::collections::HashSet;

/// A place of a list: what is shown, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The article that is shown.
    pub facts: Facts,
    /// What the board orders by.
    pub score: f64,
    /// What the score is made of, in the order of [`names`].
    pub signals: Vec<f64>,
    /// Whether an editor put it here.
    pub pinned: bool,
}

impl Place {
    /// As the order of lists sees it.
    #[must_use]
    pub fn candidate(&self) -> Candidate {
        Candidate {
            article: self.facts.article,
            score: self.score,
            published_at: self.facts.published_at,
        }
    }
}

/// What a scope as a whole says about its articles.
#[derive(Debug, Clone, Default)]
pub struct Ground {
    /// Which half-life of `popular` fits its traffic.
    pub half_life: usize,
    /// Its pace.
    pub site: Site,
    /// What it takes to trend.
    pub gates: Gates,
    /// Who trended before.
    pub was_there: HashSet<ArticleId>,
    /// Whether whose views they were is asked: not where the portal is read from too few networks.
    pub guarded: bool,
}

impl Ground {
    /// Of a scope with these units.
    #[must_use]
    pub fn of<'a>(units: impl Iterator<Item = Unit<'a>> + Clone) -> Self {
        let mut total = [0.0; POPULAR.len()];
        for unit in units.clone() {
            total.iter_mut().zip(unit.signals.interest.views).for_each(|(sum, n)| *sum += n);
        }
        Self {
            half_life: popular::half_life(&total),
            site: Site::of(units.map(|unit| unit.signals.pace)),
            ..Self::default()
        }
    }
}

/// Views below which a rate says nothing.
const RATE_VIEWS: f64 = 50.0;

/// Readers who commented that a doubling of comments is worth: it decides between equals.
pub const TALK: f64 = 0.1;

/// What has faded below this is over.
const FADED: f64 = 0.01;

/// The names of a board's signals, in their order in [`Place::signals`].
#[must_use]
pub fn names(board: Board) -> &'static [&'static str] {
    match board {
        Board::MostViewed => &["views"],
        Board::MostReacted => &["reactions"],
        Board::ReactionRate => &["reactions", "views"],
        Board::MostCommented => &["commenters", "comments"],
        Board::MostShared => &["shares"],
        Board::Popular | Board::Recommended => &[
            "decayed_views",
            "decayed_shares",
            "decayed_reactions",
            "decayed_commenters",
            "half_life_seconds",
        ],
        Board::Trending => {
            &["views_2h", "views_24h", "scope_views_2h", "scope_views_24h", "scope_median_2h"]
        }
        Board::Latest => &["published_second"],
    }
}

/// The score that signals make: what [`ranked`] orders by, from the figures that are kept.
#[must_use]
pub fn recompute(board: Board, signals: &[f64]) -> f64 {
    match (board, signals) {
        (Board::ReactionRate, [reactions, views]) => wilson(*reactions, *views),
        (Board::MostCommented, [commenters, comments]) => {
            commenters + TALK * (1.0 + comments).log2()
        }
        // Snapshots of the version before knew no comments.
        (Board::Popular | Board::Recommended, [views, shares, reactions, _]) => {
            views + SHARE * shares + REACTION * reactions
        }
        (Board::Popular | Board::Recommended, [views, shares, reactions, writers, _]) => {
            views + SHARE * shares + REACTION * reactions + WRITER * writers
        }
        (Board::Trending, [fast, slow, site_fast, site_slow, median]) => {
            let site = Site { fast: *site_fast, slow: *site_slow, median: *median };
            trending::burst(&Pace { latest: 0.0, fast: *fast, slow: *slow }, &site).z
        }
        (_, [figure]) => *figure,
        _ => 0.0,
    }
}

/// What a score is made of, in the order of [`names`]; the rest is zero.
type Figures = [f64; 5];

/// The first places of a board among these units, in order.
#[must_use]
pub fn ranked<'a>(
    board: Board,
    window: Option<Window>,
    units: impl Iterator<Item = Unit<'a>>,
    ground: &Ground,
) -> Vec<Place> {
    let width = names(board).len();
    let scored = units.filter_map(|unit| {
        let figures = figures(board, window, unit, ground)?;
        Some((unit, figures, recompute(board, &figures[..width])))
    });
    let candidate = |(unit, _, score): &(Unit<'a>, Figures, f64)| Candidate {
        article: unit.facts.article,
        score: *score,
        published_at: unit.facts.published_at,
    };
    // A place is made of those alone that have one: there are many more units.
    let first = order::first(scored.collect(), candidate);
    let place = |(unit, figures, score): (Unit<'_>, Figures, f64)| Place {
        facts: *unit.facts,
        score,
        signals: figures[..width].to_vec(),
        pinned: false,
    };
    first.into_iter().map(place).collect()
}

fn figures(
    board: Board,
    window: Option<Window>,
    unit: Unit<'_>,
    ground: &Ground,
) -> Option<Figures> {
    let s = unit.signals;
    let some = |figure: f64| (figure > 0.0).then_some([figure, 0.0, 0.0, 0.0, 0.0]);
    match board {
        Board::MostViewed => some(closed(s.views, window)),
        Board::MostReacted => some(counted(s.recent_reactions, s.reactions, window)),
        Board::MostCommented => {
            let (writers, comments) =
                (closed(s.talk.writers, window), closed(s.talk.comments, window));
            (writers > 0.0).then_some([writers, comments, 0.0, 0.0, 0.0])
        }
        Board::MostShared => some(counted(s.recent_shares, s.shares, window)),
        Board::ReactionRate => {
            let (reactions, views) = (closed(s.reactions, window), closed(s.views, window));
            (reactions > 0.0 && views >= RATE_VIEWS).then_some([reactions, views, 0.0, 0.0, 0.0])
        }
        Board::Popular => interest(s, ground.half_life),
        Board::Recommended => interest(s, POPULAR.len() - 1),
        Board::Trending => trends(s, unit.facts, ground),
        Board::Latest => some(unit.facts.published_at.as_seconds() as f64),
    }
}

fn closed(sums: Closed, window: Option<Window>) -> f64 {
    match window {
        Some(Window::H1) => sums.h1,
        Some(Window::H24) => sums.h24,
        Some(Window::D7) => sums.d7,
        Some(Window::D30) => sums.d30,
        Some(Window::H72) | None => 0.0,
    }
}

fn counted(sliding: Sliding, sums: Closed, window: Option<Window>) -> f64 {
    match window {
        Some(Window::H1) => sliding.h1,
        Some(Window::H24) => sliding.h24,
        other => closed(sums, other),
    }
}

fn interest(signals: &Signals, half_life: usize) -> Option<Figures> {
    let i = &signals.interest;
    let score = popular::score(i, half_life);
    let figures = [
        i.views[half_life],
        i.shares[half_life],
        i.reactions[half_life],
        i.writers[half_life],
        POPULAR[half_life],
    ];
    (score >= FADED).then_some(figures)
}

fn trends(signals: &Signals, facts: &Facts, ground: &Ground) -> Option<Figures> {
    let site = &ground.site;
    // Without the largest network nobody gains by sending many views, and nobody can push another off
    // the board by making its views look one-sided.
    let others = if ground.guarded { 1.0 - signals.recent.largest_share() } else { 1.0 };
    let pace = signals.pace.times(others);
    let evidence = ground.guarded.then_some(Evidence {
        networks: signals.recent.networks as u32,
        largest_share: 0.0,
        minutes: signals.minutes,
    });
    let burst = trending::burst(&pace, site);
    let was_there = ground.was_there.contains(&facts.article);
    trending::stands(&burst, &pace, evidence.as_ref(), was_there, &ground.gates).then_some([
        pace.fast,
        pace.slow,
        site.fast,
        site.slow,
        site.median,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_have_names() {
        let facts = crate::rankings::facts::Facts {
            article: ArticleId(uuid::Uuid::from_u128(1)),
            story: uuid::Uuid::from_u128(1),
            leads: true,
            category: crate::ids::CategoryId(uuid::Uuid::nil()),
            publisher: crate::ids::PublisherId(uuid::Uuid::nil()),
            published_at: crate::clock::Timestamp::from_millis(5000),
        };
        let much = Closed { h1: 90.0, h24: 90.0, d7: 90.0, d30: 95.0 };
        let mut signals =
            Signals { views: much, shares: much, reactions: much, ..Signals::default() };
        signals.talk.writers = much;
        signals.talk.comments = much;
        signals.recent_shares = Sliding { h1: 9.0, h24: 9.0 };
        signals.recent_reactions = Sliding { h1: 9.0, h24: 9.0 };
        signals.interest.views = [50.0; 6];
        signals.pace = Pace { latest: 40.0, fast: 90.0, slow: 95.0 };
        let unit = Unit { facts: &facts, signals: &signals };
        let site = Site { fast: 100.0, slow: 1000.0, median: 2.0 };
        let ground = Ground { site, ..Ground::default() };
        for board in Board::ALL {
            for window in board.lists() {
                let places = ranked(board, window, std::iter::once(unit), &ground);
                let place = places.first().expect("a place");
                assert_eq!(place.signals.len(), names(board).len(), "{board:?}");
                assert_eq!(place.score, recompute(board, &place.signals), "{board:?}");
            }
        }
    }
}

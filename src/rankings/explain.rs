//! Why an article stands where it stands: the figures of its place, filled into the board's formula. Pure.

use super::{
    board::{Board, Window},
    entry::Entry,
    model::{Explanation, Override, Rule, Scope, Standing, Term},
    popular::{REACTION, SHARE, WRITER},
    score::{names, recompute},
};
use crate::{
    clock::Timestamp,
    ids::{ArticleId, SnapshotId},
};

/// The list that is explained.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The board.
    pub board: Board,
    /// Over which window.
    pub window: Option<Window>,
    /// What it is ranked over.
    pub scope: Scope,
    /// The snapshot, and the moment it speaks of.
    pub snapshot: Option<(SnapshotId, Timestamp)>,
    /// The article.
    pub article: ArticleId,
}

/// Explains the place of an article, or of the one that `entry` shows for its story.
#[must_use]
pub fn explain(asked: Asked, entry: Option<&Entry>, overrides: Vec<Override>) -> Explanation {
    let rule = asked.board.rule();
    let excluded = overrides.iter().any(|decision| decision.position.is_none());
    let standing = match entry {
        Some(entry) if entry.article == asked.article => Standing::Listed,
        Some(_) => Standing::Folded,
        None if excluded => Standing::Excluded,
        None => Standing::Unlisted,
    };
    Explanation {
        board: asked.board.key(),
        scope: asked.scope,
        window: asked.window.map(Window::name),
        snapshot_id: asked.snapshot.map(|(id, _)| id),
        taken_at: asked.snapshot.map(|(_, at)| at),
        article_id: asked.article,
        standing,
        shown_by: entry.map(|entry| entry.article).filter(|shown| *shown != asked.article),
        rank: entry.map(|entry| entry.rank),
        score: entry.map(|entry| entry.score),
        formula: formula(asked.board),
        terms: entry.map_or_else(Vec::new, |entry| terms(asked.board, &entry.signals)),
        recomputed: entry.map(|entry| recompute(asked.board, &entry.signals)),
        rule: Rule { ko: rule.ko, en: rule.en },
        overrides,
    }
}

fn terms(board: Board, signals: &[f64]) -> Vec<Term> {
    let term = |(signal, value): (&&'static str, &f64)| Term {
        signal,
        value: *value,
        weight: weight(board, signal),
    };
    names(board).iter().zip(signals).map(term).collect()
}

/// What one of a signal adds to a score that is a sum.
fn weight(board: Board, signal: &str) -> Option<f64> {
    match (board, signal) {
        (Board::ReactionRate | Board::Trending, _)
        | (Board::MostCommented, "comments")
        | (_, "half_life_seconds") => None,
        (_, "decayed_shares") => Some(SHARE),
        (_, "decayed_reactions") => Some(REACTION),
        (_, "decayed_commenters") => Some(WRITER),
        _ => Some(1.0),
    }
}

/// The score over the terms' names.
fn formula(board: Board) -> &'static str {
    match board {
        Board::MostViewed => "views",
        Board::MostReacted => "reactions",
        Board::MostCommented => "commenters + 0.1 * log2(1 + comments)",
        Board::MostShared => "shares",
        Board::ReactionRate => {
            "with p = reactions / views, n = views, z = 1.96: \
             max(0, (p + z^2 / 2n - z * sqrt(p * (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n))"
        }
        Board::Popular | Board::Recommended => {
            "decayed_views + 5 * decayed_shares + 2 * decayed_reactions + 2 * decayed_commenters"
        }
        Board::Trending => {
            "(views_2h - expected) / sqrt(expected + 1) with \
             expected = max(views_24h * scope_views_2h / scope_views_24h, scope_median_2h)"
        }
        Board::Latest => "published_second",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_formula_of_the_popular_names_its_weights() {
        let said = format!(
            "decayed_views + {SHARE} * decayed_shares + {REACTION} * decayed_reactions + {WRITER} * decayed_commenters"
        );
        assert_eq!(formula(Board::Popular), said);
    }
}

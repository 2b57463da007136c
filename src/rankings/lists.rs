//! The lists of a board in a scope: folded, and raw where that makes a difference. Pure.

use super::{
    board::{Board, Window},
    order::{self, ALL},
    scopes::{Field, Scope},
    score::{self, Ground, Place},
    variety::vary,
};
use std::collections::HashSet;
use uuid::Uuid;

/// Both readings of one list.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    /// Each story once.
    pub folded: Vec<Place>,
    /// Each article for itself; `None` where nothing was folded.
    pub raw: Option<Vec<Place>>,
}

/// Of the popular, the newest and the most reacted: who may be recommended.
const SHORTLIST: [usize; 3] = [50, 20, 20];

/// A board's list of one scope. `newest` is the scope's articles, newest first, for boards that want them.
#[must_use]
pub fn lists(
    board: Board,
    window: Option<Window>,
    (id, scope): (Uuid, &Scope),
    field: &Field,
    ground: &Ground,
    newest: &[Place],
) -> Lists {
    match board {
        Board::Latest => latest(newest),
        Board::Recommended => {
            let folded = recommended(window, scope, field, ground, newest);
            let over_all = id == ALL;
            let vary = vary(folded, |place| {
                (place.facts.publisher, over_all.then_some(place.facts.category))
            });
            Lists { folded: vary, raw: None }
        }
        _ => {
            let folded = score::ranked(board, window, scope.folded(field), ground);
            let raw = || score::ranked(board, window, scope.raw(field), ground);
            Lists { folded, raw: scope.folds().then(raw) }
        }
    }
}

/// The newest, each story shown by its representative where that is among them.
fn latest(newest: &[Place]) -> Lists {
    let leaders: HashSet<_> =
        newest.iter().filter(|place| place.facts.leads).map(|place| place.facts.story).collect();
    let mut told = HashSet::new();
    let shown = |place: &&Place| {
        let facts = &place.facts;
        (facts.leads || !leaders.contains(&facts.story)) && told.insert(facts.story)
    };
    let mut folded: Vec<_> = newest.iter().filter(shown).cloned().collect();
    folded.truncate(order::DEPTH);
    let mut raw = newest.to_vec();
    raw.truncate(order::DEPTH);
    let differs = folded.len() != raw.len() || folded.iter().zip(&raw).any(|(a, b)| a != b);
    Lists { folded, raw: differs.then_some(raw) }
}

fn recommended(
    window: Option<Window>,
    scope: &Scope,
    field: &Field,
    ground: &Ground,
    newest: &[Place],
) -> Vec<Place> {
    let top = |board: Board, window, n| {
        let mut first = score::ranked(board, window, scope.folded(field), ground);
        first.truncate(n);
        first
    };
    let mut allowed: HashSet<Uuid> = HashSet::new();
    for (board, n) in [(Board::Popular, SHORTLIST[0]), (Board::MostReacted, SHORTLIST[2])] {
        let places = top(board, board.default_window(), n);
        allowed.extend(places.iter().map(|place| place.facts.story));
    }
    let newest = &newest[..newest.len().min(SHORTLIST[1])];
    allowed.extend(newest.iter().map(|place| place.facts.story));
    let units = scope.folded(field).filter(|unit| allowed.contains(&unit.facts.story));
    let mut places = score::ranked(Board::Recommended, window, units, ground);
    let told: HashSet<_> = places.iter().map(|place| place.facts.story).collect();
    // What nobody read yet comes last, the newest first.
    let fresh =
        latest(newest).folded.into_iter().filter(|place| !told.contains(&place.facts.story));
    places.extend(fresh.map(|place| Place {
        score: 0.0,
        signals: vec![0.0, 0.0, 0.0, 0.0, 86_400.0],
        ..place
    }));
    order::first(places, Place::candidate)
}

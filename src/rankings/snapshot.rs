//! The row of a snapshot, and whether it says anything new. Pure but for its table.

use super::{
    board::window_name,
    history::{Existing, Key},
    model::Movement,
    movement::{Stay, letter, movements, stays},
    score::Place,
};
use crate::{
    clock::Timestamp,
    ids::{ArticleId, SnapshotId},
    schema::ranking_snapshots,
};
use std::collections::HashSet;
use uuid::Uuid;

/// How long a list whose order stays is left as it is, although its scores fade.
const SCORES_MINUTES: i64 = 15;

/// A list and what became of each article on it.
#[derive(Debug)]
pub struct Told {
    places: Vec<Place>,
    moved: Vec<(Option<u16>, Movement)>,
    stays: Vec<Stay>,
}

impl Told {
    /// Compares `places` with what was there before. `returned` stood on the list within memory.
    #[must_use]
    pub fn new(
        places: Vec<Place>,
        key: &Key,
        existing: &Existing,
        raw: bool,
        returned: &HashSet<ArticleId>,
    ) -> Self {
        let ids: Vec<_> = places.iter().map(|place| place.facts.article).collect();
        let moved = movements(&ids, existing.before(raw), returned);
        let stays = stays(&ids, key.taken_at, &existing.stays(raw));
        Self { places, moved, stays }
    }

    fn ids(&self) -> Vec<ArticleId> {
        self.places.iter().map(|place| place.facts.article).collect()
    }

    fn scores(&self) -> Vec<f64> {
        self.places.iter().map(|place| place.score).collect()
    }

    fn previous(&self) -> Vec<i16> {
        self.moved.iter().map(|(previous, _)| previous.map_or(0, u16::cast_signed)).collect()
    }

    fn letters(&self) -> String {
        self.moved.iter().map(|(_, movement)| letter(*movement)).collect()
    }

    fn peaks(&self) -> Vec<i16> {
        self.stays.iter().map(|stay| stay.peak_rank.cast_signed()).collect()
    }

    fn entered(&self) -> Vec<Timestamp> {
        self.stays.iter().map(|stay| stay.entered_at).collect()
    }

    fn signals(&self) -> Vec<f64> {
        self.places.iter().flat_map(|place| place.signals.iter().copied()).collect()
    }

    /// `None` when nothing is pinned.
    fn sources(&self) -> Option<String> {
        let letters = self.places.iter().map(|place| if place.pinned { 'p' } else { 'r' });
        self.places.iter().any(|place| place.pinned).then(|| letters.collect())
    }
}

/// The row of a snapshot.
#[derive(Debug, diesel::Insertable)]
#[diesel(table_name = ranking_snapshots)]
pub struct NewSnapshot {
    id: SnapshotId,
    board: &'static str,
    scope: Uuid,
    time_window: &'static str,
    taken_at: Timestamp,
    computed_at: Timestamp,
    article_ids: Vec<ArticleId>,
    scores: Vec<f64>,
    previous_ranks: Vec<i16>,
    movements: String,
    peak_ranks: Vec<i16>,
    entered_at: Vec<Timestamp>,
    sources: Option<String>,
    signals: Vec<f64>,
    raw_article_ids: Option<Vec<ArticleId>>,
    raw_scores: Option<Vec<f64>>,
    raw_previous_ranks: Option<Vec<i16>>,
    raw_movements: Option<String>,
    raw_peak_ranks: Option<Vec<i16>>,
    raw_entered_at: Option<Vec<Timestamp>>,
    raw_signals: Option<Vec<f64>>,
}

impl NewSnapshot {
    /// A snapshot of `key`, folded and raw.
    #[must_use]
    pub fn new(key: &Key, computed_at: Timestamp, folded: &Told, raw: Option<&Told>) -> Self {
        Self {
            id: SnapshotId::new(),
            board: key.board.stored(),
            scope: key.scope,
            time_window: window_name(key.window),
            taken_at: key.taken_at,
            computed_at,
            article_ids: folded.ids(),
            scores: folded.scores(),
            previous_ranks: folded.previous(),
            movements: folded.letters(),
            peak_ranks: folded.peaks(),
            entered_at: folded.entered(),
            sources: folded.sources(),
            signals: folded.signals(),
            raw_article_ids: raw.map(Told::ids),
            raw_scores: raw.map(Told::scores),
            raw_previous_ranks: raw.map(Told::previous),
            raw_movements: raw.map(Told::letters),
            raw_peak_ranks: raw.map(Told::peaks),
            raw_entered_at: raw.map(Told::entered),
            raw_signals: raw.map(Told::signals),
        }
    }

    /// Whether it says what `existing` says. A list that was never written is an empty one; scores that
    /// fade say nothing new by themselves until a quarter of an hour has gone.
    #[must_use]
    pub fn repeats(&self, existing: &Existing, key: &Key) -> bool {
        let (Some(ids), Some(taken_at)) = (&existing.article_ids, existing.taken_at) else {
            return self.article_ids.is_empty();
        };
        let fades = !key.board.is_factual();
        let fresh = key.taken_at < taken_at.plus_minutes(SCORES_MINUTES);
        *ids == self.article_ids
            && existing.previous_ranks.as_ref() == Some(&self.previous_ranks)
            && existing.movements.as_ref() == Some(&self.movements)
            && existing.sources == self.sources
            && existing.raw_article_ids == self.raw_article_ids
            && existing.raw_previous_ranks == self.raw_previous_ranks
            && existing.raw_movements == self.raw_movements
            && ((fades && fresh) || existing.scores.as_ref() == Some(&self.scores))
    }
}

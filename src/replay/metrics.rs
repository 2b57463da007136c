//! How a list is judged. Pure.

use crate::{ids::ArticleId, rankings::order::Candidate};
use std::collections::HashMap;

/// Where an article stands in a ranked list, from 1; articles with equal scores share the middle of
/// their places, so that luck plays no part.
#[must_use]
pub fn mid_rank(list: &[Candidate], article: ArticleId) -> Option<f64> {
    let same = |a: f64, b: f64| (a * 1e6).round() == (b * 1e6).round();
    let score = list.iter().find(|candidate| candidate.article == article)?.score;
    let first = list.iter().position(|candidate| same(candidate.score, score))?;
    let ties = list[first..].iter().take_while(|candidate| same(candidate.score, score)).count();
    Some(first as f64 + (ties as f64 + 1.0) / 2.0)
}

/// How well a list foretold clicks: each counts by the place of its article at that moment.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Quality {
    clicks: f64,
    hits: [f64; 3],
    reciprocal: f64,
    gain: f64,
}

impl Quality {
    /// The depths of the hit rates.
    pub const DEPTHS: [f64; 3] = [5.0, 10.0, 20.0];

    /// So many clicks on an article that stands at `place`, if anywhere.
    pub fn judge(&mut self, place: Option<f64>, clicks: f64) {
        self.clicks += clicks;
        let Some(place) = place else { return };
        for (hits, depth) in self.hits.iter_mut().zip(Self::DEPTHS) {
            *hits += if place <= depth { clicks } else { 0.0 };
        }
        self.reciprocal += if place <= 20.0 { clicks / place } else { 0.0 };
        self.gain += if place <= 10.0 { clicks / (place + 1.0).log2() } else { 0.0 };
    }

    /// Clicks judged.
    #[must_use]
    pub fn clicks(&self) -> f64 {
        self.clicks
    }

    /// HR@5, HR@10, HR@20 (shares of the clicks whose article stood so high), MRR@20 (mean of one over
    /// the place), nDCG@10 (with one relevant article: mean of `1 / log2(1 + place)`); 0 without clicks.
    #[must_use]
    pub fn figures(&self) -> [f64; 5] {
        let [five, ten, twenty] = self.hits;
        [five, ten, twenty, self.reciprocal, self.gain]
            .map(|sum| if self.clicks > 0.0 { sum / self.clicks } else { 0.0 })
    }
}

/// How many of the first `depth` of one list are among those of the other.
#[must_use]
pub fn shared(one: &[Candidate], other: &[Candidate], depth: usize) -> usize {
    let other = &other[..depth.min(other.len())];
    let among = |a: &&Candidate| other.iter().any(|b| b.article == a.article);
    one.iter().take(depth).filter(among).count()
}

/// What a list is worth whose articles bring what `gains` says: the sum over its first `depth` places
/// of `gain / log2(1 + place)`, over that of the best list there is (Järvelin and Kekäläinen 2002).
/// 0 when there is nothing to gain.
#[must_use]
pub fn ndcg(list: &[Candidate], gains: &HashMap<ArticleId, f64>, depth: usize) -> f64 {
    let worth = |gains: &mut dyn Iterator<Item = f64>| -> f64 {
        gains.take(depth).zip(2u32..).map(|(gain, place)| gain / f64::from(place).log2()).sum()
    };
    let mut best: Vec<f64> = gains.values().copied().collect();
    best.sort_by(|a, b| b.total_cmp(a));
    let best = worth(&mut best.into_iter());
    let gain = |candidate: &Candidate| gains.get(&candidate.article).copied().unwrap_or_default();
    if best > 0.0 { worth(&mut list.iter().map(gain)) / best } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use proptest::prelude::*;

    fn id(n: usize) -> ArticleId {
        ArticleId(uuid::Uuid::from_u128(n as u128 + 1))
    }

    /// A list of these scores, which fall.
    fn list(scores: &[f64]) -> Vec<Candidate> {
        let each = scores.iter().enumerate();
        each.map(|(n, score)| Candidate {
            article: id(n),
            score: *score,
            published_at: Timestamp::from_millis(0),
        })
        .collect()
    }

    #[test]
    fn equals_share_the_middle_of_their_places() {
        let list = list(&[9.0, 5.0, 5.0, 5.000_000_1, 1.0]);
        let places: Vec<_> = (0..6).map(|n| mid_rank(&list, id(n))).collect();
        assert_eq!(places, [Some(1.0), Some(3.0), Some(3.0), Some(3.0), Some(5.0), None]);
    }

    #[test]
    fn the_figures_are_those_of_the_definitions() {
        let mut quality = Quality::default();
        quality.judge(Some(1.0), 1.0);
        quality.judge(Some(7.0), 2.0);
        quality.judge(Some(15.0), 1.0);
        quality.judge(None, 1.0);
        let expected =
            [0.2, 0.6, 0.8, (1.0 + 2.0 / 7.0 + 1.0 / 15.0) / 5.0, (1.0 + 2.0 / 3.0) / 5.0];
        let close = |(a, b): (&f64, &f64)| (a - b).abs() < 1e-12;
        assert!(quality.figures().iter().zip(&expected).all(close), "{:?}", quality.figures());
    }

    proptest! {
        #[test]
        fn the_best_order_is_worth_one_and_no_other_more(gains in prop::collection::vec(0.1f64..9.0, 1..40), by in 0usize..40, depth in 1usize..60) {
            let known: HashMap<_, _> = gains.iter().copied().enumerate().map(|(n, gain)| (id(n), gain)).collect();
            let mut shown = list(&gains);
            shown.rotate_left(by % gains.len());
            let one = ndcg(&shown, &known, depth);
            prop_assert!((0.0..=1.0 + 1e-12).contains(&one));
            shown.sort_by(|a, b| b.score.total_cmp(&a.score));
            prop_assert!((ndcg(&shown, &known, depth) - 1.0).abs() < 1e-12);
        }

        #[test]
        fn what_two_lists_share_they_share_both_ways(cut in 0usize..30, depth in 0usize..30) {
            let all = list(&[1.0; 30]);
            let (one, two) = (&all[..cut], &all[cut / 2..]);
            prop_assert_eq!(shared(one, &all, 30), cut);
            prop_assert_eq!(shared(one, two, depth), shared(two, one, depth));
        }
    }
}

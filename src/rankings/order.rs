//! Who stands before whom: a total order, so that every server and every run agree. Pure.

use crate::{clock::Timestamp, ids::ArticleId};
use std::cmp::Ordering;
use uuid::Uuid;

/// Places of a list.
pub const DEPTH: usize = 100;

/// The scope of all articles.
pub const ALL: Uuid = Uuid::nil();

/// An article and what speaks for it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate {
    /// The article.
    pub article: ArticleId,
    /// Finite; compared after rounding to six decimals.
    pub score: f64,
    /// Of equal scores the later one stands first.
    pub published_at: Timestamp,
}

/// `round(score, 6)` in millionths.
fn millionths(score: f64) -> f64 {
    (score * 1e6).round()
}

/// The order of a list: by score, then the newer, then the later id.
#[must_use]
pub fn before(a: &Candidate, b: &Candidate) -> Ordering {
    millionths(b.score)
        .total_cmp(&millionths(a.score))
        .then(b.published_at.cmp(&a.published_at))
        .then(b.article.cmp(&a.article))
}

/// The first [`DEPTH`] of `candidates`, in order.
#[must_use]
pub fn rank(candidates: Vec<Candidate>) -> Vec<Candidate> {
    first(candidates, |candidate| *candidate)
}

/// The first [`DEPTH`] of what stands for candidates, in their order.
#[must_use]
pub fn first<T>(mut items: Vec<T>, candidate: impl Fn(&T) -> Candidate) -> Vec<T> {
    let order = |a: &T, b: &T| before(&candidate(a), &candidate(b));
    if items.len() > DEPTH {
        items.select_nth_unstable_by(DEPTH - 1, order);
        items.truncate(DEPTH);
    }
    items.sort_unstable_by(order);
    items
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidate(n: u128, score: i32, at: i64) -> Candidate {
        Candidate {
            article: ArticleId(Uuid::from_u128(n)),
            score: f64::from(score),
            published_at: Timestamp::from_millis(at),
        }
    }

    fn candidates() -> impl Strategy<Value = Vec<Candidate>> {
        prop::collection::vec((0i32..6, 0i64..4), 1..300).prop_map(|facts| {
            let numbered = (1u128..).zip(facts);
            numbered.map(|(n, (score, at))| candidate(n, score, at)).collect()
        })
    }

    fn ids(list: &[Candidate]) -> Vec<ArticleId> {
        list.iter().map(|candidate| candidate.article).collect()
    }

    fn place(list: &[Candidate], article: ArticleId) -> usize {
        list.iter().position(|c| c.article == article).unwrap_or(usize::MAX)
    }

    proptest! {
        #[test]
        fn the_order_of_arrival_does_not_matter(list in candidates(), seed in any::<u64>()) {
            let mut shuffled = list.clone();
            let n = shuffled.len();
            for i in 0..n {
                let j = (seed.rotate_left(i as u32 % 64) as usize).wrapping_mul(i + 7) % n;
                shuffled.swap(i, j);
            }
            prop_assert_eq!(ids(&rank(list)), ids(&rank(shuffled)));
        }

        #[test]
        fn a_view_more_never_lowers_its_article(list in candidates(), pick in any::<prop::sample::Index>()) {
            let i = pick.index(list.len());
            let article = list[i].article;
            let before = place(&rank(list.clone()), article);
            let mut more = list;
            more[i].score += 1.0;
            prop_assert!(place(&rank(more), article) <= before);
        }

        #[test]
        fn views_of_one_never_change_the_order_of_others(list in candidates(), pick in any::<prop::sample::Index>(), more in 1i32..9) {
            let i = pick.index(list.len());
            let article = list[i].article;
            let mut lifted = list.clone();
            lifted[i].score += f64::from(more);
            let others = |list: Vec<Candidate>| -> Vec<ArticleId> {
                ids(&rank(list)).into_iter().filter(|id| *id != article).collect()
            };
            let (one, two) = (others(list), others(lifted));
            let n = one.len().min(two.len());
            prop_assert_eq!(&one[..n], &two[..n]);
        }

        #[test]
        fn moving_all_times_changes_nothing(list in candidates(), by in -1_000_000_000i64..1_000_000_000) {
            let moved = list
                .iter()
                .map(|c| Candidate {
                    published_at: Timestamp::from_millis(c.published_at.as_millis() + by),
                    ..*c
                })
                .collect();
            prop_assert_eq!(ids(&rank(list)), ids(&rank(moved)));
        }

        #[test]
        fn a_list_is_as_deep_as_it_can_be_and_strictly_ordered(list in candidates()) {
            let n = list.len();
            let ranked = rank(list);
            prop_assert_eq!(ranked.len(), n.min(DEPTH));
            prop_assert!(ranked.windows(2).all(|pair| before(&pair[0], &pair[1]) == Ordering::Less));
        }
    }

    #[test]
    fn noise_below_a_millionth_leaves_the_tie_to_the_newer() {
        let older = Candidate { score: 1.000_000_1, ..candidate(1, 1, 1) };
        let newer = candidate(2, 1, 2);
        assert_eq!(ids(&rank(vec![older, newer])), [newer.article, older.article]);
    }
}

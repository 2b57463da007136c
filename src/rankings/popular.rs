//! What readers turn to now: views that fade, with shares, reactions and comments. Pure.
//!
//! How fast it forgets follows the traffic. A short memory catches what is read now but holds few
//! views; so each scope takes the shortest half-life that still holds [`ENOUGH`] of them.

use crate::engagement::decay::POPULAR;

/// Views a share is worth. A share brings other readers, and costs more than a click. With one share
/// and two reactions to a hundred views, which is ample, nine tenths of the score are views: the acts
/// decide between neighbours and never make a list alone.
pub const SHARE: f64 = 5.0;

/// Views a reaction is worth: its reader was there, which is counted as a view, and said so.
pub const REACTION: f64 = 2.0;

/// Views a reader who commented is worth, however often: as one who reacted, who said so, too.
pub const WRITER: f64 = 2.0;

/// Faded views of a scope that make a half-life long enough for it. Measured: 35 to 50 are alike and
/// best, 25 and 70 lose less than a hundredth (docs/RANKING.md).
pub const ENOUGH: f64 = 40.0;

/// What readers did with an article, one figure for each half-life of [`POPULAR`], each faded to the
/// moment of ranking.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Interest {
    /// Views that rank.
    pub views: [f64; POPULAR.len()],
    /// Shares that rank.
    pub shares: [f64; POPULAR.len()],
    /// Reactions that stand.
    pub reactions: [f64; POPULAR.len()],
    /// Distinct readers who commented.
    pub writers: [f64; POPULAR.len()],
}

/// The half-life for a scope whose articles have `total_views` together, as an index into
/// [`POPULAR`]: the shortest that holds [`ENOUGH`] views, or the longest.
#[must_use]
pub fn half_life(total_views: &[f64; POPULAR.len()]) -> usize {
    total_views.iter().position(|views| *views >= ENOUGH).unwrap_or(POPULAR.len() - 1)
}

/// The score of an article: its faded views, and its shares, reactions and writers of comments in
/// views. Not negative.
///
/// # Panics
/// When `half_life` is no index into [`POPULAR`].
#[must_use]
pub fn score(interest: &Interest, half_life: usize) -> f64 {
    interest.views[half_life]
        + SHARE * interest.shares[half_life]
        + REACTION * interest.reactions[half_life]
        + WRITER * interest.writers[half_life]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn figures() -> impl Strategy<Value = [f64; POPULAR.len()]> {
        prop::array::uniform6(0.0f64..10_000.0)
    }

    fn interests() -> impl Strategy<Value = Interest> {
        (figures(), figures(), figures(), figures()).prop_map(
            |(views, shares, reactions, writers)| Interest { views, shares, reactions, writers },
        )
    }

    proptest! {
        #[test]
        fn more_of_anything_never_lowers_a_score(interest in interests(), more in interests(), i in 0..POPULAR.len()) {
            let plus = |a: [f64; 6], b: [f64; 6]| std::array::from_fn(|i| a[i] + b[i]);
            let raised = Interest {
                views: plus(interest.views, more.views),
                shares: plus(interest.shares, more.shares),
                reactions: plus(interest.reactions, more.reactions),
                writers: plus(interest.writers, more.writers),
            };
            prop_assert!(score(&raised, i) >= score(&interest, i));
        }

        #[test]
        fn ample_shares_reactions_and_comments_are_a_tenth_of_the_score(views in 100.0f64..1e6, i in 0..POPULAR.len()) {
            let interest = Interest {
                views: [views; 6],
                shares: [views / 100.0; 6],
                reactions: [views / 100.0; 6],
                writers: [views / 200.0; 6],
            };
            prop_assert!(views / score(&interest, i) > 0.9);
        }

        #[test]
        fn more_traffic_never_makes_a_memory_longer(views in figures(), times in 1.0f64..100.0) {
            prop_assert!(half_life(&views.map(|v| v * times)) <= half_life(&views));
        }
    }

    #[test]
    fn the_shortest_half_life_that_holds_enough_is_taken() {
        let at = |n: usize| std::array::from_fn(|i| if i >= n { ENOUGH } else { ENOUGH - 0.1 });
        for n in 0..POPULAR.len() {
            assert_eq!(half_life(&at(n)), n);
        }
        assert_eq!(half_life(&[0.0; 6]), POPULAR.len() - 1);
    }
}

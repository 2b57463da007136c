//! An article's views that fade, event by event. Pure.

use super::{
    decay::{Fading, POPULAR, TRENDING, fade},
    event::Origin,
};
use crate::clock::Timestamp;

/// What views that rank have left of themselves at `as_of`: a row of `article_scores`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scores {
    /// The moment all stand at: that of the latest view.
    pub as_of: Timestamp,
    /// For `popular`, one for each of its half-lives.
    pub popular: [f64; POPULAR.len()],
    /// For `trending`, one for each of its half-lives.
    pub trending: [f64; TRENDING.len()],
    /// Distinct minutes with views that feed `trending`, fading with [`MINUTES_S`].
    pub minutes: f64,
    /// The last such minute, counted from 1970.
    pub last_minute: i64,
}

/// The half-life of `minutes`, in seconds.
pub const MINUTES_S: f64 = 7200.0;

impl Scores {
    /// Nothing yet, at `as_of`.
    #[must_use]
    pub fn none(as_of: Timestamp) -> Self {
        let (popular, trending) = ([0.0; POPULAR.len()], [0.0; TRENDING.len()]);
        Self { as_of, popular, trending, minutes: 0.0, last_minute: 0 }
    }

    /// Adds a view of `weight` at `at`, which may lie before `as_of`. A board does not feed itself: a view that
    /// came from one is no part of its sums.
    #[must_use]
    pub fn plus(&self, at: Timestamp, origin: Origin, weight: f64) -> Self {
        let as_of = self.as_of.max(at);
        let seconds = seconds(as_of, self.as_of);
        let popular = Fading { as_of: self.as_of, sums: self.popular };
        let trending = Fading { as_of: self.as_of, sums: self.trending };
        let mut next = Self {
            as_of,
            popular: popular.at(as_of, &POPULAR),
            trending: trending.at(as_of, &TRENDING),
            minutes: fade(self.minutes, seconds, MINUTES_S),
            last_minute: self.last_minute,
        };
        if origin != Origin::Popular {
            next.popular = popular.plus(&Fading::event(at, weight), &POPULAR).sums;
        }
        if origin != Origin::Trending {
            next.trending = trending.plus(&Fading::event(at, weight), &TRENDING).sums;
            let minute = at.as_seconds().div_euclid(60);
            if minute > self.last_minute {
                next.minutes += fade(1.0, self::seconds(as_of, at), MINUTES_S);
                next.last_minute = minute;
            }
        }
        next
    }
}

fn seconds(later: Timestamp, earlier: Timestamp) -> f64 {
    (later.as_millis() - earlier.as_millis()) as f64 / 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const START: i64 = 1_800_000_000_000;

    fn at(ms: i64) -> Timestamp {
        Timestamp::from_millis(START + ms)
    }

    fn views() -> impl Strategy<Value = Vec<(i64, Origin)>> {
        let origin = prop_oneof![
            Just(Origin::Elsewhere),
            Just(Origin::MostViewed),
            Just(Origin::Popular),
            Just(Origin::Trending)
        ];
        prop::collection::vec((0i64..2 * 86_400_000, origin), 1..200)
    }

    fn sum(views: &[(i64, Origin)]) -> Scores {
        let first = Scores::none(at(views[0].0));
        views.iter().fold(first, |sum, (ms, origin)| sum.plus(at(*ms), *origin, 1.0))
    }

    /// As the definition says: every view by itself.
    fn exact(views: &[(i64, Origin)], as_of: Timestamp, half_life: f64, without: Origin) -> f64 {
        let fed = views.iter().filter(|(_, origin)| *origin != without);
        fed.map(|(ms, _)| fade(1.0, seconds(as_of, at(*ms)), half_life)).sum()
    }

    proptest! {
        #[test]
        fn the_sums_are_those_of_the_definition_in_any_order(views in views()) {
            let scores = sum(&views);
            prop_assert_eq!(scores.as_of, at(views.iter().map(|(ms, _)| *ms).max().unwrap_or(0)));
            let close = |one: f64, two: f64| (one - two).abs() <= 1e-9 * one.abs().max(1.0);
            for (i, half_life) in POPULAR.iter().enumerate() {
                let exact = exact(&views, scores.as_of, *half_life, Origin::Popular);
                prop_assert!(close(scores.popular[i], exact), "{} {exact}", scores.popular[i]);
            }
            for (i, half_life) in TRENDING.iter().enumerate() {
                let exact = exact(&views, scores.as_of, *half_life, Origin::Trending);
                prop_assert!(close(scores.trending[i], exact), "{} {exact}", scores.trending[i]);
            }
        }

        #[test]
        fn a_board_cannot_be_fed_through_itself(views in views()) {
            let only = |board| -> Vec<_> { views.iter().map(|(ms, _)| (*ms, board)).collect() };
            prop_assert_eq!(sum(&only(Origin::Popular)).popular, [0.0; 6]);
            let scores = sum(&only(Origin::Trending));
            prop_assert_eq!((scores.trending, scores.minutes), ([0.0; 3], 0.0));
        }
    }

    #[test]
    fn a_minute_counts_once_and_fades() {
        let views = [(0, Origin::Elsewhere), (100, Origin::Elsewhere), (59_999, Origin::Elsewhere)];
        assert!((sum(&views).minutes - 1.0).abs() < 0.01);
        let later = sum(&views).plus(at(7_200_000), Origin::Elsewhere, 1.0);
        assert!((later.minutes - 1.5).abs() < 0.01, "{}", later.minutes);
    }
}

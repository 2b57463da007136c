//! Counts that fade: each event weighs half as much after its half-life. Pure.
//!
//! Forward decay (Cormode, Shkapenyuk, Srivastava, Xu 2009): a sum is kept as it stood at one moment and
//! moved to another by a factor, so an event costs one addition, no sweeper ages anything, and the order
//! of two sums never changes by waiting. The sum is kept relative to its own latest moment and not to a
//! fixed origin: nothing overflows, and the error stays that of the additions whatever the year.

use crate::clock::Timestamp;

/// Half-lives of the sums that feed `popular`, in seconds.
pub const POPULAR: [f64; 6] = [1800.0, 3600.0, 7200.0, 21_600.0, 43_200.0, 86_400.0];

/// Half-lives of the sums that feed `trending`, in seconds.
pub const TRENDING: [f64; 3] = [1800.0, 7200.0, 86_400.0];

/// What `value` is worth `seconds` later; negative seconds lead back.
#[must_use]
pub fn fade(value: f64, seconds: f64, half_life_s: f64) -> f64 {
    value * (-seconds / half_life_s).exp2()
}

/// Sums over the same events, one for each half-life, as they stand at `as_of`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fading<const N: usize> {
    /// The moment they stand at: that of the latest event.
    pub as_of: Timestamp,
    /// One for each half-life.
    pub sums: [f64; N],
}

impl<const N: usize> Fading<N> {
    /// One event of `weight` at `at`.
    #[must_use]
    pub fn event(at: Timestamp, weight: f64) -> Self {
        Self { as_of: at, sums: [weight; N] }
    }

    /// The sums at another moment.
    #[must_use]
    pub fn at(&self, now: Timestamp, half_lives: &[f64; N]) -> [f64; N] {
        let seconds = (now.as_millis() - self.as_of.as_millis()) as f64 / 1000.0;
        std::array::from_fn(|i| fade(self.sums[i], seconds, half_lives[i]))
    }

    /// Both together, at the later of their moments. Commutative, and associative but for rounding.
    #[must_use]
    pub fn plus(&self, other: &Self, half_lives: &[f64; N]) -> Self {
        let as_of = self.as_of.max(other.as_of);
        let (one, two) = (self.at(as_of, half_lives), other.at(as_of, half_lives));
        Self { as_of, sums: std::array::from_fn(|i| one[i] + two[i]) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NOW: i64 = 1_800_000_000_000;

    /// What the definition says: every event by itself.
    fn exact(events: &[(i64, f64)], now: i64, half_life_s: f64) -> f64 {
        events.iter().map(|(at, w)| fade(*w, (now - at) as f64 / 1000.0, half_life_s)).sum()
    }

    fn sum(events: &[(i64, f64)]) -> Fading<6> {
        let each = events.iter().map(|(at, w)| Fading::event(Timestamp::from_millis(*at), *w));
        each.reduce(|sum, event| sum.plus(&event, &POPULAR)).expect("an event")
    }

    fn events() -> impl Strategy<Value = Vec<(i64, f64)>> {
        prop::collection::vec((NOW - 3 * 86_400_000..NOW, 0.5f64..20.0), 1..300)
    }

    fn close(one: &[f64; 6], two: &[f64; 6]) -> bool {
        one.iter().zip(two).all(|(a, b)| (a - b).abs() <= 1e-9 * a.abs().max(b.abs()))
    }

    proptest! {
        #[test]
        fn the_sum_is_what_the_definition_says(events in events()) {
            let at = sum(&events).at(Timestamp::from_millis(NOW), &POPULAR);
            let exact = POPULAR.map(|half_life| exact(&events, NOW, half_life));
            prop_assert!(close(&at, &exact), "{at:?} {exact:?}");
        }

        #[test]
        fn neither_order_nor_rounds_nor_restarts_matter(events in events(), cut in any::<prop::sample::Index>()) {
            let mut sorted = events.clone();
            sorted.sort_by_key(|(at, _)| *at);
            let cut = cut.index(events.len());
            let parts = [&events[..cut], &events[cut..]].map(|p| (!p.is_empty()).then(|| sum(p)));
            let rounds = match parts {
                [Some(one), Some(two)] => two.plus(&one, &POPULAR),
                [one, two] => one.or(two).expect("an event"),
            };
            let at = |fading: Fading<6>| fading.at(Timestamp::from_millis(NOW), &POPULAR);
            prop_assert!(close(&at(sum(&events)), &at(sum(&sorted))));
            prop_assert!(close(&at(sum(&events)), &at(rounds)));
        }

        #[test]
        fn the_origin_of_time_does_not_matter(events in events(), by in -1_500_000_000_000i64..4_000_000_000_000) {
            let moved: Vec<_> = events.iter().map(|(at, w)| (at + by, *w)).collect();
            let here = sum(&events).at(Timestamp::from_millis(NOW), &POPULAR);
            let there = sum(&moved).at(Timestamp::from_millis(NOW + by), &POPULAR);
            prop_assert!(close(&here, &there));
        }

        #[test]
        fn waiting_never_changes_the_order_of_two(one in events(), two in events(), later in 0i64..30 * 86_400_000) {
            let (one, two) = (sum(&one), sum(&two));
            let at = |ms| (one.at(Timestamp::from_millis(ms), &POPULAR), two.at(Timestamp::from_millis(ms), &POPULAR));
            let ((a, b), (c, d)) = (at(NOW), at(NOW + later));
            for i in 0..6 {
                // Closer than rounding is a tie.
                if (a[i] - b[i]).abs() > 1e-9 * a[i].max(b[i]) && c[i].max(d[i]) > f64::MIN_POSITIVE * 1e12 {
                    prop_assert_eq!(a[i] > b[i], c[i] > d[i]);
                }
            }
        }
    }
}

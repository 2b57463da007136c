//! A share of few is less certain than one of many: the lower end of what it may be. Pure.

/// The standard normal quantile of a two-sided interval of 95 %.
const Z: f64 = 1.96;

/// The lower end of the 95 % interval of a share (Wilson 1927): of two articles with the same share
/// the one with more readers stands first, and one reaction of one reader proves little.
///
/// Both counts are at least 0; more successes than trials count as all of them. 0 when there was no
/// trial; the result lies in 0..=1 and never above the share itself.
#[must_use]
pub fn wilson(successes: f64, trials: f64) -> f64 {
    if trials <= 0.0 {
        return 0.0;
    }
    let p = (successes / trials).clamp(0.0, 1.0);
    let z2 = Z * Z / trials;
    let spread = Z * (p * (1.0 - p) / trials + z2 / (4.0 * trials)).sqrt();
    ((p + z2 / 2.0 - spread) / (1.0 + z2)).clamp(0.0, p)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Successes and trials.
    fn counts() -> impl Strategy<Value = (f64, f64)> {
        (1u32..100_000).prop_flat_map(|n| (0..=n, Just(n))).prop_map(|(s, n)| (s.into(), n.into()))
    }

    proptest! {
        #[test]
        fn it_never_exceeds_the_share_it_bounds((s, n) in counts()) {
            let low = wilson(s, n);
            prop_assert!((0.0..=s / n).contains(&low), "{low}");
        }

        #[test]
        fn a_success_more_never_lowers_it((s, n) in counts()) {
            prop_assert!(wilson((s + 1.0).min(n), n) >= wilson(s, n));
        }

        #[test]
        fn a_trial_more_lowers_it_at_the_same_successes((s, n) in counts()) {
            let (now, later) = (wilson(s, n), wilson(s, n + 1.0));
            prop_assert!(later < now || now < 1e-12);
        }

        #[test]
        fn the_same_share_of_more_is_worth_more((s, n) in counts(), times in 2u32..50) {
            let k = f64::from(times);
            prop_assert!(wilson(s * k, n * k) >= wilson(s, n) - 1e-12);
        }
    }

    #[test]
    fn nothing_is_certain_of_nothing() {
        assert!(wilson(0.0, 0.0).abs() < f64::EPSILON);
        assert!(wilson(3.0, 0.0).abs() < f64::EPSILON);
        assert!(wilson(0.0, 50.0).abs() < 1e-12);
    }

    #[test]
    fn it_is_the_figure_of_the_books() {
        // 10 of 20: 0.2993 to 0.7007 (Newcombe 1998, method 3).
        assert!((wilson(10.0, 20.0) - 0.299_30).abs() < 1e-4);
        assert!((wilson(7.0, 4.0) - wilson(4.0, 4.0)).abs() < f64::EPSILON);
    }
}

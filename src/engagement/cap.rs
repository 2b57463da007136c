//! How many views of one network on one article in one hour rank. Numbers in, numbers out.

/// Of `n` views those that rank: all up to `full`, then `⌊full · (1 + log2(n / full))⌋`, so that each
/// doubling adds `full`. Many phones share an address; a script sits behind one.
#[must_use]
pub fn cap(n: u32, full: u32) -> u32 {
    if n <= full {
        return n;
    }
    let full = f64::from(full.max(1));
    // Below n for every n above full: 1 + log2(x) <= x where x >= 1.
    (full * (1.0 + (f64::from(n) / full).log2())).floor() as u32
}

#[cfg(test)]
mod tests {
    use super::cap;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn more_views_never_rank_lower(n in 0u32..1_000_000, full in 1u32..10_000) {
            prop_assert!(cap(n, full) <= cap(n + 1, full));
        }

        #[test]
        fn no_more_rank_than_came(n in 0u32..=u32::MAX, full in 1u32..10_000) {
            prop_assert!(cap(n, full) <= n);
        }

        #[test]
        fn below_the_cap_all_rank(full in 1u32..1_000_000, share in 0.0f64..=1.0) {
            let n = (f64::from(full) * share) as u32;
            prop_assert_eq!(cap(n, full), n);
        }
    }

    #[test]
    fn each_doubling_adds_the_cap_once_more() {
        assert_eq!([20, 40, 80, 20 * 1024].map(|n| cap(n, 20)), [20, 40, 60, 220]);
        assert_eq!(cap(100_000, 20), 265);
    }
}

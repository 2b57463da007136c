//! How many events of one network on one article in one hour rank. Numbers in, numbers out.

/// Of `n` events those that rank: all up to `full`, then `⌊full · (1 + log2(n / full))⌋` where that is
/// less than all, so that each doubling adds `full`. Many phones share an address; a script sits
/// behind one. It grows by one at most with each event.
#[must_use]
pub fn cap(n: u32, full: u32) -> u32 {
    if n <= full {
        return n;
    }
    let full = f64::from(full.max(1));
    // Between full and twice that the logarithm lies above n.
    n.min((full * (1.0 + (f64::from(n) / full).log2())).floor() as u32)
}

/// Whether the `n`-th event ranks, counted from 1.
#[must_use]
pub fn ranks(n: u32, full: u32) -> bool {
    n > 0 && cap(n, full) > cap(n - 1, full)
}

#[cfg(test)]
mod tests {
    use super::{cap, ranks};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn each_event_adds_one_or_none(n in 0u32..1_000_000, full in 1u32..10_000) {
            let grown = cap(n + 1, full) - cap(n, full);
            prop_assert!(grown <= 1);
            prop_assert_eq!(ranks(n + 1, full), grown == 1);
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

        #[test]
        fn those_that_rank_are_as_many_as_the_cap_says(n in 0u32..3000, full in 1u32..100) {
            let ranked = (1..=n).filter(|n| ranks(*n, full)).count();
            prop_assert_eq!(ranked, cap(n, full) as usize);
        }
    }

    #[test]
    fn each_doubling_adds_the_cap_once_more() {
        assert_eq!([20, 30, 40, 80, 20 * 1024].map(|n| cap(n, 20)), [20, 30, 40, 60, 220]);
        assert_eq!(cap(100_000, 20), 265);
    }
}

//! Orders of comments: the key of each, here as in the database (`comment_best`, `comment_heat`).

use crate::config::CommentSort;

/// z of a 95 % interval.
const Z: f64 = 1.96;

/// Wilson's lower bound of the share of up-votes, 95 %, in billionths; 0 without votes. Without an
/// up-vote each down-vote lowers by one, so that none stands level with no vote.
///
/// `(p + z²/2n − z√(p(1−p)/n + z²/4n²)) / (1 + z²/n)`, Wilson, JASA 22 (1927).
#[must_use]
pub fn best(up: i32, down: i32) -> i64 {
    if up <= 0 {
        return -i64::from(down.max(0));
    }
    let (up, down) = (f64::from(up), f64::from(down));
    let n = up + down;
    let spread = Z * (up * down / n / n / n + Z * Z / 4.0 / n / n).sqrt();
    let bound = (up / n + Z * Z / 2.0 / n - spread) / (1.0 + Z * Z / n);
    // 0 to 1e9.
    #[expect(clippy::cast_possible_truncation, reason = "within range")]
    let key = (1e9 * bound).floor() as i64;
    key
}

/// How divided votes are: all of them, to the power of how even they are, in thousandths.
#[must_use]
pub fn heat(up: i32, down: i32) -> i64 {
    if up <= 0 || down <= 0 {
        return 0;
    }
    let (up, down) = (f64::from(up), f64::from(down));
    #[expect(clippy::cast_possible_truncation, reason = "at most 4.3e12")]
    let key = (1e3 * (up + down).powf(up.min(down) / up.max(down))).floor() as i64;
    key
}

/// How an order reads in SQL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The column that is the key; `None` where ids alone order.
    pub column: Option<&'static str>,
    /// The key of a comment `c` as it was before the changes `m` of votes and replies.
    pub before: &'static str,
    /// Whether the largest key comes first.
    pub descending: bool,
}

impl CommentSort {
    /// How it reads in SQL.
    #[must_use]
    pub fn key(self) -> Key {
        let (column, before) = match self {
            Self::Best => (Some("best"), "comment_best(c.up - m.up, c.down - m.down)"),
            Self::Controversial => (Some("heat"), "comment_heat(c.up - m.up, c.down - m.down)"),
            Self::NetVotes => (Some("net"), "(c.up - m.up - c.down + m.down)::bigint"),
            Self::MostReplied => (Some("replies"), "(c.replies - m.replies)"),
            Self::Newest | Self::Oldest => (None, ""),
        };
        Key { column, before, descending: self != Self::Oldest }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn an_up_vote_never_lowers_and_a_down_vote_never_raises(up in 0..100_000, down in 0..100_000) {
            prop_assert!(best(up + 1, down) >= best(up, down));
            prop_assert!(best(up, down + 1) <= best(up, down));
        }

        #[test]
        fn the_bound_is_below_the_share_and_grows_with_the_votes(up in 1..10_000, down in 0..10_000) {
            let share = f64::from(up) / f64::from(up + down);
            #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
            let bound = best(up, down) as f64 / 1e9;
            prop_assert!(bound <= share);
            prop_assert!(best(2 * up, 2 * down) >= best(up, down));
        }

        #[test]
        fn heat_needs_both_sides_and_does_not_take_one(up in 0..10_000, down in 0..10_000) {
            prop_assert_eq!(heat(up, down), heat(down, up));
            prop_assert_eq!(heat(up, 0), 0);
        }
    }

    #[test]
    fn no_vote_stands_above_down_votes_and_below_an_up_vote() {
        assert!(best(1, 0) > best(0, 0) && best(0, 0) > best(0, 1) && best(0, 1) > best(0, 2));
        assert_eq!((best(1, 0), best(1, 1), best(10, 0)), (206_543_291, 94_528_654, 722_459_831));
    }
}

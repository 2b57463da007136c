//! Readers that never were, the same each time.

use crate::clock::Timestamp;

/// Any number would do; this one is the edition's.
const SEED: u64 = 0x5051_5149_4b21;

/// What readers of the edition say of articles.
pub const KINDS: [&str; 5] = ["like", "warm", "sad", "angry", "want_more"];

/// What one article drew in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub views: i32,
    pub bot: i32,
    pub prefetch: i32,
    pub repeat: i32,
    pub shares: i32,
    pub reactions: i32,
}

/// What article number `article` drew in the hour that began `age_h` hours after its publication.
///
/// A few articles draw most of the views, and interest halves every six hours.
pub fn hour(article: u64, age_h: u32) -> Hour {
    let popularity = 900.0 / (1.0 + (mix(article) % 40) as f64);
    let jitter = 0.6 + (mix(article * 1009 + u64::from(age_h)) % 800) as f64 / 1000.0;
    let views = (popularity * jitter * (-f64::from(age_h) / 6.0).exp2()).round() as i32;
    let share = |n: u64| {
        let of = mix(article * 31 + u64::from(age_h) * 7 + n) % 20;
        views * i32::try_from(of).unwrap_or(0) / 200
    };
    // Some articles are passed on, others are felt about.
    let tastes = mix(article + 500);
    let (passed, felt) = ((tastes % 5) as i32, (tastes / 5 % 8) as i32);
    Hour {
        views,
        bot: share(1),
        prefetch: share(2),
        repeat: share(3),
        shares: views * passed / 100,
        reactions: views * felt / 100,
    }
}

/// The kind of reaction number `n` to article number `article`: most readers agree.
pub fn kind(article: u64, n: u64) -> &'static str {
    let mood = mix(article + 900);
    let own = mix(article * 4099 + n);
    let choice = if own % 10 < 6 { mood } else { own / 10 };
    KINDS[(choice % 5) as usize]
}

/// Reader number `n` of article number `article`.
pub fn reader(article: u64, n: u64) -> i64 {
    mix(article << 32 | n).cast_signed()
}

/// `count` moments, evenly between `from` and `to`, both left out.
pub fn moments(count: i32, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Timestamp> {
    let (start, length) = (from.as_millis(), to.as_millis() - from.as_millis());
    let steps = i64::from(count) + 1;
    (1..steps).map(move |n| Timestamp::from_millis(start + length * n / steps))
}

/// SplitMix64 (Steele, Lea, Flood 2014).
fn mix(n: u64) -> u64 {
    let mut z = n.wrapping_add(SEED).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_history_is_the_same_each_time_and_fades() {
        assert_eq!(hour(3, 1), hour(3, 1));
        let early: i32 = (0..6).map(|h| hour(3, h).views).sum();
        let late: i32 = (24..30).map(|h| hour(3, h).views).sum();
        assert!(early > late);
    }

    #[test]
    fn readers_share_and_say_each_kind_of_thing() {
        let all: Vec<_> = (1..=60).map(|article| hour(article, 0)).collect();
        assert!(all.iter().any(|hour| hour.shares > 0));
        let said: std::collections::BTreeSet<_> =
            (1..=60).flat_map(|article| (0..5).map(move |n| kind(article, n))).collect();
        assert_eq!(said.len(), KINDS.len());
    }

    #[test]
    fn moments_lie_between_their_ends_in_order() {
        let (from, to) = (Timestamp::from_millis(0), Timestamp::from_millis(100));
        let all: Vec<_> = moments(3, from, to).map(Timestamp::as_millis).collect();
        assert_eq!(all, [25, 50, 75]);
        assert_eq!(moments(0, from, to).count(), 0);
    }
}

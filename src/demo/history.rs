//! Views that never happened, the same each time.

/// Any number would do; this one is the edition's.
const SEED: u64 = 0x5051_5149_4b21;

/// Views and refused events of one article in one hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hour {
    pub views: i32,
    pub bot: i32,
    pub prefetch: i32,
    pub repeat: i32,
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
    Hour { views, bot: share(1), prefetch: share(2), repeat: share(3) }
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
}

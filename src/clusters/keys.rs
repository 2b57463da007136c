//! Keys that near-duplicates are likely to share and others are not: where candidates come from.

use super::grams::{hash, mix};
use crate::{clock::Timestamp, ids::PublisherId};

/// How far apart two publications of one report may lie.
pub const REACH_MS: i64 = 72 * 3_600_000;

/// How long a stretch of time is: so much longer than the reach that few articles lie near its ends.
const STRETCH_MS: i64 = 10 * REACH_MS;
/// Characters of a gram behind a key of a body. Twelve hardly ever meet by chance, so that one is as
/// selective as several short ones.
const BODY_GRAM: usize = 12;
/// The same of a beginning, which has few of them.
const LEDE_GRAM: usize = 8;
/// Parts that the long grams of a text fall into by their hash; the smallest hash of each part is a
/// key (one-permutation MinHash: Li, Owen, Zhang 2012). Two texts share one with probability
/// 1 − (1 − J)^parts.
const BODY_PARTS: u64 = 16;
/// The same over the beginning of a text.
const LEDE_PARTS: u64 = 8;
/// Characters that count as the beginning.
const LEDE_LENGTH: usize = 120;
/// Bands of two hashes of a headline, of one publisher's: J ≥ .5 is found with probability .82,
/// J ≥ .7 with .98; an update that keeps less of its headline seldom has another beginning, too.
const OWN_BANDS: usize = 6;
/// Bands of four, of anybody's: the same headline is always found, J ≥ .9 with probability .88.
const ANY_BANDS: usize = 2;
/// Hashes of a headline's bigrams, for the bands.
const ROWS: usize = 12;

/// What a key is made from; in the key, so that kinds do not meet.
#[derive(Clone, Copy)]
enum Kind {
    Body = 1,
    Lede = 2,
    Own = 3,
    Any = 4,
}

/// The keys of normalised texts, each once.
#[must_use]
pub fn keys(publisher: PublisherId, title: &[char], lede: &[char], body: &[char]) -> Vec<i32> {
    let head = |text: &[char]| text[..text.len().min(LEDE_LENGTH)].to_vec();
    let mut keys = parts(Kind::Lede, &head(lede), LEDE_GRAM, LEDE_PARTS);
    keys.extend(parts(Kind::Lede, &head(body), LEDE_GRAM, LEDE_PARTS));
    keys.extend(parts(Kind::Body, body, BODY_GRAM, BODY_PARTS));
    let rows = rows(title);
    let own = mix((publisher.0.as_u128() ^ (publisher.0.as_u128() >> 64)) as u64);
    keys.extend(
        rows.chunks_exact(2)
            .take(OWN_BANDS)
            .enumerate()
            .map(|(n, pair)| key(Kind::Own, n, own, pair)),
    );
    keys.extend(
        rows.chunks_exact(4)
            .take(ANY_BANDS)
            .enumerate()
            .map(|(n, four)| key(Kind::Any, n, 0, four)),
    );
    keys.sort_unstable();
    keys.dedup();
    keys
}

fn key(kind: Kind, place: usize, scope: u64, values: &[u64]) -> i32 {
    let start = mix(kind as u64) ^ mix(place as u64 + 100) ^ scope;
    values.iter().fold(start, |key, value| mix(key ^ value)) as i32
}

fn parts(kind: Kind, text: &[char], gram: usize, parts: u64) -> Vec<i32> {
    let mut least = vec![u64::MAX; parts as usize];
    for gram in text.windows(gram) {
        let hash = hash(gram);
        let part = &mut least[(hash % parts) as usize];
        *part = (*part).min(hash);
    }
    let found = least.into_iter().enumerate().filter(|(_, hash)| *hash != u64::MAX);
    found.map(|(place, hash)| key(kind, place, 0, &[hash])).collect()
}

/// The least of each of [`ROWS`] hashes over the bigrams of a headline.
fn rows(title: &[char]) -> Vec<u64> {
    let bigrams: Vec<u64> = title.windows(2).map(hash).collect();
    if bigrams.is_empty() {
        return Vec::new();
    }
    let seeds = (0..ROWS as u64).map(|n| mix(n ^ 0x5eed));
    seeds.map(|seed| bigrams.iter().map(|b| mix(b ^ seed)).min().unwrap_or_default()).collect()
}

/// The stretch of time that a publication lies in. Keys are kept by it, so that an archive of years
/// costs no more to look through than a month.
#[must_use]
pub fn stretch(at: Timestamp) -> i32 {
    at.as_millis().div_euclid(STRETCH_MS) as i32
}

/// The stretches that hold every publication within reach of `at`; mostly twice the same.
#[must_use]
pub fn stretches(at: Timestamp) -> [i32; 2] {
    [-REACH_MS, REACH_MS].map(|reach| stretch(Timestamp::from_millis(at.as_millis() + reach)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn publications_within_reach_meet_and_others_of_far_stretches_do_not(
            at in -4_000_000_000_000i64..4_000_000_000_000, apart in 0..=REACH_MS,
        ) {
            let (a, b) = (Timestamp::from_millis(at), Timestamp::from_millis(at + apart));
            let far = Timestamp::from_millis(at + 12 * REACH_MS);
            let meet = |x, y| stretches(x).contains(&stretch(y));
            prop_assert!(meet(a, b) && meet(b, a));
            prop_assert!(!meet(a, far));
        }
    }

    #[test]
    fn copies_share_keys_and_strangers_do_not() {
        let text = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<Vec<_>>();
        let (one, other) = (PublisherId::new(), PublisherId::new());
        let body = text(
            "정부가 이십이일 새 주택 공급 대책을 내놨다 시장은 조용했고 전문가들은 두고 봐야 한다고 말했다",
        );
        let weather =
            text("내일은 전국이 대체로 맑겠고 낮 기온은 오늘보다 조금 높겠다고 기상청이 내다봤다");
        let a = keys(one, &text("새 주택 대책 발표"), &[], &body);
        let b = keys(other, &text("정부 공급 대책 내놔"), &body[20..], &[]);
        let c = keys(one, &text("전국 대체로 맑음"), &[], &weather);
        assert!(a.iter().any(|key| b.contains(key)));
        assert!(!a.iter().any(|key| c.contains(key)));
    }
}

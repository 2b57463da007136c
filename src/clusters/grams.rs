//! Sets of character n-grams as hashes, and how much two of them share.

/// Most hashes kept of one set. Texts of fewer grams are kept whole; of longer ones a fair sample is,
/// the smallest hashes, so that a containment is estimated within about 2 points.
const KEPT: usize = 1024;

/// A set of hashed n-grams.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grams {
    /// Ascending, each once.
    hashes: Vec<u32>,
    /// Every gram of the text whose hash is at most this is in `hashes`.
    complete_to: u32,
}

/// What two sets have in common, of the sample that both kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// Grams in both.
    pub both: usize,
    /// Grams in either.
    pub either: usize,
    /// Grams of the set with fewer.
    pub shorter: usize,
}

impl Shared {
    /// |A ∩ B| / |A ∪ B|; 0 of two empty sets.
    #[must_use]
    pub fn jaccard(self) -> f64 {
        if self.either == 0 { 0.0 } else { self.both as f64 / self.either as f64 }
    }

    /// |A ∩ B| / min(|A|, |B|); 0 when one is empty.
    #[must_use]
    pub fn containment(self) -> f64 {
        if self.shorter == 0 { 0.0 } else { self.both as f64 / self.shorter as f64 }
    }
}

impl Default for Grams {
    fn default() -> Self {
        Self::from_hashes(Vec::new())
    }
}

impl Grams {
    /// The `n`-grams of `text`.
    #[must_use]
    pub fn of(text: &[char], n: usize) -> Self {
        Self::from_hashes(text.windows(n).map(|gram| hash(gram) as u32).collect())
    }

    /// The set of these hashes.
    #[must_use]
    pub fn from_hashes(mut hashes: Vec<u32>) -> Self {
        hashes.sort_unstable();
        hashes.dedup();
        let whole = hashes.len() <= KEPT;
        hashes.truncate(KEPT);
        Self::from_kept(hashes, whole)
    }

    /// A set that was kept before, ascending: whole, or a sample of it.
    #[must_use]
    pub fn from_kept(hashes: Vec<u32>, whole: bool) -> Self {
        let last = hashes.last().copied().filter(|_| !whole);
        Self { complete_to: last.unwrap_or(u32::MAX), hashes }
    }

    /// Whether every gram of the text was kept.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.complete_to == u32::MAX
    }

    /// Every hash kept, ascending.
    #[must_use]
    pub fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// How many grams are kept.
    #[must_use]
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// What this and another set have in common, whichever is asked.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Shared {
        let to = self.complete_to.min(other.complete_to);
        let sample = |set: &Self| set.hashes.partition_point(|hash| *hash <= to);
        let (a, b) = (&self.hashes[..sample(self)], &other.hashes[..sample(other)]);
        let both = common(a, b);
        Shared { both, either: a.len() + b.len() - both, shorter: a.len().min(b.len()) }
    }
}

/// How many numbers stand in both of two ascending lists.
fn common(a: &[u32], b: &[u32]) -> usize {
    let (mut n, mut m, mut both) = (0, 0, 0);
    while let (Some(x), Some(y)) = (a.get(n), b.get(m)) {
        both += usize::from(x == y);
        n += usize::from(x <= y);
        m += usize::from(y <= x);
    }
    both
}

/// A hash of characters, the same on every machine and in every version: it is stored.
#[must_use]
pub fn hash(text: &[char]) -> u64 {
    text.iter().fold(0x9e37_79b9_7f4a_7c15, |hash, c| mix(hash ^ u64::from(*c)))
}

/// Spreads a number over all bits (the finaliser of SplitMix64: Steele, Lea, Flood 2014).
#[must_use]
pub fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn sharing_is_symmetric(a in prop::collection::vec(0u32..4000, 0..3000), b in prop::collection::vec(0u32..4000, 0..3000)) {
            let spread = |list: Vec<u32>| Grams::from_hashes(list.into_iter().map(|n| mix(n.into()) as u32).collect());
            let (a, b) = (spread(a), spread(b));
            prop_assert_eq!(a.shared(&b), b.shared(&a));
        }

        #[test]
        fn a_sampled_containment_is_near_the_true_one(from in 0u32..9000, length in 2000u32..9000) {
            let set = |range: std::ops::Range<u32>| Grams::from_hashes(range.map(|n| mix(n.into()) as u32).collect());
            let (whole, part) = (set(0..9000), set(from..from + length));
            let both = f64::from(9000 - from.min(9000)).min(f64::from(length));
            let truth = both / f64::from(length.min(9000));
            prop_assert!((whole.shared(&part).containment() - truth).abs() < 0.12);
        }
    }

    #[test]
    fn a_set_holds_itself() {
        let text: Vec<char> = "정부가 새 대책을 내놨다".chars().collect();
        let set = Grams::of(&text, 2);
        assert!((set.shared(&set).jaccard() - 1.0).abs() < f64::EPSILON);
        assert_eq!(Grams::default().shared(&set).containment(), 0.0);
    }
}

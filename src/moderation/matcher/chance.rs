//! How likely it is that syllables come together by chance when what stands between words is dropped.

use std::{collections::HashMap, sync::LazyLock};

/// Bits of a syllable that the table does not have.
const RARE: f64 = 17.0;

/// Bits: `n` stands for once in 2^n.
#[derive(Debug, Clone, Copy)]
struct Bits {
    any: f64,
    begins: f64,
    ends: f64,
}

static TABLE: LazyLock<HashMap<char, Bits>> = LazyLock::new(|| {
    let mut table: HashMap<char, Bits> = HashMap::new();
    for line in include_str!("syllables.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let (Some(name), Some(bits), Some(syllables)) = (words.next(), words.next(), words.next())
        else {
            continue;
        };
        let bits = bits.parse().unwrap_or(RARE);
        for syllable in syllables.chars() {
            let known =
                table.entry(syllable).or_insert(Bits { any: RARE, begins: RARE, ends: RARE });
            match name {
                "any" => known.any = bits,
                "begins" => known.begins = bits,
                _ => known.ends = bits,
            }
        }
    }
    table
});

fn of(syllable: char) -> Bits {
    if syllable.is_ascii_alphanumeric() {
        return Bits { any: 6.0, begins: 6.0, ends: 6.0 };
    }
    TABLE.get(&syllable).copied().unwrap_or(Bits { any: RARE, begins: RARE, ends: RARE })
}

/// The bits of these syllables coming together with words parted before those at `gaps`.
#[must_use]
pub(super) fn bits(syllables: &[char], gaps: &[usize]) -> f64 {
    let mut sum = 0.0;
    for (at, syllable) in syllables.iter().enumerate() {
        let (begins, ends) = (gaps.contains(&at), gaps.contains(&(at + 1)));
        let bits = of(*syllable);
        if begins {
            sum += bits.begins;
        }
        if ends {
            sum += bits.ends;
        }
        if !begins && !ends {
            sum += bits.any;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_often_ends_and_begins_words_comes_together_by_chance() {
        let two = |word: &str| bits(&word.chars().collect::<Vec<_>>(), &[1]);
        assert!(two("시발") < two("병신") && two("병신") < two("새끼"));
        assert!(bits(&['개', '새', '끼'], &[2]) > two("새끼"));
    }
}

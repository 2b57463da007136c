//! What texts that look alike have in common, to compare names by. Never shown.

use super::{confusables::CONFUSABLES, shows_nothing};
use std::{collections::HashMap, sync::LazyLock};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

static LOOKS_LIKE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let of = |(to, from): &(char, &'static str)| {
        let to = *to;
        from.chars().map(move |from| (from, to))
    };
    CONFUSABLES.iter().flat_map(of).collect()
});

/// The letters and digits of a text, folded: compatibility forms, case, accents, look-alikes of ASCII
/// letters in other scripts, `0` and `o`, `1`, `l` and `i`, `rn` and `m`, and Hangul written in single jamo.
/// Whatever stands between them (spaces, punctuation, characters that show nothing) is left out. Empty
/// for a text without letters and digits.
#[must_use]
pub fn skeleton(text: &str) -> String {
    let looks_like = |c: char| LOOKS_LIKE.get(&c).copied().unwrap_or(c);
    let folded = text
        .nfkd()
        .map(looks_like)
        .flat_map(char::to_lowercase)
        .nfkd()
        .map(looks_like)
        .filter(|&c| c.is_alphanumeric() && !is_combining_mark(c) && !shows_nothing(c))
        .map(|c| if c == 'i' { 'l' } else { c });
    composed(&folded.collect::<Vec<_>>()).replace("rn", "m")
}

/// The final consonant of each initial one, as an offset; 0 for those that end no syllable.
const FINALS: [u32; 19] = [1, 2, 4, 7, 0, 8, 16, 17, 0, 19, 20, 21, 22, 0, 23, 24, 25, 26, 27];

/// Puts jamo together to syllables, initial consonants in the place of final ones included.
fn composed(letters: &[char]) -> String {
    let offset = |at: usize, first: u32, count: u32| {
        let c = u32::from(*letters.get(at)?);
        (first..first + count).contains(&c).then(|| c - first)
    };
    let initial = |at| offset(at, 0x1100, 19);
    let vowel = |at| offset(at, 0x1161, 21);
    let (mut text, mut at) = (String::with_capacity(letters.len()), 0);
    while let Some(&c) = letters.get(at) {
        let (Some(first), Some(second)) = (initial(at), vowel(at + 1)) else {
            text.push(c);
            at += 1;
            continue;
        };
        at += 2;
        let moved = || {
            let begins_the_next = vowel(at + 1).is_some();
            let last = initial(at).filter(|_| !begins_the_next)?;
            FINALS.get(last as usize).copied().filter(|last| *last > 0)
        };
        let last = offset(at, 0x11a8, 27).map(|last| last + 1).or_else(moved);
        at += usize::from(last.is_some());
        let syllable = 0xac00 + (first * 21 + second) * 28 + last.unwrap_or(0);
        text.extend(char::from_u32(syllable));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn look_alikes_have_one_skeleton() {
        for (one, other) in [
            ("admin", "ADMIN"),
            ("admin", "Аdmіn"),
            ("admin", "а.d-m i\u{200b}n"),
            ("admin", "ａｄｍｉｎ"),
            ("admin", "adrnin"),
            ("admin", "ádmïn"),
            ("alice", "aIice"),
            ("alice", "a|1ce"),
            ("sosik", "s0s1k"),
            ("운영자", "운 영 자"),
            ("운영자", "ㅇㅜㄴㅇㅕㅇㅈㅏ"),
            ("운영자", "운\u{3164}영·자"),
            ("운영자", "\u{110b}\u{116e}\u{11ab}영자"),
            ("관리자", "관리ㅈㅏ"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
    }

    #[test]
    fn words_of_a_script_stay_apart() {
        assert_eq!(skeleton("바나나 각하"), "바나나각하");
        assert_eq!(skeleton("값싼 없다 꽃"), "값싼없다꽃");
        assert_ne!(skeleton("가나"), skeleton("간아"));
        assert_ne!(skeleton("bob"), skeleton("bab"));
        assert_eq!(skeleton("★ ♥"), "");
    }

    proptest! {
        #[test]
        fn a_skeleton_is_a_fixed_point(text in any::<String>()) {
            let once = skeleton(&text);
            // What is put together may look like something else again, but only for jamo and `rn`.
            prop_assert!(skeleton(&once).chars().count() <= once.chars().count());
        }

        #[test]
        fn korean_text_in_parts_is_the_text(text in "[가-힣]{1,12}") {
            let parts: String = text.chars().nfd().collect();
            prop_assert_eq!(skeleton(&parts), text.clone());
            prop_assert_eq!(skeleton(&text), text);
        }
    }
}

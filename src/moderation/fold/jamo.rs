//! Hangul taken apart. A letter is one byte: doubled consonants are two of the single one, and
//! vowels are the strokes they are drawn with (`ㅐ` is `ㅏㅣ`), so that what is typed letter by letter
//! reads as what was meant.

/// The single consonants in the order of their codes.
const CONSONANTS: [char; 14] =
    ['ㄱ', 'ㄴ', 'ㄷ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅅ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ'];
/// The single vowels in the order of their codes.
const VOWELS: [char; 10] = ['ㅏ', 'ㅑ', 'ㅓ', 'ㅕ', 'ㅗ', 'ㅛ', 'ㅜ', 'ㅠ', 'ㅡ', 'ㅣ'];
/// The code of the first vowel; consonants begin at 1.
const FIRST_VOWEL: u8 = 15;

const INITIALS: &str = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const MEDIALS: &str = "ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ";
const FINALS: &str = "ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ";

/// The first syllable, `가`.
const FIRST: u32 = 0xAC00;

/// Whether it is a whole syllable.
#[must_use]
pub const fn is_syllable(c: char) -> bool {
    matches!(c, '가'..='힣')
}

/// Whether it is a vowel standing alone.
#[must_use]
pub const fn is_vowel(c: char) -> bool {
    matches!(c, 'ㅏ'..='ㅣ')
}

/// Whether a code is a vowel's.
#[must_use]
pub const fn is_vowel_code(code: u8) -> bool {
    code >= FIRST_VOWEL && code < FIRST_VOWEL + VOWELS.len() as u8
}

/// The parts of a syllable: initial, vowel, and final if there is one.
#[must_use]
pub fn parts(syllable: char) -> Option<(char, char, Option<char>)> {
    let at = (syllable as u32).checked_sub(FIRST).filter(|_| is_syllable(syllable))?;
    let nth = |letters: &str, n: u32| letters.chars().nth(n as usize);
    let last = (at % 28).checked_sub(1).and_then(|n| nth(FINALS, n));
    Some((nth(INITIALS, at / 588)?, nth(MEDIALS, at % 588 / 28)?, last))
}

/// The letter that a conjoining one (old or new encoding, any position) stands for.
#[must_use]
pub fn plain(conjoining: char) -> Option<char> {
    let at = conjoining as u32;
    let nth = |letters: &str, n: u32| letters.chars().nth(n as usize);
    match at {
        0x1100..=0x1112 => nth(INITIALS, at - 0x1100),
        0x1161..=0x1175 => nth(MEDIALS, at - 0x1161),
        0x11A8..=0x11C2 => nth(FINALS, at - 0x11A8),
        // Letters that nobody uses any more, but that look like some: the wide `ㅅ` and `ㅈ`.
        0x113C | 0x113E => Some('ㅅ'),
        0x114E | 0x1150 => Some('ㅈ'),
        0x114C => Some('ㅇ'),
        0x119E => Some('ㅏ'),
        _ => None,
    }
}

/// Adds the codes of a letter.
pub fn push_codes(letter: char, codes: &mut Vec<u8>) {
    for single in singles(letter).chars() {
        if let Some(at) = CONSONANTS.iter().position(|c| *c == single) {
            codes.push(1 + at as u8);
        } else if let Some(at) = VOWELS.iter().position(|c| *c == single) {
            codes.push(FIRST_VOWEL + at as u8);
        }
    }
}

/// What a letter is drawn with; itself (as found) when it is single.
const fn singles(letter: char) -> &'static str {
    match letter {
        'ㄱ' => "ㄱ",
        'ㄲ' => "ㄱㄱ",
        'ㄳ' => "ㄱㅅ",
        'ㄴ' => "ㄴ",
        'ㄵ' => "ㄴㅈ",
        'ㄶ' => "ㄴㅎ",
        'ㄷ' => "ㄷ",
        'ㄸ' => "ㄷㄷ",
        'ㄹ' => "ㄹ",
        'ㄺ' => "ㄹㄱ",
        'ㄻ' => "ㄹㅁ",
        'ㄼ' => "ㄹㅂ",
        'ㄽ' => "ㄹㅅ",
        'ㄾ' => "ㄹㅌ",
        'ㄿ' => "ㄹㅍ",
        'ㅀ' => "ㄹㅎ",
        'ㅁ' => "ㅁ",
        'ㅂ' => "ㅂ",
        'ㅃ' => "ㅂㅂ",
        'ㅄ' => "ㅂㅅ",
        'ㅅ' => "ㅅ",
        'ㅆ' => "ㅅㅅ",
        'ㅇ' => "ㅇ",
        'ㅈ' => "ㅈ",
        'ㅉ' => "ㅈㅈ",
        'ㅊ' => "ㅊ",
        'ㅋ' => "ㅋ",
        'ㅌ' => "ㅌ",
        'ㅍ' => "ㅍ",
        'ㅎ' => "ㅎ",
        'ㅏ' => "ㅏ",
        'ㅐ' => "ㅏㅣ",
        'ㅑ' => "ㅑ",
        'ㅒ' => "ㅑㅣ",
        'ㅓ' => "ㅓ",
        'ㅔ' => "ㅓㅣ",
        'ㅕ' => "ㅕ",
        'ㅖ' => "ㅕㅣ",
        'ㅗ' => "ㅗ",
        'ㅘ' => "ㅗㅏ",
        'ㅙ' => "ㅗㅏㅣ",
        'ㅚ' => "ㅗㅣ",
        'ㅛ' => "ㅛ",
        'ㅜ' => "ㅜ",
        'ㅝ' => "ㅜㅓ",
        'ㅞ' => "ㅜㅓㅣ",
        'ㅟ' => "ㅜㅣ",
        'ㅠ' => "ㅠ",
        'ㅡ' => "ㅡ",
        'ㅢ' => "ㅡㅣ",
        'ㅣ' => "ㅣ",
        _ => "",
    }
}

/// Whether a syllable only draws out the one before: `이` after `시`, `아` after `나` or `놔`.
#[must_use]
pub fn draws_out(before: char, syllable: char) -> bool {
    let (Some((_, first, None)), Some(('ㅇ', second, None))) = (parts(before), parts(syllable))
    else {
        return false;
    };
    first == second
        || matches!(
            (first, second),
            ('ㅑ' | 'ㅘ', 'ㅏ')
                | ('ㅕ' | 'ㅝ', 'ㅓ')
                | ('ㅛ', 'ㅗ')
                | ('ㅠ', 'ㅜ')
                | ('ㅟ' | 'ㅢ', 'ㅣ')
                | ('ㅐ', 'ㅔ')
                | ('ㅔ', 'ㅐ')
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<u8> {
        let mut codes = Vec::new();
        for c in text.chars() {
            match parts(c) {
                Some((initial, vowel, last)) => {
                    [Some(initial), Some(vowel), last]
                        .into_iter()
                        .flatten()
                        .for_each(|letter| push_codes(letter, &mut codes));
                }
                None => push_codes(c, &mut codes),
            }
        }
        codes
    }

    #[test]
    fn syllables_and_letters_read_alike() {
        assert_eq!(codes("시발"), codes("ㅅㅣㅂㅏㄹ"));
        assert_eq!(codes("까"), codes("ㄱㄱㅏ"));
        assert_eq!(codes("개"), codes("가ㅣ"));
        assert_eq!(codes("값왜"), codes("갑ㅅㅇㅗㅐ"));
        assert_ne!(codes("시발"), codes("씨발"));
    }

    #[test]
    fn every_letter_has_codes() {
        for letter in 'ㄱ'..='ㅣ' {
            assert!(!codes(&letter.to_string()).is_empty(), "{letter}");
        }
        assert!(draws_out('시', '이') && draws_out('놔', '아') && !draws_out('신', '이'));
    }
}

//! How a word is written in a rule.
//!
//! - `단어` finds it anywhere; one syllable, and what is written in Latin letters, as a whole word only
//! - `단어*`, `*단어` go on: the word may be the beginning or the end of a longer one
//! - `=단어` finds it as a whole word only, with or without a particle
//! - `[가나]다` is `가다` and `나다`

use crate::moderation::fold::{Fold, Gap, Kind, Letter, is_vowel};
use thiserror::Error;

/// The longest word, in code points.
pub const TERM_MAX: usize = 64;
/// The most words that one with brackets stands for.
const VARIANTS_MAX: usize = 512;

/// Why a word cannot be looked for. `Display` is the English detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TermFault {
    /// Nothing is left of it when it is folded.
    #[error("has no letters that can be looked for")]
    Nothing,
    /// More code points than are taken.
    #[error("is longer than {TERM_MAX} characters")]
    TooLong,
    /// A bracket without its other half, empty or inside another, or brackets for too many words.
    #[error("has brackets that cannot be read, or that stand for more than {VARIANTS_MAX} words")]
    Brackets,
}

/// One word as it is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Term {
    /// Its codes.
    pub key: Vec<u8>,
    /// How many letters it has: syllables, where it is Hangul.
    pub letters: usize,
    /// Where a letter begins, code by code.
    pub begins: Vec<bool>,
    /// Where a consonant must stand alone.
    pub lone: Vec<bool>,
    /// Where separators belong to it.
    pub parted: Vec<Gap>,
    /// Its letters, those of Hangul by syllables.
    pub syllables: Vec<char>,
    /// It has letters of Hangul standing alone, or signs for letters, and is looked for where the
    /// text has some.
    pub split: bool,
    /// What it begins and ends with.
    pub first: Kind,
    pub last: Kind,
    /// Whether a longer word may begin or end with it.
    pub open_left: bool,
    pub open_right: bool,
    /// Doubled letters were made single: the text must have at least three.
    pub single: bool,
}

impl Term {
    /// Reads a word; several, where it has brackets.
    pub fn parse(word: &str) -> Result<Vec<Self>, TermFault> {
        let word = word.trim();
        if word.chars().count() > TERM_MAX {
            return Err(TermFault::TooLong);
        }
        let (whole, word) = word.strip_prefix('=').map_or((false, word), |word| (true, word));
        let (left, word) = word.strip_prefix('*').map_or((false, word), |word| (true, word));
        let (right, word) = word.strip_suffix('*').map_or((false, word), |word| (true, word));
        let mut terms = Vec::new();
        for word in variants(word)? {
            let mut term = Self::plain(&word).ok_or(TermFault::Nothing)?;
            let latin = matches!(term.first, Kind::Latin) || matches!(term.last, Kind::Latin);
            let inside = term.letters > 1 && !latin && !whole;
            term.open_left = left || (inside && !right);
            term.open_right = right || (inside && !left);
            terms.extend(term.with_single_letters());
            terms.push(term);
        }
        Ok(terms)
    }

    fn plain(word: &str) -> Option<Self> {
        let reading = Fold::new(word).strict();
        let (first, last) = (reading.letters.first()?.token, reading.letters.last()?.token);
        let codes = reading.codes.len();
        let mut term = Self {
            letters: 0,
            begins: vec![false; codes],
            lone: vec![false; codes],
            parted: vec![Gap::default(); codes],
            split: reading
                .letters
                .iter()
                .any(|letter| letter.token.kind == Kind::Jamo || letter.token.drawn),
            syllables: Vec::new(),
            first: first.kind,
            last: last.kind,
            open_left: false,
            open_right: false,
            single: false,
            key: Vec::new(),
        };
        for code in 0..codes {
            let at = reading.owner[code] as usize;
            if !reading.begins(code) {
                continue;
            }
            let letter = &reading.letters[at];
            let begins = begins_syllable(&reading.letters, at);
            term.begins[code] = begins;
            if begins {
                term.letters += 1;
                term.syllables.push(letter.token.c);
            }
            term.lone[code] = is_lone(&reading.letters, at);
            term.parted[code] = letter.gap;
        }
        term.key = reading.codes;
        Some(term)
    }

    /// `as` for `ass`: what `assss` is when repetitions are dropped.
    fn with_single_letters(&self) -> Option<Self> {
        let doubled = |at: usize| {
            at > 0 && self.key[at] == self.key[at - 1] && self.key[at].is_ascii_lowercase()
        };
        if self.first != Kind::Latin || !(0..self.key.len()).any(doubled) {
            return None;
        }
        let kept: Vec<usize> = (0..self.key.len()).filter(|at| !doubled(*at)).collect();
        let pick = |flags: &[bool]| kept.iter().map(|at| flags[*at]).collect();
        let parted = kept.iter().map(|at| self.parted[*at]).collect();
        Some(Self {
            key: kept.iter().map(|at| self.key[*at]).collect(),
            letters: kept.len(),
            begins: pick(&self.begins),
            lone: pick(&self.lone),
            parted,
            single: true,
            ..self.clone()
        })
    }
}

fn is_consonant(letter: &Letter) -> bool {
    letter.token.kind == Kind::Jamo && !is_vowel(letter.token.c)
}

fn is_lone_vowel(letter: &Letter) -> bool {
    letter.token.kind == Kind::Jamo && is_vowel(letter.token.c)
}

/// Whether a letter begins a syllable; any that is not Hangul counts as one.
fn begins_syllable(letters: &[Letter], at: usize) -> bool {
    let letter = &letters[at];
    if is_lone_vowel(letter) {
        return at == 0 || !letters[at - 1].token.kind.is_hangul();
    }
    if !is_consonant(letter) {
        return true;
    }
    letters.get(at + 1).is_some_and(is_lone_vowel) || is_lone(letters, at)
}

/// Whether a consonant is meant to stand alone: no vowel follows, and none that is written alone goes before.
fn is_lone(letters: &[Letter], at: usize) -> bool {
    is_consonant(&letters[at])
        && !letters.get(at + 1).is_some_and(is_lone_vowel)
        && !(at > 0 && is_lone_vowel(&letters[at - 1]))
}

/// Takes brackets apart.
fn variants(word: &str) -> Result<Vec<String>, TermFault> {
    let mut words = vec![String::new()];
    let mut rest = word;
    while let Some((before, after)) = rest.split_once('[') {
        let (inside, after) = after.split_once(']').ok_or(TermFault::Brackets)?;
        let choices: Vec<char> = inside.chars().filter(|c| !c.is_whitespace()).collect();
        let count = words.len().saturating_mul(choices.len());
        if count == 0 || count > VARIANTS_MAX || inside.contains('[') || before.contains(']') {
            return Err(TermFault::Brackets);
        }
        let longer = |word: &String, c: &char| format!("{word}{before}{c}");
        words =
            words.iter().flat_map(|word| choices.iter().map(move |c| longer(word, c))).collect();
        rest = after;
    }
    if rest.contains(']') {
        return Err(TermFault::Brackets);
    }
    Ok(words.into_iter().map(|word| word + rest).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_stand_for_words() {
        assert_eq!(
            variants("[가나]다[라마]").map(|all| all.join(" ")),
            Ok("가다라 가다마 나다라 나다마".into())
        );
        for word in ["[", "가]", "[]가", "[[가]]", "가[나"] {
            assert_eq!(variants(word), Err(TermFault::Brackets), "{word}");
        }
        assert_eq!(
            Term::parse("[가나다라마바사아자차][가나다라마바사아자차][가나다라마바]"),
            Err(TermFault::Brackets)
        );
    }

    #[test]
    fn words_know_their_letters() {
        let one = |word| {
            Term::parse(word)
                .map(|terms| (terms[0].letters, terms[0].open_left, terms[0].open_right))
        };
        assert_eq!(one("시발"), Ok((2, true, true)));
        assert_eq!(one("=시발"), Ok((2, false, false)));
        assert_eq!(one("ㅅㅣㅂㅏㄹ"), Ok((2, true, true)));
        assert_eq!(one("ㅅㅂ"), Ok((2, true, true)));
        assert_eq!(one("좆"), Ok((1, false, false)));
        assert_eq!(one("좆*"), Ok((1, false, true)));
        assert_eq!(one("fuck"), Ok((4, false, false)));
        assert_eq!(one("*fuck*"), Ok((5 - 1, true, true)));
        assert_eq!(one("!!"), Err(TermFault::Nothing));
    }
}

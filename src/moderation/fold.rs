//! A text as it reads, whatever it is written with. Pure.
//!
//! Every letter of a reading knows the code points of the original that it came from.
//!
//! - `tokens` the text taken apart: compatibility forms, case, what shows nothing
//! - `confusables` letters of other scripts that look like ASCII
//! - `lookalike` digits and signs drawn for letters
//! - `jamo` Hangul by strokes
//! - `keyboard` Hangul typed on Latin keys

mod confusables;
mod jamo;
mod keyboard;
mod lookalike;
mod tokens;

pub use jamo::{is_vowel, is_vowel_code};
pub use tokens::{Kind, Token, shows_nothing};

/// What was left out before a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gap {
    /// Whitespace.
    pub space: bool,
    /// Punctuation, symbols, pictures.
    pub mark: bool,
    /// Punctuation that stands between words in sentences.
    pub sentence: bool,
    /// Digits, a letter or two that do not belong there.
    pub noise: bool,
    /// Repetitions, or syllables that draw out the one before.
    pub drawl: bool,
}

impl Gap {
    /// Whether a word ends here.
    #[must_use]
    pub const fn parts_words(self) -> bool {
        self.space || self.mark
    }

    /// Whether anything was left out.
    #[must_use]
    pub const fn any(self) -> bool {
        self.space || self.mark || self.noise || self.drawl
    }
}

/// A letter of a reading.
#[derive(Debug, Clone, Copy)]
pub struct Letter {
    /// What it is, and where it came from.
    pub token: Token,
    /// What was left out before it.
    pub gap: Gap,
    /// How often it stood there in a row.
    pub run: u32,
}

/// The letters of a text without what separates them, and their codes.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// The letters.
    pub letters: Vec<Letter>,
    /// Their codes: Hangul by strokes (1 to 24), ASCII as it is, the rest as UTF-8.
    pub codes: Vec<u8>,
    /// For each code the letter it belongs to.
    pub owner: Vec<u32>,
    /// Whether something separates words after the last letter.
    pub closed: bool,
}

impl Reading {
    fn of(letters: Vec<Letter>) -> Self {
        let mut reading = Self { letters, ..Self::default() };
        for (at, letter) in reading.letters.iter().enumerate() {
            push_codes(&letter.token, &mut reading.codes);
            let at = u32::try_from(at).unwrap_or(u32::MAX);
            reading.owner.resize(reading.codes.len(), at);
        }
        reading
    }

    /// Whether a letter's codes begin at this one.
    #[must_use]
    pub fn begins(&self, code: usize) -> bool {
        code == 0 || self.owner.get(code) != self.owner.get(code - 1)
    }
}

fn push_codes(token: &Token, codes: &mut Vec<u8>) {
    match token.kind {
        Kind::Syllable => {
            if let Some((initial, vowel, last)) = jamo::parts(token.c) {
                jamo::push_codes(initial, codes);
                jamo::push_codes(vowel, codes);
                if let Some(last) = last {
                    jamo::push_codes(last, codes);
                }
            }
        }
        Kind::Jamo => jamo::push_codes(token.c, codes),
        // `rn` is drawn like `m`, `vv` like `w`.
        Kind::Latin if token.c == 'm' => codes.extend(b"rn"),
        Kind::Latin if token.c == 'w' => codes.extend(b"vv"),
        _ => codes.extend(token.c.encode_utf8(&mut [0; 4]).bytes()),
    }
}

/// A folded text.
#[derive(Debug, Clone)]
pub struct Fold {
    raw: Vec<Token>,
    tokens: Vec<Token>,
}

impl Fold {
    /// Folds a text.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let raw = tokens::tokens(text);
        let mut tokens = raw.clone();
        lookalike::resolve(&mut tokens);
        Self { raw, tokens }
    }

    /// The folded text with one space for each run of separators. Folding it again changes nothing.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        for token in &self.tokens {
            if !token.kind.separates() {
                text.push(token.c);
            } else if !text.ends_with(' ') {
                text.push(' ');
            }
        }
        text
    }

    /// Every letter, in order, without what separates them.
    #[must_use]
    pub fn strict(&self) -> Reading {
        let mut gap = Gap::default();
        let mut letters = Vec::with_capacity(self.tokens.len());
        for token in &self.tokens {
            match token.kind {
                Kind::Space => gap.space = true,
                Kind::Mark => {
                    gap.mark = true;
                    gap.sentence |= is_of_sentences(token.c);
                }
                _ => letters.push(Letter { token: *token, gap: std::mem::take(&mut gap), run: 1 }),
            }
        }
        Reading { closed: gap.parts_words(), ..Reading::of(letters) }
    }

    /// The strict reading without what was strewn in: digits and single letters inside Hangul,
    /// repetitions, drawn-out syllables. `None` where there was nothing of the kind.
    #[must_use]
    pub fn lax(strict: &Reading) -> Option<Reading> {
        let mut letters: Vec<Letter> = Vec::with_capacity(strict.letters.len());
        let mut gap = Gap::default();
        let mut changed = false;
        let mut at = 0;
        while let Some(letter) = strict.letters.get(at) {
            let noise = noise(&strict.letters, at, letters.last());
            if noise > 0 {
                for left_out in &strict.letters[at..at + noise] {
                    merge(&mut gap, left_out.gap);
                }
                gap.noise = true;
                changed = true;
                at += noise;
                continue;
            }
            merge(&mut gap, letter.gap);
            at += 1;
            if let Some(last) =
                letters.last_mut().filter(|last| repeats(last, letter, &strict.letters[at..]))
            {
                last.run += 1;
                last.token.end = letter.token.end;
                gap = Gap::default();
                changed = true;
                continue;
            }
            letters.push(Letter { gap: std::mem::take(&mut gap), ..*letter });
        }
        changed.then(|| Reading { closed: strict.closed, ..Reading::of(letters) })
    }

    /// What Latin letters would be on a Korean keyboard. `None` where they would be nothing.
    #[must_use]
    pub fn typed(&self) -> Option<Reading> {
        let tokens = keyboard::typed(&self.raw);
        (!tokens.is_empty()).then(|| Self { raw: Vec::new(), tokens }.strict())
    }
}

const fn is_of_sentences(c: char) -> bool {
    matches!(
        c,
        '…' | '‥'
            | '·'
            | 'ㆍ'
            | '"'
            | '\''
            | '‘'
            | '’'
            | '“'
            | '”'
            | '('
            | ')'
            | '['
            | ']'
            | '<'
            | '>'
            | '/'
            | '→'
            | '∼'
            | '「'
            | '」'
            | '『'
            | '』'
            | '〈'
            | '〉'
            | '《'
            | '》'
    )
}

fn merge(gap: &mut Gap, other: Gap) {
    gap.space |= other.space;
    gap.mark |= other.mark;
    gap.sentence |= other.sentence;
    gap.noise |= other.noise;
    gap.drawl |= other.drawl;
}

/// How many letters from `at` on do not belong between the Hangul around them.
fn noise(letters: &[Letter], at: usize, before: Option<&Letter>) -> usize {
    const LONGEST: usize = 4;
    let syllable = |l: &Letter| l.token.kind == Kind::Syllable;
    let Some(before) = before.filter(|l| l.token.kind.is_hangul()) else { return 0 };
    let Some(kind) = letters.get(at).map(|l| l.token.kind) else { return 0 };
    let may = match kind {
        Kind::Digit | Kind::Latin | Kind::Other => true,
        Kind::Jamo => syllable(before),
        _ => false,
    };
    if !may {
        return 0;
    }
    let length =
        letters[at..].iter().take(LONGEST + 1).take_while(|l| l.token.kind == kind).count();
    let after = letters.get(at + length);
    let ends = after
        .is_some_and(|l| if kind == Kind::Jamo { syllable(l) } else { l.token.kind.is_hangul() });
    if length <= LONGEST && ends { length } else { 0 }
}

/// Whether a letter only says again what the last one said.
fn repeats(last: &Letter, letter: &Letter, rest: &[Letter]) -> bool {
    if letter.gap.parts_words() {
        return false;
    }
    match (last.token.kind, letter.token.kind) {
        (Kind::Syllable, Kind::Syllable) => {
            last.token.c == letter.token.c || jamo::draws_out(last.token.c, letter.token.c)
        }
        (Kind::Jamo, Kind::Jamo) => last.token.c == letter.token.c,
        // Two in a row are spelling, three are not.
        (Kind::Latin, Kind::Latin) if last.token.c == letter.token.c => {
            last.run > 1 || rest.first().is_some_and(|next| next.token.c == letter.token.c)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn strict(text: &str) -> Reading {
        Fold::new(text).strict()
    }

    fn lax(text: &str) -> String {
        let reading = Fold::lax(&strict(text)).unwrap_or_default();
        reading.letters.iter().map(|letter| letter.token.c).collect()
    }

    #[test]
    fn writings_of_one_word_have_one_reading() {
        let codes = strict("시발").codes;
        for text in ["ㅅㅣㅂㅏㄹ", "시.발", "ㅅ1발", "시\u{200B}발", "ﾵￜﾲￂﾩ", "시♥발", "^ㅣ발"]
        {
            assert_eq!(strict(text).codes, codes, "{text}");
        }
        for text in ["시1발", "시이이발", "시시발발", "시ㅋㅋ발", "시xx발", "시22발", "시 3 발"]
        {
            assert_eq!(lax(text), "시발", "{text}");
        }
        assert_eq!(lax("fuuuuck"), "fuck");
        assert_eq!(lax("book"), "");
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in any::<String>()) {
            let once = Fold::new(&text).text();
            prop_assert_eq!(Fold::new(&once).text(), once);
        }

        #[test]
        fn folding_korean_twice_is_folding_once(text in "[가-힣ㄱ-ㅣa-zA-Z0-9 .!^|1lHr7@$]{0,40}") {
            let once = Fold::new(&text).text();
            prop_assert_eq!(Fold::new(&once).text(), once);
        }

        #[test]
        fn spans_stay_inside_and_in_order(text in any::<String>()) {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let reading = Fold::new(&text).strict();
            prop_assert_eq!(reading.codes.len(), reading.owner.len());
            for pair in reading.letters.windows(2) {
                prop_assert!(pair[0].token.start <= pair[1].token.start);
            }
            prop_assert!(reading.letters.iter().all(|l| l.token.start < l.token.end && l.token.end <= length));
        }
    }
}

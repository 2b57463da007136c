//! A text as a row of letters and what stands between, each with the code points it came from.

use super::{confusables, jamo};
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A whole syllable of Hangul.
    Syllable,
    /// A letter of Hangul standing alone.
    Jamo,
    /// `a` to `z`.
    Latin,
    /// `0` to `9`.
    Digit,
    /// A letter or number of any other script.
    Other,
    /// Whitespace.
    Space,
    /// Punctuation, symbols, pictures.
    Mark,
}

impl Kind {
    /// Whether it separates letters.
    #[must_use]
    pub const fn separates(self) -> bool {
        matches!(self, Self::Space | Self::Mark)
    }

    /// Whether it is written in Hangul.
    #[must_use]
    pub const fn is_hangul(self) -> bool {
        matches!(self, Self::Syllable | Self::Jamo)
    }
}

/// One character of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Normalised: lower case, without marks, as the plain letter that it looks like.
    pub c: char,
    /// The first code point of the original that it came from.
    pub start: u32,
    /// One past the last.
    pub end: u32,
    /// It was a capital letter of ASCII.
    pub capital: bool,
    /// It is a digit or a sign that stands for this letter.
    pub drawn: bool,
}

/// Takes a text apart. What shows nothing is gone: zero width characters, soft hyphens, variation
/// selectors, combining marks, fillers.
#[must_use]
pub fn tokens(text: &str) -> Vec<Token> {
    let mut found = Vec::with_capacity(text.len() / 2);
    for (at, c) in text.chars().enumerate() {
        let at = u32::try_from(at).unwrap_or(u32::MAX - 1);
        let mut push = |kind, c, capital| {
            found.push(Token { kind, c, start: at, end: at + 1, capital, drawn: false });
        };
        match c {
            'a'..='z' => push(Kind::Latin, c, false),
            'A'..='Z' => push(Kind::Latin, c.to_ascii_lowercase(), true),
            '0'..='9' => push(Kind::Digit, c, false),
            '가'..='힣' => push(Kind::Syllable, c, false),
            'ㄱ'..='ㅣ' => push(Kind::Jamo, c, false),
            _ if c.is_whitespace() => push(Kind::Space, ' ', false),
            _ if c.is_control() || shows_nothing(c) => {}
            _ if c.is_ascii() => push(Kind::Mark, c, false),
            _ => others(c, &mut push),
        }
    }
    found
}

/// Characters that need a table.
fn others(c: char, push: &mut impl FnMut(Kind, char, bool)) {
    if let Some(letters) = confusables::looks_like(c) {
        letters.chars().for_each(|letter| push(ascii(letter), letter, false));
        return;
    }
    // Three full stops otherwise, which words are parted with on purpose.
    if matches!(c, '…' | '‥') {
        return push(Kind::Mark, c, false);
    }
    for part in std::iter::once(c).nfkd() {
        if is_combining_mark(part) || shows_nothing(part) {
            continue;
        }
        for part in part.to_lowercase() {
            match confusables::looks_like(part) {
                Some(letters) => {
                    letters.chars().for_each(|letter| push(ascii(letter), letter, false))
                }
                None => push_plain(part, push),
            }
        }
    }
}

fn push_plain(c: char, push: &mut impl FnMut(Kind, char, bool)) {
    match jamo::plain(c) {
        Some(letter) => push(Kind::Jamo, letter, false),
        None if c.is_ascii() => push(ascii(c), c, false),
        None if c.is_whitespace() => push(Kind::Space, ' ', false),
        None if is_combining_mark(c) => {}
        None if c.is_alphanumeric() => push(Kind::Other, c, false),
        None => push(Kind::Mark, c, false),
    }
}

const fn ascii(c: char) -> Kind {
    match c {
        'a'..='z' => Kind::Latin,
        '0'..='9' => Kind::Digit,
        ' ' => Kind::Space,
        _ => Kind::Mark,
    }
}

/// Characters that have no width of their own.
#[must_use]
pub const fn shows_nothing(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
        | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        tokens(text).iter().map(|token| token.c).collect()
    }

    #[test]
    fn looks_are_read_as_letters() {
        assert_eq!(read("ＦＵＣＫ ｓhіт"), "fuck shit");
        assert_eq!(read("𝔣𝔲𝔠𝔨 ⓕⓤ"), "fuck fu");
        assert_eq!(read("ｼﾊﾞ"), "シハ");
        assert_eq!(read("ﾡﾢ"), "ㄱㄲ");
        assert_eq!(read("f\u{300}\u{301}u\u{200B}c\u{FE0F}k"), "fuck");
        assert_eq!(read("시\u{200D}\u{AD}발"), "시발");
    }

    #[test]
    fn spans_point_at_code_points_of_the_original() {
        let found = tokens("a\u{200B}㈀b");
        let spans: Vec<_> = found.iter().map(|t| (t.c, t.start, t.end)).collect();
        assert_eq!(spans, [('a', 0, 1), ('(', 2, 3), ('ㄱ', 2, 3), (')', 2, 3), ('b', 3, 4)]);
    }
}

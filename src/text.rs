//! The rules for text that people write: what is kept and what is refused (`slug`: names for URLs,
//! `skeleton`: what look-alikes have in common).
//!
//! NFC and trimming are the only changes (and `\r\n` to `\n` where lines are allowed). Everything
//! else that cannot be shown as written is refused, so that what was stored is what was sent.

use crate::error::Broken;
use thiserror::Error;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

mod confusables;
mod skeleton;
mod slug;
pub use skeleton::skeleton;
pub use slug::{SLUG_MAX, is_slug, slugify};

/// Why a text was refused. `Display` is the English detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TextFault {
    /// Nothing is left after trimming.
    #[error("must not be empty")]
    Empty,
    /// More code points than the field takes.
    #[error("must be at most {max} characters (Unicode code points), was {actual}")]
    TooLong {
        /// The limit, in code points.
        max: usize,
        /// What came, in code points after NFC and trimming.
        actual: usize,
    },
    /// NUL or another control character (a line break where one line is asked for is one too).
    #[error("must not contain control characters")]
    Control,
    /// A character that turns the direction of the text around it.
    #[error("must not contain bidirectional control characters")]
    Bidi,
    /// More combining marks on one letter than any script needs.
    #[error("must not stack more than {max} marks on one letter")]
    Marks {
        /// The limit.
        max: usize,
    },
    /// There are characters, but a reader would see none of them.
    #[error("must contain visible characters")]
    Invisible,
}

impl Broken for TextFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::TooLong { .. } => "too_long",
            Self::Control => "control_characters",
            Self::Bidi => "bidi_characters",
            Self::Marks { .. } => "too_many_marks",
            Self::Invisible => "invisible_text",
        }
    }

    fn detail_ko(&self) -> String {
        match self {
            Self::Empty => "비워 둘 수 없습니다.".into(),
            Self::TooLong { max, actual } => {
                format!(
                    "최대 {max}자(유니코드 코드 포인트)까지 쓸 수 있습니다. 현재 {actual}자입니다."
                )
            }
            Self::Control => "제어 문자를 쓸 수 없습니다.".into(),
            Self::Bidi => "글자 방향을 바꾸는 제어 문자를 쓸 수 없습니다.".into(),
            Self::Marks { max } => {
                format!("한 글자에 결합 문자를 {max}개까지만 붙일 수 있습니다.")
            }
            Self::Invisible => "보이는 글자가 있어야 합니다.".into(),
        }
    }
}

/// A text of one line, at most `max` code points: NFC, trimmed, without control characters.
///
/// # Errors
///
/// The first rule that the text breaks.
pub fn single_line(text: &str, max: usize) -> Result<String, TextFault> {
    let text = normal(text);
    checked(&text, max, |c| c.is_control() || is_line_separator(c))?;
    Ok(text)
}

/// A text of many lines, at most `max` code points: tab and newline are welcome, `\r\n` becomes
/// `\n` (browsers send forms that way), a lone `\r` is refused.
///
/// # Errors
///
/// The first rule that the text breaks.
pub fn multi_line(text: &str, max: usize) -> Result<String, TextFault> {
    let text = if text.contains('\r') { normal(&text.replace("\r\n", "\n")) } else { normal(text) };
    checked(&text, max, is_control_in_lines)?;
    Ok(text)
}

/// Combining marks on one letter: a Hebrew letter of scripture has five, no other script has more.
pub const MARKS_MAX: usize = 6;

/// [`multi_line`] for what readers write to each other: a carriage return is refused as other control
/// characters are, so that what comes back is what was sent, and marks must not climb over other lines.
///
/// # Errors
///
/// The first rule that the text breaks.
pub fn reader_lines(text: &str, max: usize) -> Result<String, TextFault> {
    let text = normal(text);
    checked(&text, max, is_control_in_lines)?;
    let mut run = 0;
    for c in text.chars() {
        run = if is_combining_mark(c) { run + 1 } else { 0 };
        if run > MARKS_MAX {
            return Err(TextFault::Marks { max: MARKS_MAX });
        }
    }
    Ok(text)
}

/// [`multi_line`] for text that must not be changed, such as markup: NFC would join a combining
/// mark to the `>` of a tag.
///
/// # Errors
///
/// The first rule that the text breaks.
pub fn check_lines(text: &str, max: usize) -> Result<(), TextFault> {
    checked(text, max, is_control_in_lines)
}

/// [`single_line`] with the limit in the type, for `#[deserr(try_from(String) = line::<300> -> TextFault)]`.
///
/// # Errors
///
/// As [`single_line`].
pub fn line<const MAX: usize>(text: String) -> Result<String, TextFault> {
    single_line(&text, MAX)
}

/// [`multi_line`] with the limit in the type.
///
/// # Errors
///
/// As [`multi_line`].
pub fn lines<const MAX: usize>(text: String) -> Result<String, TextFault> {
    multi_line(&text, MAX)
}

/// An optional line: an empty one means the same as `null`.
///
/// # Errors
///
/// As [`single_line`], but [`TextFault::Empty`] never happens.
pub fn maybe_line<const MAX: usize>(text: Option<String>) -> Result<Option<String>, TextFault> {
    maybe(text, |text| single_line(text, MAX))
}

/// Optional lines: an empty text means the same as `null`.
///
/// # Errors
///
/// As [`multi_line`], but [`TextFault::Empty`] never happens.
pub fn maybe_lines<const MAX: usize>(text: Option<String>) -> Result<Option<String>, TextFault> {
    maybe(text, |text| multi_line(text, MAX))
}

fn maybe(
    text: Option<String>,
    check: impl Fn(&str) -> Result<String, TextFault>,
) -> Result<Option<String>, TextFault> {
    match text.as_deref().map(check).transpose() {
        Err(TextFault::Empty) => Ok(None),
        checked => checked,
    }
}

/// Foreign text (a feed, a web page) made to fit the rules: what they refuse is dropped.
///
/// Lines stay lines. The answer may be empty; if it is not, [`multi_line`] accepts it.
#[must_use]
pub fn cleaned(text: &str) -> String {
    let text = normal(&without_controls(&text.replace("\r\n", "\n").replace('\r', "\n")));
    if text.chars().all(shows_nothing) { String::new() } else { text }
}

/// Foreign text without the control and bidi characters that the rules refuse.
#[must_use]
pub fn without_controls(text: &str) -> String {
    text.chars().filter(|&c| !is_control_in_lines(c) && !is_bidi_control(c)).collect()
}

/// Foreign text on one line: whitespace of any kind is one space. May be empty.
#[must_use]
pub fn cleaned_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    // A control character may have stood between two spaces.
    cleaned(&words.join(" ")).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The beginning of a text, at most `max` code points, ending at a word where one ends near, and
/// with `…` where something is missing.
#[must_use]
pub fn cut(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else {
        return text.to_owned();
    };
    let end = text[..end].char_indices().next_back().map_or(0, |(last, _)| last);
    let head = &text[..end];
    // Not further back than a third: scripts without spaces would lose everything.
    let word = head.rfind(char::is_whitespace).filter(|&at| at > end / 3 * 2).unwrap_or(end);
    format!("{}…", head[..word].trim_end_matches(|c: char| c.is_whitespace() || c == ','))
}

fn normal(text: &str) -> String {
    let text: String = text.nfc().collect();
    text.trim().to_owned()
}

fn checked(text: &str, max: usize, refused: impl Fn(char) -> bool) -> Result<(), TextFault> {
    if text.is_empty() {
        return Err(TextFault::Empty);
    }
    if text.chars().any(refused) {
        return Err(TextFault::Control);
    }
    if text.chars().any(is_bidi_control) {
        return Err(TextFault::Bidi);
    }
    if text.chars().all(shows_nothing) {
        return Err(TextFault::Invisible);
    }
    match text.chars().count() {
        actual if actual > max => Err(TextFault::TooLong { max, actual }),
        _ => Ok(()),
    }
}

fn is_control_in_lines(c: char) -> bool {
    c.is_control() && !matches!(c, '\t' | '\n')
}

const fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

const fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Whitespace, the default-ignorable code points of Unicode, and the letters that are blank by
/// design (Hangul fillers, the empty Braille pattern).
fn shows_nothing(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
            | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{2800}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E0FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn changes_are_nfc_and_trim_only() {
        assert_eq!(single_line("  \u{1112}\u{1161}\u{11AB}글 ", 2), Ok("한글".into()));
        assert_eq!(multi_line("one\r\ntwo\tthree\n", 20), Ok("one\ntwo\tthree".into()));
    }

    #[test]
    fn refuses_what_cannot_be_shown() {
        assert_eq!(single_line(" \n ", 9), Err(TextFault::Empty));
        assert_eq!(single_line("abc", 2), Err(TextFault::TooLong { max: 2, actual: 3 }));
        for text in ["a\0", "a\nb", "a\tb", "a\u{85}b", "a\u{2028}b", "a\r\nb"] {
            assert_eq!(single_line(text, 9), Err(TextFault::Control), "{text:?}");
        }
        assert_eq!(multi_line("a\rb", 9), Err(TextFault::Control));
        for c in ['\u{202E}', '\u{2066}', '\u{200F}', '\u{61C}'] {
            assert_eq!(multi_line(&format!("a{c}b"), 9), Err(TextFault::Bidi));
        }
        for text in
            ["\u{3164}", "\u{200B}\u{FEFF}", "\u{2800} \u{FFA0}", "\u{E0041}", "\u{115F}\u{FE0F}"]
        {
            assert_eq!(single_line(text, 9), Err(TextFault::Invisible), "{text:?}");
        }
        assert!(single_line("👩‍👩‍👧", 9).is_ok());
    }

    #[test]
    fn optional_text_that_is_empty_is_null() {
        assert_eq!(maybe_line::<5>(Some(" ".into())), Ok(None));
        assert_eq!(maybe_line::<5>(None), Ok(None));
        assert_eq!(
            maybe_line::<1>(Some("ab".into())),
            Err(TextFault::TooLong { max: 1, actual: 2 })
        );
    }

    #[test]
    fn long_text_is_cut_at_a_word() {
        assert_eq!(cut("one two three", 13), "one two three");
        assert_eq!(cut("one two three", 12), "one two…");
        assert_eq!(cut("가나다라마바사", 4), "가나다…");
        assert_eq!(cleaned_line(" a\n\u{0} \tb\u{2028}c "), "a b c");
    }

    proptest! {
        #[test]
        fn cut_text_fits(text in any::<String>(), max in 1usize..50) {
            prop_assert!(cut(&text, max).chars().count() <= max);
        }

        #[test]
        fn accepted_text_is_a_fixed_point(text in any::<String>(), max in 1usize..40) {
            if let Ok(once) = multi_line(&text, max) {
                prop_assert!(once.chars().count() <= max);
                prop_assert_eq!(multi_line(&once, max), Ok(once.clone()));
            }
        }

        #[test]
        fn cleaned_text_is_accepted(text in any::<String>()) {
            let text = cleaned(&text);
            prop_assert!(text.is_empty() || multi_line(&text, usize::MAX) == Ok(text.clone()));
        }
    }
}

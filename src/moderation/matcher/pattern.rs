//! Regular expressions of rules: without backtracking, bounded in size, on text whose compatibility
//! forms and case are folded and which has no characters of no width.

use crate::moderation::fold::shows_nothing;
use regex::{Regex, RegexBuilder};
use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

/// The longest pattern, in code points.
pub const PATTERN_MAX: usize = 200;
/// What a compiled pattern may take, in bytes.
const SIZE_MAX: usize = 256 * 1024;
/// How deep it may be nested.
const NEST_MAX: u32 = 16;

/// Why a pattern is not taken. `Display` is the English detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PatternFault {
    /// More code points than are taken.
    #[error("is longer than {PATTERN_MAX} characters")]
    TooLong,
    /// It is not a regular expression of the kind that is taken.
    #[error("is not a regular expression (no look-around, no back-references)")]
    Syntax,
    /// Its repetitions make it too large.
    #[error("becomes too large when it is compiled")]
    TooLarge,
    /// It would match any text.
    #[error("matches the empty text")]
    Empty,
}

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern(Regex);

impl Pattern {
    /// Compiles a pattern.
    pub fn parse(pattern: &str) -> Result<Self, PatternFault> {
        if pattern.chars().count() > PATTERN_MAX {
            return Err(PatternFault::TooLong);
        }
        let built = RegexBuilder::new(pattern)
            .case_insensitive(true)
            .size_limit(SIZE_MAX)
            .dfa_size_limit(4 * SIZE_MAX)
            .nest_limit(NEST_MAX)
            .build();
        match built {
            Ok(regex) if regex.is_match("") => Err(PatternFault::Empty),
            Ok(regex) => Ok(Self(regex)),
            Err(regex::Error::CompiledTooBig(_)) => Err(PatternFault::TooLarge),
            Err(_) => Err(PatternFault::Syntax),
        }
    }

    /// Signs and pictures as they are.
    pub fn literal(signs: &str) -> Result<Self, PatternFault> {
        let plain = Plain::new(signs.trim()).text;
        if plain.is_empty() {
            Err(PatternFault::Empty)
        } else {
            Self::parse(&regex::escape(&plain))
        }
    }

    /// Where it matches, in code points of the original.
    pub fn find<'a>(&'a self, plain: &'a Plain) -> impl Iterator<Item = (usize, usize)> + 'a {
        self.0
            .find_iter(&plain.text)
            .filter(|found| !found.is_empty())
            .map(|found| plain.span(found.start(), found.end()))
    }
}

/// A text for patterns: NFKC and lower case, character by character, without what shows nothing.
#[derive(Debug)]
pub(super) struct Plain {
    text: String,
    /// For each byte of the text the code point it came from.
    from: Vec<u32>,
}

impl Plain {
    /// Prepares a text.
    pub fn new(original: &str) -> Self {
        let mut plain = Self { text: String::with_capacity(original.len()), from: Vec::new() };
        for (at, c) in original.chars().enumerate() {
            if shows_nothing(c) {
                continue;
            }
            if c.is_ascii() || matches!(c, '가'..='힣') {
                plain.text.push(c.to_ascii_lowercase());
            } else {
                plain.text.extend(std::iter::once(c).nfkc().flat_map(char::to_lowercase));
            }
            plain.from.resize(plain.text.len(), u32::try_from(at).unwrap_or(u32::MAX));
        }
        plain
    }

    fn span(&self, start: usize, end: usize) -> (usize, usize) {
        let at = |byte: usize| self.from.get(byte).map_or(0, |at| *at as usize);
        (at(start), at(end.saturating_sub(1)) + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_bounded() {
        let fault = |pattern: &str| Pattern::parse(pattern).err();
        assert_eq!(fault(r"01[016789]-?\d{3,4}-?\d{4}"), None);
        assert_eq!(fault(r"(?=a)b"), Some(PatternFault::Syntax));
        assert_eq!(fault(r"(a)\1"), Some(PatternFault::Syntax));
        assert_eq!(fault("("), Some(PatternFault::Syntax));
        assert_eq!(fault("a*"), Some(PatternFault::Empty));
        assert_eq!(fault(r"((\w{50}){50}){50}x"), Some(PatternFault::TooLarge));
        assert_eq!(fault(&"a".repeat(201)), Some(PatternFault::TooLong));
    }

    #[test]
    fn spans_point_at_the_original() {
        let plain = Plain::new("ab\u{200B}０１０-12\u{200B}34");
        let pattern = Pattern::parse(r"\d{3}-\d{4}");
        let found: Option<(usize, usize)> = pattern.ok().and_then(|p| p.find(&plain).next());
        assert_eq!(found, Some((3, 12)));
    }
}

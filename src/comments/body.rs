//! The text of a comment: what is taken, and what stands in it.

use crate::text::{TextFault, reader_lines};
use regex::Regex;
use std::sync::LazyLock;

/// The text as it is stored: NFC, trimmed, at most `max` code points, and nothing that readers cannot see.
///
/// # Errors
/// The first rule that the text breaks.
pub fn parse(text: &str, max: u32) -> Result<String, TextFault> {
    reader_lines(text, max as usize)
}

/// How many code points the text has as it would be stored, whether it may be or not.
#[must_use]
pub fn length(text: &str) -> usize {
    use unicode_normalization::UnicodeNormalization;
    text.nfc().collect::<String>().trim().chars().count()
}

/// Addresses with a scheme or `www.`, and names under the domains that strangers advertise.
static LINK: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix) (?: [a-z][a-z0-9+.-]{1,15}://\S
            | \bwww\.[a-z0-9-]+\.
            | \b[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.
              (?:com|net|org|kr|io|co|me|ly|gg|gl|be|tv|cc|to|shop|xyz|link|site|info|biz|app|dev|top|club)
              (?:/|\b) )",
    )
    .ok()
});

/// Whether an address stands in the text.
#[must_use]
pub fn has_link(text: &str) -> bool {
    LINK.as_ref().is_some_and(|link| link.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_told_from_sentences() {
        for text in [
            "보세요 https://a.example/x",
            "www.광고.com 말고 www.ad.kr",
            "bit.ly/abc 클릭",
            "카톡 a-b.shop",
            "http://가.kr",
        ] {
            assert!(has_link(text), "{text}");
        }
        for text in ["3.5 퍼센트", "안녕...하세요", "e.g. that", "v1.2.3", "끝.다음"] {
            assert!(!has_link(text), "{text}");
        }
    }

    #[test]
    fn the_length_is_that_of_the_stored_text() {
        assert_eq!(length(" \u{1112}\u{1161}\u{11AB}글\n "), 2);
        assert_eq!(parse("𝄞".repeat(300).as_str(), 300).map(|t| t.chars().count()), Ok(300));
        assert!(parse("𝄞".repeat(301).as_str(), 300).is_err());
        let flood = format!("Z{}", "\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}");
        assert_eq!(parse(&flood, 300).map_err(|f| matches!(f, TextFault::Marks { .. })), Err(true));
    }
}

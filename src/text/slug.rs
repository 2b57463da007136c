//! Names for URLs, readable in any script.

use unicode_normalization::{UnicodeNormalization, char::is_combining_mark, is_nfc};

use super::shows_nothing;

/// The longest slug, in Unicode code points.
pub const SLUG_MAX: usize = 120;

/// What a slug is when nothing of the text can stand in one.
const SLUG_FALLBACK: &str = "item";

/// A name for URLs: lower case, letters and digits of any script, everything else one `-`.
///
/// Combining marks that NFC could not join are dropped rather than made a dash. Never empty: where
/// nothing is left the slug is `item`.
#[must_use]
pub fn slugify(text: &str, max_code_points: usize) -> String {
    let mut slug = String::new();
    let lower: String = text.nfc().flat_map(char::to_lowercase).nfc().collect();
    for c in lower.chars().filter(|&c| !is_combining_mark(c)) {
        if is_slug_letter(c) {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    // Dropping a mark may have put two letters side by side that compose.
    let slug: String = slug.nfc().take(max_code_points).collect();
    match slug.trim_end_matches('-') {
        "" => SLUG_FALLBACK.into(),
        slug => slug.into(),
    }
}

/// Whether a text can stand as a slug: 1 to [`SLUG_MAX`] letters and digits that have no upper
/// case form of their own, with single `-` or `_` between them, in NFC.
#[must_use]
pub fn is_slug(text: &str) -> bool {
    let mut after_mark = true;
    for c in text.chars() {
        let mark = matches!(c, '-' | '_');
        if (mark && after_mark) || !(mark || is_slug_letter(c)) {
            return false;
        }
        after_mark = mark;
    }
    !after_mark && text.chars().count() <= SLUG_MAX && is_nfc(text)
}

fn is_slug_letter(c: char) -> bool {
    c.is_alphanumeric() && !is_combining_mark(c) && !shows_nothing(c) && c.to_lowercase().eq([c])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs_stay_readable() {
        assert_eq!(slugify("한국은행, 기준금리 3.5% 동결!", 80), "한국은행-기준금리-3-5-동결");
        assert_eq!(slugify("Çağrı — İstanbul", 80), "çağrı-istanbul");
        assert_eq!(slugify("\u{3164}…", 80), "item");
        assert_eq!(slugify("abc def", 4), "abc");
        for (text, ok) in [
            ("a-b_c", true),
            ("경제", true),
            ("", false),
            ("-a", false),
            ("a--b", false),
            ("A", false),
            ("a b", false),
            ("a_", false),
        ] {
            assert_eq!(is_slug(text), ok, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn slugs_are_slugs(text in any::<String>(), max in 4usize..=SLUG_MAX) {
            let slug = slugify(&text, max);
            prop_assert!(is_slug(&slug), "{:?}", slug);
            prop_assert!(slug.chars().count() <= max);
            prop_assert_eq!(slugify(&slug, max), slug.clone());
        }
    }
}

//! Which language a problem is told in: `Accept-Language`, English by default.

use crate::error::Lang;
use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};

/// The best of Korean and English for this `Accept-Language` (RFC 9110, 12.5.4).
#[must_use]
pub fn language(headers: &HeaderMap) -> Lang {
    let Some(text) = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return Lang::En;
    };
    let mut best = (0.0, Lang::En);
    for range in text.split(',') {
        let mut parts = range.split(';');
        let tag = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let weight = parts
            .find_map(|part| part.trim().strip_prefix("q=")?.parse::<f32>().ok())
            .unwrap_or(1.0);
        let lang = match tag.split('-').next() {
            Some("ko") => Lang::Ko,
            Some("en") => Lang::En,
            _ => continue,
        };
        if weight > best.0 {
            best = (weight, lang);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::HeaderValue;

    #[test]
    fn the_heaviest_known_language_wins_and_english_is_the_default() {
        for (text, expected) in [
            ("ko-KR,ko;q=0.9,en;q=0.8", Lang::Ko),
            ("en;q=0.4, ko;q=0.6", Lang::Ko),
            ("en-US,ko;q=0.9", Lang::En),
            ("fr,de", Lang::En),
            ("ko;q=0", Lang::En),
            ("", Lang::En),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_str(text).expect("ascii"));
            assert_eq!(language(&headers), expected, "{text}");
        }
    }
}

//! Programs that are no readers, by a list others maintain, and fetches ahead of a reader.

use actix_web::http::header::HeaderMap;
use regex::bytes::{Regex, RegexBuilder};
use std::sync::LazyLock;

/// Bytes of a user agent that are looked at: longer ones are cut.
const LOOKED_AT: usize = 1024;

/// Why a view does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The user agent is on the list.
    Bot,
    /// A browser fetches what its reader may never open.
    Prefetch,
}

static LIST: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let patterns: Vec<_> = include_str!("bots.txt")
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|pattern| format!("(?:{pattern})"))
        .collect();
    RegexBuilder::new(&patterns.join("|")).size_limit(64 << 20).unicode(false).build().ok()
});

/// What the headers of a view say against it. No user agent at all is no proof of anything.
pub fn refusal(headers: &HeaderMap) -> Option<Refusal> {
    if is_bot(user_agent(headers)) {
        return Some(Refusal::Bot);
    }
    is_prefetch(headers).then_some(Refusal::Prefetch)
}

/// The user agent; what is not visible ASCII makes it empty.
pub fn user_agent(headers: &HeaderMap) -> &str {
    let text = headers.get("user-agent").and_then(|value| value.to_str().ok()).unwrap_or_default();
    &text[..text.len().min(LOOKED_AT)]
}

fn is_bot(user_agent: &str) -> bool {
    LIST.as_ref().is_some_and(|list| list.is_match(user_agent.as_bytes()))
}

/// `Sec-Purpose: prefetch;prerender` of Chromium, `Purpose` before it, `X-Moz` of Firefox,
/// `X-Purpose: preview` of Safari.
fn is_prefetch(headers: &HeaderMap) -> bool {
    let says = |name: &str, words: &[&str]| {
        headers.get(name).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value
                .split([';', ','])
                .any(|part| words.iter().any(|word| part.trim().eq_ignore_ascii_case(word)))
        })
    };
    const AHEAD: [&str; 3] = ["prefetch", "prerender", "preview"];
    ["sec-purpose", "purpose", "x-moz", "x-purpose"].iter().any(|name| says(name, &AHEAD))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn crawlers_are_known_and_readers_are_not() {
        assert!(LIST.is_some(), "the list compiles");
        for bot in [
            "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
            "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)",
            "Mozilla/5.0 (compatible; Daum/4.1; +http://cs.daum.net/faq/15/4118.html?faqId=28966)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; GPTBot/1.2; +https://openai.com/gptbot)",
            "curl/8.5.0",
            "python-requests/2.32.0",
        ] {
            assert!(is_bot(bot), "{bot}");
        }
        for reader in [
            "",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15",
            "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0",
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Whale/4.29.282.14 Safari/537.36",
            "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/26.0 Chrome/122.0.0.0 Mobile Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 NAVER(inapp; search; 2000; 12.8.50; 15PRO)",
            "Mozilla/5.0 (Linux; Android 14; SM-S918N) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/122.0.0.0 Mobile Safari/537.36;KAKAOTALK 2410820",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 DaumApps/8.2.0 DaumDevice/mobile",
        ] {
            assert!(!is_bot(reader), "{reader}");
        }
    }

    #[test]
    fn fetches_ahead_of_the_reader_are_seen() {
        let with = |name: &'static str, value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            refusal(&headers)
        };
        assert_eq!(with("sec-purpose", "prefetch;prerender"), Some(Refusal::Prefetch));
        assert_eq!(with("purpose", "prefetch"), Some(Refusal::Prefetch));
        assert_eq!(with("x-moz", "prefetch"), Some(Refusal::Prefetch));
        assert_eq!(with("purpose", "reading"), None);
        assert_eq!(with("user-agent", "Googlebot/2.1"), Some(Refusal::Bot));
    }
}

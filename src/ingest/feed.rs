//! RSS, Atom and JSON Feed, read into our own import shape, so that there is one checked path in.

use std::panic::{AssertUnwindSafe, catch_unwind};

use feed_rs::parser::{Builder, ParseErrorKind, ParseFeedError};
use serde_json::Value;
use thiserror::Error;
use url::Url;

use super::encoding::decode;
use super::entry::{Context, language, plain, translate, web};
use super::repair::repair;

/// The largest feed, in bytes.
pub const BYTES_MAX: usize = 64 << 20;
/// The most items of one feed.
pub const ITEMS_MAX: usize = 20_000;

/// A feed in our own terms.
#[derive(Debug, Clone, PartialEq)]
pub struct Feed {
    /// What it calls itself.
    pub title: Option<String>,
    /// The site that it belongs to.
    pub link: Option<String>,
    /// Its language, two letters.
    pub language: Option<String>,
    /// Its items, each an object of the import shape (as one line of an NDJSON import).
    pub items: Vec<Value>,
}

/// Why a feed could not be read. `Display` is the English detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum FeedFault {
    /// It is something else.
    #[error("is not an RSS, Atom or JSON feed")]
    NotAFeed,
    /// More than [`BYTES_MAX`] bytes or [`ITEMS_MAX`] items.
    #[error("must be at most 64 MiB and 20,000 items")]
    TooLarge,
    /// It starts as a feed, but cannot be read as one.
    #[error("looks like a feed, but is too broken to be read")]
    Malformed,
    /// A JSON Feed of a version that we do not know.
    #[error("is a JSON Feed of an unknown version")]
    UnsupportedVersion,
    /// There is no text in the bytes.
    #[error("is empty or is not text")]
    Undecodable,
}

impl FeedFault {
    /// The code that clients switch on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAFeed => "not_a_feed",
            Self::TooLarge => "too_large",
            Self::Malformed => "malformed",
            Self::UnsupportedVersion => "unsupported_version",
            Self::Undecodable => "undecodable",
        }
    }

    /// The Korean detail.
    #[must_use]
    pub const fn detail_ko(&self) -> &'static str {
        match self {
            Self::NotAFeed => "RSS, Atom, JSON 피드가 아닙니다.",
            Self::TooLarge => "최대 64MiB, 항목 20,000개까지 읽을 수 있습니다.",
            Self::Malformed => "피드로 보이지만 손상이 심해 읽을 수 없습니다.",
            Self::UnsupportedVersion => "알 수 없는 버전의 JSON 피드입니다.",
            Self::Undecodable => "내용이 없거나 텍스트가 아닙니다.",
        }
    }
}

/// What kind of import some bytes are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ImportFormat)]
pub enum Format {
    /// RSS 0.9x, 1.0 or 2.0.
    Rss,
    /// Atom 0.3 or 1.0.
    Atom,
    /// JSON Feed 1.x.
    JsonFeed,
    /// One article per line, in our own import shape.
    Ndjson,
}

impl Format {
    /// Every format by its name on the wire and in the database.
    pub const ALL: [(&'static str, Self); 4] = [
        ("rss", Self::Rss),
        ("atom", Self::Atom),
        ("json_feed", Self::JsonFeed),
        ("ndjson", Self::Ndjson),
    ];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, format)| *format == self).map_or("", |(name, _)| name)
    }

    /// From its name in the database.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(known, _)| *known == name).map(|(_, format)| *format)
    }

    /// Tells the kind by the first bytes, and by the media type where these say nothing.
    #[must_use]
    pub fn sniff(bytes: &[u8], content_type: Option<&str>) -> Option<Self> {
        let mut head = decode(&bytes[..bytes.len().min(8192)], content_type);
        let media = content_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .to_ascii_lowercase();
        head.make_ascii_lowercase();
        let start = head.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
        if start.starts_with('{') {
            let is_feed =
                media == "application/feed+json" || start.contains("jsonfeed.org/version/");
            // A feed is one object over many lines; without its version, the first line decides.
            let line = start.lines().next().unwrap_or_default().trim_end();
            let whole = line.len() > 1 && line.ends_with('}');
            // A long first line may well hold a list, which has items too.
            let items = start.contains("\"items\"") && !start.contains("\"headline\"");
            let feed = is_feed || (!whole && media != "application/x-ndjson" && items);
            return Some(if feed { Self::JsonFeed } else { Self::Ndjson });
        }
        match root(start)?.rsplit(':').next() {
            Some("rss" | "rdf") => Some(Self::Rss),
            Some("feed" | "entry") => Some(Self::Atom),
            _ => None,
        }
    }
}

/// The name of the first element in lower-case text.
fn root(mut text: &str) -> Option<&str> {
    loop {
        text = &text[text.find('<')? + 1..];
        if let Some(comment) = text.strip_prefix("!--") {
            (_, text) = comment.split_once("-->")?;
        } else if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
            return text.split(|c: char| c.is_whitespace() || matches!(c, '>' | '/')).next();
        }
    }
}

/// Reads a feed. `content_type` is the HTTP header and `base` the address, where there are such.
///
/// # Errors
///
/// [`FeedFault`]; never a panic, and in time that is linear in the input.
pub fn read(
    bytes: &[u8],
    content_type: Option<&str>,
    base: Option<&Url>,
) -> Result<Feed, FeedFault> {
    if bytes.len() > BYTES_MAX {
        return Err(FeedFault::TooLarge);
    }
    let text = decode(bytes, content_type);
    if text.trim().is_empty() {
        return Err(FeedFault::Undecodable);
    }
    let text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{FEFF}');
    let source = if text.starts_with('{') { json(text)? } else { xml(text)? };
    Ok(translated(parse(&source, base)?, base))
}

/// A JSON Feed that is small enough to be held; every item opens at least one brace.
fn json(text: &str) -> Result<String, FeedFault> {
    match text.bytes().filter(|&byte| byte == b'{').count() {
        braces if braces > ITEMS_MAX * 10 => Err(FeedFault::TooLarge),
        _ => Ok(text.to_owned()),
    }
}

fn xml(text: &str) -> Result<String, FeedFault> {
    // Whatever a server printed before the document is not part of it.
    let start = text.find('<').ok_or(FeedFault::NotAFeed)?;
    let repaired = repair(&text[start..]);
    if repaired.items > ITEMS_MAX { Err(FeedFault::TooLarge) } else { Ok(repaired.xml) }
}

fn parse(source: &str, base: Option<&Url>) -> Result<feed_rs::model::Feed, FeedFault> {
    let parser = Builder::new()
        // Its own makes random ids up, which would import an item anew each time.
        .id_generator(|_, _, _| String::new())
        .sanitize_content(false)
        .base_uri(base.map(Url::as_str))
        .build();
    // A parser that panics on a foreign document must not take the server's task with it.
    let parsed = catch_unwind(AssertUnwindSafe(|| parser.parse(source.as_bytes())));
    parsed.map_err(|_| FeedFault::Malformed)?.map_err(|error| match error {
        ParseFeedError::ParseError(ParseErrorKind::NoFeedRoot) => FeedFault::NotAFeed,
        ParseFeedError::JsonUnsupportedVersion(_) => FeedFault::UnsupportedVersion,
        ParseFeedError::JsonSerde(error) if error.is_data() => FeedFault::NotAFeed,
        _ => FeedFault::Malformed,
    })
}

fn translated(feed: feed_rs::model::Feed, base: Option<&Url>) -> Feed {
    let site =
        feed.links.iter().find(|link| link.rel.as_deref().is_none_or(|rel| rel == "alternate"));
    let link = site.and_then(|link| web(&link.href, base));
    let base = base.cloned().or_else(|| Url::parse(link.as_deref()?).ok());
    let context = Context { base, language: feed.language.as_deref().and_then(language) };
    Feed {
        title: feed.title.map(|title| plain(&title.content)).filter(|title| !title.is_empty()),
        link,
        language: context.language.clone(),
        items: feed
            .entries
            .into_iter()
            .take(ITEMS_MAX)
            .map(|entry| translate(entry, &context))
            .collect(),
    }
}

//! What a caller sends and sees.

pub mod reaction;
pub mod stats;
pub mod visitor;

use super::event::Origin;
use crate::{
    error::{Broken, Faults},
    http::body::BodyLimit,
};
use deserr::Deserr;
use utoipa::ToSchema;

/// A view of an article by a reader. Everything in it may be left out.
#[derive(Debug, Clone, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"via": {"module": "most_viewed", "position": 3}})))]
pub struct ViewEvent {
    /// The list the reader came from; null or absent when none.
    #[deserr(default)]
    #[schema(nullable)]
    pub via: Option<Via>,
    /// A visitor token, for callers that can set neither a header nor a cookie.
    #[deserr(default)]
    #[schema(nullable, max_length = 200)]
    pub visitor: Option<String>,
}

/// An article that a reader passed on.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"channel": "kakaotalk"})))]
pub struct ShareEvent {
    /// How. Checked; it does not change how the share counts.
    pub channel: Channel,
    /// The list the reader came from; null or absent when none.
    #[deserr(default)]
    #[schema(nullable)]
    pub via: Option<Via>,
    /// A visitor token, for callers that can set neither a header nor a cookie.
    #[deserr(default)]
    #[schema(nullable, max_length = 200)]
    pub visitor: Option<String>,
}

/// A way to pass an article on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[schema(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Channel {
    Kakaotalk,
    Facebook,
    X,
    Line,
    Email,
    #[deserr(rename = "copy_link")]
    CopyLink,
    /// The device's own menu.
    Native,
    Other,
}

/// A place in a list.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Via {
    /// The list's key. What came from the board `most_viewed`, `most_shared`, `popular` or `trending`
    /// is counted, and does not rank there: a board does not feed itself.
    #[schema(value_type = String, pattern = "^[a-z][a-z0-9_]{0,63}$", max_length = 64, examples("most_viewed"))]
    pub module: Module,
    /// The place in it, from 1. Checked; it does not change how the event counts.
    #[schema(value_type = u16, minimum = 1, maximum = 1000, examples(3))]
    pub position: Position,
}

/// The key of a list.
#[derive(Debug, Clone, PartialEq, Eq, Deserr)]
#[deserr(try_from(String) = Module::parse -> NotAKey)]
pub struct Module(pub String);

/// A place in a list: 1 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserr)]
#[deserr(try_from(u16) = Position::parse -> NotAPlace)]
pub struct Position(pub u16);

impl Module {
    fn origin(&self) -> Origin {
        match self.0.as_str() {
            "most_viewed" => Origin::MostViewed,
            "most_shared" => Origin::MostShared,
            "popular" => Origin::Popular,
            "trending" => Origin::Trending,
            _ => Origin::Elsewhere,
        }
    }

    fn parse(text: String) -> Result<Self, NotAKey> {
        let first = text.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if first && rest && text.len() <= 64 { Ok(Self(text)) } else { Err(NotAKey) }
    }
}

impl Position {
    fn parse(place: u16) -> Result<Self, NotAPlace> {
        if (1..=1000).contains(&place) { Ok(Self(place)) } else { Err(NotAPlace) }
    }
}

/// Text that names no list.
#[derive(Debug, thiserror::Error)]
#[error("Must be a list's key: a-z, 0-9 and _, 64 characters at most.")]
pub struct NotAKey;

/// A number that is no place in a list.
#[derive(Debug, thiserror::Error)]
#[error("Must be 1 to 1000.")]
pub struct NotAPlace;

impl Broken for NotAKey {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "목록의 키여야 합니다(a-z, 0-9, _, 최대 64자).".into()
    }
}

impl Broken for NotAPlace {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        "1에서 1000 사이여야 합니다.".into()
    }
}

/// Bytes of an event's body.
const EVENT_BYTES: u64 = 4096;

/// `text/plain` is what `navigator.sendBeacon` sends for a string.
const EVENT_TYPES: &[&str] = &["application/json", "text/plain"];

impl BodyLimit for ViewEvent {
    fn limit(_: &crate::config::Settings) -> u64 {
        EVENT_BYTES
    }

    const TYPES: &'static [&'static str] = EVENT_TYPES;
}

impl BodyLimit for ShareEvent {
    fn limit(_: &crate::config::Settings) -> u64 {
        EVENT_BYTES
    }

    const TYPES: &'static [&'static str] = EVENT_TYPES;
}

/// The list that an event came from, as far as it matters.
#[must_use]
pub fn origin(via: Option<&Via>) -> Origin {
    via.map_or(Origin::Elsewhere, |via| via.module.origin())
}

//! The shapes the API shows and takes.

use crate::{
    clock::Timestamp,
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::PublisherId,
    names::Names,
    page::page_type,
    slug::Slug,
};
use deserr::Deserr;
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// The longest address, in bytes.
pub const URL_MAX: usize = 2000;

/// A publisher as it is stored.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "the columns; the view documents them")]
pub struct PublisherRow {
    pub id: PublisherId,
    pub slug: String,
    pub name: Names,
    pub url: Option<String>,
    pub syndicatable: bool,
    pub revision: i32,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// Who stands behind articles.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Publisher {
    /// Its name in addresses; never changes.
    #[schema(max_length = 120, examples("haneul-ilbo"))]
    pub slug: String,
    /// Its name.
    pub name: Names,
    /// Its own site.
    #[schema(required, max_length = 2000, format = "uri", examples("https://haneul.example"))]
    pub url: Option<String>,
    /// What may be done with its articles.
    pub rights: PublisherRights,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// Counts its changes, from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
}

page_type! {
    /// One page of publishers.
    PublisherPage of Publisher
}

/// What may be done with articles that do not say so themselves.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PublisherRights {
    /// Whether they may be passed on to other portals.
    #[deserr(default)]
    #[schema(default = false, examples(true))]
    pub syndicatable: bool,
}

/// A publisher as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "slug": "haneul-ilbo",
    "name": {"ko": "하늘일보", "en": "Haneul Daily"},
    "url": "https://haneul.example",
    "rights": {"syndicatable": false}
})))]
pub struct PublisherInput {
    /// Its name in addresses; cannot be changed later.
    pub slug: Slug,
    /// Its name.
    pub name: Names,
    /// Its own site: an absolute http or https address.
    #[deserr(default, try_from(Option<String>) = web_url -> NoWebUrl)]
    #[schema(max_length = 2000, format = "uri", examples("https://haneul.example"))]
    pub url: Option<String>,
    /// What may be done with its articles; nothing when absent.
    #[deserr(default)]
    #[schema(required = false)]
    pub rights: PublisherRights,
}

/// A patch of a publisher: whatever is absent stays.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what a merge patch may hold")]
#[schema(examples(json!({"name": {"en": "Haneul Daily News"}, "rights": {"syndicatable": true}})))]
pub struct PublisherPatch {
    /// Its name; each language by itself.
    #[schema(nullable = false)]
    name: Option<crate::names::NamesPatch>,
    /// Its own site; `null` for none.
    #[schema(max_length = 2000, format = "uri", examples("https://haneul.example"))]
    url: Option<String>,
    /// What may be done with its articles; `null` for nothing.
    rights: Option<PublisherRights>,
}

impl BodyLimit for PublisherInput {}

impl From<PublisherRow> for Publisher {
    fn from(row: PublisherRow) -> Self {
        Self {
            slug: row.slug,
            name: row.name,
            url: row.url,
            rights: PublisherRights { syndicatable: row.syndicatable },
            created_at: row.created_at,
            updated_at: row.updated_at,
            revision: row.revision,
        }
    }
}

/// An address that is not one of the web.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "Must be an absolute http or https address of at most 2000 bytes, without user name or spaces."
)]
pub struct NoWebUrl;

impl Broken for NoWebUrl {
    fn code(&self) -> &'static str {
        "invalid_url"
    }
    fn detail_ko(&self) -> String {
        "사용자 이름과 공백이 없는 2000바이트 이내의 http 또는 https 절대 주소여야 합니다.".into()
    }
}

fn web_url(text: Option<String>) -> Result<Option<String>, NoWebUrl> {
    let Some(text) = text else { return Ok(None) };
    let shown = !text.chars().any(|c| c.is_whitespace() || c.is_control());
    let url = url::Url::parse(&text).ok().filter(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.username().is_empty()
            && url.password().is_none()
    });
    if shown && url.is_some() && text.len() <= URL_MAX { Ok(Some(text)) } else { Err(NoWebUrl) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for (text, ok) in [
            ("https://haneul.example", true),
            ("http://하늘.example/a?b#c", true),
            ("ftp://haneul.example", false),
            ("javascript:alert(1)", false),
            ("/relative", false),
            ("https://user@haneul.example", false),
            ("https://haneul.example/a b", false),
            ("https://haneul.example/\n", false),
            ("", false),
        ] {
            assert_eq!(web_url(Some(text.into())).is_ok(), ok, "{text:?}");
        }
    }
}

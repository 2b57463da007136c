//! Conditional requests and caching (RFC 9110, 13; RFC 9111).
//!
//! An ETag is `"{revision}-{content hash}"` of a resource that is written to, `"{content hash}"` of
//! anything else. The layer [`coding`] adds the content coding, so that each ETag is strong.

use crate::{
    clock::Timestamp,
    error::{Code, Error},
};
use actix_web::{
    HttpRequest, HttpResponse,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{
        CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, HeaderValue,
        IF_MATCH, IF_NONE_MATCH, LAST_MODIFIED, VARY,
    },
    middleware::Next,
    web::Bytes,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// How long and by whom an answer may be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cache {
    /// By everyone: seconds in a browser, and in a shared cache.
    Public {
        /// Seconds in a browser.
        browser_s: u32,
        /// Seconds in a shared cache.
        shared_s: u32,
    },
    /// By nobody: it depends on who asks.
    Private,
}

impl Cache {
    /// Articles and lists: fresh within seconds.
    pub const CONTENT: Self = Self::Public { browser_s: 10, shared_s: 30 };
    /// What changes rarely: categories, publishers, the contract.
    pub const CATALOGUE: Self = Self::Public { browser_s: 60, shared_s: 300 };
    /// What carries counters.
    pub const COUNTERS: Self = Self::Public { browser_s: 1, shared_s: 2 };

    fn value(self) -> String {
        match self {
            Self::Public { browser_s, shared_s } => format!(
                "public, max-age={browser_s}, s-maxage={shared_s}, stale-while-revalidate={}",
                shared_s * 2
            ),
            Self::Private => "private, no-store".to_owned(),
        }
    }
}

/// An answer to a read, to be finished with [`Answer::to`].
#[derive(Debug)]
pub struct Answer<'a, T> {
    body: &'a T,
    cache: Cache,
    revision: Option<i32>,
    modified: Option<Timestamp>,
    tags: Vec<String>,
    link: Option<String>,
    tagged: bool,
    media_type: &'static str,
}

impl<'a, T: Serialize> Answer<'a, T> {
    /// Starts an answer with `body`.
    #[must_use]
    pub fn new(body: &'a T, cache: Cache) -> Self {
        Self {
            body,
            cache,
            revision: None,
            modified: None,
            tags: Vec::new(),
            link: None,
            tagged: true,
            media_type: "application/json",
        }
    }

    /// The revision that `If-Match` is compared with.
    #[must_use]
    pub fn revision(mut self, revision: i32) -> Self {
        self.revision = Some(revision);
        self
    }

    /// When the content last changed.
    #[must_use]
    pub fn modified(mut self, at: Timestamp) -> Self {
        self.modified = Some(at);
        self
    }

    /// A name to purge this answer by in a shared cache.
    #[must_use]
    pub fn cache_tag(mut self, tag: impl Into<String>) -> Self {
        self.tags.push(tag.into());
        self
    }

    /// The neighbouring pages.
    #[must_use]
    pub fn link(mut self, link: Option<String>) -> Self {
        self.link = link;
        self
    }

    /// Gives no ETag: the answer embeds counters.
    #[must_use]
    pub fn untagged(mut self) -> Self {
        self.tagged = false;
        self
    }

    /// Another media type than `application/json`.
    #[must_use]
    pub fn media_type(mut self, media_type: &'static str) -> Self {
        self.media_type = media_type;
        self
    }

    /// 304 when the caller holds this content already, else 200 with it.
    ///
    /// # Errors
    /// `Internal` when the body cannot be written as JSON.
    pub fn to(self, request: &HttpRequest) -> Result<HttpResponse, Error> {
        let bytes = serde_json::to_vec(self.body).map_err(Error::internal)?;
        let tag = self.tagged.then(|| etag(self.revision, &bytes));
        let held = tag.as_deref().and_then(|tag| held(request.headers(), tag));
        let unchanged = held.is_some();
        let mut answer = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header((CACHE_CONTROL, self.cache.value()));
        if let Some(tag) = held.or(tag) {
            answer.insert_header((ETAG, tag));
        }
        if let Some(at) = self.modified {
            answer.insert_header((LAST_MODIFIED, at.to_http_date()));
        }
        if !self.tags.is_empty() {
            answer.insert_header(("cache-tag", self.tags.join(",")));
        }
        if let Some(link) = self.link {
            answer.insert_header(("link", link));
        }
        if unchanged {
            return Ok(answer.finish());
        }
        Ok(answer.content_type(self.media_type).body(bytes))
    }
}

/// The answer to a write: the resource as it now is, with its new ETag.
///
/// # Errors
/// `Internal` when the body cannot be written as JSON.
pub fn written(
    status: actix_web::http::StatusCode,
    body: &impl Serialize,
    revision: i32,
) -> Result<HttpResponse, Error> {
    let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, Cache::Private.value()))
        .insert_header((ETAG, etag(Some(revision), &bytes)))
        .content_type("application/json")
        .body(bytes))
}

/// An answer to a read of bytes whose ETag is known: 304 when the caller holds them, else 200.
#[must_use]
pub fn bytes(
    request: &HttpRequest,
    content_type: &'static str,
    cache: Cache,
    tag: &str,
    bytes: Bytes,
) -> HttpResponse {
    let held = held(request.headers(), tag);
    let unchanged = held.is_some();
    let mut answer = if unchanged { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    answer.insert_header((CACHE_CONTROL, cache.value()));
    answer.insert_header((ETAG, held.unwrap_or_else(|| tag.to_owned())));
    if unchanged { answer.finish() } else { answer.content_type(content_type).body(bytes) }
}

/// The strong ETag of `bytes`, before any content coding.
#[must_use]
pub fn etag(revision: Option<i32>, bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let mut hash = String::with_capacity(24);
    for byte in &digest[..12] {
        use std::fmt::Write as _;
        let _ = write!(hash, "{byte:02x}");
    }
    match revision {
        Some(revision) => format!("\"{revision}-{hash}\""),
        None => format!("\"{hash}\""),
    }
}

/// The ETag that a read of `body` at `revision` gives, for answers to writes.
///
/// # Errors
/// `Internal` when the body cannot be written as JSON.
pub fn etag_of(revision: i32, body: &impl Serialize) -> Result<String, Error> {
    let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(etag(Some(revision), &bytes))
}

/// The tag of `If-None-Match` that names this content, in the coding the caller holds.
fn held(headers: &HeaderMap, tag: &str) -> Option<String> {
    tags(headers, &IF_NONE_MATCH)
        .into_iter()
        .map(|held| held.trim_start_matches("W/").to_owned())
        .find_map(|held| match held.as_str() {
            "*" => Some(tag.to_owned()),
            _ if uncoded(&held) == tag => Some(held),
            _ => None,
        })
}

fn tags(headers: &HeaderMap, name: &HeaderName) -> Vec<String> {
    headers
        .get_all(name)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|tag| tag.trim().to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

const CODINGS: [&str; 4] = ["zstd", "br", "gzip", "deflate"];

/// A tag without the content coding at its end.
fn uncoded(tag: &str) -> String {
    let inner = tag.trim_matches('"');
    let bare = CODINGS
        .iter()
        .find_map(|coding| inner.strip_suffix(coding)?.strip_suffix('-'))
        .unwrap_or(inner);
    format!("\"{bare}\"")
}

/// Middleware, outside the compressor: names the content coding in the ETag.
///
/// # Errors
/// What the layers below return.
pub async fn coding(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, actix_web::Error> {
    let mut response = next.call(req).await?;
    if response.status().is_success() && response.headers().contains_key(CONTENT_TYPE) {
        // Also of an answer that is not coded: a cache must not give it to who asks for a coding.
        response.headers_mut().append(VARY, HeaderValue::from_static("Accept-Encoding"));
    }
    let headers = response.headers();
    let (Some(tag), Some(coding)) = (headers.get(ETAG), headers.get(CONTENT_ENCODING)) else {
        return Ok(response);
    };
    let coded = match (tag.to_str(), coding.to_str()) {
        (Ok(tag), Ok(coding)) if CODINGS.contains(&coding) => {
            HeaderValue::from_str(&format!("\"{}-{coding}\"", tag.trim_matches('"'))).ok()
        }
        _ => None,
    };
    if let Some(coded) = coded {
        response.headers_mut().insert(ETAG, coded);
    }
    Ok(response)
}

/// The precondition of a write: which revision the caller has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// Reads `If-Match`.
    ///
    /// # Errors
    /// 428 when the header is missing.
    pub fn required(request: &HttpRequest) -> Result<Self, Error> {
        let tags = tags(request.headers(), &IF_MATCH);
        if tags.is_empty() { Err(Error::plain(Code::PreconditionRequired)) } else { Ok(Self(tags)) }
    }

    /// Whether the caller has seen `revision`, in whatever coding.
    #[must_use]
    pub fn names(&self, revision: i32) -> bool {
        let prefix = format!("\"{revision}-");
        self.0.iter().any(|tag| tag == "*" || tag.starts_with(&prefix))
    }

    /// Compares with the current revision.
    ///
    /// # Errors
    /// 412 with the current `ETag`.
    pub fn check(&self, revision: i32, current: impl FnOnce() -> String) -> Result<(), Error> {
        if self.names(revision) {
            return Ok(());
        }
        Err(Error::plain(Code::PreconditionFailed).with_header("ETag", current()))
    }
}

impl actix_web::FromRequest for IfMatch {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        std::future::ready(Self::required(request))
    }
}

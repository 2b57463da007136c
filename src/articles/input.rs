//! What a writer sends, checked: the one shape of `POST`, `PUT`, `PATCH` and imports.

use super::{
    block_input::{BlockFault, body as bounded_body},
    blocks::Block,
    image::{Image, UrlFault, http_url},
};
use crate::{
    clock::Timestamp,
    config::Settings,
    error::{Broken, Faults, Message},
    http::body::BodyLimit,
    text::{TextFault, is_slug, line, maybe_line, maybe_lines, single_line},
};
use deserr::Deserr;
use serde::Serialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

/// Most authors of one article.
pub const AUTHORS_MAX: usize = 20;
/// Most tags of one article.
pub const TAGS_MAX: usize = 20;

/// Whether what is written is to be seen by readers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = Faults, rename_all = lowercase)]
pub enum WantedStatus {
    /// Kept for editors.
    Draft,
    /// Shown to readers, at once or at `published_at` when that is yet to come.
    Published,
}

/// What others may do with an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, serde::Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Rights {
    /// Whether it may be passed on to others.
    #[schema(examples(true))]
    pub syndicatable: bool,
}

/// An article as its writer sends it. What is left out is `null`, empty or the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ArticleInput {
    /// Slug of the publisher. May be left out with a key that is bound to one, and where the path names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default, try_from(Option<String>) = maybe_line::<120> -> TextFault)]
    #[schema(max_length = 120, examples("haneul-ilbo"))]
    pub publisher: Option<String>,
    /// The publisher's own id, unique among its articles.
    #[deserr(default, try_from(Option<String>) = maybe_line::<500> -> TextFault)]
    #[schema(max_length = 500, examples("20261122-0001"))]
    pub external_id: Option<String>,
    /// Slug of the category.
    #[deserr(try_from(String) = line::<120> -> TextFault)]
    #[schema(max_length = 120, examples("economy"))]
    pub category: String,
    /// Headline.
    #[deserr(try_from(String) = line::<200> -> TextFault)]
    #[schema(min_length = 1, max_length = 200, examples("기준금리 동결"))]
    pub headline: String,
    /// Sub-headline.
    #[deserr(default, try_from(Option<String>) = maybe_line::<300> -> TextFault)]
    #[schema(max_length = 300, examples("석 달째 같은 수준"))]
    pub deck: Option<String>,
    /// A few sentences for lists.
    #[deserr(default, try_from(Option<String>) = maybe_lines::<1000> -> TextFault)]
    #[schema(max_length = 1000, examples("한국은행이 기준금리를 석 달째 동결했다."))]
    pub summary: Option<String>,
    /// Readable part of the address; made from the headline when left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default, try_from(Option<String>) = maybe_slug -> SlugFault)]
    #[schema(max_length = 120, examples("기준금리-동결"))]
    pub slug: Option<String>,
    /// BCP 47 language of the text.
    #[deserr(default = "ko".to_owned(), try_from(Option<String>) = language_tag -> LanguageFault)]
    #[schema(
        required = false,
        max_length = 35,
        pattern = "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        default = "ko",
        examples("ko")
    )]
    pub language: String,
    /// Names of the authors, in order.
    #[deserr(default, try_from(Vec<Name>) = names::<AUTHORS_MAX> -> TooMany)]
    #[schema(required = false, value_type = Vec<Name>, max_items = 20)]
    pub authors: Vec<String>,
    /// Tags, in order.
    #[deserr(default, try_from(Vec<Name>) = names::<TAGS_MAX> -> TooMany)]
    #[schema(required = false, value_type = Vec<Name>, max_items = 20)]
    pub tags: Vec<String>,
    /// Where readers reach the newsroom.
    #[deserr(default, try_from(Option<String>) = maybe_line::<200> -> TextFault)]
    #[schema(max_length = 200, examples("desk@haneul.example"))]
    pub byline_contact: Option<String>,
    /// Where the article first appeared.
    #[deserr(default, try_from(Option<String>) = maybe_http_url -> UrlFault)]
    #[schema(max_length = 2000, examples("https://haneul.example/articles/1"))]
    pub source_url: Option<String>,
    /// What others may do with it; the publisher's default when left out.
    #[deserr(default)]
    pub rights: Option<Rights>,
    /// The picture lists show.
    #[deserr(default)]
    pub lead_image: Option<Image>,
    /// The text.
    #[deserr(try_from(Vec<Block>) = bounded_body -> BlockFault)]
    #[schema(max_items = 500, examples(json!([{"type": "paragraph", "text": "한국은행 금융통화위원회가 22일 기준금리를 동결했다."}])))]
    pub body: Vec<Block>,
    /// Draft unless told otherwise; an upsert without it leaves the status as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub status: Option<WantedStatus>,
    /// When it was published, for what appeared elsewhere before; only with `status: published`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[deserr(default)]
    pub published_at: Option<Timestamp>,
}

/// A BCP 47 language tag. Only the schema needs a type for it.
#[derive(Debug, ToSchema)]
#[schema(min_length = 1, max_length = 35, examples("ko"))]
pub(crate) struct LanguageTag(
    #[expect(dead_code, reason = "stands for a string in the schema")] String,
);

impl BodyLimit for ArticleInput {
    fn limit(settings: &Settings) -> u64 {
        settings.limits.article_bytes
    }
}

impl ArticleInput {
    /// SHA-256 of the content, status left out: equal means that there is nothing to write.
    ///
    /// # Panics
    /// Never: the type writes as JSON.
    #[must_use]
    pub fn hash(&self) -> Vec<u8> {
        let content = Self { status: None, ..self.clone() };
        let bytes = serde_json::to_vec(&content).unwrap_or_default();
        Sha256::digest(bytes).to_vec()
    }

    /// What must be mended before readers may see it: every picture is described or decoration.
    #[must_use]
    pub fn faults_of_publishing(&self) -> Faults {
        let mut faults = Faults::default();
        let mut check = |pointer: String, image: &Image| {
            if !image.described() {
                faults.push(
                    pointer,
                    "alt_missing",
                    Message::new(
                        "An image needs alt, or decorative: true, before it can be published.",
                        "게재하려면 이미지에 alt 또는 decorative: true가 있어야 합니다.",
                    ),
                );
            }
        };
        if let Some(image) = &self.lead_image {
            check("/lead_image/alt".into(), image);
        }
        for (n, block) in self.body.iter().enumerate() {
            if let Block::Image(image) = block {
                check(format!("/body/{n}/alt"), image);
            }
        }
        faults
    }
}

/// A publisher's own id, as it is kept: one line in NFC.
///
/// # Errors
/// The rule that the text breaks.
pub fn external_id(text: &str) -> Result<String, TextFault> {
    single_line(text, 500)
}

/// A text that is no slug.
#[derive(Debug, thiserror::Error)]
#[error("must be lower-case letters and digits of any script with single '-' or '_' between them")]
pub struct SlugFault;

impl Broken for SlugFault {
    fn code(&self) -> &'static str {
        "invalid_slug"
    }
    fn detail_ko(&self) -> String {
        "소문자와 숫자(한글 가능), 그 사이의 '-' 또는 '_'만 쓸 수 있습니다.".into()
    }
}

fn maybe_slug(text: Option<String>) -> Result<Option<String>, SlugFault> {
    text.map(|text| if is_slug(&text) { Ok(text) } else { Err(SlugFault) }).transpose()
}

/// A text that is no language tag.
#[derive(Debug, thiserror::Error)]
#[error("must be a BCP 47 language tag such as ko or en-GB")]
pub struct LanguageFault;

impl Broken for LanguageFault {
    fn code(&self) -> &'static str {
        "invalid_language"
    }
    fn detail_ko(&self) -> String {
        "ko, en-GB 같은 BCP 47 언어 태그여야 합니다.".into()
    }
}

fn language_tag(text: Option<String>) -> Result<String, LanguageFault> {
    let text = text.unwrap_or_else(|| "ko".to_owned());
    if is_language_tag(&text) { Ok(text) } else { Err(LanguageFault) }
}

/// Whether a text has the form of a BCP 47 language tag.
#[must_use]
pub fn is_language_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|p| (1..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
        && text.len() <= 35
}

fn maybe_http_url(text: Option<String>) -> Result<Option<String>, UrlFault> {
    text.map(http_url).transpose()
}

/// A name of a person or a tag.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 100, examples("김하늘"))]
pub(super) struct Name(String);

impl TryFrom<String> for Name {
    type Error = TextFault;
    fn try_from(text: String) -> Result<Self, TextFault> {
        line::<100>(text).map(Self)
    }
}

impl Deserr<Faults> for Name {
    fn deserialize_from_value<V: deserr::IntoValue>(
        value: deserr::Value<V>,
        at: deserr::ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = String::deserialize_from_value(value, at)?;
        Self::try_from(text).map_err(|fault| {
            deserr::take_cf_content(<Faults as deserr::MergeWithError<TextFault>>::merge(
                None, fault, at,
            ))
        })
    }
}

/// A list that is too long.
#[derive(Debug, thiserror::Error)]
#[error("must have at most {0} items")]
pub struct TooMany(usize);

impl Broken for TooMany {
    fn code(&self) -> &'static str {
        "too_many"
    }
    fn detail_ko(&self) -> String {
        format!("최대 {}개까지 쓸 수 있습니다.", self.0)
    }
}

/// In order, each name once.
fn names<const MAX: usize>(names: Vec<Name>) -> Result<Vec<String>, TooMany> {
    let mut unique: Vec<String> = Vec::with_capacity(names.len());
    for Name(name) in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    if unique.len() > MAX { Err(TooMany(MAX)) } else { Ok(unique) }
}

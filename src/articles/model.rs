//! The shapes the API shows.

use super::{blocks::Block, image::Image, input::Rights};
pub use crate::names::{CategoryRef, Names, PublisherRef};
use crate::{
    clock::Timestamp,
    counters::model::Counters,
    ids::{ArticleId, AuthorId, CorrectionId, StoryId},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An author as an article names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuthorRef {
    /// The author's id.
    pub id: AuthorId,
    /// The author's name.
    #[schema(max_length = 100, examples("김하늘"))]
    pub name: String,
}

/// An article as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ArticleSummary {
    /// Identifies it for ever.
    pub id: ArticleId,
    /// Readable part of its address; may change, the old one redirects.
    #[schema(max_length = 160, examples("기준금리-동결"))]
    pub slug: String,
    /// Its page for readers.
    #[schema(
        max_length = 2000,
        examples(
            "https://news.example/articles/%EA%B8%B0%EC%A4%80%EA%B8%88%EB%A6%AC-%EB%8F%99%EA%B2%B0"
        )
    )]
    pub url: String,
    /// Headline.
    #[schema(max_length = 200, examples("기준금리 동결"))]
    pub headline: String,
    /// Sub-headline.
    #[schema(required, max_length = 300, examples("석 달째 같은 수준"))]
    pub deck: Option<String>,
    /// A few sentences for lists.
    #[schema(required, max_length = 1000, examples(json!(null)))]
    pub summary: Option<String>,
    /// Where it is filed.
    pub category: CategoryRef,
    /// Who published it.
    pub publisher: PublisherRef,
    /// Who wrote it.
    #[schema(max_items = 20)]
    pub authors: Vec<AuthorRef>,
    /// The picture lists show.
    #[schema(required)]
    pub lead_image: Option<LeadImage>,
    /// When it was published; `null` while it never was.
    #[schema(required)]
    pub published_at: Option<Timestamp>,
    /// When its content last changed.
    pub updated_at: Timestamp,
    /// When the last correction was noted.
    #[schema(required)]
    pub corrected_at: Option<Timestamp>,
    /// The story it belongs to, with other articles that tell the same report; `null` when it stands
    /// alone.
    #[schema(required)]
    pub story_id: Option<StoryId>,
    /// BCP 47 language of the text.
    #[schema(max_length = 35, examples("ko"))]
    pub language: String,
}

/// The picture of an article as lists show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LeadImage {
    /// Where the picture is.
    #[schema(max_length = 2000, examples("https://images.example/rate.jpg"))]
    pub url: String,
    /// What it shows, for who cannot see it; empty when it is decoration.
    #[schema(max_length = 500, examples("금융통화위원회 회의 모습"))]
    pub alt: String,
    /// Caption.
    #[schema(required, max_length = 1000, examples("회의를 주재하는 의장"))]
    pub caption: Option<String>,
    /// Who made it.
    #[schema(required, max_length = 300, examples("사진제공=하늘일보"))]
    pub credit: Option<String>,
    /// Pixels.
    #[schema(required, minimum = 1, maximum = 20000, examples(1200))]
    pub width: Option<u32>,
    /// Pixels.
    #[schema(required, minimum = 1, maximum = 20000, examples(800))]
    pub height: Option<u32>,
}

impl From<Image> for LeadImage {
    fn from(image: Image) -> Self {
        Self {
            url: image.url,
            alt: image.alt.unwrap_or_default(),
            caption: image.caption,
            credit: image.credit,
            width: image.width,
            height: image.height,
        }
    }
}

/// Where an article stands between writer and reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Seen by keys of its publisher only.
    Draft,
    /// To be published at `publish_at`.
    Scheduled,
    /// Seen by everyone.
    Published,
    /// Was published and is no longer: a tombstone.
    Withdrawn,
}

impl Status {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled => "scheduled",
            Self::Published => "published",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Every status by its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("draft", Self::Draft),
        ("scheduled", Self::Scheduled),
        ("published", Self::Published),
        ("withdrawn", Self::Withdrawn),
    ];
}

impl std::str::FromStr for Status {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, status)| *status).ok_or_else(|| format!("unknown status {text:?}"))
    }
}

/// A tag as an article names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TagRef {
    /// Its slug.
    #[schema(max_length = 120, examples("금리"))]
    pub slug: String,
    /// Its name.
    #[schema(max_length = 100, examples("금리"))]
    pub name: String,
}

/// What a correction notice is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, deserr::Deserr, ToSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = crate::error::Faults, rename_all = lowercase)]
pub enum CorrectionKind {
    /// Something was wrong.
    Correction,
    /// Something could be misread.
    Clarification,
    /// Something happened since.
    Update,
    /// The article should not have appeared.
    Retraction,
}

impl CorrectionKind {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Clarification => "clarification",
            Self::Update => "update",
            Self::Retraction => "retraction",
        }
    }
}

/// A notice of what was changed in an article after readers had seen it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Correction {
    /// Identifies it.
    pub id: CorrectionId,
    /// What kind of change.
    pub kind: CorrectionKind,
    /// What was changed and why, in words for readers.
    #[schema(max_length = 2000, examples("둘째 문단의 날짜를 21일에서 22일로 바로잡습니다."))]
    pub text: String,
    /// When the notice appeared.
    pub published_at: Timestamp,
}

crate::page::page_type! {
    /// One page of articles.
    ArticlePage of ListedArticle
}

/// An article in a list, with its counters when asked for.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ListedArticle {
    /// The article.
    #[serde(flatten)]
    pub article: ArticleSummary,
    /// Only with `include=counters`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub counters: Option<Counters>,
}

/// An article as its own page shows it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Article {
    /// What lists show.
    #[serde(flatten)]
    pub summary: ArticleSummary,
    /// The text as typed blocks.
    #[schema(max_items = 500)]
    pub body: Vec<Block>,
    /// The text alone, blocks parted by empty lines.
    #[schema(
        max_length = 5_000_000,
        examples("한국은행 금융통화위원회가 22일 기준금리를 동결했다.")
    )]
    pub body_text: String,
    /// The text as safe HTML.
    #[schema(
        max_length = 60_000_000,
        examples("<p>한국은행 금융통화위원회가 22일 기준금리를 동결했다.</p>")
    )]
    pub body_html: String,
    /// What it is about.
    #[schema(max_items = 20)]
    pub tags: Vec<TagRef>,
    /// Where readers reach the newsroom.
    #[schema(required, max_length = 200, examples("desk@haneul.example"))]
    pub byline_contact: Option<String>,
    /// Where it first appeared.
    #[schema(required, max_length = 2000, examples(json!(null)))]
    pub source_url: Option<String>,
    /// The address search engines should keep: where it first appeared, else its page here.
    #[schema(max_length = 2000, examples("https://haneul.example/articles/1"))]
    pub canonical_url: String,
    /// The publisher's own id.
    #[schema(required, max_length = 500, examples("20261122-0001"))]
    pub external_id: Option<String>,
    /// What others may do with it.
    pub rights: Rights,
    /// Whether it takes comments, and how long they may be.
    pub comment_policy: crate::policies::model::PolicyBrief,
    /// What was changed after readers had seen it, oldest first.
    #[schema(max_items = 1000)]
    pub corrections: Vec<Correction>,
    /// Where it stands.
    pub status: Status,
    /// When it is to be published, while scheduled.
    #[schema(required)]
    pub publish_at: Option<Timestamp>,
    /// Counts its changes from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
}

//! The shapes the API shows.

use crate::{
    clock::Timestamp,
    ids::{ArticleId, AuthorId},
};
pub use crate::names::{CategoryRef, Names, PublisherRef};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An author as an article names them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AuthorRef {
    /// The author's id.
    pub id: AuthorId,
    /// The author's name.
    #[schema(max_length = 200, examples("김하늘"))]
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
    #[schema(max_length = 2000, examples("http://127.0.0.1:8080/articles/기준금리-동결"))]
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

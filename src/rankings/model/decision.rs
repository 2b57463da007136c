//! What editors decide about boards.

use super::Scope;
use crate::{
    clock::Timestamp,
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::{ArticleId, OverrideId},
    page::page_type,
    slug::Slug,
    text::{TextFault, line},
};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// What an override does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[serde(rename_all = "snake_case")]
#[deserr(error = Faults, rename_all = lowercase)]
#[schema(as = OverrideKind)]
pub enum Kind {
    /// Keeps an article at a place.
    Pin,
    /// Keeps an article, and its story, off the board.
    Exclude,
}

/// The longest reason, in characters.
const REASON_MAX: usize = 500;

/// A pin or an exclusion as it is asked for.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "kind": "pin",
    "article_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
    "position": 1,
    "category": "economy",
    "ends_at": "2026-11-23T00:00:00.000Z",
    "reason": "오늘의 기획"
})))]
pub struct OverrideInput {
    /// What it does.
    pub kind: Kind,
    /// Which article. It must be published.
    #[deserr(try_from(String) = article -> NotAnId)]
    pub article_id: ArticleId,
    /// The place of a pin, from 1; a pin needs one, an exclusion has none.
    #[deserr(default, try_from(Option<u16>) = place -> NotAPlace)]
    #[schema(minimum = 1, maximum = 100, nullable)]
    pub position: Option<u16>,
    /// The category whose list it is about; not together with `publisher`.
    #[deserr(default)]
    #[schema(nullable, examples("economy"))]
    pub category: Option<Slug>,
    /// The publisher whose list it is about; the list over all when neither is given.
    #[deserr(default)]
    #[schema(nullable)]
    pub publisher: Option<Slug>,
    /// From when it holds; from now when absent.
    #[deserr(default)]
    #[schema(nullable)]
    pub starts_at: Option<Timestamp>,
    /// Until when it holds, later than its start; until it is lifted when absent.
    #[deserr(default)]
    #[schema(nullable)]
    pub ends_at: Option<Timestamp>,
    /// Why, for the record.
    #[deserr(try_from(String) = line::<REASON_MAX> -> TextFault)]
    #[schema(min_length = 1, max_length = 500, examples("오늘의 기획"))]
    pub reason: String,
}

impl BodyLimit for OverrideInput {}

/// A number that is no place on a board.
#[derive(Debug, thiserror::Error)]
#[error("Must be 1 to 100.")]
pub struct NotAPlace;

impl Broken for NotAPlace {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        "1에서 100 사이여야 합니다.".into()
    }
}

/// Text that is no article's id.
#[derive(Debug, thiserror::Error)]
#[error("Must be an article's id.")]
pub struct NotAnId;

impl Broken for NotAnId {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "기사의 id여야 합니다.".into()
    }
}

fn article(text: String) -> Result<ArticleId, NotAnId> {
    text.parse().map_err(|_| NotAnId)
}

fn place(n: Option<u16>) -> Result<Option<u16>, NotAPlace> {
    match n {
        Some(n) if !(1..=100).contains(&n) => Err(NotAPlace),
        n => Ok(n),
    }
}

/// A pin or an exclusion. What was lifted stays on record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Override {
    /// Its id.
    pub id: OverrideId,
    /// The board's key.
    #[schema(max_length = 64, value_type = String, examples("most_viewed"))]
    pub board: &'static str,
    /// Whose list it is about.
    pub scope: Scope,
    /// What it does.
    pub kind: Kind,
    /// Which article.
    pub article_id: ArticleId,
    /// The place of a pin; null for an exclusion.
    #[schema(required, minimum = 1, maximum = 100, examples(1))]
    pub position: Option<u16>,
    /// From when it holds.
    pub starts_at: Timestamp,
    /// Until when it holds; null: until it is lifted.
    #[schema(required)]
    pub ends_at: Option<Timestamp>,
    /// Why.
    #[schema(max_length = 500, examples("오늘의 기획"))]
    pub reason: String,
    /// Whether it holds now.
    pub in_force: bool,
    /// The name of the key that made it.
    #[schema(max_length = 100, examples("Newsroom"))]
    pub created_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of the key that lifted it; null while nobody did.
    #[schema(required, max_length = 100, examples(json!(null)))]
    pub lifted_by: Option<String>,
    /// When it was lifted.
    #[schema(required)]
    pub lifted_at: Option<Timestamp>,
}

page_type! {
    /// One page of overrides, newest first.
    OverridePage of Override
}

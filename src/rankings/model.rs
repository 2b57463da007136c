//! The shapes the API shows and takes.

mod decision;
mod explanation;

pub use decision::{Kind, Override, OverrideInput, OverridePage};
pub use explanation::{Explanation, HistoryPage, PastPlace, Standing, Term};

use crate::{
    articles::model::{ArticleSummary, CategoryRef, Names, PublisherRef},
    clock::Timestamp,
    counters::model::Counters,
    ids::{ArticleId, SnapshotId},
    page::{PageInfo, page_type},
};
use serde::Serialize;
use utoipa::ToSchema;

/// A board, and what may be asked of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardInfo {
    /// Its key, as in `/v1/rankings/{board}`.
    #[schema(max_length = 64, examples("most_viewed"))]
    pub key: &'static str,
    /// What readers call it.
    pub title: Names,
    /// Its windows; empty when it has none.
    #[schema(max_items = 10, value_type = Vec<crate::names::Word>, examples(json!(["1h", "24h", "7d", "30d"])))]
    pub windows: Vec<&'static str>,
    /// The window when none is asked for; null when it has none.
    #[schema(required, max_length = 8, value_type = Option<String>, examples("1h"))]
    pub default_window: Option<&'static str>,
    /// What it is ranked over: `all`, `category`, `publisher`. More may come.
    #[schema(max_items = 10, value_type = Vec<crate::names::Word>, examples(json!(["all", "category", "publisher"])))]
    pub scopes: Vec<&'static str>,
    /// Its orders, the usual one first: `count`, `rate`. More may come.
    #[schema(max_items = 10, value_type = Vec<crate::names::Word>, examples(json!(["count"])))]
    pub sorts: Vec<&'static str>,
    /// Whether it states figures. The others recommend: on a page they step aside and are varied.
    pub factual: bool,
    /// Seconds between two looks at whether it changed.
    #[schema(minimum = 1, maximum = 3600, examples(60))]
    pub refresh_seconds: u32,
    /// How it ranks, in words.
    pub rule: Rule,
}

/// A rule in words, in both languages.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rule {
    /// Korean.
    #[schema(max_length = 2000, examples("가장 최근에 게재된 기사부터."))]
    pub ko: String,
    /// English.
    #[schema(max_length = 2000, examples("By the time of publication, newest first."))]
    pub en: String,
}

/// Every board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardList {
    /// The boards.
    #[schema(max_items = 50)]
    pub items: Vec<BoardInfo>,
}

/// What a list is ranked over.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = BoardScope)]
pub struct Scope {
    /// The category, with its descendants; null for all.
    #[schema(required)]
    pub category: Option<CategoryRef>,
    /// The publisher; null for all.
    #[schema(required)]
    pub publisher: Option<PublisherRef>,
}

/// What became of an article since the snapshot before. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Movement {
    /// It stands higher.
    Up,
    /// It stands lower.
    Down,
    /// It stands where it stood.
    Same,
    /// It was not on the list in the last seven days.
    New,
    /// It was off the list and is back, within seven days.
    Return,
}

/// Where an item comes from. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The board itself.
    Ranked,
    /// An editor.
    Pinned,
    /// The latest of the same scope, where the board had no more to give.
    Backfill,
}

/// Why an item stands where it stands.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Reason {
    /// The board that ranked it, `editor_pick`, or `same_topic`. More may come.
    #[schema(max_length = 64, value_type = String, examples("most_viewed"))]
    pub code: &'static str,
    /// What the board looked at.
    pub detail: ReasonDetail,
}

/// What a board looked at; which members there are follows from the reason's code.
#[derive(Debug, Clone, Default, Serialize, ToSchema)]
#[schema(examples(json!({"window": "1h", "views": 120})))]
pub struct ReasonDetail {
    /// The window, of boards that count.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, max_length = 8, value_type = String, examples("1h"))]
    pub window: Option<&'static str>,
    /// `most_viewed`, and `most_reacted` by rate: views in the window that rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 9007199254740991_i64, value_type = i64, examples(120))]
    pub views: Option<i64>,
    /// `most_reacted`: readers whose reactions stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 9007199254740991_i64, value_type = i64, examples(12))]
    pub reactions: Option<i64>,
    /// `most_reacted` by rate: the lower bound of reactions to views.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 1, value_type = f64, examples(0.08))]
    pub rate: Option<f64>,
    /// `most_commented`: distinct readers who commented in the window.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 9007199254740991_i64, value_type = i64, examples(12))]
    pub commenters: Option<i64>,
    /// `most_commented`: comments in the window that are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 9007199254740991_i64, value_type = i64, examples(30))]
    pub comments: Option<i64>,
    /// `most_shared`: shares in the window that rank.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, maximum = 9007199254740991_i64, value_type = i64, examples(12))]
    pub shares: Option<i64>,
    /// `popular` and `recommended`: views, shares, reactions and readers who commented, faded to the moment of ranking.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Faded)]
    pub faded: Option<Faded>,
    /// `trending`: how many times the usual views it has.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, value_type = f64, examples(4.2))]
    pub times_usual: Option<f64>,
    /// `trending`: views faded with a half-life of two hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, minimum = 0, value_type = f64, examples(87.5))]
    pub views_2h: Option<f64>,
    /// `same_topic`: tags and words that both articles have.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false, max_items = 3, value_type = Vec<SharedTerm>)]
    pub terms: Vec<String>,
    /// `latest`: when it was published.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, value_type = Timestamp)]
    pub published_at: Option<Timestamp>,
}

/// A tag or a word. Only schemas need a type for it.
#[derive(Debug, ToSchema)]
#[schema(max_length = 60, examples("기준금리"))]
pub struct SharedTerm(#[expect(dead_code, reason = "stands for a string in schemas")] String);

/// Events that fade, as they weigh at the moment of ranking.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, ToSchema)]
pub struct Faded {
    /// Views.
    #[schema(minimum = 0, examples(87.5))]
    pub views: f64,
    /// Shares.
    #[schema(minimum = 0, examples(1.5))]
    pub shares: f64,
    /// Reactions.
    #[schema(minimum = 0, examples(3.25))]
    pub reactions: f64,
    /// Distinct readers who commented.
    #[schema(minimum = 0, examples(2.5))]
    pub commenters: f64,
    /// Seconds after which an event weighs half as much.
    #[schema(minimum = 1, maximum = 86_400, examples(3600))]
    pub half_life_seconds: u32,
}

/// Another publisher's article of the same story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Copy {
    /// The article.
    pub article_id: ArticleId,
    /// Whose it is.
    pub publisher: PublisherRef,
}

/// An article and its place in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RankedArticle {
    /// Its place on the board, from 1. Ranks skip where an article was withdrawn since, or stands
    /// elsewhere on a page.
    #[schema(minimum = 1, maximum = 400, examples(1))]
    pub rank: u16,
    /// Its place on the snapshot before; null when it was not on it.
    #[schema(required, minimum = 1, maximum = 100, examples(3))]
    pub previous_rank: Option<u16>,
    /// What became of it since.
    pub movement: Movement,
    /// The best place it had since it entered the board.
    #[schema(minimum = 1, maximum = 400, examples(1))]
    pub peak_rank: u16,
    /// How long it has stood on the board without a break, in minutes.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(95))]
    pub minutes_on_board: i64,
    /// What the board orders by, the higher the better.
    #[schema(examples(120.0))]
    pub score: f64,
    /// Why it stands here.
    pub reason: Reason,
    /// Where it comes from.
    pub source: Source,
    /// The article.
    pub article: ArticleSummary,
    /// Its counters now.
    pub counters: Counters,
    /// Other articles of its story, which are folded into it here. At most ten.
    #[schema(max_items = 10)]
    pub other_publishers: Vec<Copy>,
    /// On a page that repeats: the other modules in which its story stands, by their places on the page,
    /// from 0.
    #[schema(max_items = 50, value_type = Vec<ModulePlace>)]
    pub also_in: Vec<usize>,
}

/// The place of a module on a page. Only schemas need a type for it.
#[derive(Debug, ToSchema)]
#[schema(minimum = 0, maximum = 100, examples(2))]
pub struct ModulePlace(#[expect(dead_code, reason = "stands for a number in schemas")] u8);

/// One page of a board.
#[derive(Debug, Serialize, ToSchema)]
pub struct BoardPage {
    /// The board's key.
    #[schema(max_length = 64, value_type = String, examples("most_viewed"))]
    pub board: &'static str,
    /// Its order: `count`, `rate`. More may come.
    #[schema(max_length = 64, value_type = String, examples("count"))]
    pub sort: &'static str,
    /// What readers call it.
    pub title: Names,
    /// What it is ranked over.
    pub scope: Scope,
    /// The window; null for a board without one.
    #[schema(required, max_length = 8, value_type = Option<String>, examples("1h"))]
    pub window: Option<&'static str>,
    /// The snapshot this and its neighbouring pages show; null when there is none yet.
    #[schema(required)]
    pub snapshot_id: Option<SnapshotId>,
    /// The moment the snapshot speaks of: the end of its window.
    #[schema(required)]
    pub taken_at: Option<Timestamp>,
    /// When the snapshot was made. A look that finds nothing changed makes none.
    #[schema(required)]
    pub computed_at: Option<Timestamp>,
    /// When the board is looked at next; null for a past moment, or when it never was.
    #[schema(required)]
    pub next_refresh_at: Option<Timestamp>,
    /// Whether the board was not looked at for three times its interval: it may be out of date.
    pub stale: bool,
    /// The items of this page, in order.
    #[schema(max_items = 100)]
    pub items: Vec<RankedArticle>,
    /// Cursors to the neighbouring pages of the same snapshot.
    pub page: PageInfo,
}

/// A snapshot as lists of snapshots show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct SnapshotInfo {
    /// Its id.
    pub id: SnapshotId,
    /// The moment it speaks of: the end of its window.
    pub taken_at: Timestamp,
    /// When it was made. Of two that speak of one moment the later one holds.
    pub computed_at: Timestamp,
    /// How many articles it lists.
    #[schema(minimum = 0, maximum = 100, examples(100))]
    pub entry_count: u16,
}

page_type! {
    /// One page of a board's snapshots, newest first.
    SnapshotPage of SnapshotInfo
}

/// A snapshot: what a board listed, for ever. Articles withdrawn since keep their place here.
#[derive(Debug, Serialize, ToSchema)]
pub struct Snapshot {
    /// Its id.
    pub id: SnapshotId,
    /// The board's key.
    #[schema(max_length = 64, value_type = String, examples("most_viewed"))]
    pub board: &'static str,
    /// The id of the category it is ranked over; null for none.
    #[schema(required)]
    pub category_id: Option<crate::ids::CategoryId>,
    /// The id of the publisher it is ranked over; null for none.
    #[schema(required)]
    pub publisher_id: Option<crate::ids::PublisherId>,
    /// The window; null for a board without one.
    #[schema(required, max_length = 8, value_type = Option<String>, examples("1h"))]
    pub window: Option<&'static str>,
    /// The moment it speaks of: the end of its window.
    pub taken_at: Timestamp,
    /// When it was made.
    pub computed_at: Timestamp,
    /// Its places, in order.
    #[schema(max_items = 100)]
    pub entries: Vec<SnapshotEntry>,
}

/// A place on a snapshot.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SnapshotEntry {
    /// From 1.
    #[schema(minimum = 1, maximum = 100, examples(1))]
    pub rank: u16,
    /// Its place on the snapshot before; null when it was not on it.
    #[schema(required, minimum = 1, maximum = 100, examples(3))]
    pub previous_rank: Option<u16>,
    /// What became of it since.
    pub movement: Movement,
    /// The best place it had since it entered the board.
    #[schema(minimum = 1, maximum = 100, examples(1))]
    pub peak_rank: u16,
    /// Since when it stood on the board without a break.
    pub entered_at: Timestamp,
    /// What the board orders by.
    #[schema(examples(120.0))]
    pub score: f64,
    /// The article.
    pub article_id: ArticleId,
}

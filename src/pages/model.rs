//! The shapes the API shows and takes.

mod layout;

pub use layout::{Key, LayoutInput, LayoutModule, PageLayout, ScopeWord};

use crate::{
    articles::model::{Article, Names},
    clock::Timestamp,
    comments::model::CommentsSummary,
    rankings::model::{RankedArticle, Scope},
};
use serde::Serialize;
use utoipa::ToSchema;

/// Which page it is. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// An article and what stands around it.
    Article,
    /// The front page.
    Home,
    /// A category's page.
    Category,
}

impl PageKind {
    /// Each by its name on the wire.
    pub const ALL: [(&'static str, Self); 3] =
        [("article", Self::Article), ("home", Self::Home), ("category", Self::Category)];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Home => "home",
            Self::Category => "category",
        }
    }
}

impl std::str::FromStr for PageKind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, page)| *page).ok_or(())
    }
}

/// A page with everything on it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Page)]
pub struct PageView {
    /// Which page it is.
    pub page: PageKind,
    /// When it was put together.
    pub generated_at: Timestamp,
    /// The article being read; null on other pages.
    #[schema(required)]
    pub article: Option<Article>,
    /// How many comments it has, and what it takes; null on other pages.
    #[schema(required)]
    pub comments_summary: Option<CommentsSummary>,
    /// How to share the article; null on other pages.
    #[schema(required)]
    pub share: Option<Share>,
    /// The lists, in page order.
    #[schema(max_items = 300)]
    pub modules: Vec<Module>,
}

/// Where the items of a module come from. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ModuleSource {
    /// All from its board, or there are none.
    Ranked,
    /// All from other lists of the same scope.
    Backfill,
    /// Some of both.
    Mixed,
}

/// A list on a page.
#[derive(Debug, Serialize, ToSchema)]
pub struct Module {
    /// Its board's key, `related`, or `for_you`. More may come.
    #[schema(max_length = 64, value_type = String, examples("most_viewed"))]
    pub key: &'static str,
    /// What readers call it.
    pub title: Names,
    /// What it is ranked over.
    pub scope: Scope,
    /// The window of its board; null for one without.
    #[schema(required, max_length = 8, value_type = Option<String>, examples("1h"))]
    pub window: Option<&'static str>,
    /// `for_you`: whether it is made for this reader. `false` says honestly that it shows what is popular.
    /// Null for other modules.
    #[schema(required, examples(json!(null)))]
    pub personalised: Option<bool>,
    /// Where its items come from.
    pub source: ModuleSource,
    /// The items. Those of the board first, each with its true rank there.
    #[schema(max_items = 100)]
    pub items: Vec<RankedArticle>,
}

/// How to share an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct Share {
    /// The address search engines should keep.
    #[schema(max_length = 2000, examples("http://127.0.0.1:8080/articles/기준금리-동결"))]
    pub canonical_url: String,
    /// What previews show (Open Graph).
    pub open_graph: OpenGraph,
    /// Addresses that open a form to share its page here.
    pub links: ShareLinks,
}

/// Open Graph properties.
#[derive(Debug, Serialize, ToSchema)]
pub struct OpenGraph {
    /// `og:title`.
    #[schema(max_length = 200, examples("기준금리 동결"))]
    pub title: String,
    /// `og:description`.
    #[schema(required, max_length = 1000, examples("석 달째 같은 수준"))]
    pub description: Option<String>,
    /// `og:image`.
    #[schema(required, max_length = 2000, examples("https://images.example/rate.jpg"))]
    pub image: Option<String>,
    /// `og:locale`.
    #[schema(max_length = 35, examples("ko_KR"))]
    pub locale: String,
    /// `og:type`.
    #[serde(rename = "type")]
    #[schema(max_length = 64, value_type = String, examples("article"))]
    pub kind: &'static str,
}

/// Addresses that open a form to share a page. More may come.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareLinks {
    /// Facebook.
    #[schema(
        max_length = 8000,
        examples(
            "https://www.facebook.com/sharer/sharer.php?u=http%3A%2F%2F127%2E0%2E0%2E1%3A8080%2Farticles%2Frate"
        )
    )]
    pub facebook: String,
    /// X.
    #[schema(
        max_length = 8000,
        examples(
            "https://x.com/intent/post?url=http%3A%2F%2F127%2E0%2E0%2E1%3A8080%2Farticles%2Frate&text=Rate"
        )
    )]
    pub x: String,
    /// LINE.
    #[schema(
        max_length = 8000,
        examples(
            "https://social-plugins.line.me/lineit/share?url=http%3A%2F%2F127%2E0%2E0%2E1%3A8080%2Farticles%2Frate"
        )
    )]
    pub line: String,
    /// A mail.
    #[schema(
        max_length = 8000,
        examples(
            "mailto:?subject=Rate&body=http%3A%2F%2F127%2E0%2E0%2E1%3A8080%2Farticles%2Frate"
        )
    )]
    pub email: String,
}

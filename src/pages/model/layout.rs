//! Which modules stand on a page, as an admin reads and writes it.

use super::PageKind;
use crate::{
    articles::model::Names,
    clock::Timestamp,
    error::{Broken, Faults, Message},
    http::body::BodyLimit,
    rankings::board::{Board, Window},
    slug::Slug,
};
use deserr::Deserr;
use serde::{Serialize, Serializer};
use std::collections::HashSet;
use utoipa::ToSchema;

/// What a module shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserr)]
#[deserr(try_from(String) = Key::parse -> Unknown)]
pub enum Key {
    /// A board.
    Board(Board),
    /// What is on the topic of the article being read.
    Related,
    /// What this reader may like.
    ForYou,
}

/// A word that is none of those known.
#[derive(Debug, thiserror::Error)]
#[error("Must be one of {0}.")]
pub struct Unknown(String);

impl Broken for Unknown {
    fn code(&self) -> &'static str {
        "unknown_value"
    }
    fn detail_ko(&self) -> String {
        format!("다음 중 하나여야 합니다: {}.", self.0)
    }
}

impl Key {
    fn all() -> impl Iterator<Item = Self> {
        Board::public().map(Self::Board).chain([Self::Related, Self::ForYou])
    }

    fn parse(text: String) -> Result<Self, Unknown> {
        let names = || Self::all().map(Self::name).collect::<Vec<_>>().join(", ");
        Self::all().find(|key| key.name() == text).ok_or_else(|| Unknown(names()))
    }

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Board(board) => board.key(),
            Self::Related => "related",
            Self::ForYou => "for_you",
        }
    }

    /// What readers call it.
    #[must_use]
    pub fn title(self) -> Names {
        let (ko, en) = match self {
            Self::Board(board) => return board.title(),
            Self::Related => ("함께 보면 좋은 뉴스", "Related"),
            Self::ForYou => ("당신을 위한 인기글", "Popular for you"),
        };
        Names { ko: ko.into(), en: en.into() }
    }
}

impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// What a module is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserr, ToSchema)]
#[serde(rename_all = "snake_case")]
#[deserr(error = Faults)]
#[schema(as = ModuleScope)]
pub enum ScopeWord {
    /// All articles.
    #[deserr(rename = "all")]
    All,
    /// The category of the page.
    #[deserr(rename = "page")]
    Page,
    /// One module for each of the first eight top categories.
    #[deserr(rename = "each_category")]
    EachCategory,
    /// The category that it names.
    #[deserr(rename = "category")]
    Category,
}

/// A module of a layout.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct LayoutModule {
    /// What it shows: a board's key, `related` (on an article's page) or `for_you`.
    #[schema(value_type = String, pattern = "^(most_viewed|most_reacted|most_shared|popular|trending|recommended|latest|related|for_you)$", max_length = 64, examples("most_viewed"))]
    pub key: Key,
    /// What it is about.
    pub scope: ScopeWord,
    /// The category's slug, with the scope `category` alone.
    #[deserr(default)]
    #[schema(required = false, nullable, examples(json!(null)))]
    pub category: Option<Slug>,
    /// One of the board's windows; its default when absent.
    #[deserr(default, try_from(Option<String>) = named_window -> Unknown)]
    #[serde(serialize_with = "window_word")]
    #[schema(required = false, value_type = Option<String>, nullable, max_length = 8, pattern = "^(1h|24h|72h|7d|30d)$", examples("24h"))]
    pub window: Option<Window>,
    /// How many items it holds.
    #[deserr(try_from(u8) = checked_size -> NotASize)]
    #[schema(minimum = 1, maximum = 30, examples(6))]
    pub size: u8,
}

fn named_window(name: Option<String>) -> Result<Option<Window>, Unknown> {
    let Some(name) = name else { return Ok(None) };
    let names = || Window::ALL.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
    Window::from_name(&name).map(Some).ok_or_else(|| Unknown(names()))
}

fn window_word<S: Serializer>(window: &Option<Window>, serializer: S) -> Result<S::Ok, S::Error> {
    window.map(Window::name).serialize(serializer)
}

/// A number of items that no module holds.
#[derive(Debug, thiserror::Error)]
#[error("Must be 1 to 30.")]
pub struct NotASize;

impl Broken for NotASize {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        "1에서 30 사이여야 합니다.".into()
    }
}

fn checked_size(n: u8) -> Result<u8, NotASize> {
    if (1..=30).contains(&n) { Ok(n) } else { Err(NotASize) }
}

impl LayoutModule {
    /// A module of `size` items.
    #[must_use]
    pub fn new(key: Key, scope: ScopeWord, size: u8) -> Self {
        Self { key, scope, category: None, window: None, size }
    }
}

/// Most modules of a layout.
pub const MOST_MODULES: usize = 30;

/// A layout as it is written.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"modules": [
    {"key": "most_viewed", "scope": "page", "size": 6},
    {"key": "popular", "scope": "all", "size": 10}
]})))]
pub struct LayoutInput {
    /// The modules in page order, no two alike; 30 at most.
    #[schema(max_items = 30)]
    pub modules: Vec<LayoutModule>,
}

impl BodyLimit for LayoutInput {}

impl LayoutInput {
    /// What does not fit the page `page`, all of it.
    #[must_use]
    pub fn faults(&self, page: PageKind) -> Faults {
        let mut faults = Faults::default();
        if self.modules.len() > MOST_MODULES {
            let detail = Message::new("At most 30 modules.", "모듈은 30개까지입니다.");
            faults.push("/modules".to_owned(), "too_many", detail);
        }
        let mut seen = HashSet::new();
        for (n, module) in self.modules.iter().enumerate() {
            let mut fault = |name: &str, code, en: &'static str, ko: &'static str| {
                faults.push(format!("/modules/{n}{name}"), code, Message::new(en, ko));
            };
            if module.key == Key::Related && page != PageKind::Article {
                fault(
                    "/key",
                    "not_here",
                    "Only on an article's page.",
                    "기사 페이지에서만 쓸 수 있습니다.",
                );
            }
            if module.scope == ScopeWord::Page && page == PageKind::Home {
                fault(
                    "/scope",
                    "not_here",
                    "The front page has no category.",
                    "첫 화면에는 분류가 없습니다.",
                );
            }
            let alone = matches!(module.key, Key::Related | Key::ForYou);
            if alone && module.scope != ScopeWord::All {
                fault(
                    "/scope",
                    "not_here",
                    "This module is about all.",
                    "이 모듈의 범위는 all입니다.",
                );
            }
            if (module.scope == ScopeWord::Category) != module.category.is_some() {
                fault(
                    "/category",
                    "invalid",
                    "Goes with the scope 'category', and that one with it.",
                    "범위가 category일 때만, 그때는 반드시 지정합니다.",
                );
            }
            let windows = if let Key::Board(board) = module.key { board.windows() } else { &[] };
            if module.window.is_some_and(|window| !windows.contains(&window)) {
                fault(
                    "/window",
                    "unknown_value",
                    "Not a window of this board.",
                    "이 랭킹에 없는 기간입니다.",
                );
            }
            if !seen.insert((module.key, module.scope, &module.category, module.window)) {
                fault("", "repeated", "Stands here twice.", "같은 모듈이 두 번 있습니다.");
            }
        }
        faults
    }
}

/// Which modules stand on a page, in page order.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageLayout {
    /// The page.
    pub page: PageKind,
    /// The modules.
    #[schema(max_items = 30)]
    pub modules: Vec<LayoutModule>,
    /// Counts its changes; 0 while it is the one that this program comes with.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
    /// The name of the key that changed it last; null while nobody did.
    #[schema(required, max_length = 100, examples("Newsroom"))]
    pub updated_by: Option<String>,
    /// When it was changed last; null while it never was.
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
}

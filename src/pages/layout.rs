//! Which lists stand on which page, in page order, and where each takes its items from. Pure.

use super::model::{Key, LayoutModule, PageKind, ScopeWord};
use crate::{
    articles::model::{CategoryRef, Names},
    ids::CategoryId,
    rankings::{
        board::{Board, Window},
        order::ALL,
        scope::Found,
    },
};
use uuid::Uuid;

/// A category a list may be about.
#[derive(Debug, Clone)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// As the API names it.
    pub shown: CategoryRef,
}

/// A list of a board in a scope.
pub type BoardList = (Board, Uuid, Option<Window>);

/// A list on a page.
#[derive(Debug, Clone)]
pub struct Place {
    /// What it shows.
    pub key: Key,
    /// The window of its board; the board's default when `None`.
    window: Option<Window>,
    /// What it is about.
    pub scope: Found,
    /// How many items.
    pub size: usize,
    /// The category of the page, to fill up from.
    home: Uuid,
}

impl Place {
    /// The board it shows: `for_you` shows the popular to whom it does not know.
    #[must_use]
    pub fn board(&self) -> Option<Board> {
        match self.key {
            Key::Board(board) => Some(board),
            Key::ForYou => Some(Board::Popular),
            Key::Related => None,
        }
    }

    /// Its window.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        self.window.or_else(|| self.board()?.default_window())
    }

    /// What readers call it.
    #[must_use]
    pub fn title(&self) -> Names {
        self.key.title()
    }

    /// The list it shows.
    #[must_use]
    pub fn own(&self) -> Option<BoardList> {
        Some((self.board()?, self.scope.id, self.window()))
    }

    /// The same by rate, for when the list says what one before it says.
    #[must_use]
    pub fn alternative(&self) -> Option<BoardList> {
        let (board, scope, window) = self.own()?;
        let rate = board.by_rate().filter(|rate| *rate != board)?;
        let window = window.filter(|window| rate.windows().contains(window));
        Some((rate, scope, window.or(rate.default_window())))
    }

    /// The lists it goes on with: longer windows of its board, what is popular, what is new.
    #[must_use]
    pub fn backfill(&self) -> Vec<BoardList> {
        let mut lists = Vec::new();
        let scope = if self.key == Key::Related { self.home } else { self.scope.id };
        if let Some((board, _, Some(window))) = self.own() {
            let longer = board.windows().iter().filter(|other| **other > window);
            lists.extend(longer.take(2).map(|window| (board, scope, Some(*window))));
        }
        if !matches!(self.key, Key::Board(Board::Popular | Board::Latest) | Key::ForYou) {
            lists.push((Board::Popular, scope, Board::Popular.default_window()));
        }
        if self.key != Key::Board(Board::Latest) {
            lists.push((Board::Latest, scope, None));
        }
        if self.key == Key::Related {
            lists.push((Board::Latest, ALL, None));
        }
        lists
    }

    /// When it is filled among lists that recommend; `None` for one that states figures.
    #[must_use]
    pub fn recommends(&self) -> Option<u8> {
        match self.key {
            Key::Board(Board::Recommended) => Some(0),
            Key::Related => Some(1),
            Key::ForYou => Some(2),
            Key::Board(Board::Trending) => Some(3),
            Key::Board(Board::Popular) => Some(4),
            Key::Board(_) => None,
        }
    }
}

/// Most categories that `each_category` stands for.
pub const EACH_CATEGORY: usize = 8;

/// The places of a layout on the page of `home`, a category, if it has one. `top` are the first
/// categories of the top level, `named` those that the layout names; a name that is gone is left out.
#[must_use]
pub fn places(
    modules: &[LayoutModule],
    home: Option<&Category>,
    top: &[Category],
    named: &[Category],
) -> Vec<Place> {
    let of = |category: &Category| Found::category(category.id, category.shown.clone());
    let mut places = Vec::new();
    for module in modules {
        let scopes: Vec<Found> = match module.scope {
            ScopeWord::All => vec![Found::all()],
            ScopeWord::Page => home.map(of).into_iter().collect(),
            ScopeWord::EachCategory => top.iter().take(EACH_CATEGORY).map(of).collect(),
            ScopeWord::Category => named
                .iter()
                .filter(|category| {
                    module
                        .category
                        .as_ref()
                        .is_some_and(|slug| slug.as_str() == category.shown.slug)
                })
                .map(of)
                .collect(),
        };
        places.extend(scopes.into_iter().map(|scope| Place {
            key: module.key,
            window: module.window,
            scope,
            size: usize::from(module.size),
            home: home.map_or(ALL, |category| category.id.0),
        }));
    }
    places
}

/// The layout of a page that nobody changed: on an article's page the modules of the page that this
/// product was born from, in its order.
#[must_use]
pub fn default_layout(page: PageKind) -> Vec<LayoutModule> {
    use Board::{Latest, MostReacted, MostShared, MostViewed, Popular, Recommended, Trending};
    use ScopeWord::{All, EachCategory, Page};
    let board = |board, scope, size| LayoutModule::new(Key::Board(board), scope, size);
    match page {
        PageKind::Article => vec![
            board(MostViewed, Page, 6),
            board(MostReacted, Page, 6),
            LayoutModule::new(Key::ForYou, All, 8),
            LayoutModule::new(Key::Related, All, 5),
            board(Popular, Page, 6),
            board(Trending, All, 5),
            board(Recommended, Page, 6),
            board(Recommended, All, 5),
        ],
        PageKind::Home => vec![
            board(Recommended, All, 6),
            board(MostViewed, All, 10),
            board(Trending, All, 5),
            board(Popular, All, 10),
            board(MostReacted, All, 6),
            board(Latest, All, 10),
            board(MostViewed, EachCategory, 6),
        ],
        PageKind::Category => vec![
            board(Recommended, Page, 6),
            board(MostViewed, Page, 10),
            board(Popular, Page, 6),
            board(MostReacted, Page, 6),
            board(MostShared, Page, 6),
            board(Latest, Page, 10),
            board(Trending, All, 5),
        ],
    }
}

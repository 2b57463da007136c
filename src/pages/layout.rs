//! Which lists stand on which page, in page order. Pure.

use crate::{
    articles::model::CategoryRef,
    ids::CategoryId,
    rankings::{
        board::{Board, Window},
        order::ALL,
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

/// A list on a page.
#[derive(Debug, Clone)]
pub struct Place {
    /// The board it shows.
    pub board: Board,
    /// The category it is about; `None` for all.
    pub category: Option<Category>,
    /// How many items.
    pub size: usize,
}

impl Place {
    fn new(board: Board, category: Option<&Category>, size: usize) -> Self {
        Self { board, category: category.cloned(), size }
    }

    /// The scope's id.
    #[must_use]
    pub fn scope(&self) -> Uuid {
        self.category.as_ref().map_or(ALL, |category| category.id.0)
    }

    /// The board's default window.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        self.board.default_window()
    }
}

/// Most categories the front page shows.
pub const HOME_CATEGORIES: usize = 8;

/// The page of an article filed under `category`.
#[must_use]
pub fn article(category: &Category) -> Vec<Place> {
    vec![
        Place::new(Board::MostViewed, Some(category), 6),
        Place::new(Board::Latest, Some(category), 6),
        Place::new(Board::MostViewed, None, 6),
        Place::new(Board::Latest, None, 6),
    ]
}

/// The front page over these top categories, in their order.
#[must_use]
pub fn home(categories: &[Category]) -> Vec<Place> {
    let all = [Place::new(Board::MostViewed, None, 10), Place::new(Board::Latest, None, 10)];
    let each = categories.iter().take(HOME_CATEGORIES);
    all.into_iter().chain(each.map(|c| Place::new(Board::MostViewed, Some(c), 6))).collect()
}

/// The page of `category`.
#[must_use]
pub fn category(category: &Category) -> Vec<Place> {
    vec![
        Place::new(Board::MostViewed, Some(category), 10),
        Place::new(Board::Latest, Some(category), 10),
        Place::new(Board::MostViewed, None, 6),
        Place::new(Board::Latest, None, 6),
    ]
}

//! Which list a request is about.

use crate::{
    clock::Timestamp,
    error::{Error, Faults, Message, Result, What},
    http::query::{FromQuery, QueryReader},
    page::PageRequest,
    rankings::{
        board::{Board, Window},
        scope::{self, Found},
        store::ListKey,
    },
};
use diesel_async::AsyncPgConnection;

/// Which list of a board.
#[derive(Debug)]
pub struct ListQuery {
    category: Option<String>,
    publisher: Option<String>,
    window: Option<Window>,
    by_rate: bool,
    /// Whether each article stands for itself.
    pub raw: bool,
}

impl FromQuery for ListQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let query = Self {
            category: reader.text("category"),
            publisher: reader.text("publisher"),
            window: reader.word("window", &Window::ALL),
            by_rate: reader.word("sort", &[("count", false), ("rate", true)]).unwrap_or_default(),
            raw: reader.word("fold", &[("story", false), ("none", true)]).unwrap_or_default(),
        };
        if query.category.is_some() && query.publisher.is_some() {
            let detail = Message::new(
                "Give a category or a publisher, not both.",
                "분류와 언론사 가운데 하나만 지정해 주세요.",
            );
            reader.fault("publisher", "not_together", detail);
        }
        Some(query)
    }
}

/// Which list of a board, and which page of something about it.
#[derive(Debug)]
pub struct PagedList {
    /// The list.
    pub list: ListQuery,
    /// The page.
    pub page: PageRequest,
}

impl FromQuery for PagedList {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self { list: ListQuery::read(reader)?, page: reader.page() })
    }
}

/// Which list of a board, when.
#[derive(Debug)]
pub struct ListAt {
    /// The list.
    pub list: ListQuery,
    /// The moment; now when not given.
    pub at: Option<Timestamp>,
}

impl FromQuery for ListAt {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let at = reader.instant("at");
        Some(Self { list: ListQuery::read(reader)?, at })
    }
}

/// A list of a board, found.
#[derive(Debug)]
pub struct List {
    /// What is read.
    pub key: ListKey,
    /// What it is ranked over.
    pub scope: Found,
}

impl List {
    /// `count` or `rate`.
    pub fn sort(&self) -> &'static str {
        if self.key.board == Board::ReactionRate { "rate" } else { "count" }
    }
}

/// The board of this key.
///
/// # Errors
/// 404 when there is none.
pub fn board(key: &str) -> Result<Board> {
    Board::from_key(key).ok_or_else(|| Error::not_found(What::Board))
}

/// The list that `query` asks of `board`.
///
/// # Errors
/// 422 for an order, a window, a category or a publisher that there is not.
pub async fn find(conn: &AsyncPgConnection, board: Board, query: &ListQuery) -> Result<List> {
    let board = sorted(board, query.by_rate)?;
    let window = window(board, query.window)?;
    let scope =
        scope_of(conn, query.category.as_deref(), query.publisher.as_deref(), parameter).await?;
    let key = ListKey { board, scope: scope.id, window, raw: query.raw };
    Ok(List { key, scope })
}

fn sorted(board: Board, by_rate: bool) -> Result<Board> {
    if !by_rate {
        return Ok(board);
    }
    board.by_rate().ok_or_else(|| {
        Error::invalid(Faults::parameter(
            "sort",
            "unknown_value",
            Message::new(
                "Only most_reacted can be sorted by rate.",
                "비율로 정렬할 수 있는 랭킹은 most_reacted뿐입니다.",
            ),
        ))
    })
}

fn window(board: Board, asked: Option<Window>) -> Result<Option<Window>> {
    match asked {
        None => Ok(board.default_window()),
        Some(window) if board.windows().contains(&window) => Ok(Some(window)),
        Some(_) => Err(Error::invalid(Faults::parameter(
            "window",
            "unknown_value",
            Message::new(
                "This board has no such window; GET /v1/rankings lists those it has.",
                "이 랭킹에 없는 기간입니다. 가능한 기간은 GET /v1/rankings에 있습니다.",
            ),
        ))),
    }
}

/// A fault of a query parameter.
pub fn parameter(name: &'static str, code: &'static str, detail: Message) -> Faults {
    Faults::parameter(name, code, detail)
}

/// The scope of these names. `fault` says where a name that there is not stood.
///
/// # Errors
/// 422 for a category or a publisher that there is not.
pub async fn scope_of(
    conn: &AsyncPgConnection,
    category: Option<&str>,
    publisher: Option<&str>,
    fault: impl Fn(&'static str, &'static str, Message) -> Faults,
) -> Result<Found> {
    let unknown = |name| {
        let detail = Message::new("There is none of this name.", "이런 이름이 없습니다.");
        Error::invalid(fault(name, "unknown_value", detail))
    };
    if let Some(slug) = category {
        let found = scope::category(conn, slug).await?.ok_or_else(|| unknown("category"))?;
        return Ok(Found::category(found.0, found.1));
    }
    if let Some(slug) = publisher {
        let found = scope::publisher(conn, slug).await?.ok_or_else(|| unknown("publisher"))?;
        return Ok(Found::publisher(found.0, found.1));
    }
    Ok(Found::all())
}

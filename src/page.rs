//! Lists in pages: a checked limit, an opaque cursor bound to its query, and the envelope every list shares.

use crate::error::{Code, Error};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many items a page holds: 1 to 100. A value outside is refused, never cut in silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit(u8);

impl Limit {
    /// What a list gives when nothing is asked.
    pub const DEFAULT: Self = Self(20);
    /// The largest page.
    pub const MAX: u8 = 100;

    /// `None` outside 1 to 100.
    #[must_use]
    pub fn new(n: i64) -> Option<Self> {
        u8::try_from(n).ok().filter(|n| (1..=Self::MAX).contains(n)).map(Self)
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> usize {
        usize::from(self.0)
    }

    /// Rows to fetch: one more than asked, so that "is there another page" costs no second query.
    #[must_use]
    pub fn plus_one(self) -> i64 {
        i64::from(self.0) + 1
    }
}

/// Which way a cursor walks its list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Towards the end of the list.
    Forward,
    /// Back towards its start.
    Backward,
}

/// The place of one item in the order of its list: a sort key and an id that breaks ties.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The sort key: milliseconds, a rank, or zero where the id alone orders.
    pub key: i64,
    /// The item.
    pub id: Uuid,
}

/// A decoded cursor: continue strictly beyond `position`, in `direction`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// Which way.
    pub direction: Direction,
    /// From where, exclusive.
    pub position: Position,
    /// The moment the walk began at, for lists that can be seen as they were; empty elsewhere.
    pub mark: Vec<u8>,
}

const CURSOR_BYTES: usize = 1 + 8 + 8 + 16;

/// Most bytes of a mark: the text of a cursor stays within 200 characters.
pub const MARK_BYTES: usize = 110;

impl Cursor {
    /// The text form: base64url of direction, query fingerprint, key and id.
    #[must_use]
    pub fn encode(&self, query: u64) -> String {
        let mut bytes = Vec::with_capacity(CURSOR_BYTES + self.mark.len());
        bytes.push(match self.direction {
            Direction::Forward => 1,
            Direction::Backward => 2,
        });
        bytes.extend(query.to_be_bytes());
        bytes.extend(self.position.key.to_be_bytes());
        bytes.extend(self.position.id.as_bytes());
        bytes.extend(&self.mark);
        base64url::encode(&bytes)
    }

    /// Reads back what [`Cursor::encode`] wrote for the same query.
    ///
    /// # Errors
    /// [`Code::MalformedCursor`] for text this API did not write, or wrote for another query.
    pub fn decode(text: &str, query: u64) -> Result<Self, Error> {
        let refused = || Error::plain(Code::MalformedCursor);
        let bytes = base64url::decode(text)
            .filter(|bytes| (CURSOR_BYTES..=CURSOR_BYTES + MARK_BYTES).contains(&bytes.len()))
            .ok_or_else(refused)?;
        let direction = match bytes[0] {
            1 => Direction::Forward,
            2 => Direction::Backward,
            _ => return Err(refused()),
        };
        if bytes[1..9] != query.to_be_bytes() {
            return Err(refused());
        }
        let mut key = [0; 8];
        key.copy_from_slice(&bytes[9..17]);
        let id = Uuid::from_slice(&bytes[17..CURSOR_BYTES]).map_err(|_| refused())?;
        let mark = bytes[CURSOR_BYTES..].to_vec();
        Ok(Self { direction, position: Position { key: i64::from_be_bytes(key), id }, mark })
    }
}

/// What a list was asked for: where to start, how many, and the query a cursor is bound to.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Items per page.
    pub limit: Limit,
    /// Where to continue; `None` for the first page.
    pub cursor: Option<Cursor>,
    /// Fingerprint of path and parameters but for `cursor` and `limit`.
    pub query: u64,
    /// Path and query without `cursor`, for `Link` headers.
    pub base: String,
    /// The moment the walk began at, for lists that can be seen as they were; empty elsewhere.
    pub mark: Vec<u8>,
}

impl PageRequest {
    /// Whether rows must be fetched in the reverse of the list's order.
    #[must_use]
    pub fn backward(&self) -> bool {
        self.cursor.as_ref().is_some_and(|cursor| cursor.direction == Direction::Backward)
    }

    /// The position to continue from, if any.
    #[must_use]
    pub fn from(&self) -> Option<Position> {
        self.cursor.as_ref().map(|cursor| cursor.position)
    }

    /// Makes a page of up to `limit + 1` rows, which came in the direction asked for.
    pub fn page<T>(&self, mut rows: Vec<T>, position: impl Fn(&T) -> Position) -> Page<T> {
        let more = rows.len() > self.limit.get();
        rows.truncate(self.limit.get());
        if self.backward() {
            rows.reverse();
        }
        let (has_prev, has_next) = match self.cursor.as_ref().map(|c| c.direction) {
            None => (false, more),
            Some(Direction::Forward) => (true, more),
            Some(Direction::Backward) => (more, true),
        };
        let cursor = |direction, row: Option<&T>| {
            row.map(|row| {
                Cursor { direction, position: position(row), mark: self.mark.clone() }
                    .encode(self.query)
            })
        };
        let info = PageInfo {
            next: if has_next { cursor(Direction::Forward, rows.last()) } else { None },
            prev: if has_prev { cursor(Direction::Backward, rows.first()) } else { None },
            limit: self.limit.0,
        };
        Page { items: rows, page: info, base: self.base.clone() }
    }
}

/// Where this page stands in its list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PageInfo {
    /// Pass as `cursor` for the page after; `null` on the last one.
    #[schema(required, max_length = 200, examples(json!(null)))]
    pub next: Option<String>,
    /// Pass as `cursor` for the page before; `null` on the first one.
    #[schema(required, max_length = 200, examples(json!(null)))]
    pub prev: Option<String>,
    /// The limit this page was cut by.
    #[schema(minimum = 1, maximum = 100, examples(20))]
    pub limit: u8,
}

/// Up to `limit` items in list order, and how to walk on.
#[derive(Debug)]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// Cursors and limit.
    pub page: PageInfo,
    /// Path and query without `cursor`.
    pub base: String,
}

impl<T> Page<T> {
    /// The same page with each item turned into another.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { items: self.items.into_iter().map(f).collect(), page: self.page, base: self.base }
    }

    /// The `Link` header (RFC 8288) that says the same as `page`; `None` when there is nowhere to go.
    #[must_use]
    pub fn link(&self) -> Option<String> {
        link(&self.page, &self.base)
    }
}

/// The `Link` header for a page of the list at `base`.
#[must_use]
pub fn link(page: &PageInfo, base: &str) -> Option<String> {
    let joint = if base.contains('?') { '&' } else { '?' };
    let one = |rel, cursor: &Option<String>| {
        cursor.as_ref().map(|cursor| {
            let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
            format!("<{base}{joint}cursor={cursor}>; rel=\"{rel}\"")
        })
    };
    let links: Vec<_> =
        [one("next", &page.next), one("prev", &page.prev)].into_iter().flatten().collect();
    (!links.is_empty()).then(|| links.join(", "))
}

/// Declares the response type of one list: `page_type!(ArticlePage of ArticleSummary)`.
///
/// A generic `Page<T>: ToSchema` would copy the item's schema into every list instead of referring
/// to it (utoipa 6, juhaku/utoipa#1586), and generated clients would get one item type per list.
macro_rules! page_type {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// The items of this page, in list order.
            #[schema(max_items = 100)]
            pub items: Vec<$item>,
            /// Cursors to the neighbouring pages.
            pub page: $crate::page::PageInfo,
        }

        impl From<$crate::page::Page<$item>> for $name {
            fn from(page: $crate::page::Page<$item>) -> Self {
                Self { items: page.items, page: page.page }
            }
        }
    };
}
pub(crate) use page_type;

/// URL-safe base64 without padding (RFC 4648, 5).
mod base64url {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

    pub fn encode(bytes: &[u8]) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    pub fn decode(text: &str) -> Option<Vec<u8>> {
        URL_SAFE_NO_PAD.decode(text).ok()
    }
}

//! Lists without filters, and lists small enough to be cut in memory.

use crate::{
    http::query::{FromQuery, QueryReader},
    page::{Direction, Page, PageRequest, Position},
};
use uuid::Uuid;

impl FromQuery for PageRequest {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(reader.page())
    }
}

/// The asked page of `all`, which stands in list order. A cursor finds its item by `id` where there
/// is one, so that items may move between two requests, and by its place otherwise.
pub fn page_of<T: Clone>(
    request: &PageRequest,
    all: &[T],
    id: impl Fn(&T) -> Option<Uuid>,
) -> Page<T> {
    let place = |position: Position| {
        let by_id = all.iter().position(|item| id(item) == Some(position.id));
        by_id.unwrap_or_else(|| usize::try_from(position.key).unwrap_or(0).min(all.len()))
    };
    let wanted = request.limit.get() + 1;
    let numbered = all.iter().cloned().enumerate();
    let rows: Vec<_> = match &request.cursor {
        None => numbered.take(wanted).collect(),
        Some(cursor) => match (cursor.direction, place(cursor.position)) {
            (Direction::Forward, at) => numbered.skip(at + 1).take(wanted).collect(),
            (Direction::Backward, at) => {
                let before: Vec<_> = numbered.take(at).collect();
                before.into_iter().rev().take(wanted).collect()
            }
        },
    };
    let position = |(at, item): &(usize, T)| Position {
        key: i64::try_from(*at).unwrap_or(i64::MAX),
        id: id(item).unwrap_or_default(),
    };
    request.page(rows, position).map(|(_, item)| item)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(query: &str) -> PageRequest {
        QueryReader::new("/v1/things", query).read().expect("valid")
    }

    #[test]
    fn walking_there_and_back_shows_everything_once() {
        let all: Vec<u8> = (0..7).collect();
        let (mut there, mut query) = (Vec::new(), "limit=3".to_owned());
        let last = loop {
            let page = page_of(&ask(&query), &all, |_| None);
            there.extend(page.items.clone());
            match page.page.next.clone() {
                Some(next) => query = format!("limit=3&cursor={next}"),
                None => break page,
            }
        };
        assert_eq!(there, all);
        assert_eq!(last.items, [6]);
        let back = format!("limit=3&cursor={}", last.page.prev.expect("a page before"));
        assert_eq!(page_of(&ask(&back), &all, |_| None).items, [3, 4, 5]);
    }
}

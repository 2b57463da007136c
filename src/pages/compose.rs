//! Which article stands in which list of a page, each story once. Pure.

use crate::{ids::ArticleId, rankings::model::Source};
use std::collections::HashSet;

/// What must not stand on a page twice: an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Story(pub ArticleId);

/// What a page repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dedupe {
    /// Nothing: each story stands on the page once, and lists refill.
    #[default]
    Page,
    /// What boards repeat: each board is shown as it is.
    Boards,
    /// Everything: raw lists.
    None,
}

impl Dedupe {
    /// Each by its name on the wire.
    pub const ALL: [(&'static str, Self); 3] =
        [("page", Self::Page), ("boards", Self::Boards), ("none", Self::None)];
}

/// A candidate for a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Candidate<T> {
    /// Its story.
    pub story: Story,
    /// What is shown.
    pub item: T,
}

/// A list to be filled.
#[derive(Debug, Clone, PartialEq)]
pub struct List<T> {
    /// What its board offers, best first.
    pub board: Vec<Candidate<T>>,
    /// What it takes when the board has no more, best first.
    pub backfill: Vec<Candidate<T>>,
    /// How many it holds.
    pub size: usize,
}

/// Fills `lists` in their order. The story being `read` stands in none of them. With
/// [`Dedupe::Page`] a story that stands in one list stands in no later one, and a list that its board
/// cannot fill goes on with its backfill; otherwise each list is the first of its board.
pub fn compose<T: Copy>(
    lists: &[List<T>],
    read: Option<Story>,
    dedupe: Dedupe,
) -> Vec<Vec<(T, Source)>> {
    let mut on_page: HashSet<Story> = read.into_iter().collect();
    lists
        .iter()
        .map(|list| match dedupe {
            Dedupe::Page => fill(list, &mut on_page),
            Dedupe::Boards | Dedupe::None => raw(list, read),
        })
        .collect()
}

fn fill<T: Copy>(list: &List<T>, on_page: &mut HashSet<Story>) -> Vec<(T, Source)> {
    let ranked = list.board.iter().map(|candidate| (candidate, Source::Ranked));
    let backfill = list.backfill.iter().map(|candidate| (candidate, Source::Backfill));
    ranked
        .chain(backfill)
        .filter(|(candidate, _)| on_page.insert(candidate.story))
        .map(|(candidate, source)| (candidate.item, source))
        .take(list.size)
        .collect()
}

fn raw<T: Copy>(list: &List<T>, read: Option<Story>) -> Vec<(T, Source)> {
    list.board
        .iter()
        .filter(|candidate| Some(candidate.story) != read)
        .take(list.size)
        .map(|candidate| (candidate.item, Source::Ranked))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn candidates() -> impl Strategy<Value = Vec<Candidate<u8>>> {
        prop::collection::hash_set(0u8..40, 0..30).prop_map(|stories| {
            stories
                .into_iter()
                .map(|n| Candidate { story: Story(ArticleId(Uuid::from_u128(n.into()))), item: n })
                .collect()
        })
    }

    fn lists() -> impl Strategy<Value = Vec<List<u8>>> {
        let list = (candidates(), candidates(), 1usize..8)
            .prop_map(|(board, backfill, size)| List { board, backfill, size });
        prop::collection::vec(list, 0..7)
    }

    fn story(n: u8) -> Story {
        Story(ArticleId(Uuid::from_u128(n.into())))
    }

    proptest! {
        #[test]
        fn no_story_stands_twice_and_the_one_being_read_never(lists in lists(), read in 0u8..40) {
            let page = compose(&lists, Some(story(read)), Dedupe::Page);
            let items: Vec<_> = page.iter().flatten().map(|(item, _)| *item).collect();
            let distinct: HashSet<_> = items.iter().collect();
            prop_assert_eq!(items.len(), distinct.len());
            for dedupe in [Dedupe::Page, Dedupe::Boards, Dedupe::None] {
                let page = compose(&lists, Some(story(read)), dedupe);
                prop_assert!(page.iter().flatten().all(|(item, _)| *item != read));
            }
        }

        #[test]
        fn no_two_lists_are_alike(lists in lists()) {
            let page = compose(&lists, None, Dedupe::Page);
            let filled: Vec<_> = page.iter().filter(|list| !list.is_empty()).collect();
            for (i, one) in filled.iter().enumerate() {
                prop_assert!(filled[i + 1..].iter().all(|two| one != two));
            }
        }

        #[test]
        fn every_list_is_full_while_candidates_last(lists in lists()) {
            let page = compose(&lists, None, Dedupe::Page);
            let mut used = HashSet::new();
            for (list, filled) in lists.iter().zip(&page) {
                let free: HashSet<_> = list
                    .board
                    .iter()
                    .chain(&list.backfill)
                    .map(|c| c.item)
                    .filter(|item| !used.contains(item))
                    .collect();
                prop_assert_eq!(filled.len(), free.len().min(list.size));
                used.extend(filled.iter().map(|(item, _)| *item));
            }
        }

        #[test]
        fn a_list_goes_to_its_backfill_last_and_says_so(lists in lists()) {
            for (list, filled) in lists.iter().zip(compose(&lists, None, Dedupe::Page)) {
                let first = filled.iter().position(|(_, source)| *source == Source::Backfill);
                let ranked = &filled[..first.unwrap_or(filled.len())];
                prop_assert!(ranked.iter().all(|(item, _)| list.board.iter().any(|c| c.item == *item)));
                prop_assert!(filled[ranked.len()..].iter().all(|(_, s)| *s == Source::Backfill));
            }
        }

        #[test]
        fn taking_a_list_away_empties_no_other(lists in lists(), pick in any::<prop::sample::Index>()) {
            prop_assume!(!lists.is_empty());
            let gone = pick.index(lists.len());
            let before = compose(&lists, None, Dedupe::Page);
            let mut fewer = lists.clone();
            fewer.remove(gone);
            let after = compose(&fewer, None, Dedupe::Page);
            let kept = before.iter().enumerate().filter(|(i, _)| *i != gone).map(|(_, list)| list);
            for (one, two) in kept.zip(&after) {
                prop_assert!(two.len() >= one.len());
            }
        }

        #[test]
        fn the_same_lists_make_the_same_page(lists in lists(), read in 0u8..40) {
            for (_, dedupe) in Dedupe::ALL {
                let page = || compose(&lists, Some(story(read)), dedupe);
                prop_assert_eq!(page(), page());
            }
        }

        #[test]
        fn whole_boards_are_their_first_items(lists in lists()) {
            for (list, shown) in lists.iter().zip(compose(&lists, None, Dedupe::Boards)) {
                let first: Vec<_> =
                    list.board.iter().take(list.size).map(|c| (c.item, Source::Ranked)).collect();
                prop_assert_eq!(first, shown);
            }
        }
    }
}

//! Which story stands in which list of a page. Pure.

use crate::{
    ids::{CategoryId, PublisherId},
    rankings::{model::Source, variety::vary},
};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a page repeats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dedupe {
    /// Nothing: each story stands on the page once, and lists refill.
    #[default]
    Page,
    /// What boards that state figures repeat; lists that recommend step aside.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate<T> {
    /// What must not stand on a page twice.
    pub story: Uuid,
    /// Its category.
    pub category: CategoryId,
    /// Whose it is.
    pub publisher: PublisherId,
    /// Whether an editor put it on this list.
    pub pinned: bool,
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
    /// Another order of its board, for when it would say what a list before it says.
    pub alternative: Vec<Candidate<T>>,
    /// How many it holds.
    pub size: usize,
    /// When it is filled among lists that recommend, the least first; `None` for one that states figures.
    pub recommends: Option<u8>,
    /// Whether it ranks all categories, which it then varies.
    pub over_all: bool,
    /// What it is about: lists about the same share what there is.
    pub scope: Uuid,
}

/// An item in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Placed<T> {
    /// What is shown.
    pub item: T,
    /// The story it tells.
    pub story: Uuid,
    /// Where it comes from.
    pub source: Source,
    /// The other lists of the page in which its story stands.
    pub also_in: Vec<usize>,
}

/// Fills `lists`. The story being `read` stands in none of them.
///
/// With [`Dedupe::Page`] pins are placed first, then lists are filled in their order: a story that stands
/// in one stands in no later one, and a list that its board cannot fill goes on with its backfill. Where
/// lists about the same have too little for all, each first gets a fair share. With
/// [`Dedupe::Boards`] lists that state figures are the first of their boards; those that recommend are
/// filled after them, without what stands there. With [`Dedupe::None`] every list is the first of its
/// board.
#[must_use]
pub fn compose<T: Clone>(
    lists: &[List<T>],
    read: Option<Uuid>,
    dedupe: Dedupe,
) -> Vec<Vec<Placed<T>>> {
    let mut page = match dedupe {
        Dedupe::Page => whole_page(lists, read),
        Dedupe::Boards => by_boards(lists, read),
        Dedupe::None => lists.iter().map(|list| raw(&list.board, list.size, read)).collect(),
    };
    note_repeats(&mut page);
    page
}

fn whole_page<T: Clone>(lists: &[List<T>], read: Option<Uuid>) -> Vec<Vec<Placed<T>>> {
    let mut taken: HashSet<Uuid> = read.into_iter().collect();
    let pins: Vec<HashSet<Uuid>> = lists
        .iter()
        .map(|list| {
            let pinned = list.board.iter().take(list.size).filter(|candidate| candidate.pinned);
            pinned.map(|candidate| candidate.story).filter(|story| taken.insert(*story)).collect()
        })
        .collect();
    let mut page: Vec<Vec<Placed<T>>> = vec![Vec::new(); lists.len()];
    let shares = shares(lists, read);
    // First what is fair, then what is left.
    for most in [&shares, &lists.iter().map(|list| list.size).collect()] {
        for (n, list) in lists.iter().enumerate() {
            fill(list, &pins[n], &mut taken, &mut page[n], most[n]);
        }
    }
    page
}

/// How many items each list may take while another one about the same has less: where there are too few
/// for all of them, none is left empty so that the first one is full.
fn shares<T>(lists: &[List<T>], read: Option<Uuid>) -> Vec<usize> {
    let mut stories: HashMap<Uuid, HashSet<Uuid>> = HashMap::new();
    let mut wanted: HashMap<Uuid, (usize, usize)> = HashMap::new();
    for list in lists {
        let all = list.board.iter().chain(&list.backfill).map(|candidate| candidate.story);
        stories.entry(list.scope).or_default().extend(all.filter(|story| Some(*story) != read));
        let (n, size) = wanted.entry(list.scope).or_default();
        (*n, *size) = (*n + 1, *size + list.size);
    }
    lists
        .iter()
        .map(|list| {
            let there = stories.get(&list.scope).map_or(0, HashSet::len);
            match wanted.get(&list.scope) {
                Some((n, size)) if there < *size => list.size.min((there / n).max(1)),
                _ => list.size,
            }
        })
        .collect()
}

fn by_boards<T: Clone>(lists: &[List<T>], read: Option<Uuid>) -> Vec<Vec<Placed<T>>> {
    let mut page: Vec<Vec<Placed<T>>> = vec![Vec::new(); lists.len()];
    let mut told: Vec<HashSet<Uuid>> = Vec::new();
    for (n, list) in lists.iter().enumerate().filter(|(_, list)| list.recommends.is_none()) {
        let stories = |placed: &[Placed<T>]| placed.iter().map(|p| p.story).collect::<HashSet<_>>();
        page[n] = raw(&list.board, list.size, read);
        if !page[n].is_empty() && told.contains(&stories(&page[n])) && !list.alternative.is_empty()
        {
            page[n] = raw(&list.alternative, list.size, read);
        }
        told.push(stories(&page[n]));
    }
    let mut taken: HashSet<Uuid> = told.into_iter().flatten().chain(read).collect();
    let mut order: Vec<_> =
        (0..lists.len()).filter_map(|n| Some((lists[n].recommends?, n))).collect();
    order.sort_unstable();
    for (_, n) in order {
        fill(&lists[n], &HashSet::new(), &mut taken, &mut page[n], lists[n].size);
    }
    page
}

/// Fills a list up to `most` with what is not `taken`, or is its `own`.
fn fill<T: Clone>(
    list: &List<T>,
    own: &HashSet<Uuid>,
    taken: &mut HashSet<Uuid>,
    filled: &mut Vec<Placed<T>>,
    most: usize,
) {
    for (candidates, source) in [(&list.board, None), (&list.backfill, Some(Source::Backfill))] {
        let mut here: HashSet<_> = filled.iter().map(|placed| placed.story).collect();
        let free: Vec<_> = candidates
            .iter()
            .filter(|c| own.contains(&c.story) || !taken.contains(&c.story))
            .filter(|c| here.insert(c.story))
            .cloned()
            .collect();
        let mut chosen = vary_free(list, free);
        chosen.truncate(most.saturating_sub(filled.len()));
        taken.extend(chosen.iter().map(|candidate| candidate.story));
        filled.extend(chosen.into_iter().map(|candidate| placed(candidate, source)));
    }
}

/// Lists that recommend are varied; pins stay in front.
fn vary_free<T>(list: &List<T>, free: Vec<Candidate<T>>) -> Vec<Candidate<T>> {
    if list.recommends.is_none() {
        return free;
    }
    let (mut pins, rest): (Vec<_>, Vec<_>) = free.into_iter().partition(|c| c.pinned);
    pins.extend(vary(rest, |c| (c.publisher, list.over_all.then_some(c.category))));
    pins
}

fn raw<T: Clone>(board: &[Candidate<T>], size: usize, read: Option<Uuid>) -> Vec<Placed<T>> {
    let others = board.iter().filter(|candidate| Some(candidate.story) != read);
    others.take(size).map(|candidate| placed(candidate.clone(), None)).collect()
}

fn placed<T>(candidate: Candidate<T>, source: Option<Source>) -> Placed<T> {
    let own = if candidate.pinned { Source::Pinned } else { Source::Ranked };
    Placed {
        item: candidate.item,
        story: candidate.story,
        source: source.unwrap_or(own),
        also_in: Vec::new(),
    }
}

fn note_repeats<T>(page: &mut [Vec<Placed<T>>]) {
    let mut lists: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (n, list) in page.iter().enumerate() {
        list.iter().for_each(|placed| lists.entry(placed.story).or_default().push(n));
    }
    for (n, list) in page.iter_mut().enumerate() {
        for placed in list {
            let of_story = lists.get(&placed.story).into_iter().flatten();
            placed.also_in = of_story.copied().filter(|other| *other != n).collect();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn candidates() -> impl Strategy<Value = Vec<Candidate<u8>>> {
        prop::collection::vec((0u8..40, 0u8..4, 0u8..3, 0u8..8), 0..30).prop_map(|all| {
            let mut seen = HashSet::new();
            all.into_iter()
                .filter(|(n, ..)| seen.insert(*n))
                .map(|(n, publisher, category, pin)| Candidate {
                    story: story(n),
                    category: CategoryId(story(category)),
                    publisher: PublisherId(story(publisher)),
                    pinned: pin == 0,
                    item: n,
                })
                .collect()
        })
    }

    fn lists() -> impl Strategy<Value = Vec<List<u8>>> {
        let list = (
            candidates(),
            candidates(),
            candidates(),
            1usize..8,
            prop::option::of(0u8..3),
            any::<bool>(),
            0u8..3,
        )
            .prop_map(
                |(board, mut backfill, alternative, size, recommends, over_all, scope)| {
                    backfill.iter_mut().for_each(|candidate| candidate.pinned = false);
                    List {
                        board,
                        backfill,
                        alternative,
                        size,
                        recommends,
                        over_all,
                        scope: story(scope),
                    }
                },
            );
        prop::collection::vec(list, 0..7)
    }

    fn story(n: u8) -> Uuid {
        Uuid::from_u128(n.into())
    }

    fn items(page: &[Vec<Placed<u8>>]) -> Vec<u8> {
        page.iter().flatten().map(|placed| placed.item).collect()
    }

    proptest! {
        #[test]
        fn no_story_stands_twice_and_the_one_being_read_never(lists in lists(), read in 0u8..40) {
            let page = items(&compose(&lists, Some(story(read)), Dedupe::Page));
            let distinct: HashSet<_> = page.iter().collect();
            prop_assert_eq!(page.len(), distinct.len());
            for (_, dedupe) in Dedupe::ALL {
                let page = items(&compose(&lists, Some(story(read)), dedupe));
                prop_assert!(page.iter().all(|item| *item != read));
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
            let used: HashSet<_> = items(&page).into_iter().collect();
            for (list, filled) in lists.iter().zip(&page) {
                prop_assert!(filled.len() <= list.size);
                if filled.len() < list.size {
                    let mut all = list.board.iter().chain(&list.backfill);
                    prop_assert!(all.all(|candidate| used.contains(&candidate.item)));
                }
            }
        }

        #[test]
        fn a_pin_stands_on_the_list_it_was_put_on(lists in lists()) {
            let page = compose(&lists, None, Dedupe::Page);
            let mut pinned = HashSet::new();
            for (list, filled) in lists.iter().zip(&page) {
                for pin in list.board.iter().take(list.size).filter(|c| c.pinned) {
                    if pinned.insert(pin.story) {
                        prop_assert!(filled.iter().any(|placed| placed.story == pin.story));
                    }
                }
            }
        }

        #[test]
        fn boards_that_state_figures_stay_whole_and_others_step_aside(lists in lists()) {
            let page = compose(&lists, None, Dedupe::Boards);
            let mut told = HashSet::new();
            for (list, filled) in lists.iter().zip(&page).filter(|(list, _)| list.recommends.is_none()) {
                let own = |all: &[Candidate<u8>]| all.iter().take(list.size).map(|c| c.item).collect::<Vec<_>>();
                let shown: Vec<_> = filled.iter().map(|placed| placed.item).collect();
                prop_assert!(shown == own(&list.board) || shown == own(&list.alternative));
                told.extend(shown);
            }
            let mut recommended = HashSet::new();
            for (_, filled) in lists.iter().zip(&page).filter(|(list, _)| list.recommends.is_some()) {
                prop_assert!(filled.iter().all(|p| !told.contains(&p.item) && recommended.insert(p.item)));
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
        fn a_list_less_empties_no_other(mut lists in lists(), pick in any::<prop::sample::Index>()) {
            prop_assume!(!lists.is_empty());
            // Variety and fair shares choose by what else there is: without them.
            lists.iter_mut().for_each(|list| list.recommends = None);
            (0u8..).zip(&mut lists).for_each(|(n, list)| list.scope = story(n));
            let without = pick.index(lists.len());
            let before = compose(&lists, None, Dedupe::Page);
            let mut fewer = lists.clone();
            fewer.remove(without);
            let mut kept = before.clone();
            kept.remove(without);
            for (now, then) in compose(&fewer, None, Dedupe::Page).iter().zip(&kept) {
                prop_assert!(then.is_empty() || !now.is_empty());
            }
        }
    }

    #[test]
    fn repeats_are_told() {
        let one = Candidate {
            story: story(1),
            category: CategoryId(story(0)),
            publisher: PublisherId(story(0)),
            pinned: false,
            item: 1u8,
        };
        let list = List {
            board: vec![one],
            backfill: Vec::new(),
            alternative: Vec::new(),
            size: 3,
            recommends: None,
            over_all: true,
            scope: story(0),
        };
        let page = compose(&[list.clone(), list], None, Dedupe::Boards);
        assert_eq!((page[0][0].also_in.clone(), page[1][0].also_in.clone()), (vec![1], vec![0]));
    }
}

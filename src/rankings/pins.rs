//! What editors decided about a list: pins keep their place, exclusions are left out. Pure.

use super::{order::DEPTH, score::Place};
use std::collections::HashSet;
use uuid::Uuid;

/// `ranked` with each pin at its place (from 1; the last one where the list is shorter), in the order of
/// places, each story once, without the stories in `excluded`, and not longer than a list may be.
#[must_use]
pub fn decided(
    ranked: Vec<Place>,
    mut pins: Vec<(u16, Place)>,
    excluded: &HashSet<Uuid>,
) -> Vec<Place> {
    let mut told = excluded.clone();
    // Of two pins of one story, or at one place, the one asked for first holds.
    pins.retain(|(_, place)| told.insert(place.facts.story));
    pins.sort_by_key(|(position, _)| *position);
    let mut list: Vec<_> =
        ranked.into_iter().filter(|place| !told.contains(&place.facts.story)).collect();
    for (position, place) in pins {
        let at = usize::from(position.max(1)) - 1;
        list.insert(at.min(list.len()), Place { pinned: true, ..place });
    }
    list.truncate(DEPTH);
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Timestamp,
        ids::{ArticleId, CategoryId, PublisherId},
        rankings::facts::Facts,
    };
    use proptest::prelude::*;

    fn place(n: u128) -> Place {
        let id = Uuid::from_u128(n);
        let facts = Facts {
            article: ArticleId(id),
            story: id,
            leads: true,
            category: CategoryId(Uuid::nil()),
            publisher: PublisherId(Uuid::nil()),
            published_at: Timestamp::from_millis(0),
        };
        Place { facts, score: 1000.0 - n as f64, signals: Vec::new(), pinned: false }
    }

    fn stories(list: &[Place]) -> Vec<u128> {
        list.iter().map(|place| place.facts.story.as_u128()).collect()
    }

    #[test]
    fn pins_keep_their_places_and_the_rest_moves_on() {
        let ranked = || (1..6).map(place).collect();
        let none = HashSet::new();
        let list = decided(ranked(), vec![(3, place(9)), (1, place(4))], &none);
        assert_eq!(stories(&list), [4, 1, 9, 2, 3, 5]);
        let list = decided(ranked(), vec![(50, place(9))], &HashSet::from([Uuid::from_u128(2)]));
        assert_eq!(stories(&list), [1, 3, 4, 5, 9]);
        assert!(list[4].pinned && !list[0].pinned);
        assert_eq!(stories(&decided(ranked(), Vec::new(), &none)), [1, 2, 3, 4, 5]);
    }

    proptest! {
        #[test]
        fn no_story_stands_twice_and_no_excluded_one_at_all(
            n in 0u128..120,
            pins in prop::collection::vec((0u16..130, 0u128..140), 0..20),
            excluded in prop::collection::hash_set(0u128..140, 0..20),
        ) {
            let pins = pins.into_iter().map(|(at, story)| (at, place(story))).collect();
            let excluded = excluded.into_iter().map(Uuid::from_u128).collect();
            let list = decided((0..n).map(place).collect(), pins, &excluded);
            let told: HashSet<_> = list.iter().map(|place| place.facts.story).collect();
            prop_assert_eq!(told.len(), list.len());
            prop_assert!(list.len() <= DEPTH && told.is_disjoint(&excluded));
        }

        #[test]
        fn a_pin_stands_at_its_place_where_the_list_reaches_it(n in 100u128..120, at in 1u16..=100, story in 0u128..140) {
            let list = decided((0..n).map(place).collect(), vec![(at, place(story))], &HashSet::new());
            prop_assert_eq!(list[usize::from(at) - 1].facts.story.as_u128(), story);
        }
    }
}

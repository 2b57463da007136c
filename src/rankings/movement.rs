//! What became of each article since an earlier snapshot. Pure.

use super::model::Movement;
use crate::{clock::Timestamp, ids::ArticleId};
use std::collections::{HashMap, HashSet};

/// How long an article that left a list is remembered: back within it, it returns; later it is new.
pub const MEMORY_MINUTES: i64 = 7 * 24 * 60;

/// For each place of `now`: the rank before, if any, and the movement. `before` is the newest
/// snapshot that is a step older; `seen` stood on a list before that one and within
/// [`MEMORY_MINUTES`].
#[must_use]
pub fn movements(
    now: &[ArticleId],
    before: &[ArticleId],
    seen: &HashSet<ArticleId>,
) -> Vec<(Option<u16>, Movement)> {
    let ranks: HashMap<_, _> = before.iter().zip(1u16..).collect();
    now.iter()
        .zip(1u16..)
        .map(|(article, rank)| match ranks.get(article) {
            Some(&previous) if rank < previous => (Some(previous), Movement::Up),
            Some(&previous) if rank > previous => (Some(previous), Movement::Down),
            Some(&previous) => (Some(previous), Movement::Same),
            None if seen.contains(article) => (None, Movement::Return),
            None => (None, Movement::New),
        })
        .collect()
}

/// Since when an article stands on a list, and how high it got in that time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stay {
    /// Since when, without a break.
    pub entered_at: Timestamp,
    /// The best rank since.
    pub peak_rank: u16,
}

/// The stay of each place of `now`, which speaks of `at`: it goes on for those that stood on the list
/// before.
#[must_use]
pub fn stays(now: &[ArticleId], at: Timestamp, before: &HashMap<ArticleId, Stay>) -> Vec<Stay> {
    now.iter()
        .zip(1u16..)
        .map(|(article, rank)| match before.get(article) {
            Some(stay) => Stay { peak_rank: stay.peak_rank.min(rank), ..*stay },
            None => Stay { entered_at: at, peak_rank: rank },
        })
        .collect()
}

/// A movement in storage.
#[must_use]
pub fn letter(movement: Movement) -> char {
    match movement {
        Movement::Up => 'u',
        Movement::Down => 'd',
        Movement::Same => 's',
        Movement::New => 'n',
        Movement::Return => 'r',
    }
}

/// The movement that a letter stands for.
#[must_use]
pub fn of_letter(letter: char) -> Movement {
    match letter {
        'u' => Movement::Up,
        'd' => Movement::Down,
        's' => Movement::Same,
        'r' => Movement::Return,
        _ => Movement::New,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn id(n: u128) -> ArticleId {
        ArticleId(Uuid::from_u128(n))
    }

    #[test]
    fn each_kind_of_movement() {
        let now = [id(1), id(2), id(3), id(4), id(5)];
        let before = [id(2), id(1), id(3)];
        let told = movements(&now, &before, &HashSet::from([id(4)]));
        let expected = [
            (Some(2), Movement::Up),
            (Some(1), Movement::Down),
            (Some(3), Movement::Same),
            (None, Movement::Return),
            (None, Movement::New),
        ];
        assert_eq!(told, expected);
    }

    #[test]
    fn a_stay_goes_on_and_keeps_its_best_rank() {
        let at = Timestamp::from_millis;
        let first = stays(&[id(1), id(2)], at(1), &HashMap::new());
        let before = HashMap::from([(id(1), first[0]), (id(2), first[1])]);
        let second = stays(&[id(3), id(2), id(1)], at(2), &before);
        let stay = |ms, peak_rank| Stay { entered_at: at(ms), peak_rank };
        assert_eq!(second, [stay(2, 1), stay(1, 2), stay(1, 1)]);
    }

    #[test]
    fn letters_lead_back() {
        for movement in
            [Movement::Up, Movement::Down, Movement::Same, Movement::New, Movement::Return]
        {
            assert_eq!(of_letter(letter(movement)), movement);
        }
    }

    proptest! {
        #[test]
        fn a_list_that_stays_moves_nobody(n in 0u128..100) {
            let list: Vec<_> = (0..n).map(id).collect();
            let told = movements(&list, &list, &HashSet::new());
            prop_assert!(told.iter().all(|(_, movement)| *movement == Movement::Same));
        }

        #[test]
        fn a_rank_before_is_told_exactly_where_there_was_one(
            now in prop::collection::hash_set(0u128..150, 0..100),
            before in prop::collection::hash_set(0u128..150, 0..100),
        ) {
            let now: Vec<_> = now.into_iter().map(id).collect();
            let before: Vec<_> = before.into_iter().map(id).collect();
            for (article, (previous, movement)) in now.iter().zip(movements(&now, &before, &HashSet::new())) {
                prop_assert_eq!(previous.is_some(), before.contains(article));
                prop_assert_eq!(previous.is_none(), movement == Movement::New);
            }
        }
    }
}

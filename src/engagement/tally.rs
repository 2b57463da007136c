//! From events to what a round writes. Pure: what the database decided is an argument.

use super::{
    bots::Refusal,
    cap::cap,
    event::{View, hour},
};
use crate::{clock::Timestamp, ids::ArticleId};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet};

/// A visitor's one view of an article in a slot. Sorted as written: every round goes in this order,
/// so that two rounds never wait for each other in a circle.
pub type SlotKey = (i64, ArticleId, i64);

/// One network's views of an article in an hour.
pub type NetworkKey = (i64, ArticleId, i64);

/// What one bucket gains. `received = views + bot + prefetch + repeat`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that came in.
    pub received: i32,
    /// Those that count.
    pub views: i32,
    /// Those that rank.
    pub ranked: i32,
    /// Refused: known programs.
    pub bot: i32,
    /// Refused: fetches ahead.
    pub prefetch: i32,
    /// Refused: the visitor was counted in this slot.
    pub repeat: i32,
}

/// Gains by bucket.
pub type Buckets = BTreeMap<(Timestamp, ArticleId), Tally>;

/// The keys to offer to the database: each visitor once, refused views left out.
pub fn candidates<'a>(views: impl Iterator<Item = &'a View>) -> BTreeSet<SlotKey> {
    views.filter(|view| view.refusal.is_none()).map(slot_key).collect()
}

fn slot_key(view: &View) -> SlotKey {
    (view.slot(), view.article, view.visitor)
}

/// Counts every view: the first of each key in `new` as a view, later ones and those of other keys as
/// repeats. Also how many of the counted may rank, by network.
pub fn count<'a>(
    views: impl Iterator<Item = &'a View>,
    mut new: BTreeSet<SlotKey>,
    zone: &TimeZone,
) -> (Buckets, BTreeMap<NetworkKey, i32>) {
    let mut buckets = Buckets::new();
    let mut networks = BTreeMap::new();
    for view in views {
        let end = view.hour_end(zone);
        let tally = buckets.entry((end, view.article)).or_default();
        tally.received += 1;
        match view.refusal {
            Some(Refusal::Bot) => tally.bot += 1,
            Some(Refusal::Prefetch) => tally.prefetch += 1,
            None if new.remove(&slot_key(view)) => {
                tally.views += 1;
                if view.may_rank {
                    *networks.entry((hour(end), view.article, view.network)).or_default() += 1;
                }
            }
            None => tally.repeat += 1,
        }
    }
    (buckets, networks)
}

/// Adds to each bucket what its networks' views of this round rank: the growth of the capped figure
/// from the total before to the total after.
pub fn rank(
    buckets: &mut Buckets,
    networks: &BTreeMap<NetworkKey, i32>,
    totals: &BTreeMap<NetworkKey, i32>,
    full: u32,
) {
    let mut grown: BTreeMap<(i64, ArticleId), i32> = BTreeMap::new();
    for (key, gain) in networks {
        let after = totals.get(key).copied().unwrap_or(*gain);
        let capped = |n: i32| cap(n.max(0).unsigned_abs(), full).cast_signed();
        *grown.entry((key.0, key.1)).or_default() += capped(after) - capped(after - gain);
    }
    for ((end, article), tally) in buckets {
        tally.ranked += grown.get(&(hour(*end), *article)).copied().unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn view() -> impl Strategy<Value = View> {
        (0u128..3, 0i64..4, 0i64..6, 0i64..3, 0u8..8, any::<bool>()).prop_map(
            |(article, half_hour, visitor, network, kind, may_rank)| View {
                article: ArticleId(Uuid::from_u128(article)),
                at: Timestamp::from_millis(half_hour * 1_800_000 + 5),
                refusal: [Some(Refusal::Bot), Some(Refusal::Prefetch)]
                    .get(usize::from(kind))
                    .copied()
                    .flatten(),
                visitor,
                network,
                may_rank,
            },
        )
    }

    proptest! {
        #[test]
        fn every_event_stands_in_the_ledger_once(views in prop::collection::vec(view(), 0..200)) {
            let keys = candidates(views.iter());
            let counted = keys.len();
            let (mut buckets, networks) = count(views.iter(), keys, &TimeZone::UTC);
            rank(&mut buckets, &networks, &networks, 2);
            for tally in buckets.values() {
                prop_assert_eq!(
                    tally.received,
                    tally.views + tally.bot + tally.prefetch + tally.repeat
                );
                prop_assert!(0 <= tally.ranked && tally.ranked <= tally.views);
            }
            let sum = |f: fn(&Tally) -> i32| buckets.values().map(f).sum::<i32>();
            prop_assert_eq!(sum(|t| t.received) as usize, views.len());
            prop_assert_eq!(sum(|t| t.views) as usize, counted);
        }

        #[test]
        fn rounds_of_any_size_rank_the_same(total in 1i32..500, cut in 0i32..500) {
            let key = (7, ArticleId(Uuid::nil()), 1);
            let at = Timestamp::from_millis(7 * 3_600_000);
            let run = |steps: &[i32]| {
                let mut before = 0;
                let mut ranked = 0;
                for gain in steps {
                    let mut buckets = Buckets::from([((at, key.1), Tally::default())]);
                    let gains = BTreeMap::from([(key, *gain)]);
                    before += gain;
                    rank(&mut buckets, &gains, &BTreeMap::from([(key, before)]), 20);
                    ranked += buckets.values().map(|t| t.ranked).sum::<i32>();
                }
                ranked
            };
            let cut = cut.min(total);
            prop_assert_eq!(run(&[total]), run(&[cut, total - cut]));
        }
    }
}

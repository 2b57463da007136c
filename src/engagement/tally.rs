//! From events to what a round writes. Pure: what the database decided is an argument.

use super::{
    bots::Refusal,
    cap::ranks,
    event::{Event, Kind, Origin, five_end, hour, hour_end},
    scores::Scores,
};
use crate::{clock::Timestamp, ids::ArticleId};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A visitor's one event of a kind about an article in a slot. Sorted as written: every round goes in
/// this order, so that two rounds never wait for each other in a circle.
pub type SlotKey = (i64, ArticleId, i64);

/// One network's events of a kind about an article in an hour.
pub type NetworkKey = (i64, ArticleId, i64, Kind);

/// A bucket of the ledger, by its end.
pub type BucketKey = (Timestamp, ArticleId, Kind);

/// What one bucket gains. `received = counted + bot + prefetch + repeat`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Events that came in.
    pub received: i32,
    /// Those that count.
    pub counted: i32,
    /// Those that rank.
    pub ranked: i32,
    /// Refused: known programs.
    pub bot: i32,
    /// Refused: fetches ahead.
    pub prefetch: i32,
    /// Refused: the visitor was counted in this slot.
    pub repeat: i32,
    /// Networks that were not seen before in this hour.
    pub networks: i32,
    /// Events that rank of the largest network beyond its cap, in the whole hour.
    pub largest: i32,
}

/// What one network gains.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gain {
    /// Events that count.
    pub events: i32,
    /// Those of them that may rank on the board that hours feed.
    pub fed: i32,
}

/// What stands of a network beyond its cap, this round's events included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Events that count.
    pub events: i32,
    /// Those of them that may rank on the board that hours feed.
    pub fed: i32,
    /// Those that did before this round, since it is beyond its cap.
    pub ranked: i32,
}

/// What the database says of networks after it added this round's events.
#[derive(Debug, Default)]
pub struct Networks {
    /// Those beyond their cap.
    pub over: HashMap<NetworkKey, Standing>,
    /// How many are new, by hour and article.
    pub fresh: HashMap<(i64, ArticleId, Kind), i32>,
}

/// What ranks of a round.
#[derive(Debug, Default)]
pub struct Ranked<'a> {
    /// The events, in the order they came.
    pub events: Vec<&'a Event>,
    /// How many rank now on the board that hours feed, of each network beyond its cap.
    pub networks: BTreeMap<NetworkKey, i32>,
}

/// What a round adds up to.
#[derive(Debug, Default)]
pub struct Ledger<'a> {
    /// Gains by bucket.
    pub buckets: BTreeMap<BucketKey, Tally>,
    /// Events that count, by network.
    pub networks: BTreeMap<NetworkKey, Gain>,
    /// Events that count, in the order they came, with the ends of their hours.
    counted: Vec<(&'a Event, Timestamp)>,
}

/// The keys to offer to the database, sorted: each visitor once, refused events left out.
pub fn candidates<'a>(events: impl Iterator<Item = &'a Event>) -> Vec<SlotKey> {
    let mut keys: Vec<_> = events.filter(|e| e.refusal.is_none()).map(slot_key).collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// The kind is part of the visitor's number.
fn slot_key(event: &Event) -> SlotKey {
    (event.slot(), event.article, event.visitor)
}

impl<'a> Ledger<'a> {
    /// Counts every event: the first of each key in `new`, later ones and those of other keys as
    /// repeats.
    pub fn count(
        events: impl Iterator<Item = &'a Event>,
        mut new: HashSet<SlotKey>,
        zone: &TimeZone,
    ) -> Self {
        let mut ledger = Self::default();
        let mut end = Timestamp::FIRST;
        for event in events {
            // Nearly all of a round fall into one hour, and finding its end is work.
            if event.at >= end || event.at < end.plus_minutes(-60) {
                end = hour_end(event.at, zone);
            }
            let tally = ledger.buckets.entry((end, event.article, event.kind)).or_default();
            tally.received += 1;
            match event.refusal {
                Some(Refusal::Bot) => tally.bot += 1,
                Some(Refusal::Prefetch) => tally.prefetch += 1,
                None if new.remove(&slot_key(event)) => {
                    tally.counted += 1;
                    let network = (hour(end), event.article, event.network, event.kind);
                    let gain = ledger.networks.entry(network).or_default();
                    gain.events += 1;
                    gain.fed += i32::from(feeds_hours(event));
                    ledger.counted.push((event, end));
                }
                None => tally.repeat += 1,
            }
        }
        ledger
    }

    /// The events that rank. Adds them to the buckets, but for events that came from the board that these
    /// feed: those use up the cap and do not rank there.
    pub fn rank(&mut self, networks: &Networks, full: u32) -> Ranked<'a> {
        let mut seen: HashMap<NetworkKey, i32> = HashMap::new();
        let mut ranked = Ranked::default();
        for (event, end) in &self.counted {
            let key = (hour(*end), event.article, event.network, event.kind);
            if let Some(standing) = networks.over.get(&key) {
                let gain = self.networks.get(&key).copied().unwrap_or_default();
                let before = standing.events - gain.events;
                let n = seen.entry(key).or_insert(before);
                *n += 1;
                // Below the cap every event ranks.
                let first = standing.fed - gain.fed;
                let so_far = if before <= full.cast_signed() { first } else { standing.ranked };
                let own = ranked.networks.entry(key).or_insert(so_far);
                if !ranks(n.unsigned_abs(), full) {
                    continue;
                }
                *own += i32::from(feeds_hours(event));
            }
            ranked.events.push(*event);
            if feeds_hours(event)
                && let Some(tally) = self.buckets.get_mut(&(*end, event.article, event.kind))
            {
                tally.ranked += 1;
            }
        }
        self.note_networks(networks, &ranked.networks);
        ranked
    }

    fn note_networks(&mut self, networks: &Networks, ranked: &BTreeMap<NetworkKey, i32>) {
        let mut largest: HashMap<(i64, ArticleId, Kind), i32> = HashMap::new();
        for ((hour, article, _, kind), n) in ranked {
            let most = largest.entry((*hour, *article, *kind)).or_default();
            *most = (*most).max(*n);
        }
        for ((end, article, kind), tally) in &mut self.buckets {
            let key = (hour(*end), *article, *kind);
            tally.networks = networks.fresh.get(&key).copied().unwrap_or(0);
            tally.largest = largest.get(&key).copied().unwrap_or(0);
        }
    }

    /// How many views and shares each article gains.
    pub fn by_article(&self) -> BTreeMap<ArticleId, (i64, i64)> {
        let mut totals: BTreeMap<_, (i64, i64)> = BTreeMap::new();
        for (event, _) in &self.counted {
            let (views, shares) = totals.entry(event.article).or_default();
            match event.kind {
                Kind::View => *views += 1,
                _ => *shares += 1,
            }
        }
        totals
    }
}

/// The board that lives on the ranked figures of hours.
fn feeds_hours(event: &Event) -> bool {
    match event.kind {
        Kind::View => event.origin != Origin::MostViewed,
        _ => event.origin != Origin::MostShared,
    }
}

/// Of events that rank, the shares by five minutes.
pub fn fives(ranked: &[&Event]) -> BTreeMap<BucketKey, i32> {
    let mut fives = BTreeMap::new();
    for event in ranked.iter().filter(|e| e.kind == Kind::Share && feeds_hours(e)) {
        *fives.entry((five_end(event.at), event.article, event.kind)).or_default() += 1;
    }
    fives
}

/// The articles that gain views that rank.
pub fn viewed(ranked: &[&Event]) -> Vec<ArticleId> {
    let views = ranked.iter().filter(|event| event.kind == Kind::View);
    let mut ids: Vec<_> = views.map(|event| event.article).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Adds the views among the events that rank to what stands of their articles.
pub fn faded(ranked: &[&Event], standing: &mut BTreeMap<ArticleId, Scores>) {
    for event in ranked.iter().filter(|event| event.kind == Kind::View) {
        let scores = standing.entry(event.article).or_insert_with(|| Scores::none(event.at));
        *scores = scores.plus(event.at, event.origin, 1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::cap::cap;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn event() -> impl Strategy<Value = Event> {
        (0u128..3, 0i64..4, 0i64..6, 0i64..3, 0u8..8, any::<bool>(), any::<bool>()).prop_map(
            |(article, half_hour, visitor, network, refusal, share, own)| Event {
                kind: if share { Kind::Share } else { Kind::View },
                article: ArticleId(Uuid::from_u128(article)),
                at: Timestamp::from_millis(half_hour * 1_800_000 + 5),
                refusal: [Some(Refusal::Bot), Some(Refusal::Prefetch)]
                    .get(usize::from(refusal))
                    .copied()
                    .flatten(),
                visitor: visitor * 2 + i64::from(share),
                network,
                origin: if own { Origin::MostViewed } else { Origin::Elsewhere },
            },
        )
    }

    fn view(visitor: i64, origin: Origin) -> Event {
        Event {
            kind: Kind::View,
            article: ArticleId(Uuid::nil()),
            at: Timestamp::from_millis(7 * 3_600_000 + visitor),
            refusal: None,
            visitor,
            network: 1,
            origin,
        }
    }

    /// Counts and ranks in rounds of `sizes`, as the database would have it; what ranks in all.
    fn in_rounds(events: &[Event], sizes: &[usize], full: u32) -> (i32, Vec<Event>) {
        let mut kept: HashMap<NetworkKey, Standing> = HashMap::new();
        let (mut rest, mut sum, mut ranked) = (events, 0, Vec::new());
        for size in sizes.iter().copied().chain([events.len()]) {
            let (round, later) = rest.split_at(size.min(rest.len()));
            rest = later;
            let new = candidates(round.iter()).into_iter().collect();
            let mut ledger = Ledger::count(round.iter(), new, &TimeZone::UTC);
            let mut networks = Networks::default();
            for (key, gain) in &ledger.networks {
                let standing = kept.entry(*key).or_default();
                standing.events += gain.events;
                standing.fed += gain.fed;
                if standing.events > full.cast_signed() {
                    networks.over.insert(*key, *standing);
                }
            }
            let round = ledger.rank(&networks, full);
            for (key, n) in round.networks {
                kept.entry(key).or_default().ranked = n;
            }
            ranked.extend(round.events.into_iter().copied());
            sum += ledger.buckets.values().map(|tally| tally.ranked).sum::<i32>();
        }
        (sum, ranked)
    }

    proptest! {
        #[test]
        fn every_event_stands_in_the_ledger_once(events in prop::collection::vec(event(), 0..200)) {
            let keys = candidates(events.iter());
            let counted = keys.len();
            let mut ledger = Ledger::count(events.iter(), keys.into_iter().collect(), &TimeZone::UTC);
            let mut networks = Networks::default();
            for (key, gain) in ledger.networks.iter().filter(|(_, gain)| gain.events > 2) {
                let standing = Standing { events: gain.events, fed: gain.fed, ranked: 0 };
                networks.over.insert(*key, standing);
            }
            let ranked = ledger.rank(&networks, 2);
            let largest = ledger.buckets.values().map(|tally| tally.largest).max();
            prop_assert_eq!(largest.unwrap_or(0), ranked.networks.values().copied().max().unwrap_or(0));
            let ranked = ranked.events.len();
            prop_assert!(ranked <= counted);
            for tally in ledger.buckets.values() {
                prop_assert_eq!(
                    tally.received,
                    tally.counted + tally.bot + tally.prefetch + tally.repeat
                );
                prop_assert!(0 <= tally.ranked && tally.ranked <= tally.counted);
                prop_assert!(0 <= tally.largest && tally.largest <= tally.ranked);
            }
            let sum = |f: fn(&Tally) -> i32| ledger.buckets.values().map(f).sum::<i32>();
            prop_assert_eq!(sum(|t| t.received) as usize, events.len());
            prop_assert_eq!(sum(|t| t.counted) as usize, counted);
            let totals = ledger.by_article();
            prop_assert_eq!(totals.values().map(|(v, s)| v + s).sum::<i64>() as usize, counted);
        }

        #[test]
        fn rounds_of_any_size_rank_the_same_events(
            total in 1i64..300,
            sizes in prop::collection::vec(0usize..50, 0..10),
        ) {
            let events: Vec<_> = (0..total).map(|n| view(n, Origin::Elsewhere)).collect();
            let whole = in_rounds(&events, &[], 20);
            prop_assert_eq!(whole.0, cap(total as u32, 20) as i32);
            prop_assert_eq!(in_rounds(&events, &sizes, 20), whole);
        }
    }

    #[test]
    fn views_from_a_board_use_up_the_cap_and_do_not_rank_there() {
        let origin = |n| if n < 20 { Origin::MostViewed } else { Origin::Elsewhere };
        let events: Vec<_> = (0..40).map(|n| view(n, origin(n))).collect();
        let (in_hours, ranked) = in_rounds(&events, &[], 20);
        assert_eq!((in_hours, ranked.len()), (20, 40));
        let events: Vec<_> = (0..80).map(|n| view(n, Origin::MostViewed)).collect();
        assert_eq!(in_rounds(&events, &[], 20).0, 0);
    }

    #[test]
    fn shares_that_rank_stand_in_their_five_minutes() {
        let share = |n, origin| Event { kind: Kind::Share, ..view(n, origin) };
        let events = [
            share(1, Origin::Elsewhere),
            share(2, Origin::MostViewed),
            share(3, Origin::MostShared),
            view(4, Origin::Elsewhere),
        ];
        let fives = fives(&events.iter().collect::<Vec<_>>());
        assert_eq!(fives.into_values().collect::<Vec<_>>(), [2]);
    }
}

//! From rows of the ledger to a series of buckets without gaps. Numbers in, numbers out.

use super::{
    event::Kind,
    model::stats::{EventStats, Grain, RejectedStats, StatsBucket},
};
use crate::clock::Timestamp;
use diesel::{
    QueryableByName,
    sql_types::{BigInt, SmallInt, Timestamptz},
};
use jiff::tz::TimeZone;

/// A period of which buckets are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// Its start, which is part of it.
    pub from: Timestamp,
    /// Its end, which is not.
    pub until: Timestamp,
    /// How long the buckets are.
    pub grain: Grain,
}

/// One row of the ledger, named as its columns are.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Row {
    #[diesel(sql_type = Timestamptz)]
    pub ends_at: Timestamp,
    #[diesel(sql_type = SmallInt)]
    pub kind: i16,
    #[diesel(sql_type = BigInt)]
    pub received: i64,
    #[diesel(sql_type = BigInt)]
    pub counted: i64,
    #[diesel(sql_type = BigInt)]
    pub ranked: i64,
    #[diesel(sql_type = BigInt)]
    pub bot: i64,
    #[diesel(sql_type = BigInt)]
    pub prefetch: i64,
    #[diesel(sql_type = BigInt)]
    pub repeat: i64,
    #[diesel(sql_type = BigInt)]
    pub imported: i64,
}

impl Period {
    /// Every bucket that touches the period, oldest first, with nothing in it.
    #[must_use]
    pub fn buckets(&self, zone: &TimeZone) -> Vec<StatsBucket> {
        let (start, end): (fn(_, &_) -> _, fn(_, &_) -> _) = match self.grain {
            Grain::Hour => (Timestamp::start_of_hour, |at, _| Timestamp::plus_minutes(at, 60)),
            Grain::Day => (Timestamp::start_of_day, Timestamp::end_of_day),
        };
        let mut buckets = Vec::new();
        let mut starts_at = start(self.from, zone);
        while starts_at < self.until {
            let ends_at = end(starts_at, zone);
            buckets.push(self.empty(starts_at, ends_at));
            if ends_at <= starts_at {
                break;
            }
            starts_at = ends_at;
        }
        buckets
    }

    fn empty(&self, starts_at: Timestamp, ends_at: Timestamp) -> StatsBucket {
        let imported = (self.grain == Grain::Day).then_some(0);
        let none = EventStats { imported, ..EventStats::default() };
        StatsBucket { starts_at, ends_at, views: none, shares: none, reactions: Default::default() }
    }
}

/// Adds each row to the bucket that its end lies in: after the start, and not after the end.
pub fn fill(buckets: &mut [StatsBucket], rows: &[Row]) {
    for row in rows {
        let at = buckets.partition_point(|bucket| bucket.ends_at < row.ends_at);
        let Some(bucket) = buckets.get_mut(at).filter(|b| b.starts_at < row.ends_at) else {
            continue;
        };
        if row.kind == Kind::Reaction.number() {
            bucket.reactions.counted += row.counted;
            bucket.reactions.ranked += row.ranked;
            continue;
        }
        let stats =
            if row.kind == Kind::View.number() { &mut bucket.views } else { &mut bucket.shares };
        stats.received += row.received;
        stats.counted += row.counted;
        stats.ranked += row.ranked;
        stats.rejected = RejectedStats {
            bot: stats.rejected.bot + row.bot,
            prefetch: stats.rejected.prefetch + row.prefetch,
            repeat: stats.rejected.repeat + row.repeat,
        };
        stats.imported = stats.imported.map(|n| n + row.imported);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    #[test]
    fn a_period_has_every_bucket_it_touches() {
        let seoul = TimeZone::get("Asia/Seoul").expect("a zone");
        let period = |from, until, grain| Period { from: at(from), until: at(until), grain };
        let hours = period("2026-11-22T08:30:00Z", "2026-11-22T10:00:00Z", Grain::Hour);
        let ends: Vec<_> = hours.buckets(&seoul).iter().map(|b| b.ends_at).collect();
        assert_eq!(ends, [at("2026-11-22T09:00:00Z"), at("2026-11-22T10:00:00Z")]);
        let days = period("2026-11-21T15:00:00Z", "2026-11-22T15:00:00.001Z", Grain::Day);
        let starts: Vec<_> = days.buckets(&seoul).iter().map(|b| b.starts_at).collect();
        assert_eq!(starts, [at("2026-11-21T15:00:00Z"), at("2026-11-22T15:00:00Z")]);
    }

    #[test]
    fn a_row_lies_in_the_bucket_that_its_end_closes_or_falls_into() {
        let period = Period {
            from: at("2026-11-21T00:00:00Z"),
            until: at("2026-11-23T00:00:00Z"),
            grain: Grain::Day,
        };
        let mut buckets = period.buckets(&TimeZone::UTC);
        let row = |end, kind: Kind| Row {
            ends_at: at(end),
            kind: kind.number(),
            received: 6,
            counted: 3,
            ranked: 2,
            bot: 1,
            prefetch: 1,
            repeat: 1,
            imported: 5,
        };
        let rows = [
            row("2026-11-22T00:00:00Z", Kind::View),
            row("2026-11-22T01:00:00Z", Kind::Share),
            row("2026-11-22T02:00:00Z", Kind::Reaction),
            row("2026-11-23T00:00:00Z", Kind::Share),
            row("2026-11-23T01:00:00Z", Kind::View),
            row("2026-11-21T00:00:00Z", Kind::View),
        ];
        fill(&mut buckets, &rows);
        assert_eq!((buckets[0].views.received, buckets[0].views.imported), (6, Some(5)));
        assert_eq!((buckets[1].views.received, buckets[1].shares.counted), (0, 6));
        assert_eq!((buckets[1].reactions.counted, buckets[1].reactions.ranked), (3, 2));
    }
}

//! Partitions by time, made ahead and dropped when what they hold is no longer needed.
//!
//! They are cut in UTC, so that another zone of the portal leaves them as they are. What fits none, such
//! as the hours of a server that was down when they should have been made, goes to the default one.

use super::store::{days, partitions as store};
use crate::{clock::Timestamp, db};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;

/// A table that is partitioned by time.
#[derive(Debug, Clone, Copy)]
struct Cut {
    table: &'static str,
    /// Days of one partition.
    days: i64,
    /// How many are made beyond the present one.
    ahead: i64,
    /// Days after which a partition is dropped.
    kept_days: i64,
}

const HOURS: Cut = Cut { table: "article_hours", days: 1, ahead: 3, kept_days: 40 };
const FIVES: Cut = Cut { table: "article_fives", days: 2, ahead: 2, kept_days: 2 };

const DAY_MINUTES: i64 = 1440;

impl Cut {
    /// The start of the partition that holds `at`.
    fn start(&self, at: Timestamp) -> Timestamp {
        let length = self.days * DAY_MINUTES * 60;
        Timestamp::from_millis(at.as_seconds().div_euclid(length) * length * 1000)
    }

    fn end(&self, start: Timestamp) -> Timestamp {
        start.plus_minutes(self.days * DAY_MINUTES)
    }

    /// Such as `article_hours_20261122`.
    fn name(&self, start: Timestamp) -> String {
        let day: String = start.to_string().chars().take(10).filter(|c| *c != '-').collect();
        format!("{}_{day}", self.table)
    }

    /// Where a partition of this name starts.
    fn start_of(&self, name: &str) -> Option<Timestamp> {
        let day = name.strip_prefix(self.table)?.strip_prefix('_')?;
        let (year, month, day) = (day.get(..4)?, day.get(4..6)?, day.get(6..)?);
        format!("{year}-{month}-{day}T00:00:00Z").parse().ok()
    }

    /// The partitions there should be at `now`.
    fn wanted(&self, now: Timestamp) -> impl Iterator<Item = Timestamp> {
        let (start, step) = (self.start(now), self.days * DAY_MINUTES);
        (0..=self.ahead).map(move |n| start.plus_minutes(n * step))
    }
}

/// Makes the partitions of the next days; how many. To be called at the start of a program, and every
/// few minutes.
///
/// # Errors
/// When the database fails, or somebody uses the tables for too long; then none is made.
pub async fn make_partitions(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    let mut missing = false;
    for cut in [HOURS, FIVES] {
        let names = store::names(conn, cut.table).await?;
        missing |= cut.wanted(now).any(|start| !names.contains(&cut.name(start)));
    }
    if !missing {
        return Ok(0);
    }
    db::transaction(conn, async |conn| make(conn, now).await).await
}

async fn make(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    if !store::lock(conn).await? {
        return Ok(0);
    }
    let mut made = 0;
    for cut in [HOURS, FIVES] {
        let names = store::names(conn, cut.table).await?;
        for start in cut.wanted(now).filter(|start| !names.contains(&cut.name(*start))) {
            let end = cut.end(start);
            if !store::is_begun(conn, cut.table, start, end).await? {
                store::make(conn, cut.table, &cut.name(start), start, end).await?;
                made += 1;
            }
        }
    }
    Ok(made)
}

/// Drops hours after 40 days, if their days are rolled up, and five minutes after two days; how many
/// partitions and rows of the default ones. Each in a transaction of its own.
///
/// # Errors
/// When the database fails, or somebody uses the tables for too long; what was dropped before stays so.
pub async fn drop_partitions(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    let mut dropped = 0;
    for cut in [HOURS, FIVES] {
        let mut limit = now.plus_minutes(-cut.kept_days * DAY_MINUTES);
        if cut.table == HOURS.table {
            let rolled = days::rolled_to(conn).await?.unwrap_or(Timestamp::FIRST);
            if let Some(hour) = days::first_hour(conn, rolled, limit).await? {
                limit = hour.plus_minutes(-60);
            }
        }
        for name in store::names(conn, cut.table).await? {
            if cut.start_of(&name).is_some_and(|start| cut.end(start) <= limit) {
                dropped += db::transaction(conn, async |conn| remove(conn, &name).await).await?;
            }
        }
        dropped += store::thin(conn, cut.table, limit).await?;
    }
    Ok(dropped)
}

async fn remove(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<usize> {
    if !store::lock(conn).await? {
        return Ok(0);
    }
    store::remove(conn, name).await?;
    Ok(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn partitions_have_no_gaps_and_names_that_say_where_they_start() {
        let now = "2026-11-22T23:30:00Z".parse().expect("an instant");
        for (cut, first, count) in
            [(HOURS, "article_hours_20261122", 4), (FIVES, "article_fives_20261121", 3)]
        {
            let wanted: Vec<_> = cut.wanted(now).collect();
            assert_eq!(cut.name(wanted[0]), first);
            assert_eq!(wanted.len(), count);
            assert!(wanted.windows(2).all(|pair| cut.end(pair[0]) == pair[1]));
            assert!(wanted[0] <= now && now < cut.end(wanted[0]));
            assert!(wanted.iter().all(|start| cut.start_of(&cut.name(*start)) == Some(*start)));
        }
        assert_eq!(HOURS.start_of("article_hours_default"), None);
    }
}

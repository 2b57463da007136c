//! What is forgotten: slots and hours that are over, rounds that are settled, yesterday's secret, what
//! has faded away.

use super::event::{hour, ring, slot};
use crate::{clock::Timestamp, db};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Bool, Date, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::tz::TimeZone;

/// Statements about one partition of a ring.
struct Ring {
    /// Keeps writers out until the transaction ends.
    lock: &'static str,
    /// Whether it holds something as new as `$1`, and whether it holds anything.
    holds: &'static str,
    /// Empties it.
    empty: &'static str,
}

macro_rules! rings {
    ($table:literal, $column:literal) => {
        [rings!(@$table, $column, "0"), rings!(@$table, $column, "1"), rings!(@$table, $column, "2"), rings!(@$table, $column, "3")]
    };
    (@$table:literal, $column:literal, $ring:literal) => {
        Ring {
            lock: concat!("lock table ", $table, "_", $ring, " in access exclusive mode"),
            holds: concat!(
                "select exists (select 1 from ", $table, "_", $ring, " where ", $column, " >= $1) as new, ",
                "exists (select 1 from ", $table, "_", $ring, ") as any"
            ),
            empty: concat!("truncate ", $table, "_", $ring),
        }
    };
}

const SLOTS: [Ring; 4] = rings!("view_slots", "slot");
const HOURS: [Ring; 4] = rings!("network_events", "hour");
/// Left behind by the version before.
const OLD_HOURS: [Ring; 4] = rings!("network_views", "hour");

#[derive(diesel::QueryableByName)]
struct Holds {
    #[diesel(sql_type = Bool)]
    new: bool,
    #[diesel(sql_type = Bool)]
    any: bool,
}

/// Days after which scores that nobody added to are forgotten: by then nothing is left of them.
const FADED_DAYS: i64 = 30;

/// Forgets what lies two slots and more back, rounds older than an hour, the secrets of days before
/// today in `zone`, and scores that have faded away. To be called every few minutes.
///
/// # Errors
/// When the database fails, or a partition stays locked.
pub async fn prune(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    zone: &TimeZone,
) -> QueryResult<()> {
    db::transaction(conn, async |conn| in_transaction(conn, now, zone).await).await
}

async fn in_transaction(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    zone: &TimeZone,
) -> QueryResult<()> {
    let this_slot = slot(now);
    let this_hour = hour(now.start_of_hour(zone).plus_minutes(60));
    for (rings, this) in [(&SLOTS, this_slot), (&HOURS, this_hour), (&OLD_HOURS, this_hour)] {
        // The one two back, and the one three back, which the next is written to.
        for back in [2, 3] {
            empty(conn, &rings[usize::from(ring(this - back).unsigned_abs())], this - 1).await?;
        }
    }
    diesel::sql_query("delete from event_rounds where committed_at < $1")
        .bind::<Timestamptz, _>(now.plus_minutes(-60))
        .execute(conn)
        .await?;
    diesel::sql_query("delete from day_secrets where day < $1")
        .bind::<Date, _>(jiff_diesel::ToDiesel::to_diesel(now.day(zone)))
        .execute(conn)
        .await?;
    diesel::sql_query("delete from article_scores where as_of < $1")
        .bind::<Timestamptz, _>(now.plus_minutes(-FADED_DAYS * 1440))
        .execute(conn)
        .await?;
    Ok(())
}

/// Empties a partition that holds nothing as new as `still_needed`. Looked at twice, so that the lock
/// is taken only where there is something to do.
async fn empty(conn: &mut AsyncPgConnection, ring: &Ring, still_needed: i64) -> QueryResult<()> {
    for locked in [false, true] {
        if locked {
            conn.batch_execute(ring.lock).await?;
        }
        let holds = diesel::sql_query(ring.holds)
            .bind::<BigInt, _>(still_needed)
            .get_result::<Holds>(conn)
            .await?;
        if holds.new || !holds.any {
            return Ok(());
        }
    }
    conn.batch_execute(ring.empty).await
}

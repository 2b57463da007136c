//! Closed days as the sums of their hours, which are dropped later.

use super::store::days as store;
use crate::{clock::Timestamp, db};
use diesel::QueryResult;
use diesel_async::{AsyncPgConnection, SimpleAsyncConnection};
use jiff::tz::TimeZone;

/// Minutes after which no round of events of a closed day can be under way.
const SETTLED_MINUTES: i64 = 2;

/// Rolls up the days of `zone` that closed by `now` and are not rolled up yet, oldest first; how many.
/// Each hour is part of one day, whatever the zone was before. Costs two probes of an index when
/// nothing is to do, so that anybody may call it who is about to read days, also in a transaction.
///
/// # Errors
/// When the database fails; then nothing is rolled up.
pub async fn roll_up(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    zone: &TimeZone,
    network_cap: u32,
) -> QueryResult<usize> {
    let closed = now.plus_minutes(-SETTLED_MINUTES).start_of_day(zone);
    if !is_due(conn, closed).await? {
        return Ok(0);
    }
    db::transaction(conn, async |conn| in_transaction(conn, closed, zone, network_cap).await).await
}

/// Whether an hour by `closed` is part of no day yet.
///
/// # Errors
/// When the database fails.
pub async fn is_due(conn: &mut AsyncPgConnection, closed: Timestamp) -> QueryResult<bool> {
    let rolled = store::rolled_to(conn).await?.unwrap_or(Timestamp::FIRST);
    Ok(store::first_hour(conn, rolled, closed).await?.is_some())
}

async fn in_transaction(
    conn: &mut AsyncPgConnection,
    closed: Timestamp,
    zone: &TimeZone,
    network_cap: u32,
) -> QueryResult<usize> {
    conn.batch_execute("set local statement_timeout = '60s'").await?;
    store::lock(conn).await?;
    let mut rolled = store::rolled_to(conn).await?.unwrap_or(Timestamp::FIRST);
    let mut days = 0;
    while let Some(hour) = store::first_hour(conn, rolled, closed).await? {
        // The end of an hour is no part of it: midnight belongs to the day before.
        let within = Timestamp::from_millis(hour.as_millis() - 1);
        let (from, to) = (within.start_of_day(zone).max(rolled), within.end_of_day(zone));
        store::sum(conn, from, to, network_cap).await?;
        (rolled, days) = (to, days + 1);
    }
    Ok(days)
}

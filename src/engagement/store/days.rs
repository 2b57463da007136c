//! Days of the ledger, as sums of their hours.

use crate::{clock::Timestamp, db::Prepare};
use diesel::{
    QueryResult,
    sql_types::{Integer, Nullable, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

#[derive(diesel::QueryableByName)]
struct Moment {
    #[diesel(sql_type = Nullable<Timestamptz>)]
    at: Option<Timestamp>,
}

/// Keeps those who change hours of closed days out until the transaction ends: "days".
pub async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("select pg_advisory_xact_lock(1684109683)").await
}

/// Waits for a roll-up, and keeps the next one out until the transaction ends.
pub async fn keep_out(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    conn.batch_execute("select pg_advisory_xact_lock_shared(1684109683)").await
}

/// The end of the newest day that is the sum of its hours.
pub async fn rolled_to(conn: &mut AsyncPgConnection) -> QueryResult<Option<Timestamp>> {
    let row = diesel::sql_query(
        "select (select ends_at from article_days where received > 0
                 order by ends_at desc limit 1) as at",
    )
    .prepared()
    .get_result::<Moment>(conn)
    .await?;
    Ok(row.at)
}

/// The end of the first hour with events that ends after `after` and not after `until`.
pub async fn first_hour(
    conn: &mut AsyncPgConnection,
    after: Timestamp,
    until: Timestamp,
) -> QueryResult<Option<Timestamp>> {
    let row = diesel::sql_query(
        "select min(ends_at) as at from article_hours where ends_at > $1 and ends_at <= $2",
    )
    .bind::<Timestamptz, _>(after)
    .bind::<Timestamptz, _>(until)
    .prepared()
    .get_result::<Moment>(conn)
    .await?;
    Ok(row.at)
}

/// Sets the day that ends at `to` to the sum of the hours after `from`. Its excess is what ranks of one
/// network beyond `network_cap` and beyond what all others brought, hour by hour.
pub async fn sum(
    conn: &mut AsyncPgConnection,
    from: Timestamp,
    to: Timestamp,
    network_cap: u32,
) -> QueryResult<usize> {
    diesel::sql_query(include_str!("sum_day.sql"))
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(to)
        .bind::<Integer, _>(network_cap.cast_signed())
        .prepared()
        .execute(conn)
        .await
}

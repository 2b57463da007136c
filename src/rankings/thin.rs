//! What is forgotten with age.

use crate::clock::Timestamp;
use diesel::{
    QueryResult,
    sql_types::{Text, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::tz::TimeZone;

/// Removes snapshots that stand closer together than their age deserves; how many. To be called a
/// few times an hour.
///
/// # Errors
/// When the database fails.
pub async fn thin(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    zone: &TimeZone,
) -> QueryResult<usize> {
    diesel::sql_query(include_str!("sql/thin.sql"))
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(zone.iana_name().unwrap_or("UTC").to_owned())
        .execute(conn)
        .await
}

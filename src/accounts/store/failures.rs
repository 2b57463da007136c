//! Failed log-ins. What is counted is what was tried, whether or not there is such an account.

use crate::{clock::Timestamp, config::Accounts, db::Prepare};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bytea, Integer, Nullable, Timestamptz},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Failures of one account from all networks that cost nothing.
const FREE_EVERYWHERE: i32 = 100;

/// The longest wait that strangers can put on an account, in seconds.
const LONGEST_EVERYWHERE: i32 = 60;

/// What is counted of one attempt.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The address of mail, wherever from.
    pub everywhere: Vec<u8>,
    /// The address of mail from one network.
    pub here: Vec<u8>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    counted: i64,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    blocked_until: Option<Timestamp>,
}

/// Counts an attempt as failed before it is looked at, so that many at once are as many as one after the
/// other. The time before which there is no attempt, if this is one too many.
///
/// # Errors
/// What the database says.
pub async fn begin(
    mut conn: &AsyncPgConnection,
    attempt: &Attempt,
    settings: &Accounts,
    now: Timestamp,
) -> QueryResult<Option<Timestamp>> {
    let free = i32::try_from(settings.free_failures).unwrap_or(i32::MAX);
    let longest = i32::try_from(settings.longest_delay_seconds).unwrap_or(i32::MAX);
    let row: Row = diesel::sql_query(include_str!("begin_attempt.sql"))
        .bind::<Array<Bytea>, _>(vec![&attempt.everywhere, &attempt.here])
        .bind::<Array<Integer>, _>(vec![FREE_EVERYWHERE, free])
        .bind::<Array<Integer>, _>(vec![LONGEST_EVERYWHERE.min(longest), longest])
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result(&mut conn)
        .await?;
    let overtaken = (row.counted < 2).then(|| now.plus_seconds(1));
    Ok(row.blocked_until.or(overtaken))
}

/// Forgets the failures of an address from everywhere.
///
/// # Errors
/// What the database says.
pub async fn forgive_everywhere(
    mut conn: &AsyncPgConnection,
    everywhere: &[u8],
) -> QueryResult<usize> {
    diesel::sql_query("delete from failed_logins where key_hash = $1")
        .bind::<Bytea, _>(everywhere)
        .prepared()
        .execute(&mut conn)
        .await
}

/// Takes an attempt back that nobody looked at.
///
/// # Errors
/// What the database says.
pub async fn withdraw(
    mut conn: &AsyncPgConnection,
    attempt: &Attempt,
    now: Timestamp,
) -> QueryResult<usize> {
    // It began, so there was no wait at that time.
    diesel::sql_query(
        "with held as (
             select key_hash from failed_logins where key_hash = any($1) order by key_hash for update
         )
         update failed_logins f set failures = greatest(f.failures - 1, 0), blocked_until = least(f.blocked_until, $2)
           from held h where f.key_hash = h.key_hash",
    )
    .bind::<Array<Bytea>, _>(vec![&attempt.everywhere, &attempt.here])
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(&mut conn)
    .await
}

/// Forgets the failures: the attempt was none.
///
/// # Errors
/// What the database says.
pub async fn forgive(mut conn: &AsyncPgConnection, attempt: &Attempt) -> QueryResult<usize> {
    diesel::sql_query("delete from failed_logins where key_hash = any($1)")
        .bind::<Array<Bytea>, _>(vec![&attempt.everywhere, &attempt.here])
        .prepared()
        .execute(&mut conn)
        .await
}

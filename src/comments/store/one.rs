//! Single comments.

use super::rows::{COLUMNS, Row};
use crate::{
    db::Prepare,
    ids::{AccountId, CommentId},
    page::PageRequest,
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// The comment of this id, whoever may see it.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &AsyncPgConnection, id: CommentId) -> QueryResult<Option<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.id = $1"
    ))
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()
}

/// The comments of these ids, in the order of writing.
///
/// # Errors
/// When the database fails.
pub async fn all(mut conn: &AsyncPgConnection, ids: &[Uuid]) -> QueryResult<Vec<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.id = any($1) order by c.id"
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .prepared()
    .load(&mut conn)
    .await
}

/// A comment that nobody else changes until the transaction ends.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut AsyncPgConnection, id: CommentId) -> QueryResult<Option<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.id = $1 for no key update of c"
    ))
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(conn)
    .await
    .optional()
}

/// Everything that an account wrote, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn every(mut conn: &AsyncPgConnection, account: AccountId) -> QueryResult<Vec<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.account_id = $1 order by c.id"
    ))
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(&mut conn)
    .await
}

/// What an account wrote, newest first; up to `limit + 1` in the direction asked for.
///
/// # Errors
/// When the database fails.
pub async fn of_account(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    request: &PageRequest,
) -> QueryResult<Vec<Row>> {
    let (direction, beyond, start) =
        if request.backward() { ("asc", ">", Uuid::nil()) } else { ("desc", "<", Uuid::max()) };
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.account_id = $1 and c.id {beyond} $2 order by c.id {direction} limit $3"
    ))
    .bind::<SqlUuid, _>(account)
    .bind::<SqlUuid, _>(request.from().map_or(start, |at| at.id))
    .bind::<BigInt, _>(request.limit.plus_one())
    .prepared()
    .load(&mut conn)
    .await
}

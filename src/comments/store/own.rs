//! What one reader did about comments.

use crate::{
    clock::Timestamp,
    comments::model::VoteValue,
    db::Prepare,
    ids::{AccountId, CommentId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// What a reader did about one comment.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct State {
    /// The comment.
    #[diesel(sql_type = SqlUuid)]
    pub id: CommentId,
    /// Whether they wrote it.
    #[diesel(sql_type = Bool)]
    pub own: bool,
    /// Whether they reported it.
    #[diesel(sql_type = Bool)]
    pub reported: bool,
    /// Their vote: 1, -1 or none.
    #[diesel(sql_type = Nullable<SmallInt>)]
    pub value: Option<i16>,
}

/// Which way a stored vote goes.
#[must_use]
pub fn way(value: i16) -> VoteValue {
    if value > 0 { VoteValue::Up } else { VoteValue::Down }
}

/// What the account did about these comments, in the order of `ids`; without those nobody sees.
///
/// # Errors
/// When the database fails.
pub async fn states(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    ids: &[CommentId],
) -> QueryResult<Vec<State>> {
    diesel::sql_query(
        "select c.id, c.account_id is not distinct from $2 as own, r.comment_id is not null as reported,
             v.value
         from unnest($1) with ordinality as asked (id, n)
         join comments c on c.id = asked.id and (c.listed or c.account_id = $2)
         left join comment_votes v on v.comment_id = c.id and v.account_id = $2
         left join comment_reports r on r.comment_id = c.id and r.account_id = $2
         order by asked.n",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(&mut conn)
    .await
}

/// A vote or a report of somebody.
#[derive(Debug, Clone, diesel::QueryableByName)]
pub struct Act {
    /// On which comment.
    #[diesel(sql_type = SqlUuid)]
    pub comment_id: CommentId,
    /// Which way, or why.
    #[diesel(sql_type = Text)]
    pub what: String,
    /// What they said about it.
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub at: Timestamp,
}

/// Every vote of an account that stands.
///
/// # Errors
/// When the database fails.
pub async fn votes(mut conn: &AsyncPgConnection, account: AccountId) -> QueryResult<Vec<Act>> {
    diesel::sql_query(
        "select comment_id, case when value > 0 then 'up' else 'down' end as what,
             null::text as note, voted_at as at
         from comment_votes where account_id = $1 order by voted_at, comment_id",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(&mut conn)
    .await
}

/// Every report of an account.
///
/// # Errors
/// When the database fails.
pub async fn reports(mut conn: &AsyncPgConnection, account: AccountId) -> QueryResult<Vec<Act>> {
    diesel::sql_query(
        "select comment_id, reason_code as what, note, reported_at as at
         from comment_reports where account_id = $1 order by reported_at, comment_id",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(&mut conn)
    .await
}

/// Every appeal of an account.
///
/// # Errors
/// When the database fails.
pub async fn appeals(mut conn: &AsyncPgConnection, account: AccountId) -> QueryResult<Vec<Act>> {
    diesel::sql_query(
        "select comment_id, status as what, body as note, created_at as at
         from comment_appeals where account_id = $1 order by created_at",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(&mut conn)
    .await
}

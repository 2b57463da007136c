//! Appeals: one of each removed comment.

use crate::{
    clock::Timestamp,
    comments::model::{Appeal, AppealStatus},
    db::Prepare,
    ids::{AccountId, AppealId, CommentId},
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: AppealId,
    #[diesel(sql_type = SqlUuid)]
    comment_id: CommentId,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
}

impl From<Row> for Appeal {
    fn from(row: Row) -> Self {
        let status = match row.status.as_str() {
            "granted" => AppealStatus::Granted,
            "refused" => AppealStatus::Refused,
            _ => AppealStatus::Open,
        };
        Self { id: row.id, comment_id: row.comment_id, status, created_at: row.created_at }
    }
}

/// The appeal of a comment.
///
/// # Errors
/// When the database fails.
pub async fn find(mut conn: &AsyncPgConnection, comment: CommentId) -> QueryResult<Option<Appeal>> {
    let row: Option<Row> = diesel::sql_query(
        "select id, comment_id, status, created_at from comment_appeals where comment_id = $1",
    )
    .bind::<SqlUuid, _>(comment)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(row.map(Appeal::from))
}

/// Makes an appeal.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    comment: CommentId,
    account: AccountId,
    body: &str,
    now: Timestamp,
) -> QueryResult<Appeal> {
    let row: Row = diesel::sql_query(
        "insert into comment_appeals (id, comment_id, account_id, body, status, created_at)
         values ($1, $2, $3, $4, 'open', $5) returning id, comment_id, status, created_at",
    )
    .bind::<SqlUuid, _>(AppealId::new())
    .bind::<SqlUuid, _>(comment)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(body)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .get_result(conn)
    .await?;
    Ok(row.into())
}

/// Decides about an open appeal, if there is one.
///
/// # Errors
/// When the database fails.
pub async fn decide(
    conn: &mut AsyncPgConnection,
    comment: CommentId,
    granted: bool,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "update comment_appeals set status = $2, decided_at = $3
         where comment_id = $1 and status = 'open'",
    )
    .bind::<SqlUuid, _>(comment)
    .bind::<Text, _>(if granted { "granted" } else { "refused" })
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

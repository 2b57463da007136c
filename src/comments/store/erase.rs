//! What is left of somebody's comments when they are erased, in the transaction that erases them.

use super::{
    changes, one,
    write::{self, Becomes},
};
use crate::{
    clock::Timestamp,
    comments::model::Status,
    config::Erased,
    db::Prepare,
    ids::{AccountId, ArticleId, CommentId},
};
use diesel::{QueryResult, sql_types::Uuid as SqlUuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct Place {
    #[diesel(sql_type = SqlUuid)]
    id: CommentId,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
}

/// Makes tombstones of an account's comments and blanks their texts, or leaves them without an author.
/// Either way what they said before edits, and what the account wrote to moderators, is gone. The
/// account's row is locked by the caller.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    left: Erased,
    now: Timestamp,
) -> QueryResult<()> {
    for statement in [
        "delete from comment_edits e using comments c
         where c.id = e.comment_id and c.account_id = $1",
        "update comment_reports set note = null where account_id = $1",
        "delete from comment_appeals where account_id = $1",
        "update moderation_log set details = details - 'body' where account_id = $1",
        "delete from vote_acts where account_id = $1",
    ] {
        diesel::sql_query(statement).bind::<SqlUuid, _>(account).prepared().execute(conn).await?;
    }
    if left == Erased::Anonymous {
        return Ok(());
    }
    let places: Vec<Place> = diesel::sql_query(
        "select id, article_id from comments where account_id = $1 order by article_id, id",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .load(conn)
    .await?;
    let mut locked = None;
    for place in places {
        if locked != Some(place.article_id) {
            changes::lock_thread(conn, place.article_id).await?;
            locked = Some(place.article_id);
        }
        let Some(row) = one::lock(conn, place.id).await? else { continue };
        if !row.status().is_removed() {
            let status = Status::RemovedByAuthor;
            write::set_status(conn, &row, Becomes { status, reason_code: None, at: now }).await?;
        }
    }
    diesel::sql_query("update comments set body = '' where account_id = $1")
        .bind::<SqlUuid, _>(account)
        .prepared()
        .execute(conn)
        .await
        .map(drop)
}

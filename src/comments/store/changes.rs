//! What a change of a comment does to counts and events, in the transaction of the change.

use crate::{
    clock::Timestamp,
    comments::model::Status,
    db::Prepare,
    ids::{ArticleId, CommentId},
};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// What happened to a comment, as streams show it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// It got its place in the thread.
    Listed = 1,
    /// It was edited, removed, restored, pinned.
    Changed = 2,
    /// It was voted on.
    Voted = 3,
}

/// Where a comment stands, as counts look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// Its status.
    pub status: Status,
    /// Whether it has a place in the thread.
    pub listed: bool,
    /// Why it was removed, if it was.
    pub reason: Option<String>,
}

/// Which comment, and where.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// The comment.
    pub id: CommentId,
    /// Under which article.
    pub article: ArticleId,
    /// What it replies to.
    pub parent: Option<CommentId>,
}

/// Locks the thread of an article, which is made when missing.
///
/// # Errors
/// When the database fails.
pub async fn lock_thread(conn: &mut AsyncPgConnection, article: ArticleId) -> QueryResult<()> {
    diesel::sql_query(
        "insert into article_threads (article_id) values ($1)
         on conflict (article_id) do update set visible = article_threads.visible",
    )
    .bind::<SqlUuid, _>(article)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Counts a comment that stood as `before`, if it was there, and stands as `after` now.
///
/// # Errors
/// When the database fails.
pub async fn count(
    conn: &mut AsyncPgConnection,
    place: Place,
    before: Option<&Standing>,
    after: &Standing,
    now: Timestamp,
) -> QueryResult<()> {
    let by = |holds: fn(&Standing) -> bool| {
        i64::from(holds(after)) - i64::from(before.is_some_and(holds))
    };
    let listed = by(|s| s.listed);
    let is_root = place.parent.is_none();
    let was_listed = before.is_some_and(|s| s.listed);
    let kind = match (was_listed, after.listed) {
        (false, true) => Kind::Listed as i16,
        (true, _) => Kind::Changed as i16,
        (false, false) => 0,
    };
    diesel::sql_query(include_str!("../sql/count.sql"))
        .bind::<SqlUuid, _>(place.article)
        .bind::<Nullable<SqlUuid>, _>(place.parent)
        .bind::<BigInt, _>(by(|s| s.status == Status::Visible))
        .bind::<BigInt, _>(if is_root { listed } else { 0 })
        .bind::<BigInt, _>(by(|s| matches!(s.status, Status::Pending | Status::Held)))
        .bind::<BigInt, _>(by(|s| s.status == Status::RemovedByAuthor))
        .bind::<BigInt, _>(by(|s| s.status == Status::RemovedByModerator))
        .bind::<BigInt, _>(by(|s| s.status == Status::RemovedByRule))
        .bind::<Integer, _>(if is_root { 0 } else { i32::try_from(listed).unwrap_or(0) })
        .bind::<SqlUuid, _>(place.id)
        .bind::<SmallInt, _>(kind)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    for (standing, by) in [(before, -1), (Some(after), 1)] {
        if let Some(reason) = standing.and_then(removal_reason) {
            count_removal(conn, place.article, reason, by).await?;
        }
    }
    Ok(())
}

/// The reason of a removal that is public: moderators' and rules', not authors'.
fn removal_reason(standing: &Standing) -> Option<&str> {
    let public = matches!(standing.status, Status::RemovedByModerator | Status::RemovedByRule);
    public.then(|| standing.reason.as_deref().unwrap_or("other"))
}

async fn count_removal(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    reason: &str,
    by: i64,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into comment_removals (article_id, reason_code, removed) values ($1, $2, $3)
         on conflict (article_id, reason_code) do update
             set removed = comment_removals.removed + excluded.removed",
    )
    .bind::<SqlUuid, _>(article)
    .bind::<Text, _>(reason)
    .bind::<BigInt, _>(by)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Notes that a comment changed in a way that no count shows.
///
/// # Errors
/// When the database fails.
pub async fn changed(
    conn: &mut AsyncPgConnection,
    place: Place,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into comment_events (article_id, comment_id, kind, at) values ($1, $2, 2, $3)",
    )
    .bind::<SqlUuid, _>(place.article)
    .bind::<SqlUuid, _>(place.id)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

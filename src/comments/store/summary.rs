//! How many comments an article has.

use super::heads::head;
use crate::{
    clock::Timestamp,
    comments::model::{CommentsSummary, Removed, RemovedFor},
    config::Comments,
    db::Prepare,
    error::Result,
    ids::ArticleId,
};
use diesel::{
    OptionalExtension,
    sql_types::{BigInt, Jsonb, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = BigInt)]
    visible: i64,
    #[diesel(sql_type = BigInt)]
    roots: i64,
    #[diesel(sql_type = BigInt)]
    removed_by_author: i64,
    #[diesel(sql_type = BigInt)]
    removed_by_moderator: i64,
    #[diesel(sql_type = BigInt)]
    removed_by_rule: i64,
    #[diesel(sql_type = Jsonb)]
    reasons: Value,
}

/// The counts of a published article's comments.
///
/// # Errors
/// 404 or 410 for the article, and what the database says.
pub async fn read(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    site: &Comments,
    now: Timestamp,
) -> Result<CommentsSummary> {
    let head = head(conn, article, site).await?;
    let row: Option<Row> = diesel::sql_query(
        "select t.visible, t.roots, t.removed_by_author, t.removed_by_moderator, t.removed_by_rule,
             coalesce((
                 select jsonb_agg(
                     jsonb_build_object('reason_code', r.reason_code, 'comments', r.removed)
                     order by r.removed desc, r.reason_code)
                 from comment_removals r where r.article_id = t.article_id and r.removed > 0
             ), '[]'::jsonb) as reasons
         from article_threads t where t.article_id = $1",
    )
    .bind::<SqlUuid, _>(article)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()?;
    let removed = row.as_ref().map_or_else(Removed::default, |row| Removed {
        by_author: row.removed_by_author,
        by_moderator: row.removed_by_moderator,
        by_rule: row.removed_by_rule,
    });
    let (comments, threads) = row.as_ref().map_or((0, 0), |row| (row.visible, row.roots));
    let removed_for: Vec<RemovedFor> =
        row.and_then(|row| serde_json::from_value(row.reasons).ok()).unwrap_or_default();
    Ok(CommentsSummary {
        article_id: article,
        comments,
        threads,
        removed,
        removed_for,
        accepts_comments: head.policy.accepts(now),
        policy: head.policy,
        as_of: now,
    })
}

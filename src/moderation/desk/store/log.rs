//! What was decided.

use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{AccountId, ArticleId, CommentId, PublisherId},
    moderation::desk::model::LogEntry,
    page::PageRequest,
};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// Which lines.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// About one comment.
    pub comment: Option<CommentId>,
    /// Under one article.
    pub article: Option<ArticleId>,
    /// About one account.
    pub account: Option<AccountId>,
    /// Of one publisher's articles.
    pub publisher: Option<PublisherId>,
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Timestamptz)]
    at: Timestamp,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    by_id: Option<Uuid>,
    #[diesel(sql_type = Text)]
    by_name: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    comment_id: Option<CommentId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    article_id: Option<ArticleId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    publisher_id: Option<PublisherId>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    account_id: Option<AccountId>,
    #[diesel(sql_type = Nullable<Text>)]
    reason_code: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    note: Option<String>,
    #[diesel(sql_type = Jsonb)]
    details: Value,
}

/// Up to `limit + 1` lines in the direction asked for, the latest first.
///
/// # Errors
/// When the database fails.
pub async fn list(
    mut conn: &AsyncPgConnection,
    which: &Which,
    request: &PageRequest,
) -> QueryResult<Vec<LogEntry>> {
    let (direction, beyond, start) =
        if request.backward() { ("asc", ">", Uuid::nil()) } else { ("desc", "<", Uuid::max()) };
    let rows: Vec<Row> = diesel::sql_query(format!(
        "select * from moderation_log
         where id {beyond} $1 and ($3::uuid is null or comment_id = $3)
             and ($4::uuid is null or article_id = $4) and ($5::uuid is null or account_id = $5)
             and ($6::uuid is null or publisher_id = $6)
         order by id {direction} limit $2"
    ))
    .bind::<SqlUuid, _>(request.from().map_or(start, |at| at.id))
    .bind::<BigInt, _>(request.limit.plus_one())
    .bind::<Nullable<SqlUuid>, _>(which.comment)
    .bind::<Nullable<SqlUuid>, _>(which.article)
    .bind::<Nullable<SqlUuid>, _>(which.account)
    .bind::<Nullable<SqlUuid>, _>(which.publisher)
    .prepared()
    .load(&mut conn)
    .await?;
    let entry = |row: Row| LogEntry {
        id: row.id,
        at: row.at,
        by_id: row.by_id,
        by: row.by_name,
        action: row.action,
        comment_id: row.comment_id,
        article_id: row.article_id,
        publisher_id: row.publisher_id,
        account_id: row.account_id,
        reason_code: row.reason_code,
        note: row.note,
        details: row.details,
    };
    Ok(rows.into_iter().map(entry).collect())
}

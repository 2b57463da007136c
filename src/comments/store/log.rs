//! What was decided, and by whom: written in the transaction of the decision, never changed.

use super::rows::Row;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{AccountId, ArticleId, CommentId, PublisherId},
};
use diesel::{
    QueryResult,
    sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};
use uuid::Uuid;

/// Who decided.
#[derive(Debug, Clone, Copy)]
pub struct By<'a> {
    /// The account or key; `None` for the server itself.
    pub id: Option<Uuid>,
    /// Its name.
    pub name: &'a str,
}

/// One decision.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// What: `approve`, `reject`, `restore`, `hold`, `pin`, `unpin`, `suspend`, `ban`, `lift`, …
    pub action: String,
    /// About which comment.
    pub comment: Option<CommentId>,
    /// Under which article.
    pub article: Option<ArticleId>,
    /// Whose article.
    pub publisher: Option<PublisherId>,
    /// About whom.
    pub account: Option<AccountId>,
    /// Why.
    pub reason_code: Option<String>,
    /// More about it.
    pub note: Option<String>,
    /// What else there is to know.
    pub details: Value,
}

impl Entry {
    /// A decision about a comment, with what it was before.
    #[must_use]
    pub fn about(
        row: &Row,
        publisher: PublisherId,
        action: &str,
        reason_code: Option<&str>,
    ) -> Self {
        Self {
            action: action.to_owned(),
            comment: Some(row.id),
            article: Some(row.article_id),
            publisher: Some(publisher),
            account: row.account_id,
            reason_code: reason_code.map(ToOwned::to_owned),
            note: None,
            details: json!({"before": row.status, "body": row.body}),
        }
    }
}

/// Writes a decision down.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    by: By<'_>,
    entry: &Entry,
    now: Timestamp,
) -> QueryResult<()> {
    let details = if entry.details.is_null() { json!({}) } else { entry.details.clone() };
    diesel::sql_query(
        "insert into moderation_log (id, at, by_id, by_name, action, comment_id, article_id,
             publisher_id, account_id, reason_code, note, details)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
    )
    .bind::<SqlUuid, _>(CommentId::at(now))
    .bind::<Timestamptz, _>(now)
    .bind::<Nullable<SqlUuid>, _>(by.id)
    .bind::<Text, _>(by.name)
    .bind::<Text, _>(&entry.action)
    .bind::<Nullable<SqlUuid>, _>(entry.comment)
    .bind::<Nullable<SqlUuid>, _>(entry.article)
    .bind::<Nullable<SqlUuid>, _>(entry.publisher)
    .bind::<Nullable<SqlUuid>, _>(entry.account)
    .bind::<Nullable<Text>, _>(entry.reason_code.as_deref())
    .bind::<Nullable<Text>, _>(entry.note.as_deref())
    .bind::<Jsonb, _>(details)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

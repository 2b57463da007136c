//! What there is to know of an article before its comments are read or written.

use crate::{
    clock::Timestamp,
    config::Comments,
    db::Prepare,
    error::{Code, Error, Result, What},
    ids::{ArticleId, PublisherId},
    policies::{
        model::{Effective, Sources},
        resolve::{Layer, resolve},
    },
};
use diesel::{
    OptionalExtension,
    sql_types::{Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::{Value, json};

#[derive(diesel::QueryableByName)]
struct HeadRow {
    #[diesel(sql_type = SqlUuid)]
    id: ArticleId,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    withdrawn_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    withdrawn_reason: Option<String>,
    #[diesel(sql_type = Jsonb)]
    layers: Value,
}

/// A published article and the policy of its comments.
#[derive(Debug, Clone)]
pub struct Head {
    /// The article.
    pub id: ArticleId,
    /// Whose it is.
    pub publisher: PublisherId,
    /// The policy in effect.
    pub policy: Effective,
    /// Where each value of it came from.
    pub sources: Sources,
}

/// The article, if readers see it.
///
/// # Errors
/// 404 for what is not published, 410 with the tombstone for what was withdrawn, and what the
/// database says.
pub async fn head(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    site: &Comments,
) -> Result<Head> {
    let row: Option<HeadRow> = diesel::sql_query(include_str!("../sql/head.sql"))
        .bind::<SqlUuid, _>(article)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()?;
    let row = row.ok_or_else(|| Error::not_found(What::Article))?;
    match row.status.as_str() {
        "published" => {}
        "withdrawn" => return Err(row.gone()),
        _ => return Err(Error::not_found(What::Article)),
    }
    let layers: Vec<Layer> = serde_json::from_value(row.layers).unwrap_or_default();
    let (policy, sources) = resolve(site, row.published_at, &layers);
    Ok(Head { id: row.id, publisher: row.publisher_id, policy, sources })
}

impl HeadRow {
    fn gone(&self) -> Error {
        let tombstone = json!({
            "id": self.id,
            "slug": self.slug,
            "withdrawn_at": self.withdrawn_at,
            "reason": self.withdrawn_reason,
        });
        Error::plain(Code::Withdrawn).with_extension("tombstone", tombstone)
    }
}

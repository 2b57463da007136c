//! Reads.

use super::model::Counters;
use crate::{clock::Timestamp, db::Prepare, ids::ArticleId};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = BigInt)]
    views: i64,
}

/// Counters of the published ones among `ids`, in the order of `ids`; `now` becomes their `as_of`.
///
/// # Errors
/// When the database fails.
pub async fn of(
    mut conn: &AsyncPgConnection,
    ids: &[ArticleId],
    now: Timestamp,
) -> QueryResult<Vec<Counters>> {
    let rows = diesel::sql_query(include_str!("of.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load::<Row>(&mut conn)
        .await?;
    let counters = |row: Row| Counters { article_id: row.article_id, views: row.views, as_of: now };
    Ok(rows.into_iter().map(counters).collect())
}

//! The ledger of one article.

use crate::{
    clock::Timestamp,
    db::Prepare,
    engagement::{model::stats::Grain, stats::Row},
    ids::ArticleId,
};
use diesel::{
    QueryResult,
    sql_types::{Bool, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// The buckets that end after `from` and not after `until`. By days, the hours of those that are not
/// rolled up come one by one.
pub async fn buckets(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    from: Timestamp,
    until: Timestamp,
    grain: Grain,
) -> QueryResult<Vec<Row>> {
    diesel::sql_query(include_str!("stats.sql"))
        .bind::<Uuid, _>(article)
        .bind::<Timestamptz, _>(from)
        .bind::<Timestamptz, _>(until)
        .bind::<Bool, _>(grain == Grain::Day)
        .prepared()
        .load(&mut conn)
        .await
}

//! Reads.

use super::model::{Counters, ReactionCounts};
use crate::{clock::Timestamp, db::Prepare, ids::ArticleId};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Text, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = BigInt)]
    views: i64,
    #[diesel(sql_type = BigInt)]
    comments: i64,
    #[diesel(sql_type = BigInt)]
    shares: i64,
    #[diesel(sql_type = BigInt)]
    reactions: i64,
    #[diesel(sql_type = Text)]
    named: String,
    #[diesel(sql_type = Array<Text>)]
    kinds: Vec<String>,
    #[diesel(sql_type = Array<BigInt>)]
    counts: Vec<i64>,
}

impl Row {
    fn into_counters(self, as_of: Timestamp) -> Counters {
        let standing = self.kinds.into_iter().zip(self.counts).collect();
        Counters {
            article_id: self.article_id,
            views: self.views,
            comments: self.comments,
            shares: self.shares,
            reactions: ReactionCounts::new(&self.named, standing, self.reactions),
            as_of,
        }
    }
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
    Ok(rows.into_iter().map(|row| row.into_counters(now)).collect())
}

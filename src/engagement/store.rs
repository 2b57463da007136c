//! The statements of a round: one a table, whatever the number of events.

use super::{
    event::ring,
    tally::{Buckets, NetworkKey, SlotKey},
};
use crate::{clock::Timestamp, db::Prepare, ids::ArticleId};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Integer, SmallInt, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Notes that round `id` is being written; false when it was committed before.
pub async fn begin(
    conn: &mut AsyncPgConnection,
    id: uuid::Uuid,
    at: Timestamp,
) -> QueryResult<bool> {
    let new = diesel::sql_query(
        "insert into event_rounds (id, committed_at) values ($1, $2) on conflict do nothing",
    )
    .bind::<Uuid, _>(id)
    .bind::<Timestamptz, _>(at)
    .prepared()
    .execute(conn)
    .await?;
    Ok(new == 1)
}

#[derive(diesel::QueryableByName)]
struct StatusRow {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Text)]
    status: String,
}

/// The status of each article there is.
pub async fn statuses(
    conn: &mut AsyncPgConnection,
    ids: &[ArticleId],
) -> QueryResult<HashMap<ArticleId, String>> {
    let rows = diesel::sql_query(include_str!("status.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load::<StatusRow>(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.status)).collect())
}

#[derive(diesel::QueryableByName)]
struct SlotRow {
    #[diesel(sql_type = BigInt)]
    slot: i64,
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = BigInt)]
    visitor: i64,
}

/// Takes the keys that nobody took before; those it got.
pub async fn take(
    conn: &mut AsyncPgConnection,
    keys: &BTreeSet<SlotKey>,
) -> QueryResult<BTreeSet<SlotKey>> {
    let rows = diesel::sql_query(include_str!("slots.sql"))
        .bind::<Array<SmallInt>, _>(keys.iter().map(|key| ring(key.0)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(keys.iter().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(keys.iter().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(keys.iter().map(|key| key.2).collect::<Vec<_>>())
        .prepared()
        .load::<SlotRow>(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.slot, row.article_id, row.visitor)).collect())
}

#[derive(diesel::QueryableByName)]
struct NetworkRow {
    #[diesel(sql_type = BigInt)]
    hour: i64,
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = BigInt)]
    network: i64,
    #[diesel(sql_type = Integer)]
    views: i32,
}

/// Adds to each network's views of an hour; the totals after.
pub async fn add_networks(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<NetworkKey, i32>,
) -> QueryResult<BTreeMap<NetworkKey, i32>> {
    let rows = diesel::sql_query(include_str!("networks.sql"))
        .bind::<Array<SmallInt>, _>(gains.keys().map(|key| ring(key.0)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(gains.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.keys().map(|key| key.2).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(gains.values().copied().collect::<Vec<_>>())
        .prepared()
        .load::<NetworkRow>(conn)
        .await?;
    let total = |row: NetworkRow| ((row.hour, row.article_id, row.network), row.views);
    Ok(rows.into_iter().map(total).collect())
}

/// Adds to the ledger.
pub async fn add_buckets(conn: &mut AsyncPgConnection, gains: &Buckets) -> QueryResult<usize> {
    let column = |f: fn(&super::tally::Tally) -> i32| gains.values().map(f).collect::<Vec<_>>();
    diesel::sql_query(include_str!("buckets.sql"))
        .bind::<Array<Timestamptz>, _>(gains.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(gains.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(column(|t| t.received))
        .bind::<Array<Integer>, _>(column(|t| t.views))
        .bind::<Array<Integer>, _>(column(|t| t.ranked))
        .bind::<Array<Integer>, _>(column(|t| t.bot))
        .bind::<Array<Integer>, _>(column(|t| t.prefetch))
        .bind::<Array<Integer>, _>(column(|t| t.repeat))
        .prepared()
        .execute(conn)
        .await
}

/// Adds to the articles' totals.
pub async fn add_totals(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<ArticleId, i64>,
    at: Timestamp,
) -> QueryResult<usize> {
    diesel::sql_query(include_str!("totals.sql"))
        .bind::<Array<Uuid>, _>(gains.keys().copied().collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.values().copied().collect::<Vec<_>>())
        .bind::<Timestamptz, _>(at)
        .prepared()
        .execute(conn)
        .await
}

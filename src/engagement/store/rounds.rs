//! The statements of a round: one a table, whatever the number of events.

use crate::{
    clock::Timestamp,
    db::Prepare,
    engagement::{
        event::{Kind, ring},
        scores::Scores,
        tally::{BucketKey, Gain, NetworkKey, Networks, SlotKey, Standing, Tally},
    },
    ids::ArticleId,
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Double, Integer, SmallInt, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, HashMap, HashSet};

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
pub async fn take(conn: &mut AsyncPgConnection, keys: &[SlotKey]) -> QueryResult<HashSet<SlotKey>> {
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
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Integer)]
    events: i32,
    #[diesel(sql_type = Integer)]
    fed: i32,
    #[diesel(sql_type = Integer)]
    ranked: i32,
    #[diesel(sql_type = Integer)]
    fresh: i32,
}

/// Adds to each network's events of an hour; what stands after.
pub async fn add_networks(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<NetworkKey, Gain>,
    full: u32,
) -> QueryResult<Networks> {
    let rows = diesel::sql_query(include_str!("networks.sql"))
        .bind::<Array<SmallInt>, _>(gains.keys().map(|key| ring(key.0)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(gains.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.keys().map(|key| key.2).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(gains.keys().map(|key| key.3.number()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(gains.values().map(|gain| gain.events).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(gains.values().map(|gain| gain.fed).collect::<Vec<_>>())
        .bind::<Integer, _>(full.cast_signed())
        .prepared()
        .load::<NetworkRow>(conn)
        .await?;
    let mut networks = Networks::default();
    for row in rows {
        let kind = if row.kind == Kind::View.number() { Kind::View } else { Kind::Share };
        if row.fresh > 0 {
            networks.fresh.insert((row.hour, row.article_id, kind), row.fresh);
        } else {
            let standing = Standing { events: row.events, fed: row.fed, ranked: row.ranked };
            networks.over.insert((row.hour, row.article_id, row.network, kind), standing);
        }
    }
    Ok(networks)
}

/// Keeps how many events rank of networks beyond their cap.
pub async fn put_ranked(
    conn: &mut AsyncPgConnection,
    ranked: &BTreeMap<NetworkKey, i32>,
) -> QueryResult<()> {
    if ranked.is_empty() {
        return Ok(());
    }
    diesel::sql_query(include_str!("networks_ranked.sql"))
        .bind::<Array<SmallInt>, _>(ranked.keys().map(|key| ring(key.0)).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(ranked.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(ranked.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(ranked.keys().map(|key| key.2).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(ranked.keys().map(|key| key.3.number()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(ranked.values().copied().collect::<Vec<_>>())
        .prepared()
        .execute(conn)
        .await
        .map(drop)
}

/// Adds to the ledger.
pub async fn add_hours(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<BucketKey, Tally>,
) -> QueryResult<usize> {
    let column = |f: fn(&Tally) -> i32| gains.values().map(f).collect::<Vec<_>>();
    diesel::sql_query(include_str!("hours.sql"))
        .bind::<Array<Timestamptz>, _>(gains.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(gains.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(gains.keys().map(|key| key.2.number()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(column(|t| t.received))
        .bind::<Array<Integer>, _>(column(|t| t.counted))
        .bind::<Array<Integer>, _>(column(|t| t.ranked))
        .bind::<Array<Integer>, _>(column(|t| t.bot))
        .bind::<Array<Integer>, _>(column(|t| t.prefetch))
        .bind::<Array<Integer>, _>(column(|t| t.repeat))
        .bind::<Array<Integer>, _>(column(|t| t.networks))
        .bind::<Array<Integer>, _>(column(|t| t.largest))
        .prepared()
        .execute(conn)
        .await
}

/// Adds to what ranks by five minutes.
pub async fn add_fives(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<BucketKey, i32>,
) -> QueryResult<usize> {
    if gains.is_empty() {
        return Ok(0);
    }
    diesel::sql_query(include_str!("fives.sql"))
        .bind::<Array<Timestamptz>, _>(gains.keys().map(|key| key.0).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(gains.keys().map(|key| key.1).collect::<Vec<_>>())
        .bind::<Array<SmallInt>, _>(gains.keys().map(|key| key.2.number()).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(gains.values().copied().collect::<Vec<_>>())
        .prepared()
        .execute(conn)
        .await
}

/// Adds to the articles' totals of views and shares. From here on the transaction has these articles.
pub async fn add_totals(
    conn: &mut AsyncPgConnection,
    gains: &BTreeMap<ArticleId, (i64, i64)>,
    at: Timestamp,
) -> QueryResult<usize> {
    diesel::sql_query(include_str!("totals.sql"))
        .bind::<Array<Uuid>, _>(gains.keys().copied().collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.values().map(|gain| gain.0).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(gains.values().map(|gain| gain.1).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(at)
        .prepared()
        .execute(conn)
        .await
}

#[derive(diesel::QueryableByName)]
#[diesel(check_for_backend(diesel::pg::Pg))]
struct ScoresRow {
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Timestamptz)]
    as_of: Timestamp,
    #[diesel(sql_type = Double)]
    p30m: f64,
    #[diesel(sql_type = Double)]
    p1h: f64,
    #[diesel(sql_type = Double)]
    p2h: f64,
    #[diesel(sql_type = Double)]
    p6h: f64,
    #[diesel(sql_type = Double)]
    p12h: f64,
    #[diesel(sql_type = Double)]
    p24h: f64,
    #[diesel(sql_type = Double)]
    t30m: f64,
    #[diesel(sql_type = Double)]
    t2h: f64,
    #[diesel(sql_type = Double)]
    t24h: f64,
    #[diesel(sql_type = Double)]
    minutes: f64,
    #[diesel(sql_type = BigInt)]
    last_minute: i64,
}

impl From<&ScoresRow> for Scores {
    fn from(row: &ScoresRow) -> Self {
        Self {
            as_of: row.as_of,
            popular: [row.p30m, row.p1h, row.p2h, row.p6h, row.p12h, row.p24h],
            trending: [row.t30m, row.t2h, row.t24h],
            minutes: row.minutes,
            last_minute: row.last_minute,
        }
    }
}

/// What stands of the views of these articles, where there is something.
pub async fn scores(
    conn: &mut AsyncPgConnection,
    ids: &[ArticleId],
) -> QueryResult<BTreeMap<ArticleId, Scores>> {
    let rows = diesel::sql_query(include_str!("scores.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load::<ScoresRow>(conn)
        .await?;
    Ok(rows.iter().map(|row| (row.article_id, row.into())).collect())
}

/// Writes what stands now. Only for who has the articles: see [`add_totals`].
pub async fn put_scores(
    conn: &mut AsyncPgConnection,
    scores: &BTreeMap<ArticleId, Scores>,
) -> QueryResult<()> {
    let popular = |n: usize| scores.values().map(|s| s.popular[n]).collect::<Vec<_>>();
    let trending = |n: usize| scores.values().map(|s| s.trending[n]).collect::<Vec<_>>();
    diesel::sql_query(include_str!("put_scores.sql"))
        .bind::<Array<Uuid>, _>(scores.keys().copied().collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(scores.values().map(|s| s.as_of).collect::<Vec<_>>())
        .bind::<Array<Double>, _>(popular(0))
        .bind::<Array<Double>, _>(popular(1))
        .bind::<Array<Double>, _>(popular(2))
        .bind::<Array<Double>, _>(popular(3))
        .bind::<Array<Double>, _>(popular(4))
        .bind::<Array<Double>, _>(popular(5))
        .bind::<Array<Double>, _>(trending(0))
        .bind::<Array<Double>, _>(trending(1))
        .bind::<Array<Double>, _>(trending(2))
        .bind::<Array<Double>, _>(scores.values().map(|s| s.minutes).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(scores.values().map(|s| s.last_minute).collect::<Vec<_>>())
        .prepared()
        .execute(conn)
        .await
        .map(drop)
}

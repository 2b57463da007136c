//! The statements of a reaction, in the order in which every writer takes the rows: the reaction, the
//! network, the hour, the five minutes, the day, the kinds, the counters. What comes to nothing is
//! deleted, so that a reaction taken back leaves no trace.

use crate::{
    clock::Timestamp,
    db::Prepare,
    engagement::event::{Kind, ring},
    ids::ArticleId,
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Bool, Integer, SmallInt, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

/// A reaction that stands.
#[derive(Debug, Clone, PartialEq, Eq, diesel::QueryableByName)]
pub struct Standing {
    /// Which.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Since when, whatever it was at first.
    #[diesel(sql_type = Timestamptz)]
    pub reacted_at: Timestamp,
    /// Whether it counts for boards.
    #[diesel(sql_type = Bool)]
    pub ranked: bool,
}

/// One row of a table that counts.
#[derive(diesel::QueryableByName)]
struct Left {
    #[diesel(sql_type = Integer)]
    left: i32,
}

/// Adds a reaction that ranks; false when the actor has one.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    actor: i64,
    kind: &str,
    at: Timestamp,
) -> QueryResult<bool> {
    let new = diesel::sql_query(
        "insert into reactions (article_id, actor, kind, reacted_at, ranked)
         values ($1, $2, $3, $4, true) on conflict do nothing",
    )
    .bind::<Uuid, _>(article)
    .bind::<BigInt, _>(actor)
    .bind::<Text, _>(kind)
    .bind::<Timestamptz, _>(at)
    .prepared()
    .execute(conn)
    .await?;
    Ok(new == 1)
}

/// The actor's reaction, which nobody else changes until the transaction ends.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    actor: i64,
) -> QueryResult<Option<Standing>> {
    diesel::sql_query(
        "select kind, reacted_at, ranked from reactions
         where article_id = $1 and actor = $2 for update",
    )
    .bind::<Uuid, _>(article)
    .bind::<BigInt, _>(actor)
    .prepared()
    .get_result(conn)
    .await
    .optional()
}

/// Writes what changed of a reaction.
pub async fn update(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    actor: i64,
    standing: &Standing,
) -> QueryResult<()> {
    diesel::sql_query(
        "update reactions set kind = $3, ranked = $4 where article_id = $1 and actor = $2",
    )
    .bind::<Uuid, _>(article)
    .bind::<BigInt, _>(actor)
    .bind::<Text, _>(&standing.kind)
    .bind::<Bool, _>(standing.ranked)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Takes the actor's reaction away; what it was.
pub async fn delete(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    actor: i64,
) -> QueryResult<Option<Standing>> {
    diesel::sql_query(
        "delete from reactions where article_id = $1 and actor = $2
         returning kind, reacted_at, ranked",
    )
    .bind::<Uuid, _>(article)
    .bind::<BigInt, _>(actor)
    .prepared()
    .get_result(conn)
    .await
    .optional()
}

/// Changes the number of a network's reactions to an article in an hour by `by`; the number after.
pub async fn add_network(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    network: i64,
    hour: i64,
    by: i32,
) -> QueryResult<i32> {
    let row = diesel::sql_query(include_str!("reaction_network.sql"))
        .bind::<SmallInt, _>(ring(hour))
        .bind::<BigInt, _>(hour)
        .bind::<Uuid, _>(article)
        .bind::<BigInt, _>(network)
        .bind::<SmallInt, _>(Kind::Reaction.number())
        .bind::<Integer, _>(by)
        .prepared()
        .get_result::<Left>(conn)
        .await?;
    if row.left <= 0 {
        diesel::sql_query(
            "delete from network_events
             where ring = $1 and hour = $2 and article_id = $3 and network = $4 and kind = $5",
        )
        .bind::<SmallInt, _>(ring(hour))
        .bind::<BigInt, _>(hour)
        .bind::<Uuid, _>(article)
        .bind::<BigInt, _>(network)
        .bind::<SmallInt, _>(Kind::Reaction.number())
        .prepared()
        .execute(conn)
        .await?;
    }
    Ok(row.left)
}

/// Adds a reaction to its hour.
pub async fn add_hour(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    hour_end: Timestamp,
    ranked: bool,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
         values ($1, $2, $3, 1, 1, $4)
         on conflict (ends_at, article_id, kind) do update set
             received = article_hours.received + 1,
             counted = article_hours.counted + 1,
             ranked = article_hours.ranked + excluded.ranked",
    )
    .bind::<Timestamptz, _>(hour_end)
    .bind::<Uuid, _>(article)
    .bind::<SmallInt, _>(Kind::Reaction.number())
    .bind::<Integer, _>(i32::from(ranked))
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Takes a reaction out of its hour, if that is still kept.
pub async fn leave_hour(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    hour_end: Timestamp,
    ranked: bool,
) -> QueryResult<()> {
    let left = diesel::sql_query(
        "update article_hours
         set received = received - 1, counted = counted - 1, ranked = ranked - $4
         where ends_at = $1 and article_id = $2 and kind = $3
         returning received as left",
    )
    .bind::<Timestamptz, _>(hour_end)
    .bind::<Uuid, _>(article)
    .bind::<SmallInt, _>(Kind::Reaction.number())
    .bind::<Integer, _>(i32::from(ranked))
    .prepared()
    .get_result::<Left>(conn)
    .await
    .optional()?;
    if left.is_some_and(|row| row.left <= 0) {
        diesel::sql_query(
            "delete from article_hours where ends_at = $1 and article_id = $2 and kind = $3",
        )
        .bind::<Timestamptz, _>(hour_end)
        .bind::<Uuid, _>(article)
        .bind::<SmallInt, _>(Kind::Reaction.number())
        .prepared()
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Adds a reaction that ranks to its five minutes.
pub async fn add_five(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    five_end: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into article_fives (ends_at, article_id, kind, ranked) values ($1, $2, $3, 1)
         on conflict (ends_at, article_id, kind) do update
             set ranked = article_fives.ranked + 1",
    )
    .bind::<Timestamptz, _>(five_end)
    .bind::<Uuid, _>(article)
    .bind::<SmallInt, _>(Kind::Reaction.number())
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Takes a reaction that ranked out of its five minutes, if they are still kept.
pub async fn leave_five(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    five_end: Timestamp,
) -> QueryResult<()> {
    let left = diesel::sql_query(
        "update article_fives set ranked = ranked - 1
         where ends_at = $1 and article_id = $2 and kind = $3 returning ranked as left",
    )
    .bind::<Timestamptz, _>(five_end)
    .bind::<Uuid, _>(article)
    .bind::<SmallInt, _>(Kind::Reaction.number())
    .prepared()
    .get_result::<Left>(conn)
    .await
    .optional()?;
    if left.is_some_and(|row| row.left <= 0) {
        diesel::sql_query(
            "delete from article_fives where ends_at = $1 and article_id = $2 and kind = $3",
        )
        .bind::<Timestamptz, _>(five_end)
        .bind::<Uuid, _>(article)
        .bind::<SmallInt, _>(Kind::Reaction.number())
        .prepared()
        .execute(conn)
        .await?;
    }
    Ok(())
}

/// Takes a reaction of the hour that ends at `hour_end` out of its day, if that was rolled up: days
/// are, in their order, so the first day from then on that counts the article's reactions is its day.
pub async fn leave_day(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    hour_end: Timestamp,
    ranked: bool,
) -> QueryResult<()> {
    diesel::sql_query(
        "update article_days
         set received = received - 1, counted = counted - 1, ranked = ranked - $4
         where article_id = $1 and kind = $2 and ends_at = (
             select min(ends_at) from article_days
             where article_id = $1 and kind = $2 and ends_at >= $3 and counted > 0)",
    )
    .bind::<Uuid, _>(article)
    .bind::<SmallInt, _>(Kind::Reaction.number())
    .bind::<Timestamptz, _>(hour_end)
    .bind::<Integer, _>(i32::from(ranked))
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// Changes the numbers of an article's reactions by kind, and of all together.
pub async fn add_kinds(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    mut gains: Vec<(&str, i64)>,
    at: Timestamp,
) -> QueryResult<()> {
    // One order for all: two changes in opposite directions must not wait for each other.
    gains.sort_unstable();
    let all: i64 = gains.iter().map(|(_, by)| by).sum();
    let (kinds, by): (Vec<_>, Vec<_>) = gains.into_iter().unzip();
    diesel::sql_query(
        "insert into article_reactions (article_id, kind, reactions)
         select $1, kind, by from unnest($2, $3) as gain (kind, by)
         on conflict (article_id, kind) do update
             set reactions = article_reactions.reactions + excluded.reactions",
    )
    .bind::<Uuid, _>(article)
    .bind::<Array<Text>, _>(&kinds)
    .bind::<Array<BigInt>, _>(by)
    .prepared()
    .execute(conn)
    .await?;
    diesel::sql_query(
        "delete from article_reactions where article_id = $1 and kind = any($2) and reactions <= 0",
    )
    .bind::<Uuid, _>(article)
    .bind::<Array<Text>, _>(&kinds)
    .prepared()
    .execute(conn)
    .await?;
    diesel::sql_query(
        "insert into article_counters (article_id, reactions, updated_at) values ($1, $2, $3)
         on conflict (article_id) do update set
             reactions = article_counters.reactions + excluded.reactions,
             updated_at = excluded.updated_at",
    )
    .bind::<Uuid, _>(article)
    .bind::<BigInt, _>(all)
    .bind::<Timestamptz, _>(at)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

#[derive(diesel::QueryableByName)]
struct Own {
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Text)]
    kind: String,
}

/// The kinds of an actor's reactions that stand on these articles.
///
/// # Errors
/// When the database fails.
pub async fn own(
    mut conn: &AsyncPgConnection,
    actor: i64,
    articles: &[ArticleId],
) -> QueryResult<HashMap<ArticleId, String>> {
    let rows: Vec<Own> = diesel::sql_query(
        "select article_id, kind from reactions where actor = $1 and article_id = any($2)",
    )
    .bind::<BigInt, _>(actor)
    .bind::<Array<Uuid>, _>(articles)
    .prepared()
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.article_id, row.kind)).collect())
}

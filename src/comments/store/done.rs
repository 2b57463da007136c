//! What a reader did, as quotas look at it.

use crate::{
    clock::Timestamp,
    comments::quota::Done,
    db::Prepare,
    ids::{AccountId, ArticleId},
    policies::model::Effective,
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct At {
    #[diesel(sql_type = Timestamptz)]
    at: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Locks the account, so that its quotas are asked by one request at a time; false when it is gone.
///
/// # Errors
/// When the database fails.
pub async fn lock(conn: &mut AsyncPgConnection, account: AccountId) -> QueryResult<bool> {
    let row = diesel::sql_query(
        "select 1::bigint as n from accounts where id = $1 and erased_at is null
         for no key update",
    )
    .bind::<SqlUuid, _>(account)
    .prepared()
    .get_result::<Count>(conn)
    .await
    .optional()?;
    Ok(row.is_some())
}

/// What was written, removed comments included. Asks nothing where no quota counts.
///
/// # Errors
/// When the database fails.
pub async fn comments(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    article: ArticleId,
    policy: &Effective,
    now: Timestamp,
) -> QueryResult<Done> {
    let mut done = Done::default();
    if policy.per_article > 0 {
        let count = diesel::sql_query(
            "select count(*) as n from comments where account_id = $1 and article_id = $2",
        )
        .bind::<SqlUuid, _>(account)
        .bind::<SqlUuid, _>(article)
        .prepared()
        .get_result::<Count>(&mut conn)
        .await?;
        done.ever = u32::try_from(count.n).unwrap_or(u32::MAX);
    }
    if policy.per_day > 0 || policy.spacing_seconds > 0 {
        let last = diesel::sql_query(
            "select created_at as at from comments where account_id = $1 order by id desc limit $2",
        )
        .bind::<SqlUuid, _>(account)
        .bind::<BigInt, _>(i64::from(policy.per_day.max(1)))
        .prepared()
        .load::<At>(&mut conn)
        .await?;
        recent(&mut done, &last, policy.per_day, now);
    }
    Ok(done)
}

/// What was voted, votes taken back included. Asks nothing where no quota counts.
///
/// # Errors
/// When the database fails.
pub async fn votes(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    policy: &Effective,
    now: Timestamp,
) -> QueryResult<Done> {
    let mut done = Done::default();
    if policy.votes_per_day > 0 || policy.vote_spacing_seconds > 0 {
        let last = diesel::sql_query(
            "select at from vote_acts where account_id = $1 order by at desc limit $2",
        )
        .bind::<SqlUuid, _>(account)
        .bind::<BigInt, _>(i64::from(policy.votes_per_day.max(1)))
        .prepared()
        .load::<At>(&mut conn)
        .await?;
        recent(&mut done, &last, policy.votes_per_day, now);
    }
    Ok(done)
}

/// From the last `limit` moments, newest first.
fn recent(done: &mut Done, last: &[At], limit: u32, now: Timestamp) {
    let yesterday = now.plus_minutes(-24 * 60);
    let within = last.iter().filter(|act| act.at > yesterday).count();
    done.day = u32::try_from(within).unwrap_or(u32::MAX);
    done.last = last.first().map(|act| act.at);
    done.oldest = last.last().filter(|_| done.day >= limit).map(|act| act.at);
}

/// Notes a vote, or one taken back.
///
/// # Errors
/// When the database fails.
pub async fn note_vote(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query("insert into vote_acts (account_id, at) values ($1, $2)")
        .bind::<SqlUuid, _>(account)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await
        .map(drop)
}

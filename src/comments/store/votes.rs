//! Votes: one of each reader on each comment, counted in the transaction that changes it.

use crate::{
    clock::Timestamp,
    comments::model::VoteCounts,
    db::Prepare,
    ids::{AccountId, ArticleId, CommentId},
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Integer, SmallInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// A vote that stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, diesel::QueryableByName)]
pub struct Standing {
    /// 1 for it, -1 against it.
    #[diesel(sql_type = SmallInt)]
    pub value: i16,
    /// Since when.
    #[diesel(sql_type = Timestamptz)]
    pub voted_at: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Counts {
    #[diesel(sql_type = Integer)]
    up: i32,
    #[diesel(sql_type = Integer)]
    down: i32,
}

/// The reader's vote. The comment's row is locked, so that it does not change.
///
/// # Errors
/// When the database fails.
pub async fn find(
    mut conn: &AsyncPgConnection,
    comment: CommentId,
    account: AccountId,
) -> QueryResult<Option<Standing>> {
    diesel::sql_query(
        "select value, voted_at from comment_votes where comment_id = $1 and account_id = $2",
    )
    .bind::<SqlUuid, _>(comment)
    .bind::<SqlUuid, _>(account)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()
}

/// Who votes on what.
#[derive(Debug, Clone, Copy)]
pub struct Ballot {
    /// On which comment.
    pub comment: CommentId,
    /// Under which article.
    pub article: ArticleId,
    /// Who.
    pub account: AccountId,
}

/// Makes `after` stand in the place of `before`; what all votes come to.
///
/// # Errors
/// When the database fails.
pub async fn change(
    conn: &mut AsyncPgConnection,
    ballot: Ballot,
    before: Option<i16>,
    after: Option<i16>,
    now: Timestamp,
) -> QueryResult<VoteCounts> {
    match after {
        Some(value) => {
            diesel::sql_query(
                "insert into comment_votes (comment_id, account_id, article_id, value, voted_at)
                 values ($1, $2, $3, $4, $5)
                 on conflict (comment_id, account_id) do update
                     set value = excluded.value, voted_at = excluded.voted_at",
            )
            .bind::<SqlUuid, _>(ballot.comment)
            .bind::<SqlUuid, _>(ballot.account)
            .bind::<SqlUuid, _>(ballot.article)
            .bind::<SmallInt, _>(value)
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?
        }
        None => {
            diesel::sql_query("delete from comment_votes where comment_id = $1 and account_id = $2")
                .bind::<SqlUuid, _>(ballot.comment)
                .bind::<SqlUuid, _>(ballot.account)
                .prepared()
                .execute(conn)
                .await?
        }
    };
    let by = |value| i16::from(after == Some(value)) - i16::from(before == Some(value));
    let counts = diesel::sql_query(
        "with event as (
             insert into comment_events (article_id, comment_id, kind, up, down, at)
             values ($5, $1, 3, $2, $3, $4)
         )
         update comments set up = up + $2, down = down + $3 where id = $1 returning up, down",
    )
    .bind::<SqlUuid, _>(ballot.comment)
    .bind::<SmallInt, _>(by(1))
    .bind::<SmallInt, _>(by(-1))
    .bind::<Timestamptz, _>(now)
    .bind::<SqlUuid, _>(ballot.article)
    .prepared()
    .get_result::<Counts>(conn)
    .await?;
    Ok(VoteCounts { up: counts.up, down: counts.down })
}

//! New comments, edits, removals, and what becomes due. The thread's row is locked by the caller.

use super::{
    changes::{self, Place, Standing},
    one,
    rows::Row,
};
use crate::{
    clock::Timestamp,
    comments::{
        model::Status,
        screen::{Hit, Outcome},
    },
    db::{self, Pool, Prepare},
    error::Error,
    ids::{AccountId, ArticleId, CommentId},
};
use diesel::{
    QueryResult,
    sql_types::{
        Array, BigInt, Bool, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
    },
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A comment to store.
#[derive(Debug, Clone)]
pub struct New<'a> {
    /// Its id.
    pub id: CommentId,
    /// Under which article.
    pub article: ArticleId,
    /// What it replies to.
    pub parent: Option<&'a Row>,
    /// Who writes.
    pub account: AccountId,
    /// What it says.
    pub body: &'a str,
    /// Where it stands.
    pub status: Status,
    /// When it is shown by itself.
    pub due_at: Option<Timestamp>,
    /// Why it waits, if a rule made it.
    pub reason_code: Option<&'a str>,
    /// What rules found.
    pub hits: &'a [Hit],
    /// The present.
    pub at: Timestamp,
}

/// Stores a comment and counts it.
///
/// # Errors
/// When the database fails.
pub async fn insert(conn: &mut AsyncPgConnection, new: &New<'_>) -> QueryResult<()> {
    let parent = new.parent.map(|row| row.id);
    let root = new.parent.map_or(new.id, |row| row.root_id);
    let mut path: Vec<Uuid> = new.parent.map(|row| row.path.clone()).unwrap_or_default();
    path.extend(parent.map(|id| id.0));
    let listed = new.status == Status::Visible;
    diesel::sql_query(
        "insert into comments (id, article_id, parent_id, root_id, path, account_id, body, status,
             listed, due_at, reason_code, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)",
    )
    .bind::<SqlUuid, _>(new.id)
    .bind::<SqlUuid, _>(new.article)
    .bind::<Nullable<SqlUuid>, _>(parent)
    .bind::<SqlUuid, _>(root)
    .bind::<Array<SqlUuid>, _>(path)
    .bind::<SqlUuid, _>(new.account)
    .bind::<Text, _>(new.body)
    .bind::<Text, _>(new.status.name())
    .bind::<Bool, _>(listed)
    .bind::<Nullable<Timestamptz>, _>(new.due_at)
    .bind::<Nullable<Text>, _>(new.reason_code)
    .bind::<Timestamptz, _>(new.at)
    .prepared()
    .execute(conn)
    .await?;
    put_hits(conn, new.id, new.hits).await?;
    let place = Place { id: new.id, article: new.article, parent };
    let after = Standing { status: new.status, listed, reason: None };
    changes::count(conn, place, None, &after, new.at).await
}

/// The name of an outcome in the database.
#[must_use]
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Publish => "publish",
        Outcome::Flag => "flag",
        Outcome::Hold => "hold",
        Outcome::Reject => "reject",
    }
}

/// Keeps what rules found in a comment, in place of what they found before.
async fn put_hits(conn: &mut AsyncPgConnection, id: CommentId, hits: &[Hit]) -> QueryResult<()> {
    if hits.is_empty() {
        return Ok(());
    }
    let chars = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    diesel::sql_query(
        "with gone as (delete from comment_hits where comment_id = $1)
         insert into comment_hits (comment_id, n, rule_id, name, outcome, reason_code, first_char, end_char)
         select $1, t.n + coalesce((select max(h.n) from comment_hits h where h.comment_id = $1), 0),
             t.rule_id, t.name, t.outcome, t.reason_code, t.first_char, t.end_char
         from unnest($2, $3, $4, $5, $6, $7) with ordinality
             as t (rule_id, name, outcome, reason_code, first_char, end_char, n)
         where t.n <= 50",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Nullable<SqlUuid>>, _>(hits.iter().map(|hit| hit.rule).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(hits.iter().map(|hit| hit.name.as_str()).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(hits.iter().map(|hit| outcome_name(hit.outcome)).collect::<Vec<_>>())
    .bind::<Array<Text>, _>(hits.iter().map(|hit| hit.reason_code.as_str()).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(hits.iter().map(|hit| chars(hit.start)).collect::<Vec<_>>())
    .bind::<Array<Integer>, _>(hits.iter().map(|hit| chars(hit.end)).collect::<Vec<_>>())
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

/// What a comment becomes.
#[derive(Debug, Clone, Copy)]
pub struct Becomes<'a> {
    /// Where it stands.
    pub status: Status,
    /// Why.
    pub reason_code: Option<&'a str>,
    /// The present.
    pub at: Timestamp,
}

/// Changes where a locked comment stands, and counts that.
///
/// # Errors
/// When the database fails.
pub async fn set_status(
    conn: &mut AsyncPgConnection,
    row: &Row,
    becomes: Becomes<'_>,
) -> QueryResult<()> {
    let listed = row.listed || becomes.status == Status::Visible;
    diesel::sql_query(
        "update comments set status = $2, listed = $3, reason_code = $4, due_at = null,
             pinned = pinned and $2 = 'visible', changed_at = $5
         where id = $1",
    )
    .bind::<SqlUuid, _>(row.id)
    .bind::<Text, _>(becomes.status.name())
    .bind::<Bool, _>(listed)
    .bind::<Nullable<Text>, _>(becomes.reason_code)
    .bind::<Timestamptz, _>(becomes.at)
    .prepared()
    .execute(conn)
    .await?;
    let reason = becomes.reason_code.map(ToOwned::to_owned);
    let after = Standing { status: becomes.status, listed, reason };
    changes::count(conn, row.place(), Some(&row.standing()), &after, becomes.at).await
}

/// Puts another text into a locked comment, and keeps the one before.
///
/// # Errors
/// When the database fails.
pub async fn edit(
    conn: &mut AsyncPgConnection,
    row: &Row,
    body: &str,
    hits: &[Hit],
    at: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "with kept as (
             insert into comment_edits (comment_id, edited_at, body) values ($1, $3, $4)
             on conflict do nothing
         )
         update comments set body = $2, edited_at = $3, changed_at = $3 where id = $1",
    )
    .bind::<SqlUuid, _>(row.id)
    .bind::<Text, _>(body)
    .bind::<Timestamptz, _>(at)
    .bind::<Text, _>(&row.body)
    .prepared()
    .execute(conn)
    .await?;
    put_hits(conn, row.id, hits).await?;
    if row.listed { changes::changed(conn, row.place(), at).await } else { Ok(()) }
}

/// Puts a locked comment first, or no more.
///
/// # Errors
/// When the database fails.
pub async fn pin(
    conn: &mut AsyncPgConnection,
    row: &Row,
    pinned: bool,
    at: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query("update comments set pinned = $2, changed_at = $3 where id = $1")
        .bind::<SqlUuid, _>(row.id)
        .bind::<Bool, _>(pinned)
        .bind::<Timestamptz, _>(at)
        .prepared()
        .execute(conn)
        .await?;
    changes::changed(conn, row.place(), at).await
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many comments of an article are pinned.
///
/// # Errors
/// When the database fails.
pub async fn pinned(conn: &mut AsyncPgConnection, article: ArticleId) -> QueryResult<i64> {
    let count: Count =
        diesel::sql_query("select count(*) as n from comments where article_id = $1 and pinned")
            .bind::<SqlUuid, _>(article)
            .prepared()
            .get_result(conn)
            .await?;
    Ok(count.n)
}

#[derive(diesel::QueryableByName)]
struct Due {
    #[diesel(sql_type = SqlUuid)]
    id: CommentId,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
}

/// Comments shown in one round.
const ROUND: i16 = 500;

/// Shows what its authors can no longer undo, each in a transaction of its own; how many.
///
/// # Errors
/// When the database fails.
pub async fn show_due(pool: &Pool, now: Timestamp) -> Result<usize, Error> {
    let mut conn = db::get(pool).await?;
    let due: Vec<Due> = diesel::sql_query(
        "select id, article_id from comments where due_at <= $1 order by due_at limit $2",
    )
    .bind::<Timestamptz, _>(now)
    .bind::<SmallInt, _>(ROUND)
    .prepared()
    .load(&mut conn)
    .await?;
    for due in &due {
        db::transaction(&mut conn, async |conn| {
            changes::lock_thread(conn, due.article_id).await?;
            let Some(row) = one::lock(conn, due.id).await? else { return Ok(()) };
            if row.due_at.is_none_or(|at| at > now) || row.status() != Status::Pending {
                return Ok(());
            }
            let becomes = Becomes { status: Status::Visible, reason_code: None, at: now };
            Ok::<_, Error>(set_status(conn, &row, becomes).await?)
        })
        .await?;
    }
    Ok(due.len())
}

impl Row {
    /// Which comment it is, and where.
    #[must_use]
    pub fn place(&self) -> Place {
        Place { id: self.id, article: self.article_id, parent: self.parent_id }
    }

    /// Where it stands, as counts look at it.
    #[must_use]
    pub fn standing(&self) -> Standing {
        Standing { status: self.status(), listed: self.listed, reason: self.reason_code.clone() }
    }
}

//! What streams show, in the order of transactions. An event is shown once every older transaction has
//! ended: until then one of those could still add an event before it.

use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CommentId},
};
use diesel::{
    QueryResult,
    sql_types::{BigInt, Nullable, SmallInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Where a stream is: after this transaction and this event of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct At {
    /// The transaction.
    pub xid: i64,
    /// The event.
    pub seq: i64,
}

impl std::fmt::Display for At {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.xid, self.seq)
    }
}

impl std::str::FromStr for At {
    type Err = std::num::ParseIntError;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (xid, seq) = text.split_once('-').unwrap_or((text, ""));
        Ok(Self { xid: xid.parse()?, seq: seq.parse()? })
    }
}

/// Something that happened.
#[derive(Debug, Clone, Copy, diesel::QueryableByName)]
pub struct Event {
    /// Its transaction.
    #[diesel(sql_type = BigInt)]
    pub xid: i64,
    /// Its number.
    #[diesel(sql_type = BigInt)]
    pub seq: i64,
    /// Under which article.
    #[diesel(sql_type = SqlUuid)]
    pub article_id: ArticleId,
    /// To which comment.
    #[diesel(sql_type = SqlUuid)]
    pub comment_id: CommentId,
    /// What: 1 it got its place, 2 it changed, 3 it was voted on, 4 it was replied to.
    #[diesel(sql_type = SmallInt)]
    pub kind: i16,
}

impl Event {
    /// Where it stands.
    #[must_use]
    pub fn at(&self) -> At {
        At { xid: self.xid, seq: self.seq }
    }
}

#[derive(diesel::QueryableByName)]
struct Mark {
    #[diesel(sql_type = BigInt)]
    mark: i64,
}

#[derive(diesel::QueryableByName)]
struct Oldest {
    #[diesel(sql_type = Nullable<BigInt>)]
    xid: Option<i64>,
}

/// The transaction below which all is over.
///
/// # Errors
/// When the database fails.
pub async fn mark(mut conn: &AsyncPgConnection) -> QueryResult<i64> {
    let row: Mark =
        diesel::sql_query("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as mark")
            .prepared()
            .get_result(&mut conn)
            .await?;
    Ok(row.mark)
}

/// Up to `limit` events after `at` whose older transactions are over; of one article, or of all.
///
/// # Errors
/// When the database fails.
pub async fn after(
    mut conn: &AsyncPgConnection,
    article: Option<ArticleId>,
    at: At,
    limit: i64,
) -> QueryResult<Vec<Event>> {
    diesel::sql_query(
        "select xid, seq, article_id, comment_id, kind from comment_events
         where (xid, seq) > ($2, $3) and ($1::uuid is null or article_id = $1)
           and xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint
         order by xid, seq limit $4",
    )
    .bind::<Nullable<SqlUuid>, _>(article)
    .bind::<BigInt, _>(at.xid)
    .bind::<BigInt, _>(at.seq)
    .bind::<BigInt, _>(limit)
    .prepared()
    .load(&mut conn)
    .await
}

/// The oldest transaction whose events are kept.
///
/// # Errors
/// When the database fails.
pub async fn oldest(mut conn: &AsyncPgConnection) -> QueryResult<Option<i64>> {
    let row: Oldest = diesel::sql_query(
        "select (select xid from comment_events order by xid, seq limit 1) as xid",
    )
    .prepared()
    .get_result(&mut conn)
    .await?;
    Ok(row.xid)
}

/// Hours that events are kept.
const KEPT_HOURS: i64 = 48;

/// Forgets events older than two days, and those of another cluster's transactions: a database that
/// was restored from a dump counts from the start.
///
/// # Errors
/// When the database fails.
pub async fn prune(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    let old = diesel::sql_query("delete from comment_events where at < $1")
        .bind::<Timestamptz, _>(now.plus_minutes(-KEPT_HOURS * 60))
        .prepared()
        .execute(conn)
        .await?;
    let foreign = diesel::sql_query(
        "delete from comment_events
         where xid >= pg_snapshot_xmax(pg_current_snapshot())::text::bigint",
    )
    .prepared()
    .execute(conn)
    .await?;
    let acts = diesel::sql_query("delete from vote_acts where at < $1")
        .bind::<Timestamptz, _>(now.plus_minutes(-25 * 60))
        .prepared()
        .execute(conn)
        .await?;
    Ok(old + foreign + acts)
}

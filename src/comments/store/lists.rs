//! Pages of threads and replies, as they were when the walk began.
//!
//! Votes and replies move comments while somebody pages. A cursor names the transactions that were
//! over when the first page was read; what was voted or replied since is taken back from each moved
//! comment's key, so that every page is cut from one and the same order.

use super::rows::{COLUMNS, KeyedRow, Row};
use crate::{
    comments::{order::Key, snapshot},
    config::CommentSort,
    db::Prepare,
    ids::{ArticleId, CommentId},
    page::PageRequest,
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::fmt::Write;
use uuid::Uuid;

/// Which comments a list holds.
#[derive(Debug, Clone, Copy)]
pub enum Place {
    /// Those on the article itself.
    Roots(ArticleId),
    /// Direct replies to a comment of an article.
    Replies(ArticleId, CommentId),
}

/// Up to `limit + 1` comments in the direction asked for.
///
/// # Errors
/// When the database fails.
pub async fn page(
    mut conn: &AsyncPgConnection,
    place: Place,
    sort: CommentSort,
    request: &PageRequest,
) -> QueryResult<Vec<KeyedRow>> {
    let key = sort.key();
    let descending = key.descending != request.backward();
    let (article, of) = match place {
        Place::Roots(article) => (article, article.0),
        Place::Replies(article, comment) => (article, comment.0),
    };
    let start = if descending { (i64::MAX, Uuid::max()) } else { (i64::MIN, Uuid::nil()) };
    let (from, id) = request.from().map_or(start, |at| (at.key, at.id));
    diesel::sql_query(sql(place, &key, descending))
        .bind::<SqlUuid, _>(of)
        .bind::<Nullable<Text>, _>(snapshot::decode(&request.mark))
        .bind::<BigInt, _>(from)
        .bind::<SqlUuid, _>(id)
        .bind::<BigInt, _>(request.limit.plus_one())
        .bind::<SqlUuid, _>(article)
        .prepared()
        .load(&mut conn)
        .await
}

/// Makes the cursors of a first page name the moment it was read at.
pub fn mark(request: &mut PageRequest, rows: &[KeyedRow]) {
    if let Some(row) = rows.first().filter(|_| request.cursor.is_none()) {
        request.mark = snapshot::encode(&row.seen);
    }
}

/// The statement of a list, with six parameters: one text for each place, order and direction.
#[must_use]
pub fn sql(place: Place, key: &Key, descending: bool) -> String {
    let within = match place {
        Place::Roots(_) => "c.article_id = $1 and c.listed and c.parent_id is null",
        Place::Replies(..) => "c.parent_id = $1 and c.listed",
    };
    let (direction, beyond) = if descending { ("desc", "<") } else { ("asc", ">") };
    let mut sql = "with at as materialized (
        select coalesce($2::pg_snapshot, pg_current_snapshot()) as seen
    ), "
    .to_owned();
    let page = match key.column {
        None => format!(
            "page as (
                select c.id, 0::bigint as key from comments c
                where {within} and c.id {beyond} $4 and $3::bigint is not null
                    and $6::uuid is not null
                order by c.id {direction} limit $5
            )"
        ),
        Some(column) => format!(
            "moved as materialized (
                select e.comment_id, sum(e.up)::int as up, sum(e.down)::int as down,
                    sum(e.replies)::int as replies
                from comment_events e cross join at
                where e.article_id = $6 and e.kind >= 3
                    and e.xid >= pg_snapshot_xmin(at.seen)::text::bigint
                    and not pg_visible_in_snapshot(e.xid::text::xid8, at.seen)
                group by e.comment_id
            ), both_kinds as (
                (select c.id, c.{column}::bigint as key from comments c
                where {within} and not exists (select from moved m where m.comment_id = c.id)
                    and (c.{column}, c.id) {beyond} ($3::bigint, $4)
                order by c.{column} {direction}, c.id {direction} limit $5)
                union all
                (select w.id, w.key from (
                    select c.id, {before}::bigint as key
                    from moved m join comments c on c.id = m.comment_id
                    where {within}
                ) w
                where (w.key, w.id) {beyond} ($3::bigint, $4)
                order by w.key {direction}, w.id {direction} limit $5)
            ), page as (
                select id, key from both_kinds order by key {direction}, id {direction} limit $5
            )",
            before = key.before
        ),
    };
    // Writing to a text cannot fail.
    let _ = write!(
        sql,
        "{page}
        select {COLUMNS}, p.key, at.seen::text as seen
        from page p cross join at
        join comments c on c.id = p.id
        left join accounts a on a.id = c.account_id
        order by p.key {direction}, p.id {direction}"
    );
    sql
}

/// The oldest `most` listed replies of each comment, in the order of `of`.
///
/// # Errors
/// When the database fails.
pub async fn first_replies(
    mut conn: &AsyncPgConnection,
    of: &[CommentId],
    most: u32,
) -> QueryResult<Vec<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS}
        from unnest($1) with ordinality as t (id, n)
        cross join lateral (
            select * from comments r where r.parent_id = t.id and r.listed order by r.id limit $2
        ) c
        left join accounts a on a.id = c.account_id
        order by t.n, c.id"
    ))
    .bind::<Array<SqlUuid>, _>(of)
    .bind::<BigInt, _>(i64::from(most))
    .prepared()
    .load(&mut conn)
    .await
}

/// Comments that moderators put first.
///
/// # Errors
/// When the database fails.
pub async fn pinned(mut conn: &AsyncPgConnection, article: ArticleId) -> QueryResult<Vec<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from comments c left join accounts a on a.id = c.account_id
        where c.article_id = $1 and c.pinned and c.status = 'visible' order by c.id limit 5"
    ))
    .bind::<SqlUuid, _>(article)
    .prepared()
    .load(&mut conn)
    .await
}

/// Of the newest hundred comments one of those with the fewest votes; which one, `slot` says.
///
/// # Errors
/// When the database fails.
pub async fn exploration(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    slot: i64,
) -> QueryResult<Vec<Row>> {
    diesel::sql_query(format!(
        "select {COLUMNS} from (
            select * from comments n
            where n.article_id = $1 and n.listed and n.parent_id is null
            order by n.id desc limit 100
        ) c
        left join accounts a on a.id = c.account_id
        where c.status = 'visible' and not c.pinned
        order by c.up + c.down, md5($2 || c.id::text) limit 1"
    ))
    .bind::<SqlUuid, _>(article)
    .bind::<Text, _>(slot.to_string())
    .prepared()
    .load(&mut conn)
    .await
}

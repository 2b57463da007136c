//! Comments from elsewhere, some hundred at a time.

use super::changes::lock_thread;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CommentId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// A comment from elsewhere.
#[derive(Debug, Clone)]
pub struct Old {
    /// Its id here, if it is new.
    pub id: CommentId,
    /// Under which article.
    pub article: ArticleId,
    /// What it is called elsewhere.
    pub external_id: String,
    /// What it replies to, as that is called elsewhere.
    pub parent: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it says.
    pub body: String,
    /// When it was written.
    pub at: Timestamp,
    /// Votes for it.
    pub up: i32,
    /// Votes against it.
    pub down: i32,
}

/// What was written.
#[derive(Debug, Clone, Copy, Default)]
pub struct Outcome {
    /// New comments.
    pub created: u64,
    /// Comments with other votes.
    pub updated: u64,
}

/// The article that a name leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// None.
    None,
    /// This one.
    One(ArticleId),
    /// Several publishers have one of this name.
    Many,
}

#[derive(diesel::QueryableByName)]
struct ArticleRow {
    #[diesel(sql_type = Array<SqlUuid>)]
    ids: Vec<ArticleId>,
}

/// The article of each pair of a name and a publisher's slug, in order: by its id here, or its
/// publisher's own.
///
/// # Errors
/// When the database fails.
pub async fn articles(
    mut conn: &AsyncPgConnection,
    keys: &[(String, Option<String>)],
) -> QueryResult<Vec<Found>> {
    // A file tells a thread in one go: few names stand in many lines.
    let distinct: Vec<_> = keys.iter().collect::<BTreeSet<_>>().into_iter().collect();
    let names: Vec<_> = distinct.iter().map(|(name, _)| name.as_str()).collect();
    let ids: Vec<Option<Uuid>> =
        names.iter().map(|name| name.parse::<ArticleId>().ok().map(|id| id.0)).collect();
    let publishers: Vec<_> = distinct.iter().map(|(_, publisher)| publisher.as_deref()).collect();
    let rows: Vec<ArticleRow> = diesel::sql_query(
        "select array(
             select a.id from articles a where a.id = asked.id
             union
             select a.id from publishers p
             join articles a on a.publisher_id = p.id and a.external_id = asked.name
             where asked.publisher is null
                 or asked.publisher = any(array[p.slug, p.name_ko, p.name_en])
             limit 2
         ) as ids
         from unnest($1, $2, $3) with ordinality as asked (id, name, publisher, n)
         order by asked.n",
    )
    .bind::<Array<Nullable<SqlUuid>>, _>(ids)
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Nullable<Text>>, _>(publishers)
    .prepared()
    .load(&mut conn)
    .await?;
    let found = |row: ArticleRow| match row.ids[..] {
        [] => Found::None,
        [id] => Found::One(id),
        _ => Found::Many,
    };
    let found: BTreeMap<_, _> = distinct.into_iter().zip(rows.into_iter().map(found)).collect();
    Ok(keys.iter().map(|key| found.get(key).copied().unwrap_or(Found::None)).collect())
}

/// Where a comment stands in its thread.
#[derive(Debug, Clone)]
struct Line {
    id: CommentId,
    root: CommentId,
    path: Vec<Uuid>,
}

#[derive(diesel::QueryableByName)]
struct ParentRow {
    #[diesel(sql_type = SqlUuid)]
    id: CommentId,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Text)]
    external_id: String,
    #[diesel(sql_type = SqlUuid)]
    root_id: CommentId,
    #[diesel(sql_type = Array<SqlUuid>)]
    path: Vec<Uuid>,
}

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    created: i64,
    #[diesel(sql_type = BigInt)]
    updated: i64,
}

type Name = (ArticleId, String);

/// Writes comments that are not there, and the votes of those that are. A reply whose parent is not
/// there stands on the article itself.
///
/// # Errors
/// When the database fails.
pub async fn write(conn: &mut AsyncPgConnection, old: &[Old]) -> QueryResult<Outcome> {
    if old.is_empty() {
        return Ok(Outcome::default());
    }
    let mut distinct: BTreeMap<Name, &Old> = BTreeMap::new();
    for comment in old {
        distinct.insert((comment.article, comment.external_id.clone()), comment);
    }
    let mut articles: Vec<_> = distinct.keys().map(|(article, _)| *article).collect();
    articles.dedup();
    for article in &articles {
        lock_thread(conn, *article).await?;
    }
    let mut lines = known(conn, old).await?;
    // In the order of the file: a parent stands before its replies.
    let mut order: Vec<&Old> = Vec::with_capacity(distinct.len());
    for comment in old {
        let name = (comment.article, comment.external_id.clone());
        if distinct.remove(&name).is_some() {
            let parent = comment.parent.clone().map(|parent| (comment.article, parent));
            let line = under(comment.id, parent.and_then(|parent| lines.get(&parent)));
            lines.entry(name).or_insert(line);
            order.push(comment);
        }
    }
    let outcome = insert(conn, &order, &lines).await?;
    count_replies(conn, &articles).await?;
    Ok(outcome)
}

fn under(id: CommentId, parent: Option<&Line>) -> Line {
    let Some(parent) = parent else { return Line { id, root: id, path: Vec::new() } };
    let mut path = parent.path.clone();
    path.push(parent.id.0);
    Line { id, root: parent.root, path }
}

/// The comments and parents of these that are there.
async fn known(conn: &mut AsyncPgConnection, old: &[Old]) -> QueryResult<HashMap<Name, Line>> {
    let names: Vec<Name> = old
        .iter()
        .flat_map(|comment| {
            let parent = comment.parent.clone().map(|parent| (comment.article, parent));
            [Some((comment.article, comment.external_id.clone())), parent]
        })
        .flatten()
        .collect();
    let (articles, externals): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    let rows: Vec<ParentRow> = diesel::sql_query(
        "select c.id, c.article_id, c.external_id, c.root_id, c.path
         from (select distinct * from unnest($1, $2) as t (article_id, external_id)) asked
         join comments c using (article_id, external_id)",
    )
    .bind::<Array<SqlUuid>, _>(articles)
    .bind::<Array<Text>, _>(externals)
    .prepared()
    .load(conn)
    .await?;
    let line = |row: ParentRow| {
        ((row.article_id, row.external_id), Line { id: row.id, root: row.root_id, path: row.path })
    };
    Ok(rows.into_iter().map(line).collect())
}

async fn insert(
    conn: &mut AsyncPgConnection,
    order: &[&Old],
    lines: &HashMap<Name, Line>,
) -> QueryResult<Outcome> {
    let places: Vec<Line> = order
        .iter()
        .map(|old| {
            let found = lines.get(&(old.article, old.external_id.clone()));
            found.cloned().unwrap_or_else(|| under(old.id, None))
        })
        .collect();
    let path = |line: &Line| {
        let ids: Vec<_> = line.path.iter().map(ToString::to_string).collect();
        format!("{{{}}}", ids.join(","))
    };
    let parents: Vec<Option<Uuid>> = places.iter().map(|line| line.path.last().copied()).collect();
    let written: Written = diesel::sql_query(include_str!("../sql/import.sql"))
        .bind::<Array<SqlUuid>, _>(places.iter().map(|line| line.id).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(order.iter().map(|old| old.article).collect::<Vec<_>>())
        .bind::<Array<Nullable<SqlUuid>>, _>(parents)
        .bind::<Array<SqlUuid>, _>(places.iter().map(|line| line.root).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(places.iter().map(path).collect::<Vec<_>>())
        .bind::<Array<Nullable<Text>>, _>(
            order.iter().map(|old| old.author.as_deref()).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(
            order.iter().map(|old| old.external_id.as_str()).collect::<Vec<_>>(),
        )
        .bind::<Array<Text>, _>(order.iter().map(|old| old.body.as_str()).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(order.iter().map(|old| old.at).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(order.iter().map(|old| old.up).collect::<Vec<_>>())
        .bind::<Array<Integer>, _>(order.iter().map(|old| old.down).collect::<Vec<_>>())
        .prepared()
        .get_result(conn)
        .await?;
    Ok(Outcome { created: written.created.unsigned_abs(), updated: written.updated.unsigned_abs() })
}

/// Counts the replies of comments from elsewhere, whose threads are locked.
async fn count_replies(conn: &mut AsyncPgConnection, articles: &[ArticleId]) -> QueryResult<()> {
    diesel::sql_query(
        "with counted as (
             select parent_id, count(*)::int as n from comments
             where article_id = any($1) and listed and parent_id is not null group by parent_id
         ), changed as (
             update comments c set replies = k.n from counted k
             where c.id = k.parent_id and c.replies <> k.n
             returning c.article_id, c.id, k.n
         )
         insert into comment_events (article_id, comment_id, kind, at)
         select article_id, id, 4, now() from changed",
    )
    .bind::<Array<SqlUuid>, _>(articles)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

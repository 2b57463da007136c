//! Sketches, keys and stories in their tables. What changes them holds [`lock`].

mod settle;

pub use settle::settle;

use super::{keys, sketch::Sketch};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::Result,
    ids::{ArticleId, PublisherId, StoryId},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Binary, Bool, Int4, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

/// Whoever clusters holds this advisory lock until the end of the transaction: two that publish one
/// text at once would not see each other.
const LOCK: i64 = 0x0053_544f_5249_4553;

/// Waits for the turn to cluster.
///
/// # Errors
/// What the database says.
pub async fn lock(conn: &mut AsyncPgConnection) -> Result<()> {
    diesel::sql_query("select pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(LOCK)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// What is known of an article that is to be compared.
#[derive(Debug, QueryableByName)]
pub struct State {
    /// The article.
    #[diesel(sql_type = Uuid)]
    pub id: ArticleId,
    /// The story it belongs to.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub story_id: Option<StoryId>,
    /// Who leads that.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub leader_id: Option<ArticleId>,
    #[diesel(sql_type = Nullable<Uuid>)]
    publisher_id: Option<PublisherId>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Array<Int4>>)]
    keys: Option<Vec<i32>>,
    #[diesel(sql_type = Nullable<Binary>)]
    sketch: Option<Vec<u8>>,
    /// Whether an editor placed it.
    #[diesel(sql_type = Bool)]
    pub decided: bool,
    /// Where; none when it is to stand alone.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub decided_story_id: Option<StoryId>,
    /// Whether it is too old to be compared, and stays in its story.
    #[diesel(sql_type = Bool)]
    pub settled: bool,
}

impl State {
    /// Whether there is a sketch of it.
    #[must_use]
    pub fn is_sketched(&self) -> bool {
        self.sketch.is_some()
    }

    /// What it was compared by before.
    #[must_use]
    pub fn sketch(&self) -> Option<Sketch> {
        let keys = self.keys.clone()?;
        Sketch::from_bytes(self.sketch.as_deref()?, self.publisher_id?, self.published_at?, keys)
    }
}

/// What is known of these articles.
///
/// # Errors
/// What the database says.
pub async fn states(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> Result<Vec<State>> {
    let query = diesel::sql_query(include_str!("sql/state.sql")).bind::<Array<Uuid>, _>(ids);
    Ok(query.prepared().load(conn).await?)
}

/// An article beside one that was asked for.
#[derive(Debug, QueryableByName)]
pub struct Near {
    /// The one asked for.
    #[diesel(sql_type = Uuid)]
    pub asked: ArticleId,
    /// The one beside it.
    #[diesel(sql_type = Uuid)]
    pub id: ArticleId,
    #[diesel(sql_type = Uuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Timestamptz)]
    published_at: Timestamp,
    /// Whether an editor placed it.
    #[diesel(sql_type = Bool)]
    pub decided: bool,
    #[diesel(sql_type = Binary)]
    sketch: Vec<u8>,
    /// Who leads its story.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub leader_id: Option<ArticleId>,
}

impl Near {
    /// What it is compared by; its keys are not needed for that.
    #[must_use]
    pub fn sketch(&self) -> Option<Sketch> {
        Sketch::from_bytes(&self.sketch, self.publisher_id, self.published_at, Vec::new())
    }
}

/// What these articles are to be compared with, and what follows them.
///
/// # Errors
/// What the database says.
pub async fn near(
    conn: &mut AsyncPgConnection,
    asked: &[(ArticleId, Timestamp)],
) -> Result<Vec<Near>> {
    let ids: Vec<_> = asked.iter().map(|(id, _)| *id).collect();
    let (own, other): (Vec<_>, Vec<_>) =
        asked.iter().map(|(_, at)| <(i32, i32)>::from(keys::stretches(*at))).unzip();
    let near = diesel::sql_query(include_str!("sql/near.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Array<Int4>, _>(own)
        .bind::<Array<Int4>, _>(other)
        .prepared()
        .load(conn)
        .await?;
    Ok(near)
}

/// Takes sketches away.
///
/// # Errors
/// What the database says.
pub async fn forget(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> Result<()> {
    if !ids.is_empty() {
        diesel::sql_query(include_str!("sql/forget.sql"))
            .bind::<Array<Uuid>, _>(ids)
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Keeps sketches of articles that have none, each with whether an editor placed the article.
///
/// # Errors
/// What the database says.
pub async fn keep(
    conn: &mut AsyncPgConnection,
    new: &[(ArticleId, &Sketch, bool)],
    now: Timestamp,
) -> Result<()> {
    let keys = |sketch: &Sketch| {
        let keys: Vec<_> = sketch.keys.iter().map(ToString::to_string).collect();
        format!("{{{}}}", keys.join(","))
    };
    let all = |of: fn(&Sketch) -> i32| new.iter().map(|(_, s, _)| of(s)).collect::<Vec<_>>();
    diesel::sql_query(include_str!("sql/keep.sql"))
        .bind::<Array<Uuid>, _>(new.iter().map(|(id, ..)| *id).collect::<Vec<_>>())
        .bind::<Array<Uuid>, _>(new.iter().map(|(_, s, _)| s.publisher).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(
            new.iter().map(|(_, s, _)| s.published_at).collect::<Vec<_>>(),
        )
        .bind::<Array<Bool>, _>(new.iter().map(|(.., decided)| *decided).collect::<Vec<_>>())
        .bind::<Array<Int4>, _>(all(|sketch| keys::stretch(sketch.published_at)))
        .bind::<Array<Text>, _>(new.iter().map(|(_, s, _)| keys(s)).collect::<Vec<_>>())
        .bind::<Array<Binary>, _>(new.iter().map(|(_, s, _)| s.to_bytes()).collect::<Vec<_>>())
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// An article of a story, or one that may come into one.
#[derive(Debug, Clone, QueryableByName)]
pub struct Row {
    /// The article.
    #[diesel(sql_type = Uuid)]
    pub id: ArticleId,
    /// Who published it.
    #[diesel(sql_type = Uuid)]
    pub publisher_id: PublisherId,
    /// When.
    #[diesel(sql_type = Timestamptz)]
    pub published_at: Timestamp,
    /// The story it belongs to.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub story_id: Option<StoryId>,
    /// Who leads that.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub leader_id: Option<ArticleId>,
    /// Who is shown for it.
    #[diesel(sql_type = Nullable<Uuid>)]
    pub representative_id: Option<ArticleId>,
    /// Whether the rule has no say over it: an editor placed it, or it is too old to be compared.
    #[diesel(sql_type = Bool)]
    pub fixed: bool,
}

/// Everybody of `stories`, the published ones of `articles`, and everybody of their stories.
///
/// # Errors
/// What the database says.
pub async fn members(
    conn: &mut AsyncPgConnection,
    stories: &[StoryId],
    articles: &[ArticleId],
) -> Result<Vec<Row>> {
    let rows = diesel::sql_query(include_str!("sql/members.sql"))
        .bind::<Array<Uuid>, _>(stories)
        .bind::<Array<Uuid>, _>(articles)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows)
}

#[derive(QueryableByName)]
struct Fellow {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Uuid)]
    story_id: StoryId,
}

/// Published articles that stand alone though an editor put them into one of `stories`, each with that.
///
/// # Errors
/// What the database says.
pub async fn fellows(
    conn: &mut AsyncPgConnection,
    stories: &[StoryId],
) -> Result<Vec<(ArticleId, StoryId)>> {
    if stories.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<Fellow> = diesel::sql_query(include_str!("sql/fellows.sql"))
        .bind::<Array<Uuid>, _>(stories)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.story_id)).collect())
}

/// What an editor decided.
#[derive(Debug, Clone, Copy)]
pub struct Decision<'a> {
    /// The name of the key.
    pub by: &'a str,
    /// Why, if told.
    pub reason: Option<&'a str>,
    /// When.
    pub at: Timestamp,
}

/// Notes that `articles` belong to `story`, or stand alone.
///
/// # Errors
/// What the database says.
pub async fn decide(
    conn: &mut AsyncPgConnection,
    articles: &[ArticleId],
    story: Option<StoryId>,
    decision: Decision<'_>,
) -> Result<()> {
    let ids: Vec<_> = articles.iter().map(|_| uuid::Uuid::now_v7()).collect();
    diesel::sql_query(include_str!("sql/decide.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Array<Uuid>, _>(articles)
        .bind::<Nullable<Uuid>, _>(story)
        .bind::<Text, _>(decision.by)
        .bind::<Timestamptz, _>(decision.at)
        .bind::<Nullable<Text>, _>(decision.reason)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

#[derive(QueryableByName)]
struct Copy {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Uuid)]
    representative_id: ArticleId,
}

/// Those of `ids` that neither lead their story nor are shown for it, each with the one that is shown.
///
/// # Errors
/// What the database says.
pub async fn copies(
    conn: &mut AsyncPgConnection,
    ids: &[ArticleId],
) -> Result<HashMap<ArticleId, ArticleId>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<Copy> = diesel::sql_query(include_str!("sql/copies.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.representative_id)).collect())
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// Forgets up to ten thousand sketches of articles that were both published and stored before
/// `before`; how many.
///
/// # Errors
/// What the database says.
pub async fn prune(conn: &mut AsyncPgConnection, before: Timestamp) -> Result<usize> {
    let gone: Count = diesel::sql_query(include_str!("sql/prune.sql"))
        .bind::<Timestamptz, _>(before)
        .prepared()
        .get_result(conn)
        .await?;
    Ok(usize::try_from(gone.n).unwrap_or_default())
}

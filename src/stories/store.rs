//! Reads of stories; `clusters` writes them.

use super::model::{MEMBERS_MAX, PlacedBy, Story, StoryMember};
use crate::{
    articles,
    clock::Timestamp,
    db::Prepare,
    error::Result,
    ids::{ArticleId, StoryId},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Int4, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

/// A story without its articles.
#[derive(Debug, QueryableByName)]
pub struct Row {
    /// Its id; another than the one asked for when that went into it.
    #[diesel(sql_type = Uuid)]
    pub id: StoryId,
    /// Newcomers are compared with it.
    #[diesel(sql_type = Uuid)]
    pub leader_id: ArticleId,
    #[diesel(sql_type = Uuid)]
    representative_id: ArticleId,
    /// The revision an editor must have seen.
    #[diesel(sql_type = Int4)]
    pub revision: i32,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    #[diesel(sql_type = Timestamptz)]
    updated_at: Timestamp,
    #[diesel(sql_type = BigInt)]
    members: i64,
}

/// A story, or the one that it went into.
///
/// # Errors
/// What the database says.
pub async fn find(mut conn: &AsyncPgConnection, id: StoryId) -> Result<Option<Row>> {
    let rows: Vec<Row> = diesel::sql_query(include_str!("sql/find.sql"))
        .bind::<Uuid, _>(id)
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().next())
}

#[derive(QueryableByName)]
struct Member {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Bool)]
    decided: bool,
}

/// A story as the API shows it; `None` when everything in it was withdrawn meanwhile.
///
/// # Errors
/// What the database says.
pub async fn view(
    mut conn: &AsyncPgConnection,
    row: &Row,
    public_url: &str,
) -> Result<Option<Story>> {
    let members: Vec<Member> = diesel::sql_query(include_str!("sql/members.sql"))
        .bind::<Uuid, _>(row.id)
        .bind::<Uuid, _>(row.representative_id)
        .bind::<BigInt, _>(MEMBERS_MAX as i64)
        .prepared()
        .load(&mut conn)
        .await?;
    let ids: Vec<_> = members.iter().map(|member| member.id).collect();
    let placed: HashMap<_, _> = members.iter().map(|member| (member.id, member.decided)).collect();
    let articles = articles::store::summaries(conn, &ids, public_url).await?;
    let [representative, ..] = &articles[..] else { return Ok(None) };
    let representative = representative.clone();
    let by = |id| {
        let decided = placed.get(&id).copied().unwrap_or_default();
        if decided { PlacedBy::Editor } else { PlacedBy::Rule }
    };
    let members = articles
        .into_iter()
        .map(|article| StoryMember { placed_by: by(article.id), article })
        .collect();
    Ok(Some(Story {
        id: row.id,
        representative,
        members,
        member_count: u32::try_from(row.members).unwrap_or(u32::MAX),
        created_at: row.created_at,
        updated_at: row.updated_at,
        revision: row.revision,
    }))
}

/// An article as an editor of stories needs it.
#[derive(Debug, QueryableByName)]
pub struct Candidate {
    /// The article.
    #[diesel(sql_type = Uuid)]
    pub id: ArticleId,
    #[diesel(sql_type = Text)]
    status: String,
    /// The story it belongs to.
    #[diesel(sql_type = diesel::sql_types::Nullable<Uuid>)]
    pub story_id: Option<StoryId>,
    /// Whether an editor placed it.
    #[diesel(sql_type = Bool)]
    pub decided: bool,
}

impl Candidate {
    /// Whether readers see it.
    #[must_use]
    pub fn is_published(&self) -> bool {
        self.status == "published"
    }
}

/// These articles, whatever their status; those that are not there are left out.
///
/// # Errors
/// What the database says.
pub async fn candidates(mut conn: &AsyncPgConnection, ids: &[ArticleId]) -> Result<Vec<Candidate>> {
    let rows = diesel::sql_query(
        "select a.id, a.status, a.story_id, \
         exists (select from story_decisions d where d.article_id = a.id) as decided \
         from articles a where a.id = any($1)",
    )
    .bind::<Array<Uuid>, _>(ids)
    .prepared()
    .load(&mut conn)
    .await?;
    Ok(rows)
}

//! The one way content gets in: articles are created and changed here, one or five hundred at a time,
//! each with its superseded revision, its slugs and its lists, inside the caller's transaction.

mod rows;
mod slugs;

use super::{
    input::{ArticleInput, Rights, WantedStatus},
    model::Status,
    reports, store,
};
use crate::{
    authors,
    clock::Timestamp,
    clusters::publish,
    db::Prepare,
    error::{Code, Error, Faults, Result, What},
    ids::{ArticleId, AuthorId, CategoryId, PublisherId, TagId},
    tags,
    text::slugify,
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Binary, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{HashMap, HashSet};

/// An article to be written, its names resolved.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whose it is.
    pub publisher: PublisherId,
    /// What the publisher allows when the article does not say.
    pub syndicatable: bool,
    /// Where it is filed.
    pub category: CategoryId,
    /// The content.
    pub input: ArticleInput,
    /// The status of a new article that does not say.
    pub default_status: WantedStatus,
}

/// What became of a [`Draft`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is new.
    Created(ArticleId),
    /// It was there and has changed.
    Updated(ArticleId),
    /// It was there, the same.
    Unchanged(ArticleId),
}

impl Outcome {
    /// The article.
    #[must_use]
    pub fn id(self) -> ArticleId {
        match self {
            Self::Created(id) | Self::Updated(id) | Self::Unchanged(id) => id,
        }
    }
}

/// What is there of an article before it is written.
#[derive(Debug, Clone, QueryableByName)]
pub struct Existing {
    /// The article.
    #[diesel(sql_type = Uuid)]
    pub id: ArticleId,
    /// Whose it is.
    #[diesel(sql_type = Uuid)]
    pub publisher_id: PublisherId,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Binary)]
    content_hash: Vec<u8>,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    status: String,
    /// The revision a writer must have seen.
    #[diesel(sql_type = Int4)]
    pub revision: i32,
    /// Set when it ever was published.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub published_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    publish_at: Option<Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
}

impl Existing {
    /// Where it stands.
    ///
    /// # Errors
    /// `Internal` for a status this program does not know.
    pub fn status(&self) -> Result<Status> {
        self.status.parse().map_err(Error::internal)
    }
}

/// Locks an article for the caller's transaction.
///
/// # Errors
/// What the database says.
pub async fn lock(conn: &mut AsyncPgConnection, id: ArticleId) -> Result<Option<Existing>> {
    let rows: Vec<Existing> = diesel::sql_query(include_str!("sql/lock.sql"))
        .bind::<Uuid, _>(id)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows.into_iter().next())
}

/// Creates articles, and changes those whose publisher already knows them by the same external id.
/// Outcomes stand in the order of `drafts`; the same external id twice is written twice, in order.
///
/// # Errors
/// What the database says; then nothing of the caller's transaction stays.
pub async fn upsert(
    conn: &mut AsyncPgConnection,
    drafts: &[Draft],
    by: &str,
    now: Timestamp,
) -> Result<Vec<Outcome>> {
    let mut outcomes: Vec<Option<Outcome>> = vec![None; drafts.len()];
    let mut open: Vec<usize> = (0..drafts.len()).collect();
    while !open.is_empty() {
        let mut seen = HashSet::new();
        let (round, later): (Vec<_>, Vec<_>) = open.into_iter().partition(|n| {
            let draft = &drafts[*n];
            draft
                .input
                .external_id
                .as_ref()
                .is_none_or(|id| seen.insert((draft.publisher, id.clone())))
        });
        for (n, outcome) in write_round(conn, drafts, &round, by, now).await? {
            outcomes[n] = Some(outcome);
        }
        open = later;
    }
    Ok(outcomes.into_iter().flatten().collect())
}

/// Replaces the content of an article that the caller has locked.
///
/// # Errors
/// 409 when the external id is another article's, 422 when it may not be seen as it is.
pub async fn replace(
    conn: &mut AsyncPgConnection,
    existing: Existing,
    draft: &Draft,
    by: &str,
    now: Timestamp,
) -> Result<Outcome> {
    let id = existing.id;
    // Not by the hash: it is of what a writer sent, which may have left out what has a default.
    let present = store::content(conn, id).await?;
    let present = present.ok_or_else(|| Error::not_found(What::Article))?;
    if deserr::deserialize::<_, _, Faults>(present) == Ok(spelt_out(draft, &existing)) {
        return Ok(Outcome::Unchanged(id));
    }
    write(conn, &[(draft, Some(existing))], by, now).await.map_err(name_conflict)?;
    Ok(Outcome::Updated(id))
}

/// The content of a draft with what it leaves to defaults, as [`store::content`] has it.
fn spelt_out(draft: &Draft, existing: &Existing) -> ArticleInput {
    let mut input = draft.input.clone();
    input.slug.get_or_insert_with(|| existing.slug.clone());
    input.rights.get_or_insert(Rights { syndicatable: draft.syndicatable });
    input
}

/// Whether a write met another article of the publisher with its external id.
fn external_id_taken(error: &Error) -> bool {
    use diesel::result::{DatabaseErrorKind::UniqueViolation, Error as Db};
    match error.source.as_ref().and_then(|e| e.downcast_ref::<Db>()) {
        Some(Db::DatabaseError(UniqueViolation, info)) => {
            info.constraint_name() == Some("articles_publisher_id_external_id_key")
        }
        _ => false,
    }
}

/// A writer that gave an article another's external id.
fn name_conflict(error: Error) -> Error {
    if external_id_taken(&error) { Error::plain(Code::ExternalIdTaken) } else { error }
}

/// A writer of the same external id committed since we looked: the transaction is to be tried again,
/// and then finds its article.
fn came_first(error: Error) -> Error {
    use diesel::result::{DatabaseErrorKind::SerializationFailure, Error as Db};
    if external_id_taken(&error) {
        let info = Box::new("another writer made the article first".to_owned());
        return Error::from(Db::DatabaseError(SerializationFailure, info));
    }
    error
}

async fn write_round(
    conn: &mut AsyncPgConnection,
    drafts: &[Draft],
    round: &[usize],
    by: &str,
    now: Timestamp,
) -> Result<Vec<(usize, Outcome)>> {
    let known = existing(conn, drafts, round).await?;
    let mut outcomes = Vec::with_capacity(round.len());
    let mut changes = Vec::new();
    let mut places = Vec::new();
    for &n in round {
        let draft = &drafts[n];
        let key = draft.input.external_id.clone().map(|id| (draft.publisher, id));
        match key.and_then(|key| known.get(&key).cloned()) {
            Some(there)
                if there.content_hash == draft.input.hash() && !wakes(&there, draft, now) =>
            {
                outcomes.push((n, Outcome::Unchanged(there.id)));
            }
            there => {
                places.push((n, there.is_some()));
                changes.push((draft, there));
            }
        }
    }
    let ids = write(conn, &changes, by, now).await.map_err(came_first)?;
    outcomes.extend(places.into_iter().zip(ids).map(|((n, was_there), id)| {
        (n, if was_there { Outcome::Updated(id) } else { Outcome::Created(id) })
    }));
    Ok(outcomes)
}

/// Whether writing the same content again would still publish it. One that is to be published at a
/// moment yet to come stays as it was scheduled.
fn wakes(there: &Existing, draft: &Draft, now: Timestamp) -> bool {
    let due = draft.input.published_at.is_none_or(|at| at <= now);
    draft.input.status == Some(WantedStatus::Published)
        && (there.status == "draft" || (there.status == "scheduled" && due))
}

async fn existing(
    conn: &mut AsyncPgConnection,
    drafts: &[Draft],
    round: &[usize],
) -> Result<HashMap<(PublisherId, String), Existing>> {
    let keys: Vec<_> = round
        .iter()
        .filter_map(|n| Some((drafts[*n].publisher, drafts[*n].input.external_id.as_deref()?)))
        .collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let (publishers, ids): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
    let rows: Vec<Existing> = diesel::sql_query(include_str!("sql/existing.sql"))
        .bind::<Array<Uuid>, _>(publishers)
        .bind::<Array<Text>, _>(ids)
        .prepared()
        .load(conn)
        .await?;
    Ok(rows
        .into_iter()
        .filter_map(|row| Some(((row.publisher_id, row.external_id.clone()?), row)))
        .collect())
}

/// People and tags of a batch, by name.
struct Known {
    authors: HashMap<(PublisherId, String), AuthorId>,
    tags: HashMap<String, TagId>,
}

async fn known_names(
    conn: &mut AsyncPgConnection,
    changes: &[(&Draft, Option<Existing>)],
    now: Timestamp,
) -> Result<Known> {
    let people: Vec<_> = changes
        .iter()
        .flat_map(|(d, _)| d.input.authors.iter().map(|name| (d.publisher, name.clone())))
        .collect();
    let tags: Vec<_> = changes
        .iter()
        .flat_map(|(d, _)| d.input.tags.iter().map(|name| (tag_slug(name), name.clone())))
        .collect();
    Ok(Known {
        authors: authors::store::ensure(conn, &people, now).await?,
        tags: tags::store::ensure(conn, &tags, now).await?,
    })
}

fn tag_slug(name: &str) -> String {
    slugify(name, 120)
}

/// Writes new and changed articles; their ids in order.
async fn write(
    conn: &mut AsyncPgConnection,
    changes: &[(&Draft, Option<Existing>)],
    by: &str,
    now: Timestamp,
) -> Result<Vec<ArticleId>> {
    if changes.is_empty() {
        return Ok(Vec::new());
    }
    let known = known_names(conn, changes, now).await?;
    let mut rows: Vec<_> = changes
        .iter()
        .map(|(draft, there)| rows::row(draft, there.as_ref(), &known, by, now))
        .collect::<Result<_>>()?;
    slugs::settle(conn, &mut rows).await?;
    let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
    let old: Vec<_> = changes.iter().filter_map(|(_, there)| Some(there.as_ref()?.id)).collect();
    if !old.is_empty() {
        supersede(conn, &old).await?;
        unlist(conn, &old).await?;
    }
    let (new_rows, old_rows): (Vec<_>, Vec<_>) =
        rows.iter().map(rows::Row::to_json).partition(|row| row["revision"] == 1);
    run_rows(conn, include_str!("sql/insert.sql"), new_rows).await?;
    run_rows(conn, include_str!("sql/update.sql"), old_rows).await?;
    let bodies = rows
        .iter()
        .zip(changes)
        .map(|(row, (draft, _))| serde_json::json!({"article_id": row.id, "blocks": draft.input.body}))
        .collect();
    run_rows(conn, include_str!("sql/insert_bodies.sql"), bodies).await?;
    slugs::keep(conn, &mut rows).await?;
    list(conn, &ids).await?;
    let seen = rows.iter().zip(changes).filter_map(|(row, (draft, _))| {
        Some((row.id, reports::sketch(draft.publisher, row.seen_since?, &draft.input)))
    });
    publish::publish(conn, &seen.collect::<Vec<_>>(), now).await?;
    Ok(ids)
}

async fn run_rows(
    conn: &mut AsyncPgConnection,
    sql: &'static str,
    rows: Vec<serde_json::Value>,
) -> Result<()> {
    if !rows.is_empty() {
        let rows = serde_json::Value::Array(rows);
        diesel::sql_query(sql).bind::<Jsonb, _>(rows).prepared().execute(conn).await?;
    }
    Ok(())
}

const SUPERSEDE: &str = concat!(
    "insert into article_revisions (article_id, revision, content, written_by, written_at) \
     select a.id, a.revision, present.content, a.written_by, a.updated_at from articles a join (",
    include_str!("sql/content.sql"),
    "where a.id = any($1)) present on present.id = a.id"
);

/// Keeps the present revision of articles about to change.
///
/// # Errors
/// What the database says.
pub async fn supersede(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> Result<()> {
    diesel::sql_query(SUPERSEDE).bind::<Array<Uuid>, _>(ids).prepared().execute(conn).await?;
    Ok(())
}

/// Takes articles out of every list.
///
/// # Errors
/// What the database says.
pub async fn unlist(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> Result<()> {
    diesel::sql_query("delete from listings where article_id = any($1)")
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Puts published articles into every list they belong to.
///
/// # Errors
/// What the database says.
pub async fn list(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> Result<()> {
    // A statement of its own: the next one must see where the tree stands once it is held still.
    diesel::sql_query(include_str!("sql/pin_categories.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .execute(conn)
        .await?;
    diesel::sql_query(include_str!("sql/relist.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

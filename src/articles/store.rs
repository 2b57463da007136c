//! Reads of articles.

use super::{
    blocks::Block,
    image::Image,
    model::{
        Article, ArticleSummary, AuthorRef, CategoryRef, Correction, LeadImage, Names,
        PublisherRef, Status, TagRef,
    },
    render::{body_html, body_text},
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Error, Result},
    ids::{ArticleId, PublisherId, StoryId},
    policies::model::PolicyBrief,
    slug::in_path,
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Int4, Jsonb, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::de::DeserializeOwned;
use serde_json::Value;

#[derive(QueryableByName)]
struct SummaryRow {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    headline: String,
    #[diesel(sql_type = Nullable<Text>)]
    deck: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    summary: Option<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    lead_image: Option<Value>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    corrected_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Uuid>)]
    story_id: Option<StoryId>,
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Text)]
    category_slug: String,
    #[diesel(sql_type = Text)]
    category_ko: String,
    #[diesel(sql_type = Text)]
    category_en: String,
    #[diesel(sql_type = Text)]
    publisher_slug: String,
    #[diesel(sql_type = Text)]
    publisher_ko: String,
    #[diesel(sql_type = Text)]
    publisher_en: String,
    #[diesel(sql_type = Jsonb)]
    authors: Value,
}

#[derive(QueryableByName)]
struct ViewRow {
    #[diesel(embed)]
    summary: SummaryRow,
    #[diesel(sql_type = Jsonb)]
    tags: Value,
    #[diesel(sql_type = Jsonb)]
    corrections: Value,
    #[diesel(sql_type = Text)]
    comment_state: String,
    #[diesel(sql_type = Int4)]
    comment_length: i32,
    #[diesel(sql_type = Jsonb)]
    blocks: Value,
    #[diesel(sql_type = Uuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Nullable<Text>)]
    external_id: Option<String>,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Nullable<Text>)]
    byline_contact: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    source_url: Option<String>,
    #[diesel(sql_type = Bool)]
    syndicatable: bool,
    #[diesel(sql_type = Int4)]
    revision: i32,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    publish_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    withdrawn_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Text>)]
    withdrawn_reason: Option<String>,
}

/// An article and what only its writers and the tombstone need.
#[derive(Debug)]
pub struct Found {
    /// The article as the API shows it.
    pub article: Article,
    /// Whose it is.
    pub publisher_id: PublisherId,
    /// When and why it was withdrawn.
    pub withdrawn: Option<(Timestamp, Option<String>)>,
}

fn stored<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(Error::internal)
}

impl SummaryRow {
    fn into_summary(self, public_url: &str) -> Result<ArticleSummary> {
        Ok(ArticleSummary {
            url: format!("{public_url}/articles/{}", in_path(&self.slug)),
            id: self.id,
            slug: self.slug,
            headline: self.headline,
            deck: self.deck,
            summary: self.summary,
            category: CategoryRef {
                slug: self.category_slug,
                name: Names { ko: self.category_ko, en: self.category_en },
            },
            publisher: PublisherRef {
                slug: self.publisher_slug,
                name: Names { ko: self.publisher_ko, en: self.publisher_en },
            },
            authors: stored::<Vec<AuthorRef>>(self.authors)?,
            lead_image: self.lead_image.map(stored::<Image>).transpose()?.map(LeadImage::from),
            published_at: self.published_at,
            updated_at: self.updated_at,
            corrected_at: self.corrected_at,
            story_id: self.story_id,
            language: self.language,
        })
    }
}

impl ViewRow {
    fn into_found(self, public_url: &str) -> Result<Found> {
        let body: Vec<Block> = stored(self.blocks)?;
        let summary = self.summary.into_summary(public_url)?;
        Ok(Found {
            publisher_id: self.publisher_id,
            withdrawn: self.withdrawn_at.map(|at| (at, self.withdrawn_reason)),
            article: Article {
                canonical_url: self.source_url.clone().unwrap_or_else(|| summary.url.clone()),
                body_text: body_text(&body),
                body_html: body_html(&body),
                body,
                tags: stored::<Vec<TagRef>>(self.tags)?,
                byline_contact: self.byline_contact,
                source_url: self.source_url,
                external_id: self.external_id,
                rights: super::input::Rights { syndicatable: self.syndicatable },
                comment_policy: PolicyBrief {
                    state: stored(Value::String(self.comment_state))?,
                    max_length: self.comment_length.unsigned_abs(),
                },
                corrections: stored::<Vec<Correction>>(self.corrections)?,
                status: self.status.parse::<Status>().map_err(Error::internal)?,
                publish_at: self.publish_at,
                revision: self.revision,
                summary,
            },
        })
    }
}

/// Published articles as lists show them, in the order of `ids`; those not published are left out.
///
/// # Errors
/// What the database says.
pub async fn summaries(
    conn: &AsyncPgConnection,
    ids: &[ArticleId],
    public_url: &str,
) -> Result<Vec<ArticleSummary>> {
    load_summaries(conn, ids, Status::Published, public_url).await
}

/// Articles of one status as lists show them, in the order of `ids`; others are left out.
///
/// # Errors
/// What the database says.
pub async fn summaries_of_status(
    conn: &AsyncPgConnection,
    ids: &[ArticleId],
    status: Status,
    public_url: &str,
) -> Result<Vec<ArticleSummary>> {
    load_summaries(conn, ids, status, public_url).await
}

async fn load_summaries(
    mut conn: &AsyncPgConnection,
    ids: &[ArticleId],
    status: Status,
    public_url: &str,
) -> Result<Vec<ArticleSummary>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<SummaryRow> = diesel::sql_query(include_str!("sql/summaries.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Text, _>(status.name())
        .prepared()
        .load(&mut conn)
        .await?;
    rows.into_iter().map(|row| row.into_summary(public_url)).collect()
}

/// One article of any status.
///
/// # Errors
/// What the database says.
pub async fn find(
    mut conn: &AsyncPgConnection,
    id: ArticleId,
    public_url: &str,
) -> Result<Option<Found>> {
    let rows: Vec<ViewRow> = diesel::sql_query(include_str!("sql/view.sql"))
        .bind::<Uuid, _>(id)
        .prepared()
        .load(&mut conn)
        .await?;
    rows.into_iter().next().map(|row| row.into_found(public_url)).transpose()
}

#[derive(QueryableByName)]
struct SlugRow {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Text)]
    current: String,
}

/// The article that has or had `slug`, and the slug it has now.
///
/// # Errors
/// What the database says.
pub async fn by_slug(
    mut conn: &AsyncPgConnection,
    slug: &str,
) -> Result<Option<(ArticleId, String)>> {
    let rows: Vec<SlugRow> = diesel::sql_query(
        "select a.id, a.slug as current from article_slugs s join articles a on a.id = s.article_id where s.slug = $1",
    )
    .bind::<Text, _>(slug)
    .prepared()
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().next().map(|row| (row.id, row.current)))
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
}

/// The article that a publisher knows as `external_id`.
///
/// # Errors
/// What the database says.
pub async fn by_external_id(
    mut conn: &AsyncPgConnection,
    publisher: PublisherId,
    external_id: &str,
) -> Result<Option<ArticleId>> {
    let rows: Vec<IdRow> =
        diesel::sql_query("select id from articles where publisher_id = $1 and external_id = $2")
            .bind::<Uuid, _>(publisher)
            .bind::<Text, _>(external_id)
            .prepared()
            .load(&mut conn)
            .await?;
    Ok(rows.into_iter().next().map(|row| row.id))
}

const CONTENT: &str = concat!(include_str!("sql/content.sql"), "where a.id = any($1)");

#[derive(QueryableByName)]
struct ContentRow {
    #[diesel(sql_type = Jsonb)]
    content: Value,
}

/// An article as its writer sends it: what a merge patch starts from.
///
/// # Errors
/// What the database says.
pub async fn content(mut conn: &AsyncPgConnection, id: ArticleId) -> Result<Option<Value>> {
    let rows: Vec<ContentRow> = diesel::sql_query(CONTENT)
        .bind::<Array<Uuid>, _>([id].as_slice())
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().next().map(|row| row.content))
}

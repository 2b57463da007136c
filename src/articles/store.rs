//! Reads.

use super::model::{ArticleSummary, AuthorRef, CategoryRef, LeadImage, Names, PublisherRef};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::Result,
    ids::{ArticleId, AuthorId},
};
use diesel::sql_types::{Array, Jsonb, Nullable, Text, Timestamptz, Uuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

#[derive(diesel::QueryableByName)]
struct Row {
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
    #[diesel(sql_type = Text)]
    language: String,
    #[diesel(sql_type = Nullable<Jsonb>)]
    lead_image: Option<serde_json::Value>,
    #[diesel(sql_type = Array<Uuid>)]
    author_ids: Vec<AuthorId>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    published_at: Option<Timestamp>,
    #[diesel(sql_type = Timestamptz)]
    updated_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    corrected_at: Option<Timestamp>,
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
}

#[derive(diesel::QueryableByName)]
struct AuthorRow {
    #[diesel(sql_type = Uuid)]
    id: AuthorId,
    #[diesel(sql_type = Text)]
    name: String,
}

/// The published ones among `ids`, in the order of `ids`. Two pipelined queries.
///
/// # Errors
/// When the database fails.
pub async fn summaries(
    conn: &AsyncPgConnection,
    ids: &[ArticleId],
    public_url: &str,
) -> Result<Vec<ArticleSummary>> {
    let (mut one, mut two) = (conn, conn);
    let rows = diesel::sql_query(
        "select a.id, a.slug, a.headline, a.deck, a.summary, a.language, a.lead_image, a.author_ids,
                a.published_at, a.updated_at, a.corrected_at,
                c.slug as category_slug, c.name_ko as category_ko, c.name_en as category_en,
                p.slug as publisher_slug, p.name_ko as publisher_ko, p.name_en as publisher_en
         from unnest($1) with ordinality as asked (id, n)
         join articles a on a.id = asked.id
         join categories c on c.id = a.category_id
         join publishers p on p.id = a.publisher_id
         where a.status = 'published'
         order by asked.n",
    )
    .bind::<Array<Uuid>, _>(ids)
    .prepared();
    let authors = diesel::sql_query(
        "select distinct u.id, u.name
         from articles a join authors u on u.id = any(a.author_ids)
         where a.id = any($1)",
    )
    .bind::<Array<Uuid>, _>(ids)
    .prepared();
    let (rows, authors) = futures_util::future::try_join(
        rows.load::<Row>(&mut one),
        authors.load::<AuthorRow>(&mut two),
    )
    .await?;
    let names: HashMap<AuthorId, String> =
        authors.into_iter().map(|author| (author.id, author.name)).collect();
    Ok(rows.into_iter().map(|row| summary(row, &names, public_url)).collect())
}

fn summary(row: Row, names: &HashMap<AuthorId, String>, public_url: &str) -> ArticleSummary {
    let authors = row
        .author_ids
        .iter()
        .filter_map(|id| names.get(id).map(|name| AuthorRef { id: *id, name: name.clone() }))
        .collect();
    ArticleSummary {
        id: row.id,
        url: format!("{public_url}/articles/{}", row.slug),
        slug: row.slug,
        headline: row.headline,
        deck: row.deck,
        summary: row.summary,
        category: CategoryRef {
            slug: row.category_slug,
            name: Names { ko: row.category_ko, en: row.category_en },
        },
        publisher: PublisherRef {
            slug: row.publisher_slug,
            name: Names { ko: row.publisher_ko, en: row.publisher_en },
        },
        authors,
        lead_image: row
            .lead_image
            .and_then(|image| serde_json::from_value::<LeadImage>(image).ok()),
        published_at: row.published_at,
        updated_at: row.updated_at,
        corrected_at: row.corrected_at,
        language: row.language,
    }
}

/// An article as its own page shows it.
pub type ArticleView = ArticleSummary;

/// A published article whole; `None` when there is none of this id.
///
/// # Errors
/// When the database fails.
pub async fn find_view(
    conn: &AsyncPgConnection,
    id: ArticleId,
    public_url: &str,
) -> Result<Option<ArticleView>> {
    Ok(summaries(conn, &[id], public_url).await?.into_iter().next())
}

//! Reads and writes.

use super::model::{PolicySettings, Source};
use crate::{clock::Timestamp, db::Prepare};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Jsonb, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;
use uuid::Uuid;

/// What sets a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owner {
    /// What it is; never the site, whose policy are its settings.
    pub source: Source,
    /// Which one.
    pub id: Uuid,
}

impl Source {
    /// Its name in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Publisher => "publisher",
            Self::Category => "category",
            Self::Article => "article",
        }
    }
}

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Jsonb)]
    settings: Value,
}

/// What the owner sets; nothing where it never did.
///
/// # Errors
/// When the database fails.
pub async fn own(mut conn: &AsyncPgConnection, owner: Owner) -> QueryResult<PolicySettings> {
    let row: Option<Row> = diesel::sql_query(
        "select settings from comment_policies where scope = $1 and scope_id = $2",
    )
    .bind::<Text, _>(owner.source.name())
    .bind::<SqlUuid, _>(owner.id)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()?;
    // What a later version wrote and this one cannot read sets nothing.
    Ok(row.and_then(|row| serde_json::from_value(row.settings).ok()).unwrap_or_default())
}

/// Writes what the owner sets, in place of what it set before.
///
/// # Errors
/// When the database fails.
pub async fn put(
    conn: &mut AsyncPgConnection,
    owner: Owner,
    settings: &PolicySettings,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into comment_policies (scope, scope_id, settings, updated_by, updated_at)
         values ($1, $2, $3, $4, $5)
         on conflict (scope, scope_id) do update set settings = excluded.settings,
             updated_by = excluded.updated_by, updated_at = excluded.updated_at",
    )
    .bind::<Text, _>(owner.source.name())
    .bind::<SqlUuid, _>(owner.id)
    .bind::<Jsonb, _>(serde_json::to_value(settings).unwrap_or_default())
    .bind::<Text, _>(by)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

#[derive(diesel::QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The publisher of this slug.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn publisher(mut conn: &AsyncPgConnection, slug: &str) -> QueryResult<Uuid> {
    let row: IdRow = diesel::sql_query("select id from publishers where slug = $1")
        .bind::<Text, _>(slug)
        .prepared()
        .get_result(&mut conn)
        .await?;
    Ok(row.id)
}

/// The category of this slug.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn category(mut conn: &AsyncPgConnection, slug: &str) -> QueryResult<Uuid> {
    let row: IdRow = diesel::sql_query("select id from categories where slug = $1")
        .bind::<Text, _>(slug)
        .prepared()
        .get_result(&mut conn)
        .await?;
    Ok(row.id)
}

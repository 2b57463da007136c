//! What a list is ranked over, by the names that callers give, and the past of a list.

use super::{
    board::window_name,
    model::{Scope, SnapshotInfo},
    order::ALL,
    store::{ListKey, after_all},
};
use crate::{
    articles::model::{CategoryRef, Names, PublisherRef},
    clock::Timestamp,
    db::Prepare,
    ids::{CategoryId, PublisherId, SnapshotId},
    page::PageRequest,
    schema::{categories, publishers},
    text::is_slug,
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    sql_types::{BigInt, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A scope found: the id of its lists, and how the API shows it.
#[derive(Debug, Clone)]
pub struct Found {
    /// A category, a publisher, or the nil id.
    pub id: Uuid,
    /// As the API shows it.
    pub shown: Scope,
}

impl Found {
    /// All articles.
    #[must_use]
    pub fn all() -> Self {
        Self { id: ALL, shown: Scope { category: None, publisher: None } }
    }

    /// One category.
    #[must_use]
    pub fn category(id: CategoryId, shown: CategoryRef) -> Self {
        Self { id: id.0, shown: Scope { category: Some(shown), publisher: None } }
    }

    /// One publisher.
    #[must_use]
    pub fn publisher(id: PublisherId, shown: PublisherRef) -> Self {
        Self { id: id.0, shown: Scope { category: None, publisher: Some(shown) } }
    }
}

/// The category of this slug; `None` also for what cannot be one.
///
/// # Errors
/// When the database fails.
pub async fn category(
    mut conn: &AsyncPgConnection,
    slug: &str,
) -> QueryResult<Option<(CategoryId, CategoryRef)>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    let found = categories::table
        .filter(categories::slug.eq(slug))
        .select((categories::id, categories::slug, categories::name_ko, categories::name_en))
        .first::<(CategoryId, String, String, String)>(&mut conn)
        .await
        .optional()?;
    Ok(found.map(|(id, slug, ko, en)| (id, CategoryRef { slug, name: Names { ko, en } })))
}

/// The publisher of this slug; `None` also for what cannot be one.
///
/// # Errors
/// When the database fails.
pub async fn publisher(
    mut conn: &AsyncPgConnection,
    slug: &str,
) -> QueryResult<Option<(PublisherId, PublisherRef)>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    let found = publishers::table
        .filter(publishers::slug.eq(slug))
        .select((publishers::id, publishers::slug, publishers::name_ko, publishers::name_en))
        .first::<(PublisherId, String, String, String)>(&mut conn)
        .await
        .optional()?;
    Ok(found.map(|(id, slug, ko, en)| (id, PublisherRef { slug, name: Names { ko, en } })))
}

#[derive(diesel::QueryableByName)]
struct InfoRow {
    #[diesel(sql_type = SqlUuid)]
    id: SnapshotId,
    #[diesel(sql_type = Timestamptz)]
    taken_at: Timestamp,
    #[diesel(sql_type = Timestamptz)]
    computed_at: Timestamp,
    #[diesel(sql_type = Integer)]
    entry_count: i32,
}

/// The snapshots of a list, newest first, in the direction that `page` asks for; one row more than
/// its limit.
///
/// # Errors
/// When the database fails.
pub async fn snapshots(
    mut conn: &AsyncPgConnection,
    list: &ListKey,
    page: &PageRequest,
) -> QueryResult<Vec<SnapshotInfo>> {
    let from = page.from().unwrap_or_else(after_all);
    let text =
        if page.backward() { include_str!("sql/newer.sql") } else { include_str!("sql/older.sql") };
    let rows = diesel::sql_query(text)
        .bind::<Text, _>(list.board.stored())
        .bind::<SqlUuid, _>(list.scope)
        .bind::<Text, _>(window_name(list.window))
        .bind::<Timestamptz, _>(Timestamp::from_millis(from.key))
        .bind::<SqlUuid, _>(from.id)
        .bind::<BigInt, _>(page.limit.plus_one())
        .prepared()
        .load::<InfoRow>(&mut conn)
        .await?;
    let info = |row: InfoRow| SnapshotInfo {
        id: row.id,
        taken_at: row.taken_at,
        computed_at: row.computed_at,
        entry_count: u16::try_from(row.entry_count).unwrap_or(0),
    };
    Ok(rows.into_iter().map(info).collect())
}

//! Reads and writes of categories.

use super::model::CategoryRow;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::CategoryId,
    names::Names,
    schema::{categories, category_ancestors},
    slug::Slug,
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

type Columns = (
    categories::id,
    categories::slug,
    (categories::name_ko, categories::name_en),
    categories::parent_id,
    categories::position,
    categories::revision,
    categories::created_at,
    categories::updated_at,
);

const COLUMNS: Columns = (
    categories::id,
    categories::slug,
    (categories::name_ko, categories::name_en),
    categories::parent_id,
    categories::position,
    categories::revision,
    categories::created_at,
    categories::updated_at,
);

/// Every category, in no order.
///
/// # Errors
/// What the database says.
pub async fn all(mut conn: &AsyncPgConnection) -> QueryResult<Vec<CategoryRow>> {
    categories::table.select(COLUMNS).load(&mut conn).await
}

/// The categories of these slugs, in no order; those that do not exist are missing.
///
/// # Errors
/// What the database says.
pub async fn by_slugs(
    mut conn: &AsyncPgConnection,
    slugs: &[String],
) -> QueryResult<Vec<CategoryRow>> {
    let found = categories::table.filter(categories::slug.eq_any(slugs)).select(COLUMNS);
    found.load(&mut conn).await
}

/// The ancestors of each of these categories, itself first, then upwards.
///
/// # Errors
/// What the database says.
pub async fn ancestors_of(
    mut conn: &AsyncPgConnection,
    ids: &[CategoryId],
) -> QueryResult<HashMap<CategoryId, Vec<CategoryId>>> {
    let pairs: Vec<(CategoryId, CategoryId)> = category_ancestors::table
        .filter(category_ancestors::category_id.eq_any(ids))
        .order((category_ancestors::category_id, category_ancestors::depth))
        .select((category_ancestors::category_id, category_ancestors::ancestor_id))
        .load(&mut conn)
        .await?;
    let mut ancestors: HashMap<_, Vec<_>> = HashMap::new();
    for (category, ancestor) in pairs {
        ancestors.entry(category).or_default().push(ancestor);
    }
    Ok(ancestors)
}

/// Identifies writing the tree among the database's advisory locks: "tree".
const TREE_LOCK: i64 = 0x7472_6565;

/// Takes turns with other writers of the tree until the transaction ends.
///
/// # Errors
/// What the database says.
pub async fn take_turn(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("select pg_advisory_xact_lock($1)")
        .bind::<BigInt, _>(TREE_LOCK)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// What a writer says of a category, with its parent found.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the columns")]
pub struct Content<'a> {
    pub name: &'a Names,
    pub parent_id: Option<CategoryId>,
    pub position: i32,
}

/// Creates a category below its parent; `None` when its slug is taken.
///
/// # Errors
/// What the database says.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    slug: &Slug,
    content: &Content<'_>,
    now: Timestamp,
) -> QueryResult<Option<CategoryId>> {
    let id: Option<CategoryId> = diesel::insert_into(categories::table)
        .values((
            categories::id.eq(CategoryId::new()),
            categories::slug.eq(slug),
            categories::name_ko.eq(&content.name.ko),
            categories::name_en.eq(&content.name.en),
            categories::parent_id.eq(content.parent_id),
            categories::position.eq(content.position),
            categories::created_at.eq(now),
            categories::updated_at.eq(now),
        ))
        .on_conflict(categories::slug)
        .do_nothing()
        .returning(categories::id)
        .get_result(conn)
        .await
        .optional()?;
    if let Some(id) = id {
        diesel::sql_query(include_str!("store/insert_ancestors.sql"))
            .bind::<SqlUuid, _>(id)
            .bind::<Nullable<SqlUuid>, _>(content.parent_id)
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(id)
}

/// Writes everything but the slug, as the next revision. A new parent also needs
/// [`super::moving::take_along`].
///
/// # Errors
/// What the database says.
pub async fn update(
    conn: &mut AsyncPgConnection,
    id: CategoryId,
    content: &Content<'_>,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::update(categories::table.filter(categories::id.eq(id)))
        .set((
            categories::name_ko.eq(&content.name.ko),
            categories::name_en.eq(&content.name.en),
            categories::parent_id.eq(content.parent_id),
            categories::position.eq(content.position),
            categories::revision.eq(categories::revision + 1),
            categories::updated_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Deletes a category.
///
/// # Errors
/// A foreign key violation when articles or other categories are in it.
pub async fn delete(conn: &mut AsyncPgConnection, id: CategoryId) -> QueryResult<()> {
    diesel::delete(categories::table.filter(categories::id.eq(id))).execute(conn).await?;
    Ok(())
}

/// Creates those of these (slug, name) that do not exist, at the end of the top of the tree, and
/// returns all of them, in no order. The one name stands for both languages.
///
/// # Errors
/// What the database says.
pub async fn create_missing(
    conn: &mut AsyncPgConnection,
    wanted: &[(String, String)],
    now: Timestamp,
) -> QueryResult<Vec<CategoryRow>> {
    // In one order, so that two writers of the same slugs cannot wait for each other.
    let mut sorted: Vec<_> = wanted.iter().collect();
    sorted.sort();
    sorted.dedup_by(|a, b| a.0 == b.0);
    let ids: Vec<CategoryId> = sorted.iter().map(|_| CategoryId::new()).collect();
    let (slugs, names): (Vec<String>, Vec<&str>) =
        sorted.into_iter().map(|(slug, name)| (slug.clone(), name.as_str())).unzip();
    diesel::sql_query(include_str!("store/create_missing.sql"))
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Text>, _>(&slugs)
        .bind::<Array<Text>, _>(&names)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    by_slugs(conn, &slugs).await
}

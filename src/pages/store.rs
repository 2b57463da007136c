//! Reads of what pages are made of, and of their layouts.

use super::{
    layout::{Category, EACH_CATEGORY},
    model::{LayoutModule, PageKind, PageLayout},
};
use crate::{
    articles::model::{CategoryRef, Names},
    clock::Timestamp,
    db::Prepare,
    error::{Error, Faults, Result},
    ids::{ArticleId, CategoryId},
    schema::page_layouts,
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Uuid as SqlUuid},
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct FiledRow {
    #[diesel(sql_type = SqlUuid)]
    id: CategoryId,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    name_ko: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    story: Option<Uuid>,
}

/// The category an article is filed under, and the story it tells.
pub async fn filed(
    mut conn: &AsyncPgConnection,
    id: ArticleId,
) -> QueryResult<Option<(Category, Uuid)>> {
    let row = diesel::sql_query(
        "select c.id, c.slug, c.name_ko, c.name_en, a.story_id as story \
         from articles a join categories c on c.id = a.category_id where a.id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result::<FiledRow>(&mut conn)
    .await
    .optional()?;
    Ok(row.map(|row| {
        let name = Names { ko: row.name_ko, en: row.name_en };
        let shown = CategoryRef { slug: row.slug, name };
        (Category { id: row.id, shown }, row.story.unwrap_or(id.0))
    }))
}

#[derive(diesel::QueryableByName)]
struct CategoryRow {
    #[diesel(sql_type = SqlUuid)]
    id: CategoryId,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    name_ko: String,
    #[diesel(sql_type = Text)]
    name_en: String,
    #[diesel(sql_type = Bool)]
    top: bool,
}

/// Categories that layouts speak of.
#[derive(Debug, Default)]
pub struct Categories {
    /// The first of the top level, in their order.
    pub top: Vec<Category>,
    /// Those named.
    pub named: Vec<Category>,
}

/// The first categories of the top level, and those of these slugs.
pub async fn categories(mut conn: &AsyncPgConnection, slugs: &[String]) -> QueryResult<Categories> {
    let rows = diesel::sql_query(include_str!("sql/categories.sql"))
        .bind::<Array<Text>, _>(slugs)
        .bind::<BigInt, _>(EACH_CATEGORY as i64)
        .prepared()
        .load::<CategoryRow>(&mut conn)
        .await?;
    let mut found = Categories::default();
    for row in rows {
        let name = Names { ko: row.name_ko, en: row.name_en };
        let category = Category { id: row.id, shown: CategoryRef { slug: row.slug, name } };
        if row.top { found.top.push(category) } else { found.named.push(category) }
    }
    Ok(found)
}

/// The layout of a page that somebody changed.
///
/// # Errors
/// What the database says; `Internal` when it holds what this program cannot read.
pub async fn layout(mut conn: &AsyncPgConnection, page: PageKind) -> Result<Option<PageLayout>> {
    let found = page_layouts::table
        .find(page.name())
        .select((
            page_layouts::modules,
            page_layouts::revision,
            page_layouts::updated_by,
            page_layouts::updated_at,
        ))
        .first::<(serde_json::Value, i32, String, Timestamp)>(&mut conn)
        .await
        .optional()?;
    let Some((modules, revision, by, at)) = found else { return Ok(None) };
    let modules: Vec<LayoutModule> = deserr::deserialize::<_, _, Faults>(modules)
        .map_err(|faults| Error::internal(format!("a layout cannot be read: {faults:?}")))?;
    Ok(Some(PageLayout { page, modules, revision, updated_by: Some(by), updated_at: Some(at) }))
}

/// Makes writers of layouts wait for each other in this transaction: "layo".
const LOCK: &str = "select pg_advisory_xact_lock(1818327407)";

/// Holds layouts still until the transaction ends.
pub async fn take_turn(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query(LOCK).execute(conn).await?;
    Ok(())
}

/// Keeps a layout.
///
/// # Errors
/// What the database says.
pub async fn keep(
    conn: &mut AsyncPgConnection,
    page: PageKind,
    modules: &[LayoutModule],
    revision: i32,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    use page_layouts::{
        modules as modules_column, page as page_column, revision as revision_column,
    };
    use page_layouts::{updated_at, updated_by};
    let modules = serde_json::to_value(modules).map_err(Error::internal)?;
    diesel::insert_into(page_layouts::table)
        .values((
            page_column.eq(page.name()),
            modules_column.eq(modules),
            revision_column.eq(revision),
            updated_by.eq(by),
            updated_at.eq(now),
        ))
        .on_conflict(page_column)
        .do_update()
        .set((
            modules_column.eq(excluded(modules_column)),
            revision_column.eq(excluded(revision_column)),
            updated_by.eq(excluded(updated_by)),
            updated_at.eq(excluded(updated_at)),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

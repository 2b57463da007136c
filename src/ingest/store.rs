//! Import jobs, their bytes and their verdicts; `work` is what workers write.

pub mod work;

use super::{
    feed::Format,
    model::{
        Import, ImportFault, ImportItem, ImportStatus, ItemError, Sentence, Verdict, VerdictCounts,
    },
    names,
};
use crate::{
    clock::Timestamp,
    ids::{ApiKeyId, ArticleId, ImportId, PublisherId},
    schema::{import_chunks, import_items, imports, publishers},
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable, Selectable,
    SelectableHelper,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde_json::Value;

/// A job's row.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct Row {
    id: ImportId,
    status: String,
    format: Option<String>,
    source_url: Option<String>,
    dry_run: bool,
    processed: i32,
    total: Option<i32>,
    created: i32,
    updated: i32,
    unchanged: i32,
    duplicates: i32,
    invalid: i32,
    fault_code: Option<String>,
    fault_detail: Option<Value>,
    created_at: Timestamp,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

fn number(n: i32) -> u32 {
    u32::try_from(n).unwrap_or_default()
}

impl From<Row> for Import {
    fn from(row: Row) -> Self {
        let detail = row.fault_detail.and_then(|value| serde_json::from_value(value).ok());
        let detail = detail.unwrap_or(Sentence { ko: String::new(), en: String::new() });
        Self {
            id: row.id,
            status: ImportStatus::from_name(&row.status),
            format: row.format.as_deref().and_then(Format::from_name),
            source_url: row.source_url,
            dry_run: row.dry_run,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            processed: number(row.processed),
            total: row.total.map(number),
            verdicts: VerdictCounts {
                created: number(row.created),
                updated: number(row.updated),
                unchanged: number(row.unchanged),
                duplicates: number(row.duplicates),
                invalid: number(row.invalid),
            },
            fault: row.fault_code.map(|code| ImportFault { code, detail }),
        }
    }
}

/// A job as it is asked for.
#[derive(Debug, Clone)]
pub struct NewImport {
    /// Its id.
    pub id: ImportId,
    /// What the document is, when the caller says so.
    pub format: Option<Format>,
    /// Where to fetch it; `None` for an upload.
    pub source_url: Option<String>,
    /// The `Content-Type` of an upload.
    pub content_type: Option<String>,
    /// Only say what would be done.
    pub dry_run: bool,
    /// The publisher of items that name none.
    pub publisher: Option<String>,
    /// The category of items that name none.
    pub category: Option<String>,
    /// The one publisher that may be written to.
    pub bound: Option<PublisherId>,
    /// Whether publishers and categories may be created.
    pub may_create: bool,
    /// Whose job it is.
    pub principal: ApiKeyId,
    /// The name of that key.
    pub by: String,
}

/// Writes a new job: one whose upload arrives, or one that waits for its turn.
///
/// # Errors
/// What the database says.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    new: &NewImport,
    receiving: bool,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::insert_into(imports::table)
        .values((
            imports::id.eq(new.id),
            imports::status.eq(if receiving { "receiving" } else { "queued" }),
            imports::format.eq(new.format.map(Format::name)),
            imports::source_url.eq(&new.source_url),
            imports::content_type.eq(&new.content_type),
            imports::dry_run.eq(new.dry_run),
            imports::publisher_slug.eq(&new.publisher),
            imports::category_slug.eq(&new.category),
            imports::bound_publisher_id.eq(new.bound),
            imports::may_create.eq(new.may_create),
            imports::principal_id.eq(new.principal),
            imports::requested_by.eq(&new.by),
            imports::created_at.eq(now),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Adds the next bytes of a document.
///
/// # Errors
/// What the database says.
pub async fn add_chunk(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    n: i32,
    data: &[u8],
) -> QueryResult<()> {
    diesel::insert_into(import_chunks::table)
        .values((
            import_chunks::import_id.eq(id),
            import_chunks::n.eq(n),
            import_chunks::data.eq(data),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// The `n`th chunk of a document, from 0.
///
/// # Errors
/// What the database says.
pub async fn chunk(
    mut conn: &AsyncPgConnection,
    id: ImportId,
    n: i32,
) -> QueryResult<Option<Vec<u8>>> {
    let found = import_chunks::table.find((id, n)).select(import_chunks::data);
    found.get_result(&mut conn).await.optional()
}

/// Removes a document's bytes.
///
/// # Errors
/// What the database says.
pub async fn drop_chunks(conn: &mut AsyncPgConnection, id: ImportId) -> QueryResult<()> {
    let chunks = import_chunks::table.filter(import_chunks::import_id.eq(id));
    diesel::delete(chunks).execute(conn).await?;
    Ok(())
}

/// Lets a job whose upload is complete wait for its turn.
///
/// # Errors
/// What the database says.
pub async fn enqueue(conn: &mut AsyncPgConnection, id: ImportId) -> QueryResult<()> {
    let job = imports::table.filter(imports::id.eq(id)).filter(imports::status.eq("receiving"));
    diesel::update(job).set(imports::status.eq("queued")).execute(conn).await?;
    Ok(())
}

/// Forgets a job whose upload did not come to its end.
///
/// # Errors
/// What the database says.
pub async fn discard(conn: &mut AsyncPgConnection, id: ImportId) -> QueryResult<()> {
    let job = imports::table.filter(imports::id.eq(id)).filter(imports::status.eq("receiving"));
    diesel::delete(job).execute(conn).await?;
    Ok(())
}

/// A job; `owner` sees only its own, `None` all.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn find(
    mut conn: &AsyncPgConnection,
    id: ImportId,
    owner: Option<ApiKeyId>,
) -> QueryResult<Import> {
    let mut found = imports::table
        .filter(imports::id.eq(id))
        .filter(imports::status.ne("receiving"))
        .select(Row::as_select())
        .into_boxed();
    if let Some(owner) = owner {
        found = found.filter(imports::principal_id.eq(owner));
    }
    found.get_result(&mut conn).await.map(Import::from)
}

/// Up to `limit` jobs beyond `from`: newest first, or with `backward` the other way round.
///
/// # Errors
/// What the database says.
pub async fn list(
    mut conn: &AsyncPgConnection,
    owner: Option<ApiKeyId>,
    from: Option<ImportId>,
    backward: bool,
    limit: i64,
) -> QueryResult<Vec<Import>> {
    let mut found = imports::table
        .filter(imports::status.ne("receiving"))
        .select(Row::as_select())
        .limit(limit)
        .into_boxed();
    if let Some(owner) = owner {
        found = found.filter(imports::principal_id.eq(owner));
    }
    found = match (from, backward) {
        (Some(from), false) => found.filter(imports::id.lt(from)),
        (Some(from), true) => found.filter(imports::id.gt(from)),
        (None, _) => found,
    };
    found = if backward { found.order(imports::id) } else { found.order(imports::id.desc()) };
    let rows: Vec<Row> = found.load(&mut conn).await?;
    Ok(rows.into_iter().map(Import::from).collect())
}

/// Up to `limit` items of a job beyond the `from`th: in order, or with `backward` the other way round.
///
/// # Errors
/// What the database says.
pub async fn items(
    mut conn: &AsyncPgConnection,
    id: ImportId,
    verdict: Option<Verdict>,
    from: Option<i32>,
    backward: bool,
    limit: i64,
) -> QueryResult<Vec<ImportItem>> {
    let columns = (
        import_items::n,
        import_items::verdict,
        import_items::article_id,
        import_items::external_id,
        import_items::duplicate_of,
        import_items::errors,
    );
    let mut found = import_items::table
        .filter(import_items::import_id.eq(id))
        .select(columns)
        .limit(limit)
        .into_boxed();
    if let Some(verdict) = verdict {
        found = found.filter(import_items::verdict.eq(verdict.name()));
    }
    found = match (from, backward) {
        (Some(from), false) => found.filter(import_items::n.gt(from)),
        (Some(from), true) => found.filter(import_items::n.lt(from)),
        (None, _) => found,
    };
    found =
        if backward { found.order(import_items::n.desc()) } else { found.order(import_items::n) };
    type Columns = (i32, String, Option<ArticleId>, Option<String>, Option<ArticleId>, Value);
    let rows: Vec<Columns> = found.load(&mut conn).await?;
    let item = |(n, verdict, article_id, external_id, duplicate_of, errors): Columns| ImportItem {
        n: number(n),
        verdict: Verdict::from_name(&verdict),
        article_id,
        external_id,
        duplicate_of,
        errors: serde_json::from_value::<Vec<ItemError>>(errors).unwrap_or_default(),
    };
    Ok(rows.into_iter().map(item).collect())
}

/// What the names of a request stand for.
#[derive(Debug, Default)]
pub struct Known {
    /// The publisher, if there is one.
    pub publisher: Option<PublisherId>,
    /// Whether there is the category.
    pub category: bool,
}

/// Looks a publisher and a category up.
///
/// # Errors
/// What the database says.
pub async fn known(
    conn: &AsyncPgConnection,
    publisher: Option<String>,
    category: Option<String>,
) -> QueryResult<Known> {
    let wanted = |slug: Option<String>| slug.into_iter().map(|slug| (slug.clone(), slug)).collect();
    let found = names::find(conn, &wanted(publisher), &wanted(category)).await?;
    let publisher = found.publishers.values().next().map(|(id, _)| *id);
    Ok(Known { publisher, category: !found.categories.is_empty() })
}

/// The slug of a publisher.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn publisher_slug(mut conn: &AsyncPgConnection, id: PublisherId) -> QueryResult<String> {
    publishers::table.find(id).select(publishers::slug).get_result(&mut conn).await
}

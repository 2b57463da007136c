//! What workers write: who has a job, how far it is, how it ended.

use super::{drop_chunks, number};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Code, Error, Result},
    ids::{ImportId, PublisherId},
    ingest::{
        feed::Format,
        model::{ImportFault, ImportItem, VerdictCounts},
    },
    schema::imports,
};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, Queryable, QueryableByName, Selectable,
    SelectableHelper,
    sql_types::{Int4, Jsonb, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// A job in a worker's hands.
#[derive(Debug, Clone, Queryable, Selectable)]
#[diesel(table_name = imports)]
pub struct Job {
    /// Its id.
    pub id: ImportId,
    format: Option<String>,
    /// Where to fetch the document; `None` for an upload.
    pub source_url: Option<String>,
    /// The `Content-Type` the document came with.
    pub content_type: Option<String>,
    /// Only say what would be done.
    pub dry_run: bool,
    /// The publisher of items that name none.
    pub publisher_slug: Option<String>,
    /// The category of items that name none.
    pub category_slug: Option<String>,
    /// The one publisher that may be written to.
    pub bound_publisher_id: Option<PublisherId>,
    /// Whether publishers and categories may be created.
    pub may_create: bool,
    /// The name of the key that asked.
    pub requested_by: String,
    processed: i32,
    /// How often it was taken without getting any further, this time included.
    pub attempts: i16,
}

impl Job {
    /// What the document is, when that is known.
    #[must_use]
    pub fn format(&self) -> Option<Format> {
        self.format.as_deref().and_then(Format::from_name)
    }

    /// How many items have a verdict.
    #[must_use]
    pub fn processed(&self) -> u32 {
        number(self.processed)
    }
}

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = SqlUuid)]
    id: ImportId,
}

/// Takes the oldest job that waits, or whose worker was not heard of since `silent_since`.
///
/// # Errors
/// What the database says.
pub async fn take(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
    silent_since: Timestamp,
) -> QueryResult<Option<Job>> {
    let taken: Vec<Taken> = diesel::sql_query(include_str!("../sql/take.sql"))
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(silent_since)
        .prepared()
        .load(conn)
        .await?;
    let Some(Taken { id }) = taken.into_iter().next() else {
        return Ok(None);
    };
    imports::table.find(id).select(Job::as_select()).get_result(conn).await.map(Some)
}

/// Says that a job's worker is alive.
///
/// # Errors
/// What the database says.
pub async fn beat(conn: &mut AsyncPgConnection, id: ImportId, now: Timestamp) -> QueryResult<()> {
    let job = imports::table.filter(imports::id.eq(id)).filter(imports::status.eq("running"));
    diesel::update(job).set(imports::heartbeat_at.eq(now)).execute(conn).await?;
    Ok(())
}

/// Notes what the document is and how many items it has.
///
/// # Errors
/// What the database says.
pub async fn began(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    format: Format,
    total: Option<u32>,
) -> QueryResult<()> {
    let total = total.and_then(|total| i32::try_from(total).ok());
    diesel::update(imports::table.find(id))
        .set((imports::format.eq(format.name()), imports::total.eq(total)))
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes the `Content-Type` of a document that was fetched.
///
/// # Errors
/// What the database says.
pub async fn fetched(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    content_type: Option<&str>,
) -> QueryResult<()> {
    diesel::update(imports::table.find(id))
        .set(imports::content_type.eq(content_type))
        .execute(conn)
        .await?;
    Ok(())
}

/// Writes verdicts, and that the job has moved on from `processed` by as many.
///
/// # Errors
/// `Conflict` when another worker has moved it meanwhile.
pub async fn record(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    processed: u32,
    verdicts: &[ImportItem],
    now: Timestamp,
) -> Result<()> {
    let whole = |n: u32| i32::try_from(n).unwrap_or(i32::MAX);
    let counts = VerdictCounts::of(verdicts);
    let written = diesel::sql_query(include_str!("../sql/record.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<Int4, _>(whole(processed))
        .bind::<Int4, _>(whole(counts.total()))
        .bind::<Int4, _>(whole(counts.created))
        .bind::<Int4, _>(whole(counts.updated))
        .bind::<Int4, _>(whole(counts.unchanged))
        .bind::<Int4, _>(whole(counts.invalid))
        .bind::<Timestamptz, _>(now)
        .bind::<Jsonb, _>(serde_json::to_value(verdicts).map_err(Error::internal)?)
        .bind::<Int4, _>(whole(counts.duplicates))
        .prepared()
        .execute(conn)
        .await?;
    if written == verdicts.len() { Ok(()) } else { Err(Error::plain(Code::Conflict)) }
}

/// Ends a job and removes its bytes.
///
/// # Errors
/// What the database says.
pub async fn finish(
    conn: &mut AsyncPgConnection,
    id: ImportId,
    fault: Option<&ImportFault>,
    now: Timestamp,
) -> Result<()> {
    let detail = fault.map(|fault| serde_json::to_value(&fault.detail)).transpose();
    let job = imports::table.filter(imports::id.eq(id)).filter(imports::status.eq("running"));
    diesel::update(job)
        .set((
            imports::status.eq(if fault.is_some() { "failed" } else { "done" }),
            imports::finished_at.eq(now),
            imports::total.eq(diesel::dsl::sql::<Nullable<Int4>>(if fault.is_some() {
                "total"
            } else {
                "processed"
            })),
            imports::fault_code.eq(fault.map(|fault| fault.code.as_str())),
            imports::fault_detail.eq(detail.map_err(Error::internal)?),
        ))
        .execute(conn)
        .await?;
    drop_chunks(conn, id).await?;
    Ok(())
}

/// Forgets up to ten thousand verdicts of jobs that ended before `ended`, and uploads that broke off
/// before `broke_off`; how many rows went.
///
/// # Errors
/// What the database says.
pub async fn prune(
    conn: &mut AsyncPgConnection,
    ended: Timestamp,
    broke_off: Timestamp,
) -> QueryResult<usize> {
    let mut gone = 0;
    for (sql, before) in
        [(include_str!("../sql/prune.sql"), ended), (include_str!("../sql/sweep.sql"), broke_off)]
    {
        gone +=
            diesel::sql_query(sql).bind::<Timestamptz, _>(before).prepared().execute(conn).await?;
    }
    Ok(gone)
}

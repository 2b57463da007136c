//! Works jobs off, one at a time. A job's bytes are stored before its first item is read and its
//! progress with each batch, so that whoever takes over a job reads the same bytes and goes on.

use super::{
    batch::Engine,
    chunks::Chunks,
    fetch::{FetchSettings, Fetcher},
    items::Options,
    model::ImportFault,
    source::{self, Open, Piece, Source},
    store::{self, work::Job},
};
use crate::{
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Result},
};
use diesel_async::AsyncPgConnection;
use std::time::Duration;
use url::Url;

/// Seconds of silence after which a job is taken over.
pub const SILENCE_S: i64 = 30;
/// Seconds between two signs of life.
const BEAT: Duration = Duration::from_secs(10);
/// For a fetch in all.
const FETCH: Duration = Duration::from_secs(25);
/// How often a job may be taken without getting any further.
const ATTEMPTS: i16 = 5;
/// Bytes of one stored chunk.
pub const CHUNK: usize = 1 << 20;
/// Days that verdicts are kept.
pub const KEPT_DAYS: i64 = 30;
/// Minutes after which an upload that is not complete has broken off.
const RECEIVING_MINUTES: i64 = 60;

/// Works off the oldest job that waits or whose worker fell silent. False when there is none.
///
/// # Errors
/// `Unavailable` when the database is away; the job goes on later, with this worker or another.
pub async fn run_one(pool: &Pool, settings: &Settings, clock: &Clock) -> Result<bool> {
    let now = clock.now();
    let job = {
        let mut conn = db::get(pool).await?;
        store::work::take(&mut conn, now, now.plus_seconds(-SILENCE_S)).await?
    };
    let Some(job) = job else {
        return Ok(false);
    };
    let ended = tokio::select! {
        ended = work(pool, settings, clock, &job) => ended,
        () = beat(pool, clock, &job) => Ok(()),
    };
    let fault = match ended {
        Ok(()) => None,
        Err(Stop::Fault(fault)) => Some(fault),
        // Somebody else has it by now: then it is theirs to end.
        Err(Stop::Error(error)) if error.code == Code::Conflict => return Ok(true),
        Err(Stop::Error(error)) if error.code == Code::Unavailable => return Err(error),
        Err(Stop::Error(error)) => {
            tracing::error!(id = %job.id, %error, "an import failed");
            Some(failed())
        }
    };
    let mut conn = db::get(pool).await?;
    let now = clock.now();
    db::transaction(&mut conn, async |conn| {
        store::work::finish(conn, job.id, fault.as_ref(), now).await
    })
    .await?;
    Ok(true)
}

/// Forgets verdicts after [`KEPT_DAYS`] days and uploads that broke off; how many rows went. To be
/// called again while that is ten thousand or more.
///
/// # Errors
/// What the database says.
pub async fn prune(conn: &mut AsyncPgConnection, clock: &Clock) -> Result<usize> {
    let now = clock.now();
    let ended = now.plus_minutes(-KEPT_DAYS * 24 * 60);
    Ok(store::work::prune(conn, ended, now.plus_minutes(-RECEIVING_MINUTES)).await?)
}

/// Why work on a job ends early.
enum Stop {
    /// For good.
    Fault(ImportFault),
    /// For now, or for a defect.
    Error(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Error(error.into())
    }
}

fn failed() -> ImportFault {
    ImportFault::new(
        "internal",
        "The import failed on our side.",
        "서버 오류로 가져오지 못했습니다.",
    )
}

async fn beat(pool: &Pool, clock: &Clock, job: &Job) {
    loop {
        tokio::time::sleep(BEAT).await;
        if let Ok(mut conn) = db::get(pool).await {
            // One that is missed is made up for by the next.
            let _ = store::work::beat(&mut conn, job.id, clock.now()).await;
        }
    }
}

async fn work(pool: &Pool, settings: &Settings, clock: &Clock, job: &Job) -> Result<(), Stop> {
    if job.attempts > ATTEMPTS {
        return Err(Stop::Fault(failed()));
    }
    let content_type = stored(pool, settings, job).await?;
    let options = options(pool, job).await?;
    let mut pieces =
        source::read(document(pool, settings, job, content_type), options.clone(), job.processed());
    let mut engine = Engine::new(pool, clock, &options, Some((job.id, job.processed())));
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Began(format, total) => {
                let mut conn = db::get(pool).await?;
                store::work::began(&mut conn, job.id, format, total).await?;
            }
            Piece::Batch(items) => drop(engine.write(&items).await?),
            Piece::Broken(fault) => return Err(Stop::Fault(fault)),
            Piece::Away(error) => return Err(Stop::Error(Error::unavailable(error))),
        }
    }
    Ok(())
}

async fn options(pool: &Pool, job: &Job) -> Result<Options> {
    let default_publisher = match (&job.publisher_slug, job.bound_publisher_id) {
        (None, Some(own)) => Some(store::publisher_slug(&*db::get(pool).await?, own).await?),
        (named, _) => named.clone(),
    };
    Ok(Options {
        dry_run: job.dry_run,
        may_create: job.may_create,
        bound: job.bound_publisher_id,
        default_publisher,
        default_category: job.category_slug.clone(),
        by: job.requested_by.clone(),
    })
}

fn document(pool: &Pool, settings: &Settings, job: &Job, content_type: Option<String>) -> Source {
    let (pool, id) = (pool.clone(), job.id);
    let handle = tokio::runtime::Handle::current();
    let open: Open =
        Box::new(move || Ok(Box::new(Chunks::new(pool.clone(), handle.clone(), id)) as Box<_>));
    Source {
        open,
        again: true,
        format: job.format(),
        content_type,
        base: job.source_url.as_deref().and_then(|url| Url::parse(url).ok()),
        line_bytes: usize::try_from(settings.limits.article_bytes).unwrap_or(usize::MAX),
    }
}

/// Fetches and stores the document of a job that has an address, unless that was done before; the
/// `Content-Type` the document came with.
async fn stored(pool: &Pool, settings: &Settings, job: &Job) -> Result<Option<String>, Stop> {
    let Some(url) = &job.source_url else {
        return Ok(job.content_type.clone());
    };
    if store::chunk(&*db::get(pool).await?, job.id, 0).await?.is_some() {
        return Ok(job.content_type.clone());
    }
    let fetcher = Fetcher::new(FetchSettings {
        allowed_hosts: settings.imports.allowed_hosts.0.clone(),
        max_bytes: settings.limits.import_bytes,
        timeout: FETCH,
        ..FetchSettings::default()
    });
    let fetched = fetcher.map_err(Error::internal)?.get(url).await;
    let fetched = fetched.map_err(|fault| Stop::Fault(fault.into()))?;
    let media = fetched.content_type.map(|media| media.chars().take(200).collect::<String>());
    let mut conn = db::get(pool).await?;
    db::transaction(&mut conn, async |conn| {
        store::drop_chunks(conn, job.id).await?;
        for (n, data) in (0..).zip(fetched.bytes.chunks(CHUNK)) {
            store::add_chunk(conn, job.id, n, data).await?;
        }
        store::work::fetched(conn, job.id, media.as_deref()).await
    })
    .await?;
    Ok(media)
}

//! Snapshots: what boards listed, for ever.

use super::query::{PagedList, board, find};
use crate::{
    db::{self, Pool},
    error::{Error, Result, What},
    http::{
        conditional::{Answer, Cache},
        params::{Path, Path2},
        query::{FromQuery, Query, QueryReader},
    },
    ids::SnapshotId,
    page::Position,
    rankings::{
        board::Window,
        entry::Entry,
        model::{Snapshot, SnapshotEntry, SnapshotInfo, SnapshotPage},
        scope, store,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

/// A snapshot is the same for ever; it may be forgotten with age.
const FOR_EVER: Cache = Cache::Public { browser_s: 86_400, shared_s: 604_800 };

/// How a snapshot is read.
#[derive(Debug)]
struct Fold(bool);

impl FromQuery for Fold {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self(reader.word("fold", &[("story", false), ("none", true)]).unwrap_or_default()))
    }
}

/// List a board's snapshots
///
/// Newest first. A look that finds nothing changed makes no snapshot.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug.", example = "economy"),
        ("publisher" = Option<String>, Query, max_length = 120, description = "A publisher's slug. Not together with `category`."),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|72h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given."),
        ("sort" = Option<String>, Query, pattern = "^(count|rate)$", max_length = 8, description = "`rate`, of `most_reacted` alone.", example = "count"),
        ("fold" = Option<String>, Query, pattern = "^(story|none)$", max_length = 5, description = "Snapshots are the same for both.", example = "story"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Items per page; 20 when not given."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`next` or `prev` of another page."),
    ),
    responses(
        (status = 200, description = "One page of snapshots.", body = SnapshotPage, headers(
            ("ETag" = String, description = "Version of this representation."),
            ("Link" = String, description = "The neighbouring pages (RFC 8288)."))),
        (status = 404, description = "No such board."),
    ),
)]
#[get("/rankings/{board}/snapshots")]
pub async fn list_snapshots(
    request: HttpRequest,
    Path(key): Path<String>,
    Query(query): Query<PagedList>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let board = board(&key)?;
    let conn = db::get(&pool).await?;
    let list = find(&conn, board, &query.list).await?;
    let rows = scope::snapshots(&conn, &list.key, &query.page).await?;
    let place = |info: &SnapshotInfo| Position { key: info.taken_at.as_millis(), id: info.id.0 };
    let page = query.page.page(rows, place);
    let link = page.link();
    Answer::new(&SnapshotPage::from(page), Cache::CONTENT).link(link).to(&request)
}

/// Read one snapshot
///
/// What a board listed at a moment. It never changes, so it holds ids and no texts or counters.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("id" = SnapshotId, Path, description = "The snapshot's id."),
        ("fold" = Option<String>, Query, pattern = "^(story|none)$", max_length = 5, description = "`story`, the default: each story once. `none`: each article for itself.", example = "story"),
    ),
    responses(
        (status = 200, description = "The snapshot.", body = Snapshot, headers(
            ("ETag" = String, description = "Version of this representation."),
            ("Last-Modified" = String, description = "When the snapshot was made."))),
        (status = 404, description = "No such board, or the board has no such snapshot, or has it no more."),
    ),
)]
#[get("/rankings/{board}/snapshots/{id}")]
pub async fn get_snapshot(
    request: HttpRequest,
    Path2(key, id): Path2<String, SnapshotId>,
    Query(Fold(raw)): Query<Fold>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let board = board(&key)?;
    let conn = db::get(&pool).await?;
    let found = store::by_id(&conn, id, raw).await?;
    let row = found.filter(|row| row.board().is_some_and(|own| own.key() == board.key()));
    let row = row.ok_or_else(|| Error::not_found(What::Snapshot))?;
    let snapshot = Snapshot {
        id: row.id,
        board: board.key(),
        category_id: row.category(),
        publisher_id: row.publisher(),
        window: row.window().map(Window::name),
        taken_at: row.taken_at,
        computed_at: row.computed_at,
        entries: row.entries().iter().map(place).collect(),
    };
    Answer::new(&snapshot, FOR_EVER).modified(snapshot.computed_at).to(&request)
}

fn place(entry: &Entry) -> SnapshotEntry {
    SnapshotEntry {
        rank: entry.rank,
        previous_rank: entry.previous_rank,
        movement: entry.movement,
        peak_rank: entry.peak_rank,
        entered_at: entry.entered_at,
        score: entry.score,
        article_id: entry.article,
    }
}

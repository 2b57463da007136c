//! `/v1/rankings`.

use super::{
    board::{Board, Window},
    entry::{self, Entry},
    model::{
        BoardInfo, BoardList, BoardPage, Rule, Scope, Snapshot, SnapshotEntry, SnapshotInfo,
        SnapshotPage, Source,
    },
    order::ALL,
    store::{self, SnapshotRow},
};
use crate::{
    articles::model::CategoryRef,
    clock::{Clock, Timestamp},
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        conditional::{Answer, Cache},
        params::{Path, Path2},
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{CategoryId, SnapshotId},
    page::{Direction, Page, PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Mounts the endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_boards).service(get_board).service(list_snapshots).service(get_snapshot);
}

/// A snapshot is the same for ever; it may be forgotten with age.
const FOR_EVER: Cache = Cache::Public { browser_s: 86_400, shared_s: 604_800 };

/// Looks missed before a board is called stale.
const MISSED: i64 = 3;

/// Which list of a board.
#[derive(Debug)]
struct ListQuery {
    category: Option<String>,
    window: Option<Window>,
    page: PageRequest,
}

impl FromQuery for ListQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self {
            category: reader.text("category"),
            window: reader.word("window", &Window::ALL),
            page: reader.page(),
        })
    }
}

/// Which list of a board, when.
#[derive(Debug)]
struct BoardQuery {
    list: ListQuery,
    at: Option<Timestamp>,
}

impl FromQuery for BoardQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let at = reader.instant("at");
        reader.word("fold", &[("none", ())]);
        Some(Self { list: ListQuery::read(reader)?, at })
    }
}

impl ListQuery {
    /// The window asked for, or the board's default.
    fn window(&self, board: Board) -> Result<Option<Window>> {
        match self.window {
            None => Ok(board.default_window()),
            Some(window) if board.windows().contains(&window) => Ok(Some(window)),
            Some(_) => Err(Error::invalid(Faults::parameter(
                "window",
                "unknown_value",
                Message::new(
                    "This board has no such window; GET /v1/rankings lists those it has.",
                    "이 랭킹에 없는 기간입니다. 가능한 기간은 GET /v1/rankings에 있습니다.",
                ),
            ))),
        }
    }
}

/// A list of a board, found.
struct List {
    board: Board,
    window: Option<Window>,
    scope: Uuid,
    category: Option<CategoryRef>,
}

async fn find(conn: &AsyncPgConnection, key: &str, query: &ListQuery) -> Result<List> {
    let board = Board::from_key(key).ok_or_else(|| Error::not_found(What::Board))?;
    let window = query.window(board)?;
    let (scope, category) = match &query.category {
        None => (ALL, None),
        Some(slug) => {
            let found = store::category(conn, slug).await?;
            let (id, category) = found.ok_or_else(|| {
                let detail = Message::new("There is none of this name.", "이런 이름이 없습니다.");
                Error::invalid(Faults::parameter("category", "unknown_value", detail))
            })?;
            (id.0, Some(category))
        }
    };
    Ok(List { board, window, scope, category })
}

/// List the boards
///
/// What is ranked, over which windows and scopes, how often it is looked at, and the rule in words.
#[utoipa::path(
    tag = "rankings",
    responses((status = 200, description = "Every board.", body = BoardList,
        headers(("ETag" = String, description = "Version of this representation.")))),
)]
#[get("/rankings")]
async fn list_boards(
    request: HttpRequest,
    _: Query<NoParameters>,
    settings: Data<Settings>,
) -> Result<HttpResponse> {
    let info = |board: Board| {
        let rule = board.rule();
        BoardInfo {
            key: board.key(),
            title: board.title(),
            windows: board.windows().iter().map(|window| window.name()).collect(),
            default_window: board.default_window().map(Window::name),
            scopes: vec!["all", "category"],
            refresh_seconds: settings.rankings.refresh_seconds,
            rule: Rule { ko: rule.ko, en: rule.en },
        }
    };
    let list = BoardList { items: Board::ALL.into_iter().map(info).collect() };
    Answer::new(&list, Cache::CATALOGUE).to(&request)
}

/// Read a board
///
/// The newest snapshot, or with `at` the newest kept one at that moment: each minute for two hours,
/// quarters of an hour for two days, hours for 31 days, then days. Cursors stay with the snapshot of
/// the first page, so that pages join exactly; a cursor whose snapshot is forgotten is 400. Articles
/// withdrawn since are left out, and the ranks of the others stay what they were.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug: rank it and its descendants alone.", example = "economy"),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given.", example = "24h"),
        ("at" = Option<Timestamp>, Query, description = "A past moment."),
        ("fold" = Option<String>, Query, pattern = "^none$", max_length = 4, description = "`none`, the default: each article for itself.", example = "none"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Items per page; 20 when not given."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`next` or `prev` of another page."),
    ),
    responses(
        (status = 200, description = "One page of the board.", body = BoardPage,
            headers(("Link" = String, description = "The neighbouring pages (RFC 8288)."))),
        (status = 404, description = "No such board."),
    ),
)]
#[get("/rankings/{board}")]
async fn get_board(
    request: HttpRequest,
    Path(key): Path<String>,
    Query(query): Query<BoardQuery>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let now = clock.now();
    let conn = db::get(&pool).await?;
    let list = find(&conn, &key, &query.list).await?;
    let at = query.at.unwrap_or(now);
    let (snapshot, looked_at) =
        futures_util::future::try_join(snapshot(&conn, &list, &query.list.page, at), async {
            Ok(store::looked_at(&conn, list.board).await?)
        })
        .await?;
    let page = cut(snapshot.as_ref(), &query.list.page);
    let ids: Vec<_> = page.items.iter().map(|entry| entry.article).collect();
    let shown = entry::show(&conn, &ids, &settings.public_url(), now).await?;
    let period = i64::from(settings.rankings.refresh_seconds);
    let current = query.at.is_none();
    let answer = BoardPage {
        board: list.board.key(),
        title: list.board.title(),
        scope: Scope { category: list.category },
        window: list.window.map(Window::name),
        snapshot_id: snapshot.as_ref().map(|snapshot| snapshot.id),
        taken_at: snapshot.as_ref().map(|snapshot| snapshot.taken_at),
        computed_at: snapshot.as_ref().map(|snapshot| snapshot.computed_at),
        next_refresh_at: looked_at.filter(|_| current).map(|at| at.plus_seconds(period)),
        stale: current && looked_at.is_none_or(|at| at.plus_seconds(MISSED * period) < now),
        items: page.items.iter().filter_map(|e| shown.entry(e, Source::Ranked)).collect(),
        page: page.page.clone(),
    };
    Answer::new(&answer, Cache::COUNTERS).untagged().link(page.link()).to(&request)
}

/// The snapshot a page shows: the one its cursor names, or the newest at `at`.
async fn snapshot(
    conn: &AsyncPgConnection,
    list: &List,
    page: &PageRequest,
    at: Timestamp,
) -> Result<Option<SnapshotRow>> {
    let Some(from) = page.from() else {
        return Ok(store::at(conn, list.board, list.scope, list.window, at).await?);
    };
    let found = store::by_id(conn, SnapshotId(from.id)).await?;
    let own = found.filter(|row| row.is_of(list.board, list.scope, list.window));
    own.map(Some).ok_or_else(|| Error::plain(Code::MalformedCursor))
}

/// The places of one page.
fn cut(snapshot: Option<&SnapshotRow>, request: &PageRequest) -> Page<Entry> {
    let Some(snapshot) = snapshot else {
        return request.page(Vec::new(), |_| Position { key: 0, id: ALL });
    };
    let entries = snapshot.visible_entries().into_iter();
    let take = request.limit.get() + 1;
    let rows: Vec<Entry> = match request.cursor {
        None => entries.take(take).collect(),
        Some(cursor) => {
            let from = cursor.position.key;
            match cursor.direction {
                Direction::Forward => {
                    entries.filter(|e| i64::from(e.rank) > from).take(take).collect()
                }
                Direction::Backward => {
                    entries.rev().filter(|e| i64::from(e.rank) < from).take(take).collect()
                }
            }
        }
    };
    request.page(rows, |entry| Position { key: i64::from(entry.rank), id: snapshot.id.0 })
}

/// List a board's snapshots
///
/// Newest first. A look that finds nothing changed makes no snapshot.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug.", example = "economy"),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given.", example = "24h"),
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
async fn list_snapshots(
    request: HttpRequest,
    Path(key): Path<String>,
    Query(query): Query<ListQuery>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let list = find(&conn, &key, &query).await?;
    let rows = store::history(&conn, list.board, list.scope, list.window, &query.page).await?;
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
    ),
    responses(
        (status = 200, description = "The snapshot.", body = Snapshot, headers(
            ("ETag" = String, description = "Version of this representation."),
            ("Last-Modified" = String, description = "When the snapshot was made."))),
        (status = 404, description = "No such board, or the board has no such snapshot, or has it no more."),
    ),
)]
#[get("/rankings/{board}/snapshots/{id}")]
async fn get_snapshot(
    request: HttpRequest,
    Path2(key, id): Path2<String, SnapshotId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let board = Board::from_key(&key).ok_or_else(|| Error::not_found(What::Board))?;
    let conn = db::get(&pool).await?;
    let row = store::by_id(&conn, id).await?.filter(|row| row.board() == Some(board));
    let row = row.ok_or_else(|| Error::not_found(What::Snapshot))?;
    let snapshot = Snapshot {
        id: row.id,
        board: board.key(),
        category_id: (row.scope != ALL).then_some(CategoryId(row.scope)),
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
        score: entry.score,
        article_id: entry.article,
    }
}

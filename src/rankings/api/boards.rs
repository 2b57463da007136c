//! Boards as they are, and as they were.

use super::query::{List, ListAt, ListQuery, board, find};
use crate::{
    clock::{Clock, Timestamp},
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Result},
    http::{
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::SnapshotId,
    page::{Direction, Page, PageRequest, Position},
    rankings::{
        board::{Board, Window},
        entry::{self, Entry},
        model::{BoardInfo, BoardList, BoardPage, Rule},
        order::ALL,
        store::{self, MISSED, SnapshotRow},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use diesel_async::AsyncPgConnection;

/// One page of a list, when.
#[derive(Debug)]
struct BoardQuery {
    list: ListQuery,
    at: Option<Timestamp>,
    page: PageRequest,
}

impl FromQuery for BoardQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let ListAt { list, at } = ListAt::read(reader)?;
        Some(Self { list, at, page: reader.page() })
    }
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
pub async fn list_boards(
    request: HttpRequest,
    _: Query<NoParameters>,
    settings: Data<Settings>,
) -> Result<HttpResponse> {
    let info = |board: Board| {
        let rule = board.rule();
        let sorts = if board.by_rate().is_some() { &["count", "rate"][..] } else { &["count"] };
        BoardInfo {
            key: board.key(),
            title: board.title(),
            windows: board.windows().iter().map(|window| window.name()).collect(),
            default_window: board.default_window().map(Window::name),
            scopes: vec!["all", "category", "publisher"],
            sorts: sorts.to_vec(),
            factual: board.is_factual(),
            refresh_seconds: settings.rankings.refresh_seconds,
            rule: Rule { ko: rule.ko, en: rule.en },
        }
    };
    let list = BoardList { items: Board::public().map(info).collect() };
    Answer::new(&list, Cache::CATALOGUE).to(&request)
}

/// Read a board
///
/// The newest snapshot, or with `at` the newest kept one at that moment: each minute for two hours,
/// quarters of an hour for two days, hours for 31 days, then days. Cursors stay with the snapshot of
/// the first page, so that pages join exactly; a cursor whose snapshot is forgotten is 400. Articles
/// withdrawn since are left out, and the ranks of the others stay what they were. Articles that tell one
/// report stand as one; `fold=none` shows each for itself, without pins.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug: rank it and its descendants alone.", example = "economy"),
        ("publisher" = Option<String>, Query, max_length = 120, description = "A publisher's slug: rank its articles alone. Not together with `category`."),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|72h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given."),
        ("sort" = Option<String>, Query, pattern = "^(count|rate)$", max_length = 8, description = "`rate`, of `most_reacted` alone: by reactions to views.", example = "count"),
        ("fold" = Option<String>, Query, pattern = "^(story|none)$", max_length = 5, description = "`story`, the default: each story once. `none`: each article for itself.", example = "story"),
        ("at" = Option<Timestamp>, Query, description = "A past moment."),
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
pub async fn get_board(
    request: HttpRequest,
    Path(key): Path<String>,
    Query(query): Query<BoardQuery>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (now, board) = (clock.now(), board(&key)?);
    let conn = db::get(&pool).await?;
    let list = find(&conn, board, &query.list).await?;
    let at = query.at.unwrap_or(now);
    let (snapshot, looked_at) =
        futures_util::future::try_join(snapshot(&conn, &list, &query.page, at), async {
            Ok(store::looked_at(&conn, list.key.board, list.key.window).await?)
        })
        .await?;
    let page = cut(snapshot.as_ref(), &query.page);
    let ids: Vec<_> = page.items.iter().map(|entry| entry.article).collect();
    // How long each stood there is told as of the moment that is asked for.
    let shown = entry::show(&conn, &ids, &settings.public_url(), at.min(now)).await?;
    let period = i64::from(settings.rankings.refresh_seconds);
    let current = query.at.is_none();
    let raw = list.key.raw;
    let answer = BoardPage {
        board: board.key(),
        sort: list.sort(),
        title: board.title(),
        window: list.key.window.map(Window::name),
        scope: list.scope.shown,
        snapshot_id: snapshot.as_ref().map(|snapshot| snapshot.id),
        taken_at: snapshot.as_ref().map(|snapshot| snapshot.taken_at),
        computed_at: snapshot.as_ref().map(|snapshot| snapshot.computed_at),
        next_refresh_at: looked_at.filter(|_| current).map(|at| at.plus_seconds(period)),
        stale: current && looked_at.is_none_or(|at| at.plus_seconds(MISSED * period) < now),
        items: page.items.iter().filter_map(|e| shown.entry(e, e.source, raw)).collect(),
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
    let key = &list.key;
    let Some(from) = page.from() else {
        return Ok(store::at(conn, key, at).await?);
    };
    let found = store::by_id(conn, SnapshotId(from.id), key.raw).await?;
    let own = found.filter(|row| row.is_of(key.board, key.scope, key.window));
    own.map(Some).ok_or_else(|| Error::plain(Code::MalformedCursor))
}

/// The places of one page.
fn cut(snapshot: Option<&SnapshotRow>, request: &PageRequest) -> Page<Entry> {
    let Some(snapshot) = snapshot else {
        return request.page(Vec::new(), |_| Position { key: 0, id: ALL });
    };
    let entries = snapshot.visible_entries().into_iter();
    let take = request.limit.get() + 1;
    let rows: Vec<Entry> = match &request.cursor {
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

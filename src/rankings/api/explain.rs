//! Why an article stands where it stands, and where it stood.

use super::query::{ListAt, ListQuery, PagedList, board, find};
use crate::{
    articles::{access::visible, store as articles},
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::Result,
    http::{
        conditional::{Answer, Cache},
        params::{Path, Path2},
        query::{FromQuery, Query, QueryReader},
    },
    ids::ArticleId,
    page::{PageRequest, Position},
    rankings::{
        board::Board,
        explain::{self, Asked},
        model::{Explanation, HistoryPage, PastPlace},
        overrides,
        store::{self, SnapshotRow},
    },
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

/// Explain an article's place
///
/// Every figure that its score on a list was made of, after caps, and the formula: filled in, it gives the
/// score. Also for one that is not listed: whether its story is, shown by another article, or editors
/// keep it off. With `at`, as of a past moment.
#[utoipa::path(
    tag = "rankings",
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "popular"),
        ("id" = ArticleId, Path, description = "The article."),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug."),
        ("publisher" = Option<String>, Query, max_length = 120, description = "A publisher's slug. Not together with `category`."),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|72h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given."),
        ("sort" = Option<String>, Query, pattern = "^(count|rate)$", max_length = 8, description = "`rate`, of `most_reacted` alone.", example = "count"),
        ("fold" = Option<String>, Query, pattern = "^(story|none)$", max_length = 5, description = "`story`, the default: each story once. `none`: each article for itself.", example = "story"),
        ("at" = Option<Timestamp>, Query, description = "A past moment."),
    ),
    responses(
        (status = 200, description = "Why.", body = Explanation,
            headers(("ETag" = String, description = "Version of this representation."))),
        (status = 404, description = "No such board, or no such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/rankings/{board}/articles/{id}/explain")]
pub async fn explain_rank(
    request: HttpRequest,
    Path2(key, article): Path2<String, ArticleId>,
    Query(query): Query<ListAt>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (board, at) = (board(&key)?, query.at.unwrap_or_else(|| clock.now()));
    let conn = db::get(&pool).await?;
    let found = articles::find(&conn, article, &settings.public_url()).await?;
    let story = visible(found, None)?.summary.story_id;
    let list = find(&conn, board, &query.list).await?;
    let (snapshot, decisions) = futures_util::future::try_join(
        store::at(&conn, &list.key, at),
        overrides::about(&conn, board, list.key.scope, article, at),
    )
    .await?;
    let entries = snapshot.as_ref().map_or_else(Vec::new, SnapshotRow::entries);
    let own = entries.iter().find(|entry| entry.article == article);
    let of_story = |story| entries.iter().find(|entry| entry.story == story);
    let shown = own.or_else(|| story.and_then(|story| of_story(story.0)));
    let asked = Asked {
        board: list.key.board,
        window: list.key.window,
        scope: list.scope.shown,
        snapshot: snapshot.as_ref().map(|snapshot| (snapshot.id, snapshot.taken_at)),
        article,
    };
    let explanation: Explanation = explain::explain(asked, shown, decisions);
    Answer::new(&explanation, Cache::CONTENT).to(&request)
}

/// Places of an article on one list.
#[derive(Debug)]
struct PastQuery {
    board: Board,
    list: ListQuery,
    page: PageRequest,
}

impl FromQuery for PastQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let boards: Vec<_> = Board::public().map(|board| (board.key(), board)).collect();
        let board = reader.word("board", &boards);
        let PagedList { list, page } = PagedList::read(reader)?;
        Some(Self { board: board.unwrap_or(Board::MostViewed), list, page })
    }
}

/// List the places an article had
///
/// On one list, newest first, as far as its snapshots are kept. Without parameters: on `most_viewed` over
/// all.
#[utoipa::path(
    tag = "rankings",
    params(
        ("id" = ArticleId, Path, description = "The article."),
        ("board" = Option<String>, Query, pattern = "^(most_viewed|most_reacted|most_shared|popular|trending|recommended|latest)$", max_length = 64, description = "The board's key; `most_viewed` when not given.", example = "most_viewed"),
        ("category" = Option<String>, Query, max_length = 120, description = "A category's slug."),
        ("publisher" = Option<String>, Query, max_length = 120, description = "A publisher's slug. Not together with `category`."),
        ("window" = Option<String>, Query, pattern = "^(1h|24h|72h|7d|30d)$", max_length = 8, description = "One of the board's windows; its default when not given."),
        ("sort" = Option<String>, Query, pattern = "^(count|rate)$", max_length = 8, description = "`rate`, of `most_reacted` alone.", example = "count"),
        ("fold" = Option<String>, Query, pattern = "^(story|none)$", max_length = 5, description = "`story`, the default: each story once. `none`: each article for itself.", example = "story"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Items per page; 20 when not given."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`next` or `prev` of another page."),
    ),
    responses(
        (status = 200, description = "One page of places.", body = HistoryPage, headers(
            ("ETag" = String, description = "Version of this representation."),
            ("Link" = String, description = "The neighbouring pages (RFC 8288)."))),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/articles/{id}/ranking-history")]
pub async fn list_past_places(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    Query(query): Query<PastQuery>,
    pool: Data<Pool>,
    settings: Data<Settings>,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    visible(articles::find(&conn, article, &settings.public_url()).await?, None)?;
    let list = find(&conn, query.board, &query.list).await?;
    let rows = store::places(&conn, &list.key, article, &query.page).await?;
    let place =
        |past: &PastPlace| Position { key: past.taken_at.as_millis(), id: past.snapshot_id.0 };
    let page = query.page.page(rows, place);
    let link = page.link();
    Answer::new(&HistoryPage::from(page), Cache::CONTENT).link(link).to(&request)
}

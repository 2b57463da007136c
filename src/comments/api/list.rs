//! Threads, replies, single comments.

use crate::{
    clock::Clock,
    comments::{
        fit::{PAGE_BYTES, fit},
        model::{
            Comment, CommentInPlace, Exploration, ReplyPage, Status, ThreadComment, ThreadPage,
        },
        store::{
            heads::head,
            lists::{self, Place},
            one,
            rows::{KeyedRow, Row},
        },
    },
    config::{CommentSort, Settings},
    db::{self, Pool},
    error::{Error, Result, What},
    http::{
        auth::{MaybeCaller, Principal, Scope, Who},
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{ArticleId, CommentId, PublisherId},
    page::{Cursor, Direction, Limit, PageRequest, Position, link},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use utoipa::IntoParams;

/// The place of the first page of `best` that is offered to comments with few votes.
const EXPLORED: u8 = 5;

/// Seconds that one comment is offered.
const SLOT_S: i64 = 300;

/// The order of a list.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct SortParams {
    /// The order; the policy's `default_sort` when absent.
    sort: Option<CommentSort>,
}

/// The order of a list of replies.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct ReplySortParams {
    /// The order: `oldest` when absent, `newest`, or `best`.
    sort: Option<CommentSort>,
}

/// What a list of threads is asked for.
#[derive(Debug)]
pub struct Threads {
    sort: Option<CommentSort>,
    page: PageRequest,
}

impl FromQuery for Threads {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self { sort: reader.word("sort", &CommentSort::ALL), page: reader.page() })
    }
}

/// What a list of replies is asked for.
#[derive(Debug)]
pub struct Replies {
    sort: CommentSort,
    page: PageRequest,
}

impl FromQuery for Replies {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let all = CommentSort::ALL.into_iter().take(3).collect::<Vec<_>>();
        let sort = reader.word("sort", &all).unwrap_or(CommentSort::Oldest);
        Some(Self { sort, page: reader.page() })
    }
}

/// List the comments on an article
///
/// Comments on the article itself, each with the first of its replies. The order holds while you page:
/// what is voted or replied meanwhile moves no comment over a cursor. Pending and held comments are not
/// there; removed ones keep their place. The same for everybody.
#[utoipa::path(
    tag = "comments",
    params(("id" = ArticleId, Path, description = "The article."), SortParams, PageRequest),
    responses(
        (status = 200, description = "One page of threads.", body = ThreadPage, headers(("Cache-Control"), ("Link"))),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn, and its comments with it."),
    ),
)]
#[get("/articles/{id}/comments")]
pub async fn list_comments(
    Path(article): Path<ArticleId>,
    Query(asked): Query<Threads>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let site = &settings.comments;
    let head = head(&conn, article, site).await?;
    let sort = asked.sort.unwrap_or(head.policy.default_sort);
    let mut page = asked.page;
    let first = page.cursor.is_none();
    let rows = lists::page(&conn, Place::Roots(article), sort, &page).await?;
    lists::mark(&mut page, &rows);
    let threads = threads(&conn, &page, rows, site.first_replies).await?;
    let slot = clock.now().as_seconds().div_euclid(SLOT_S);
    let explores = first && site.exploration && sort == CommentSort::Best;
    let (pinned, explored) = tokio::try_join!(
        async { if first { lists::pinned(&conn, article).await } else { Ok(Vec::new()) } },
        async {
            if explores { lists::exploration(&conn, article, slot).await } else { Ok(Vec::new()) }
        },
    )?;
    drop(conn);
    let sizes = threads.iter().map(|thread| size(&thread.1));
    let fitting = fit(sizes, PAGE_BYTES);
    let more = threads.len() > fitting.min(page.limit.get());
    let limit = page.limit;
    if fitting < limit.get() && more {
        let shorter = i64::try_from(fitting).ok().and_then(Limit::new);
        page.limit = shorter.unwrap_or(limit);
    }
    let cut = page.page(threads, |(position, _)| *position);
    let mut info = cut.page;
    info.limit = u8::try_from(limit.get()).unwrap_or(Limit::MAX);
    let items: Vec<_> = cut.items.into_iter().map(|(_, thread)| thread).collect();
    let enough = items.len() >= usize::from(EXPLORED);
    let exploration = explored
        .into_iter()
        .next()
        .filter(|_| enough)
        .map(|row| Exploration { position: EXPLORED, comment: row.public() });
    let pinned = pinned.into_iter().map(Row::public).collect();
    let link = link(&info, &cut.base);
    let body = ThreadPage { sort, pinned, exploration, items, page: info };
    Answer::new(&body, Cache::COUNTERS)
        .untagged()
        .cache_tag(format!("comments-{article}"))
        .link(link)
        .to(&request)
}

/// Bytes of an item in JSON.
fn size(thread: &ThreadComment) -> usize {
    serde_json::to_vec(thread).map_or(0, |bytes| bytes.len())
}

/// The comments with the first of their replies, and where each stands in the list.
async fn threads(
    conn: &AsyncPgConnection,
    page: &PageRequest,
    rows: Vec<KeyedRow>,
    most: u32,
) -> Result<Vec<(Position, ThreadComment)>> {
    let shown = rows.iter().take(page.limit.get());
    let of: Vec<_> =
        shown.filter(|row| row.comment.replies > 0).map(|row| row.comment.id).collect();
    let mut replies: HashMap<CommentId, Vec<Comment>> = HashMap::new();
    if most > 0 && !of.is_empty() {
        for row in lists::first_replies(conn, &of, most).await? {
            let Some(parent) = row.parent_id else { continue };
            replies.entry(parent).or_default().push(row.public());
        }
    }
    let thread = |row: KeyedRow| {
        let position = Position { key: row.key, id: row.comment.id.0 };
        let comment = row.comment.public();
        let replies = replies.remove(&comment.id).unwrap_or_default();
        let shown = i32::try_from(replies.len()).unwrap_or(i32::MAX);
        let last = replies.last().map(|reply| reply.id);
        let replies_next = last.filter(|_| comment.reply_count > shown).map(|last| {
            let position = Position { key: 0, id: last.0 };
            let cursor = Cursor { direction: Direction::Forward, position, mark: Vec::new() };
            cursor.encode(replies_query(comment.id))
        });
        (position, ThreadComment { comment, replies, replies_next })
    };
    Ok(rows.into_iter().map(thread).collect())
}

/// The query that cursors into the replies of a comment are bound to.
fn replies_query(comment: CommentId) -> u64 {
    let mut reader = QueryReader::new(&format!("/v1/comments/{comment}/replies"), "");
    reader.page().query
}

/// List the replies to a comment
///
/// Direct replies, the oldest first unless another order is asked for. The same for everybody.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment."), ReplySortParams, PageRequest),
    responses(
        (status = 200, description = "One page of replies.", body = ReplyPage, headers(("Cache-Control"), ("Link"))),
        (status = 404, description = "There is no such comment."),
        (status = 410, description = "The article was withdrawn, and its comments with it."),
    ),
)]
#[get("/comments/{id}/replies")]
pub async fn list_replies(
    Path(id): Path<CommentId>,
    Query(asked): Query<Replies>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let found = one::find(&conn, id).await?.filter(|row| row.listed);
    let row = found.ok_or_else(|| Error::not_found(What::Comment))?;
    head(&conn, row.article_id, &settings.comments).await?;
    let mut page = asked.page;
    let place = Place::Replies(row.article_id, id);
    let rows = lists::page(&conn, place, asked.sort, &page).await?;
    drop(conn);
    lists::mark(&mut page, &rows);
    let page = page
        .page(rows, |row| Position { key: row.key, id: row.comment.id.0 })
        .map(|row| row.comment.public());
    let link = page.link();
    Answer::new(&ReplyPage::from(page), Cache::COUNTERS)
        .untagged()
        .cache_tag(format!("comments-{}", row.article_id))
        .link(link)
        .to(&request)
}

/// Get a comment
///
/// With the comments above it. Pending and held comments are seen by their author and by moderators
/// only, who also read what was removed.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    responses(
        (status = 200, description = "The comment.", body = CommentInPlace, headers(("Cache-Control"))),
        (status = 404, description = "There is no such comment for you."),
        (status = 410, description = "The article was withdrawn, and its comments with it."),
    ),
)]
#[get("/comments/{id}")]
pub async fn get_comment(
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    caller: MaybeCaller,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let found = one::find(&conn, id).await?;
    let row = found.ok_or_else(|| Error::not_found(What::Comment))?;
    let head = head(&conn, row.article_id, &settings.comments).await?;
    let insider = caller.0.as_ref().is_some_and(|caller| sees_all(caller, &row, head.publisher));
    if !row.listed && !insider {
        return Err(Error::not_found(What::Comment));
    }
    let ancestors = one::all(&conn, &row.path).await?.into_iter().map(Row::public).collect();
    drop(conn);
    let article = row.article_id;
    let open = row.listed && row.status() == Status::Visible;
    let comment = if insider { row.own() } else { row.public() };
    let body = CommentInPlace { comment, ancestors };
    let cache = if insider && !open { Cache::Private } else { Cache::COUNTERS };
    let answer = Answer::new(&body, cache).untagged();
    answer.cache_tag(format!("comments-{article}")).to(&request)
}

/// Whether the caller wrote the comment, or moderates where it stands.
pub fn sees_all(caller: &Principal, row: &Row, publisher: PublisherId) -> bool {
    let wrote = match &caller.who {
        Who::Account(account) => row.account_id == Some(account.id),
        Who::Key(_) => false,
    };
    wrote || (caller.holds(Scope::CommentsModerate) && caller.covers(publisher))
}

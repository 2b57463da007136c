use super::access::{lock, view};
use crate::{
    articles::{
        access::{cache, visible},
        corrections::{self, CorrectionPage, NewCorrection},
        model::{Article, Correction},
        resolve,
        revisions::{self, RevisionDetail, RevisionPage},
        store, write,
    },
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::{Error, Result, What},
    http::{
        auth::{Allowed, ArticlesWrite, MaybeCaller},
        body::{Sent, check},
        conditional::{Answer, Cache, IfMatch, written},
        idempotency::{Once, Stored},
        params::{Path, Path2},
        query::{NoParameters, Query},
    },
    ids::ArticleId,
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, post, web::Data};
use uuid::Uuid;

/// List the corrections of an article
///
/// Every notice, oldest first: what was wrong and is now right.
#[utoipa::path(
    tag = "articles",
    params(("id" = ArticleId, Path, description = "Article id."), PageRequest),
    responses(
        (status = 200, description = "The notices, oldest first.", body = CorrectionPage, headers(("ETag"), ("Cache-Control"), ("Link"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 404, description = "There is no such article, or it is not published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/articles/{id}/corrections")]
pub async fn list_corrections(
    caller: MaybeCaller,
    id: Path<ArticleId>,
    page: Query<PageRequest>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let found = store::find(&conn, id.0, &settings.public_url()).await?;
    let article = visible(found, caller.0.as_ref())?;
    let keep = cache(article.status);
    let request_page = page.0;
    let place = |c: &Correction| Position { key: c.published_at.as_millis(), id: c.id.0 };
    // An article has few; it carries them all itself.
    let beyond = |c: &Correction| match request_page.from() {
        None => true,
        Some(from) if request_page.backward() => (place(c).key, place(c).id) < (from.key, from.id),
        Some(from) => (place(c).key, place(c).id) > (from.key, from.id),
    };
    let mut rows: Vec<_> = article.corrections.into_iter().filter(beyond).collect();
    if request_page.backward() {
        rows.reverse();
    }
    let page = request_page.page(rows, place);
    let link = page.link();
    Answer::new(&CorrectionPage::from(page), keep)
        .link(link)
        .cache_tag(format!("article-{}", id.0))
        .to(&request)
}

/// Add a correction notice
///
/// It stands in the article from then on, and `corrected_at` says when the last one came.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    request_body(content = NewCorrection, description = "The notice.", example = json!({"kind": "correction", "text": "둘째 문단의 날짜를 21일에서 22일로 바로잡습니다."})),
    responses(
        (status = 201, description = "The notice as it was created.", body = Correction, headers(("Location"), ("Idempotency-Replayed"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "A request with this Idempotency-Key is being worked on."),
    ),
)]
#[post("/articles/{id}/corrections")]
pub async fn create_correction(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    sent: Sent<NewCorrection>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (caller, now, public_url) = (caller.0, clock.now(), settings.public_url());
    Once::new(&request, &caller, &sent.bytes)?
        .run(&pool, async |conn| {
            let there = lock(conn, id.0, &caller, None, &public_url).await?;
            let correction = corrections::add(conn, &there, &sent.value, &caller.name, now).await?;
            let location = format!("/v1/articles/{}/corrections", id.0);
            Ok(Stored::json(StatusCode::CREATED, &correction)?.with_header("location", location))
        })
        .await
}

/// List the revisions of an article
///
/// Newest first, the present one included.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id."), PageRequest),
    responses(
        (status = 200, description = "One page of the history.", body = RevisionPage, headers(("ETag"), ("Cache-Control"), ("Link"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
    ),
)]
#[get("/articles/{id}/revisions")]
pub async fn list_revisions(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    page: Query<PageRequest>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    owned(&conn, id.0, &caller, &settings).await?;
    let page = page.0;
    let from = page.from().map(|from| from.key);
    let rows = revisions::list(&conn, id.0, from, page.backward(), page.limit.plus_one()).await?;
    let page = page.page(rows, |r| Position { key: i64::from(r.revision), id: Uuid::nil() });
    let link = page.link();
    Answer::new(&RevisionPage::from(page), Cache::Private).link(link).to(&request)
}

/// Get one revision of an article
///
/// The content as one would send it, and what it changed.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(
        ("id" = ArticleId, Path, description = "Article id."),
        ("revision" = i32, Path, description = "Its number.", minimum = 1, maximum = 2_147_483_647, example = 1),
    ),
    responses(
        (status = 200, description = "The revision.", body = RevisionDetail, headers(("ETag"), ("Cache-Control"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 404, description = "There is no such article or revision, or the caller may not know of it."),
    ),
)]
#[get("/articles/{id}/revisions/{revision}")]
pub async fn get_revision(
    caller: Allowed<ArticlesWrite>,
    path: Path2<ArticleId, RevisionNumber>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    owned(&conn, path.0, &caller, &settings).await?;
    let detail: RevisionDetail = revisions::find(&conn, path.0, path.1.0)
        .await?
        .ok_or_else(|| Error::not_found(What::Revision))?;
    Answer::new(&detail, Cache::Private).to(&request)
}

/// Restore a revision
///
/// Its content becomes the present one, as a new revision; the status stays.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(
        ("id" = ArticleId, Path, description = "Article id."),
        ("revision" = i32, Path, description = "Its number.", minimum = 1, maximum = 2_147_483_647, example = 1),
    ),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article or revision, or the caller may not know of it."),
        (status = 409, description = "Its slug or external id is another article's by now."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[post("/articles/{id}/revisions/{revision}/restore")]
pub async fn restore_revision(
    caller: Allowed<ArticlesWrite>,
    path: Path2<ArticleId, RevisionNumber>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (caller, now, public_url) = (caller.0, clock.now(), settings.public_url());
    let mut conn = db::get(&pool).await?;
    let article = db::transaction(&mut conn, async |conn| {
        let there = lock(conn, path.0, &caller, Some(&if_match), &public_url).await?;
        let old = revisions::find(conn, path.0, path.1.0)
            .await?
            .ok_or_else(|| Error::not_found(What::Revision))?;
        let draft = resolve::draft(conn, &caller, check(old.content)?).await?;
        write::replace(conn, there, &draft, &caller.name, now).await?;
        view(conn, path.0, &public_url).await
    })
    .await?;
    written(StatusCode::OK, &article, article.revision)
}

/// The number of a revision: 1 and up.
#[derive(Debug, Clone, Copy)]
pub struct RevisionNumber(i32);

impl std::str::FromStr for RevisionNumber {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = !text.starts_with('0') && text.bytes().all(|b| b.is_ascii_digit());
        text.parse().ok().filter(|n| digits && *n >= 1).map(Self).ok_or(())
    }
}

/// Fails unless the caller writes for the article's publisher.
async fn owned(
    conn: &diesel_async::AsyncPgConnection,
    id: ArticleId,
    caller: &Allowed<ArticlesWrite>,
    settings: &Settings,
) -> Result<()> {
    let found = store::find(conn, id, &settings.public_url()).await?;
    let found = found.ok_or_else(|| Error::not_found(What::Article))?;
    if caller.0.covers(found.publisher_id) { Ok(()) } else { Err(Error::not_found(What::Article)) }
}

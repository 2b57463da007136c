use super::params::{ArticleListParams, ArticleParams, ArticleParts, ArticleQuery};
use crate::{
    articles::{
        access,
        input::external_id,
        listings,
        model::{Article, ArticlePage, ListedArticle, Status},
        resolve, store,
    },
    clock::Clock,
    config::Settings,
    counters::{self, model::Counters},
    db::{self, Pool},
    error::{Code, Error, Result, What},
    http::{
        auth::{MaybeCaller, Scope},
        conditional::{Answer, Cache},
        params::{Path, Path2},
        query::Query,
    },
    ids::ArticleId,
    page::link,
    slug::in_path,
    text::is_slug,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use diesel_async::AsyncPgConnection;
use serde_json::Value;

/// The media type of answers that leave members out.
const SPARSE: &str = "application/vnd.sosik.sparse+json";

/// List articles
///
/// Published articles, newest first unless `sort` says otherwise. Values of one filter are
/// alternatives, filters narrow each other, and all are applied before the limit.
#[utoipa::path(
    tag = "articles",
    params(ArticleListParams),
    responses(
        (status = 200, description = "One page.", content((ArticlePage = "application/json"), (super::params::SparseArticlePage = "application/vnd.sosik.sparse+json", example = json!({"items": [{"id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "headline": "기준금리 동결"}], "page": {"next": null, "prev": null, "limit": 20}}))), headers(("ETag"), ("Cache-Control"), ("Link"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 403, description = "The key may not see what is not published."),
    ),
)]
#[get("/articles")]
pub async fn list_articles(
    caller: MaybeCaller,
    query: Query<ArticleQuery>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let ArticleQuery { named, status, sort, parts, page } = query.0;
    let conn = db::get(&pool).await?;
    let filter = resolve::filter(&conn, named).await?;
    let (entries, cache) = if status == Status::Published {
        (listings::published(&conn, &filter, sort, &page).await?, Cache::CONTENT)
    } else {
        let caller = caller.0.ok_or_else(|| Error::plain(Code::Unauthenticated))?;
        if !caller.holds(Scope::ArticlesWrite) {
            return Err(Error::plain(Code::InsufficientScope));
        }
        let rows = listings::unpublished(&conn, &filter, status, caller.publisher, &page).await?;
        (rows, Cache::Private)
    };
    let entries = page.page(entries, listings::Entry::position);
    let ids: Vec<_> = entries.items.iter().map(|entry| entry.article_id).collect();
    let public_url = settings.public_url();
    let (articles, counters) = tokio::try_join!(
        // What was withdrawn since the list was read is left out.
        store::summaries_of_status(&conn, &ids, status, &public_url),
        counters_of(&conn, &ids, parts.counters, &clock),
    )?;
    // By id: what was withdrawn or deleted since the list was read has none.
    let of = |id| counters.iter().find(|counters| counters.article_id == id).cloned();
    let items = articles
        .into_iter()
        .map(|article| ListedArticle { counters: of(article.id), article })
        .collect();
    let page = ArticlePage { items, page: entries.page };
    let cache = if parts.counters && cache != Cache::Private { Cache::COUNTERS } else { cache };
    let link = link(&page.page, &entries.base);
    match &parts.fields {
        None => answer(&page, cache, parts.counters).link(link).cache_tag("articles").to(&request),
        Some(fields) => {
            let mut value = serde_json::to_value(&page).map_err(Error::internal)?;
            if let Some(Value::Array(items)) = value.get_mut("items") {
                items.iter_mut().for_each(|item| keep(item, fields));
            }
            let answer = answer(&value, cache, parts.counters).link(link).cache_tag("articles");
            answer.media_type(SPARSE).to(&request)
        }
    }
}

/// Get one article
///
/// An article that was withdrawn is 410 with a tombstone. Drafts are seen with a key of their publisher.
#[utoipa::path(
    tag = "articles",
    params(("id" = ArticleId, Path, description = "Article id."), ArticleParams),
    responses(
        (status = 200, description = "The article.", content((Article = "application/json"), (super::params::SparseArticle = "application/vnd.sosik.sparse+json", example = json!({"id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "headline": "기준금리 동결"}))), headers(("ETag"), ("Last-Modified"), ("Cache-Control"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 404, description = "There is no such article, or it is not published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/articles/{id}")]
pub async fn get_article(
    caller: MaybeCaller,
    id: Path<ArticleId>,
    parts: Query<ArticleParts>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    one(&conn, id.0, &caller, &parts.0, &settings, &clock, &request).await
}

/// Get one article by its slug
///
/// A slug the article had before redirects to the one it has now.
#[utoipa::path(
    tag = "articles",
    params(("slug" = String, Path, description = "Article slug.", max_length = 160, example = "기준금리-동결"), ArticleParams),
    responses(
        (status = 200, description = "The article.", content((Article = "application/json"), (super::params::SparseArticle = "application/vnd.sosik.sparse+json", example = json!({"id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "headline": "기준금리 동결"}))), headers(("ETag"), ("Last-Modified"), ("Cache-Control"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 308, description = "The article has another slug now.", headers(("Location"))),
        (status = 404, description = "No published article has or had this slug."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/articles/by-slug/{slug}")]
pub async fn get_article_by_slug(
    caller: MaybeCaller,
    slug: Path<String>,
    parts: Query<ArticleParts>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    if !is_slug(&slug.0) {
        return Err(Error::not_found(What::Article));
    }
    let conn = db::get(&pool).await?;
    let (id, current) = store::by_slug(&conn, &slug.0)
        .await
        .and_then(|found| found.ok_or_else(|| Error::not_found(What::Article)))?;
    if current == slug.0 {
        return one(&conn, id, &caller, &parts.0, &settings, &clock, &request).await;
    }
    // What the caller may not see must not be found by an old name either.
    let found = store::find(&conn, id, &settings.public_url()).await?;
    let status = access::visible(found, caller.0.as_ref())?.status;
    let kept = match status {
        Status::Published => "public, max-age=10, s-maxage=30",
        _ => "private, no-store",
    };
    let path = in_path(&current);
    let query = match request.query_string() {
        "" => String::new(),
        query => format!("?{query}"),
    };
    Ok(HttpResponse::PermanentRedirect()
        .insert_header(("location", format!("/v1/articles/by-slug/{path}{query}")))
        .insert_header(("cache-control", kept))
        .finish())
}

/// Get one article by its publisher's own id
///
/// The same as by id. What was withdrawn is 410 with a tombstone.
#[utoipa::path(
    tag = "articles",
    params(
        ("publisher" = String, Path, description = "Publisher slug.", max_length = 120, example = "haneul-ilbo"),
        ("external_id" = String, Path, description = "The publisher's own id, percent-encoded.", max_length = 500, example = "20261122-0001"),
        ArticleParams,
    ),
    responses(
        (status = 200, description = "The article.", content((Article = "application/json"), (super::params::SparseArticle = "application/vnd.sosik.sparse+json", example = json!({"id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "headline": "기준금리 동결"}))), headers(("ETag"), ("Last-Modified"), ("Cache-Control"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 404, description = "There is no such publisher or article, or it is not published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/publishers/{publisher}/articles/{external_id}")]
pub async fn get_publisher_article(
    caller: MaybeCaller,
    path: Path2<String, String>,
    parts: Query<ArticleParts>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let (publisher, _) = resolve::publisher(&conn, &path.0)
        .await?
        .ok_or_else(|| Error::not_found(What::Publisher))?;
    // A text that cannot be an id is nobody's; one that can is kept in NFC.
    let external_id = external_id(&path.1).map_err(|_| Error::not_found(What::Article))?;
    let id = store::by_external_id(&conn, publisher, &external_id)
        .await?
        .ok_or_else(|| Error::not_found(What::Article))?;
    one(&conn, id, &caller, &parts.0, &settings, &clock, &request).await
}

async fn one(
    conn: &AsyncPgConnection,
    id: ArticleId,
    caller: &MaybeCaller,
    parts: &ArticleParts,
    settings: &Settings,
    clock: &Clock,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    let public_url = settings.public_url();
    let (found, counters) = tokio::try_join!(
        store::find(conn, id, &public_url),
        counters_of(conn, std::slice::from_ref(&id), parts.counters, clock),
    )?;
    let article = access::visible(found, caller.0.as_ref())?;
    let cache = match access::cache(article.status) {
        Cache::Public { .. } if parts.counters => Cache::COUNTERS,
        cache => cache,
    };
    let (revision, modified) = (article.revision, article.summary.updated_at);
    let article = ArticleWithCounters { article, counters: counters.into_iter().next() };
    let tag = format!("article-{id}");
    if let Some(fields) = &parts.fields {
        let mut value = serde_json::to_value(&article).map_err(Error::internal)?;
        keep(&mut value, fields);
        let answer = answer(&value, cache, parts.counters).modified(modified).cache_tag(tag);
        return answer.media_type(SPARSE).to(request);
    }
    answer(&article, cache, parts.counters)
        .revision(revision)
        .modified(modified)
        .cache_tag(tag)
        .to(request)
}

#[derive(Debug, serde::Serialize)]
struct ArticleWithCounters {
    #[serde(flatten)]
    article: Article,
    #[serde(skip_serializing_if = "Option::is_none")]
    counters: Option<Counters>,
}

fn answer<T: serde::Serialize>(body: &T, cache: Cache, with_counters: bool) -> Answer<'_, T> {
    let answer = Answer::new(body, cache);
    if with_counters { answer.untagged() } else { answer }
}

async fn counters_of(
    conn: &AsyncPgConnection,
    ids: &[ArticleId],
    wanted: bool,
    clock: &Clock,
) -> Result<Vec<Counters>> {
    if !wanted {
        return Ok(Vec::new());
    }
    Ok(counters::store::of(conn, ids, clock.now()).await?)
}

/// Leaves the members asked for.
fn keep(value: &mut Value, fields: &[&str]) {
    if let Value::Object(members) = value {
        members.retain(|name, _| fields.contains(&name.as_str()));
    }
}

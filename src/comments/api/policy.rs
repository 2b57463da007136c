//! Who sets what: the policy of an article, a publisher, a category.

use crate::{
    clock::Clock,
    comments::store::heads::{self, Head},
    config::Settings,
    db::{self, Pool},
    error::{OrNotFound, Result, What},
    http::{
        auth::{Admin, Allowed, AllowedEither, ArticlesWrite, CommentsModerate},
        body::Body,
        conditional::{Answer, Cache},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
    policies::{
        model::{CommentPolicy, PolicySettings, Source},
        store::{self, Owner},
    },
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, get, http::header::CACHE_CONTROL, put, web::Data};
use diesel_async::AsyncPgConnection;
use uuid::Uuid;

async fn view(conn: &AsyncPgConnection, head: Head, clock: &Clock) -> Result<CommentPolicy> {
    let owner = Owner { source: Source::Article, id: head.id.0 };
    Ok(CommentPolicy {
        article_id: head.id,
        accepts_comments: head.policy.accepts(clock.now()),
        effective: head.policy,
        sources: head.sources,
        own: store::own(conn, owner).await?,
    })
}

/// Get the comment policy of an article
///
/// Each value in effect, and who set it: the site, the publisher, a category or the article.
#[utoipa::path(
    tag = "comments",
    params(("id" = ArticleId, Path, description = "The article.")),
    responses(
        (status = 200, description = "The policy.", body = CommentPolicy, headers(("ETag"), ("Cache-Control"))),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn, and its comments are closed."),
    ),
)]
#[get("/articles/{id}/comment-policy")]
pub async fn get_comment_policy(
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let head = heads::head(&conn, article, &settings.comments).await?;
    let body = view(&conn, head, &clock).await?;
    Answer::new(&body, Cache::CONTENT).to(&request)
}

/// Set the comment policy of an article
///
/// Takes the place of what the article set before; a member that is absent or `null` is as the category,
/// the publisher or the site has it. Needs `articles:write` or `comments:moderate`.
#[utoipa::path(
    tag = "comments",
    params(("id" = ArticleId, Path, description = "The article.")),
    security(("api_key" = ["articles:write"]), ("api_key" = ["comments:moderate"])),
    request_body(content = PolicySettings, description = "What the article sets."),
    responses(
        (status = 200, description = "The policy in effect.", body = CommentPolicy),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[put("/articles/{id}/comment-policy")]
pub async fn put_comment_policy(
    caller: AllowedEither<ArticlesWrite, CommentsModerate>,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    Body(input): Body<PolicySettings>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let head = heads::head(&conn, article, &settings.comments).await?;
    caller.0.must_cover(head.publisher)?;
    let owner = Owner { source: Source::Article, id: article.0 };
    store::put(&mut conn, owner, &input, &caller.0.name, clock.now()).await?;
    let head = heads::head(&conn, article, &settings.comments).await?;
    let body = view(&conn, head, &clock).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(body))
}

/// The publisher or category of this slug.
async fn owner(conn: &AsyncPgConnection, source: Source, slug: &Slug) -> Result<Owner> {
    let (what, id) = match source {
        Source::Publisher => (What::Publisher, store::publisher(conn, slug.as_str()).await),
        _ => (What::Category, store::category(conn, slug.as_str()).await),
    };
    let id: Uuid = id.or_not_found(what)?;
    Ok(Owner { source, id })
}

async fn read(
    pool: &Pool,
    source: Source,
    slug: &Slug,
    request: &HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(pool).await?;
    let owner = owner(&conn, source, slug).await?;
    let own = store::own(&conn, owner).await?;
    Answer::new(&own, Cache::CATALOGUE).to(request)
}

/// Get the comment policy of a publisher
///
/// What the publisher itself sets; `null` where it leaves a value as the site has it.
#[utoipa::path(
    tag = "comments",
    params(("slug" = Slug, Path, description = "Its slug.")),
    responses(
        (status = 200, description = "What it sets.", body = PolicySettings, headers(("ETag"), ("Cache-Control"))),
        (status = 404, description = "There is no such publisher."),
    ),
)]
#[get("/publishers/{slug}/comment-policy")]
pub async fn get_publisher_comment_policy(
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    read(&pool, Source::Publisher, &slug, &request).await
}

/// Set the comment policy of a publisher
///
/// For all its articles, unless their category or they themselves set another. Needs `articles:write`
/// or `comments:moderate`, bound to the publisher or to none.
#[utoipa::path(
    tag = "comments",
    params(("slug" = Slug, Path, description = "Its slug.")),
    security(("api_key" = ["articles:write"]), ("api_key" = ["comments:moderate"])),
    request_body(content = PolicySettings, description = "What the publisher sets."),
    responses(
        (status = 200, description = "What it sets now.", body = PolicySettings),
        (status = 404, description = "There is no such publisher."),
    ),
)]
#[put("/publishers/{slug}/comment-policy")]
pub async fn put_publisher_comment_policy(
    caller: AllowedEither<ArticlesWrite, CommentsModerate>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    Body(input): Body<PolicySettings>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let owner = owner(&conn, Source::Publisher, &slug).await?;
    caller.0.must_cover(crate::ids::PublisherId(owner.id))?;
    store::put(&mut conn, owner, &input, &caller.0.name, clock.now()).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(input))
}

/// Get the comment policy of a category
///
/// What the category itself sets; `null` where it leaves a value as it is above.
#[utoipa::path(
    tag = "comments",
    params(("slug" = Slug, Path, description = "Its slug.")),
    responses(
        (status = 200, description = "What it sets.", body = PolicySettings, headers(("ETag"), ("Cache-Control"))),
        (status = 404, description = "There is no such category."),
    ),
)]
#[get("/categories/{slug}/comment-policy")]
pub async fn get_category_comment_policy(
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    read(&pool, Source::Category, &slug, &request).await
}

/// Set the comment policy of a category
///
/// For all articles in it and below, over what their publishers set. Needs `admin`.
#[utoipa::path(
    tag = "comments",
    params(("slug" = Slug, Path, description = "Its slug.")),
    security(("api_key" = ["admin"])),
    request_body(content = PolicySettings, description = "What the category sets."),
    responses(
        (status = 200, description = "What it sets now.", body = PolicySettings),
        (status = 404, description = "There is no such category."),
    ),
)]
#[put("/categories/{slug}/comment-policy")]
pub async fn put_category_comment_policy(
    caller: Allowed<Admin>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    Body(input): Body<PolicySettings>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let owner = owner(&conn, Source::Category, &slug).await?;
    store::put(&mut conn, owner, &input, &caller.0.name, clock.now()).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(input))
}

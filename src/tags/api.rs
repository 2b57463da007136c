//! The endpoints of tags.

use super::{
    model::{Tag, TagPage},
    store,
};
use crate::{
    db::{self, Pool},
    error::{OrNotFound, Result, What},
    http::{
        conditional::{Answer, Cache},
        params::Path,
        query::{NoParameters, Query},
    },
    page::{PageRequest, Position},
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_tags).service(get_tag);
}

/// List tags
///
/// Every tag that an article carries or once carried, in the order of their slugs.
#[utoipa::path(
    tag = "tags",
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of tags.",
        body = TagPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/tags")]
pub async fn list_tags(
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let from = page.from().map(|at| at.id).unwrap_or_default();
    let rows = if page.backward() {
        store::before(&conn, from, page.limit.plus_one()).await?
    } else {
        store::after(&conn, from, page.limit.plus_one()).await?
    };
    let page = page.page(rows, |row| Position { key: 0, id: row.id.0 }).map(Tag::from);
    let link = page.link();
    Answer::new(&TagPage::from(page), Cache::CATALOGUE).cache_tag("tags").link(link).to(&request)
}

/// Get a tag
///
/// By its slug. Its articles are `GET /v1/articles?tag=…`.
#[utoipa::path(
    tag = "tags",
    params(Slug),
    responses(
        (status = 200, description = "The tag.", body = Tag, headers(("ETag"))),
        (status = 404, description = "There is no such tag."),
    ),
)]
#[get("/tags/{slug}")]
pub async fn get_tag(
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = store::by_slug(&conn, slug.as_str()).await.or_not_found(What::Tag)?;
    Answer::new(&Tag::from(row), Cache::CATALOGUE).cache_tag("tags").to(&request)
}

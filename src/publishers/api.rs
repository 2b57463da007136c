//! The endpoints of publishers.

use super::{
    model::{
        Publisher, PublisherInput, PublisherPage, PublisherPatch, PublisherRights, PublisherRow,
    },
    store,
};
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Code, Error, OrNotFound, Result, What},
    http::{
        auth::{Admin, Allowed},
        body::Sent,
        conditional::{Answer, Cache, IfMatch, etag_of, written},
        idempotency::{Once, Stored},
        params::Path,
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    page::{PageRequest, Position},
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, patch, post, web::Data};
use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error as Db};
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_publishers)
        .service(create_publisher)
        .service(get_publisher)
        .service(update_publisher)
        .service(delete_publisher);
}

/// List publishers
///
/// Every publisher, oldest first.
#[utoipa::path(
    tag = "publishers",
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of publishers.",
        body = PublisherPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/publishers")]
pub async fn list_publishers(
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
    let page = page.page(rows, |row| Position { key: 0, id: row.id.0 }).map(Publisher::from);
    let link = page.link();
    Answer::new(&PublisherPage::from(page), Cache::CATALOGUE)
        .cache_tag("publishers")
        .link(link)
        .to(&request)
}

/// Get a publisher
///
/// By its slug. The ETag is what a change of it needs as `If-Match`.
#[utoipa::path(
    tag = "publishers",
    params(Slug),
    responses(
        (
            status = 200,
            description = "The publisher.",
            body = Publisher,
            headers(("ETag"), ("Last-Modified")),
        ),
        (status = 404, description = "There is no such publisher."),
    ),
)]
#[get("/publishers/{slug}")]
pub async fn get_publisher(
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = store::by_slug(&conn, slug.as_str()).await.or_not_found(What::Publisher)?;
    let (revision, modified) = (row.revision, row.updated_at);
    Answer::new(&Publisher::from(row), Cache::CATALOGUE)
        .revision(revision)
        .modified(modified)
        .cache_tag("publishers")
        .to(&request)
}

/// Create a publisher
///
/// Needs a key with `admin`.
#[utoipa::path(
    tag = "publishers",
    security(("api_key" = ["admin"])),
    request_body(content = PublisherInput, description = "The publisher."),
    responses(
        (
            status = 201,
            description = "The publisher as it was created.",
            body = Publisher,
            headers(("Location"), ("ETag"), ("Idempotency-Replayed")),
        ),
        (status = 409, description = "The slug is taken, or the same Idempotency-Key is in flight."),
    ),
)]
#[post("/publishers")]
pub async fn create_publisher(
    caller: Allowed<Admin>,
    _: Query<NoParameters>,
    sent: Sent<PublisherInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let effect = async |conn: &mut _| {
        let row = store::insert(conn, &sent.value, clock.now()).await?;
        let view = Publisher::from(row.ok_or_else(|| Error::plain(Code::SlugTaken))?);
        Ok(Stored::json(StatusCode::CREATED, &view)?
            .with_header("location", format!("/v1/publishers/{}", sent.value.slug.in_path()))
            .with_header("etag", etag_of(view.revision, &view)?))
    };
    once.run(&pool, effect).await
}

/// Change a publisher
///
/// JSON Merge Patch: what is absent stays, `null` empties. The slug cannot be changed. Needs a key
/// with `admin`.
#[utoipa::path(
    tag = "publishers",
    params(Slug),
    security(("api_key" = ["admin"])),
    params(Slug),
    request_body(
        description = "What to change.",
        content(
            (PublisherPatch = "application/merge-patch+json"),
            (PublisherPatch = "application/json"),
        ),
    ),
    responses(
        (
            status = 200,
            description = "The publisher as it is now.",
            body = Publisher,
            headers(("ETag")),
        ),
        (status = 404, description = "There is no such publisher."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[patch("/publishers/{slug}")]
pub async fn update_publisher(
    _: Allowed<Admin>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    patch: MergePatch<PublisherInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let row = db::transaction(&mut conn, async |conn| {
        let row = store::hold(conn, slug.as_str()).await.or_not_found(What::Publisher)?;
        must_match(&if_match, &row)?;
        let current = writable(&slug, &row);
        let writable = serde_json::to_value(&current).map_err(Error::internal)?;
        let input = patch.apply_to(writable, &["slug"])?;
        if input == current {
            return Ok::<_, Error>(row);
        }
        Ok(store::update(conn, row.id, &input, clock.now()).await?)
    })
    .await?;
    let revision = row.revision;
    written(StatusCode::OK, &Publisher::from(row), revision)
}

/// Delete a publisher
///
/// Possible only while it has no articles, no valid keys and no imports on record. Needs a key with
/// `admin`.
#[utoipa::path(
    tag = "publishers",
    params(Slug),
    security(("api_key" = ["admin"])),
    params(Slug),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such publisher."),
        (status = 409, description = "It still has articles, keys or imports."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[delete("/publishers/{slug}")]
pub async fn delete_publisher(
    _: Allowed<Admin>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        let row = store::hold(conn, slug.as_str()).await.or_not_found(What::Publisher)?;
        must_match(&if_match, &row)?;
        match store::delete(conn, row.id).await {
            Err(Db::DatabaseError(ForeignKeyViolation, _)) => Err(Error::plain(Code::NotEmpty)),
            other => Ok(other?),
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

fn must_match(if_match: &IfMatch, row: &PublisherRow) -> Result<()> {
    let current = etag_of(row.revision, &Publisher::from(row.clone()))?;
    if_match.check(row.revision, || current)
}

fn writable(slug: &Slug, row: &PublisherRow) -> PublisherInput {
    PublisherInput {
        slug: slug.clone(),
        name: row.name.clone(),
        url: row.url.clone(),
        rights: PublisherRights { syndicatable: row.syndicatable },
    }
}

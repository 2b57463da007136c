//! The endpoints of publishers.

use super::{
    model::{Publisher, PublisherInput, PublisherPage, PublisherPatch, PublisherRow, Rights},
    store,
};
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Code, Error, Faults, Message, OrNotFound, Result, What},
    http::{
        auth::{Admin, Allowed},
        body,
        conditional::{Answer, Cache, IfMatch, etag_of},
        idempotency::{Once, Stored},
        params::Path,
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    page::{PageRequest, Position},
    slug::Slug,
};
use actix_web::{
    HttpRequest, HttpResponse, delete, get,
    http::StatusCode,
    patch, post,
    web::{Data, Payload},
};
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
    responses((
        status = 200,
        description = "One page of publishers.",
        body = PublisherPage,
        headers(
            ("ETag" = String, description = "Names this content."),
            ("Link" = String, description = "The neighbouring pages."),
        ),
    )),
)]
#[get("/publishers")]
pub async fn list_publishers(
    req: HttpRequest,
    pool: Data<Pool>,
    Query(page): Query<PageRequest>,
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
        .to(&req)
}

/// Get a publisher
///
/// By its slug. The ETag is what a change of it needs as `If-Match`.
#[utoipa::path(
    tag = "publishers",
    responses(
        (
            status = 200,
            description = "The publisher.",
            body = Publisher,
            headers(
                ("ETag" = String, description = "Names this revision."),
                ("Last-Modified" = String, description = "When it was last changed."),
            ),
        ),
        (status = 404, description = "There is no such publisher."),
    ),
)]
#[get("/publishers/{slug}")]
pub async fn get_publisher(
    req: HttpRequest,
    pool: Data<Pool>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = store::by_slug(&conn, slug.as_str()).await.or_not_found(What::Publisher)?;
    let (revision, modified) = (row.revision, row.updated_at);
    Answer::new(&Publisher::from(row), Cache::CATALOGUE)
        .revision(revision)
        .modified(modified)
        .cache_tag("publishers")
        .to(&req)
}

/// Create a publisher
///
/// Needs a key with `admin`.
#[utoipa::path(
    tag = "publishers",
    security(("api_key" = ["admin"])),
    params(Once),
    request_body = PublisherInput,
    responses(
        (
            status = 201,
            description = "The publisher as it was created.",
            body = Publisher,
            headers(
                ("Location" = String, description = "Where it is."),
                ("ETag" = String, description = "Names this revision."),
            ),
        ),
        (status = 409, description = "The slug is taken, or the same Idempotency-Key is in flight."),
    ),
)]
#[post("/publishers")]
pub async fn create_publisher(
    caller: Allowed<Admin>,
    req: HttpRequest,
    pool: Data<Pool>,
    clock: Data<Clock>,
    _: Query<NoParameters>,
    payload: Payload,
) -> Result<HttpResponse> {
    let raw = body::read::<PublisherInput>(&req, &mut payload.into_inner()).await?;
    let once = Once::new(&req, &caller.0, &raw.bytes)?;
    let input: PublisherInput = body::check(raw.value)?;
    let effect = async |conn: &mut _| {
        let row = store::insert(conn, &input, clock.now()).await?;
        let view = Publisher::from(row.ok_or_else(|| Error::plain(Code::SlugTaken))?);
        Ok(Stored::json(StatusCode::CREATED, &view)?
            .with_header("location", format!("/v1/publishers/{}", input.slug.in_path()))
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
    security(("api_key" = ["admin"])),
    params(IfMatch),
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
            headers(("ETag" = String, description = "Names this revision.")),
        ),
        (status = 404, description = "There is no such publisher."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[patch("/publishers/{slug}")]
pub async fn update_publisher(
    _: Allowed<Admin>,
    req: HttpRequest,
    pool: Data<Pool>,
    clock: Data<Clock>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    patch: MergePatch<PublisherInput>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let row = db::transaction(&mut conn, async |conn| {
        let row = store::hold(conn, slug.as_str()).await.or_not_found(What::Publisher)?;
        must_match(&if_match, &row)?;
        let current = writable(&slug, &row);
        let input = patch.apply(&current)?;
        if input.slug != slug {
            return Err(slug_is_fixed().into());
        }
        if input == current {
            return Ok::<_, Error>(row);
        }
        Ok(store::update(conn, row.id, &input, clock.now()).await?)
    })
    .await?;
    let revision = row.revision;
    Answer::new(&Publisher::from(row), Cache::Private).revision(revision).to(&req)
}

/// Delete a publisher
///
/// Possible only while it has no articles, no valid keys and no imports on record. Needs a key with
/// `admin`.
#[utoipa::path(
    tag = "publishers",
    security(("api_key" = ["admin"])),
    params(IfMatch),
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
    pool: Data<Pool>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
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
        rights: Rights { syndicatable: row.syndicatable },
    }
}

fn slug_is_fixed() -> Faults {
    let detail = Message::new(
        "Addresses depend on it: it cannot be changed.",
        "주소에 쓰이므로 바꿀 수 없습니다.",
    );
    Faults::at("/slug", "immutable", detail)
}

//! The endpoints of categories.

use super::{
    model::{Category, CategoryDetail, CategoryInput, CategoryPage, CategoryPatch, CategoryRow},
    moving,
    store::{self, Content},
    tree::Tree,
};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        auth::{Admin, Allowed},
        body::Sent,
        conditional::{Answer, Cache, IfMatch, etag_of, written},
        idempotency::{Once, Stored},
        paging::page_of,
        params::Path,
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    page::PageRequest,
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, patch, post, web::Data};
use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error as Db};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_categories)
        .service(create_category)
        .service(get_category)
        .service(update_category)
        .service(delete_category);
}

/// List categories
///
/// The whole tree in order, each category before those below it.
#[utoipa::path(
    tag = "categories",
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of the tree.",
        body = CategoryPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/categories")]
pub async fn list_categories(
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let rows = store::all(&*db::get(&pool).await?).await?;
    let tree = Tree::new(&rows);
    let page = page_of(&page, &tree.in_order(), |row| Some(row.id.0)).map(|row| tree.view(row));
    let link = page.link();
    Answer::new(&CategoryPage::from(page), Cache::CATALOGUE)
        .cache_tag("categories")
        .link(link)
        .to(&request)
}

/// Get a category
///
/// By its slug, with those above and directly below it. The ETag is what a change of it needs as
/// `If-Match`.
#[utoipa::path(
    tag = "categories",
    params(Slug),
    responses(
        (
            status = 200,
            description = "The category.",
            body = CategoryDetail,
            headers(("ETag")),
        ),
        (status = 404, description = "There is no such category."),
    ),
)]
#[get("/categories/{slug}")]
pub async fn get_category(
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let rows = store::all(&*db::get(&pool).await?).await?;
    let row = find(&rows, &slug)?;
    Answer::new(&Tree::new(&rows).detail(row), Cache::CATALOGUE)
        .revision(row.revision)
        .cache_tag("categories")
        .to(&request)
}

/// Create a category
///
/// At the top of the tree or under another. Needs a key with `admin`.
#[utoipa::path(
    tag = "categories",
    security(("api_key" = ["admin"])),
    request_body(content = CategoryInput, description = "The category."),
    responses(
        (
            status = 201,
            description = "The category as it was created.",
            body = CategoryDetail,
            headers(("Location"), ("ETag"), ("Idempotency-Replayed")),
        ),
        (status = 409, description = "The slug is taken, or the same Idempotency-Key is in flight."),
    ),
)]
#[post("/categories")]
pub async fn create_category(
    caller: Allowed<Admin>,
    _: Query<NoParameters>,
    sent: Sent<CategoryInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let view = create(conn, &sent.value, clock.now()).await?;
        let location = format!("/v1/categories/{}", sent.value.slug.in_path());
        Ok(Stored::json(StatusCode::CREATED, &view)?
            .with_header("location", location)
            .with_header("etag", etag_of(view.category.revision, &view)?))
    };
    once.run(&pool, effect).await
}

/// Change a category
///
/// JSON Merge Patch: renames it, moves it with all below it, or changes its place. Lists of articles
/// follow a move at once. The slug cannot be changed. Needs a key with `admin`.
#[utoipa::path(
    tag = "categories",
    params(Slug),
    security(("api_key" = ["admin"])),
    params(Slug),
    request_body(
        description = "What to change.",
        content(
            (CategoryPatch = "application/merge-patch+json"),
            (CategoryPatch = "application/json"),
        ),
    ),
    responses(
        (
            status = 200,
            description = "The category as it is now.",
            body = CategoryDetail,
            headers(("ETag")),
        ),
        (status = 404, description = "There is no such category."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[patch("/categories/{slug}")]
pub async fn update_category(
    _: Allowed<Admin>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    patch: MergePatch<CategoryInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let view = db::transaction(&mut conn, async |conn| {
        change(conn, &slug, &if_match, &patch, clock.now()).await
    })
    .await?;
    written(StatusCode::OK, &view, view.category.revision)
}

/// Delete a category
///
/// Possible only while nothing is filed under it. Needs a key with `admin`.
#[utoipa::path(
    tag = "categories",
    params(Slug),
    security(("api_key" = ["admin"])),
    params(Slug),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such category."),
        (status = 409, description = "It still has articles or other categories."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[delete("/categories/{slug}")]
pub async fn delete_category(
    _: Allowed<Admin>,
    Path(slug): Path<Slug>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        store::take_turn(conn).await?;
        let rows = store::all(conn).await?;
        let row = find(&rows, &slug)?;
        must_match(&if_match, &Tree::new(&rows).detail(row))?;
        match store::delete(conn, row.id).await {
            Err(Db::DatabaseError(ForeignKeyViolation, _)) => Err(Error::plain(Code::NotEmpty)),
            other => Ok(other?),
        }
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn create(
    conn: &mut AsyncPgConnection,
    input: &CategoryInput,
    now: Timestamp,
) -> Result<CategoryDetail> {
    store::take_turn(conn).await?;
    let rows = store::all(conn).await?;
    let tree = Tree::new(&rows);
    let parent = parent(&rows, input.parent.as_ref())?;
    tree.may_stand(None, parent)?;
    let parent_id = parent.map(|parent| parent.id);
    let position = input.position.unwrap_or_else(|| tree.behind(parent_id, None));
    let content = Content { name: &input.name, parent_id, position };
    let id = store::insert(conn, &input.slug, &content, now).await?;
    id.ok_or_else(|| Error::plain(Code::SlugTaken))?;
    view(conn, &input.slug).await
}

async fn change(
    conn: &mut AsyncPgConnection,
    slug: &Slug,
    if_match: &IfMatch,
    patch: &MergePatch<CategoryInput>,
    now: Timestamp,
) -> Result<CategoryDetail> {
    store::take_turn(conn).await?;
    let rows = store::all(conn).await?;
    let (row, tree) = (find(&rows, slug)?, Tree::new(&rows));
    let current = tree.detail(row);
    must_match(if_match, &current)?;
    let input = patch.apply_to(writable(&current.category), &["slug"])?;
    let parent = parent(&rows, input.parent.as_ref())?;
    let parent_id = parent.map(|parent| parent.id);
    let position = input.position.unwrap_or_else(|| tree.behind(parent_id, Some(row.id)));
    if (&input.name, parent_id, position) == (&row.name, row.parent_id, row.position) {
        return Ok(current);
    }
    let content = Content { name: &input.name, parent_id, position };
    if parent_id == row.parent_id {
        store::update(conn, row.id, &content, now).await?;
    } else {
        tree.may_stand(Some(row), parent)?;
        let (lost, gained) = tree.exchanged(row, parent);
        moving::take_along(conn, row.id, parent_id, &lost, &gained).await?;
        store::update(conn, row.id, &content, now).await?;
    }
    view(conn, slug).await
}

async fn view(conn: &AsyncPgConnection, slug: &Slug) -> Result<CategoryDetail> {
    let rows = store::all(conn).await?;
    Ok(Tree::new(&rows).detail(find(&rows, slug)?))
}

fn find<'a>(rows: &'a [CategoryRow], slug: &Slug) -> Result<&'a CategoryRow> {
    let found = rows.iter().find(|row| row.slug == slug.as_str());
    found.ok_or_else(|| Error::not_found(What::Category))
}

fn parent<'a>(rows: &'a [CategoryRow], slug: Option<&Slug>) -> Result<Option<&'a CategoryRow>> {
    let Some(slug) = slug else { return Ok(None) };
    let found = rows.iter().find(|row| row.slug == slug.as_str());
    let unknown = || {
        let detail = Message::new("There is no such category.", "해당 분류가 없습니다.");
        Error::invalid(Faults::at("/parent", "unknown_value", detail))
    };
    found.map(Some).ok_or_else(unknown)
}

fn must_match(if_match: &IfMatch, current: &CategoryDetail) -> Result<()> {
    let revision = current.category.revision;
    let tag = etag_of(revision, current)?;
    if_match.check(revision, || tag)
}

/// What a patch starts from.
fn writable(category: &Category) -> serde_json::Value {
    serde_json::json!({
        "slug": category.slug,
        "name": category.name,
        "parent": category.parent,
        "position": category.position,
    })
}

//! Which modules stand on which page.

use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Error, Faults, Message, Result, What},
    http::{
        auth::{Admin, Allowed},
        body::Body,
        conditional::{Answer, Cache, IfMatch, etag_of, written},
        params::Path,
        query::{NoParameters, Query},
    },
    pages::{
        layout::default_layout,
        model::{LayoutInput, PageKind, PageLayout},
        store,
    },
};
use actix_web::{HttpRequest, HttpResponse, get, http::StatusCode, put, web::Data};
use diesel_async::AsyncPgConnection;

fn page(name: &str) -> Result<PageKind> {
    name.parse().map_err(|()| Error::not_found(What::Page))
}

async fn current(conn: &AsyncPgConnection, page: PageKind) -> Result<PageLayout> {
    let kept = store::layout(conn, page).await?;
    Ok(kept.unwrap_or_else(|| PageLayout {
        page,
        modules: default_layout(page),
        revision: 0,
        updated_by: None,
        updated_at: None,
    }))
}

/// Read a page's layout
///
/// Which modules stand on `article`, `home` and `category` pages, in which order and size. The ETag is
/// what a change needs as `If-Match`. Needs a key with `admin`.
#[utoipa::path(
    tag = "pages",
    security(("api_key" = ["admin"])),
    params(("page" = String, Path, max_length = 20, description = "`article`, `home` or `category`.", example = "article")),
    responses(
        (status = 200, description = "The layout.", body = PageLayout, headers(("ETag"))),
        (status = 404, description = "No such page."),
    ),
)]
#[get("/page-layouts/{page}")]
pub async fn get_layout(
    request: HttpRequest,
    _: Allowed<Admin>,
    Path(name): Path<String>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
) -> Result<HttpResponse> {
    let page = page(&name)?;
    let layout = current(&*db::get(&pool).await?, page).await?;
    Answer::new(&layout, Cache::Private).revision(layout.revision).to(&request)
}

/// Replace a page's layout
///
/// Pages show it at once. A module whose category is deleted later is left out. Needs a key with `admin`.
#[utoipa::path(
    tag = "pages",
    security(("api_key" = ["admin"])),
    params(("page" = String, Path, max_length = 20, description = "`article`, `home` or `category`.", example = "article")),
    request_body(content = LayoutInput, description = "The modules, in page order."),
    responses(
        (status = 200, description = "The layout as it is now.", body = PageLayout, headers(("ETag"))),
        (status = 404, description = "No such page."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[put("/page-layouts/{page}")]
pub async fn put_layout(
    caller: Allowed<Admin>,
    Path(name): Path<String>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    Body(input): Body<LayoutInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let page = page(&name)?;
    input.faults(page).or(()).map_err(Error::invalid)?;
    let (by, now) = (&caller.0.name, clock.now());
    let mut conn = db::get(&pool).await?;
    let layout = db::transaction(&mut conn, async |conn| {
        replace(conn, page, &input, &if_match, by, now).await
    })
    .await?;
    written(StatusCode::OK, &layout, layout.revision)
}

async fn replace(
    conn: &mut AsyncPgConnection,
    page: PageKind,
    input: &LayoutInput,
    if_match: &IfMatch,
    by: &str,
    now: Timestamp,
) -> Result<PageLayout> {
    store::take_turn(conn).await?;
    let before = current(conn, page).await?;
    let tag = etag_of(before.revision, &before)?;
    if_match.check(before.revision, || tag)?;
    known(conn, input).await?;
    if before.modules == input.modules {
        return Ok(before);
    }
    let revision = before.revision + 1;
    store::keep(conn, page, &input.modules, revision, by, now).await?;
    current(conn, page).await
}

/// Every category that the modules name.
async fn known(conn: &AsyncPgConnection, input: &LayoutInput) -> Result<()> {
    let slugs = input.modules.iter().filter_map(|module| module.category.as_ref());
    let slugs: Vec<_> = slugs.map(|slug| slug.as_str().to_owned()).collect();
    if slugs.is_empty() {
        return Ok(());
    }
    let found = store::categories(conn, &slugs).await?.named;
    let mut faults = Faults::default();
    for (n, module) in input.modules.iter().enumerate() {
        let Some(slug) = &module.category else { continue };
        if !found.iter().any(|category| category.shown.slug == slug.as_str()) {
            let detail = Message::new("There is no such category.", "해당 분류가 없습니다.");
            faults.push(format!("/modules/{n}/category"), "unknown_value", detail);
        }
    }
    faults.or(()).map_err(Error::invalid)
}

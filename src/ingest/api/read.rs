use crate::{
    db::{self, Pool},
    error::{OrNotFound, Result, What},
    http::{
        auth::{Allowed, ArticlesWrite, Principal, Scope},
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{ApiKeyId, ImportId},
    ingest::{
        model::{Import, ImportItemPage, ImportPage, Verdict},
        store,
    },
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa::IntoParams;
use uuid::Uuid;

/// Parameters of the list of jobs.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Paged` reads")]
pub struct ImportListParams {
    /// Items per page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u8>,
    /// `page.next` or `page.prev` of another page of this list.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// A list without filters.
#[derive(Debug)]
pub struct Paged(PageRequest);

impl FromQuery for Paged {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self(reader.page()))
    }
}

/// Parameters of the list of a job's items.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Items` reads")]
pub struct ImportItemParams {
    /// Only items of this verdict.
    #[param(inline)]
    verdict: Option<Verdict>,
    /// Items per page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u8>,
    /// `page.next` or `page.prev` of another page of this list.
    #[param(min_length = 1, max_length = 200)]
    cursor: Option<String>,
}

/// A list of items.
#[derive(Debug)]
pub struct Items {
    verdict: Option<Verdict>,
    page: PageRequest,
}

impl FromQuery for Items {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self { verdict: reader.word("verdict", &Verdict::ALL), page: reader.page() })
    }
}

/// Whose jobs the caller sees: its own, or all with `admin`.
fn owner(caller: &Principal) -> Option<ApiKeyId> {
    (!caller.holds(Scope::Admin)).then(|| ApiKeyId(caller.id()))
}

/// List import jobs
///
/// The caller's own, newest first; every one with `admin`.
#[utoipa::path(
    tag = "imports",
    security(("api_key" = ["articles:write"])),
    params(ImportListParams),
    responses((status = 200, description = "One page of jobs.", body = ImportPage, headers(("ETag"), ("Cache-Control"), ("Link")))),
)]
#[get("/imports")]
pub async fn list_imports(
    caller: Allowed<ArticlesWrite>,
    page: Query<Paged>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let page = page.0.0;
    let from = page.from().map(|from| ImportId(from.id));
    let conn = db::get(&pool).await?;
    let owner = owner(&caller.0);
    let rows = store::list(&conn, owner, from, page.backward(), page.limit.plus_one()).await?;
    let page = page.page(rows, |import| Position { key: 0, id: import.id.0 });
    let link = page.link();
    Answer::new(&ImportPage::from(page), Cache::Private).link(link).to(&request)
}

/// Get an import job
///
/// How far it is and how many items got which verdict.
#[utoipa::path(
    tag = "imports",
    security(("api_key" = ["articles:write"])),
    params(("id" = ImportId, Path, description = "Import id.")),
    responses(
        (status = 200, description = "The job.", body = Import, headers(("ETag"), ("Cache-Control"))),
        (status = 404, description = "There is no such job, or it is another key's."),
    ),
)]
#[get("/imports/{id}")]
pub async fn get_import(
    caller: Allowed<ArticlesWrite>,
    id: Path<ImportId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let import: Import =
        store::find(&conn, id.0, owner(&caller.0)).await.or_not_found(What::Import)?;
    Answer::new(&import, Cache::Private).to(&request)
}

/// List the items of an import
///
/// In the order of the document, each with its verdict and errors, as far as the job is. They are
/// kept for 30 days after the job ended.
#[utoipa::path(
    tag = "imports",
    security(("api_key" = ["articles:write"])),
    params(("id" = ImportId, Path, description = "Import id."), ImportItemParams),
    responses(
        (status = 200, description = "One page of items.", body = ImportItemPage, headers(("ETag"), ("Cache-Control"), ("Link"))),
        (status = 404, description = "There is no such job, or it is another key's."),
    ),
)]
#[get("/imports/{id}/items")]
pub async fn list_import_items(
    caller: Allowed<ArticlesWrite>,
    id: Path<ImportId>,
    items: Query<Items>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let Items { verdict, page } = items.0;
    let conn = db::get(&pool).await?;
    store::find(&conn, id.0, owner(&caller.0)).await.or_not_found(What::Import)?;
    let from = page.from().and_then(|from| i32::try_from(from.key).ok());
    let (backward, limit) = (page.backward(), page.limit.plus_one());
    let rows = store::items(&conn, id.0, verdict, from, backward, limit).await?;
    let page = page.page(rows, |item| Position { key: i64::from(item.n), id: Uuid::nil() });
    let link = page.link();
    Answer::new(&ImportItemPage::from(page), Cache::Private).link(link).to(&request)
}

//! The endpoints of authors.

use super::{
    model::{Author, AuthorPage},
    store,
};
use crate::{
    db::{self, Pool},
    error::{OrNotFound, Result, What},
    http::{
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::AuthorId,
    page::{PageRequest, Position},
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa::{
    IntoParams,
    openapi::path::{Parameter, ParameterIn},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_authors).service(get_author);
}

/// Parameters of the list of authors.
#[derive(Debug)]
pub struct AuthorQuery {
    /// Slugs; none for all.
    publishers: Vec<String>,
    page: PageRequest,
}

impl FromQuery for AuthorQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let slugs = reader.many::<Slug>("publisher", 20, "a publisher's slug");
        let publishers = slugs.iter().map(ToString::to_string).collect();
        Some(Self { publishers, page: reader.page() })
    }
}

#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `AuthorQuery` reads")]
struct Filters {
    /// Publisher slug. Repeat for alternatives.
    #[param(max_items = 20, example = json!(["haneul-ilbo"]))]
    publisher: Option<Vec<Slug>>,
}

impl IntoParams for AuthorQuery {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = Filters::into_params(&place);
        all.extend(PageRequest::into_params(place));
        all
    }
}

/// List authors
///
/// Everyone whom an article named, oldest first.
#[utoipa::path(
    tag = "authors",
    params(AuthorQuery),
    responses((
        status = 200,
        description = "One page of authors.",
        body = AuthorPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/authors")]
pub async fn list_authors(
    Query(query): Query<AuthorQuery>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let AuthorQuery { publishers, page } = query;
    let conn = db::get(&pool).await?;
    let from = page.from().map(|at| at.id).unwrap_or_default();
    let rows = if page.backward() {
        store::before(&conn, &publishers, from, page.limit.plus_one()).await?
    } else {
        store::after(&conn, &publishers, from, page.limit.plus_one()).await?
    };
    let page = page.page(rows, |author| Position { key: 0, id: author.id.0 });
    let link = page.link();
    Answer::new(&AuthorPage::from(page), Cache::CATALOGUE)
        .cache_tag("authors")
        .link(link)
        .to(&request)
}

/// Get an author
///
/// By id. Their articles are `GET /v1/articles?author=…`.
#[utoipa::path(
    tag = "authors",
    params(AuthorId),
    responses(
        (status = 200, description = "The author.", body = Author, headers(("ETag"))),
        (status = 404, description = "There is no such author."),
    ),
)]
#[get("/authors/{id}")]
pub async fn get_author(
    Path(id): Path<AuthorId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let author = store::find(&conn, id).await.or_not_found(What::Author)?;
    Answer::new(&author, Cache::CATALOGUE).cache_tag("authors").to(&request)
}

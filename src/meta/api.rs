//! Limits and problems, for programs that call.

use super::model::{Meta, ProblemKind, ProblemKindPage};
use crate::{
    config::Settings,
    error::{Error, Result, What},
    http::{
        conditional::{Answer, Cache},
        limit::Policies,
        paging::page_of,
        params::Path,
        problem::TABLE,
        query::{NoParameters, Query},
    },
    page::PageRequest,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use std::str::FromStr;
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::Type,
    },
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints under `/v1`.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_meta);
}

/// The endpoints outside it.
pub fn root_routes(cfg: &mut ServiceConfig) {
    cfg.service(list_problems).service(get_problem);
}

/// Get limits and kinds
///
/// What a program needs to know before it calls: sizes, lengths, rate limits, scopes, the time zone.
#[utoipa::path(
    tag = "meta",
    responses((
        status = 200,
        description = "What this server takes.",
        body = Meta,
        headers(("ETag")),
    )),
)]
#[get("/meta")]
pub async fn get_meta(
    _: Query<NoParameters>,
    settings: Data<Settings>,
    policies: Data<Policies>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    Answer::new(&Meta::new(&settings, &policies), Cache::CATALOGUE).to(&request)
}

/// List kinds of problems
///
/// Every `code` that a problem can have, with its status and what it means.
#[utoipa::path(
    tag = "meta",
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of problems.",
        body = ProblemKindPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/problems")]
pub async fn list_problems(
    Query(page): Query<PageRequest>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let all: Vec<ProblemKind> = TABLE.iter().map(ProblemKind::from).collect();
    let page = page_of(&page, &all, |_| None);
    let link = page.link();
    Answer::new(&ProblemKindPage::from(page), Cache::CATALOGUE).link(link).to(&request)
}

/// Get a kind of problem
///
/// What the `type` of a problem points at.
#[utoipa::path(
    tag = "meta",
    params(ProblemCode),
    responses(
        (status = 200, description = "The problem.", body = ProblemKind, headers(("ETag"))),
        (status = 404, description = "There is no such problem code."),
    ),
)]
#[get("/problems/{code}")]
pub async fn get_problem(
    Path(code): Path<ProblemCode>,
    _: Query<NoParameters>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let row = TABLE.iter().find(|row| row.name == code.0);
    let row = row.ok_or_else(|| Error::not_found(What::Problem))?;
    Answer::new(&ProblemKind::from(row), Cache::CATALOGUE).to(&request)
}

/// A text that could be the code of a problem.
#[derive(Debug)]
pub struct ProblemCode(String);

impl FromStr for ProblemCode {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let fits = (1..=60).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-_".contains(&b));
        fits.then(|| Self(text.to_owned())).ok_or(())
    }
}

impl IntoParams for ProblemCode {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(60))
            .pattern(Some("^[a-z0-9_-]{1,60}$"))
            .examples(["not_found"]);
        let code = ParameterBuilder::new()
            .name("code")
            .parameter_in(ParameterIn::Path)
            .required(Required::True)
            .description(Some("The `code` of a problem."))
            .schema(Some(schema));
        vec![code.build()]
    }
}

use super::Served;
use crate::{
    error::Error,
    http::{
        conditional::{Cache, bytes},
        query::{NoParameters, Query},
    },
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CONTENT_SECURITY_POLICY, HeaderValue},
    web::{self, Data},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The document and its page.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_openapi_json)
        .service(get_openapi_yaml)
        .service(get_docs)
        // An asset of the page, no part of the contract.
        .route("/docs/rapidoc-min.js", web::get().to(get_docs_script));
}

/// Get this document as JSON
///
/// The OpenAPI 3.1 document of this server, read off what is mounted.
#[utoipa::path(
    tag = "contract",
    responses((
        status = 200,
        description = "The document.",
        content_type = "application/json",
        body = serde_json::Value,
        headers(("ETag")),
        example = json!({"openapi": "3.1.0", "info": {"title": "Sosik"}, "paths": {}})
    ))
)]
#[get("/openapi.json")]
async fn get_openapi_json(
    request: HttpRequest,
    Query(NoParameters): Query<NoParameters>,
    served: Data<Served>,
) -> HttpResponse {
    let json = &served.json;
    bytes(&request, "application/json", Cache::CATALOGUE, &json.etag, json.bytes.clone())
}

/// A text that is not JSON.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, max_length = 16_777_216)]
#[expect(dead_code, reason = "stands in the document only")]
struct Text(String);

/// Get this document as YAML
///
/// The same document as `/openapi.json`.
#[utoipa::path(
    tag = "contract",
    responses((
        status = 200,
        description = "The document.",
        content_type = "application/yaml",
        body = Text,
        headers(("ETag")),
        example = "openapi: 3.1.0\n"
    ))
)]
#[get("/openapi.yaml")]
async fn get_openapi_yaml(
    request: HttpRequest,
    Query(NoParameters): Query<NoParameters>,
    served: Data<Served>,
) -> HttpResponse {
    let yaml = &served.yaml;
    bytes(&request, "application/yaml", Cache::CATALOGUE, &yaml.etag, yaml.bytes.clone())
}

const PAGE: &[u8] = include_bytes!("docs.html");
const SCRIPT: &[u8] = include_bytes!("assets/rapidoc-min.js");

/// The page may load its one script and ask this server, nothing else. It styles its own elements.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:; \
     connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// Get a page to read and try the API
///
/// An interactive page over `/openapi.json`. All it needs comes from this server.
#[utoipa::path(
    tag = "contract",
    responses((
        status = 200,
        description = "The page.",
        content_type = "text/html",
        body = Text,
        headers(("ETag"), ("Content-Security-Policy")),
        example = "<!doctype html>"
    ))
)]
#[get("/docs")]
async fn get_docs(request: HttpRequest, Query(NoParameters): Query<NoParameters>) -> HttpResponse {
    let mut page = asset(&request, "text/html; charset=utf-8", PAGE);
    page.headers_mut().insert(CONTENT_SECURITY_POLICY, PAGE_POLICY);
    page
}

async fn get_docs_script(
    request: HttpRequest,
    Query(NoParameters): Query<NoParameters>,
) -> Result<HttpResponse, Error> {
    Ok(asset(&request, "text/javascript; charset=utf-8", SCRIPT))
}

fn asset(
    request: &HttpRequest,
    content_type: &'static str,
    content: &'static [u8],
) -> HttpResponse {
    let tag = crate::http::conditional::etag(None, content);
    bytes(request, content_type, Cache::CATALOGUE, &tag, web::Bytes::from_static(content))
}

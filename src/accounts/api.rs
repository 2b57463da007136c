//! The endpoints: of API keys here; of accounts in the files below.

mod login;
mod passwords;
mod register;
mod staff;
mod tokens;

use super::{
    model::{ApiKey, ApiKeyInput, ApiKeyPage, IssuedApiKey, NewKey},
    store,
};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Error, Faults, Message, OrNotFound, Result, What},
    http::{
        auth::{Admin, Allowed},
        body::Sent,
        conditional::{Answer, Cache},
        idempotency::{Once, Stored},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ApiKeyId,
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_api_keys).service(create_api_key).service(get_api_key).service(revoke_api_key);
    cfg.service(register::register)
        .service(register::verify)
        .service(login::login)
        .service(tokens::refresh)
        .service(tokens::logout)
        .service(tokens::logout_all)
        .service(passwords::change_password)
        .service(passwords::request_reset)
        .service(passwords::reset_password)
        .service(staff::list_staff)
        .service(staff::get_roles)
        .service(staff::set_roles);
}

/// List API keys
///
/// Every key, oldest first, without secrets. Needs a key with `admin`.
#[utoipa::path(
    tag = "api-keys",
    params(PageRequest),
    security(("api_key" = ["admin"])),
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of keys.",
        body = ApiKeyPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/api-keys")]
pub async fn list_api_keys(
    _: Allowed<Admin>,
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
    let page = page.page(rows, |row| Position { key: 0, id: row.id.0 }).map(ApiKey::from);
    let link = page.link();
    Answer::new(&ApiKeyPage::from(page), Cache::Private).link(link).to(&request)
}

/// Get an API key
///
/// What is known about it; never its secret. Needs a key with `admin`.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyId),
    security(("api_key" = ["admin"])),
    params(ApiKeyId),
    responses(
        (
            status = 200,
            description = "The key.",
            body = ApiKey,
            headers(("ETag")),
        ),
        (status = 404, description = "There is no such key."),
    ),
)]
#[get("/api-keys/{id}")]
pub async fn get_api_key(
    _: Allowed<Admin>,
    Path(id): Path<ApiKeyId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = store::find(&conn, id).await.or_not_found(What::ApiKey)?;
    Answer::new(&ApiKey::from(row), Cache::Private).to(&request)
}

/// Issue an API key
///
/// The answer is the only one that shows the key: keep it. A replay of the same Idempotency-Key is
/// 409 `secret_already_issued`. Needs a key with `admin`.
#[utoipa::path(
    tag = "api-keys",
    security(("api_key" = ["admin"])),
    request_body(content = ApiKeyInput, description = "The key."),
    responses(
        (
            status = 201,
            description = "The key, with its secret.",
            body = IssuedApiKey,
            headers(("Location"), ("Idempotency-Replayed")),
        ),
        (status = 409, description = "The same Idempotency-Key issued a key already, or is in flight."),
    ),
)]
#[post("/api-keys")]
pub async fn create_api_key(
    caller: Allowed<Admin>,
    _: Query<NoParameters>,
    sent: Sent<ApiKeyInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &caller.0, &sent.bytes)?.issuing_secret();
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        let new = resolved(conn, &sent.value, now).await?;
        let (id, secret) = store::create(conn, &new, now).await?;
        let known = store::find(conn, id).await?.into();
        let issued = IssuedApiKey { key: secret.reveal().to_owned(), known };
        Ok(Stored::json(StatusCode::CREATED, &issued)?
            .with_header("location", format!("/v1/api-keys/{id}")))
    };
    once.run(&pool, effect).await
}

/// Revoke an API key
///
/// It is refused from now on. Revoking it again changes nothing. Needs a key with `admin`.
#[utoipa::path(
    tag = "api-keys",
    params(ApiKeyId),
    security(("api_key" = ["admin"])),
    params(ApiKeyId),
    responses(
        (status = 204, description = "It is revoked."),
        (status = 404, description = "There is no such key."),
    ),
)]
#[delete("/api-keys/{id}")]
pub async fn revoke_api_key(
    _: Allowed<Admin>,
    Path(id): Path<ApiKeyId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    if store::revoke(&mut conn, id, clock.now()).await? {
        return Ok(HttpResponse::NoContent().finish());
    }
    Err(Error::not_found(What::ApiKey))
}

/// Finds the publisher and checks what only the present can: all faults at once.
async fn resolved(conn: &AsyncPgConnection, input: &ApiKeyInput, now: Timestamp) -> Result<NewKey> {
    let mut faults = Faults::default();
    let publisher = match &input.publisher {
        None => None,
        Some(slug) => store::publisher(conn, slug.as_str()).await?,
    };
    if input.publisher.is_some() && publisher.is_none() {
        let detail = Message::new("There is no such publisher.", "해당 언론사가 없습니다.");
        faults.push("/publisher", "unknown_value", detail);
    }
    if input.expires_at.is_some_and(|at| at <= now) {
        let detail = Message::new("Must be in the future.", "미래의 시각이어야 합니다.");
        faults.push("/expires_at", "not_in_future", detail);
    }
    let new = NewKey {
        name: input.name.clone(),
        scopes: input.scopes.clone(),
        publisher,
        expires_at: input.expires_at,
    };
    if let Err(more) = new.check() {
        faults.0.extend(more.0);
    }
    Ok(faults.or(new)?)
}

/// An answer with secrets, which nobody keeps.
fn answer(status: StatusCode, body: &impl serde::Serialize) -> Result<HttpResponse> {
    let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(HttpResponse::build(status)
        .insert_header(("cache-control", "private, no-store"))
        .content_type("application/json")
        .body(bytes))
}

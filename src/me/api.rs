//! The endpoints.
//!
//! - `activity` what a reader wrote, voted and reacted

mod activity;

use super::{
    model::{EraseInput, Export, Profile, ProfileInput, ProfilePatch, Session, SessionPage},
    store,
};
use crate::{
    accounts::{
        Tools,
        erase::erase,
        store::{people, sessions},
    },
    clock::Clock,
    comments,
    db::{self, Pool},
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        auth::Reader,
        body::Body,
        conditional::{Answer, Cache},
        paging::page_of,
        params::Path,
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    ids::SessionId,
    page::PageRequest,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, web::Data};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(activity::get_state)
        .service(activity::list_own_comments)
        .service(activity::get_quotas);
    cfg.service(get_me)
        .service(update_me)
        .service(erase_me)
        .service(export_me)
        .service(list_sessions)
        .service(end_session);
}

/// Get oneself
///
/// The account of the access token, and what a moderator decided about it. Open while suspended, too.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    responses((status = 200, description = "The reader.", body = Profile, headers(("ETag")))),
)]
#[get("/me")]
pub async fn get_me(
    reader: Reader,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let profile = store::profile(&conn, &reader.account, clock.now()).await?;
    Answer::new(&profile.ok_or_else(gone)?, Cache::Private).to(&request)
}

/// Change oneself
///
/// JSON Merge Patch: what is absent stays.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    request_body(
        description = "What to change.",
        content(
            (ProfilePatch = "application/merge-patch+json"),
            (ProfilePatch = "application/json"),
        ),
    ),
    responses(
        (status = 200, description = "The reader as they are now.", body = Profile),
        (status = 409, description = "`name_taken`"),
    ),
)]
#[patch("/me")]
pub async fn update_me(
    reader: Reader,
    _: Query<NoParameters>,
    patch: MergePatch<ProfileInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (account, now) = (&reader.account, clock.now());
    let input = patch.apply_to(json!({"display_name": reader.principal.name}), &[])?;
    let mut conn = db::get(&pool).await?;
    if input.display_name.text != reader.principal.name {
        reader.must_take_part()?;
        if account.roles.is_empty() {
            input.display_name.must_be_a_readers(&tools.settings.reserved_names.0)?;
        }
        people::rename(&mut conn, account.id, &input.display_name, now).await??;
    }
    let profile = store::profile(&conn, account, now).await?;
    Answer::new(&profile.ok_or_else(gone)?, Cache::Private).untagged().to(&request)
}

/// Erase oneself
///
/// For ever: the address, the name, the password, every log-in. The address and the name are free again.
/// What the reader wrote is removed or loses its author, as the server is set. Needs the password where
/// there is one.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    request_body(content = EraseInput, description = "That it is meant."),
    responses(
        (status = 204, description = "Nothing about the person is left."),
        (status = 403, description = "`wrong_password`, or a key called: `account_needed`."),
        (status = 409, description = "The account is the only admin: `last_admin`."),
        (status = 429, description = "Too many attempts failed (`login_delayed`), or too many requests (`rate_limited`)."),
    ),
)]
#[delete("/me")]
pub async fn erase_me(
    reader: Reader,
    _: Query<NoParameters>,
    Body(input): Body<EraseInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (id, now) = (reader.account.id, clock.now());
    tools.ready().await?;
    match &input.password {
        Some(password) => {
            tools.confirm(&pool, &request, id, password, now).await?;
        }
        None => {
            let conn = db::get(&pool).await?;
            let row = people::by_id(&conn, id, now).await?.ok_or_else(gone)?;
            if row.password_hash.is_some() {
                let detail = Message::new("This field is required.", "필수 항목입니다.");
                return Err(Faults::at("/password", "missing", detail).into());
            }
        }
    }
    let mut conn = db::get(&pool).await?;
    let left = tools.settings.erased_comments;
    db::transaction(&mut conn, async |conn| {
        erase(conn, &tools, id, now).await?;
        Ok::<_, Error>(comments::store::erase::erase(conn, id, left, now).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Export one's data
///
/// Everything that is stored about the reader, in one document. Reactions are not in it: they are stored by
/// visitor and lead to nobody.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    responses((status = 200, description = "The data.", body = Export)),
)]
#[get("/me/export")]
pub async fn export_me(
    reader: Reader,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let export = store::export(&conn, &reader.account, clock.now()).await?;
    Answer::new(&export.ok_or_else(gone)?, Cache::Private).untagged().to(&request)
}

/// List one's log-ins
///
/// Those that have not ended, the latest first.
#[utoipa::path(
    tag = "me",
    params(PageRequest),
    security(("reader" = [])),
    responses((
        status = 200,
        description = "One page of log-ins.",
        body = SessionPage,
        headers(("ETag"), ("Link")),
    )),
)]
#[get("/me/sessions")]
pub async fn list_sessions(
    reader: Reader,
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let all = store::log_ins(&conn, &reader.account, clock.now()).await?;
    let page = page_of(&page, &all, |session: &Session| Some(session.id.0));
    let link = page.link();
    Answer::new(&SessionPage::from(page), Cache::Private).link(link).to(&request)
}

/// End one of one's log-ins
///
/// Its tokens are refused from now on.
#[utoipa::path(
    tag = "me",
    params(SessionId),
    security(("reader" = [])),
    responses(
        (status = 204, description = "It has ended."),
        (status = 404, description = "The reader has no such log-in, or it ended before."),
    ),
)]
#[delete("/me/sessions/{id}")]
pub async fn end_session(
    reader: Reader,
    Path(id): Path<SessionId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    match sessions::end(&mut conn, reader.account.id, Some(id), None, clock.now()).await? {
        0 => Err(Error::not_found(What::Session)),
        _ => Ok(HttpResponse::NoContent().finish()),
    }
}

/// Erased between two queries of one request.
fn gone() -> Error {
    Error::plain(Code::Unauthenticated)
}

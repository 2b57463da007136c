use super::access::{lock, view};
use crate::{
    articles::{
        model::Article,
        transitions::{self, Transition},
    },
    clock::{Clock, Timestamp},
    config::Settings,
    db::{self, Pool},
    error::{Error, Faults, Message, Result},
    http::{
        auth::{Allowed, ArticlesWrite, Principal},
        body::{Body, BodyLimit},
        conditional::{IfMatch, written},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
    text::{TextFault, maybe_lines},
};
use actix_web::{HttpRequest, HttpResponse, delete, http::StatusCode, post, put, web::Data};
use deserr::Deserr;
use utoipa::ToSchema;

/// Publish an article
///
/// A draft, a scheduled or a withdrawn article is seen by readers at once.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "It is published already."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[post("/articles/{id}/publish")]
pub async fn publish_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    deps: Deps,
) -> Result<HttpResponse> {
    transit(&caller.0, id.0, &if_match, Transition::Publish, &deps).await
}

/// Why an article is withdrawn.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Withdrawal {
    /// Told in the tombstone.
    #[deserr(default, try_from(Option<String>) = maybe_lines::<500> -> TextFault)]
    #[schema(max_length = 500, examples("사실관계 확인을 위해 게재를 중단했습니다."))]
    pub reason: Option<String>,
}

impl BodyLimit for Withdrawal {}

/// Withdraw an article
///
/// It leaves every list; its address answers 410 with a tombstone.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    request_body(content = Withdrawal, description = "The reason, if it is to be told.", example = json!({"reason": "사실관계 확인을 위해 게재를 중단했습니다."})),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "It is not published."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[post("/articles/{id}/withdraw")]
pub async fn withdraw_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    body: Body<Withdrawal>,
    deps: Deps,
) -> Result<HttpResponse> {
    let transition = Transition::Withdraw { reason: body.0.reason };
    transit(&caller.0, id.0, &if_match, transition, &deps).await
}

/// When an article is to be published.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Schedule {
    /// A moment yet to come.
    pub publish_at: Timestamp,
}

impl BodyLimit for Schedule {}

/// Schedule an article
///
/// The server publishes it at that moment.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    request_body(content = Schedule, description = "The moment.", example = json!({"publish_at": "2030-01-01T00:00:00.000Z"})),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "It is neither a draft nor scheduled."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[put("/articles/{id}/schedule")]
pub async fn schedule_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    body: Body<Schedule>,
    deps: Deps,
) -> Result<HttpResponse> {
    let at = body.0.publish_at;
    if at <= deps.clock.now() {
        let detail = Message::new("Must be yet to come.", "앞으로 올 시각이어야 합니다.");
        return Err(Error::invalid(Faults::at("/publish_at", "not_in_future", detail)));
    }
    transit(&caller.0, id.0, &if_match, Transition::Schedule { at }, &deps).await
}

/// Take an article off the schedule
///
/// It is a draft again.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "It is not scheduled."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[delete("/articles/{id}/schedule")]
pub async fn unschedule_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    deps: Deps,
) -> Result<HttpResponse> {
    transit(&caller.0, id.0, &if_match, Transition::Unschedule, &deps).await
}

/// What every transition needs of the server.
pub struct Deps {
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
}

impl actix_web::FromRequest for Deps {
    type Error = Error;
    type Future = std::future::Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let missing = || Error::internal("server not wired");
        let deps = || {
            Ok(Self {
                pool: request.app_data::<Data<Pool>>().cloned().ok_or_else(missing)?,
                settings: request.app_data::<Data<Settings>>().cloned().ok_or_else(missing)?,
                clock: request.app_data::<Data<Clock>>().cloned().ok_or_else(missing)?,
            })
        };
        std::future::ready(deps())
    }
}

async fn transit(
    caller: &Principal,
    id: ArticleId,
    if_match: &IfMatch,
    transition: Transition,
    deps: &Deps,
) -> Result<HttpResponse> {
    let (now, public_url) = (deps.clock.now(), deps.settings.public_url());
    let mut conn = db::get(&deps.pool).await?;
    let article = db::transaction(&mut conn, async |conn| {
        let there = lock(conn, id, caller, Some(if_match), &public_url).await?;
        transitions::apply(conn, &there, &transition, &caller.name, now).await?;
        view(conn, id, &public_url).await
    })
    .await?;
    written(StatusCode::OK, &article, article.revision)
}

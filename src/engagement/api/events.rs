//! `POST /v1/articles/{id}/views` and `/shares`.

use super::refused;
use crate::{
    clock::{Clock, Timestamp},
    config::Settings,
    engagement::{
        Batch, bots,
        event::{Event, Kind, Origin},
        identity::Sender,
        model::{ShareEvent, ViewEvent, origin},
        round::Outcome,
    },
    error::Error,
    http::{
        body::{self, Body, BodyLimit},
        client,
        params::Path,
        query::{NoParameters, Query},
        visitor::{TokenHeader, Tokens},
    },
    ids::ArticleId,
};
use actix_web::{
    HttpRequest, HttpResponse, post,
    web::{Data, Payload},
};

/// Record a view
///
/// Answered when it is committed. A view counts once per visitor, article and half-hour; known
/// programs and fetches ahead of the reader do not count. The caller is told no difference. A visitor
/// is a visitor token, or else an address and a browser, under a secret that is thrown away each day.
///
/// The body may be empty or `null`. JSON as `text/plain` is taken too, so that `navigator.sendBeacon` works.
/// On 503 the event may have been written: sending it again cannot count it twice in its half-hour.
#[utoipa::path(
    tag = "events",
    params(("id" = ArticleId, Path, description = "The article."), TokenHeader),
    request_body(
        content(
            (Option<ViewEvent> = "application/json", example = json!({"via": {"module": "most_viewed", "position": 3}})),
            (Option<ViewEvent> = "text/plain", example = json!({"via": null})),
        ),
        description = "Where the reader came from; may be left out.",
    ),
    responses(
        (status = 204, description = "Committed."),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[post("/articles/{id}/views")]
pub async fn record_view(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    payload: Payload,
    batch: Data<Batch>,
    tokens: Data<Tokens>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let event = read_view(&request, payload, &settings).await?;
    let (origin, token) = (origin(event.via.as_ref()), event.visitor.as_deref());
    let said = Said { request: &request, kind: Kind::View, article, origin, token };
    record(said, &batch, &tokens, &settings, clock.now()).await
}

/// Record a share
///
/// Answered when it is committed. Counts as a view does: once per visitor, article and half-hour, known
/// programs left out, and the caller is told no difference.
///
/// JSON as `text/plain` is taken too, so that `navigator.sendBeacon` works. On 503 the event may have been
/// written: sending it again cannot count it twice in its half-hour.
#[utoipa::path(
    tag = "events",
    params(("id" = ArticleId, Path, description = "The article."), TokenHeader),
    request_body(
        content(
            (ShareEvent = "application/json", example = json!({"channel": "kakaotalk", "via": {"module": "most_shared", "position": 1}})),
            (ShareEvent = "text/plain", example = json!({"channel": "copy_link"})),
        ),
        description = "How it was shared.",
    ),
    responses(
        (status = 204, description = "Committed."),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[post("/articles/{id}/shares")]
pub async fn record_share(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    Body(event): Body<ShareEvent>,
    batch: Data<Batch>,
    tokens: Data<Tokens>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let (origin, token) = (origin(event.via.as_ref()), event.visitor.as_deref());
    let said = Said { request: &request, kind: Kind::Share, article, origin, token };
    record(said, &batch, &tokens, &settings, clock.now()).await
}

/// What a request says.
struct Said<'a> {
    request: &'a HttpRequest,
    kind: Kind,
    article: ArticleId,
    origin: Origin,
    /// A visitor token in the body.
    token: Option<&'a str>,
}

/// Hands the event in; answered after the commit of its round.
async fn record(
    said: Said<'_>,
    batch: &Batch,
    tokens: &Tokens,
    settings: &Settings,
    at: Timestamp,
) -> Result<HttpResponse, Error> {
    let headers = said.request.headers();
    let sender = Sender {
        address: client::address(said.request),
        user_agent: bots::user_agent(headers),
        token: tokens.shown(said.request, said.token, at).await?,
    };
    let secret = batch.secret(at).await?;
    let event = Event {
        kind: said.kind,
        article: said.article,
        at,
        refusal: bots::refusal(headers),
        visitor: sender.visitor(said.kind, &secret),
        network: sender.network(&secret),
        origin: said.origin,
    };
    match batch.write(event).await? {
        Outcome::Received => Ok(HttpResponse::NoContent().finish()),
        outcome => Err(refused(batch, settings, said.article, outcome).await),
    }
}

/// The event, or an empty one for `null` and for an empty body, whatever its content type.
async fn read_view(
    request: &HttpRequest,
    payload: Payload,
    settings: &Settings,
) -> Result<ViewEvent, Error> {
    let limit = ViewEvent::limit(settings);
    let bytes = body::bytes(request, &mut payload.into_inner(), limit, settings).await?;
    if bytes.is_empty() {
        return Ok(ViewEvent::default());
    }
    body::content_type(request, ViewEvent::TYPES)?;
    let value = body::parse_bounded(&bytes, settings.limits.json_depth)?;
    if value.is_null() { Ok(ViewEvent::default()) } else { body::check(value) }
}

//! `POST /v1/articles/{id}/views`.

use super::{Batch, event::View, model::ViewEvent, round::Outcome};
use crate::{
    articles::{access::gone, store as articles},
    clock::Clock,
    config::Settings,
    db,
    error::{Error, What},
    http::{
        body::{self, BodyLimit},
        client,
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
};
use actix_web::{
    HttpRequest, HttpResponse, post,
    web::{Data, Payload},
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoint.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(record_view);
}

/// Record a view
///
/// Answered when it is committed. A view counts once per visitor, article and half-hour; known
/// programs and fetches ahead of the reader do not count. The caller is told no difference. A visitor
/// is an address and a browser under a secret that is thrown away each day.
///
/// The body may be empty or `null`. JSON as `text/plain` is taken too, so that `navigator.sendBeacon` works.
/// On 503 the event may have been written: sending it again cannot count it twice in its half-hour.
#[utoipa::path(
    tag = "events",
    params(("id" = ArticleId, Path, description = "The article.")),
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
async fn record_view(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    payload: Payload,
    batch: Data<Batch>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let event = read(&request, payload, &settings).await?;
    let at = clock.now();
    let secret = batch.secret(at).await?;
    let address = client::address(&request);
    let view = View::new(article, at, &secret, address, request.headers(), event.may_rank());
    match batch.write(view).await? {
        Outcome::Received => Ok(HttpResponse::NoContent().finish()),
        Outcome::Unknown => Err(Error::not_found(What::Article)),
        Outcome::Withdrawn => {
            let conn = db::get(batch.pool()).await?;
            let found = articles::find(&conn, article, &settings.public_url()).await?;
            Err(found.map_or_else(|| Error::not_found(What::Article), |found| gone(&found)))
        }
    }
}

/// The event, or an empty one for `null` and for an empty body, whatever its content type.
async fn read(
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

//! `PUT` and `DELETE /v1/articles/{id}/reaction`.

use super::refused;
use crate::{
    clock::Clock,
    config::{Required, Settings},
    db,
    engagement::{
        Batch, bots,
        identity::Sender,
        model::reaction::{Reaction, ReactionInput},
        reactions::{Reacted, Reactor},
    },
    error::{Code, Error, Fault, Faults, Message, Place},
    http::{
        body::Body,
        client,
        params::Path,
        query::{NoParameters, Query},
        visitor::{HEADER, TokenHeader, Tokens},
    },
    ids::ArticleId,
};
use actix_web::{HttpRequest, HttpResponse, delete, http::header::CACHE_CONTROL, put, web::Data};

/// React to an article
///
/// One reaction per visitor and article; another kind takes the place of the first. The same again
/// changes nothing. A visitor is a visitor token, or else an address and a browser, which are known
/// until the end of the day only.
#[utoipa::path(
    tag = "events",
    params(("id" = ArticleId, Path, description = "The article."), TokenHeader),
    request_body(content = ReactionInput, description = "The kind."),
    responses(
        (status = 200, description = "What stands now.", body = Reaction),
        (status = 403, description = "The caller is a known program: `not_a_reader`."),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[put("/articles/{id}/reaction")]
pub async fn put_reaction(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    Body(input): Body<ReactionInput>,
    batch: Data<Batch>,
    tokens: Data<Tokens>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    known(&input.kind, &settings)?;
    let reactor = reactor(&request, article, &batch, &tokens, &settings, &clock).await?;
    let mut conn = db::get(batch.pool()).await?;
    let done = db::transaction(&mut conn, async |conn| reactor.react(conn, &input.kind).await);
    let done = done.await?;
    drop(conn);
    match done {
        Reacted::Stands(standing) => {
            let (kind, reacted_at) = (standing.kind, standing.reacted_at);
            let reaction = Reaction { article_id: article, kind, reacted_at };
            let mut answer = HttpResponse::Ok();
            Ok(answer.insert_header((CACHE_CONTROL, "private, no-store")).json(reaction))
        }
        Reacted::Refused(outcome) => Err(refused(&batch, &settings, article, outcome).await),
        Reacted::Nothing => Err(Error::internal("a reaction was set and is not there")),
    }
}

/// Take a reaction back
///
/// The caller's own; where there is none, nothing changes. It leaves the counters and the boards as if
/// it had never been.
#[utoipa::path(
    tag = "events",
    params(("id" = ArticleId, Path, description = "The article."), TokenHeader),
    responses(
        (status = 204, description = "None stands now."),
        (status = 403, description = "The caller is a known program: `not_a_reader`."),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[delete("/articles/{id}/reaction")]
pub async fn delete_reaction(
    request: HttpRequest,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    batch: Data<Batch>,
    tokens: Data<Tokens>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let reactor = reactor(&request, article, &batch, &tokens, &settings, &clock).await?;
    let mut conn = db::get(batch.pool()).await?;
    let done = db::transaction(&mut conn, async |conn| reactor.retract(conn).await).await?;
    drop(conn);
    match done {
        Reacted::Refused(outcome) => Err(refused(&batch, &settings, article, outcome).await),
        _ => Ok(HttpResponse::NoContent().finish()),
    }
}

/// Refuses a kind that the settings do not name.
fn known(kind: &str, settings: &Settings) -> Result<(), Error> {
    let kinds: Vec<_> = settings.reactions.kinds.0.iter().map(|known| known.0.as_str()).collect();
    if kinds.contains(&kind) {
        return Ok(());
    }
    let kinds = kinds.join(", ");
    let detail = Message::new(
        format!("Must be one of {kinds}."),
        format!("다음 중 하나여야 합니다: {kinds}."),
    );
    Err(Error::invalid(Faults::at("/kind", "unknown_value", detail)))
}

/// Who reacts. Programs do not: their state would be told wrong if it were silently left out.
async fn reactor(
    request: &HttpRequest,
    article: ArticleId,
    batch: &Batch,
    tokens: &Tokens,
    settings: &Settings,
    clock: &Clock,
) -> Result<Reactor, Error> {
    let at = clock.now();
    let token = tokens.shown(request, None, at).await?;
    if bots::refusal(request.headers()).is_some() {
        return Err(Error::plain(Code::NotAReader));
    }
    if token.is_none() && settings.reactions.require == Required::Token {
        let detail = Message::new("A visitor token is needed.", "방문자 토큰이 필요합니다.");
        let place = Place::Header(HEADER);
        return Err(Error::invalid(Faults(vec![Fault { place, code: "missing", detail }])));
    }
    let secret = batch.secret(at).await?;
    let user_agent = bots::user_agent(request.headers());
    let sender = Sender { address: client::address(request), user_agent, token };
    Ok(Reactor {
        article,
        actor: sender.actor(&secret),
        network: sender.network(&secret),
        at,
        zone: settings.zone(),
        network_cap: settings.views.network_cap,
    })
}

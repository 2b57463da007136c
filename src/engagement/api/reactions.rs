//! `PUT` and `DELETE /v1/articles/{id}/reaction`.

use super::refused;
use crate::{
    clock::{Clock, Timestamp},
    config::{Required, Settings},
    db,
    engagement::{
        Batch, bots,
        identity::{Sender, account_number},
        model::reaction::{Reaction, ReactionInput},
        reactions::{Reacted, Reactor},
    },
    error::{Code, Error, Fault, Faults, Message, Place},
    http::{
        auth::{MaybeCaller, Principal, Reader, Who},
        body::Body,
        client,
        params::Path,
        query::{NoParameters, Query},
        visitor::{HEADER, TokenHeader, Tokens},
    },
    ids::{AccountId, ArticleId},
};
use actix_web::{HttpRequest, HttpResponse, delete, http::header::CACHE_CONTROL, put, web::Data};

/// React to an article
///
/// One reaction per visitor and article; another kind takes the place of the first. The same again
/// changes nothing. A visitor is a visitor token, or else an address and a browser, which are known
/// until the end of the day only. Where `/v1/meta` says that reactions require a `reader`, it is the account.
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
    caller: MaybeCaller,
) -> Result<HttpResponse, Error> {
    known(&input.kind, &settings)?;
    let reactor =
        reactor(&request, article, caller.0.as_ref(), &batch, &tokens, &settings, &clock).await?;
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
    caller: MaybeCaller,
) -> Result<HttpResponse, Error> {
    let reactor =
        reactor(&request, article, caller.0.as_ref(), &batch, &tokens, &settings, &clock).await?;
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
    caller: Option<&Principal>,
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
    let account = match settings.reactions.require {
        Required::Token if token.is_none() => {
            let detail = Message::new("A visitor token is needed.", "방문자 토큰이 필요합니다.");
            let place = Place::Header(HEADER);
            return Err(Error::invalid(Faults(vec![Fault { place, code: "missing", detail }])));
        }
        Required::Reader => Some(reader(caller)?),
        Required::Token | Required::Visitor => None,
    };
    let secret = batch.secret(at).await?;
    let user_agent = bots::user_agent(request.headers());
    let sender = Sender { address: client::address(request), user_agent, token };
    Ok(Reactor {
        article,
        actor: account.map_or_else(|| sender.actor(&secret), account_number),
        network: sender.network(&secret),
        at,
        zone: settings.zone(),
        network_cap: settings.views.network_cap,
    })
}

/// The account of a caller who may take part.
fn reader(caller: Option<&Principal>) -> Result<AccountId, Error> {
    let caller = caller.ok_or_else(|| Error::plain(Code::Unauthenticated))?;
    let Who::Account(account) = &caller.who else {
        return Err(Error::plain(Code::AccountNeeded));
    };
    let reader = Reader { account: account.clone(), principal: caller.clone() };
    reader.must_take_part().map(|()| account.id)
}

/// As whom the caller would react: the account where the server asks for one, else the visitor. `None`
/// where an account is asked for and there is none.
///
/// # Errors
/// 422 for a visitor token that is malformed or expired, and what the database says.
pub async fn actor(
    request: &HttpRequest,
    account: Option<AccountId>,
    batch: &Batch,
    tokens: &Tokens,
    settings: &Settings,
    now: Timestamp,
) -> Result<Option<i64>, Error> {
    if settings.reactions.require == Required::Reader {
        return Ok(account.map(account_number));
    }
    let token = tokens.shown(request, None, now).await?;
    let secret = batch.secret(now).await?;
    let user_agent = bots::user_agent(request.headers());
    let sender = Sender { address: client::address(request), user_agent, token };
    Ok(Some(sender.actor(&secret)))
}

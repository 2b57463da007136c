//! `POST /v1/visitors`.

use crate::{
    clock::Clock,
    engagement::model::visitor::VisitorToken,
    error::Error,
    http::{
        query::{NoParameters, Query},
        visitor::Tokens,
    },
};
use actix_web::{
    HttpResponse,
    http::header::{CACHE_CONTROL, SET_COOKIE},
    post,
    web::Data,
};

/// Issue a visitor token
///
/// For a reader without an account: a token makes them one visitor, also behind an address that many
/// share, and their reactions their own for longer than a day. It says nothing about anyone. The
/// server keeps none: asking again makes another one, and there is no Idempotency-Key to send.
/// Browsers get the token as a cookie, too.
#[utoipa::path(
    tag = "events",
    responses((
        status = 201,
        description = "The token.",
        body = VisitorToken,
        headers(("Set-Cookie")),
    )),
)]
#[post("/visitors")]
pub async fn create_visitor(
    _: Query<NoParameters>,
    tokens: Data<Tokens>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let issued = tokens.issue(clock.now()).await?;
    let mut answer = HttpResponse::Created();
    answer.insert_header((CACHE_CONTROL, "private, no-store"));
    answer.insert_header((SET_COOKIE, issued.cookie.clone()));
    Ok(answer.json(VisitorToken::from(issued)))
}

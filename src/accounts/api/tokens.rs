//! To stay logged in, and to log out.

use super::super::{
    Tools,
    model::{session::LoggedIn, tokens::RefreshInput},
    store::{
        people,
        sessions::{self, Refreshed},
    },
};
use super::answer;
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Code, Error, Result},
    http::{
        auth::Reader,
        body::Body,
        query::{NoParameters, Query},
    },
};
use actix_web::{HttpResponse, http::StatusCode, post, web::Data};

/// Refresh
///
/// Changes a refresh token for the next pair of tokens. The old pair ends. A refresh token that is shown
/// again ends the whole log-in: somebody else has it. So show it once, from one place, and keep the answer.
/// Send it without `Authorization`.
#[utoipa::path(
    tag = "accounts",
    request_body(content = RefreshInput, description = "The refresh token."),
    responses(
        (status = 200, description = "The next pair of tokens.", body = LoggedIn),
        (status = 401, description = "The token is nobody's, has ended, or was shown before: `invalid_credentials`."),
    ),
)]
#[post("/auth/refresh")]
pub async fn refresh(
    _: Query<NoParameters>,
    Body(input): Body<RefreshInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let now = clock.now();
    let mut conn = db::get(&pool).await?;
    let fresh = db::transaction(&mut conn, async |conn| {
        let tokens =
            match sessions::refresh(conn, &input.refresh_token, &tools.settings, now).await? {
                Refreshed::Fresh(tokens, account) => (tokens, account),
                Refreshed::Unknown => return Ok(None),
                Refreshed::Reused(session) => {
                    tracing::warn!(%session, "a refresh token was shown again; its log-in ended");
                    return Ok(None);
                }
            };
        let row = people::by_id(conn, tokens.1, now).await?;
        Ok::<_, Error>(row.map(|row| LoggedIn::new(tokens.0, &row)))
    })
    .await?;
    answer(StatusCode::OK, &fresh.ok_or_else(|| Error::plain(Code::InvalidCredentials))?)
}

/// Log out
///
/// Ends the log-in whose access token is shown. A token of an external issuer ends with its issuer.
#[utoipa::path(
    tag = "accounts",
    security(("reader" = [])),
    responses((status = 204, description = "It has ended.")),
)]
#[post("/auth/logout")]
pub async fn logout(
    reader: Reader,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    if let Some(session) = reader.account.session {
        let mut conn = db::get(&pool).await?;
        sessions::end(&mut conn, reader.account.id, Some(session), None, clock.now()).await?;
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Log out everywhere
///
/// Ends every log-in of the account.
#[utoipa::path(
    tag = "accounts",
    security(("reader" = [])),
    responses((status = 204, description = "All have ended.")),
)]
#[post("/auth/logout-all")]
pub async fn logout_all(
    reader: Reader,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    sessions::end(&mut conn, reader.account.id, None, None, clock.now()).await?;
    Ok(HttpResponse::NoContent().finish())
}

//! To log in.

use super::super::{
    Tools,
    model::{person::LoginInput, session::LoggedIn},
    store::{failures, people, sessions},
};
use super::answer;
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Code, Error, Result},
    http::{
        body::Body,
        query::{NoParameters, Query},
    },
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, post, web::Data};

/// Log in
///
/// With an address and a password. The answer and the work are the same whether or not there is such an
/// account. After failures with an address the next attempt has to wait, longer each time. Send it
/// without `Authorization`.
#[utoipa::path(
    tag = "accounts",
    request_body(content = LoginInput, description = "Who logs in."),
    responses(
        (status = 200, description = "The account, logged in.", body = LoggedIn),
        (status = 401, description = "`invalid_credentials`"),
        (status = 403, description = "The password is right, and the account is banned: `account_banned`."),
        (status = 429, description = "Too many attempts failed (`login_delayed`), or too many requests (`rate_limited`)."),
    ),
)]
#[post("/auth/login")]
pub async fn login(
    _: Query<NoParameters>,
    Body(input): Body<LoginInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let now = clock.now();
    tools.ready().await?;
    let (attempt, row) = {
        let conn = db::get(&pool).await?;
        let attempt = tools.begin(&conn, &request, &input.email.0, now).await?;
        (attempt, people::by_email(&conn, &input.email.0, now).await?)
    };
    // No connection is held meanwhile.
    let stored = row.as_ref().and_then(|row| row.password_hash.clone());
    let right = tools.verify(&pool, &attempt, stored.as_deref(), &input.password, now).await?;
    let Some(row) = row.filter(|_| right) else {
        return Err(Error::plain(Code::InvalidCredentials));
    };
    if row.banned {
        return Err(Error::plain(Code::AccountBanned));
    }
    let stored = stored.as_deref();
    let outdated = stored.is_some_and(|hash| tools.hasher.is_outdated(hash));
    let anew = if outdated { Some(tools.hasher.hash(&input.password.0).await?) } else { None };
    let mut conn = db::get(&pool).await?;
    let logged_in = db::transaction(&mut conn, async |conn| {
        // It may have been changed meanwhile, and then the log-ins by the old one ended.
        if !people::hold_while(conn, row.id, stored.unwrap_or_default()).await? {
            return Err(Error::plain(Code::InvalidCredentials));
        }
        failures::forgive(conn, &attempt).await?;
        if let Some(hash) = &anew {
            people::set_password(conn, row.id, hash, now).await?;
        }
        let tokens = sessions::open(conn, row.id, &tools.settings, now).await?;
        Ok::<_, Error>(LoggedIn::new(tokens, &row))
    })
    .await?;
    answer(StatusCode::OK, &logged_in)
}

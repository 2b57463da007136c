//! To change a password, and to get in again without one.

use super::super::{
    Tools,
    mail::Errand,
    model::{
        session::LoggedIn,
        tokens::{PasswordInput, ResetInput, ResetRequestInput, unusable},
    },
    store::{
        failures, mailed,
        people::{self, hold_while},
        sessions,
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
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, post, put, web::Data};

/// Change the password
///
/// Every other log-in of the account ends.
#[utoipa::path(
    tag = "accounts",
    security(("reader" = [])),
    request_body(content = PasswordInput, description = "The old password and the new one."),
    responses(
        (status = 204, description = "The new password holds."),
        (status = 403, description = "`wrong_password`, or a key called: `account_needed`."),
        (status = 409, description = "The account belongs to an external issuer: `no_password`."),
        (status = 429, description = "Too many attempts failed (`login_delayed`), or too many requests (`rate_limited`)."),
    ),
)]
#[put("/auth/password")]
pub async fn change_password(
    reader: Reader,
    _: Query<NoParameters>,
    Body(input): Body<PasswordInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (now, account) = (clock.now(), &reader.account);
    let stored = tools.confirm(&pool, &request, account.id, &input.current_password, now).await?;
    let hash = tools.hasher.hash(&input.new_password.0).await?;
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        if !hold_while(conn, account.id, &stored).await? {
            return Err(Error::plain(Code::WrongPassword));
        }
        people::set_password(conn, account.id, &hash, now).await?;
        mailed::forget_resets(conn, account.id).await?;
        sessions::end(conn, account.id, None, account.session, now).await?;
        Ok(())
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Ask for a new password
///
/// Where there is such an account, and the server sends mail, a token for a new password is on its way. The
/// answer is always the same.
#[utoipa::path(
    tag = "accounts",
    request_body(content = ResetRequestInput, description = "Who forgot their password."),
    responses((status = 202, description = "Whoever has this address will hear.")),
)]
#[post("/auth/password/reset-request")]
pub async fn request_reset(
    _: Query<NoParameters>,
    Body(input): Body<ResetRequestInput>,
    tools: Data<Tools>,
) -> Result<HttpResponse> {
    tools.post.hand_in(Errand::Reset { email: input.email.0 });
    Ok(HttpResponse::Accepted().finish())
}

/// Set a new password
///
/// With the token of a mail, once. Every log-in so far ends, failed attempts are forgotten, and the account
/// is logged in.
#[utoipa::path(
    tag = "accounts",
    request_body(content = ResetInput, description = "The token and the new password."),
    responses(
        (status = 200, description = "The account, logged in.", body = LoggedIn),
        (status = 403, description = "The new password holds, and the account is banned: `account_banned`."),
    ),
)]
#[post("/auth/password/reset")]
pub async fn reset_password(
    _: Query<NoParameters>,
    Body(input): Body<ResetInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let now = clock.now();
    tools.ready().await?;
    let account = {
        let conn = db::get(&pool).await?;
        mailed::reset_of(&conn, &input.token, now).await?
    };
    // Made-up tokens cost no hash.
    let account = account.ok_or_else(unusable)?;
    let hash = tools.hasher.hash(&input.new_password.0).await?;
    let mut conn = db::get(&pool).await?;
    let logged_in = db::transaction(&mut conn, async |conn| {
        let there = mailed::take_reset(conn, &input.token, now).await?
            && people::set_password(conn, account, &hash, now).await?;
        let row = people::by_id(conn, account, now).await?.filter(|_| there);
        let row = row.ok_or_else(unusable)?;
        mailed::forget_resets(conn, account).await?;
        sessions::end(conn, account, None, None, now).await?;
        if let Some(email) = &row.email {
            failures::forgive_everywhere(conn, &tools.everywhere(email).await?).await?;
        }
        if row.banned {
            return Ok(None);
        }
        let tokens = sessions::open(conn, account, &tools.settings, now).await?;
        Ok::<_, Error>(Some(LoggedIn::new(tokens, &row)))
    })
    .await?;
    answer(StatusCode::OK, &logged_in.ok_or_else(|| Error::plain(Code::AccountBanned))?)
}

//! To have an account.

use super::super::{
    Tools,
    mail::Errand,
    model::{
        person::{DisplayName, RegistrationInput},
        session::LoggedIn,
        tokens::{VerifyInput, unusable},
    },
    secret::{MAILED, Secret},
    store::{
        mailed,
        people::{self, NewPerson},
        sessions,
    },
};
use super::answer;
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Code, Error, Result},
    http::{
        body::Body,
        query::{NoParameters, Query},
    },
};
use actix_web::{HttpResponse, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;

/// Register
///
/// Makes an account of this server and logs it in. Where the server verifies addresses the answer is 202
/// whether or not there is an account, and the account is made by `POST /v1/auth/verify`. Takes no
/// Idempotency-Key: a second request finds the address taken. Send it without `Authorization`.
#[utoipa::path(
    tag = "accounts",
    request_body(content = RegistrationInput, description = "Who wants an account."),
    responses(
        (status = 201, description = "The account, logged in.", body = LoggedIn),
        (status = 202, description = "A mail is on its way, which says how to go on."),
        (status = 403, description = "This server makes no accounts of its own: `registration_closed`."),
        (status = 409, description = "`email_taken` or `name_taken`."),
    ),
)]
#[post("/auth/register")]
pub async fn register(
    _: Query<NoParameters>,
    Body(input): Body<RegistrationInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    if !tools.settings.registration {
        return Err(Error::plain(Code::RegistrationClosed));
    }
    input.display_name.must_be_a_readers(&tools.settings.reserved_names.0)?;
    let hash = tools.hasher.hash(&input.password.0).await?;
    let (mut conn, now) = (db::get(&pool).await?, clock.now());
    if tools.settings.verify_mail {
        if let Some(taken) = people::taken(&conn, None, &input.display_name.key, None).await? {
            return Err(taken.into());
        }
        // Whether or not the address is taken: the mail will say.
        let token = Secret::of(MAILED)?;
        let end = now.plus_minutes(i64::from(tools.settings.mailed_hours) * 60);
        let (email, name) = (&input.email.0, &input.display_name);
        mailed::add_registration(&mut conn, email, name, &hash, &token, (now, end)).await?;
        tools.post.hand_in(Errand::Registration { email: input.email.0, token });
        return Ok(HttpResponse::Accepted().finish());
    }
    let logged_in = db::transaction(&mut conn, async |conn| {
        open(conn, &tools, &input.email.0, &input.display_name, &hash, now).await
    })
    .await?;
    answer(StatusCode::CREATED, &logged_in)
}

/// Verify an address
///
/// With the token of a mail, once: makes the account that was asked for and logs it in. Where its display
/// name was taken meanwhile the token stays valid: send another `display_name` with it.
#[utoipa::path(
    tag = "accounts",
    request_body(content = VerifyInput, description = "The token."),
    responses(
        (status = 201, description = "The account, logged in.", body = LoggedIn),
        (status = 409, description = "`email_taken` or `name_taken`."),
    ),
)]
#[post("/auth/verify")]
pub async fn verify(
    _: Query<NoParameters>,
    Body(input): Body<VerifyInput>,
    tools: Data<Tools>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    if let Some(name) = &input.display_name {
        name.must_be_a_readers(&tools.settings.reserved_names.0)?;
    }
    let (mut conn, now) = (db::get(&pool).await?, clock.now());
    let logged_in = db::transaction(&mut conn, async |conn| {
        let asked = mailed::take_registration(conn, &input.token, now).await?;
        let asked = asked.ok_or_else(unusable)?;
        let own = DisplayName { text: asked.display_name, key: asked.name_key };
        let name = input.display_name.as_ref().unwrap_or(&own);
        let made = open(conn, &tools, &asked.email, name, &asked.password_hash, now).await?;
        mailed::forget_registrations(conn, &asked.email).await?;
        Ok::<_, Error>(made)
    })
    .await?;
    answer(StatusCode::CREATED, &logged_in)
}

/// Makes an account and logs it in.
async fn open(
    conn: &mut AsyncPgConnection,
    tools: &Tools,
    email: &str,
    name: &DisplayName,
    hash: &str,
    now: Timestamp,
) -> Result<LoggedIn> {
    let new = NewPerson {
        email: Some(email),
        name,
        password_hash: Some(hash),
        subject: None,
        roles: &[],
    };
    let id = people::insert(conn, &new, now).await??;
    let id = id.ok_or_else(|| Error::internal("an account without an issuer met another"))?;
    let tokens = sessions::open(conn, id, &tools.settings, now).await?;
    let row = people::by_id(conn, id, now).await?;
    let row = row.ok_or_else(|| Error::internal("a fresh account is not there"))?;
    Ok(LoggedIn::new(tokens, &row))
}

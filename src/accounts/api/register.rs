//! To have an account.

use super::super::{
    Tools,
    model::{
        person::{DisplayName, RegistrationInput},
        session::LoggedIn,
    },
    store::{
        people::{self, NewPerson, Taken},
        sessions,
    },
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
use actix_web::{HttpResponse, http::StatusCode, post, web::Data};

/// Register
///
/// Makes an account of this server and logs it in. Takes no Idempotency-Key: a second request finds the
/// address taken. Send it without `Authorization`.
#[utoipa::path(
    tag = "accounts",
    request_body(content = RegistrationInput, description = "Who wants an account."),
    responses(
        (status = 201, description = "The account, logged in.", body = LoggedIn),
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
    let mut conn = db::get(&pool).await?;
    let logged_in = db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        let new = NewPerson {
            email: Some(&input.email.0),
            name: &input.display_name,
            password_hash: Some(&hash),
            subject: None,
            roles: &[],
        };
        let id = people::insert(conn, &new, now).await?.map_err(refusal)?;
        let id = id.ok_or_else(|| Error::internal("an account without an issuer met another"))?;
        let tokens = sessions::open(conn, id, &tools.settings, now).await?;
        let row = people::by_id(conn, id, now).await?;
        let row = row.ok_or_else(|| Error::internal("a fresh account is not there"))?;
        Ok::<_, Error>(LoggedIn::new(tokens, &row))
    })
    .await?;
    answer(StatusCode::CREATED, &logged_in)
}

/// The problem of what somebody else has.
pub fn refusal(taken: Taken) -> Error {
    match taken {
        Taken::Email => Error::plain(Code::EmailTaken),
        Taken::Name => Error::plain(Code::NameTaken),
        Taken::StaffName => DisplayName::reserved().into(),
    }
}

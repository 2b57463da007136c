//! Who calls, and what they may. The permission stands in the handler's signature: a handler that
//! takes [`Allowed<P>`] cannot be reached without `P`, one that takes [`Reader`] not without an account.
//!
//! - `principal` who may call: keys and accounts, their scopes and roles

mod principal;

pub use principal::{Account, Principal, Role, Scope, Who};

use crate::{
    error::{Code, Error, Result},
    http::limit,
};
use actix_web::{
    FromRequest, HttpMessage, HttpRequest,
    body::{EitherBody, MessageBody},
    dev::{Payload, ServiceRequest, ServiceResponse},
    http::header::AUTHORIZATION,
    middleware::Next,
    web::Data,
};
use sha2::{Digest, Sha256};
use std::{
    future::{Future, Ready, ready},
    marker::PhantomData,
    pin::Pin,
};

/// A future that can be named.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Finds who a secret belongs to. Implemented above this floor, wired by the server.
pub trait Principals {
    /// The principal who shows this bearer token, if it is valid now: an API key (`sk_…`), an access
    /// token of an account (`at_…`), or a JWT of an issuer that the settings name.
    fn by_bearer<'a>(&'a self, token: &'a str) -> Boxed<'a, Result<Option<Principal>>>;
}

/// The SHA-256 a secret is stored and looked up by.
#[must_use]
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The longest bearer token, in bytes: JWTs are long.
const TOKEN_MAX: usize = 8_192;

/// Middleware: resolves the bearer token once a request. A bad one is 401 even where none is needed.
///
/// # Errors
/// What the layers below return.
pub async fn authenticate(
    req: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<EitherBody<impl MessageBody>>, actix_web::Error> {
    match resolve(req.request()).await {
        Ok(Some(principal)) => {
            req.extensions_mut().insert(principal);
        }
        Ok(None) => {}
        Err(error) => {
            // Guessing counts, too.
            let error = limit::charge(req.request()).err().unwrap_or(error);
            return Ok(req.error_response(error).map_into_right_body());
        }
    }
    Ok(next.call(req).await?.map_into_left_body())
}

/// Who sent the request; `None` without `Authorization`.
async fn resolve(request: &HttpRequest) -> Result<Option<Principal>> {
    let Some(header) = request.headers().get(AUTHORIZATION) else {
        return Ok(None);
    };
    let refused = || Error::plain(Code::Unauthenticated);
    let secret = header
        .to_str()
        .ok()
        .and_then(|text| text.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, secret)| secret.trim())
        .filter(|secret| (1..=TOKEN_MAX).contains(&secret.len()))
        .ok_or_else(refused)?;
    let principals = request
        .app_data::<Data<dyn Principals>>()
        .ok_or_else(|| Error::internal("no principals"))?;
    principals.by_bearer(secret).await?.ok_or_else(refused).map(Some)
}

/// A permission a handler can ask for.
pub trait Permission {
    /// The scope that grants it.
    const SCOPE: Scope;
}

/// `articles:write`.
#[derive(Debug)]
pub struct ArticlesWrite;
impl Permission for ArticlesWrite {
    const SCOPE: Scope = Scope::ArticlesWrite;
}

/// `rankings:curate`.
#[derive(Debug)]
pub struct RankingsCurate;
impl Permission for RankingsCurate {
    const SCOPE: Scope = Scope::RankingsCurate;
}

/// `comments:moderate`.
#[derive(Debug)]
pub struct CommentsModerate;
impl Permission for CommentsModerate {
    const SCOPE: Scope = Scope::CommentsModerate;
}

/// `admin`.
#[derive(Debug)]
pub struct Admin;
impl Permission for Admin {
    const SCOPE: Scope = Scope::Admin;
}

/// The caller, who holds `P`.
#[derive(Debug)]
pub struct Allowed<P>(pub Principal, PhantomData<P>);

/// The caller, who holds `P` or `Q`.
#[derive(Debug)]
pub struct AllowedEither<P, Q>(pub Principal, PhantomData<(P, Q)>);

/// The caller, whoever that is.
#[derive(Debug)]
pub struct Caller(pub Principal);

/// The caller, who has an account.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The account.
    pub account: Account,
    /// All of them, for records of who did what.
    pub principal: Principal,
}

impl Reader {
    /// # Errors
    /// 403 with `until` while the account is suspended.
    pub fn must_take_part(&self) -> Result<()> {
        match self.account.suspended_until {
            None => Ok(()),
            Some(until) => Err(Error::plain(Code::AccountSuspended)
                .with_extension("until", serde_json::json!(until))),
        }
    }
}

/// The caller, if they said who they are.
#[derive(Debug)]
pub struct MaybeCaller(pub Option<Principal>);

fn caller(request: &HttpRequest) -> Option<Principal> {
    request.extensions().get::<Principal>().cloned()
}

impl<P: Permission> FromRequest for Allowed<P> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match caller(request) {
            None => Err(Error::plain(Code::Unauthenticated)),
            Some(principal) if principal.holds(P::SCOPE) => Ok(Self(principal, PhantomData)),
            Some(_) => Err(Error::plain(Code::InsufficientScope)),
        })
    }
}

impl<P: Permission, Q: Permission> FromRequest for AllowedEither<P, Q> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match caller(request) {
            None => Err(Error::plain(Code::Unauthenticated)),
            Some(principal) if principal.holds(P::SCOPE) || principal.holds(Q::SCOPE) => {
                Ok(Self(principal, PhantomData))
            }
            Some(_) => Err(Error::plain(Code::InsufficientScope)),
        })
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(caller(request).map(Self).ok_or_else(|| Error::plain(Code::Unauthenticated)))
    }
}

impl FromRequest for MaybeCaller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(caller(request))))
    }
}

impl FromRequest for Reader {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(match caller(request) {
            None => Err(Error::plain(Code::Unauthenticated)),
            Some(principal) => match principal.who.clone() {
                Who::Account(account) => Ok(Self { account, principal }),
                Who::Key(_) => Err(Error::plain(Code::AccountNeeded)),
            },
        })
    }
}

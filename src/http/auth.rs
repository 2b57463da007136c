//! Who calls, and what they may. The permission stands in the handler's signature: a handler that
//! takes [`Allowed<P>`] cannot be reached without `P`.

use crate::{
    error::{Code, Error, Faults, Result},
    http::limit,
    ids::{ApiKeyId, PublisherId},
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
use utoipa::ToSchema;

/// What a key may do.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    deserr::Deserr,
    ToSchema,
)]
#[deserr(error = Faults)]
#[schema(as = KeyScope)]
pub enum Scope {
    /// Write, publish and withdraw articles; read drafts.
    #[serde(rename = "articles:write")]
    #[deserr(rename = "articles:write")]
    ArticlesWrite,
    /// Pin and exclude articles on boards, put stories together and take them apart.
    #[serde(rename = "rankings:curate")]
    #[deserr(rename = "rankings:curate")]
    RankingsCurate,
    /// Everything, the catalogue and keys included.
    #[serde(rename = "admin")]
    #[deserr(rename = "admin")]
    Admin,
}

impl Scope {
    /// Every scope by its name.
    pub const ALL: [(&'static str, Self); 3] = [
        ("articles:write", Self::ArticlesWrite),
        ("rankings:curate", Self::RankingsCurate),
        ("admin", Self::Admin),
    ];

    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ArticlesWrite => "articles:write",
            Self::RankingsCurate => "rankings:curate",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Scope {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, scope)| *scope).ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("unknown scope {text:?}; known are {}", known.join(", "))
        })
    }
}

/// Who is behind a valid key.
#[derive(Debug, Clone)]
pub struct Principal {
    /// The key.
    pub id: ApiKeyId,
    /// Its name, for records of who did what.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The one publisher it is bound to, if any.
    pub publisher: Option<PublisherId>,
}

impl Principal {
    /// Whether it holds `scope`; `admin` holds all.
    #[must_use]
    pub fn holds(&self, scope: Scope) -> bool {
        self.scopes.iter().any(|held| *held == scope || *held == Scope::Admin)
    }

    /// Whether it may touch what belongs to `publisher`.
    #[must_use]
    pub fn covers(&self, publisher: PublisherId) -> bool {
        self.publisher.is_none_or(|own| own == publisher)
    }

    /// # Errors
    /// 403 for another publisher's.
    pub fn must_cover(&self, publisher: PublisherId) -> Result<()> {
        if self.covers(publisher) { Ok(()) } else { Err(Error::plain(Code::WrongPublisher)) }
    }

    /// # Errors
    /// 403 for a key that is bound to one publisher.
    pub fn must_be_unbound(&self) -> Result<()> {
        if self.publisher.is_none() { Ok(()) } else { Err(Error::plain(Code::WrongPublisher)) }
    }
}

/// A future that can be named.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Finds who a secret belongs to. Implemented above this floor, wired by the server.
pub trait Principals {
    /// The principal of the key with this SHA-256, if it is valid now.
    fn by_secret_hash(&self, hash: [u8; 32]) -> Boxed<'_, Result<Option<Principal>>>;
}

/// The SHA-256 a secret is stored and looked up by.
#[must_use]
pub fn secret_hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// Middleware: resolves the bearer key once a request. A bad key is 401 even where none is needed.
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
        .filter(|secret| secret.starts_with("sk_") && secret.len() <= 200)
        .ok_or_else(refused)?;
    let principals = request
        .app_data::<Data<dyn Principals>>()
        .ok_or_else(|| Error::internal("no principals"))?;
    principals.by_secret_hash(secret_hash(secret)).await?.ok_or_else(refused).map(Some)
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

/// `admin`.
#[derive(Debug)]
pub struct Admin;
impl Permission for Admin {
    const SCOPE: Scope = Scope::Admin;
}

/// The caller, who holds `P`.
#[derive(Debug)]
pub struct Allowed<P>(pub Principal, PhantomData<P>);

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

impl FromRequest for MaybeCaller {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(caller(request))))
    }
}

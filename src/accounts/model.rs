//! The shapes the API shows and takes: of keys here; `person`, `session`, `tokens`, `staff` of accounts.

pub mod person;
pub mod session;
pub mod staff;
pub mod tokens;

use crate::{
    clock::Timestamp,
    error::{Broken, Faults, Message},
    http::{auth::Scope, body::BodyLimit},
    ids::{ApiKeyId, PublisherId},
    page::page_type,
    slug::Slug,
    text::{TextFault, line},
};
use deserr::Deserr;
use diesel::Queryable;
use serde::Serialize;
use utoipa::ToSchema;

/// The longest name of a key, in Unicode code points.
pub const KEY_NAME_MAX: usize = 100;

/// A key as it is stored, with its publisher's slug.
#[derive(Debug, Clone, Queryable)]
#[expect(missing_docs, reason = "the columns; the view documents them")]
pub struct ApiKeyRow {
    pub id: ApiKeyId,
    pub name: String,
    pub prefix: String,
    pub scopes: Vec<String>,
    pub publisher_id: Option<PublisherId>,
    pub publisher: Option<String>,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    pub last_used_at: Option<Timestamp>,
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ApiKey {
    /// Identifies the key; not the key itself.
    pub id: ApiKeyId,
    /// What it is for.
    #[schema(max_length = 100, examples("Newsroom CMS"))]
    pub name: String,
    /// The first characters of the key, to tell keys apart by eye.
    #[schema(max_length = 20, examples("sk_Zk3q9xPa"))]
    pub prefix: String,
    /// What it may do.
    #[schema(max_items = 10)]
    pub scopes: Vec<Scope>,
    /// Slug of the one publisher it is bound to.
    #[schema(required, max_length = 120, examples("haneul-ilbo"))]
    pub publisher: Option<String>,
    /// When it was issued.
    pub created_at: Timestamp,
    /// When it ends by itself; `null` for never.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    #[schema(required)]
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to within ten minutes.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
}

page_type! {
    /// One page of keys.
    ApiKeyPage of ApiKey
}

/// A key as it is issued: the only answer that shows the secret.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedApiKey {
    /// The key, to be sent as `Authorization: Bearer sk_…`. It cannot be shown again.
    #[schema(
        min_length = 46,
        max_length = 46,
        pattern = "^sk_[A-Za-z0-9_-]{43}$",
        examples("sk_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi")
    )]
    pub key: String,
    /// What is known about it.
    #[serde(flatten)]
    pub known: ApiKey,
}

/// A key as it is asked for.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "name": "Newsroom CMS",
    "scopes": ["articles:write"],
    "publisher": "haneul-ilbo",
    "expires_at": "2027-11-22T00:00:00.000Z"
})))]
pub struct ApiKeyInput {
    /// What it is for.
    #[deserr(try_from(String) = line::<KEY_NAME_MAX> -> TextFault)]
    #[schema(min_length = 1, max_length = 100, examples("Newsroom CMS"))]
    pub name: String,
    /// What it may do.
    #[deserr(try_from(Vec<Scope>) = some_scopes -> ScopesFault)]
    #[schema(min_items = 1, max_items = 4)]
    pub scopes: Vec<Scope>,
    /// Slug of the one publisher whose articles it may write; every publisher's when absent. A key
    /// with `admin` cannot be bound.
    #[deserr(default)]
    #[schema(examples("haneul-ilbo"))]
    pub publisher: Option<Slug>,
    /// When it ends by itself, in the future; never when absent.
    #[deserr(default)]
    pub expires_at: Option<Timestamp>,
}

impl BodyLimit for ApiKeyInput {}

/// A key to be made, with its publisher found.
#[derive(Debug, Clone)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// What it may do.
    pub scopes: Vec<Scope>,
    /// The one publisher it is bound to.
    pub publisher: Option<PublisherId>,
    /// When it ends by itself.
    pub expires_at: Option<Timestamp>,
}

impl NewKey {
    /// # Errors
    /// A fault at `/publisher` for a bound key with `admin`: who issues keys is not bound.
    pub fn check(&self) -> Result<(), Faults> {
        if self.publisher.is_none() || !self.scopes.contains(&Scope::Admin) {
            return Ok(());
        }
        let detail = Message::new(
            "A key with admin cannot be bound to a publisher.",
            "admin 권한의 키는 언론사에 묶을 수 없습니다.",
        );
        Err(Faults::at("/publisher", "admin_is_unbound", detail))
    }
}

impl ApiKeyRow {
    /// What it may do; scopes that this version does not know grant nothing.
    #[must_use]
    pub fn scopes(&self) -> Vec<Scope> {
        self.scopes.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

impl From<ApiKeyRow> for ApiKey {
    fn from(row: ApiKeyRow) -> Self {
        Self {
            id: row.id,
            scopes: row.scopes(),
            name: row.name,
            prefix: row.prefix,
            publisher: row.publisher,
            created_at: row.created_at,
            expires_at: row.expires_at,
            revoked_at: row.revoked_at,
            last_used_at: row.last_used_at,
        }
    }
}

/// What is wrong with a list of scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScopesFault {
    /// A key that may do nothing.
    #[error("Must name at least one scope.")]
    Empty,
    /// One stands twice.
    #[error("Must name each scope once.")]
    Repeated,
}

impl Broken for ScopesFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Repeated => "repeated",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::Empty => "권한을 하나 이상 적어야 합니다.".into(),
            Self::Repeated => "같은 권한을 두 번 적을 수 없습니다.".into(),
        }
    }
}

fn some_scopes(scopes: Vec<Scope>) -> Result<Vec<Scope>, ScopesFault> {
    if scopes.is_empty() {
        return Err(ScopesFault::Empty);
    }
    let repeated = scopes.iter().enumerate().any(|(n, scope)| scopes[..n].contains(scope));
    if repeated { Err(ScopesFault::Repeated) } else { Ok(scopes) }
}

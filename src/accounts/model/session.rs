//! What log-ins are answered with, and rows of accounts.

use crate::{
    clock::Timestamp,
    http::auth::{Account, Principal, Role},
    ids::{AccountId, SessionId},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use serde::Serialize;
use utoipa::ToSchema;

/// An account as requests of it need it.
#[derive(Debug, Clone, QueryableByName)]
#[expect(missing_docs, reason = "the columns; the views document them")]
pub struct PersonRow {
    #[diesel(sql_type = SqlUuid)]
    pub id: AccountId,
    #[diesel(sql_type = Text)]
    pub display_name: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub password_hash: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub issuer: Option<String>,
    #[diesel(sql_type = Array<Text>)]
    pub roles: Vec<String>,
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub suspended_until: Option<Timestamp>,
    #[diesel(sql_type = Bool)]
    pub banned: bool,
}

impl PersonRow {
    /// What the account's roles are; those that this version does not know grant nothing.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|name| name.parse().ok()).collect()
    }

    /// Who calls, with the log-in they came by.
    #[must_use]
    pub fn principal(self, session: Option<SessionId>) -> Principal {
        let account = Account {
            id: self.id,
            roles: self.roles(),
            session,
            created_at: self.created_at,
            suspended_until: self.suspended_until,
        };
        Principal::of(account, self.display_name)
    }
}

/// A log-in that has not ended.
#[derive(Debug, Clone, QueryableByName)]
pub struct SessionRow {
    /// The log-in.
    #[diesel(sql_type = SqlUuid)]
    pub id: SessionId,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// When its tokens were last changed.
    #[diesel(sql_type = Timestamptz)]
    pub refreshed_at: Timestamp,
    /// When it ends by itself.
    #[diesel(sql_type = Timestamptz)]
    pub refresh_expires_at: Timestamp,
}

/// Tokens that were just made.
#[derive(Debug)]
pub struct FreshTokens {
    /// The log-in they belong to.
    pub session: SessionId,
    /// Sent with requests.
    pub access: String,
    /// When the access token ends.
    pub access_expires_at: Timestamp,
    /// Changed for the next pair.
    pub refresh: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
}

/// Someone with an account, as they see themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Person {
    /// Identifies the account for ever.
    pub id: AccountId,
    /// What others see.
    #[schema(min_length = 2, max_length = 20, examples("한강 산책"))]
    pub display_name: String,
    /// Empty for readers who are not staff.
    #[schema(max_items = 10)]
    pub roles: Vec<Role>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// While set, the account takes part in nothing; `null` otherwise.
    #[schema(required)]
    pub suspended_until: Option<Timestamp>,
}

impl From<&PersonRow> for Person {
    fn from(row: &PersonRow) -> Self {
        Self {
            id: row.id,
            display_name: row.display_name.clone(),
            roles: row.roles(),
            created_at: row.created_at,
            suspended_until: row.suspended_until,
        }
    }
}

/// A log-in, with its tokens.
#[derive(Debug, Serialize, ToSchema)]
pub struct LoggedIn {
    /// To be sent as `Authorization: Bearer at_…`.
    #[schema(
        min_length = 46,
        max_length = 46,
        pattern = "^at_[A-Za-z0-9_-]{43}$",
        examples("at_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi")
    )]
    pub access_token: String,
    /// When the access token ends. A refresh ends it earlier.
    pub access_expires_at: Timestamp,
    /// To be changed for the next pair of tokens, once.
    #[schema(
        min_length = 46,
        max_length = 46,
        pattern = "^rt_[A-Za-z0-9_-]{43}$",
        examples("rt_Zk3q9xPaT1mW0yB7uN4cE8rK2vJ6hL5dG3fS9aQ1oXi")
    )]
    pub refresh_token: String,
    /// When the refresh token ends.
    pub refresh_expires_at: Timestamp,
    /// Who logged in.
    pub account: Person,
}

impl LoggedIn {
    /// `tokens` of the account of `row`.
    #[must_use]
    pub fn new(tokens: FreshTokens, row: &PersonRow) -> Self {
        Self {
            access_token: tokens.access,
            access_expires_at: tokens.access_expires_at,
            refresh_token: tokens.refresh,
            refresh_expires_at: tokens.refresh_expires_at,
            account: Person::from(row),
        }
    }
}

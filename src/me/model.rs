//! The shapes the API shows and takes.
//!
//! - `activity` what a reader wrote, voted and reacted

pub mod activity;

use crate::{
    accounts::{
        model::{
            person::{DisplayName, NameFault, Password, PasswordFault},
            session::{PersonRow, SessionRow},
        },
        sanctions::Sanction,
    },
    clock::Timestamp,
    comments::model::Comment,
    error::{Broken, Faults},
    http::{auth::Role, body::BodyLimit},
    ids::{AccountId, SessionId},
    page::page_type,
};
use activity::ExportedAct;
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// The reader, as they see themselves.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Profile {
    /// Identifies the account for ever.
    pub id: AccountId,
    /// What others see.
    #[schema(min_length = 2, max_length = 20, examples("한강 산책"))]
    pub display_name: String,
    /// The address of mail; `null` for accounts of an external issuer. Nobody else sees it.
    #[schema(required, max_length = 254, format = "email", examples("reader@example.kr"))]
    pub email: Option<String>,
    /// The external issuer that the account belongs to, if it is one's.
    #[schema(required, max_length = 500, examples(json!(null)))]
    pub issuer: Option<String>,
    /// Empty for readers who are not staff.
    #[schema(max_items = 10)]
    pub roles: Vec<Role>,
    /// When the account was made.
    pub created_at: Timestamp,
    /// While set, the account takes part in nothing.
    #[schema(required)]
    pub suspension: Option<Suspension>,
}

/// That an account takes part in nothing for a while.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Suspension {
    /// When it ends by itself.
    pub until: Timestamp,
    /// Why.
    #[schema(max_length = 60, examples("insult"))]
    pub reason_code: String,
    /// When it was decided.
    pub created_at: Timestamp,
}

impl Profile {
    /// Of an account, with its sanctions that are in force.
    #[must_use]
    pub fn new(row: PersonRow, active: &[Sanction]) -> Self {
        let latest = active.iter().max_by_key(|sanction| sanction.until);
        let suspension = latest.and_then(|sanction| {
            Some(Suspension {
                until: sanction.until?,
                reason_code: sanction.reason_code.clone(),
                created_at: sanction.created_at,
            })
        });
        Self {
            id: row.id,
            roles: row.roles(),
            display_name: row.display_name,
            email: row.email,
            issuer: row.issuer,
            created_at: row.created_at,
            suspension,
        }
    }
}

/// What a reader can change of themselves.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProfileInput {
    /// What others see.
    #[deserr(try_from(String) = DisplayName::parse -> NameFault)]
    #[schema(value_type = String, min_length = 2, max_length = 20)]
    pub display_name: DisplayName,
}

/// A patch of a profile: whatever is absent stays.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what a merge patch may hold")]
#[schema(examples(json!({"display_name": "남산 산책"})))]
pub struct ProfilePatch {
    /// What others see. No two names look alike, and none could be taken for one of the staff.
    #[schema(nullable = false, min_length = 2, max_length = 20)]
    display_name: Option<String>,
}

/// That somebody means it.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"confirm": true, "password": "correct horse battery staple"})))]
pub struct EraseInput {
    /// `true`.
    #[deserr(try_from(bool) = confirmed -> NotConfirmed)]
    #[schema(examples(true))]
    pub confirm: bool,
    /// The account's password, where it has one.
    #[deserr(default, try_from(Option<String>) = maybe_password -> PasswordFault)]
    #[schema(value_type = Option<String>, format = "password", max_length = 128)]
    pub password: Option<Password>,
}

impl BodyLimit for ProfileInput {}
impl BodyLimit for EraseInput {}

/// Somebody who does not mean it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must be true: what is erased does not come back.")]
pub struct NotConfirmed;

impl Broken for NotConfirmed {
    fn code(&self) -> &'static str {
        "not_confirmed"
    }
    fn detail_ko(&self) -> String {
        "true여야 합니다. 지운 것은 되돌릴 수 없습니다.".into()
    }
}

fn confirmed(value: bool) -> Result<bool, NotConfirmed> {
    if value { Ok(true) } else { Err(NotConfirmed) }
}

fn maybe_password(text: Option<String>) -> Result<Option<Password>, PasswordFault> {
    text.map(Password::given).transpose()
}

/// One log-in.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Session {
    /// Identifies the log-in.
    pub id: SessionId,
    /// When the reader logged in.
    pub created_at: Timestamp,
    /// When its tokens were last changed.
    pub refreshed_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// Whether it is the one that asks.
    #[schema(examples(true))]
    pub current: bool,
}

page_type! {
    /// One page of log-ins.
    SessionPage of Session
}

impl Session {
    /// Of a row, as the log-in `current` sees it.
    #[must_use]
    pub fn new(row: &SessionRow, current: Option<SessionId>) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            refreshed_at: row.refreshed_at,
            expires_at: row.refresh_expires_at,
            current: current == Some(row.id),
        }
    }
}

/// Everything that is stored about a reader.
#[derive(Debug, Serialize, ToSchema)]
pub struct Export {
    /// When this was read.
    pub generated_at: Timestamp,
    /// The account.
    pub account: Profile,
    /// The log-ins that have not ended.
    #[schema(max_items = 100)]
    pub sessions: Vec<Session>,
    /// What was decided about the account, newest first; the latest 100.
    #[schema(max_items = 100)]
    pub sanctions: Vec<ExportedSanction>,
    /// Every comment, the oldest first, whatever became of it.
    #[schema(max_items = 1_000_000)]
    pub comments: Vec<Comment>,
    /// Every vote that stands.
    #[schema(max_items = 1_000_000)]
    pub votes: Vec<ExportedAct>,
    /// Every report.
    #[schema(max_items = 1_000_000)]
    pub reports: Vec<ExportedAct>,
    /// Every appeal.
    #[schema(max_items = 1_000_000)]
    pub appeals: Vec<ExportedAct>,
}

/// What was decided about an account, as the account sees it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ExportedSanction {
    /// `suspend` or `ban`. New values may come.
    #[schema(max_length = 20, examples("suspend"))]
    pub kind: String,
    /// Why.
    #[schema(max_length = 60, examples("insult"))]
    pub reason_code: String,
    /// When it ends by itself; `null` for a ban.
    #[schema(required)]
    pub until: Option<Timestamp>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When it was taken back.
    #[schema(required)]
    pub lifted_at: Option<Timestamp>,
}

impl From<Sanction> for ExportedSanction {
    fn from(row: Sanction) -> Self {
        Self {
            kind: row.kind,
            reason_code: row.reason_code,
            until: row.until,
            created_at: row.created_at,
            lifted_at: row.lifted_at,
        }
    }
}

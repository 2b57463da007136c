//! Sanctions, and the log.

use super::NOTE_MAX;
use crate::{
    accounts::sanctions,
    clock::Timestamp,
    comments::model::ReasonCode,
    error::{Faults, Message},
    http::body::BodyLimit,
    ids::{AccountId, ArticleId, CommentId, PublisherId, SanctionId},
    page::page_type,
    text::{TextFault, maybe_line},
};
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is imposed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[schema(as = SanctionKind)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// Until a time, the account reads and keeps its own data, and takes part in nothing.
    Suspend,
    /// The account is logged out everywhere and cannot log in.
    Ban,
}

/// A sanction to impose.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "account_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
    "kind": "suspend",
    "until": "2026-12-31T15:00:00.000Z",
    "reason_code": "spam"
})))]
pub struct SanctionInput {
    /// On whom.
    pub account_id: AccountId,
    /// What.
    pub kind: Measure,
    /// When a suspension ends; only and always of `suspend`, in the future.
    #[deserr(default)]
    pub until: Option<Timestamp>,
    /// Why.
    pub reason_code: ReasonCode,
    /// More about it, for moderators.
    #[deserr(default, try_from(Option<String>) = maybe_line::<NOTE_MAX> -> TextFault)]
    #[schema(max_length = 500, examples("세 번째 경고 뒤"))]
    pub note: Option<String>,
}

impl BodyLimit for SanctionInput {}

impl SanctionInput {
    /// What is imposed, at `now`.
    ///
    /// # Errors
    /// A fault at `/until`.
    pub fn measure(&self, now: Timestamp) -> Result<sanctions::Measure, Faults> {
        let fault = |code, en: &str, ko: &str| {
            Faults::at("/until", code, Message::new(en.to_owned(), ko.to_owned()))
        };
        match (self.kind, self.until) {
            (Measure::Suspend, Some(until)) if until > now => {
                Ok(sanctions::Measure::Suspend { until })
            }
            (Measure::Suspend, Some(_)) => {
                Err(fault("not_in_future", "Must be in the future.", "미래의 시각이어야 합니다."))
            }
            (Measure::Suspend, None) => Err(fault(
                "missing",
                "A suspension has an end.",
                "정지에는 끝나는 시각이 필요합니다.",
            )),
            (Measure::Ban, None) => Ok(sanctions::Measure::Ban),
            (Measure::Ban, Some(_)) => {
                Err(fault("not_allowed", "A ban has no end.", "차단에는 끝나는 시각이 없습니다."))
            }
        }
    }
}

/// A sanction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Sanction)]
pub struct SanctionView {
    /// Identifies it.
    pub id: SanctionId,
    /// On whom.
    pub account_id: AccountId,
    /// `suspend` or `ban`.
    #[schema(max_length = 20, examples("suspend"))]
    pub kind: String,
    /// When a suspension ends by itself.
    #[schema(required)]
    pub until: Option<Timestamp>,
    /// Why.
    #[schema(max_length = 100, examples("spam"))]
    pub reason_code: String,
    /// More about it.
    #[schema(required, max_length = 500, examples("세 번째 경고 뒤"))]
    pub note: Option<String>,
    /// Whether it is in force.
    pub active: bool,
    /// When it was imposed.
    pub created_at: Timestamp,
    /// By whom.
    #[schema(max_length = 200, examples("당직"))]
    pub created_by: String,
    /// When it was lifted.
    #[schema(required)]
    pub lifted_at: Option<Timestamp>,
    /// By whom.
    #[schema(required, max_length = 200, examples(json!(null)))]
    pub lifted_by: Option<String>,
}

impl SanctionView {
    /// As it stands at `now`.
    #[must_use]
    pub fn at(row: sanctions::Sanction, now: Timestamp) -> Self {
        Self {
            active: row.is_active(now),
            id: row.id,
            account_id: row.account_id,
            kind: row.kind,
            until: row.until,
            reason_code: row.reason_code,
            note: row.note,
            created_at: row.created_at,
            created_by: row.created_by,
            lifted_at: row.lifted_at,
            lifted_by: row.lifted_by,
        }
    }
}

page_type! {
    /// One page of sanctions, the latest first.
    SanctionPage of SanctionView
}

/// One line of the log. Lines are added, never changed.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ModerationLogEntry)]
pub struct LogEntry {
    /// Identifies it.
    #[schema(value_type = Uuid)]
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// The account or key that decided; `null` for the server itself.
    #[schema(required, value_type = Option<Uuid>)]
    pub by_id: Option<Uuid>,
    /// Its name.
    #[schema(max_length = 200, examples("당직"))]
    pub by: String,
    /// What: `approve`, `reject`, `restore`, `hold`, `pin`, `unpin`, `suspend`, `ban`, `lift`.
    #[schema(max_length = 40, examples("reject"))]
    pub action: String,
    /// About which comment.
    #[schema(required)]
    pub comment_id: Option<CommentId>,
    /// Under which article.
    #[schema(required)]
    pub article_id: Option<ArticleId>,
    /// Whose article.
    #[schema(required)]
    pub publisher_id: Option<PublisherId>,
    /// About whom.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Why.
    #[schema(required, max_length = 100, examples("spam"))]
    pub reason_code: Option<String>,
    /// More about it.
    #[schema(required, max_length = 500, examples("반복 광고"))]
    pub note: Option<String>,
    /// What else there is to know, such as the text and where it stood before.
    #[schema(value_type = Object, additional_properties, examples(json!({"before": "visible"})))]
    pub details: Value,
}

page_type! {
    /// One page of the log, the latest first.
    LogPage of LogEntry
}

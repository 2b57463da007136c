//! The shapes the API shows and takes.
//!
//! - `people` sanctions, and the log

mod people;

pub use people::{LogEntry, LogPage, Measure, SanctionInput, SanctionPage, SanctionView};

use crate::{
    clock::Timestamp,
    comments::model::{Comment, ReasonCode},
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::{AccountId, AppealId, CommentId, PublisherId, RuleId},
    page::page_type,
    text::{TextFault, maybe_line},
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest note, in Unicode code points.
pub const NOTE_MAX: usize = 500;

/// Why a comment waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Waiting {
    /// Its policy asks first.
    Pending,
    /// A rule or reports made it wait.
    Held,
    /// It is shown, and readers reported it.
    Reported,
    /// Its author appealed its removal.
    Appealed,
}

impl Waiting {
    /// Every one by its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("pending", Self::Pending),
        ("held", Self::Held),
        ("reported", Self::Reported),
        ("appealed", Self::Appealed),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, waiting)| *waiting == self).map_or("", |(name, _)| name)
    }
}

/// What a rule found in a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RuleHit {
    /// The rule; `null` for the external classifier.
    #[schema(required)]
    pub rule_id: Option<RuleId>,
    /// Its name.
    #[schema(max_length = 200, examples("욕설"))]
    pub name: String,
    /// What it asked for: `flag`, `hold` or `reject`.
    #[schema(max_length = 20, examples("hold"))]
    pub outcome: String,
    /// The reason.
    #[schema(max_length = 100, examples("profanity"))]
    pub reason_code: String,
    /// The first code point that matched.
    #[schema(minimum = 0, maximum = 300, examples(0))]
    pub start: i32,
    /// One past the last code point that matched.
    #[schema(minimum = 0, maximum = 300, examples(2))]
    pub end: i32,
}

/// Reports of one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportCount {
    /// The reason.
    #[schema(max_length = 100, examples("spam"))]
    pub reason_code: String,
    /// How many readers gave it.
    #[schema(minimum = 1, maximum = 9007199254740991_i64, examples(3))]
    pub reports: i64,
    /// Some of their notes.
    #[schema(max_items = 5, value_type = Vec<ReportNote>)]
    pub notes: Vec<String>,
}

/// What a reader says about a report. Only schemas need a type for it.
#[derive(Debug, ToSchema)]
#[schema(max_length = 500, examples("같은 광고를 여러 기사에 올립니다."))]
pub struct ReportNote(#[expect(dead_code, reason = "stands for a string in schemas")] String);

/// An appeal that is open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenAppeal {
    /// Identifies it.
    pub id: AppealId,
    /// What the author says.
    #[schema(max_length = 500, examples("욕설이 아니라 지역 이름입니다."))]
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// Who looks at a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Claim {
    /// Their name.
    #[schema(max_length = 200, examples("당직"))]
    pub by: String,
    /// When others get it again.
    pub until: Timestamp,
}

/// A comment that waits for a moderator.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct QueueItem {
    /// The comment, with its text.
    pub comment: Comment,
    /// Who wrote it; `null` when the comment came from elsewhere.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Whose article it stands under.
    pub publisher_id: PublisherId,
    /// Why it waits.
    #[schema(max_items = 4)]
    pub waiting: Vec<Waiting>,
    /// What rules found in it.
    #[schema(max_items = 50)]
    pub hits: Vec<RuleHit>,
    /// Reports that are open, by reason.
    #[schema(max_items = 20)]
    pub reports: Vec<ReportCount>,
    /// The appeal that is open.
    #[schema(required)]
    pub appeal: Option<OpenAppeal>,
    /// Who looks at it.
    #[schema(required)]
    pub claim: Option<Claim>,
}

page_type! {
    /// One page of the queue, the longest waiting first.
    QueuePage of QueueItem
}

/// How much of the queue to claim.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"count": 20, "minutes": 10})))]
pub struct ClaimInput {
    /// How many comments.
    #[deserr(default = 20, try_from(u32) = within::<1, 100> -> OutOfRange)]
    #[schema(minimum = 1, maximum = 100, default = 20, examples(20))]
    pub count: u32,
    /// For how many minutes.
    #[deserr(default = 10, try_from(u32) = within::<1, 120> -> OutOfRange)]
    #[schema(minimum = 1, maximum = 120, default = 10, examples(10))]
    pub minutes: u32,
}

impl BodyLimit for ClaimInput {}

/// What was claimed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Claimed {
    /// The comments, the longest waiting first.
    #[schema(max_items = 100)]
    pub items: Vec<QueueItem>,
}

/// A number outside its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must be {low} to {high}.")]
pub struct OutOfRange {
    low: u32,
    high: u32,
}

impl Broken for OutOfRange {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        format!("{}에서 {} 사이여야 합니다.", self.low, self.high)
    }
}

fn within<const LOW: u32, const HIGH: u32>(n: u32) -> Result<u32, OutOfRange> {
    if (LOW..=HIGH).contains(&n) { Ok(n) } else { Err(OutOfRange { low: LOW, high: HIGH }) }
}

/// What is decided about a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr, ToSchema)]
#[schema(as = DecisionAction)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is shown; reports about it are settled.
    Approve,
    /// It is removed; reports about it are settled, an appeal is refused.
    Reject,
    /// It is shown again; an appeal is granted.
    Restore,
    /// It is not shown until somebody decides.
    Hold,
}

impl Action {
    /// Every one by its name.
    pub const ALL: [(&'static str, Self); 4] = [
        ("approve", Self::Approve),
        ("reject", Self::Reject),
        ("restore", Self::Restore),
        ("hold", Self::Hold),
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, action)| *action == self).map_or("", |(name, _)| name)
    }
}

/// One decision.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[schema(as = DecisionInput)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DecisionInput {
    /// About which comment.
    pub comment_id: CommentId,
    /// What is decided.
    pub action: Action,
    /// Why; needed to reject or hold.
    #[deserr(default)]
    pub reason_code: Option<ReasonCode>,
    /// More about it, for the log.
    #[deserr(default, try_from(Option<String>) = maybe_line::<NOTE_MAX> -> TextFault)]
    #[schema(max_length = 500, examples("반복 광고"))]
    pub note: Option<String>,
}

/// Decisions, made together.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"decisions": [{
    "comment_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "action": "reject", "reason_code": "spam"
}]})))]
pub struct DecisionsInput {
    /// The decisions, each about another comment.
    #[schema(min_items = 1, max_items = 100)]
    pub decisions: Vec<DecisionInput>,
}

impl BodyLimit for DecisionsInput {}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = DecisionOutcome)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The comment stands as decided now.
    Applied,
    /// It stood so already.
    Unchanged,
    /// It does not fit where the comment stands: what its author removed stays removed.
    Refused,
    /// There is no such comment for the caller.
    NotFound,
}

/// What became of one decision.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DecisionResult {
    /// About which comment.
    pub comment_id: CommentId,
    /// What became of it.
    pub outcome: Outcome,
    /// The comment as it stands now; `null` when there is none for the caller.
    #[schema(required)]
    pub comment: Option<Comment>,
}

/// What became of the decisions.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DecisionResults {
    /// In the order of the decisions.
    #[schema(max_items = 100)]
    pub results: Vec<DecisionResult>,
}

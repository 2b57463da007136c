//! Comments that are written, edited or tried.

use crate::{
    clock::Timestamp,
    error::Faults,
    http::body::BodyLimit,
    ids::{ArticleId, CommentId},
    names::Word,
};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// A comment as it is written.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"body": "기사 잘 읽었습니다."})))]
pub struct CommentInput {
    /// What it says, in plain text. Counted in Unicode code points after NFC and trimming; the policy
    /// of the article may set a lower limit.
    #[schema(min_length = 1, max_length = 300, examples("기사 잘 읽었습니다."))]
    pub body: String,
    /// What it replies to.
    #[deserr(default)]
    pub parent_id: Option<CommentId>,
}

impl BodyLimit for CommentInput {}

/// What a comment is to say instead.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"body": "기사 잘 읽었습니다. 고맙습니다."})))]
pub struct CommentEdit {
    /// What it says, in plain text.
    #[schema(min_length = 1, max_length = 300, examples("기사 잘 읽었습니다. 고맙습니다."))]
    pub body: String,
}

impl BodyLimit for CommentEdit {
    const TYPES: &'static [&'static str] = &["application/merge-patch+json", "application/json"];
}

/// A comment that is not written yet.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({
    "article_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
    "body": "기사 잘 읽었습니다."
})))]
pub struct PreviewInput {
    /// Under which article.
    pub article_id: ArticleId,
    /// What it would say.
    #[schema(max_length = 20000, examples("기사 잘 읽었습니다."))]
    pub body: String,
    /// What it would reply to.
    #[deserr(default)]
    pub parent_id: Option<CommentId>,
}

impl BodyLimit for PreviewInput {}

/// What would become of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommentWould)]
#[serde(rename_all = "snake_case")]
pub enum Would {
    /// It would be shown.
    Visible,
    /// It would wait: for a moderator, or until its author can no longer undo it.
    Pending,
    /// A rule would make it wait for a moderator.
    Held,
    /// It would be refused.
    Refused,
}

/// Why a comment would be refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommentRefusal)]
pub struct Refusal {
    /// The code of the problem.
    #[schema(max_length = 100, examples("invalid"))]
    pub code: String,
    /// The status of the answer.
    #[schema(minimum = 400, maximum = 599, examples(422))]
    pub status: u16,
    /// The codes of its faults, such as `too_long`.
    #[schema(max_items = 100, value_type = Vec<Word>)]
    pub faults: Vec<String>,
    /// Seconds after which to try again, where that helps.
    #[schema(required, minimum = 0, maximum = 4_294_967_295_u32)]
    pub retry_after_s: Option<u64>,
}

/// What would happen to a text, were it sent now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommentPreview)]
pub struct Preview {
    /// What would become of it.
    pub would: Would,
    /// Why it would be refused; `null` unless it would.
    #[schema(required)]
    pub refusal: Option<Refusal>,
    /// The text as it would be stored; `null` when it cannot be.
    #[schema(required, max_length = 300, examples("기사 잘 읽었습니다."))]
    pub body: Option<String>,
    /// Its length in Unicode code points after NFC and trimming.
    #[schema(minimum = 0, maximum = 65_536, examples(11))]
    pub length: usize,
    /// The longest there may be.
    #[schema(minimum = 1, maximum = 300, examples(300))]
    pub max_length: u32,
    /// When it would be shown to all, if it would by itself and not at once.
    #[schema(required)]
    pub due_at: Option<Timestamp>,
    /// Reasons that rules gave for holding, refusing or flagging it.
    #[schema(max_items = 100, value_type = Vec<Word>)]
    pub reason_codes: Vec<String>,
    /// The quotas that count here.
    #[schema(max_items = 10)]
    pub quotas: Vec<QuotaView>,
}

/// A quota and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Quota)]
pub struct QuotaView {
    /// Its name, as the RateLimit headers have it.
    #[schema(max_length = 100, examples("comments-per-day"))]
    pub name: String,
    /// How many.
    #[schema(minimum = 1, maximum = 100_000, examples(20))]
    pub limit: u32,
    /// In how many seconds; `null` for ever.
    #[schema(required, minimum = 1, maximum = 86_400, examples(86400))]
    pub window_s: Option<u32>,
    /// How many are left.
    #[schema(minimum = 0, maximum = 100_000, examples(19))]
    pub remaining: u32,
    /// Seconds until one more is there, when none is left; `null` when none ever will be.
    #[schema(required, minimum = 0, maximum = 86_400, examples(0))]
    pub reset_s: Option<u32>,
}

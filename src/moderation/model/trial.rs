//! What a rule would find.

use super::rule::RuleInput;
use crate::{
    clock::Timestamp,
    comments::model::Status,
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::{ArticleId, CommentId, RuleId},
    text::{TextFault, maybe_lines},
};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// The longest text, in Unicode code points.
pub const TEXT_MAX: usize = 2_000;
/// The most days to look back.
pub const DAYS_MAX: u32 = 30;
/// The most comments that are looked at.
pub const COMMENTS_MAX: usize = 50_000;
/// The most comments that are shown.
pub const SAMPLES_MAX: usize = 20;

/// What to try a rule on. `rule` or `rule_id`, and `text` or `days`.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(as = ModerationTrialInput, examples(json!({
    "rule": {
        "name": "우리 동네 광고",
        "kind": "words",
        "action": "hold",
        "reason_code": "spam",
        "terms": ["꽃배달"]
    },
    "text": "꽃 배.달 싸게 해요"
})))]
pub struct TrialInput {
    /// A rule that is not kept yet.
    #[deserr(default)]
    #[schema(nullable)]
    pub rule: Option<RuleInput>,
    /// One that is kept, whether it is in force or not.
    #[deserr(default, try_from(Option<String>) = parsed_id -> NotARule)]
    #[schema(nullable)]
    pub rule_id: Option<RuleId>,
    /// A text to try it on.
    #[deserr(default, try_from(Option<String>) = maybe_lines::<TEXT_MAX> -> TextFault)]
    #[schema(nullable, max_length = 2_000, examples("꽃 배.달 싸게 해요"))]
    pub text: Option<String>,
    /// How many days of comments to try it on: 1 to 30.
    #[deserr(default, try_from(Option<u32>) = checked_days -> NoDays)]
    #[schema(nullable, minimum = 1, maximum = 30, examples(json!(null)))]
    pub days: Option<u32>,
}

impl BodyLimit for TrialInput {}

/// Text that is no rule's id.
#[derive(Debug, thiserror::Error)]
#[error("Must be a rule's id.")]
pub struct NotARule;

impl Broken for NotARule {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "규칙의 id여야 합니다.".into()
    }
}

fn parsed_id(text: Option<String>) -> Result<Option<RuleId>, NotARule> {
    text.map(|text| text.parse().map_err(|_| NotARule)).transpose()
}

/// A number of days that is not taken.
#[derive(Debug, thiserror::Error)]
#[error("Must be 1 to {DAYS_MAX}.")]
pub struct NoDays;

impl Broken for NoDays {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        format!("1에서 {DAYS_MAX} 사이여야 합니다.")
    }
}

fn checked_days(n: Option<u32>) -> Result<Option<u32>, NoDays> {
    match n {
        Some(n) if !(1..=DAYS_MAX).contains(&n) => Err(NoDays),
        n => Ok(n),
    }
}

/// Something found in a text, in Unicode code points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ModerationFind)]
pub struct Find {
    /// The first.
    #[schema(value_type = u32, minimum = 0, maximum = 2_000, examples(0))]
    pub start: usize,
    /// One past the last.
    #[schema(value_type = u32, minimum = 1, maximum = 2_000, examples(5))]
    pub end: usize,
    /// What stands there.
    #[schema(max_length = 2_000, examples("꽃 배.달"))]
    pub text: String,
}

/// What a rule found.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModerationTrial)]
pub struct Trial {
    /// What it found in the text; null where comments were looked at.
    #[schema(required, max_items = 50)]
    pub finds: Option<Vec<Find>>,
    /// What it found in comments; null where a text was looked at.
    #[schema(required)]
    pub comments: Option<InComments>,
}

/// What a rule found in comments.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModerationTrialComments)]
pub struct InComments {
    /// How many days back.
    #[schema(minimum = 1, maximum = 30, examples(7))]
    pub days: u32,
    /// How many comments were looked at, newest first.
    #[schema(value_type = u32, minimum = 0, maximum = 50_000, examples(1_840))]
    pub looked_at: usize,
    /// Whether these were all of them; if not, the oldest are missing.
    pub complete: bool,
    /// In how many of them it found something.
    #[schema(value_type = u32, minimum = 0, maximum = 50_000, examples(3))]
    pub found: usize,
    /// The newest of those.
    #[schema(max_items = 20)]
    pub samples: Vec<Sample>,
}

/// A comment in which a rule found something.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ModerationTrialSample)]
pub struct Sample {
    /// The comment.
    pub comment_id: CommentId,
    /// Under which article.
    pub article_id: ArticleId,
    /// Where it stands.
    pub status: Status,
    /// What it says.
    #[schema(max_length = 2_000, examples("꽃 배.달 싸게 해요"))]
    pub body: String,
    /// When it was written.
    pub created_at: Timestamp,
    /// What was found.
    #[schema(max_items = 50)]
    pub finds: Vec<Find>,
}

//! Votes, reports, appeals.

use super::{ReasonCode, VoteCounts};
use crate::{
    clock::Timestamp,
    error::Faults,
    http::body::BodyLimit,
    ids::{AppealId, CommentId},
    text::{TextFault, maybe_line},
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which way a reader votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum VoteValue {
    /// For it.
    Up,
    /// Against it.
    Down,
}

/// A vote to cast.
#[derive(Debug, Clone, Copy, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"value": "up"})))]
pub struct VoteInput {
    /// Which way.
    pub value: VoteValue,
}

impl BodyLimit for VoteInput {}

/// A vote that stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommentVote)]
pub struct Vote {
    /// On what.
    pub comment_id: CommentId,
    /// Which way.
    pub value: VoteValue,
    /// Since when.
    pub voted_at: Timestamp,
    /// All votes on the comment now.
    pub votes: VoteCounts,
}

/// The longest note, in Unicode code points.
pub const NOTE_MAX: usize = 500;

/// A report to make.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"reason_code": "spam"})))]
pub struct ReportInput {
    /// Why.
    pub reason_code: ReasonCode,
    /// More about it, for moderators.
    #[deserr(default, try_from(Option<String>) = maybe_line::<NOTE_MAX> -> TextFault)]
    #[schema(max_length = 500, examples("같은 광고를 여러 기사에 올립니다."))]
    pub note: Option<String>,
}

impl BodyLimit for ReportInput {}

/// A report that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CommentReport)]
pub struct Report {
    /// On what.
    pub comment_id: CommentId,
    /// Why.
    #[schema(max_length = 100, examples("spam"))]
    pub reason_code: String,
    /// When.
    pub reported_at: Timestamp,
}

/// An appeal against a removal.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"body": "욕설이 아니라 지역 이름입니다."})))]
pub struct AppealInput {
    /// Why the comment should stand.
    #[deserr(try_from(String) = crate::text::lines::<500> -> TextFault)]
    #[schema(min_length = 1, max_length = 500, examples("욕설이 아니라 지역 이름입니다."))]
    pub body: String,
}

impl BodyLimit for AppealInput {}

/// Where an appeal stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum AppealStatus {
    /// Nobody decided yet.
    Open,
    /// The comment stands again.
    Granted,
    /// The comment stays away.
    Refused,
}

/// An appeal that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Appeal {
    /// Identifies it.
    pub id: AppealId,
    /// Which comment.
    pub comment_id: CommentId,
    /// Where it stands.
    pub status: AppealStatus,
    /// When it was made.
    pub created_at: Timestamp,
}

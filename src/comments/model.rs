//! The shapes the API shows and takes.
//!
//! - `draft` comments that are written, edited or tried
//! - `acts` votes, reports, appeals

mod acts;
mod draft;

pub use acts::{
    Appeal, AppealInput, AppealStatus, Report, ReportInput, Vote, VoteInput, VoteValue,
};
pub use draft::{CommentEdit, CommentInput, Preview, PreviewInput, QuotaView, Refusal, Would};

use crate::{
    clock::Timestamp,
    config::CommentSort,
    error::Faults,
    ids::{AccountId, ArticleId, CommentId},
    page::PageInfo,
    policies::model::Effective,
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a comment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = CommentStatus)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Everybody sees it.
    Visible,
    /// It is not shown yet: its policy asks a moderator first, or its author may still undo it.
    Pending,
    /// A rule or reports made it wait for a moderator.
    Held,
    /// Its author took it away.
    RemovedByAuthor,
    /// A moderator took it away.
    RemovedByModerator,
    /// A rule took it away.
    RemovedByRule,
}

impl Status {
    /// Every status by its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("visible", Self::Visible),
        ("pending", Self::Pending),
        ("held", Self::Held),
        ("removed_by_author", Self::RemovedByAuthor),
        ("removed_by_moderator", Self::RemovedByModerator),
        ("removed_by_rule", Self::RemovedByRule),
    ];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, status)| *status == self).map_or("", |(name, _)| name)
    }

    /// The status of this name; what nobody knows is held.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self::ALL.iter().find(|(known, _)| *known == name).map_or(Self::Held, |(_, status)| *status)
    }

    /// Whether it was taken away.
    #[must_use]
    pub fn is_removed(self) -> bool {
        matches!(self, Self::RemovedByAuthor | Self::RemovedByModerator | Self::RemovedByRule)
    }
}

/// Why a comment is reported, held or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Swear words.
    Profanity,
    /// Insults somebody.
    Insult,
    /// Demeans people for what they are.
    Hate,
    /// Sexual content.
    Sexual,
    /// Threatens somebody.
    Threat,
    /// Advertises, or says the same again and again.
    Spam,
    /// Tells what is private of somebody.
    #[deserr(rename = "personal_information")]
    PersonalInformation,
    /// Says what is not true.
    Misinformation,
    /// Breaks a law.
    Illegal,
    /// Does not belong here.
    #[deserr(rename = "off_topic")]
    OffTopic,
    /// Something else, which a note says.
    Other,
}

impl ReasonCode {
    /// Every reason by its name.
    pub const ALL: [(&'static str, Self); 11] = [
        ("profanity", Self::Profanity),
        ("insult", Self::Insult),
        ("hate", Self::Hate),
        ("sexual", Self::Sexual),
        ("threat", Self::Threat),
        ("spam", Self::Spam),
        ("personal_information", Self::PersonalInformation),
        ("misinformation", Self::Misinformation),
        ("illegal", Self::Illegal),
        ("off_topic", Self::OffTopic),
        ("other", Self::Other),
    ];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, reason)| *reason == self).map_or("other", |(name, _)| name)
    }
}

/// Who wrote a comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommentAuthor {
    /// The account; `null` when it is gone, or the comment came from elsewhere.
    #[schema(required)]
    pub id: Option<AccountId>,
    /// The name; `null` when the account is gone.
    #[schema(required, max_length = 100, examples("바람개비"))]
    pub display_name: Option<String>,
}

/// Votes on a comment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoteCounts {
    /// For it.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(12))]
    pub up: i32,
    /// Against it.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(1))]
    pub down: i32,
}

/// A comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Comment {
    /// Identifies it.
    pub id: CommentId,
    /// Under which article.
    pub article_id: ArticleId,
    /// What it replies to; `null` for a comment on the article itself.
    #[schema(required)]
    pub parent_id: Option<CommentId>,
    /// The comment on the article itself that its thread began with: itself, for one of those.
    pub root_id: CommentId,
    /// How many comments stand above it.
    #[schema(minimum = 0, maximum = 8, examples(0))]
    pub depth: u8,
    /// Who wrote it; `null` unless it is visible.
    #[schema(required)]
    pub author: Option<CommentAuthor>,
    /// What it says, in plain text; `null` unless it is visible.
    #[schema(required, max_length = 300, examples("기사 잘 읽었습니다."))]
    pub body: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Whether a moderator put it first.
    pub pinned: bool,
    /// When its author last edited it.
    #[schema(required)]
    pub edited_at: Option<Timestamp>,
    /// When it was written.
    pub created_at: Timestamp,
    /// Votes.
    pub votes: VoteCounts,
    /// Direct replies, removed ones that keep their place included.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(2))]
    pub reply_count: i32,
}

/// A comment with the first of its replies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThreadComment {
    /// The comment.
    #[serde(flatten)]
    pub comment: Comment,
    /// The oldest of its direct replies.
    #[schema(max_items = 10)]
    pub replies: Vec<Comment>,
    /// Pass as `cursor` to `/v1/comments/{id}/replies` for those after them; `null` when these are all.
    #[schema(required, max_length = 200, examples(json!(null)))]
    pub replies_next: Option<String>,
}

/// A comment that few have voted on, offered at a place of the first page that is not its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Exploration {
    /// Before which place of `items` to show it, counted from 1.
    #[schema(minimum = 1, maximum = 100, examples(5))]
    pub position: u8,
    /// The comment. It also keeps its own place in the list.
    pub comment: Comment,
}

/// One page of the comments on an article.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ThreadPage {
    /// The order of the list.
    pub sort: CommentSort,
    /// Comments that moderators put first, on the first page only; they also keep their own places.
    #[schema(max_items = 5)]
    pub pinned: Vec<Comment>,
    /// One that few have voted on, on the first page of `best` only; `null` where there is none.
    #[schema(required)]
    pub exploration: Option<Exploration>,
    /// The comments on the article itself, in list order. A page may be shorter than `limit` where
    /// its comments are long: follow `next`.
    #[schema(max_items = 100)]
    pub items: Vec<ThreadComment>,
    /// Cursors to the neighbouring pages.
    pub page: PageInfo,
}

crate::page::page_type! {
    /// One page of the replies to a comment.
    ReplyPage of Comment
}

/// A comment with those above it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CommentInPlace {
    /// The comment.
    #[serde(flatten)]
    pub comment: Comment,
    /// The comments above it, from the root down.
    #[schema(max_items = 8)]
    pub ancestors: Vec<Comment>,
}

/// How many comments an article has, and how many were taken away, by whom and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommentsSummary {
    /// The article.
    pub article_id: ArticleId,
    /// Comments and replies that everybody sees.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(128))]
    pub comments: i64,
    /// Comments on the article itself that have a place, removed ones included.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(90))]
    pub threads: i64,
    /// How many were taken away, and by whom.
    pub removed: Removed,
    /// Removals by moderators and rules, by reason.
    #[schema(max_items = 100)]
    pub removed_for: Vec<RemovedFor>,
    /// Whether a comment would be taken now.
    pub accepts_comments: bool,
    /// The policy in effect.
    pub policy: Effective,
    /// When this was counted.
    pub as_of: Timestamp,
}

/// How many comments were taken away, and by whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RemovedComments)]
pub struct Removed {
    /// By their authors.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(2))]
    pub by_author: i64,
    /// By moderators.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(1))]
    pub by_moderator: i64,
    /// By rules.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(0))]
    pub by_rule: i64,
}

/// How many comments were taken away for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RemovedCommentsFor)]
pub struct RemovedFor {
    /// The reason.
    #[schema(max_length = 100, examples("spam"))]
    pub reason_code: String,
    /// How many.
    #[schema(minimum = 0, maximum = 9007199254740991_i64, examples(1))]
    pub comments: i64,
}

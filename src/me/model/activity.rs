//! What a reader wrote, voted and reacted.

use crate::{
    clock::Timestamp,
    comments::{
        model::{Comment, QuotaView, VoteValue},
        store::own::Act,
    },
    ids::{ArticleId, CommentId},
    page::page_type,
};
use serde::Serialize;
use utoipa::ToSchema;

page_type! {
    /// One page of a reader's own comments, the latest first, with their texts whatever became of them.
    OwnCommentPage of Comment
}

/// What the caller did, to be laid over public lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnState {
    /// The articles asked for, in the order asked for.
    #[schema(max_items = 100)]
    pub articles: Vec<ArticleState>,
    /// The comments asked for, in the order asked for, without those that nobody sees; empty without an
    /// account.
    #[schema(max_items = 100)]
    pub comments: Vec<CommentState>,
}

/// What the caller did about an article.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnArticleState)]
pub struct ArticleState {
    /// The article.
    pub article_id: ArticleId,
    /// The reaction that stands; `null` for none.
    #[schema(required, max_length = 32, examples("like"))]
    pub reaction: Option<String>,
}

/// What the caller did about a comment.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OwnCommentState)]
pub struct CommentState {
    /// The comment.
    pub comment_id: CommentId,
    /// The vote that stands; `null` for none.
    #[schema(required)]
    pub vote: Option<VoteValue>,
    /// Whether the caller reported it.
    #[schema(examples(false))]
    pub reported: bool,
    /// Whether the caller wrote it.
    #[schema(examples(false))]
    pub own: bool,
}

/// What is left of the caller's quotas. Those without a limit are not there.
#[derive(Debug, Serialize, ToSchema)]
pub struct OwnQuotas {
    /// Of comments.
    #[schema(max_items = 10)]
    pub comments: Vec<QuotaView>,
    /// Of votes.
    #[schema(max_items = 10)]
    pub votes: Vec<QuotaView>,
}

/// A vote, a report or an appeal of one's own.
#[derive(Debug, Serialize, ToSchema)]
pub struct ExportedAct {
    /// On which comment.
    pub comment_id: CommentId,
    /// `up` or `down`; why it was reported; where the appeal stands.
    #[schema(max_length = 60, examples("up"))]
    pub what: String,
    /// What was said about it.
    #[schema(required, max_length = 500, examples(json!(null)))]
    pub note: Option<String>,
    /// When.
    pub at: Timestamp,
}

impl From<Act> for ExportedAct {
    fn from(act: Act) -> Self {
        Self { comment_id: act.comment_id, what: act.what, note: act.note, at: act.at }
    }
}

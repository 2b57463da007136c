//! What moderation says about a text before it is stored. Moderation stands above comments, so
//! comments own the question and moderation answers it.

use crate::{
    error::Result,
    http::auth::Boxed,
    ids::{AccountId, ArticleId, PublisherId, RuleId},
};

/// A text that somebody wants to write under an article.
#[derive(Debug, Clone)]
pub struct Submission<'a> {
    /// The text, as it would be stored.
    pub body: &'a str,
    /// Under which article.
    pub article: ArticleId,
    /// Whose article it is.
    pub publisher: PublisherId,
    /// Who writes.
    pub author: AccountId,
}

/// What becomes of a text; the later one is the stricter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It is shown.
    Publish,
    /// It is shown, and moderators look at it.
    Flag,
    /// It waits for a moderator.
    Hold,
    /// It is refused.
    Reject,
}

/// Where a rule found something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule; `None` for the external classifier.
    pub rule: Option<RuleId>,
    /// Its name, for moderators.
    pub name: String,
    /// What it asks for.
    pub outcome: Outcome,
    /// The reason, as decisions name it.
    pub reason_code: String,
    /// The first code point of the body that matched.
    pub start: usize,
    /// One past the last code point that matched.
    pub end: usize,
}

/// The answer: the strictest outcome, and everything that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// What becomes of the text.
    pub outcome: Outcome,
    /// What was found, in the order of the text.
    pub hits: Vec<Hit>,
}

impl Verdict {
    /// Nothing was found.
    pub const CLEAN: Self = Self { outcome: Outcome::Publish, hits: Vec::new() };
}

/// Judges texts. Wired by the server.
pub trait Screen: Send + Sync {
    /// What becomes of the text. May ask elsewhere: call it without a connection in hand.
    fn screen<'a>(&'a self, submission: &'a Submission<'a>) -> Boxed<'a, Result<Verdict>>;
}

//! What becomes of a text. Asked by a preview, and again in the transaction that writes the comment:
//! the same answer from the same state.

use super::{
    body,
    model::{ReasonCode, Status},
    quota::{self, Quota},
    screen::{Outcome, Screen, Submission, Verdict},
    store::{done, heads, one, rows::Row},
};
use crate::{
    clock::Timestamp,
    config::{CommentState, Comments, Links},
    error::{Broken, Code, Error, Fault, Faults, Message, Place, Result},
    http::auth::Reader,
    ids::{ArticleId, CommentId},
    policies::model::Effective,
};
use diesel_async::AsyncPgConnection;

/// A text that somebody wants to write.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// Under which article.
    pub article: ArticleId,
    /// What it replies to.
    pub parent: Option<CommentId>,
    /// What it says, as it was sent.
    pub text: &'a str,
}

/// What is known of a draft before rules and quotas are asked.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The article and its policy.
    pub head: heads::Head,
    /// What it replies to.
    pub parent: Option<Row>,
    /// The text as it would be stored.
    pub body: String,
}

/// What becomes of a comment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Where it would stand.
    pub status: Status,
    /// When it would be shown by itself.
    pub due_at: Option<Timestamp>,
    /// Why it would wait.
    pub reason: Option<ReasonCode>,
}

/// Checks the draft against the article, its policy and what it replies to.
///
/// # Errors
/// 403 for a suspended account, 404 or 410 for the article, 409 when it takes no comments or the one
/// replied to is gone, 422 with every fault of the text and the place.
pub async fn prepare(
    conn: &AsyncPgConnection,
    site: &Comments,
    reader: &Reader,
    draft: Draft<'_>,
    now: Timestamp,
) -> Result<Prepared> {
    reader.must_take_part()?;
    let head = heads::head(conn, draft.article, site).await?;
    if !head.policy.accepts(now) {
        return Err(Error::plain(Code::CommentsClosed));
    }
    let mut faults = Faults::default();
    let body = match text(draft.text, &head.policy) {
        Ok(body) => body,
        Err(more) => {
            faults.0.extend(more.0);
            String::new()
        }
    };
    let parent = match draft.parent {
        None => None,
        Some(id) => match place(conn, site, draft.article, id).await? {
            Ok(parent) => Some(parent),
            Err(more) => {
                faults.0.extend(more.0);
                None
            }
        },
    };
    let parent = faults.or(parent).map_err(Error::invalid)?;
    if parent.as_ref().is_some_and(|row| row.status() != Status::Visible) {
        return Err(Error::plain(Code::CommentRemoved));
    }
    Ok(Prepared { head, parent, body })
}

/// The text as it would be stored.
///
/// # Errors
/// A fault at `/body`.
pub fn text(text: &str, policy: &Effective) -> Result<String, Faults> {
    let body = body::parse(text, policy.max_length).map_err(|fault| {
        Faults::at("/body", fault.code(), Message::new(sentence(&fault), fault.detail_ko()))
    })?;
    if policy.links == Links::Refuse && body::has_link(&body) {
        let detail = Message::new("Must not contain links.", "링크를 쓸 수 없습니다.");
        return Err(Faults::at("/body", "links", detail));
    }
    Ok(body)
}

/// The fault as a sentence.
fn sentence(fault: &crate::text::TextFault) -> String {
    let text = fault.to_string();
    let mut chars = text.chars();
    let first = chars.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(chars).chain(['.']).collect()
}

async fn place(
    conn: &AsyncPgConnection,
    site: &Comments,
    article: ArticleId,
    parent: CommentId,
) -> Result<Result<Row, Faults>> {
    let found = one::find(conn, parent).await?;
    let Some(row) = found.filter(|row| row.article_id == article && row.listed) else {
        let detail = Message::new(
            "There is no such comment on this article.",
            "이 기사에 그런 댓글이 없습니다.",
        );
        return Ok(Err(Faults::at("/parent_id", "unknown_value", detail)));
    };
    if row.path.len() >= site.max_depth as usize {
        let detail = Message::new(
            format!("Replies go {} deep at most.", site.max_depth),
            format!("답글은 {}단계까지만 쓸 수 있습니다.", site.max_depth),
        );
        return Ok(Err(Faults::at("/parent_id", "too_deep", detail)));
    }
    Ok(Ok(row))
}

/// Asks moderation. No connection is held meanwhile.
///
/// # Errors
/// What moderation says when it cannot answer.
pub async fn screened(
    screen: &dyn Screen,
    reader: &Reader,
    prepared: &Prepared,
) -> Result<Verdict> {
    let submission = Submission {
        body: &prepared.body,
        article: prepared.head.id,
        publisher: prepared.head.publisher,
        author: reader.account.id,
    };
    screen.screen(&submission).await
}

/// What becomes of a comment, quotas aside.
///
/// # Errors
/// 422 `comment_refused` with the reason of each rule that refuses it.
pub fn decide(
    site: &Comments,
    policy: &Effective,
    body: &str,
    verdict: &Verdict,
    now: Timestamp,
) -> Result<Decision> {
    if verdict.outcome == Outcome::Reject {
        return Err(refused(verdict));
    }
    let waits = |status, reason| Decision { status, due_at: None, reason };
    if verdict.outcome == Outcome::Hold {
        return Ok(waits(Status::Held, Some(reason(verdict))));
    }
    if policy.links == Links::Hold && body::has_link(body) {
        return Ok(waits(Status::Held, Some(ReasonCode::Spam)));
    }
    if policy.state == CommentState::PreModerated {
        return Ok(waits(Status::Pending, None));
    }
    if site.undo_seconds > 0 {
        let due_at = Some(now.plus_seconds(i64::from(site.undo_seconds)));
        return Ok(Decision { status: Status::Pending, due_at, reason: None });
    }
    Ok(Decision { status: Status::Visible, due_at: None, reason: None })
}

/// The reason of the strictest hit.
#[must_use]
pub fn reason(verdict: &Verdict) -> ReasonCode {
    let hit = verdict.hits.iter().max_by_key(|hit| hit.outcome);
    let code = hit.map_or("other", |hit| hit.reason_code.as_str());
    let known = ReasonCode::ALL.iter().find(|(name, _)| *name == code);
    known.map_or(ReasonCode::Other, |(_, reason)| *reason)
}

/// The problem of a refused text: the reasons, not the words.
fn refused(verdict: &Verdict) -> Error {
    let mut codes: Vec<&str> = Vec::new();
    for hit in verdict.hits.iter().filter(|hit| hit.outcome == Outcome::Reject) {
        if !codes.contains(&hit.reason_code.as_str()) {
            codes.push(&hit.reason_code);
        }
    }
    let fault = |code: &&str| Fault {
        place: Place::Pointer("/body".into()),
        code: ReasonCode::ALL
            .iter()
            .find(|(name, _)| name == code)
            .map_or("other", |(name, _)| name),
        detail: Message::new(
            format!("Breaks a rule of this site ({code})."),
            format!("이 사이트의 규칙에 어긋납니다({code})."),
        ),
    };
    let faults = Faults(codes.iter().map(fault).collect());
    Error { faults, ..Error::plain(Code::CommentRefused) }
}

/// The quotas that count for a comment of `reader` under `article`.
///
/// # Errors
/// What the database says.
pub async fn quotas(
    conn: &AsyncPgConnection,
    reader: &Reader,
    article: ArticleId,
    policy: &Effective,
    now: Timestamp,
) -> Result<Vec<Quota>> {
    let done = done::comments(conn, reader.account.id, article, policy, now).await?;
    Ok(quota::of_comments(policy, done, now))
}

/// # Errors
/// 429 with the quotas in its headers when one is used up.
pub fn must_have_room(quotas: &[Quota]) -> Result<()> {
    let Some(spent) = quota::used_up(quotas) else { return Ok(()) };
    let (policy, state) = quota::headers(quotas);
    let error = Error::plain(Code::QuotaUsedUp)
        .with_header("RateLimit-Policy", policy)
        .with_header("RateLimit", state);
    Err(match spent.reset_s {
        Some(seconds) => error.with_retry_after(u64::from(seconds.max(1))),
        None => error,
    })
}

/// The quotas once one more was used.
#[must_use]
pub fn spend(mut quotas: Vec<Quota>) -> Vec<Quota> {
    for quota in &mut quotas {
        quota.remaining = quota.remaining.saturating_sub(1);
        if quota.remaining == 0 && quota.reset_s == Some(0) {
            quota.reset_s = quota.window_s;
        }
    }
    quotas
}

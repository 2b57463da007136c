//! Decisions about comments.

use crate::{
    clock::{Clock, Timestamp},
    comments::{
        model::Status,
        store::{
            appeals, changes, log, one, reports,
            write::{self, Becomes},
        },
    },
    db::Pool,
    error::{Error, Faults, Message, Result},
    http::{
        auth::{Allowed, CommentsModerate, Principal},
        body::Sent,
        idempotency::{Once, Stored},
        query::{NoParameters, Query},
    },
    ids::CommentId,
    moderation::desk::{
        model::{Action, DecisionInput, DecisionResult, DecisionResults, DecisionsInput, Outcome},
        store::queue,
        verdict::{Verdict, verdict},
    },
};
use actix_web::{HttpRequest, HttpResponse, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;

/// Decide about comments
///
/// Up to a hundred at once, each about another comment, in one transaction; each has its verdict in the
/// answer. Rejecting settles reports and refuses an appeal, restoring grants it. Every decision stands in
/// the log. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    request_body(content = DecisionsInput, description = "The decisions."),
    responses(
        (status = 200, description = "What became of each.", body = DecisionResults, headers(("Idempotency-Replayed"))),
        (status = 409, description = "The same Idempotency-Key is in flight."),
    ),
)]
#[post("/moderation/decisions")]
pub async fn decide(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    sent: Sent<DecisionsInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let decisions = &sent.value.decisions;
    check(decisions)?;
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        let ids: Vec<_> = decisions.iter().map(|decision| decision.comment_id.0).collect();
        let found = queue::items(conn, &ids, now).await?;
        let mut places: Vec<_> = found
            .iter()
            .filter(|item| caller.0.covers(item.publisher_id))
            .map(|item| (item.comment.article_id, item.comment.id, item.publisher_id))
            .collect();
        // One order for all: two moderators must not wait for each other.
        places.sort_unstable_by_key(|(article, comment, _)| (*article, *comment));
        let mut articles: Vec<_> = places.iter().map(|(article, ..)| *article).collect();
        articles.dedup();
        for article in articles {
            changes::lock_thread(conn, article).await?;
        }
        let mut outcomes = HashMap::new();
        for (_, comment, publisher) in &places {
            let decision = decisions.iter().find(|decision| decision.comment_id == *comment);
            let Some(decision) = decision else { continue };
            let outcome = apply(conn, &caller.0, decision, *publisher, now).await?;
            outcomes.insert(*comment, outcome);
        }
        let ids: Vec<_> = outcomes.keys().map(|id: &CommentId| id.0).collect();
        let rows = one::all(conn, &ids).await?;
        let mut rows: HashMap<_, _> = rows.into_iter().map(|row| (row.id, row.own())).collect();
        let result = |decision: &DecisionInput| DecisionResult {
            comment_id: decision.comment_id,
            outcome: outcomes.get(&decision.comment_id).copied().unwrap_or(Outcome::NotFound),
            comment: rows.remove(&decision.comment_id),
        };
        let results = decisions.iter().map(result).collect();
        Stored::json(StatusCode::OK, &DecisionResults { results })
    };
    once.run(&pool, effect).await
}

/// 1 to 100, each about another comment, with a reason where one is needed.
fn check(decisions: &[DecisionInput]) -> Result<(), Error> {
    let mut faults = Faults::default();
    if decisions.is_empty() || decisions.len() > 100 {
        let detail = Message::new("Must have 1 to 100 items.", "1개에서 100개까지 쓸 수 있습니다.");
        faults.push("/decisions", "out_of_range", detail);
    }
    for (n, decision) in decisions.iter().enumerate().take(100) {
        if decisions[..n].iter().any(|other| other.comment_id == decision.comment_id) {
            let detail = Message::new(
                "Another decision is about this comment.",
                "같은 댓글에 대한 결정이 또 있습니다.",
            );
            faults.push(format!("/decisions/{n}/comment_id"), "repeated", detail);
        }
        let needs = matches!(decision.action, Action::Reject | Action::Hold);
        if needs && decision.reason_code.is_none() {
            let detail = Message::new("Say why.", "이유를 적어 주세요.");
            faults.push(format!("/decisions/{n}/reason_code"), "missing", detail);
        }
    }
    faults.or(()).map_err(Error::invalid)
}

/// Decides about one comment whose thread is locked.
async fn apply(
    conn: &mut AsyncPgConnection,
    caller: &Principal,
    decision: &DecisionInput,
    publisher: crate::ids::PublisherId,
    now: Timestamp,
) -> Result<Outcome> {
    let Some(row) = one::lock(conn, decision.comment_id).await? else {
        return Ok(Outcome::NotFound);
    };
    let reason = decision.reason_code.map(|reason| reason.name());
    let outcome = match verdict(decision.action, row.status()) {
        Verdict::Refused => return Ok(Outcome::Refused),
        Verdict::Stays => Outcome::Unchanged,
        Verdict::Becomes(status) => {
            let removed = status == Status::RemovedByModerator || status == Status::Held;
            let reason_code = reason.filter(|_| removed);
            write::set_status(conn, &row, Becomes { status, reason_code, at: now }).await?;
            Outcome::Applied
        }
    };
    if decision.action != Action::Hold {
        reports::settle(conn, row.id, now).await?;
        let granted = decision.action != Action::Reject;
        appeals::decide(conn, row.id, granted, now).await?;
    }
    queue::decided(conn, row.id).await?;
    let mut entry = log::Entry::about(&row, publisher, decision.action.name(), reason);
    entry.note.clone_from(&decision.note);
    log::insert(conn, log::By { id: Some(caller.id()), name: &caller.name }, &entry, now).await?;
    Ok(outcome)
}

//! New comments, edits, removals, previews.

use super::list::sees_all;
use crate::{
    clock::Clock,
    comments::{
        body,
        judge::{self, Draft},
        model::{
            Comment, CommentEdit, CommentInput, Preview, PreviewInput, QuotaView, Refusal, Status,
            Would,
        },
        quota::{self, Quota},
        screen::{Outcome, Screen, Verdict},
        store::{
            changes, done, heads, log, one,
            rows::Row,
            write::{self, Becomes, New},
        },
    },
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Result, What},
    http::{
        auth::{Caller, Principal, Reader, Scope, Who},
        body::{Body, Sent},
        idempotency::{Once, Stored},
        params::Path,
        problem,
        query::{NoParameters, Query},
    },
    ids::{ArticleId, CommentId},
};
use actix_web::{
    HttpRequest, HttpResponse, delete,
    http::{StatusCode, header::CACHE_CONTROL},
    patch, post,
    web::Data,
};
use diesel_async::AsyncPgConnection;

/// Write a comment
///
/// Or a reply, with `parent_id`. It may be shown at once, or wait: see `status`. RateLimit headers tell
/// what is left of the quotas; `POST /v1/comments/preview` tells beforehand what would happen.
#[utoipa::path(
    tag = "comments",
    params(("id" = ArticleId, Path, description = "The article.")),
    security(("reader" = [])),
    request_body(content = CommentInput, description = "The comment."),
    responses(
        (
            status = 201,
            description = "The comment, as its author sees it.",
            body = Comment,
            headers(("Location"), ("Idempotency-Replayed")),
        ),
        (status = 404, description = "No such article is published."),
        (status = 409, description = "The article takes no comments, the comment replied to is gone, or the same Idempotency-Key is in flight."),
        (status = 410, description = "The article was withdrawn."),
        (status = 429, description = "A quota is used up, or too many requests came."),
    ),
)]
#[post("/articles/{id}/comments")]
pub async fn create_comment(
    reader: Reader,
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    sent: Sent<CommentInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    screen: Data<dyn Screen>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &reader.principal, &sent.bytes)?;
    if let Some(answer) = once.replayed(&pool).await? {
        return Ok(answer);
    }
    let site = &settings.comments;
    let draft = Draft { article, parent: sent.value.parent_id, text: &sent.value.body };
    let conn = db::get(&pool).await?;
    let prepared = judge::prepare(&conn, site, &reader, draft, clock.now()).await?;
    drop(conn);
    let verdict = judge::screened(&**screen, &reader, &prepared).await?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        if !done::lock(conn, reader.account.id).await? {
            return Err(Error::plain(Code::Unauthenticated));
        }
        changes::lock_thread(conn, article).await?;
        // What was true before rules were asked may be true no more.
        let prepared = judge::prepare(conn, site, &reader, draft, now).await?;
        let policy = &prepared.head.policy;
        let decision = judge::decide(site, policy, &prepared.body, &verdict, now)?;
        let quotas = judge::quotas(conn, &reader, article, policy, now).await?;
        judge::must_have_room(&quotas)?;
        let id = CommentId::at(now);
        let new = New {
            id,
            article,
            parent: prepared.parent.as_ref(),
            account: reader.account.id,
            body: &prepared.body,
            status: decision.status,
            due_at: decision.due_at,
            reason_code: decision.reason.map(|reason| reason.name()),
            hits: &verdict.hits,
            at: now,
        };
        write::insert(conn, &new).await?;
        let row = one::find(conn, id).await?.ok_or_else(|| Error::internal("not stored"))?;
        let stored = Stored::json(StatusCode::CREATED, &row.own())?
            .with_header("location", format!("/v1/comments/{id}"));
        Ok(with_quotas(stored, judge::spend(quotas)))
    };
    once.run(&pool, effect).await
}

fn with_quotas(stored: Stored, quotas: Vec<Quota>) -> Stored {
    if quotas.is_empty() {
        return stored;
    }
    let (policy, state) = quota::headers(&quotas);
    stored.with_header("ratelimit-policy", policy).with_header("ratelimit", state)
}

/// Try a comment
///
/// What would happen to this text, were it sent now: the same rules, quotas and policy, asked in the
/// same way. Nothing is stored.
#[utoipa::path(
    tag = "comments",
    security(("reader" = [])),
    request_body(content = PreviewInput, description = "The comment."),
    responses(
        (status = 200, description = "What would happen.", body = Preview),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[post("/comments/preview")]
pub async fn preview_comment(
    reader: Reader,
    _: Query<NoParameters>,
    Body(input): Body<PreviewInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    screen: Data<dyn Screen>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (site, now) = (&settings.comments, clock.now());
    let article = input.article_id;
    let draft = Draft { article, parent: input.parent_id, text: &input.body };
    let conn = db::get(&pool).await?;
    let head = heads::head(&conn, article, site).await?;
    let quotas = judge::quotas(&conn, &reader, article, &head.policy, now).await?;
    let prepared = judge::prepare(&conn, site, &reader, draft, now).await;
    drop(conn);
    let mut preview = Preview {
        would: Would::Refused,
        refusal: None,
        body: judge::text(&input.body, &head.policy).ok(),
        length: body::length(&input.body),
        max_length: head.policy.max_length,
        due_at: None,
        reason_codes: Vec::new(),
        quotas: quotas.iter().map(QuotaView::from).collect(),
    };
    match prepared {
        Err(error) => preview.refusal = Some(refusal(error)?),
        Ok(prepared) => {
            let verdict = judge::screened(&**screen, &reader, &prepared).await?;
            preview.reason_codes = reasons(&verdict);
            let decided = judge::decide(site, &head.policy, &prepared.body, &verdict, now);
            match decided.and_then(|decision| judge::must_have_room(&quotas).map(|()| decision)) {
                Err(error) => preview.refusal = Some(refusal(error)?),
                Ok(decision) => {
                    preview.due_at = decision.due_at;
                    preview.would = match decision.status {
                        Status::Visible => Would::Visible,
                        Status::Pending => Would::Pending,
                        _ => Would::Held,
                    };
                }
            }
        }
    }
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(preview))
}

fn reasons(verdict: &Verdict) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for hit in &verdict.hits {
        if !codes.contains(&hit.reason_code) {
            codes.push(hit.reason_code.clone());
        }
    }
    codes.truncate(100);
    codes
}

/// A refusal as a preview shows it; what is not about the comment is a failure of the preview.
fn refusal(error: Error) -> Result<Refusal> {
    let row = problem::row(error.code);
    if row.status.is_server_error() {
        return Err(error);
    }
    Ok(Refusal {
        code: row.name.to_owned(),
        status: row.status.as_u16(),
        faults: error.faults.0.iter().map(|fault| fault.code.to_owned()).collect(),
        retry_after_s: error.retry_after_s,
    })
}

impl From<&Quota> for QuotaView {
    fn from(quota: &Quota) -> Self {
        Self {
            name: quota.name.to_owned(),
            limit: quota.limit,
            window_s: quota.window_s,
            remaining: quota.remaining,
            reset_s: quota.reset_s,
        }
    }
}

/// Edit a comment
///
/// Its author, for the time that the site gives. The new text passes the same rules; what it said
/// before is kept for moderators.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = [])),
    request_body(content = CommentEdit, description = "What it is to say."),
    responses(
        (status = 200, description = "The comment, as its author sees it.", body = Comment),
        (status = 404, description = "There is no such comment for you."),
        (status = 409, description = "It can no longer be edited, or the article takes no comments."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[patch("/comments/{id}")]
pub async fn edit_comment(
    reader: Reader,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    Body(input): Body<CommentEdit>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    screen: Data<dyn Screen>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let site = &settings.comments;
    let mut conn = db::get(&pool).await?;
    let row = own(&conn, &reader, id).await?;
    let article = row.article_id;
    let draft = Draft { article, parent: None, text: &input.body };
    let prepared = judge::prepare(&conn, site, &reader, draft, clock.now()).await?;
    drop(conn);
    let verdict = judge::screened(&**screen, &reader, &prepared).await?;
    conn = db::get(&pool).await?;
    let row = db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        changes::lock_thread(conn, article).await?;
        let row = one::lock(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))?;
        let until = row.created_at.plus_seconds(i64::from(site.edit_seconds));
        if row.status().is_removed() || now >= until {
            return Err(Error::plain(Code::EditWindowOver));
        }
        let prepared = judge::prepare(conn, site, &reader, draft, now).await?;
        let policy = &prepared.head.policy;
        let decision = judge::decide(site, policy, &prepared.body, &verdict, now)?;
        if prepared.body != row.body {
            write::edit(conn, &row, &prepared.body, &verdict.hits, now).await?;
            // A text that would wait now waits; one that waits goes on waiting.
            let waits = decision.status == Status::Held
                || (decision.status == Status::Pending && decision.due_at.is_none());
            if row.status() == Status::Visible && waits {
                let reason_code = decision.reason.map(|reason| reason.name());
                let becomes = Becomes { status: decision.status, reason_code, at: now };
                write::set_status(conn, &row, becomes).await?;
            } else if row.status() == Status::Pending && verdict.outcome == Outcome::Hold {
                let reason_code = decision.reason.map(|reason| reason.name());
                let becomes = Becomes { status: Status::Held, reason_code, at: now };
                write::set_status(conn, &row, becomes).await?;
            }
        }
        one::find(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))
    })
    .await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(row.own()))
}

/// The reader's own comment.
async fn own(conn: &AsyncPgConnection, reader: &Reader, id: CommentId) -> Result<Row> {
    let row = one::find(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))?;
    if row.account_id == Some(reader.account.id) {
        Ok(row)
    } else if row.listed {
        Err(Error::plain(Code::NotYours))
    } else {
        Err(Error::not_found(What::Comment))
    }
}

/// Remove a comment
///
/// Its author, at any time, or a moderator (`comments:moderate`). It becomes a tombstone: its place, its
/// votes and the replies to it stay. Removing it again changes nothing.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = []), ("api_key" = ["comments:moderate"])),
    responses(
        (status = 204, description = "It is removed."),
        (status = 404, description = "There is no such comment for you."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[delete("/comments/{id}")]
pub async fn delete_comment(
    caller: Caller,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let caller = caller.0;
    if matches!(caller.who, Who::Key(_)) && !caller.holds(Scope::CommentsModerate) {
        return Err(Error::plain(Code::InsufficientScope));
    }
    let mut conn = db::get(&pool).await?;
    let found = one::find(&conn, id).await?;
    let row = found.ok_or_else(|| Error::not_found(What::Comment))?;
    let head = heads::head(&conn, row.article_id, &settings.comments).await?;
    if !sees_all(&caller, &row, head.publisher) {
        let error =
            if row.listed { Error::plain(Code::NotYours) } else { Error::not_found(What::Comment) };
        return Err(error);
    }
    db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        changes::lock_thread(conn, head.id).await?;
        let row = one::lock(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))?;
        if row.status().is_removed() {
            return Ok(());
        }
        if row.account_id.is_some_and(|author| author.0 == caller.id()) {
            let becomes = Becomes { status: Status::RemovedByAuthor, reason_code: None, at: now };
            return Ok(write::set_status(conn, &row, becomes).await?);
        }
        let status = Status::RemovedByModerator;
        let becomes = Becomes { status, reason_code: Some("other"), at: now };
        write::set_status(conn, &row, becomes).await?;
        let entry = log::Entry::about(&row, head.publisher, "reject", Some("other"));
        Ok::<_, Error>(log::insert(conn, by(&caller), &entry, now).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Who decides, for the log.
pub fn by(caller: &Principal) -> log::By<'_> {
    log::By { id: Some(caller.id()), name: &caller.name }
}

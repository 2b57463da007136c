//! Votes, reports, pins, appeals.

use super::write::by;
use crate::{
    clock::Clock,
    comments::{
        judge::must_have_room,
        model::{
            Appeal, AppealInput, Comment, Report, ReportInput, Status, Vote, VoteCounts, VoteInput,
            VoteValue,
        },
        quota,
        store::{
            appeals, changes, done, heads, log, one, reports,
            rows::Row,
            votes::{self, Ballot},
            write::{self, Becomes},
        },
    },
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Result, What},
    http::{
        auth::{Allowed, CommentsModerate, Reader},
        body::{Body, Sent},
        idempotency::{Once, Stored},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::CommentId,
};
use actix_web::{
    HttpRequest, HttpResponse, delete,
    http::{StatusCode, header::CACHE_CONTROL},
    post, put,
    web::Data,
};
use diesel_async::AsyncPgConnection;

/// Most comments of one article that are put first.
const PINS: i64 = 5;

/// A comment that takes part: everybody sees it, and so does its article.
async fn standing(conn: &mut AsyncPgConnection, id: CommentId) -> Result<Row> {
    let row = one::lock(conn, id).await?.filter(|row| row.listed);
    let row = row.ok_or_else(|| Error::not_found(What::Comment))?;
    if row.status() == Status::Visible { Ok(row) } else { Err(Error::plain(Code::CommentRemoved)) }
}

/// Vote on a comment
///
/// One vote of each reader on each comment, `up` or `down`; the other takes the place of the first, the
/// same again changes nothing. Nobody votes on their own comment.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = [])),
    request_body(content = VoteInput, description = "The vote."),
    responses(
        (status = 200, description = "What stands now.", body = Vote),
        (status = 404, description = "There is no such comment."),
        (status = 409, description = "The comment was removed."),
        (status = 410, description = "The article was withdrawn."),
        (status = 429, description = "A quota is used up, or too many requests came."),
    ),
)]
#[put("/comments/{id}/vote")]
pub async fn put_vote(
    reader: Reader,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    Body(input): Body<VoteInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let value = match input.value {
        VoteValue::Up => 1,
        VoteValue::Down => -1,
    };
    let (votes, voted_at) = vote(&reader, id, Some(value), &pool, &settings, &clock).await?;
    let voted_at = voted_at.unwrap_or_else(|| clock.now());
    let vote = Vote { comment_id: id, value: input.value, voted_at, votes };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(vote))
}

/// Take a vote back
///
/// The caller's own; where there is none, nothing changes.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = [])),
    responses(
        (status = 204, description = "None stands now."),
        (status = 404, description = "There is no such comment."),
        (status = 409, description = "The comment was removed."),
        (status = 410, description = "The article was withdrawn."),
        (status = 429, description = "A quota is used up, or too many requests came."),
    ),
)]
#[delete("/comments/{id}/vote")]
pub async fn delete_vote(
    reader: Reader,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    vote(&reader, id, None, &pool, &settings, &clock).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Makes `after` the reader's vote; what all votes come to, and since when it stands.
async fn vote(
    reader: &Reader,
    id: CommentId,
    after: Option<i16>,
    pool: &Pool,
    settings: &Settings,
    clock: &Clock,
) -> Result<(VoteCounts, Option<crate::clock::Timestamp>)> {
    reader.must_take_part()?;
    let account = reader.account.id;
    let mut conn = db::get(pool).await?;
    db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        if !done::lock(conn, account).await? {
            return Err(Error::plain(Code::Unauthenticated));
        }
        let row = standing(conn, id).await?;
        let head = heads::head(conn, row.article_id, &settings.comments).await?;
        if row.account_id == Some(account) {
            return Err(Error::plain(Code::OwnComment));
        }
        let before = votes::find(conn, id, account).await?;
        if before.map(|vote| vote.value) == after {
            let votes = VoteCounts { up: row.up, down: row.down };
            return Ok((votes, before.map(|vote| vote.voted_at)));
        }
        let done = done::votes(conn, account, &head.policy, now).await?;
        must_have_room(&quota::of_votes(&head.policy, done, now))?;
        if head.policy.votes_per_day > 0 || head.policy.vote_spacing_seconds > 0 {
            done::note_vote(conn, account, now).await?;
        }
        let ballot = Ballot { comment: id, article: row.article_id, account };
        let before = before.map(|vote| vote.value);
        Ok((votes::change(conn, ballot, before, after, now).await?, Some(now)))
    })
    .await
}

/// Report a comment
///
/// Once each reader and comment: a second report changes nothing and is answered with the first. With
/// as many reports as the site says, a comment waits for a moderator.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = [])),
    request_body(content = ReportInput, description = "Why."),
    responses(
        (status = 200, description = "It was reported before; the first report.", body = Report),
        (status = 201, description = "It is reported.", body = Report, headers(("Idempotency-Replayed"))),
        (status = 404, description = "There is no such comment."),
        (status = 409, description = "The comment was removed, or the same Idempotency-Key is in flight."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[post("/comments/{id}/reports")]
pub async fn report_comment(
    reader: Reader,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    sent: Sent<ReportInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    reader.must_take_part()?;
    let account = reader.account.id;
    let once = Once::new(&request, &reader.principal, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        let found = one::find(conn, id).await?.filter(|row| row.listed);
        let article = found.ok_or_else(|| Error::not_found(What::Comment))?.article_id;
        heads::head(conn, article, &settings.comments).await?;
        changes::lock_thread(conn, article).await?;
        let row = one::lock(conn, id).await?.filter(|row| row.listed);
        let row = row.ok_or_else(|| Error::not_found(What::Comment))?;
        if let Some(report) = reports::find(conn, id, account).await? {
            return Stored::json(StatusCode::OK, &report);
        }
        if row.status() != Status::Visible {
            return Err(Error::plain(Code::CommentRemoved));
        }
        if row.account_id == Some(account) {
            return Err(Error::plain(Code::OwnComment));
        }
        let open = reports::insert(conn, id, account, &sent.value, now).await?;
        let enough = i32::try_from(settings.comments.reports_to_hold).unwrap_or(i32::MAX);
        if enough > 0 && open >= enough {
            let reason_code = Some(sent.value.reason_code.name());
            write::set_status(conn, &row, Becomes { status: Status::Held, reason_code, at: now })
                .await?;
        }
        let reason_code = sent.value.reason_code.name().to_owned();
        let report = Report { comment_id: id, reason_code, reported_at: now };
        Stored::json(StatusCode::CREATED, &report)
    };
    once.run(&pool, effect).await
}

/// Pin a comment
///
/// Lists name it first, up to five of an article. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("api_key" = ["comments:moderate"])),
    responses(
        (status = 200, description = "It is pinned.", body = Comment),
        (status = 404, description = "There is no such comment."),
        (status = 409, description = "The comment was removed, or five are pinned already."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[put("/comments/{id}/pin")]
pub async fn put_pin(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let row = pin(&caller, id, true, &pool, &settings, &clock).await?;
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(row.public()))
}

/// Unpin a comment
///
/// Where it is not pinned, nothing changes. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("api_key" = ["comments:moderate"])),
    responses(
        (status = 204, description = "It is not pinned."),
        (status = 404, description = "There is no such comment."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[delete("/comments/{id}/pin")]
pub async fn delete_pin(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    pin(&caller, id, false, &pool, &settings, &clock).await?;
    Ok(HttpResponse::NoContent().finish())
}

async fn pin(
    caller: &Allowed<CommentsModerate>,
    id: CommentId,
    pinned: bool,
    pool: &Pool,
    settings: &Settings,
    clock: &Clock,
) -> Result<Row> {
    let mut conn = db::get(pool).await?;
    let found = one::find(&conn, id).await?.filter(|row| row.listed);
    let article = found.ok_or_else(|| Error::not_found(What::Comment))?.article_id;
    let head = heads::head(&conn, article, &settings.comments).await?;
    caller.0.must_cover(head.publisher)?;
    db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        changes::lock_thread(conn, article).await?;
        let row = one::lock(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))?;
        if row.pinned == pinned {
            return Ok(row);
        }
        if pinned && row.status() != Status::Visible {
            return Err(Error::plain(Code::CommentRemoved));
        }
        if pinned && write::pinned(conn, article).await? >= PINS {
            return Err(Error::plain(Code::Conflict));
        }
        write::pin(conn, &row, pinned, now).await?;
        let action = if pinned { "pin" } else { "unpin" };
        let entry = log::Entry::about(&row, head.publisher, action, None);
        log::insert(conn, by(&caller.0), &entry, now).await?;
        Ok::<_, Error>(Row { pinned, ..row })
    })
    .await
}

/// Appeal a removal
///
/// The author of a comment that a moderator or a rule removed or holds, once. A moderator decides.
#[utoipa::path(
    tag = "comments",
    params(("id" = CommentId, Path, description = "The comment.")),
    security(("reader" = [])),
    request_body(content = AppealInput, description = "Why it should stand."),
    responses(
        (status = 200, description = "It was appealed before; the first appeal.", body = Appeal),
        (status = 201, description = "It is appealed.", body = Appeal, headers(("Idempotency-Replayed"))),
        (status = 404, description = "There is no such comment for you."),
        (status = 409, description = "There is nothing to appeal, or the same Idempotency-Key is in flight."),
    ),
)]
#[post("/comments/{id}/appeals")]
pub async fn appeal_removal(
    reader: Reader,
    Path(id): Path<CommentId>,
    _: Query<NoParameters>,
    sent: Sent<AppealInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    // Who is suspended may appeal.
    let account = reader.account.id;
    let once = Once::new(&request, &reader.principal, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let row = one::lock(conn, id).await?.ok_or_else(|| Error::not_found(What::Comment))?;
        if row.account_id != Some(account) {
            let hidden = !row.listed;
            let error =
                if hidden { Error::not_found(What::Comment) } else { Error::plain(Code::NotYours) };
            return Err(error);
        }
        if let Some(appeal) = appeals::find(conn, id).await? {
            return Stored::json(StatusCode::OK, &appeal);
        }
        let taken = [Status::RemovedByModerator, Status::RemovedByRule, Status::Held];
        if !taken.contains(&row.status()) {
            return Err(Error::plain(Code::StateConflict));
        }
        let appeal = appeals::insert(conn, id, account, &sent.value.body, clock.now()).await?;
        Stored::json(StatusCode::CREATED, &appeal)
    };
    once.run(&pool, effect).await
}

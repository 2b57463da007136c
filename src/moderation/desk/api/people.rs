//! Sanctions, and the log.

use crate::{
    accounts::{sanctions, staff},
    clock::Clock,
    comments::store::log as record,
    db::{self, Pool},
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        auth::{Allowed, CommentsModerate, Principal, Scope},
        body::Sent,
        conditional::{Answer, Cache},
        idempotency::{Once, Stored},
        params::Path,
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{AccountId, ArticleId, CommentId, SanctionId},
    moderation::desk::{
        model::{LogPage, SanctionInput, SanctionPage, SanctionView},
        store::log::{self, Which},
    },
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;
use utoipa::IntoParams;

/// Which lines of the log.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct LogParams {
    /// About this comment.
    comment: Option<CommentId>,
    /// About comments on this article.
    article: Option<ArticleId>,
    /// About this account, or what it wrote.
    account: Option<AccountId>,
}

/// Which lines were asked for.
#[derive(Debug)]
pub struct Asked {
    which: Which,
    page: PageRequest,
}

impl FromQuery for Asked {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let which = Which {
            comment: reader.one("comment", "an id"),
            article: reader.one("article", "an id"),
            account: reader.one("account", "an id"),
            publisher: None,
        };
        Some(Self { which, page: reader.page() })
    }
}

/// List what was decided
///
/// Every decision of moderators, the latest first; lines are added, never changed. A key that is bound
/// to a publisher sees that publisher's. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(LogParams, PageRequest),
    responses((status = 200, description = "One page of the log.", body = LogPage, headers(("ETag"), ("Link")))),
)]
#[get("/moderation/log")]
pub async fn list_moderation_log(
    caller: Allowed<CommentsModerate>,
    Query(asked): Query<Asked>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let which = Which { publisher: caller.0.publisher, ..asked.which };
    let conn = db::get(&pool).await?;
    let rows = log::list(&conn, &which, &asked.page).await?;
    drop(conn);
    let page = asked.page.page(rows, |entry| Position { key: 0, id: entry.id });
    let link = page.link();
    Answer::new(&LogPage::from(page), Cache::Private).link(link).to(&request)
}

/// Whose sanctions.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct SanctionParams {
    /// On this account.
    account: AccountId,
}

/// Whose sanctions were asked for.
#[derive(Debug)]
pub struct Of {
    account: AccountId,
    page: PageRequest,
}

impl FromQuery for Of {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let given = reader.has("account");
        let account = reader.one("account", "an id");
        if !given {
            let detail = Message::new("Say whose.", "계정을 적어 주세요.");
            reader.fault("account", "missing", detail);
        }
        let page = reader.page();
        account.map(|account| Self { account, page })
    }
}

/// List the sanctions on an account
///
/// Those in force and those that ended, the latest first. Needs `comments:moderate`, not bound to a
/// publisher.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(SanctionParams, PageRequest),
    responses((status = 200, description = "One page of sanctions.", body = SanctionPage, headers(("ETag"), ("Link")))),
)]
#[get("/moderation/sanctions")]
pub async fn list_sanctions(
    caller: Allowed<CommentsModerate>,
    Query(of): Query<Of>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    caller.0.must_be_unbound()?;
    let conn = db::get(&pool).await?;
    let (from, limit) = (of.page.from().map(|at| SanctionId(at.id)), of.page.limit.plus_one());
    let rows = if of.page.backward() {
        sanctions::later(&conn, of.account, from, limit).await?
    } else {
        sanctions::history(&conn, of.account, from, limit).await?
    };
    drop(conn);
    let now = clock.now();
    let page = of.page.page(rows, |row| Position { key: 0, id: row.id.0 });
    let page = page.map(|row| SanctionView::at(row, now));
    let link = page.link();
    Answer::new(&SanctionPage::from(page), Cache::Private).link(link).to(&request)
}

/// Impose a sanction
///
/// In force at the next request of whom it is about. Only an admin sanctions staff. Needs
/// `comments:moderate`, not bound to a publisher.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    request_body(content = SanctionInput, description = "The sanction."),
    responses(
        (status = 201, description = "The sanction.", body = SanctionView, headers(("Location"), ("Idempotency-Replayed"))),
        (status = 409, description = "The same Idempotency-Key is in flight."),
    ),
)]
#[post("/moderation/sanctions")]
pub async fn impose_sanction(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    sent: Sent<SanctionInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    caller.0.must_be_unbound()?;
    let (input, by) = (&sent.value, &caller.0);
    let once = Once::new(&request, by, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        let measure = input.measure(now)?;
        may_sanction(conn, by, input.account_id).await?;
        let new = sanctions::NewSanction {
            account: input.account_id,
            measure,
            reason_code: input.reason_code.name(),
            note: input.note.as_deref(),
            by: &by.name,
        };
        let imposed = sanctions::impose(conn, &new, now).await?.ok_or_else(|| {
            let detail = Message::new("There is no such account.", "해당 계정이 없습니다.");
            Error::invalid(Faults::at("/account_id", "unknown_value", detail))
        })?;
        let entry = record::Entry {
            action: measure.name().to_owned(),
            account: Some(input.account_id),
            reason_code: Some(input.reason_code.name().to_owned()),
            note: input.note.clone(),
            details: serde_json::json!({"sanction_id": imposed.id, "until": imposed.until}),
            ..record::Entry::default()
        };
        record::insert(conn, record::By { id: Some(by.id()), name: &by.name }, &entry, now).await?;
        let location = format!("/v1/moderation/sanctions/{}", imposed.id);
        let view = SanctionView::at(imposed, now);
        Ok(Stored::json(StatusCode::CREATED, &view)?.with_header("location", location))
    };
    once.run(&pool, effect).await
}

/// Only an admin sanctions staff.
async fn may_sanction(conn: &AsyncPgConnection, by: &Principal, account: AccountId) -> Result<()> {
    let roles = match staff::find(conn, account).await {
        Ok(row) => row.roles(),
        Err(diesel::NotFound) => Vec::new(),
        Err(error) => return Err(error.into()),
    };
    let may = roles.is_empty() || by.holds(Scope::Admin);
    if may { Ok(()) } else { Err(Error::plain(Code::InsufficientScope)) }
}

/// Get a sanction
///
/// In force or not. Needs `comments:moderate`, not bound to a publisher.
#[utoipa::path(
    tag = "moderation",
    params(SanctionId),
    security(("api_key" = ["comments:moderate"])),
    responses(
        (status = 200, description = "The sanction.", body = SanctionView, headers(("ETag"))),
        (status = 404, description = "There is no such sanction."),
    ),
)]
#[get("/moderation/sanctions/{id}")]
pub async fn get_sanction(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<SanctionId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    caller.0.must_be_unbound()?;
    let conn = db::get(&pool).await?;
    let row = sanctions::find(&conn, id).await?.ok_or_else(|| Error::not_found(What::Sanction))?;
    Answer::new(&SanctionView::at(row, clock.now()), Cache::Private).to(&request)
}

/// Lift a sanction
///
/// It stays on record. Lifting it again changes nothing. Needs `comments:moderate`, not bound to a
/// publisher.
#[utoipa::path(
    tag = "moderation",
    params(SanctionId),
    security(("api_key" = ["comments:moderate"])),
    responses(
        (status = 204, description = "It is lifted."),
        (status = 404, description = "There is no such sanction."),
    ),
)]
#[delete("/moderation/sanctions/{id}")]
pub async fn lift_sanction(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<SanctionId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    caller.0.must_be_unbound()?;
    let mut conn = db::get(&pool).await?;
    let by = &caller.0;
    db::transaction(&mut conn, async |conn| {
        let now = clock.now();
        let before = sanctions::find(conn, id).await?;
        let before = before.ok_or_else(|| Error::not_found(What::Sanction))?;
        if before.lifted_at.is_some() {
            return Ok(());
        }
        may_sanction(conn, by, before.account_id).await?;
        sanctions::lift(conn, id, &by.name, now).await?;
        let entry = record::Entry {
            action: "lift".to_owned(),
            account: Some(before.account_id),
            details: serde_json::json!({"sanction_id": id}),
            ..record::Entry::default()
        };
        let by = record::By { id: Some(by.id()), name: &by.name };
        Ok::<_, Error>(record::insert(conn, by, &entry, now).await?)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

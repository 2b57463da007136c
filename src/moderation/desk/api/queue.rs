//! What waits for moderators, and who looks at it.

use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Error, Result},
    http::{
        auth::{Allowed, CommentsModerate},
        body::Sent,
        conditional::{Answer, Cache},
        idempotency::{Once, Stored},
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    moderation::desk::{
        model::{ClaimInput, Claimed, QueuePage, Waiting},
        store::queue::{self, Part},
    },
    page::{PageRequest, Position},
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use utoipa::IntoParams;
use uuid::Uuid;

/// Which part of the queue.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct QueueParams {
    /// Only comments that wait for this reason; may repeat.
    #[param(max_items = 4)]
    waiting: Option<Vec<Waiting>>,
    /// `true`: without what others look at.
    unclaimed: Option<bool>,
}

/// Which part of the queue was asked for.
#[derive(Debug)]
pub struct Asked {
    kinds: Vec<Waiting>,
    unclaimed: bool,
    page: PageRequest,
}

/// A reason to wait, as a parameter.
#[derive(Debug, Clone, Copy)]
struct Kind(Waiting);

impl std::str::FromStr for Kind {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let found = Waiting::ALL.iter().find(|(name, _)| *name == text);
        found.map(|(_, waiting)| Self(*waiting)).ok_or(())
    }
}

impl FromQuery for Asked {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let known = "pending, held, reported or appealed";
        let mut kinds: Vec<_> =
            reader.many::<Kind>("waiting", 4, known).into_iter().map(|kind| kind.0).collect();
        if kinds.is_empty() {
            kinds = Waiting::ALL.iter().map(|(_, waiting)| *waiting).collect();
        }
        let unclaimed = reader.flag("unclaimed").unwrap_or(false);
        Some(Self { kinds, unclaimed, page: reader.page() })
    }
}

/// List what waits for moderators
///
/// Comments whose policy asks first, that rules or readers hold, that readers reported or whose authors
/// appeal: the longest waiting first. A key that is bound to a publisher sees that publisher's. Needs
/// `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(QueueParams, PageRequest),
    responses((status = 200, description = "One page of the queue.", body = QueuePage, headers(("ETag"), ("Link")))),
)]
#[get("/moderation/queue")]
pub async fn list_queue(
    caller: Allowed<CommentsModerate>,
    Query(asked): Query<Asked>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (now, page) = (clock.now(), asked.page);
    let conn = db::get(&pool).await?;
    let start = if page.backward() { Uuid::max() } else { Uuid::nil() };
    let part = Part {
        publisher: caller.0.publisher,
        kinds: &asked.kinds,
        from: page.from().map_or(start, |at| at.id),
        backward: page.backward(),
        limit: page.limit.plus_one(),
        free_for: asked.unclaimed.then(|| caller.0.id()),
        now,
    };
    let ids = queue::waiting(&conn, &part).await?;
    let page = page.page(ids, |id| Position { key: 0, id: *id });
    let items = queue::items(&conn, &page.items, now).await?;
    drop(conn);
    let mut found: HashMap<Uuid, _> =
        items.into_iter().map(|item| (item.comment.id.0, item)).collect();
    let link = page.link();
    let items = page.items.iter().filter_map(|id| found.remove(id)).collect();
    Answer::new(&QueuePage { items, page: page.page }, Cache::Private).link(link).to(&request)
}

/// Claim comments to look at
///
/// The longest waiting ones that nobody else looks at, for some minutes. Deciding about one gives it
/// back. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    request_body(content = ClaimInput, description = "How much."),
    responses(
        (status = 200, description = "What was claimed.", body = Claimed, headers(("Idempotency-Replayed"))),
        (status = 409, description = "The same Idempotency-Key is in flight."),
    ),
)]
#[post("/moderation/queue/claims")]
pub async fn claim_comments(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    sent: Sent<ClaimInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let kinds: Vec<_> = Waiting::ALL.iter().map(|(_, waiting)| *waiting).collect();
    let effect = async |conn: &mut AsyncPgConnection| {
        let now = clock.now();
        let part = Part {
            publisher: caller.0.publisher,
            kinds: &kinds,
            from: Uuid::nil(),
            backward: false,
            limit: i64::from(sent.value.count),
            free_for: Some(caller.0.id()),
            now,
        };
        let ids = queue::waiting(conn, &part).await?;
        let by = (caller.0.id(), caller.0.name.as_str());
        let until = now.plus_minutes(i64::from(sent.value.minutes));
        // Another may have been faster.
        let ids = queue::claim(conn, &ids, by, until, now).await?;
        let items = queue::items(conn, &ids, now).await?;
        Stored::json(StatusCode::OK, &Claimed { items })
    };
    once.run(&pool, effect).await
}

/// Give claims back
///
/// All of the caller's. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    responses((status = 204, description = "The caller claims nothing.")),
)]
#[delete("/moderation/queue/claims")]
pub async fn release_claims(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
) -> Result<HttpResponse, Error> {
    let mut conn = db::get(&pool).await?;
    queue::release(&mut conn, caller.0.id()).await?;
    Ok(HttpResponse::NoContent().finish())
}

//! Pins and exclusions.

use super::query::{board, scope_of};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Error, Faults, Message, Result, What},
    http::{
        auth::{Allowed, Principal, RankingsCurate},
        body::Sent,
        conditional::{Answer, Cache},
        idempotency::{Once, Stored},
        params::{Path, Path2},
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{OverrideId, PublisherId},
    page::{PageRequest, Position},
    rankings::{
        board::Board,
        model::{Kind, Override, OverrideInput, OverridePage},
        nudge::Nudge,
        overrides,
        scope::Found,
    },
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, post, web::Data};
use diesel_async::AsyncPgConnection;

/// Which overrides.
#[derive(Debug)]
struct Listed {
    lifted: bool,
    page: PageRequest,
}

impl FromQuery for Listed {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let lifted = reader.word("state", &[("kept", false), ("all", true)]);
        Some(Self { lifted: lifted.unwrap_or_default(), page: reader.page() })
    }
}

/// List the overrides of a board
///
/// Newest first, those of every scope. `state=all` tells those that were lifted, too. Needs a key with
/// `rankings:curate`.
#[utoipa::path(
    tag = "rankings",
    security(("api_key" = ["rankings:curate"])),
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("state" = Option<String>, Query, pattern = "^(kept|all)$", max_length = 4, description = "`kept`, the default: those that nobody lifted; `all`.", example = "kept"),
        ("limit" = Option<u8>, Query, minimum = 1, maximum = 100, description = "Items per page; 20 when not given."),
        ("cursor" = Option<String>, Query, max_length = 200, description = "`next` or `prev` of another page."),
    ),
    responses(
        (status = 200, description = "One page of overrides.", body = OverridePage,
            headers(("Link" = String, description = "The neighbouring pages (RFC 8288)."))),
        (status = 404, description = "No such board."),
    ),
)]
#[get("/rankings/{board}/overrides")]
pub async fn list_overrides(
    request: HttpRequest,
    _: Allowed<RankingsCurate>,
    Path(key): Path<String>,
    Query(query): Query<Listed>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let board = board(&key)?;
    let conn = db::get(&pool).await?;
    let rows = overrides::list(&conn, board, query.lifted, &query.page, clock.now()).await?;
    let page = query.page.page(rows, |found| Position { key: 0, id: found.id.0 });
    let link = page.link();
    Answer::new(&OverridePage::from(page), Cache::Private).untagged().link(link).to(&request)
}

/// Pin or exclude an article
///
/// On the lists of a board over all, or of one category or publisher, in every window. The next round of the
/// boards, which is asked for at once, keeps to it; snapshots made before stay what they are. An
/// excluded article takes its story with it. Needs a key with `rankings:curate`; one that is bound
/// decides about its publisher's lists alone.
#[utoipa::path(
    tag = "rankings",
    security(("api_key" = ["rankings:curate"])),
    params(("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed")),
    request_body(content = OverrideInput, description = "What to do."),
    responses(
        (status = 201, description = "The override as it is kept.", body = Override,
            headers(("Location"), ("Idempotency-Replayed"))),
        (status = 404, description = "No such board."),
        (status = 409, description = "The same Idempotency-Key is in flight."),
    ),
)]
#[post("/rankings/{board}/overrides")]
pub async fn create_override(
    request: HttpRequest,
    caller: Allowed<RankingsCurate>,
    Path(key): Path<String>,
    _: Query<NoParameters>,
    sent: Sent<OverrideInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    nudge: Data<Nudge>,
) -> Result<HttpResponse> {
    let (board, now) = (board(&key)?, clock.now());
    check(&sent.value, now)?;
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let made = create(conn, board, &sent.value, &caller.0, now).await?;
        let location = format!("/v1/rankings/{}/overrides/{}", board.key(), made.id);
        Ok(Stored::json(StatusCode::CREATED, &made)?.with_header("location", location))
    };
    let response = once.run(&pool, effect).await?;
    nudge.ask();
    Ok(response)
}

/// What no field says by itself.
fn check(input: &OverrideInput, now: Timestamp) -> Result<()> {
    let mut faults = Faults::default();
    match (input.kind, input.position) {
        (Kind::Pin, None) => faults.push(
            "/position".to_owned(),
            "missing",
            Message::new("A pin needs a place.", "고정에는 자리가 필요합니다."),
        ),
        (Kind::Exclude, Some(_)) => faults.push(
            "/position".to_owned(),
            "not_together",
            Message::new("An exclusion has no place.", "제외에는 자리가 없습니다."),
        ),
        _ => {}
    }
    if input.category.is_some() && input.publisher.is_some() {
        faults.push(
            "/publisher".to_owned(),
            "not_together",
            Message::new(
                "Give a category or a publisher, not both.",
                "분류와 언론사 가운데 하나만 지정해 주세요.",
            ),
        );
    }
    if input.ends_at.is_some_and(|end| end <= input.starts_at.unwrap_or(now)) {
        faults.push(
            "/ends_at".to_owned(),
            "out_of_range",
            Message::new("Must be later than its start.", "시작보다 뒤여야 합니다."),
        );
    }
    faults.or(()).map_err(Error::invalid)
}

async fn create(
    conn: &mut AsyncPgConnection,
    board: Board,
    input: &OverrideInput,
    by: &Principal,
    now: Timestamp,
) -> Result<Override> {
    let at = |name: &'static str, code, detail| Faults::at(format!("/{name}"), code, detail);
    let (category, publisher) = (input.category.as_ref(), input.publisher.as_ref());
    let category = category.map(crate::slug::Slug::as_str);
    let publisher = publisher.map(crate::slug::Slug::as_str);
    let scope = scope_of(conn, category, publisher, at).await?;
    must_cover(by, &scope)?;
    let id = OverrideId::new();
    if !overrides::insert(conn, id, board, scope.id, input, &by.name, now).await? {
        let detail = Message::new("No such article is published.", "게재된 기사가 아닙니다.");
        return Err(Error::invalid(Faults::at("/article_id", "unknown_value", detail)));
    }
    let made = overrides::find(conn, board, id, now).await?;
    made.ok_or_else(|| Error::internal("an override that was just written is not there"))
}

/// A bound key decides about its publisher's lists alone.
fn must_cover(by: &Principal, scope: &Found) -> Result<()> {
    match &scope.shown.publisher {
        Some(_) => by.must_cover(PublisherId(scope.id)),
        None => by.must_be_unbound(),
    }
}

/// Read an override
///
/// Also one that was lifted. Needs a key with `rankings:curate`.
#[utoipa::path(
    tag = "rankings",
    security(("api_key" = ["rankings:curate"])),
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("id" = OverrideId, Path, description = "The override's id."),
    ),
    responses(
        (status = 200, description = "The override.", body = Override),
        (status = 404, description = "No such board, or it has no such override."),
    ),
)]
#[get("/rankings/{board}/overrides/{id}")]
pub async fn get_override(
    request: HttpRequest,
    _: Allowed<RankingsCurate>,
    Path2(key, id): Path2<String, OverrideId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let board = board(&key)?;
    let conn = db::get(&pool).await?;
    let found = overrides::find(&conn, board, id, clock.now()).await?;
    let found = found.ok_or_else(|| Error::not_found(What::Override))?;
    Answer::new(&found, Cache::Private).untagged().to(&request)
}

/// Lift an override
///
/// It stays on record with who lifted it; lifting it again changes nothing. Needs a key with
/// `rankings:curate`.
#[utoipa::path(
    tag = "rankings",
    security(("api_key" = ["rankings:curate"])),
    params(
        ("board" = String, Path, max_length = 64, description = "The board's key.", example = "most_viewed"),
        ("id" = OverrideId, Path, description = "The override's id."),
    ),
    responses(
        (status = 204, description = "It is lifted."),
        (status = 404, description = "No such board, or it has no such override."),
    ),
)]
#[delete("/rankings/{board}/overrides/{id}")]
pub async fn lift_override(
    caller: Allowed<RankingsCurate>,
    Path2(key, id): Path2<String, OverrideId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    nudge: Data<Nudge>,
) -> Result<HttpResponse> {
    let (board, now) = (board(&key)?, clock.now());
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        let found = overrides::find(conn, board, id, now).await?;
        let found = found.ok_or_else(|| Error::not_found(What::Override))?;
        let slug = found.scope.publisher.as_ref().map(|publisher| publisher.slug.as_str());
        let category = found.scope.category.as_ref().map(|category| category.slug.as_str());
        let at = |name: &'static str, code, detail| Faults::at(format!("/{name}"), code, detail);
        must_cover(&caller.0, &scope_of(conn, category, slug, at).await?)?;
        Ok::<_, Error>(overrides::lift(conn, id, &caller.0.name, now).await?)
    })
    .await?;
    nudge.ask();
    Ok(HttpResponse::NoContent().finish())
}

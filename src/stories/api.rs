//! The endpoints of stories.

use super::{
    access::StoryEditor,
    model::{MemberInput, Story, StoryInput},
    store::{self, Candidate, Row},
};
use crate::{
    clock::Clock,
    clusters::{
        decide,
        store::{Decision, lock},
    },
    config::Settings,
    db::{self, Pool},
    error::{Broken, Code, Error, Faults, Message, Result, What},
    http::{
        body::{Body, Sent},
        conditional::{Answer, Cache, IfMatch, etag_of, written},
        idempotency::{Once, Stored},
        params::{Path, Path2},
        query::{FromQuery, NoParameters, Query, QueryReader},
    },
    ids::{ArticleId, StoryId},
    text::maybe_lines,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, post, put, web::Data};
use diesel_async::AsyncPgConnection;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

/// The endpoints.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_story).service(create_story).service(put_member).service(delete_member);
}

/// Get a story
///
/// Articles that tell one report, the one that lists show first. A story that went into another
/// redirects there; one that came apart is 404.
#[utoipa::path(
    tag = "stories",
    params(("id" = StoryId, Path, description = "Story id.")),
    responses(
        (status = 200, description = "The story.", body = Story, headers(("ETag"), ("Last-Modified"), ("Cache-Control"))),
        (status = 304, description = "The caller's copy is current."),
        (status = 308, description = "It went into another story.", headers(("Location"))),
        (status = 404, description = "There is no such story, or its articles stand alone now."),
    ),
)]
#[get("/stories/{id}")]
pub async fn get_story(
    id: Path<StoryId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let row = store::find(&conn, id.0).await?.ok_or_else(|| Error::not_found(What::Story))?;
    if row.id != id.0 {
        return Ok(HttpResponse::PermanentRedirect()
            .insert_header(("location", format!("/v1/stories/{}", row.id)))
            .insert_header(("cache-control", "public, max-age=10, s-maxage=30"))
            .finish());
    }
    let story = view(&conn, &row, &settings.public_url()).await?;
    Answer::new(&story, Cache::CONTENT)
        .revision(story.revision)
        .modified(story.updated_at)
        .cache_tag(format!("story-{}", story.id))
        .to(&request)
}

/// Make a story of articles
///
/// Whatever the rule says, and from then on: these articles stay together, also when they are edited.
#[utoipa::path(
    tag = "stories",
    security(("api_key" = ["rankings:curate"])),
    request_body(content = StoryInput, description = "The articles.", example = json!({"articles": ["019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c21"], "reason": "같은 보도자료를 옮긴 기사입니다."})),
    responses(
        (status = 201, description = "The story as it was made.", body = Story, headers(("Location"), ("ETag"), ("Idempotency-Replayed"))),
        (status = 403, description = "The key is bound to a publisher."),
        (status = 409, description = "A request with this Idempotency-Key is being worked on."),
    ),
)]
#[post("/stories")]
pub async fn create_story(
    caller: StoryEditor,
    _: Query<NoParameters>,
    sent: Sent<StoryInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let (input, public_url) = (&sent.value, settings.public_url());
    let decision =
        Decision { by: &caller.0.name, reason: input.reason.as_deref(), at: clock.now() };
    once.run(&pool, async |conn| {
        lock(conn).await?;
        let found = store::candidates(conn, &input.articles).await?;
        all_published(&input.articles, &found)?;
        let id = decide::unite(conn, &input.articles, decision).await?;
        let story = view(conn, &held(conn, id).await?, &public_url).await?;
        Ok(Stored::json(StatusCode::CREATED, &story)?
            .with_header("location", format!("/v1/stories/{id}"))
            .with_header("etag", etag_of(story.revision, &story)?))
    })
    .await
}

/// Put an article into a story
///
/// It leaves the story it is in. From then on it stays here whatever the rule says, and so does the
/// article that leads the story. Again it changes nothing.
#[utoipa::path(
    tag = "stories",
    security(("api_key" = ["rankings:curate"])),
    params(
        ("id" = StoryId, Path, description = "Story id."),
        ("article_id" = ArticleId, Path, description = "Article id."),
    ),
    request_body(content = MemberInput, description = "The reason, if there is one to tell.", example = json!({"reason": "같은 보도자료를 옮긴 기사입니다."})),
    responses(
        (status = 200, description = "The story as it now is.", body = Story, headers(("ETag"))),
        (status = 403, description = "The key is bound to a publisher."),
        (status = 404, description = "There is no such story or article."),
        (status = 409, description = "The article is not published."),
        (status = 412, description = "The story changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[put("/stories/{id}/members/{article_id}")]
pub async fn put_member(
    caller: StoryEditor,
    path: Path2<StoryId, ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    body: Body<MemberInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (Path2(id, article), public_url) = (path, settings.public_url());
    let reason = body.0.reason.as_deref();
    let decision = Decision { by: &caller.0.name, reason, at: clock.now() };
    let mut conn = db::get(&pool).await?;
    let story = db::transaction(&mut conn, async |conn| {
        let row = seen(conn, id, &if_match, &public_url).await?;
        let found = one(conn, article).await?;
        if !found.is_published() {
            return Err(not_published());
        }
        if found.story_id != Some(id) || !found.decided {
            decide::put(conn, article, (id, row.leader_id), decision).await?;
        }
        view(conn, &held(conn, id).await?, &public_url).await
    })
    .await?;
    written(StatusCode::OK, &story, story.revision)
}

/// Parameters of taking an article out of a story.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Reason` reads")]
pub struct ReasonParams {
    /// Why; for the record.
    #[param(max_length = 500, example = "다른 사건입니다.")]
    reason: Option<String>,
}

/// Why, if told.
#[derive(Debug)]
pub struct Reason(Option<String>);

impl FromQuery for Reason {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let reason = |text: &str| {
            maybe_lines::<500>(Some(text.to_owned()))
                .map_err(|fault| (fault.code(), fault.message()))
        };
        Some(Self(reader.one_with("reason", reason).flatten()))
    }
}

/// Take an article out of a story
///
/// From then on it stands alone, whatever the rule says. A story of which one article is left comes
/// apart.
#[utoipa::path(
    tag = "stories",
    security(("api_key" = ["rankings:curate"])),
    params(
        ("id" = StoryId, Path, description = "Story id."),
        ("article_id" = ArticleId, Path, description = "Article id."),
        ReasonParams,
    ),
    responses(
        (status = 204, description = "It stands alone."),
        (status = 403, description = "The key is bound to a publisher."),
        (status = 404, description = "There is no such story, or the article is not in it."),
        (status = 412, description = "The story changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[delete("/stories/{id}/members/{article_id}")]
pub async fn delete_member(
    caller: StoryEditor,
    path: Path2<StoryId, ArticleId>,
    reason: Query<Reason>,
    if_match: IfMatch,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (Path2(id, article), public_url) = (path, settings.public_url());
    let reason = reason.0.0.as_deref();
    let decision = Decision { by: &caller.0.name, reason, at: clock.now() };
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        seen(conn, id, &if_match, &public_url).await?;
        if one(conn, article).await?.story_id != Some(id) {
            return Err(Error::not_found(What::Article));
        }
        decide::part(conn, article, decision).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The story, which nobody changes until the transaction ends, at the revision the caller has seen.
async fn seen(
    conn: &mut AsyncPgConnection,
    id: StoryId,
    if_match: &IfMatch,
    public_url: &str,
) -> Result<Row> {
    lock(conn).await?;
    let row = held(conn, id).await?;
    if !if_match.names(row.revision) {
        let current = view(conn, &row, public_url).await?;
        let tag = etag_of(row.revision, &current)?;
        return Err(Error::plain(Code::PreconditionFailed).with_header("ETag", tag));
    }
    Ok(row)
}

async fn held(conn: &AsyncPgConnection, id: StoryId) -> Result<Row> {
    let row = store::find(conn, id).await?.filter(|row| row.id == id);
    row.ok_or_else(|| Error::not_found(What::Story))
}

async fn view(conn: &AsyncPgConnection, row: &Row, public_url: &str) -> Result<Story> {
    let story = store::view(conn, row, public_url).await?;
    story.ok_or_else(|| Error::not_found(What::Story))
}

async fn one(conn: &AsyncPgConnection, article: ArticleId) -> Result<Candidate> {
    let found = store::candidates(conn, &[article]).await?.pop();
    found.ok_or_else(|| Error::not_found(What::Article))
}

fn not_published() -> Error {
    let en = "Only what readers see belongs to a story.";
    Error::new(Code::StateConflict, Message::new(en, "게재된 기사만 스토리에 넣을 수 있습니다."))
}

/// Refuses what is no published article, each by its place in the list.
fn all_published(wanted: &[ArticleId], found: &[Candidate]) -> Result<()> {
    let mut faults = Faults::default();
    for (n, id) in wanted.iter().enumerate() {
        if !found.iter().any(|candidate| candidate.id == *id && candidate.is_published()) {
            let en = "There is no published article of this id.";
            let detail = Message::new(en, "이 식별자의 게재된 기사가 없습니다.");
            faults.push(format!("/articles/{n}"), "unknown_value", detail);
        }
    }
    faults.or(()).map_err(Error::invalid)
}

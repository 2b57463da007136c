use super::access::{lock, view};
use crate::{
    articles::{
        input::{ArticleInput, external_id},
        model::Article,
        resolve, store, transitions,
        write::{self, Outcome},
    },
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::{Broken, Code, Error, Faults, Message, Result, What},
    http::{
        auth::{Allowed, ArticlesWrite},
        body::{Sent, check},
        conditional::{IfMatch, etag, written},
        idempotency::{Once, Stored},
        params::{Path, Path2},
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
};
use actix_web::{
    HttpRequest, HttpResponse, delete,
    http::{StatusCode, header::IF_NONE_MATCH},
    patch, post, put,
    web::Data,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Create an article
///
/// A draft unless `status` says `published`; `published_at` in the future makes it scheduled.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    request_body(content = ArticleInput, description = "The article.", example = json!({
        "publisher": "haneul-ilbo",
        "category": "economy",
        "headline": "기준금리 동결",
        "deck": "석 달째 같은 수준",
        "language": "ko",
        "authors": ["김하늘"],
        "tags": ["금리"],
        "body": [{"type": "paragraph", "text": "한국은행 금융통화위원회가 22일 기준금리를 동결했다."}],
        "status": "published"
    })),
    responses(
        (status = 201, description = "The article as it was created.", body = Article, headers(("Location"), ("ETag"), ("Idempotency-Replayed"))),
        (status = 409, description = "Its slug or external id is taken, or a request with this Idempotency-Key is being worked on."),
    ),
)]
#[post("/articles")]
pub async fn create_article(
    caller: Allowed<ArticlesWrite>,
    _: Query<NoParameters>,
    sent: Sent<ArticleInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (caller, now, public_url) = (caller.0, clock.now(), settings.public_url());
    let once = Once::new(&request, &caller, &sent.bytes)?;
    once.run(&pool, async |conn| {
        let draft = resolve::draft(conn, &caller, sent.value.clone()).await?;
        let there = match &draft.input.external_id {
            Some(id) => store::by_external_id(conn, draft.publisher, id).await?,
            None => None,
        };
        if there.is_some() {
            return Err(Error::plain(Code::ExternalIdTaken));
        }
        let outcomes = write::upsert(conn, &[draft], &caller.name, now).await?;
        // Anything else is an article that somebody made since we looked.
        let Some(&Outcome::Created(id)) = outcomes.first() else {
            return Err(Error::plain(Code::ExternalIdTaken));
        };
        let article = view(conn, id, &public_url).await?;
        stored(StatusCode::CREATED, &article, &article)
    })
    .await
}

fn stored(status: StatusCode, body: &impl Serialize, article: &Article) -> Result<Stored> {
    let bytes = serde_json::to_vec(body).map_err(Error::internal)?;
    Ok(Stored::json(status, body)?
        .with_header("location", format!("/v1/articles/{}", article.summary.id))
        .with_header("etag", etag(Some(article.revision), &bytes)))
}

/// What an upsert did.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum UpsertOutcome {
    /// The article is new.
    Created,
    /// It was there and has changed.
    Updated,
    /// It was there, the same; nothing was written.
    Unchanged,
}

/// The answer to an upsert.
#[derive(Debug, Serialize, ToSchema)]
pub struct Upserted {
    /// What was done.
    pub outcome: UpsertOutcome,
    /// The article as it now is.
    pub article: Article,
}

/// Create or replace an article by its publisher's own id
///
/// The same request twice changes nothing the second time. Without `status` a new article is a
/// draft, and one that is there keeps its status. `If-Match` is honoured when sent.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(
        ("publisher" = String, Path, description = "Publisher slug.", max_length = 120, example = "haneul-ilbo"),
        ("external_id" = String, Path, description = "The publisher's own id, percent-encoded.", max_length = 500, example = "20261122-0001"),
    ),
    request_body(content = ArticleInput, description = "The article; `publisher` and `external_id` may be left out.", example = json!({
        "category": "economy",
        "headline": "기준금리 동결",
        "body": [{"type": "paragraph", "text": "한국은행 금융통화위원회가 22일 기준금리를 동결했다."}],
        "status": "published"
    })),
    responses(
        (status = 200, description = "It was there.", body = Upserted, headers(("ETag"))),
        (status = 201, description = "It is new.", body = Upserted, headers(("ETag"), ("Location"))),
        (status = 404, description = "There is no such publisher."),
        (status = 409, description = "Its slug is taken."),
        (status = 412, description = "It changed since the caller read it."),
    ),
)]
#[put("/publishers/{publisher}/articles/{external_id}")]
pub async fn upsert_publisher_article(
    caller: Allowed<ArticlesWrite>,
    path: Path2<String, String>,
    _: Query<NoParameters>,
    sent: Sent<ArticleInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (caller, now, public_url) = (caller.0, clock.now(), settings.public_url());
    let input = named_by_path(sent.value, &path.0, &path.1)?;
    let if_match = IfMatch::required(&request).ok();
    // RFC 9110, 13.1.2: only if there is none yet.
    let only_new = request.headers().get(IF_NONE_MATCH).is_some_and(|value| value == "*");
    let mut conn = db::get(&pool).await?;
    let (outcome, article) = db::transaction(&mut conn, async |conn| {
        let (publisher, _) = resolve::publisher(conn, &path.0)
            .await?
            .ok_or_else(|| Error::not_found(What::Publisher))?;
        caller.must_cover(publisher)?;
        if let Some(seen) = &if_match {
            let id = match &input.external_id {
                Some(id) => store::by_external_id(conn, publisher, id).await?,
                None => None,
            };
            let id = id.ok_or_else(|| Error::plain(Code::PreconditionFailed))?;
            lock(conn, id, &caller, Some(seen), &public_url).await?;
        }
        let draft = resolve::draft(conn, &caller, input.clone()).await?;
        let outcomes = write::upsert(conn, &[draft], &caller.name, now).await?;
        let outcome = outcomes.first().copied().ok_or_else(|| Error::internal("no outcome"))?;
        if only_new && !matches!(outcome, Outcome::Created(_)) {
            return Err(Error::plain(Code::PreconditionFailed));
        }
        Ok::<_, Error>((outcome, view(conn, outcome.id(), &public_url).await?))
    })
    .await?;
    let (status, outcome) = match outcome {
        Outcome::Created(_) => (StatusCode::CREATED, UpsertOutcome::Created),
        Outcome::Updated(_) => (StatusCode::OK, UpsertOutcome::Updated),
        Outcome::Unchanged(_) => (StatusCode::OK, UpsertOutcome::Unchanged),
    };
    let location = format!("/v1/articles/{}", article.summary.id);
    let revision = article.revision;
    let mut response = written(status, &Upserted { outcome, article }, revision)?;
    if status == StatusCode::CREATED
        && let Ok(value) = location.parse()
    {
        response.headers_mut().insert(actix_web::http::header::LOCATION, value);
    }
    Ok(response)
}

/// The path wins; a body that names another publisher or id is a mistake.
fn named_by_path(mut input: ArticleInput, publisher: &str, id: &str) -> Result<ArticleInput> {
    let mut faults = Faults::default();
    let mut agree = |pointer: &str, given: &Option<String>, path: &str| {
        if given.as_deref().is_some_and(|given| given != path) {
            let detail = Message::new("Differs from the path.", "경로의 값과 다릅니다.");
            faults.push(pointer, "differs_from_path", detail);
        }
    };
    agree("/publisher", &input.publisher, publisher);
    let named = external_id(id);
    match &named {
        Ok(id) => agree("/external_id", &input.external_id, id),
        Err(fault) => {
            let detail = fault.message();
            faults.0.extend(Faults::parameter("external_id", fault.code(), detail).0);
        }
    }
    faults.or(()).map_err(Error::invalid)?;
    input.publisher = Some(publisher.to_owned());
    input.external_id = named.ok();
    Ok(input)
}

/// Change an article
///
/// JSON Merge Patch (RFC 7396) of the article as one would send it; a new revision. Status is
/// changed by the transitions below.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    request_body(content((ArticlePatch = "application/merge-patch+json", example = json!({"headline": "기준금리 석 달째 동결", "summary": null})), (ArticlePatch = "application/json", example = json!({"headline": "기준금리 석 달째 동결", "summary": null}))), description = "The members to change; `null` takes one away."),
    responses(
        (status = 200, description = "The article as it now is.", body = Article, headers(("ETag"))),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "Its slug or external id is taken."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[patch("/articles/{id}")]
pub async fn update_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    patch: MergePatch<ArticleInput>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let (caller, now, public_url) = (caller.0, clock.now(), settings.public_url());
    let mut conn = db::get(&pool).await?;
    let article = db::transaction(&mut conn, async |conn| {
        let there = lock(conn, id.0, &caller, Some(&if_match), &public_url).await?;
        let current = store::content(conn, id.0).await?;
        let current = current.ok_or_else(|| Error::not_found(What::Article))?;
        let before: ArticleInput = check(current.clone())?;
        let input = patch.apply_to(current, &["publisher", "status", "published_at"])?;
        if input != before {
            let draft = resolve::draft(conn, &caller, input).await?;
            write::replace(conn, there, &draft, &caller.name, now).await?;
        }
        view(conn, id.0, &public_url).await
    })
    .await?;
    written(StatusCode::OK, &article, article.revision)
}

/// The members of an article that a patch may change.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents the patch; the merged whole is parsed")]
pub struct ArticlePatch {
    /// The publisher's own id.
    #[schema(max_length = 500, examples("20261122-0001"))]
    external_id: Option<String>,
    /// Slug of the category.
    #[schema(max_length = 120, nullable = false, examples("economy"))]
    category: Option<String>,
    /// Headline.
    #[schema(
        min_length = 1,
        max_length = 200,
        nullable = false,
        examples("기준금리 석 달째 동결")
    )]
    headline: Option<String>,
    /// Sub-headline.
    #[schema(max_length = 300)]
    deck: Option<String>,
    /// A few sentences for lists.
    #[schema(max_length = 1000)]
    summary: Option<String>,
    /// Readable part of the address; the old one redirects.
    #[schema(max_length = 120, nullable = false)]
    slug: Option<String>,
    /// BCP 47 language of the text.
    #[schema(max_length = 35)]
    language: Option<String>,
    /// Names of the authors, in order.
    #[schema(value_type = Option<Vec<crate::articles::input::Name>>, max_items = 20, nullable = false)]
    authors: Option<Vec<String>>,
    /// Tags, in order.
    #[schema(value_type = Option<Vec<crate::articles::input::Name>>, max_items = 20, nullable = false)]
    tags: Option<Vec<String>>,
    /// Where readers reach the newsroom.
    #[schema(max_length = 200)]
    byline_contact: Option<String>,
    /// Where the article first appeared.
    #[schema(max_length = 2000)]
    source_url: Option<String>,
    /// What others may do with it.
    rights: Option<crate::articles::input::Rights>,
    /// The picture lists show.
    lead_image: Option<crate::articles::image::Image>,
    /// The text.
    #[schema(max_items = 500, nullable = false)]
    body: Option<Vec<crate::articles::blocks::Block>>,
}

/// Delete a draft
///
/// Only what was never published; anything else can be withdrawn.
#[utoipa::path(
    tag = "articles",
    security(("api_key" = ["articles:write"])),
    params(("id" = ArticleId, Path, description = "Article id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such article, or the caller may not know of it."),
        (status = 409, description = "It was published once."),
        (status = 412, description = "It changed since the caller read it."),
        (status = 428, description = "`If-Match` is missing."),
    ),
)]
#[delete("/articles/{id}")]
pub async fn delete_article(
    caller: Allowed<ArticlesWrite>,
    id: Path<ArticleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    pool: Data<Pool>,
    settings: Data<Settings>,
) -> Result<HttpResponse> {
    let (caller, public_url) = (caller.0, settings.public_url());
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        let there = lock(conn, id.0, &caller, Some(&if_match), &public_url).await?;
        transitions::delete(conn, &there).await
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

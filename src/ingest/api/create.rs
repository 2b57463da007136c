use crate::{
    articles::image::{UrlFault, http_url},
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Faults, Message, OrNotFound, Result, What},
    http::{
        auth::{Allowed, ArticlesWrite, Principal, Scope},
        body::{self, BodyLimit},
        idempotency::{Once, Stored},
        query::{FromQuery, Query, QueryReader},
    },
    ids::{ApiKeyId, ImportId},
    ingest::{
        feed::Format,
        items::{self, NAME_MAX, Named},
        model::Import,
        store::{self, NewImport},
        upload::{Kind, Upload, kind},
    },
    text::single_line,
};
use actix_web::{
    HttpRequest, HttpResponse,
    http::StatusCode,
    post,
    web::{Data, Payload},
};
use deserr::Deserr;
use diesel_async::AsyncPgConnection;
use serde::Serialize;
use std::cell::Cell;
use utoipa::{IntoParams, ToSchema};

/// Where a document is.
#[derive(Debug, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ImportAddress {
    /// Absolute http or https URL of a feed or file on the public internet.
    #[deserr(try_from(String) = http_url -> UrlFault)]
    #[schema(max_length = 2000, format = "uri", examples("https://haneul.example/rss.xml"))]
    pub url: String,
}

impl BodyLimit for ImportAddress {}

/// A feed, or a file with one article a line.
#[derive(Debug, ToSchema)]
#[schema(value_type = String, max_length = 1_073_741_824)]
#[expect(dead_code, reason = "documents the upload, which is read as it arrives")]
pub struct ImportDocument(String);

/// Parameters of an import.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `Wanted` reads")]
pub struct ImportParams {
    /// Only say what would be done: every item gets its verdict, nothing is written.
    #[param(default = false)]
    dry_run: Option<bool>,
    /// Slug or name of the publisher of items that name none, such as those of feeds. A feed's own
    /// title otherwise.
    #[param(min_length = 1, max_length = 120, example = "haneul-ilbo")]
    publisher: Option<String>,
    /// Slug or name of the category of items that name none, and of items of a feed whose category
    /// is not there.
    #[param(min_length = 1, max_length = 120, example = "economy")]
    category: Option<String>,
    /// What the document is; told from its first bytes when left out.
    #[param(inline)]
    format: Option<Format>,
}

/// What an import was asked for.
#[derive(Debug)]
pub struct Wanted {
    dry_run: bool,
    publisher: Option<String>,
    category: Option<String>,
    format: Option<Format>,
}

impl FromQuery for Wanted {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let name = |text: &str| {
            use crate::error::Broken;
            single_line(text, NAME_MAX).map_err(|fault| (Broken::code(&fault), fault.message()))
        };
        Some(Self {
            dry_run: reader.flag("dry_run").unwrap_or_default(),
            publisher: reader.one_with("publisher", name),
            category: reader.one_with("category", name),
            format: reader.word("format", &Format::ALL),
        })
    }
}

/// Import articles
///
/// Send a feed or a file of articles, or where one is. The answer comes at once and names the job,
/// which tells how far it is; each item gets a verdict. Articles are found again by the publisher's
/// own id, so the same import twice writes nothing the second time. Publishers and categories that
/// are not there are created for an `admin` key that is bound to no publisher.
#[utoipa::path(
    tag = "imports",
    security(("api_key" = ["articles:write"])),
    params(ImportParams),
    request_body(
        description = "JSON that says where the document is, or the document itself: RSS, Atom or JSON Feed in any encoding, or NDJSON with one article a line, of which `publisher` and `category` may be names.",
        content(
            (ImportAddress = "application/json", example = json!({"url": "https://haneul.example/rss.xml"})),
            (ImportDocument = "application/rss+xml", example = "<rss version=\"2.0\"><channel><title>하늘일보</title><item><guid>1</guid><title>기준금리 동결</title><category>경제</category></item></channel></rss>"),
            (ImportDocument = "application/atom+xml", example = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>하늘일보</title><entry><id>urn:1</id><title>기준금리 동결</title></entry></feed>"),
            (ImportDocument = "application/xml", example = "<rss version=\"2.0\"><channel><title>하늘일보</title></channel></rss>"),
            (ImportDocument = "text/xml", example = "<rss version=\"2.0\"><channel><title>하늘일보</title></channel></rss>"),
            (ImportDocument = "application/feed+json", example = "{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"하늘일보\",\"items\":[{\"id\":\"1\",\"title\":\"기준금리 동결\"}]}"),
            (ImportDocument = "application/x-ndjson", example = "{\"publisher\":\"haneul-ilbo\",\"external_id\":\"1\",\"category\":\"economy\",\"headline\":\"기준금리 동결\",\"body\":[]}\n"),
            (ImportDocument = "application/octet-stream", example = "{\"publisher\":\"haneul-ilbo\",\"external_id\":\"1\",\"category\":\"economy\",\"headline\":\"기준금리 동결\",\"body\":[]}\n"),
        ),
    ),
    responses(
        (status = 202, description = "The job as it waits for its turn.", body = Import, headers(("Location"), ("Idempotency-Replayed"))),
        (status = 409, description = "A request with this Idempotency-Key is being worked on."),
    ),
)]
#[post("/imports")]
pub async fn create_import(
    caller: Allowed<ArticlesWrite>,
    wanted: Query<Wanted>,
    payload: Payload,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (caller, mut payload) = (caller.0, payload.into_inner());
    let kind = kind(&request)?;
    let mut new = new(&caller, wanted.0);
    match kind {
        Kind::Address => {
            let raw = body::read::<ImportAddress>(&request, &mut payload).await?;
            let once = Once::new(&request, &caller, &raw.bytes)?;
            new.source_url = Some(body::check::<ImportAddress>(raw.value)?.url);
            allowed(&pool, &new).await?;
            once.run(&pool, async |conn| {
                store::insert(conn, &new, false, clock.now()).await?;
                accepted(conn, new.id).await
            })
            .await
        }
        Kind::Document(media) => {
            // A key that cannot be one is refused before anything is sent.
            Once::new(&request, &caller, &[])?;
            allowed(&pool, &new).await?;
            new.content_type = Some(media);
            let upload = Upload::begin(&pool, &new, clock.now()).await?;
            let queued = Cell::new(false);
            let answer = async {
                let digest = upload.receive(&request, &mut payload, &settings).await?;
                let once = Once::new(&request, &caller, &digest)?;
                once.run(&pool, async |conn| {
                    store::enqueue(conn, new.id).await?;
                    queued.set(true);
                    accepted(conn, new.id).await
                })
                .await
            }
            .await;
            if queued.get() && answer.is_ok() {
                upload.keep();
            } else {
                // Refused, or a replay of an earlier one: then this one is not needed.
                upload.discard().await?;
            }
            answer
        }
    }
}

fn new(caller: &Principal, wanted: Wanted) -> NewImport {
    NewImport {
        id: ImportId::new(),
        format: wanted.format,
        source_url: None,
        content_type: None,
        dry_run: wanted.dry_run,
        publisher: wanted.publisher,
        category: wanted.category,
        bound: caller.publisher,
        may_create: caller.holds(Scope::Admin) && caller.publisher.is_none(),
        principal: ApiKeyId(caller.id()),
        by: caller.name.clone(),
    }
}

/// Refuses at once what no item could mend: a publisher or category that is not there and may not be
/// created, or a publisher that is another's.
async fn allowed(pool: &Pool, new: &NewImport) -> Result<()> {
    if new.may_create {
        return Ok(());
    }
    let named = |name: &Option<String>| name.as_deref().and_then(items::name);
    let (publisher, category) = (named(&new.publisher), named(&new.category));
    let slug = |named: &Option<Named>| named.as_ref().map(|named| named.slug.clone());
    let conn = db::get(pool).await?;
    let known = store::known(&conn, slug(&publisher), slug(&category)).await?;
    if new.bound.is_some() && publisher.is_some() && known.publisher != new.bound {
        return Err(Error::plain(Code::WrongPublisher));
    }
    let mut faults = Faults::default();
    let mut missing = |name: &str| {
        let detail = Message::new("There is none of this name.", "이런 이름이 없습니다.");
        faults.0.extend(Faults::parameter(name, "unknown_value", detail).0);
    };
    if publisher.is_some() && known.publisher.is_none() {
        missing("publisher");
    }
    if category.is_some() && !known.category {
        missing("category");
    }
    faults.or(()).map_err(Error::invalid)
}

async fn accepted(conn: &mut AsyncPgConnection, id: ImportId) -> Result<Stored> {
    let import = store::find(conn, id, None).await.or_not_found(What::Import)?;
    let location = format!("/v1/imports/{id}");
    Ok(Stored::json(StatusCode::ACCEPTED, &import)?.with_header("location", location))
}

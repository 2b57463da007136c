//! What happens to comments, as it happens: server-sent events.

use crate::{
    comments::{
        hub::{Hub, Listener, before},
        store::{events::At, heads},
    },
    config::Settings,
    db::{self, Pool},
    error::{Error, Fault, Faults, Message, Place, Result},
    http::{
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
};
use actix_web::{
    HttpRequest, HttpResponse, get,
    http::header::{CACHE_CONTROL, CONTENT_ENCODING},
    web::{Bytes, Data},
};
use futures_util::stream;
use std::{collections::VecDeque, time::Duration};
use tokio::{
    sync::broadcast::error::RecvError,
    time::{Instant, sleep_until},
};

/// Between two signs of life on a silent stream.
const ALIVE: Duration = Duration::from_secs(15);

/// A text that is not JSON.
#[derive(utoipa::ToSchema)]
#[schema(value_type = String, max_length = 16_777_216)]
#[expect(dead_code, reason = "stands in the document only")]
struct EventStream(String);

/// Follow the comments on an article
///
/// Server-sent events: `comment.created` when a comment gets its place in the thread, `comment.changed`
/// when it is edited, removed, restored, pinned, voted on or replied to; `data` is the comment as it then
/// stands. Send the last `id` you saw as `Last-Event-ID` and nothing is missed or told out of order; it
/// is kept for two days, after which the first event is `reset`: read the list again. The server ends a
/// stream after some minutes; `EventSource` comes back by itself.
#[utoipa::path(
    tag = "comments",
    params(
        ("id" = ArticleId, Path, description = "The article."),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event seen.", max_length = 50, example = "7412-31"),
    ),
    responses(
        (
            status = 200,
            description = "Events until the stream ends.",
            content_type = "text/event-stream",
            body = EventStream,
            headers(("Cache-Control")),
            example = "id: 7412-31\nevent: comment.created\ndata: {}\n\n"
        ),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn, and its comments with it."),
        (status = 503, description = "Too many streams are open, or the server cannot answer just now."),
    ),
)]
#[get("/articles/{id}/comments/stream")]
pub async fn stream_comments(
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    request: HttpRequest,
    pool: Data<Pool>,
    settings: Data<Settings>,
    hub: Data<Hub>,
) -> Result<HttpResponse> {
    let last = last_event(&request)?;
    let conn = db::get(&pool).await?;
    heads::head(&conn, article, &settings.comments).await?;
    drop(conn);
    let listener = hub.listen().await?;
    let mut waiting = VecDeque::from([Bytes::from_static(b": welcome\n\n")]);
    let at = match last {
        Some(at) if hub.forgot(at).await? => {
            waiting.push_back(Bytes::from_static(b"event: reset\ndata: {}\n\n"));
            before(listener.mark)
        }
        Some(at) => at,
        None => before(listener.mark),
    };
    let ends = Instant::now() + Duration::from_secs(u64::from(settings.comments.stream_seconds));
    let stream = Stream {
        article,
        hub,
        listener,
        waiting,
        at,
        behind: true,
        ends,
        alive: Instant::now() + ALIVE,
    };
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((CACHE_CONTROL, "no-cache, no-store"))
        .insert_header(("x-accel-buffering", "no"))
        // Compression would keep events back.
        .insert_header((CONTENT_ENCODING, "identity"))
        .streaming(stream::unfold(stream, next)))
}

fn last_event(request: &HttpRequest) -> Result<Option<At>> {
    let Some(value) = request.headers().get("last-event-id") else { return Ok(None) };
    let at = value.to_str().ok().and_then(|text| text.parse().ok());
    let fault = || Fault {
        place: Place::Header("Last-Event-ID"),
        code: "invalid",
        detail: Message::new("Must be an id of an event.", "이벤트의 id여야 합니다."),
    };
    at.map(Some).ok_or_else(|| Error::invalid(Faults(vec![fault()])))
}

struct Stream {
    article: ArticleId,
    hub: Data<Hub>,
    listener: Listener,
    waiting: VecDeque<Bytes>,
    at: At,
    /// Whether there may be events in the database that were not handed on.
    behind: bool,
    ends: Instant,
    /// When to give a sign of life.
    alive: Instant,
}

/// The next bytes; `None` ends the stream.
async fn next(mut stream: Stream) -> Option<(Result<Bytes, Error>, Stream)> {
    loop {
        if let Some(bytes) = stream.waiting.pop_front() {
            stream.alive = Instant::now() + ALIVE;
            return Some((Ok(bytes), stream));
        }
        if stream.behind {
            let (missed, more) = stream.hub.missed(stream.article, stream.at).await.ok()?;
            stream.behind = more;
            for message in missed {
                stream.at = stream.at.max(message.at);
                stream.waiting.push_back(message.bytes);
            }
            continue;
        }
        tokio::select! {
            message = stream.listener.messages.recv() => match message {
                Ok(message) if message.article == stream.article && message.at > stream.at => {
                    stream.at = message.at;
                    stream.waiting.push_back(message.bytes.clone());
                }
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => stream.behind = true,
                Err(RecvError::Closed) => return None,
            },
            _ = stream.listener.closing.wait_for(|closing| *closing) => return None,
            () = sleep_until(stream.ends) => return None,
            () = sleep_until(stream.alive) => stream.waiting.push_back(Bytes::from_static(b": alive\n\n")),
        }
    }
}

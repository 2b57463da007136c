//! Hands events to the streams that are open: one reader of the database for all of them.

use super::store::{
    events::{self, At, Event},
    one,
    rows::Row,
};
use crate::{
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Result},
    ids::{ArticleId, CommentId},
};
use actix_web::web::Bytes;
use diesel_async::AsyncPgConnection;
use std::{
    collections::{HashMap, HashSet},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::sync::{broadcast, watch};

/// Between two looks for new events.
const PERIOD: Duration = Duration::from_millis(500);

/// Events of one look.
const BATCH: i64 = 500;

/// Messages a slow stream may fall behind before it reads them from the database.
const BACKLOG: usize = 1_024;

/// One event as streams send it.
#[derive(Debug, Clone)]
pub struct Message {
    /// Under which article.
    pub article: ArticleId,
    /// Where it stands.
    pub at: At,
    /// As it is sent.
    pub bytes: Bytes,
}

/// The streams of one process.
pub struct Hub {
    pool: Pool,
    sender: broadcast::Sender<Arc<Message>>,
    /// What was sent; `None` while nobody listens.
    sent: Mutex<Option<At>>,
    open: Arc<AtomicUsize>,
    most: usize,
    closing: watch::Sender<bool>,
}

/// A stream that is open; it counts until it is dropped.
pub struct Listener {
    /// New messages, of all articles.
    pub messages: broadcast::Receiver<Arc<Message>>,
    /// Turns true when the server is about to stop.
    pub closing: watch::Receiver<bool>,
    /// The transaction below which all was over when the stream began.
    pub mark: i64,
    open: Arc<AtomicUsize>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.open.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Hub {
    /// Starts looking for events, on a tokio runtime.
    #[must_use]
    pub fn start(pool: Pool, settings: &Settings) -> Arc<Self> {
        let hub = Arc::new(Self {
            pool,
            sender: broadcast::channel(BACKLOG).0,
            sent: Mutex::new(None),
            open: Arc::default(),
            most: settings.comments.streams as usize,
            closing: watch::channel(false).0,
        });
        let looking = Arc::clone(&hub);
        tokio::spawn(async move { looking.run().await });
        hub
    }

    /// Ends every stream: the server is about to stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }

    /// A stream begins.
    ///
    /// # Errors
    /// 503 when as many as the settings allow are open, and what the database says.
    pub async fn listen(&self) -> Result<Listener> {
        if self.open.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.open.fetch_sub(1, Ordering::Relaxed);
            return Err(Error::plain(Code::TooManyStreams).with_retry_after(10));
        }
        let mut listener = Listener {
            messages: self.sender.subscribe(),
            closing: self.closing.subscribe(),
            mark: 0,
            open: Arc::clone(&self.open),
        };
        let conn = db::get(&self.pool).await?;
        listener.mark = events::mark(&conn).await?;
        if let Ok(mut sent) = self.sent.lock() {
            // The first one after a silence: all from now on is sent.
            sent.get_or_insert(before(listener.mark));
        }
        Ok(listener)
    }

    /// What happened to an article's comments after `at`, up to some hundred events, and whether there
    /// is more.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn missed(&self, article: ArticleId, at: At) -> Result<(Vec<Message>, bool)> {
        let conn = db::get(&self.pool).await?;
        let found = events::after(&conn, Some(article), at, BATCH).await?;
        let more = found.len() == usize::try_from(BATCH).unwrap_or(0);
        Ok((messages(&conn, &found).await?, more))
    }

    /// Whether events after `at` may have been forgotten.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forgot(&self, at: At) -> Result<bool> {
        let conn = db::get(&self.pool).await?;
        let mark = events::mark(&conn).await?;
        let oldest = events::oldest(&conn).await?.unwrap_or(mark);
        Ok(at.xid < oldest || at.xid > mark)
    }

    async fn run(&self) {
        let mut closing = self.closing.subscribe();
        loop {
            tokio::select! {
                _ = closing.wait_for(|closing| *closing) => return,
                () = tokio::time::sleep(PERIOD) => {}
            }
            if let Err(error) = self.look().await {
                tracing::warn!("could not read what happened to comments: {error}");
            }
        }
    }

    async fn look(&self) -> Result<()> {
        let Some(mut at) = self.listened() else { return Ok(()) };
        loop {
            let conn = db::get(&self.pool).await?;
            let found = events::after(&conn, None, at, BATCH).await?;
            let Some(last) = found.last() else { return Ok(()) };
            at = last.at();
            for message in messages(&conn, &found).await? {
                // Nobody listening is no failure.
                let _ = self.sender.send(Arc::new(message));
            }
            if let Ok(mut sent) = self.sent.lock() {
                *sent = Some(at);
            }
            if found.len() < usize::try_from(BATCH).unwrap_or(0) {
                return Ok(());
            }
        }
    }

    /// What was sent so far, if somebody listens.
    fn listened(&self) -> Option<At> {
        let mut sent = self.sent.lock().ok()?;
        if self.sender.receiver_count() == 0 {
            *sent = None;
        }
        *sent
    }
}

/// The place before everything of the transaction `mark`.
#[must_use]
pub fn before(mark: i64) -> At {
    At { xid: mark - 1, seq: i64::MAX }
}

/// Events with the comments they are about as these stand now. Of several votes on one comment the
/// last one says all.
async fn messages(conn: &AsyncPgConnection, events: &[Event]) -> Result<Vec<Message>> {
    let mut ids: Vec<_> = events.iter().map(|event| event.comment_id.0).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = one::all(conn, &ids).await?.into_iter().filter(|row| row.listed);
    let rows: HashMap<CommentId, Row> = rows.map(|row| (row.id, row)).collect();
    let mut told = HashSet::new();
    let mut messages = Vec::new();
    for event in events.iter().rev() {
        let created = event.kind == 1;
        if !created && !told.insert(event.comment_id) {
            continue;
        }
        let Some(row) = rows.get(&event.comment_id) else { continue };
        let data = serde_json::to_string(&row.clone().public()).map_err(Error::internal)?;
        let name = if created { "comment.created" } else { "comment.changed" };
        let text = format!("id: {}\nevent: {name}\ndata: {data}\n\n", event.at());
        let bytes = Bytes::from(text);
        messages.push(Message { article: event.article_id, at: event.at(), bytes });
    }
    messages.reverse();
    Ok(messages)
}

//! A document that is sent to us: written away piece by piece as it arrives.

use super::{
    store::{self, NewImport},
    worker::CHUNK,
};
use crate::{
    clock::Timestamp,
    config::Settings,
    db::{self, Pool},
    error::{Code, Error, Message, Result},
    http::body::{content_type, too_large},
    ids::ImportId,
};
use actix_web::{
    HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
};
use futures_util::StreamExt;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// Content types of uploads; what the document is is told from its bytes.
pub const TYPES: [&str; 7] = [
    "application/rss+xml",
    "application/atom+xml",
    "application/xml",
    "text/xml",
    "application/feed+json",
    "application/x-ndjson",
    "application/octet-stream",
];

/// Those of them that are JSON.
const JSON: [&str; 2] = ["application/feed+json", "application/x-ndjson"];

/// What a request's body is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// JSON that says where the document is.
    Address,
    /// The document, with its `Content-Type`.
    Document(String),
}

/// Tells by the request's headers.
///
/// # Errors
/// 415 for other content types, and for any content coding.
pub fn kind(request: &HttpRequest) -> Result<Kind> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let media = header.unwrap_or_default();
    let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let plain = request
        .headers()
        .get(CONTENT_ENCODING)
        .is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if essence == "application/json" {
        return Ok(Kind::Address);
    }
    if JSON.contains(&essence.as_str()) {
        // XML says its encoding itself and may have any; JSON is UTF-8.
        content_type(request, &JSON)?;
    }
    if plain && TYPES.contains(&essence.as_str()) {
        return Ok(Kind::Document(media.chars().take(200).collect()));
    }
    let accepted = format!("application/json, {}", TYPES.join(", "));
    Err(Error::new(
        Code::UnsupportedMediaType,
        Message::new(
            format!("Send {accepted}, without a Content-Encoding."),
            format!("{accepted} 형식으로, Content-Encoding 없이 보내 주세요."),
        ),
    )
    .with_header("Accept", accepted))
}

/// A job whose document arrives. Dropped before it is [kept](Upload::keep), it takes the job and its
/// bytes along: a caller who hangs up leaves nothing behind.
pub struct Upload {
    pool: Pool,
    id: ImportId,
    kept: bool,
}

impl Upload {
    /// Writes the job, which nobody sees yet.
    ///
    /// # Errors
    /// What the database says.
    pub async fn begin(pool: &Pool, new: &NewImport, now: Timestamp) -> Result<Self> {
        let upload = Self { pool: pool.clone(), id: new.id, kept: false };
        store::insert(&mut *db::get(pool).await?, new, true, now).await?;
        Ok(upload)
    }

    /// Takes the document in; the SHA-256 of its bytes. No connection is held while waiting for more.
    ///
    /// # Errors
    /// 413 over the limit, 408 when a MiB takes longer than a body may, 400 when it breaks off.
    pub async fn receive(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
        settings: &Settings,
    ) -> Result<[u8; 32]> {
        let limit = settings.limits.import_bytes;
        if declared(request).is_some_and(|declared| declared > limit) {
            return Err(too_large(limit));
        }
        let patience = Duration::from_millis(settings.timeouts.body_ms);
        let (mut hash, mut size, mut n) = (Sha256::new(), 0, 0);
        loop {
            let slow = |_| Error::plain(Code::RequestTimeout).with_header("Connection", "close");
            let filled = tokio::time::timeout(patience, fill(payload, limit - size));
            let (bytes, ended) = filled.await.map_err(slow)?.ok_or_else(|| too_large(limit))??;
            size += bytes.len() as u64;
            hash.update(&bytes);
            for data in bytes.chunks(CHUNK) {
                store::add_chunk(&mut *db::get(&self.pool).await?, self.id, n, data).await?;
                n += 1;
            }
            if ended {
                return Ok(hash.finalize().into());
            }
        }
    }

    /// The job is somebody else's business now.
    pub fn keep(mut self) {
        self.kept = true;
    }

    /// Removes the job and its bytes.
    ///
    /// # Errors
    /// What the database says; the sweep of broken uploads removes it then.
    pub async fn discard(mut self) -> Result<()> {
        store::discard(&mut *db::get(&self.pool).await?, self.id).await?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let (pool, id) = (self.pool.clone(), self.id);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Ok(mut conn) = db::get(&pool).await {
                    // What stays is swept away within the hour.
                    let _ = store::discard(&mut conn, id).await;
                }
            });
        }
    }
}

fn declared(request: &HttpRequest) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The next chunk of bytes and whether they were the last; `None` when there are more than `room`.
async fn fill(payload: &mut Payload, room: u64) -> Option<Result<(Vec<u8>, bool)>> {
    let mut bytes = Vec::with_capacity(CHUNK);
    while let Some(piece) = payload.next().await {
        let Ok(piece) = piece else {
            return Some(Err(Error::plain(Code::MalformedRequest)));
        };
        if (bytes.len() + piece.len()) as u64 > room {
            return None;
        }
        bytes.extend_from_slice(&piece);
        if bytes.len() >= CHUNK {
            return Some(Ok((bytes, false)));
        }
    }
    Some(Ok((bytes, true)))
}

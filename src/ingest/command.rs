//! Imports by the operator, straight from a file or a stream, without a job.

use super::{
    batch::Engine,
    feed::Format,
    items::Options,
    model::{ItemError, Verdict, VerdictCounts},
    source::{self, Open, Piece, Source},
};
use crate::{
    clock::Clock,
    db::Pool,
    error::{Error, Faults, Message, Result},
};
use serde::Serialize;
use std::{
    fs::File,
    io::{self, Read},
    path::{Path, PathBuf},
};

/// Most faults that a summary lists.
const FAULTS: usize = 20;

/// What is imported.
pub enum Input {
    /// A file. A regular one is looked through once before, for articles that stand in it twice.
    File(PathBuf),
    /// A stream such as standard input, read once.
    Stream(Box<dyn Read + Send>),
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Items that have a verdict.
    pub done: u64,
    /// Items there are, once they were counted; streams are not.
    pub total: Option<u64>,
    /// How many got which verdict.
    pub counts: VerdictCounts,
}

/// An item that was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// Its line in the file, or its place in the feed; from 1.
    pub line: u32,
    /// The publisher's own id, as far as it could be read.
    pub external_id: Option<String>,
    /// Why.
    pub errors: Vec<ItemError>,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// What the document was.
    pub format: Option<Format>,
    /// How many items got which verdict.
    #[serde(flatten)]
    pub counts: VerdictCounts,
    /// The first twenty that were refused.
    pub faults: Vec<Refused>,
}

/// Imports a document, telling `progress` after each batch.
///
/// # Errors
/// `Invalid` when it is no feed and no file of articles or cannot be read, `Unavailable` when the
/// database stays away. What was written stays: the same import again goes on from there.
pub async fn cli_import(
    pool: &Pool,
    clock: &Clock,
    input: Input,
    options: &Options,
    line_bytes: usize,
    mut progress: impl FnMut(Progress),
) -> Result<Summary> {
    let mut pieces = source::read(document(input, line_bytes), options.clone(), 0);
    let mut engine = Engine::new(pool, clock, options, None);
    let mut summary =
        Summary { format: None, counts: VerdictCounts::default(), faults: Vec::new() };
    let mut total = None;
    while let Some(piece) = pieces.recv().await {
        match piece {
            Piece::Began(format, items) => {
                summary.format = Some(format);
                total = items.map(u64::from);
            }
            Piece::Batch(items) => {
                let judged = engine.write(&items).await?;
                summary.counts += VerdictCounts::of(&judged);
                let refused = judged.into_iter().filter(|item| item.verdict == Verdict::Invalid);
                let room = FAULTS - summary.faults.len();
                summary.faults.extend(refused.take(room).map(|item| Refused {
                    line: item.n,
                    external_id: item.external_id,
                    errors: item.errors,
                }));
            }
            Piece::Broken(fault) => {
                let detail = Message::new(fault.detail.en, fault.detail.ko);
                return Err(Faults::at("", "unreadable", detail).into());
            }
            Piece::Away(error) => return Err(unreadable(&error)),
        }
        progress(Progress { done: summary.counts.total().into(), total, counts: summary.counts });
    }
    Ok(summary)
}

fn unreadable(error: &io::Error) -> Error {
    let detail = Message::new(
        format!("The document cannot be read: {error}."),
        format!("읽을 수 없습니다: {error}."),
    );
    Faults::at("", "unreadable", detail).into()
}

fn document(input: Input, line_bytes: usize) -> Source {
    let (open, again, content_type): (Open, _, _) = match input {
        Input::File(path) => {
            // A pipe by name is a stream.
            let (again, media) = (path.is_file(), media(&path));
            let open = move || Ok(Box::new(File::open(&path)?) as Box<_>);
            (Box::new(open), again, media)
        }
        Input::Stream(stream) => {
            let mut stream = Some(stream);
            let ended = || io::Error::other("a stream is read once");
            (Box::new(move || stream.take().ok_or_else(ended)), false, None)
        }
    };
    Source {
        open,
        again,
        format: None,
        content_type: content_type.map(ToOwned::to_owned),
        base: None,
        line_bytes,
    }
}

/// What the name of a file says about it.
fn media(path: &Path) -> Option<&'static str> {
    match path.extension()?.to_str()?.to_ascii_lowercase().as_str() {
        "ndjson" | "jsonl" => Some("application/x-ndjson"),
        _ => None,
    }
}

//! A document of any size and format as batches of items, read beside the writing and never far ahead.

use super::{
    feed::{self, BYTES_MAX, FeedFault, Format},
    items::{Item, Options},
    later::{self, Later},
    lines::{Line, Lines},
    model::ImportFault,
};
use std::{
    io::{self, BufRead, BufReader, Read},
    mem,
};
use tokio::sync::mpsc;
use url::Url;

/// Items of one batch: one transaction, if nothing goes wrong.
pub const BATCH: usize = 500;
/// Bytes of the lines of one batch, beyond which it is closed early.
const BATCH_BYTES: usize = 4 << 20;
/// How much is looked at to tell the format.
const HEAD: u64 = 8192;
/// Batches that may be read ahead.
const AHEAD: usize = 2;

/// Opens the document at its start.
pub type Open = Box<dyn FnMut() -> io::Result<Box<dyn Read + Send>> + Send>;

/// Where items come from.
pub struct Source {
    /// Opens the document.
    pub open: Open,
    /// Whether it can be opened again. One that cannot is told apart from its later items within a
    /// batch only.
    pub again: bool,
    /// What it is; told from its first bytes when not known.
    pub format: Option<Format>,
    /// The `Content-Type` it came with.
    pub content_type: Option<String>,
    /// The address it came from.
    pub base: Option<Url>,
    /// Bytes of one line.
    pub line_bytes: usize,
}

/// What a source gives, in order.
#[derive(Debug)]
pub enum Piece {
    /// What the document is, and how many items it has where they could be counted.
    Began(Format, Option<u32>),
    /// The next items.
    Batch(Vec<Item>),
    /// It cannot be read, or no further.
    Broken(ImportFault),
    /// It could not be read for a reason that may pass.
    Away(io::Error),
}

/// Reads `source` on a thread of its own, leaving out its first `skip` items.
#[must_use]
pub fn read(source: Source, options: Options, skip: u32) -> mpsc::Receiver<Piece> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    tokio::task::spawn_blocking(move || {
        let mut reader = Reading { source, options, skip, sender };
        if let Err(stop) = reader.run() {
            // Nobody listens any more: then nothing is to be said either.
            let _ = reader.sender.blocking_send(stop);
        }
    });
    receiver
}

struct Reading {
    source: Source,
    options: Options,
    skip: u32,
    sender: mpsc::Sender<Piece>,
}

/// Why reading ends early; nobody is told when nobody listens.
type Stop = Piece;

fn broken(fault: FeedFault) -> Stop {
    Piece::Broken(fault.into())
}

impl Reading {
    fn run(&mut self) -> Result<(), Stop> {
        let mut reader = (self.source.open)().map_err(Piece::Away)?;
        let mut head = Vec::new();
        reader.by_ref().take(HEAD).read_to_end(&mut head).map_err(Piece::Away)?;
        let format = self.format(&head)?;
        let rest = io::Cursor::new(head).chain(reader);
        match format {
            Format::Ndjson => self.lines(BufReader::new(rest)),
            format => self.feed(format, rest),
        }
    }

    fn format(&self, head: &[u8]) -> Result<Format, Stop> {
        if let Some(format) = self.source.format {
            return Ok(format);
        }
        let media = self.source.content_type.as_deref();
        let said = media.is_some_and(|media| {
            let essence = media.split(';').next().unwrap_or_default().trim();
            essence.eq_ignore_ascii_case("application/x-ndjson")
        });
        match Format::sniff(head, media) {
            Some(format) => Ok(format),
            None if said => Ok(Format::Ndjson),
            None if head.iter().all(u8::is_ascii_whitespace) => Err(broken(FeedFault::Undecodable)),
            None => Err(broken(FeedFault::NotAFeed)),
        }
    }

    /// Feeds are one document, which is held whole.
    fn feed(&mut self, format: Format, reader: impl Read) -> Result<(), Stop> {
        let mut bytes = Vec::new();
        reader.take(BYTES_MAX as u64 + 1).read_to_end(&mut bytes).map_err(Piece::Away)?;
        let media = self.source.content_type.as_deref();
        let feed = feed::read(&bytes, media, self.source.base.as_ref()).map_err(broken)?;
        drop(bytes);
        let mut options = self.options.clone();
        options.default_publisher = options.default_publisher.or(feed.title);
        let numbered = (1..).zip(feed.items);
        let mut items: Vec<_> =
            numbered.map(|(n, value)| Item::from_feed(n, value, &options)).collect();
        later::within(&mut items);
        self.say(Piece::Began(format, u32::try_from(items.len()).ok()))?;
        let mut items = items.into_iter().skip(self.skip as usize).peekable();
        while items.peek().is_some() {
            self.say(Piece::Batch(items.by_ref().take(BATCH).collect()))?;
        }
        Ok(())
    }

    fn lines(&mut self, reader: impl BufRead) -> Result<(), Stop> {
        let later = if self.source.again { Some(self.look_through()?) } else { None };
        self.say(Piece::Began(Format::Ndjson, later.as_ref().map(|later| later.lines)))?;
        let (mut batch, mut size) = (Vec::with_capacity(BATCH), 0);
        for line in Lines::new(reader, self.source.line_bytes).skip(self.skip as usize) {
            let line = line.map_err(Piece::Away)?;
            size += line.bytes.as_ref().map_or(0, Vec::len);
            let mut item = Item::from_line(&line, &self.options);
            if let Some(later) = &later {
                later.mark(&mut item);
            }
            batch.push(item);
            if batch.len() == BATCH || size >= BATCH_BYTES {
                self.batch(mem::take(&mut batch), later.is_none())?;
                size = 0;
            }
        }
        if batch.is_empty() { Ok(()) } else { self.batch(batch, later.is_none()) }
    }

    fn batch(&self, mut items: Vec<Item>, alone: bool) -> Result<(), Stop> {
        if alone {
            later::within(&mut items);
        }
        self.say(Piece::Batch(items))
    }

    /// Reads the whole file once before, for what stands in it twice.
    fn look_through(&mut self) -> Result<Later, Stop> {
        let mut later = Later::default();
        let reader = BufReader::new((self.source.open)().map_err(Piece::Away)?);
        for line in Lines::new(reader, self.source.line_bytes) {
            let line: Line = line.map_err(Piece::Away)?;
            later.note(&line, &self.options);
        }
        Ok(later)
    }

    fn say(&self, piece: Piece) -> Result<(), Stop> {
        self.sender.blocking_send(piece).map_err(|unheard| unheard.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn all(bytes: &'static [u8], again: bool, skip: u32) -> Vec<Piece> {
        let open: Open = Box::new(move || Ok(Box::new(bytes) as Box<dyn Read + Send>));
        let source =
            Source { open, again, format: None, content_type: None, base: None, line_bytes: 1000 };
        let mut pieces = read(source, Options::default(), skip);
        let mut all = Vec::new();
        while let Some(piece) = pieces.recv().await {
            all.push(piece);
        }
        all
    }

    #[tokio::test]
    async fn a_file_comes_in_batches_that_go_on_where_they_were() {
        let text: String = (0..1201).map(|n| format!("{{\"n\":{n}}}\n")).collect();
        let bytes: &'static [u8] = text.leak().as_bytes();
        let sizes = |pieces: &[Piece]| -> Vec<(usize, u32)> {
            pieces
                .iter()
                .filter_map(|piece| match piece {
                    Piece::Batch(items) => Some((items.len(), items[0].n)),
                    _ => None,
                })
                .collect()
        };
        let whole = all(bytes, true, 0).await;
        assert!(matches!(whole[0], Piece::Began(Format::Ndjson, Some(1201))));
        assert_eq!(sizes(&whole), [(500, 1), (500, 501), (201, 1001)]);
        let rest = all(bytes, false, 700).await;
        assert!(matches!(rest[0], Piece::Began(Format::Ndjson, None)));
        assert_eq!(sizes(&rest), [(500, 701), (1, 1201)]);
    }

    #[tokio::test]
    async fn what_is_no_document_is_told_apart() {
        for (bytes, code) in [
            (&b" \n"[..], "undecodable"),
            (b"hello", "not_a_feed"),
            (b"<html></html>", "not_a_feed"),
            (b"{\"version\":\"https://jsonfeed.org/version/1\",", "malformed"),
        ] {
            let pieces = all(bytes, true, 0).await;
            let Some(Piece::Broken(fault)) = pieces.last() else { panic!("{pieces:?}") };
            assert_eq!(fault.code, code);
        }
    }
}

//! What a log tells, whatever its format.

use crate::{clock::Timestamp, ids::ArticleId};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, btree_map::Entry},
    io::{self, BufRead},
};
use uuid::Uuid;

/// What a reader did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Opened the article: a click.
    View,
    /// Shared it.
    Share,
    /// Reacted to it.
    Reaction,
    /// Opened it before the log began: part of totals, at no known time.
    Earlier,
}

/// Something readers did with an article.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// With which article.
    pub article: ArticleId,
    /// What.
    pub kind: Kind,
    /// How often, at least 0.
    pub times: f64,
}

impl Event {
    /// One order for events at one moment too, so that it does not matter how a log has them.
    #[must_use]
    pub fn order(&self, other: &Self) -> Ordering {
        (self.at, self.article, self.kind)
            .cmp(&(other.at, other.article, other.kind))
            .then(self.times.total_cmp(&other.times))
    }
}

/// A log in order of time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Log {
    events: Vec<Event>,
    appeared: BTreeMap<ArticleId, Timestamp>,
}

impl Log {
    /// Notes that an article was there at `at`; its first time stands for its publication.
    pub fn appear(&mut self, article: ArticleId, at: Timestamp) {
        match self.appeared.entry(article) {
            Entry::Vacant(vacant) => {
                vacant.insert(at);
            }
            Entry::Occupied(mut known) => {
                let first = at.min(*known.get());
                known.insert(first);
            }
        }
    }

    /// Notes an event, which shows that its article was there.
    pub fn push(&mut self, event: Event) {
        self.appear(event.article, event.at);
        self.events.push(event);
    }

    /// Puts the events in order: call it once all are there.
    pub fn sort(&mut self) {
        self.events.sort_by(Event::order);
    }

    /// The events, in order once sorted.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// Every article and when it was there first, earliest first.
    #[must_use]
    pub fn appearances(&self) -> Vec<(Timestamp, ArticleId)> {
        let mut appearances: Vec<_> =
            self.appeared.iter().map(|(article, at)| (*at, *article)).collect();
        appearances.sort_unstable();
        appearances
    }
}

/// The id that stands for an article's name in a log: always the same for one name.
#[must_use]
pub fn article(name: &str) -> ArticleId {
    ArticleId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}

/// A log that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// The file.
    #[error("cannot be read: {0}")]
    Io(#[from] io::Error),
    /// A line of it.
    #[error("line {line}: {why}")]
    Line {
        /// Its number, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// All of it.
    #[error("holds no {0}")]
    Empty(&'static str),
}

/// Reads NDJSON: `take` gets each line that is not blank, and says what is wrong with it.
///
/// # Errors
/// At the first line that cannot be read.
pub fn lines<T: serde::de::DeserializeOwned>(
    mut reader: impl BufRead,
    mut take: impl FnMut(T) -> Result<(), String>,
) -> Result<(), Unreadable> {
    let (mut text, mut line) = (String::new(), 0);
    loop {
        text.clear();
        if reader.read_line(&mut text)? == 0 {
            return Ok(());
        }
        line += 1;
        if text.trim().is_empty() {
            continue;
        }
        let row = serde_json::from_str(&text).map_err(|error| error.to_string());
        row.and_then(&mut take).map_err(|why| Unreadable::Line { line, why })?;
    }
}

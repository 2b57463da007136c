//! The same article twice in one import: the later one is the one that is written, so that the file
//! imported again has nothing to do.

use super::{
    items::{Item, Options, Prepared, Ready, name},
    lines::Line,
};
use crate::text::maybe_line;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
};

type Key = [u8; 16];

fn key(publisher: &str, external_id: &str) -> Key {
    let digest = Sha256::digest(format!("{publisher}\0{external_id}"));
    let mut key = [0; 16];
    key.copy_from_slice(&digest[..16]);
    key
}

fn key_of(ready: &Ready) -> Key {
    key(&ready.publisher.slug, ready.external_id())
}

fn supersede(item: &mut Item, ready: &Ready) {
    item.prepared = Prepared::Superseded(ready.external_id().to_owned());
}

/// Marks those of `items` that a later one of them supersedes.
pub fn within(items: &mut [Item]) {
    let mut seen = HashSet::new();
    for item in items.iter_mut().rev() {
        if let Prepared::Ready(ready) = &item.prepared
            && !seen.insert(key_of(ready))
        {
            let ready = ready.clone();
            supersede(item, &ready);
        }
    }
}

/// What is read of a line at first.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, default)]
    publisher: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    external_id: Option<Cow<'a, str>>,
}

/// The last line of each article of a file, from reading it once before.
#[derive(Debug, Default)]
pub struct Later {
    /// Where an article stands last, if that line can be written; where it stands first otherwise.
    last: HashMap<Key, u32>,
    /// How many lines there are that are not blank.
    pub lines: u32,
}

impl Later {
    /// Takes note of a line. Lines are read whole only where their article was there before.
    pub fn note(&mut self, line: &Line, options: &Options) {
        self.lines += 1;
        let Some(found) = line.bytes.as_deref().and_then(|bytes| head(bytes, options)) else {
            return;
        };
        match self.last.get_mut(&found) {
            None => drop(self.last.insert(found, line.n)),
            Some(last) => {
                if matches!(Item::from_line(line, options).prepared, Prepared::Ready(_)) {
                    *last = line.n;
                }
            }
        }
    }

    /// Marks an item that a later line supersedes.
    pub fn mark(&self, item: &mut Item) {
        if let Prepared::Ready(ready) = &item.prepared
            && self.last.get(&key_of(ready)).is_some_and(|last| *last > item.n)
        {
            let ready = ready.clone();
            supersede(item, &ready);
        }
    }
}

fn head(bytes: &[u8], options: &Options) -> Option<Key> {
    let head: Head<'_> = serde_json::from_slice(bytes).ok()?;
    let given = head.publisher.as_deref().filter(|text| !text.trim().is_empty());
    let publisher = name(given.or(options.default_publisher.as_deref())?)?;
    let id = maybe_line::<500>(Some(head.external_id?.into_owned())).ok()??;
    Some(key(&publisher.slug, &id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(n: u32, id: &str, headline: &str) -> Line {
        let value = json!({"publisher": "A", "category": "b", "external_id": id, "headline": headline, "body": []});
        Line { n, bytes: Some(value.to_string().into_bytes()) }
    }

    #[test]
    fn the_later_of_two_wins_unless_it_is_refused() {
        let options = Options::default();
        let lines =
            [line(1, "x", "one"), line(2, "y", "one"), line(3, " x", "two"), line(4, "y", "")];
        let mut later = Later::default();
        lines.iter().for_each(|line| later.note(line, &options));
        let mut items: Vec<_> = lines.iter().map(|l| Item::from_line(l, &options)).collect();
        let mut alone = items.clone();
        items.iter_mut().for_each(|item| later.mark(item));
        within(&mut alone);
        assert_eq!(items, alone);
        assert_eq!(items[0].prepared, Prepared::Superseded("x".into()));
        assert!(matches!(items[1].prepared, Prepared::Ready(_)));
        assert!(matches!(items[2].prepared, Prepared::Ready(_)));
        assert!(matches!(items[3].prepared, Prepared::Refused(..)));
        assert_eq!(later.lines, 4);
    }
}

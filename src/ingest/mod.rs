//! Bringing articles in: feeds and files of other newsrooms.
//!
//! * `encoding` – bytes to text, whatever they claim to be
//! * `repair` – XML that almost is, with `tags` (its pieces) and `dialect` (old spellings)
//! * `feed` – RSS, Atom and JSON Feed into our own import shape; `entry` is one item of it
//! * `fetch` – a URL that somebody else chose, safely; `address` says what is public

pub mod address;
mod dialect;
pub mod encoding;
mod entry;
pub mod feed;
pub mod fetch;
mod repair;
mod tags;

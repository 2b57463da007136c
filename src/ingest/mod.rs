//! Bringing articles in: feeds and files of other newsrooms.
//!
//! * `model` – jobs, items and verdicts as the API shows them; `store` their SQL
//! * `items` – one item of our own shape, checked; `names` its publisher and category looked up
//! * `lines`, `source` – documents of any size as batches of items; `later` what stands in one twice
//! * `batch` – the engine: a transaction a batch, halved on a fault
//! * `worker` – works jobs off; `chunks` their stored bytes; `command` imports without a job
//! * `api` – the endpoints; `upload` bytes as they arrive
//! * `encoding` – bytes to text, whatever they claim to be
//! * `repair` – XML that almost is, with `tags` (its pieces) and `dialect` (old spellings)
//! * `feed` – RSS, Atom and JSON Feed into our own import shape; `entry` is one item of it
//! * `fetch` – a URL that somebody else chose, safely; `address` says what is public

pub mod address;
pub mod api;
pub mod batch;
mod chunks;
pub mod command;
mod dialect;
pub mod encoding;
mod entry;
pub mod feed;
pub mod fetch;
pub mod items;
mod later;
mod lines;
pub mod model;
mod names;
mod repair;
pub mod source;
pub mod store;
mod tags;
mod upload;
pub mod worker;

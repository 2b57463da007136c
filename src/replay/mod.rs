//! A click log of elsewhere, run through the real rankings on a virtual clock: how well each board
//! says what is read next, beside what other rankings would have said.
//!
//! No database and no settings take part. A list at the moment of a click knows only what happened
//! strictly before it.
//!
//! - `log` what a log tells; `mind`, `uci`, `naver` its readers, one for each format
//! - `memory` what boards know of the past; `moment` what they rank from at one instant
//! - `lists` the boards, and the rankings they are compared with
//! - `metrics` how a list is judged (pure)
//! - `clicks` judges lists by the next click; `growth` by what grows next; `daily` lists of a day by
//!   the order and the repeats of their source
//! - `table` the report as text

pub mod clicks;
pub mod daily;
pub mod growth;
pub mod lists;
pub mod log;
pub mod memory;
pub mod metrics;
pub mod mind;
pub mod moment;
pub mod naver;
pub mod table;
pub mod uci;

use crate::{clock::Timestamp, ids::ArticleId, rankings::order::Candidate};
use jiff::tz::TimeZone;
use lists::List;
use log::Event;
use memory::Memory;
use std::collections::{BTreeMap, HashMap};

/// The boards at `now` by their keys, `most_viewed 24h` for one with a window: what the database
/// leads to when it was told the same.
///
/// `published` are the articles and when they came out; `events` those before `now`, in any order.
/// Networks are not known here: no gate asks for them.
#[must_use]
pub fn boards_at(
    events: &[Event],
    published: &HashMap<ArticleId, Timestamp>,
    now: Timestamp,
    zone: &TimeZone,
) -> BTreeMap<&'static str, Vec<Candidate>> {
    let mut memory = Memory::new(zone.clone());
    for (article, at) in published.iter().filter(|(_, at)| **at <= now) {
        memory.appear(*article, *at);
    }
    let mut events: Vec<&Event> = events.iter().filter(|event| event.at < now).collect();
    events.sort_by(|a, b| a.order(b));
    for event in events {
        memory.record(event);
    }
    let moment = memory.at(now);
    List::BOARDS.into_iter().map(|list| (list.name(), list.rank(&moment))).collect()
}

//! Lists judged by what grows next: of the articles that gain most in the hours to come, how many does
//! a list name now?

use super::{
    lists::List,
    log::{Event, Kind, Log},
    memory::Memory,
    metrics::{ndcg, shared},
};
use crate::{
    clock::Timestamp,
    ids::ArticleId,
    rankings::order::{Candidate, rank},
};
use jiff::tz::TimeZone;
use std::collections::HashMap;

/// The depth at which lists are judged.
pub const DEPTH: usize = 50;

/// How far ahead lists look, in minutes; as much must have passed before the first is judged.
pub const AHEAD_MINUTES: i64 = 180;

/// What is judged: the boards, the total so far (`all-time`), the growth of the last slice
/// (`last-20m`), and plain decays.
const LISTS: [List; 10] = [
    List::Popular,
    List::Trending,
    List::AllTime,
    List::Last(0),
    List::Last(1),
    List::Decay(0),
    List::Decay(1),
    List::Decay(2),
    List::Decay(3),
    List::Decay(5),
];

/// How well one list foretold growth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Foresight {
    /// The list.
    pub list: List,
    /// The share of the 50 that grew most that it named, on average.
    pub precision: f64,
    /// nDCG@50 with what each grew by as its gain, on average.
    pub ndcg: f64,
}

/// Judges at each moment of the log with enough of it on both sides; how many moments those were.
#[must_use]
pub fn judge(log: &Log, mut progress: impl FnMut(u64)) -> (Vec<Foresight>, u64) {
    let mut memory = Memory::new(TimeZone::UTC);
    let mut sums = LISTS.map(|list| Foresight { list, precision: 0.0, ndcg: 0.0 });
    let events = log.events();
    let ends = [events.first(), events.last()].map(|event| event.map(|event| event.at));
    let [Some(first), Some(last)] = ends else { return (sums.to_vec(), 0) };
    let (mut moments, mut done) = (0, 0);
    for simultaneous in events.chunk_by(|a, b| a.at == b.at) {
        for event in simultaneous {
            memory.record(event);
        }
        done += simultaneous.len();
        progress(done as u64);
        let at = simultaneous[0].at;
        let horizon = at.plus_minutes(AHEAD_MINUTES);
        if at < first.plus_minutes(AHEAD_MINUTES) || horizon > last {
            continue;
        }
        // The slice that ends now is known.
        let moment = memory.at(Timestamp::from_millis(at.as_millis() + 1));
        let gains = gains(&events[done..], horizon);
        let grown = most(&gains);
        for sum in &mut sums {
            let list = sum.list.rank(&moment);
            let named = shared(&list, &grown, DEPTH) as f64;
            sum.precision += named / grown.len().clamp(1, DEPTH) as f64;
            sum.ndcg += ndcg(&list, &gains, DEPTH);
        }
        moments += 1;
    }
    let n = moments.max(1) as f64;
    let mean =
        |sum: Foresight| Foresight { precision: sum.precision / n, ndcg: sum.ndcg / n, ..sum };
    (sums.map(mean).to_vec(), moments)
}

/// What each article gains until `horizon`.
fn gains(events: &[Event], horizon: Timestamp) -> HashMap<ArticleId, f64> {
    let mut gains = HashMap::new();
    for event in events.iter().take_while(|event| event.at <= horizon) {
        if event.kind == Kind::View {
            *gains.entry(event.article).or_default() += event.times;
        }
    }
    gains
}

/// Those that gain most, first.
fn most(gains: &HashMap<ArticleId, f64>) -> Vec<Candidate> {
    let published_at = Timestamp::FIRST;
    let each = gains.iter();
    rank(each.map(|(&article, &score)| Candidate { article, score, published_at }).collect())
}

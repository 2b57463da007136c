//! One event as it waits to be written: who sent it is already a number that means nothing tomorrow.

use super::bots::Refusal;
use crate::{clock::Timestamp, ids::ArticleId};
use jiff::tz::TimeZone;

/// What happened, numbered as `kind` is in the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(i16)]
pub enum Kind {
    /// An article was opened.
    View = 0,
    /// An article was passed on.
    Share = 1,
    /// A reader said what they think of an article.
    Reaction = 2,
}

impl Kind {
    /// Its number in the tables.
    #[must_use]
    pub fn number(self) -> i16 {
        self as i16
    }
}

/// The list a reader came from, as far as it matters: a board does not feed itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Origin {
    /// The board of the same name.
    MostViewed,
    /// The board of the same name.
    MostShared,
    /// The board of the same name.
    Popular,
    /// The board of the same name.
    Trending,
    /// Any other place, or none that is known.
    #[default]
    Elsewhere,
}

/// A view or a share of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// Which of both.
    pub kind: Kind,
    /// Of what.
    pub article: ArticleId,
    /// When it came in.
    pub at: Timestamp,
    /// What speaks against it; `None` makes it count, if its visitor was not counted in this slot.
    pub refusal: Option<Refusal>,
    /// Who, while the secret lives.
    pub visitor: i64,
    /// From which network, while the secret lives.
    pub network: i64,
    /// From which list.
    pub origin: Origin,
}

/// Seconds in which a visitor counts once for an article.
const SLOT_S: i64 = 1800;

impl Event {
    /// The half-hour it falls in, counted from 1970.
    #[must_use]
    pub fn slot(&self) -> i64 {
        slot(self.at)
    }
}

/// The half-hour that `at` falls in, counted from 1970.
#[must_use]
pub fn slot(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(SLOT_S)
}

/// The end of the clock hour that `at` falls in: the name of its bucket.
#[must_use]
pub fn hour_end(at: Timestamp, zone: &TimeZone) -> Timestamp {
    at.start_of_hour(zone).plus_minutes(60)
}

/// The end of the five minutes that `at` falls in: the name of its bucket.
#[must_use]
pub fn five_end(at: Timestamp) -> Timestamp {
    let five = at.as_seconds().div_euclid(300);
    Timestamp::from_millis((five + 1) * 300_000)
}

/// The hour that ends at `end`, as a number that the next hour's follows.
#[must_use]
pub fn hour(end: Timestamp) -> i64 {
    end.as_seconds().div_euclid(3600)
}

/// Which of four partitions holds a slot or an hour.
#[must_use]
pub fn ring(n: i64) -> i16 {
    n.rem_euclid(4) as i16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_is_named_by_its_end_which_is_no_part_of_it() {
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        assert_eq!(five_end(at("2026-11-22T09:04:59.999Z")), at("2026-11-22T09:05:00Z"));
        assert_eq!(five_end(at("2026-11-22T09:05:00Z")), at("2026-11-22T09:10:00Z"));
        let seoul = TimeZone::get("Asia/Seoul").expect("a zone");
        assert_eq!(hour_end(at("2026-11-22T09:00:00Z"), &seoul), at("2026-11-22T10:00:00Z"));
    }
}

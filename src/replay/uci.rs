//! News Popularity in Multiple Social Media Platforms (Moniz and Torgo 2018): how often an item was
//! shared, as a cumulative count for each 20 minutes of its first two days.

use super::log::{Event, Kind, Log, Unreadable, article, lines};
use crate::clock::Timestamp;
use serde::Deserialize;
use std::io::BufRead;

/// Minutes of a slice.
pub const SLICE_MINUTES: i64 = 20;

/// The most slices of an item: a year, against nonsense.
const MOST_SLICES: usize = 365 * 72;

#[derive(Deserialize)]
struct Item {
    item: serde_json::Value,
    platform: String,
    cumulative_20min: Vec<f64>,
}

/// The end of a slice on the virtual clock, which starts in 1970: all items are laid beside each
/// other, slice by slice.
fn end_of(slice: usize) -> Timestamp {
    Timestamp::from_millis(0).plus_minutes((slice as i64 + 1) * SLICE_MINUTES)
}

/// Reads one item of one platform a line: `{"item", "platform", "cumulative_20min": […]}`, where a
/// negative count means that nothing was captured yet. What the count grows by in a slice happened
/// in it; what an item had when it was first captured, later than in the first slice, happened before.
///
/// # Errors
/// At the first line that is no item, or when none grows.
pub fn read(reader: impl BufRead) -> Result<Log, Unreadable> {
    let mut log = Log::default();
    lines(reader, |row: Item| {
        if row.cumulative_20min.len() > MOST_SLICES {
            return Err(format!("has more than {MOST_SLICES} slices"));
        }
        let article = article(&format!("{} {}", row.item, row.platform));
        let mut known: Option<f64> = None;
        for (slice, count) in row.cumulative_20min.iter().enumerate().filter(|(_, n)| **n >= 0.0) {
            let at = end_of(slice);
            let (kind, times) = match known {
                Some(before) => (Kind::View, count - before),
                None if slice == 0 => (Kind::View, *count),
                None => (Kind::Earlier, *count),
            };
            log.appear(article, at);
            if times > 0.0 {
                log.push(Event { at, article, kind, times });
            }
            known = Some(count.max(known.unwrap_or_default()));
        }
        Ok(())
    })?;
    if !log.events().iter().any(|event| event.kind == Kind::View) {
        return Err(Unreadable::Empty("item that grows"));
    }
    log.sort();
    Ok(log)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_is_what_happened_and_a_first_count_what_happened_before() {
        let text = r#"{"item":1,"platform":"A","cumulative_20min":[-1,5,7,7,6,9]}
            {"item":1,"platform":"B","cumulative_20min":[2,2]}"#;
        let log = read(text.as_bytes()).expect("a log");
        let told: Vec<_> =
            log.events().iter().map(|e| (e.at.as_seconds() / 60, e.kind, e.times as u32)).collect();
        assert_eq!(
            told,
            [
                (20, Kind::View, 2),
                (40, Kind::Earlier, 5),
                (60, Kind::View, 2),
                (120, Kind::View, 2)
            ]
        );
    }
}

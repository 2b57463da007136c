//! Impressions of the Microsoft News Dataset (Wu et al. 2020): which articles a reader was shown and
//! which of them were clicked. An article is as old as its first time in the log.

use super::log::{Event, Kind, Log, Unreadable, article, lines};
use crate::clock::Timestamp;
use jiff::{civil::DateTime, tz::TimeZone};
use serde::Deserialize;
use std::io::BufRead;

#[derive(Deserialize)]
struct Impression {
    time: String,
    #[serde(default)]
    shown: Vec<String>,
    clicked: Vec<String>,
}

/// Reads one impression a line: `{"time", "shown": […], "clicked": […]}`. A time without an offset is
/// taken for UTC.
///
/// # Errors
/// At the first line that is no impression, or when none has a click.
pub fn read(reader: impl BufRead) -> Result<Log, Unreadable> {
    let mut log = Log::default();
    lines(reader, |impression: Impression| {
        let at = instant(&impression.time)
            .ok_or_else(|| format!("{}: is no date and time", impression.time))?;
        for name in &impression.shown {
            log.appear(article(name), at);
        }
        for name in &impression.clicked {
            log.push(Event { at, article: article(name), kind: Kind::View, times: 1.0 });
        }
        Ok(())
    })?;
    if log.events().is_empty() {
        return Err(Unreadable::Empty("click"));
    }
    log.sort();
    Ok(log)
}

fn instant(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let civil: DateTime = text.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_click_is_a_view_and_what_was_shown_was_there() {
        let text = concat!(
            r#"{"time":"2019-11-09T00:02:00","shown":["a","b"],"clicked":["b"]}"#,
            "\n\n",
            r#"{"time":"2019-11-09T09:01:00+09:00","clicked":["a"],"user":"u"}"#,
        );
        let log = read(text.as_bytes()).expect("a log");
        let at = |text: &str| text.parse::<Timestamp>().expect("an instant");
        let told: Vec<_> = log.events().iter().map(|e| (e.at, e.article)).collect();
        assert_eq!(
            told,
            [
                (at("2019-11-09T00:01:00Z"), article("a")),
                (at("2019-11-09T00:02:00Z"), article("b"))
            ]
        );
        assert_eq!(log.appearances()[0], (at("2019-11-09T00:01:00Z"), article("a")));
    }

    #[test]
    fn a_line_that_is_no_impression_is_named() {
        let bad = |text: &str| read(text.as_bytes()).expect_err("a fault").to_string();
        assert!(bad("{\"time\":\"yesterday\",\"clicked\":[]}").starts_with("line 1: yesterday"));
        assert!(bad("\n{}").starts_with("line 2: missing field"));
        assert_eq!(bad("{\"time\":\"2019-11-09T00:02:00\",\"clicked\":[]}"), "holds no click");
    }
}

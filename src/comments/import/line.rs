//! One line of a file of comments.

use crate::{clock::Timestamp, text::single_line};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

/// The longest name of an author or of a comment elsewhere, in code points.
const NAME_MAX: usize = 100;

/// A comment as a line tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The article: its id here, or its publisher's own.
    pub article: String,
    /// Slug of its publisher.
    pub publisher: Option<String>,
    /// What the comment is called elsewhere.
    pub external_id: Option<String>,
    /// What it replies to, as that is called elsewhere.
    pub parent: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// What it says.
    pub text: String,
    /// When it was written.
    pub at: Timestamp,
    /// Votes for it.
    pub up: i32,
    /// Votes against it.
    pub down: i32,
}

impl Line {
    /// Reads one line. Members have the names of this API or of exports that are common; a time without
    /// an offset is one of `zone`.
    ///
    /// # Errors
    /// What is wrong with it, in English.
    pub fn read(line: &str, most_bytes: usize, zone: &TimeZone) -> Result<Self, String> {
        if line.len() > most_bytes {
            return Err(format!("is longer than {most_bytes} bytes"));
        }
        let value: Value = serde_json::from_str(line).map_err(|_| "is not JSON".to_owned())?;
        let Value::Object(members) = value else { return Err("is not an object".to_owned()) };
        let word = |names: &[&str]| word(&members, names);
        Ok(Self {
            article: word(&["article_id", "article", "article_external_id"])?
                .ok_or("names no article (article_id)")?,
            publisher: word(&["publisher"])?,
            external_id: word(&["external_id", "id", "comment_no"])?,
            parent: word(&["parent_id", "parent", "reply_to"])?,
            author: word(&["author", "author_name", "display_name"])?,
            text: text(&members, &["body", "text"])?.ok_or("says nothing (body)")?,
            at: at(&members, zone)?,
            up: votes(&members, &["up", "likes"])?,
            down: votes(&members, &["down", "dislikes"])?,
        })
    }
}

fn member<'a>(members: &'a Map<String, Value>, names: &[&str]) -> Option<(String, &'a Value)> {
    let found = names.iter().find_map(|name| members.get(*name).map(|v| ((*name).to_owned(), v)));
    found.filter(|(_, value)| !value.is_null())
}

fn text(members: &Map<String, Value>, names: &[&str]) -> Result<Option<String>, String> {
    match member(members, names) {
        None => Ok(None),
        Some((_, Value::String(text))) => Ok(Some(text.clone())),
        Some((name, _)) => Err(format!("{name} is not a text")),
    }
}

fn word(members: &Map<String, Value>, names: &[&str]) -> Result<Option<String>, String> {
    let (name, text) = match member(members, names) {
        None => return Ok(None),
        Some((name, Value::String(text))) => (name, text.clone()),
        Some((name, Value::Number(number))) => (name, number.to_string()),
        Some((name, _)) => return Err(format!("{name} is not a text")),
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    single_line(&text, NAME_MAX).map(Some).map_err(|fault| format!("{name} {fault}"))
}

fn at(members: &Map<String, Value>, zone: &TimeZone) -> Result<Timestamp, String> {
    let (name, value) =
        member(members, &["created_at", "time"]).ok_or("has no time (created_at)")?;
    let text = value.as_str().unwrap_or_default();
    // Offsets without a colon are common: +0900. So are none.
    let loose = || {
        let offset = jiff::Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text);
        offset.ok().or_else(|| {
            let wall = text.replacen(' ', "T", 1).parse::<jiff::civil::DateTime>().ok()?;
            Some(wall.to_zoned(zone.clone()).ok()?.timestamp())
        })
    };
    let at = text.parse().ok().or_else(|| loose().map(Timestamp::from));
    at.filter(|at| (1970..=9999).contains(&at.year()))
        .ok_or_else(|| format!("{name} is not a time such as 2026-11-22T09:00:00+09:00"))
}

fn votes(members: &Map<String, Value>, names: &[&str]) -> Result<i32, String> {
    let Some((name, value)) = member(members, names) else { return Ok(0) };
    let count = value.as_i64().and_then(|n| i32::try_from(n).ok());
    count
        .filter(|n| (0..=1_000_000_000).contains(n))
        .ok_or_else(|| format!("{name} is not a number of votes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read() {
        let own = r#"{"article_id":"a-1","external_id":7,"body":"글","created_at":"2018-10-28T06:48:52Z","up":1,"down":2,"author":"kim"}"#;
        let naver = r#"{"article":"a-1","comment_no":"7","text":"글","time":"2018-10-28T15:48:52+0900","likes":1,"dislikes":2,"author":"kim"}"#;
        let (own, naver) =
            (Line::read(own, 999, &TimeZone::UTC), Line::read(naver, 999, &TimeZone::UTC));
        assert_eq!(own, naver);
        assert_eq!(own.map(|line| (line.up, line.down)), Ok((1, 2)));
    }

    #[test]
    fn a_time_without_an_offset_is_the_portals() {
        let seoul = TimeZone::get("Asia/Seoul").expect("a zone");
        let line = r#"{"article":"a","text":"a","time":"2020-09-01 02:55:41"}"#;
        let at = Line::read(line, 999, &seoul).map(|line| line.at.to_string());
        assert_eq!(at, Ok("2020-08-31T17:55:41.000Z".to_owned()));
    }

    #[test]
    fn what_cannot_be_read_says_why() {
        for (line, why) in [
            ("[]", "is not an object"),
            (r#"{"text":"a","time":"2018-10-28T15:48:52+0900"}"#, "names no article (article_id)"),
            (r#"{"article":"a","time":"2018-10-28T15:48:52+0900"}"#, "says nothing (body)"),
            (r#"{"article":"a","text":"a"}"#, "has no time (created_at)"),
            (
                r#"{"article":"a","text":"a","time":"2018-10-28T15:48:52+0900","likes":-1}"#,
                "likes is not a number of votes",
            ),
        ] {
            assert_eq!(Line::read(line, 999, &TimeZone::UTC), Err(why.to_owned()));
        }
    }
}

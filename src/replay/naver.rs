//! The daily ranking pages of a Korean portal: for each day and section the 30 articles with most views
//! or most comments, with the figure each had.

use super::log::{Unreadable, lines};
use jiff::civil::Date;
use serde::Deserialize;
use std::io::BufRead;

/// An article in a list.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Entry {
    /// What names the article.
    #[serde(rename = "article_key")]
    pub key: String,
    /// Its headline.
    pub title: String,
    /// The beginning of its text.
    #[serde(default)]
    pub lead: String,
    /// Who published it.
    #[serde(default)]
    pub press: String,
    /// Its place in the source, from 1.
    pub rank: u32,
    /// Views of the day.
    pub views: Option<f64>,
    /// Comments of the day.
    pub comments: Option<f64>,
}

/// What a list is ranked by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Views.
    View,
    /// Comments.
    Comment,
}

#[derive(Deserialize)]
struct Row {
    date: Date,
    section: String,
    kind: Kind,
    #[serde(flatten)]
    entry: Entry,
}

/// The list of one section on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct DayList {
    /// The day.
    pub date: Date,
    /// The section.
    pub section: String,
    /// What it is ranked by.
    pub kind: Kind,
    /// In the order of the file.
    pub entries: Vec<Entry>,
}

impl DayList {
    /// The figure that ranks an article.
    #[must_use]
    pub fn figure(&self, entry: &Entry) -> f64 {
        let figure = match self.kind {
            Kind::View => entry.views,
            Kind::Comment => entry.comments,
        };
        figure.unwrap_or_default()
    }
}

/// Reads one place of a list a line, and hands over each day once it is whole: the places of a list
/// follow each other, and so do the lists of a day.
///
/// # Errors
/// At the first line that is no place of a list, or when there is none.
pub fn read(reader: impl BufRead, mut take: impl FnMut(&[DayList])) -> Result<(), Unreadable> {
    let mut day: Vec<DayList> = Vec::new();
    lines(reader, |row: Row| {
        let Row { date, section, kind, entry } = row;
        if day.first().is_some_and(|list| list.date != date) {
            take(&day);
            day.clear();
        }
        match day.last_mut() {
            Some(list) if (&list.section, list.kind) == (&section, kind) => {
                list.entries.push(entry)
            }
            _ => day.push(DayList { date, section, kind, entries: vec![entry] }),
        }
        Ok(())
    })?;
    if day.is_empty() {
        return Err(Unreadable::Empty("list"));
    }
    take(&day);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_handed_over_whole() {
        let row = |date: &str, kind: &str, rank: u32| {
            format!(
                r#"{{"date":"{date}","section":"경제","kind":"{kind}","rank":{rank},"title":"t","article_key":"k{rank}","views":{},"comments":null}}"#,
                10 - rank
            )
        };
        let rows = [
            row("2019-01-02", "view", 1),
            row("2019-01-02", "view", 2),
            row("2019-01-02", "comment", 1),
            row("2019-01-03", "comment", 1),
        ];
        let mut days = Vec::new();
        read(rows.join("\n").as_bytes(), |day| days.push(day.to_vec())).expect("days");
        assert_eq!(days.iter().map(Vec::len).collect::<Vec<_>>(), [2, 1]);
        let lists = &days[0];
        assert_eq!(lists.iter().map(|list| list.entries.len()).collect::<Vec<_>>(), [2, 1]);
        assert!((lists[0].figure(&lists[0].entries[0]) - 9.0).abs() < 1e-9);
        assert!(lists[1].figure(&lists[1].entries[0]).abs() < 1e-9);
    }
}

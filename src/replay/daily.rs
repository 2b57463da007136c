//! Lists of a day, ranked again by their own figures: is the order that of their source, and what
//! stands in them twice?

use super::{log::article, naver::DayList};
use crate::{
    clock::Timestamp,
    rankings::order::{Candidate, rank},
};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::{BTreeSet, HashMap};

/// The depth at which repeats are looked for.
const TOP: usize = 10;

/// The share of bigrams from which two headlines count as alike.
const ALIKE: f64 = 0.5;

/// For each entry of a list the story it tells: equal numbers, one story.
pub type Stories<'a> = &'a dyn Fn(&DayList) -> Vec<usize>;

/// What was found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    /// Lists.
    pub lists: u64,
    /// Places in them.
    pub places: u64,
    /// Places with the article of the source.
    pub same: u64,
    /// Places with another article of the same figure: the source does not say which comes first.
    pub tied: u64,
    /// Lists with two headlines alike among the first ten of the source.
    pub alike: u64,
    /// What folding leaves, where it is known who tells one story.
    pub folded: Option<Folded>,
}

/// Lists in which each story stands once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Folded {
    /// Articles that gave way to one that tells the same.
    pub gone: u64,
    /// Lists with two headlines alike among their first ten.
    pub alike: u64,
    /// Pairs of one story in any list.
    pub pairs: u64,
}

impl Report {
    /// Takes a list into account; without `stories` nothing is folded.
    pub fn judge(&mut self, list: &DayList, stories: Option<Stories<'_>>) {
        let ranked = ranked(list);
        let mut source: Vec<usize> = (0..list.entries.len()).collect();
        source.sort_by_key(|i| list.entries[*i].rank);
        self.lists += 1;
        self.places += source.len() as u64;
        for (ours, theirs) in ranked.iter().zip(&source) {
            let (ours, theirs) = (&list.entries[*ours], &list.entries[*theirs]);
            let equal = list.figure(ours).total_cmp(&list.figure(theirs)).is_eq();
            self.same += u64::from(ours.key == theirs.key);
            self.tied += u64::from(ours.key != theirs.key && equal);
        }
        self.alike += u64::from(any_alike(list, &source));
        if let Some(stories) = stories {
            let stories = stories(list);
            let told = fold(&ranked, &stories);
            let folded = self.folded.get_or_insert_default();
            folded.gone += (ranked.len() - told.len()) as u64;
            folded.alike += u64::from(any_alike(list, &told));
            folded.pairs += pairs(&told, &stories);
        }
    }
}

/// The entries by their figures, as a board ranks them.
fn ranked(list: &DayList) -> Vec<usize> {
    let published_at = midnight(list.date);
    let ids: Vec<_> = list.entries.iter().map(|entry| article(&entry.key)).collect();
    let mut by_id: HashMap<_, Vec<usize>> = HashMap::new();
    for (i, id) in ids.iter().enumerate().rev() {
        by_id.entry(*id).or_default().push(i);
    }
    let candidates = ids.iter().zip(&list.entries).map(|(&article, entry)| Candidate {
        article,
        score: list.figure(entry),
        published_at,
    });
    let ranked = rank(candidates.collect());
    ranked.iter().filter_map(|candidate| by_id.get_mut(&candidate.article)?.pop()).collect()
}

fn midnight(date: Date) -> Timestamp {
    date.to_zoned(TimeZone::UTC).map_or(Timestamp::FIRST, |at| at.timestamp().into())
}

/// The first of each story.
fn fold(ranked: &[usize], stories: &[usize]) -> Vec<usize> {
    let mut told = BTreeSet::new();
    ranked.iter().copied().filter(|i| told.insert(stories[*i])).collect()
}

fn pairs(list: &[usize], stories: &[usize]) -> u64 {
    let mut members: HashMap<usize, u64> = HashMap::new();
    for i in list {
        *members.entry(stories[*i]).or_default() += 1;
    }
    members.values().map(|n| n * (n - 1) / 2).sum()
}

fn any_alike(list: &DayList, order: &[usize]) -> bool {
    let top: Vec<_> = order.iter().take(TOP).map(|i| bigrams(&list.entries[*i].title)).collect();
    top.iter().enumerate().any(|(i, a)| top[..i].iter().any(|b| jaccard(a, b) >= ALIKE))
}

/// Pairs of neighbours among the letters and digits of a headline.
fn bigrams(headline: &str) -> BTreeSet<(char, char)> {
    let counts = |c: &char| matches!(c, '0'..='9' | 'a'..='z' | '가'..='힣' | '一'..='龥');
    let letters: Vec<char> = headline.to_lowercase().chars().filter(counts).collect();
    letters.windows(2).map(|pair| (pair[0], pair[1])).collect()
}

fn jaccard(a: &BTreeSet<(char, char)>, b: &BTreeSet<(char, char)>) -> f64 {
    let shared = a.intersection(b).count();
    shared as f64 / (a.len() + b.len() - shared).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::{super::naver::Entry, *};
    use crate::replay::naver::Kind;

    fn list(entries: &[(&str, u32, f64)]) -> DayList {
        let entry = |(title, rank, views): &(&str, u32, f64)| Entry {
            key: format!("{title}{rank}"),
            title: (*title).to_owned(),
            lead: String::new(),
            press: String::new(),
            rank: *rank,
            views: Some(*views),
            comments: None,
        };
        DayList {
            date: jiff::civil::date(2019, 1, 2),
            section: "경제".to_owned(),
            kind: Kind::View,
            entries: entries.iter().map(entry).collect(),
        }
    }

    #[test]
    fn the_order_is_the_sources_but_for_ties() {
        let mut report = Report::default();
        report.judge(&list(&[("가나다", 3, 5.0), ("라마바", 1, 9.0), ("사아자", 2, 5.0)]), None);
        assert_eq!((report.places, report.same + report.tied), (3, 3));
        report.judge(&list(&[("가나다", 1, 5.0), ("라마바", 2, 9.0)]), None);
        assert_eq!((report.places, report.same + report.tied), (5, 3));
    }

    #[test]
    fn folding_leaves_one_of_each_story() {
        let copies = list(&[
            ("코스피 2000선 회복", 1, 9.0),
            ("[속보] 코스피 2000선 회복", 2, 8.0),
            ("내일 전국에 비", 3, 7.0),
        ]);
        let mut report = Report::default();
        report.judge(&copies, Some(&|_| vec![0, 0, 1]));
        assert_eq!(report.alike, 1);
        assert_eq!(report.folded, Some(Folded { gone: 1, alike: 0, pairs: 0 }));
    }
}

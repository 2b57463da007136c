//! Lists of a day, ranked again by their own figures: is the order that of their source, and what
//! stands in them twice?

use super::{
    log::article,
    naver::{DayList, Entry},
};
use crate::{
    clock::Timestamp,
    clusters::{
        memory::Memory,
        sketch::{Sketch, Text},
    },
    ids::{ArticleId, PublisherId},
    rankings::order::{Candidate, rank},
};
use jiff::{civil::Date, tz::TimeZone};
use std::collections::{BTreeMap, BTreeSet, HashMap, btree_map::Entry as Slot};
use uuid::Uuid;

/// The depth at which repeats are looked for.
const TOP: usize = 10;

/// The share of bigrams from which two headlines count as alike.
const ALIKE: f64 = 0.5;

/// Days after which an article cannot meet another: stories reach three days.
const REACH_DAYS: i64 = 4;

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
    /// Lists with two of one story anywhere in the source.
    pub repeating: u64,
    /// Articles that gave way to one that tells the same story.
    pub gone: u64,
    /// Lists with two headlines alike among the first ten that folding leaves.
    pub alike_folded: u64,
    /// Pairs of one story in any list that folding leaves.
    pub pairs: u64,
}

/// Who tells one story, of the articles of the last days.
#[derive(Default)]
pub struct Stories {
    memory: Memory,
    since: BTreeMap<ArticleId, Date>,
}

impl Stories {
    /// Puts in the articles of a day, each with the first day it is met on; forgets what lies too far
    /// back.
    pub fn put(&mut self, day: &[DayList]) {
        let Some(today) = day.first().map(|list| list.date) else { return };
        let old = |date: &Date| (today - *date).get_days() as i64 > REACH_DAYS;
        let gone: Vec<_> =
            self.since.iter().filter(|(_, date)| old(date)).map(|(id, _)| *id).collect();
        for id in gone {
            self.since.remove(&id);
            self.memory.remove(id);
        }
        for entry in day.iter().flat_map(|list| &list.entries) {
            let id = article(&entry.key);
            if let Slot::Vacant(slot) = self.since.entry(id) {
                slot.insert(today);
                self.memory.put(id, Sketch::of(&text(entry, today)));
            }
        }
    }

    /// For each entry of a list the article that leads its story.
    fn of(&self, list: &DayList) -> Vec<ArticleId> {
        list.entries.iter().map(|entry| self.memory.leader(article(&entry.key))).collect()
    }
}

fn text(entry: &Entry, date: Date) -> Text<'_> {
    Text {
        publisher: PublisherId(Uuid::new_v5(&Uuid::NAMESPACE_OID, entry.press.as_bytes())),
        headline: &entry.title,
        lede: &entry.lead,
        body: "",
        published_at: midnight(date),
    }
}

impl Report {
    /// Takes a list into account, whose articles are among `stories`.
    pub fn judge(&mut self, list: &DayList, stories: &Stories) {
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
        let told = stories.of(list);
        let folded = fold(&ranked, &told);
        self.alike += u64::from(any_alike(list, &source));
        self.repeating += u64::from(folded.len() < ranked.len());
        self.gone += (ranked.len() - folded.len()) as u64;
        self.alike_folded += u64::from(any_alike(list, &folded));
        self.pairs += pairs(&folded, &told);
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
fn fold(ranked: &[usize], stories: &[ArticleId]) -> Vec<usize> {
    let mut told = BTreeSet::new();
    ranked.iter().copied().filter(|i| told.insert(stories[*i])).collect()
}

fn pairs(list: &[usize], stories: &[ArticleId]) -> u64 {
    let mut members: HashMap<ArticleId, u64> = HashMap::new();
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
    use super::*;
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

    fn judged(list: DayList) -> Report {
        let (mut report, mut stories) = (Report::default(), Stories::default());
        stories.put(std::slice::from_ref(&list));
        report.judge(&list, &stories);
        report
    }

    #[test]
    fn the_order_is_the_sources_but_for_ties() {
        let ties = judged(list(&[("가나다", 3, 5.0), ("라마바", 1, 9.0), ("사아자", 2, 5.0)]));
        assert_eq!((ties.places, ties.same + ties.tied), (3, 3));
        let turned = judged(list(&[("가나다", 1, 5.0), ("라마바", 2, 9.0)]));
        assert_eq!((turned.places, turned.same + turned.tied), (2, 0));
    }

    #[test]
    fn folding_leaves_one_of_each_story() {
        let copies = [
            ("코스피 외국인 매수에 2000선 회복", 1, 9.0),
            ("[속보] 코스피 외국인 매수에 2000선 회복", 2, 8.0),
            ("내일 전국에 비 오고 쌀쌀", 3, 7.0),
        ];
        let report = judged(list(&copies));
        assert_eq!((report.alike, report.repeating, report.gone), (1, 1, 1));
        assert_eq!((report.alike_folded, report.pairs), (0, 0));
    }
}

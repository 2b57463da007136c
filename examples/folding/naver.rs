//! Naver's records: no body but a lead that breaks off, and the day instead of the moment.

use super::{Outcome, lines, share, share_a_key, sketch, text};
use serde_json::Value;
use sosik::{
    clock::Timestamp,
    clusters::{
        rule::{Why, same_report},
        sketch::Sketch,
    },
};
use std::collections::{BTreeMap, HashMap};

fn told(article: &Value, at: Timestamp) -> Sketch {
    let (headline, lead) = (text(article, "title"), text(article, "lead"));
    let body = if lead.is_empty() { headline } else { lead };
    sketch(text(article, "press"), headline, lead, body, at)
}

fn day(article: &Value) -> Timestamp {
    let start = format!("{}T00:00:00+09:00", text(article, "first_date"));
    start.parse().unwrap_or(Timestamp::FIRST)
}

/// Precision and recall over labelled pairs.
pub fn pairs(articles: &str, pairs: &str) -> Outcome {
    let articles = lines(articles)?;
    let by_key: HashMap<_, _> = articles.iter().map(|a| (text(a, "article_key"), a)).collect();
    let mut counts: BTreeMap<(bool, bool), usize> = BTreeMap::new();
    let (mut missing, mut unfound) = (0, 0);
    for pair in lines(pairs)? {
        let (Some(a), Some(b)) = (by_key.get(text(&pair, "a")), by_key.get(text(&pair, "b")))
        else {
            missing += 1;
            continue;
        };
        let same_day = Timestamp::from_millis(0);
        let (a, b) = (told(a, same_day), told(b, same_day));
        let said = same_report(&a, &b).is_some();
        unfound += usize::from(said && !share_a_key(&a, &b));
        *counts.entry((text(&pair, "label") == "same_text", said)).or_default() += 1;
    }
    let of = |labelled, said| counts.get(&(labelled, said)).copied().unwrap_or_default();
    let (right, wrong, missed) = (of(true, true), of(false, true), of(true, false));
    println!(
        "{right} right, {wrong} wrong, {missed} missed, {} rightly apart, {missing} not in the articles",
        of(false, false)
    );
    println!(
        "precision {:.3}, recall {:.3}; {unfound} share no key",
        share(right, right + wrong),
        share(right, right + missed)
    );
    Ok(())
}

/// How many of all pairs that are one report, found by comparing everything within reach, share a key.
pub fn found(articles: &str) -> Outcome {
    let articles = lines(articles)?;
    let mut sketches: Vec<_> = articles.iter().map(|a| told(a, day(a))).collect();
    sketches.sort_by_key(|sketch| sketch.published_at);
    let mut counts: BTreeMap<Why, (usize, usize)> = BTreeMap::new();
    for (n, a) in sketches.iter().enumerate() {
        let reach = a.published_at.plus_minutes(72 * 60);
        for b in sketches[n + 1..].iter().take_while(|b| b.published_at <= reach) {
            if let Some(why) = same_report(a, b) {
                let count = counts.entry(why).or_default();
                count.0 += 1;
                count.1 += usize::from(share_a_key(a, b));
            }
        }
    }
    for (why, (all, found)) in counts {
        println!("{why:?}: {all} pairs, {found} share a key ({:.3})", share(found, all));
    }
    Ok(())
}

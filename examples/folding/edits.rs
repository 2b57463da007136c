//! Real bodies as another publisher prints them: dressed, shortened, reordered, reworded.

use super::{Outcome, Seeded, lines, share, share_a_key, sketch, text};
use sosik::{
    clock::Timestamp,
    clusters::{
        rule::{Why, same_report},
        sketch::Sketch,
    },
};
use std::collections::BTreeMap;

/// Shorter texts are captions.
const LEAST: usize = 100;
const SEEDS: u64 = 5;

/// Name, share of sentences dropped, share of sentences of which one word is another.
const EDITS: [(&str, f64, f64); 7] = [
    ("0 % dropped", 0.0, 0.0),
    ("10 % dropped", 0.1, 0.0),
    ("30 % dropped", 0.3, 0.0),
    ("50 % dropped", 0.5, 0.0),
    ("a word in 30 % of the sentences", 0.0, 0.3),
    ("a word in 60 % of the sentences", 0.0, 0.6),
    ("50 % dropped and a word in 30 %", 0.5, 0.3),
];

/// Recall of edited copies whose headlines share nothing, and how many distinct pairs are one report.
pub fn run(texts: &str) -> Outcome {
    let texts: Vec<(String, String)> = lines(texts)?
        .iter()
        .map(|line| (text(line, "title").to_owned(), text(line, "body").to_owned()))
        .filter(|(_, body)| body.chars().count() >= LEAST)
        .collect();
    distinct(&texts);
    println!(
        "| edit | texts | share a key | by the rule | end to end |\n| --- | --- | --- | --- | --- |"
    );
    for (name, drop, reword) in EDITS {
        let (mut all, mut keyed, mut ruled, mut both) = (0, 0, 0, 0);
        for seed in 1..=SEEDS {
            let mut random = Seeded(seed * 7919);
            for (n, (_, body)) in texts.iter().enumerate() {
                let first = told("first", &format!("{:x}", mixed(n as u64)), body);
                let copy = told(
                    "second",
                    &format!("z{:x}", mixed(n as u64 + 99_999)),
                    &edited(body, drop, reword, &mut random),
                );
                let (key, rule) =
                    (share_a_key(&first, &copy), same_report(&first, &copy).is_some());
                all += 1;
                keyed += usize::from(key);
                ruled += usize::from(rule);
                both += usize::from(key && rule);
            }
        }
        println!(
            "| {name} | {all} | {:.4} | {:.4} | {:.4} |",
            share(keyed, all),
            share(ruled, all),
            share(both, all)
        );
    }
    Ok(())
}

fn distinct(texts: &[(String, String)]) {
    let sketches: Vec<_> = texts
        .iter()
        .enumerate()
        .map(|(n, (headline, body))| told(&n.to_string(), headline, body))
        .collect();
    let mut found: BTreeMap<Why, usize> = BTreeMap::new();
    let (mut pairs, mut candidates) = (0_usize, 0_usize);
    for (n, a) in sketches.iter().enumerate() {
        for b in &sketches[n + 1..] {
            pairs += 1;
            candidates += usize::from(share_a_key(a, b));
            if let Some(why) = same_report(a, b) {
                *found.entry(why).or_default() += 1;
            }
        }
    }
    println!(
        "{} texts, {pairs} pairs: {candidates} share a key, one report are {found:?}\n",
        texts.len()
    );
}

fn told(by: &str, headline: &str, body: &str) -> Sketch {
    let lede: String = body
        .lines()
        .find(|line| !line.trim().is_empty())
        .unwrap_or_default()
        .chars()
        .take(300)
        .collect();
    sketch(by, headline, &lede, body, Timestamp::from_millis(0))
}

fn mixed(n: u64) -> u64 {
    n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

fn edited(body: &str, drop: f64, reword: f64, random: &mut Seeded) -> String {
    let mut sentences = sentences(body);
    let keep = ((sentences.len() as f64 * (1.0 - drop)).round() as usize).max(1);
    while sentences.len() > keep {
        sentences.remove(random.below(sentences.len()));
    }
    if sentences.len() > 2 {
        let at = random.below(sentences.len() - 1);
        sentences.swap(at, at + 1);
    }
    for sentence in &mut sentences {
        if random.chance(reword) {
            let mut words: Vec<&str> = sentence.split(' ').collect();
            let at = random.below(words.len());
            words[at] = ["그러나", "한편", "이에", "최근", "매우"][random.below(5)];
            *sentence = words.join(" ");
        }
    }
    format!(
        "(서울=연합뉴스) 홍길동 기자 = {}\n홍길동 기자 hong@daily.example\n<저작권자(c) 하늘일보, 무단 전재-재배포 금지>",
        sentences.join(" ")
    )
}

/// Cut after a mark that ends a sentence, and at line ends.
pub fn sentences(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let last = found.len() - 1;
        found[last].push(c);
        let ends =
            matches!(c, '.' | '!' | '?') && chars.peek().is_none_or(|next| next.is_whitespace());
        if ends || c == '\n' {
            found.push(String::new());
        }
    }
    found.iter().map(|sentence| sentence.trim().to_owned()).filter(|s| !s.is_empty()).collect()
}

//! What the text filter finds and what it should not, over a folder of labelled texts and headlines
//! whose path is the argument (`docs/MODERATION.md`).
//!
//! ```text
//! cargo run --release --example moderation -- labelled FOLDER
//! cargo run --release --example moderation -- headlines FOLDER
//! cargo run --release --example moderation -- disguises FOLDER
//! cargo run --release --example moderation -- time FOLDER
//! cargo run --release --example moderation -- finds FOLDER SET
//! cargo run --release --example moderation -- beyond FOLDER SET
//! ```

mod data;
mod disguise;
mod rules;

use rules::Rules;
use std::{env, error::Error, time::Instant};

/// Anything that can go wrong here.
pub type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["labelled", folder] => labelled(folder),
        ["headlines", folder] => headlines(folder),
        ["disguises", folder] => disguise::run(folder),
        ["time", folder] => time(folder),
        ["finds", folder, set] => finds(folder, set),
        ["beyond", folder, set] => beyond(folder, set),
        _ => Err("see the head of examples/moderation/main.rs".into()),
    }
}

/// Texts with labels: the lexicon of Sosik, the list of others as substrings and as rules.
fn labelled(folder: &str) -> Outcome {
    println!("| set | rules | texts | bad | precision | recall | F1 | false finds |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for set in data::LABELLED {
        let texts = data::labelled(folder, set)?;
        for rules in Rules::all(folder)? {
            let (mut hits, mut wrong, mut missed) = (0usize, 0usize, 0usize);
            for (text, bad) in &texts {
                match (rules.finds(text), *bad) {
                    (true, true) => hits += 1,
                    (true, false) => wrong += 1,
                    (false, true) => missed += 1,
                    (false, false) => {}
                }
            }
            let precision = share(hits, hits + wrong);
            let recall = share(hits, hits + missed);
            let f1 = 2.0 * precision * recall / (precision + recall).max(1e-9);
            println!(
                "| {set} | {} | {} | {} | {precision:.3} | {recall:.3} | {f1:.3} | {wrong} |",
                rules.name(),
                texts.len(),
                hits + missed,
            );
        }
    }
    Ok(())
}

/// Headlines and ledes of newspapers, which should give nothing.
fn headlines(folder: &str) -> Outcome {
    println!("| set | rules | texts | finds | share |");
    println!("| --- | --- | --- | --- | --- |");
    for set in data::HEADLINES {
        let texts = data::headlines(folder, set)?;
        for rules in Rules::all(folder)? {
            let found = texts.iter().filter(|text| rules.finds(text)).count();
            let share = 100.0 * share(found, texts.len());
            println!(
                "| {} {} | {} | {} | {found} | {share:.3} % |",
                set.0,
                set.1,
                rules.name(),
                texts.len()
            );
        }
    }
    Ok(())
}

/// What a text costs.
fn time(folder: &str) -> Outcome {
    for rules in Rules::all(folder)? {
        for (name, texts) in data::timed(folder)? {
            let mut each: Vec<u128> = texts
                .iter()
                .map(|text| {
                    let start = Instant::now();
                    std::hint::black_box(rules.finds(text));
                    start.elapsed().as_nanos()
                })
                .collect();
            each.sort_unstable();
            let at =
                |part: usize| each[(each.len() * part / 1000).min(each.len() - 1)] as f64 / 1e3;
            println!(
                "{}, {name} ({}): median {:.1} µs, p99 {:.1} µs",
                rules.name(),
                texts.len(),
                at(500),
                at(990)
            );
        }
    }
    Ok(())
}

fn texts(folder: &str, set: &str) -> Outcome<Vec<(String, bool)>> {
    match data::HEADLINES.iter().find(|(file, field)| format!("{file} {field}") == set) {
        Some(found) => {
            Ok(data::headlines(folder, *found)?.into_iter().map(|text| (text, false)).collect())
        }
        None => data::labelled(folder, set),
    }
}

/// What the list finds as rules and not as substrings.
fn beyond(folder: &str, set: &str) -> Outcome {
    let [_, rules, plain] = &Rules::all(folder)?[..] else { return Ok(()) };
    for (text, _) in texts(folder, set)?.iter().filter(|(text, bad)| !bad && !plain.finds(text)) {
        for (start, end) in rules.found(text) {
            let word: String = text.chars().skip(start).take(end - start).collect();
            println!("{word}\t{text}");
        }
    }
    Ok(())
}

/// Every text with its label and what the lexicon finds in it.
fn finds(folder: &str, set: &str) -> Outcome {
    let rules = Rules::own()?;
    for (text, bad) in texts(folder, set)? {
        let word = |(start, end): &(usize, usize)| -> String {
            text.chars().skip(*start).take(end - start).collect()
        };
        let words: Vec<String> = rules.found(&text).iter().map(word).collect();
        println!("{}\t{}\t{text}", u8::from(bad), words.join(", "));
    }
    Ok(())
}

/// The share of `part` in `whole`.
pub fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// Numbers that look random and are the same in each run.
pub struct Seeded(pub u64);

impl Seeded {
    /// A number below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % bound.max(1)
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        (self.below(1_000_000) as f64) < probability * 1e6
    }

    /// One of them.
    pub fn of<'a, T>(&mut self, choices: &'a [T]) -> Option<&'a T> {
        choices.get(self.below(choices.len()))
    }
}

//! Sets that others labelled: stories of English headlines, and Korean sentences that mean the same.

use super::{Outcome, lines, share, sketch, text};
use sosik::{
    clock::Timestamp,
    clusters::{memory::Memory, rule::same_report},
    ids::ArticleId,
};
use std::collections::HashMap;
use uuid::Uuid;

/// Pairwise precision and recall of folding headlines alone against stories.
pub fn clusters(stories: &str) -> Outcome {
    let lines = lines(stories)?;
    let id = |n: usize| ArticleId(Uuid::from_u128(n as u128 + 1));
    let mut memory = Memory::default();
    for (n, line) in lines.iter().enumerate() {
        let at = Timestamp::from_millis(line["ts_ms"].as_i64().unwrap_or_default());
        memory.put(id(n), sketch(text(line, "publisher"), text(line, "title"), "", "", at));
    }
    let mut folded: HashMap<ArticleId, Vec<usize>> = HashMap::new();
    for n in 0..lines.len() {
        folded.entry(memory.leader(id(n))).or_default().push(n);
    }
    let pairs = |n: usize| n * n.saturating_sub(1) / 2;
    let (mut right, mut all) = (0, 0);
    for group in folded.values() {
        for (n, a) in group.iter().enumerate() {
            for b in &group[n + 1..] {
                all += 1;
                right += usize::from(text(&lines[*a], "story") == text(&lines[*b], "story"));
            }
        }
    }
    let mut sizes: HashMap<&str, usize> = HashMap::new();
    lines.iter().for_each(|line| *sizes.entry(text(line, "story")).or_default() += 1);
    let wanted: usize = sizes.values().map(|n| pairs(*n)).sum();
    println!("{} headlines, {} stories; {all} pairs folded", lines.len(), sizes.len());
    println!("precision {:.3}, recall {:.4}", share(right, all), share(right, wanted));
    Ok(())
}

/// Precision and recall of single sentences against what people said.
pub fn sentences(pairs: &str) -> Outcome {
    let (mut right, mut wrong, mut missed) = (0, 0, 0);
    for pair in lines(pairs)? {
        let told = |by, name| {
            sketch(
                by,
                text(&pair, name),
                text(&pair, name),
                text(&pair, name),
                Timestamp::from_millis(0),
            )
        };
        let said = same_report(&told("a", "a"), &told("b", "b")).is_some();
        match (pair["same"] == 1, said) {
            (true, true) => right += 1,
            (false, true) => wrong += 1,
            (true, false) => missed += 1,
            (false, false) => {}
        }
    }
    println!("{right} right, {wrong} wrong, {missed} missed");
    println!(
        "precision {:.3}, recall {:.3}",
        share(right, right + wrong),
        share(right, right + missed)
    );
    Ok(())
}

//! Articles to fill a portal with: sentences of real texts in ever new orders, as lines to import.

use super::{Outcome, Seeded, edits::sentences, lines, text};
use serde_json::json;
use sosik::clock::Timestamp;
use std::io::{BufWriter, Write};

/// Sentences of one article.
const SENTENCES: usize = 12;
const PUBLISHERS: usize = 80;

/// Writes `count` articles published within three days before `until`.
pub fn write(texts: &str, count: usize, until: Timestamp) -> Outcome {
    let all: Vec<String> =
        lines(texts)?.iter().flat_map(|line| sentences(text(line, "body"))).collect();
    let mut random = Seeded(1);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for n in 0..count {
        let mut pick = || all[random.below(all.len())].as_str();
        let words: Vec<&str> = (0..3).flat_map(|_| pick().split(' ').take(3)).collect();
        let body: Vec<_> = (0..SENTENCES)
            .map(|_| json!({"type": "paragraph", "text": pick().chars().take(300).collect::<String>()}))
            .collect();
        let headline: String = words.join(" ").chars().take(60).collect();
        let ago = random.below(72 * 3600) as i64;
        let line = json!({
            "publisher": format!("신문 {}", n % PUBLISHERS),
            "category": "경제",
            "external_id": n.to_string(),
            "headline": headline,
            "published_at": until.plus_seconds(-ago),
            "body": body,
        });
        writeln!(out, "{line}")?;
    }
    Ok(out.flush()?)
}

//! How well near-duplicates are told apart, over files whose paths are arguments (`docs/FOLDING.md`).
//! Files ending in `.gz` are unpacked.
//!
//! ```text
//! cargo run --release --example folding -- pairs ARTICLES PAIRS
//! cargo run --release --example folding -- edits FULLTEXT
//! cargo run --release --example folding -- found ARTICLES
//! cargo run --release --example folding -- clusters STORIES
//! cargo run --release --example folding -- sentences STS
//! cargo run --release --example folding -- corpus FULLTEXT COUNT UNTIL > corpus.ndjson
//! ```

mod corpus;
mod edits;
mod labelled;
mod naver;

use serde_json::Value;
use sosik::{
    clock::Timestamp,
    clusters::sketch::{Sketch, Text},
    ids::PublisherId,
};
use std::{env, error::Error, fs::File, io::Read};
use uuid::Uuid;

/// Anything that can go wrong here.
pub type Outcome = Result<(), Box<dyn Error>>;

fn main() -> Outcome {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["pairs", articles, pairs] => naver::pairs(articles, pairs),
        ["found", articles] => naver::found(articles),
        ["edits", texts] => edits::run(texts),
        ["clusters", stories] => labelled::clusters(stories),
        ["sentences", pairs] => labelled::sentences(pairs),
        ["corpus", texts, count, until] => corpus::write(texts, count.parse()?, until.parse()?),
        _ => Err("see the head of examples/folding/main.rs".into()),
    }
}

/// The lines of a file as JSON.
pub fn lines(path: &str) -> Result<Vec<Value>, Box<dyn Error>> {
    let mut text = String::new();
    let file = File::open(path)?;
    if path.ends_with(".gz") {
        flate2::read::MultiGzDecoder::new(file).read_to_string(&mut text)?;
    } else {
        std::io::BufReader::new(file).read_to_string(&mut text)?;
    }
    text.lines().map(|line| Ok(serde_json::from_str(line)?)).collect()
}

/// A member of an object as text; empty when it is not there.
pub fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// A publisher of this name.
pub fn publisher(name: &str) -> PublisherId {
    PublisherId(Uuid::new_v5(&Uuid::NAMESPACE_OID, name.as_bytes()))
}

/// A sketch of these words, published at `at`.
pub fn sketch(by: &str, headline: &str, lede: &str, body: &str, at: Timestamp) -> Sketch {
    Sketch::of(&Text { publisher: publisher(by), headline, lede, body, published_at: at })
}

/// Whether one would be found as a candidate for the other.
pub fn share_a_key(a: &Sketch, b: &Sketch) -> bool {
    a.keys.iter().any(|key| b.keys.contains(key))
}

/// Numbers that follow from a seed (Knuth's MMIX generator), the same everywhere.
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
}

/// The share of `part` in `whole`.
pub fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

//! Rules compiled, and what they find in a text. Pure.
//!
//! Words are looked for in every reading of the text at once (Aho-Corasick), so the time depends on
//! the text and not on how many words there are. A find is then looked at: does it begin and end where
//! letters do, what was left out inside, is it part of an exception. Patterns are regular expressions
//! without backtracking.
//!
//! - `term` how a word is written in a rule
//! - `chance` what comes together by chance
//! - `guard` which finds are meant
//! - `pattern` regular expressions, bounded

mod chance;
mod guard;
mod pattern;
mod term;

pub use pattern::{PATTERN_MAX, PatternFault};
pub use term::{TERM_MAX, TermFault};

use super::fold::{Fold, Reading};
use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use guard::Hit;
use pattern::{Pattern, Plain};
use std::collections::HashMap;
use term::Term;

/// At most so many finds of one text are told.
const FOUND_MAX: usize = 50;

/// Words with what they are not meant to be part of.
#[derive(Debug, Clone, Default)]
pub struct Entry {
    /// The words, as a rule writes them.
    pub terms: Vec<String>,
    /// Longer words in which they are innocent.
    pub exceptions: Vec<String>,
}

/// What one rule looks for.
#[derive(Debug, Clone, Default)]
pub struct Rule {
    /// Words.
    pub entries: Vec<Entry>,
    /// Regular expressions.
    pub patterns: Vec<String>,
}

/// Something that a rule found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The first code point of the original.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Which of the rules.
    pub rule: usize,
}

/// A word as it is looked for.
#[derive(Debug)]
struct Wanted {
    term: Term,
    /// Which entry it belongs to, counted over all rules.
    entry: usize,
    exception: bool,
}

/// Rules, ready to be used.
#[derive(Debug, Default)]
pub struct Matcher {
    words: Option<AhoCorasick>,
    /// For each key of `words` what is looked for by it.
    wanted: Vec<Vec<Wanted>>,
    /// For each entry its rule.
    rules: Vec<usize>,
    patterns: Vec<(usize, Pattern)>,
}

/// Why rules cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// A word is not one.
    #[error("{0}")]
    Term(#[from] TermFault),
    /// A pattern is not one.
    #[error("{0}")]
    Pattern(#[from] PatternFault),
    /// All together are too much.
    #[error("too many words")]
    TooMuch,
}

/// Checks one word of a rule: how many it stands for.
///
/// # Errors
/// What is wrong with it.
pub fn check_term(term: &str) -> Result<usize, TermFault> {
    match Term::parse(term) {
        Err(TermFault::Nothing) => {
            Pattern::literal(term).map(|_| 1).map_err(|_| TermFault::Nothing)
        }
        terms => terms.map(|terms| terms.len()),
    }
}

/// Checks one pattern of a rule.
///
/// # Errors
/// What is wrong with it.
pub fn check_pattern(pattern: &str) -> Result<(), PatternFault> {
    Pattern::parse(pattern).map(|_| ())
}

impl Matcher {
    /// Compiles rules.
    ///
    /// # Errors
    /// The first fault.
    pub fn compile(rules: &[Rule]) -> Result<Self, Fault> {
        let mut keys: HashMap<Vec<u8>, Vec<Wanted>> = HashMap::new();
        let (mut owners, mut patterns) = (Vec::new(), Vec::new());
        for (at, rule) in rules.iter().enumerate() {
            for entry in &rule.entries {
                for (words, exception) in [(&entry.terms, false), (&entry.exceptions, true)] {
                    for word in words {
                        let terms = match Term::parse(word) {
                            // A picture, or signs: looked for as they are.
                            Err(TermFault::Nothing) if !exception => {
                                patterns.push((at, Pattern::literal(word)?));
                                continue;
                            }
                            terms => terms?,
                        };
                        for term in terms {
                            let wanted = Wanted { entry: owners.len(), exception, term };
                            keys.entry(wanted.term.key.clone()).or_default().push(wanted);
                        }
                    }
                }
                owners.push(at);
            }
            for pattern in &rule.patterns {
                patterns.push((at, Pattern::parse(pattern)?));
            }
        }
        let (keys, wanted): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
        let words = if keys.is_empty() { None } else { Some(automaton(&keys)?) };
        Ok(Self { words, wanted, rules: owners, patterns })
    }

    /// What the rules find, in the order of the text; each place once for each rule.
    #[must_use]
    pub fn find(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        if let Some(words) = &self.words {
            let fold = Fold::new(text);
            let strict = fold.strict();
            if let Some(lax) = Fold::lax(&strict) {
                self.words(words, &lax, false, &mut found);
            }
            if let Some(typed) = fold.typed() {
                self.words(words, &typed, true, &mut found);
            }
            self.words(words, &strict, false, &mut found);
        }
        if !self.patterns.is_empty() {
            let plain = Plain::new(text);
            for (rule, pattern) in &self.patterns {
                let spans = pattern.find(&plain).take(FOUND_MAX);
                found.extend(spans.map(|(start, end)| Found { start, end, rule: *rule }));
            }
        }
        found.sort_unstable();
        found.dedup();
        widest(&mut found);
        found.truncate(FOUND_MAX);
        found
    }

    fn words(&self, words: &AhoCorasick, reading: &Reading, typed: bool, found: &mut Vec<Found>) {
        let mut hits: Vec<(usize, Hit)> = Vec::new();
        let mut excused: Vec<(usize, Hit)> = Vec::new();
        for at in words.find_overlapping_iter(&reading.codes) {
            for wanted in &self.wanted[at.pattern().as_usize()] {
                let Some(hit) = Hit::new(reading, &wanted.term, at.start(), at.end()) else {
                    continue;
                };
                if wanted.exception {
                    excused.push((wanted.entry, hit));
                } else if hit.is_meant(reading, &wanted.term)
                    && (!typed || hit.is_typed(reading, &wanted.term))
                {
                    hits.push((wanted.entry, hit));
                }
            }
        }
        hits.retain(|(entry, hit)| {
            !excused.iter().any(|(other, by)| entry == other && hit.is_excused(by))
        });
        found.extend(hits.iter().map(|(entry, hit)| {
            let (start, end) = hit.span(reading);
            Found { start, end, rule: self.rules[*entry] }
        }));
    }
}

/// Drops finds that lie inside another one of the same rule.
fn widest(found: &mut Vec<Found>) {
    let all = found.clone();
    let inside = |one: &Found, other: &Found| {
        one != other && one.rule == other.rule && other.start <= one.start && one.end <= other.end
    };
    found.retain(|one| !all.iter().take(1_000).any(|other| inside(one, other)));
}

fn automaton(keys: &[Vec<u8>]) -> Result<AhoCorasick, Fault> {
    AhoCorasick::builder()
        .match_kind(MatchKind::Standard)
        .kind(Some(AhoCorasickKind::ContiguousNFA))
        .build(keys)
        .map_err(|_| Fault::TooMuch)
}

#[cfg(test)]
mod tests;

//! The words that Sosik brings along, in groups that can be switched. Pure.

use super::matcher::{Entry, Rule};
use serde::Deserialize;
use std::sync::LazyLock;

#[derive(Deserialize)]
struct File {
    group: Vec<Group>,
}

/// A group of the words that Sosik brings along.
#[derive(Debug, Clone, Deserialize)]
pub struct Group {
    /// Its name in settings and addresses, for ever.
    pub key: String,
    /// Why a text with one of its words is acted on.
    pub reason: String,
    /// What becomes of such a text unless somebody decides otherwise.
    pub outcome: String,
    /// Whether it holds unless somebody decides otherwise.
    #[serde(default = "yes")]
    pub enabled: bool,
    /// Its name in Korean.
    pub ko: String,
    /// Its name in English.
    pub en: String,
    #[serde(default)]
    entry: Vec<Words>,
    #[serde(default)]
    patterns: Vec<String>,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Deserialize)]
struct Words {
    terms: Vec<String>,
    #[serde(default)]
    exceptions: Vec<String>,
}

/// A file that is not valid has no groups, which the tests would tell.
static GROUPS: LazyLock<Vec<Group>> = LazyLock::new(|| {
    toml::from_str::<File>(include_str!("lexicon.toml")).map(|file| file.group).unwrap_or_default()
});

/// All groups, in their order.
#[must_use]
pub fn groups() -> &'static [Group] {
    &GROUPS
}

impl Group {
    /// What it looks for.
    #[must_use]
    pub fn rule(&self) -> Rule {
        let entry = |words: &Words| Entry {
            terms: words.terms.clone(),
            exceptions: words.exceptions.clone(),
        };
        Rule { entries: self.entry.iter().map(entry).collect(), patterns: self.patterns.clone() }
    }

    /// How many words and patterns it has, as they are written.
    #[must_use]
    pub fn size(&self) -> usize {
        self.entry.iter().map(|words| words.terms.len()).sum::<usize>() + self.patterns.len()
    }
}

#[cfg(test)]
mod tests {
    use super::super::matcher::Matcher;
    use super::*;

    #[test]
    fn the_file_is_read_and_compiles() {
        toml::from_str::<File>(include_str!("lexicon.toml")).map(|_| ()).unwrap();
        let rules: Vec<Rule> = groups().iter().map(Group::rule).collect();
        Matcher::compile(&rules).map(|_| ()).unwrap();
    }
}

//! What is compared: the lexicon of Sosik, and a list of others as rules and as plain substrings.

use super::{Outcome, data};
use sosik::moderation::{
    lexicon,
    matcher::{self, Entry, Matcher, Rule},
};

/// One way to judge a text.
pub enum Rules {
    /// Rules as the server uses them.
    Compiled(&'static str, Matcher),
    /// Words looked for as they are, in lower case.
    Plain(Vec<String>),
}

impl Rules {
    /// The lexicon that Sosik brings along.
    pub fn own() -> Outcome<Self> {
        let rules: Vec<Rule> = lexicon::groups()
            .iter()
            .filter(|group| group.enabled)
            .map(lexicon::Group::rule)
            .collect();
        Ok(Self::Compiled("lexicon", Matcher::compile(&rules)?))
    }

    /// The list of others, as somebody would enter it.
    pub fn list(folder: &str) -> Outcome<Self> {
        let mut terms = data::list(folder)?;
        terms.retain(|term| matcher::check_term(term).is_ok());
        let entries = vec![Entry { terms, exceptions: Vec::new() }];
        Ok(Self::Compiled(
            "list as rules",
            Matcher::compile(&[Rule { entries, patterns: vec![] }])?,
        ))
    }

    /// All that are compared.
    pub fn all(folder: &str) -> Outcome<Vec<Self>> {
        let plain = Self::Plain(data::list(folder)?);
        Ok(vec![Self::own()?, Self::list(folder)?, plain])
    }

    /// What it is called in tables.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Compiled(name, _) => name,
            Self::Plain(_) => "list as substrings",
        }
    }

    /// Whether it finds anything.
    pub fn finds(&self, text: &str) -> bool {
        match self {
            Self::Compiled(_, matcher) => !matcher.find(text).is_empty(),
            Self::Plain(terms) => {
                let text = text.to_lowercase();
                terms.iter().any(|term| text.contains(term.as_str()))
            }
        }
    }

    /// Where it finds something, in code points.
    pub fn found(&self, text: &str) -> Vec<(usize, usize)> {
        match self {
            Self::Compiled(_, matcher) => {
                matcher.find(text).iter().map(|found| (found.start, found.end)).collect()
            }
            Self::Plain(_) => Vec::new(),
        }
    }
}

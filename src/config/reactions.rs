use super::List;
use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::Serialize;
use std::{collections::BTreeSet, str::FromStr};

/// Reactions.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Reactions {
    /// What a reader can say of an article; 1 to 20 words of a-z, 0-9 and _.
    #[deserr(default = default_kinds())]
    pub kinds: List<ReactionKind>,
    /// Who may react: `visitor`, anybody; `token`, who shows a visitor token;
    /// `reader`, who has an account.
    #[deserr(default = Required::Visitor)]
    pub require: Required,
}

impl Default for Reactions {
    fn default() -> Self {
        Self { kinds: default_kinds(), require: Required::Visitor }
    }
}

impl Reactions {
    /// Adds a fault when the kinds are none, too many, or named twice.
    pub(super) fn check(&self, faults: &mut Faults) {
        let kinds = &self.kinds.0;
        let distinct: BTreeSet<_> = kinds.iter().map(|kind| &kind.0).collect();
        if !(1..=20).contains(&kinds.len()) || distinct.len() != kinds.len() {
            let detail = Message::new(
                "Must name 1 to 20 kinds, each once.",
                "1개에서 20개까지, 한 번씩만 쓸 수 있습니다.",
            );
            faults.push("/reactions/kinds", "invalid", detail);
        }
    }
}

fn default_kinds() -> List<ReactionKind> {
    let kinds = ["like", "warm", "sad", "angry", "want_more"];
    List(kinds.iter().map(|kind| ReactionKind((*kind).to_owned())).collect())
}

/// A word for what a reader thinks of an article. `total` is taken: counters have their sum there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReactionKind(pub String);

impl FromStr for ReactionKind {
    type Err = &'static str;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let first = text.starts_with(|c: char| c.is_ascii_lowercase());
        let rest = text.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        if first && rest && text.len() <= 32 && text != "total" {
            Ok(Self(text.to_owned()))
        } else {
            Err(
                "must be a-z, 0-9 and _, begin with a letter, have 32 characters at most, and not be total",
            )
        }
    }
}

impl std::fmt::Display for ReactionKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// Who may react.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Required {
    /// Anybody: without a token an address and a browser are known for a day.
    Visitor,
    /// Who shows a visitor token.
    Token,
    /// Who has an account: one reaction of each, wherever they read.
    Reader,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_kind_is_a_word_and_not_the_name_of_the_sum() {
        for kind in ["like", "want_more", "a1"] {
            assert!(kind.parse::<ReactionKind>().is_ok(), "{kind}");
        }
        for kind in ["", "Like", "1a", "total", "a,b", "좋아요", &"a".repeat(33)] {
            assert!(kind.parse::<ReactionKind>().is_err(), "{kind}");
        }
    }

    #[test]
    fn kinds_are_at_least_one_and_each_named_once() {
        let faults = |kinds: &[&str]| {
            let kinds = kinds.iter().map(|kind| ReactionKind((*kind).to_owned())).collect();
            let mut faults = Faults::default();
            Reactions { kinds: List(kinds), require: Required::Visitor }.check(&mut faults);
            faults.0.len()
        };
        assert_eq!(faults(&["like", "sad"]), 0);
        assert_eq!((faults(&[]), faults(&["like", "like"])), (1, 1));
    }
}

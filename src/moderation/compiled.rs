//! Rules in force, compiled, and what they say about a text. Pure.

use super::{
    builtin,
    matcher::{self, Entry, Fault, Found, Matcher},
    model::{
        rule::{Action, Kind, Rule},
        trial::Find,
    },
};
use crate::{
    comments::screen::{Hit, Outcome, Verdict},
    ids::{PublisherId, RuleId},
};

/// What is told of a rule that found something.
#[derive(Debug)]
struct About {
    id: RuleId,
    name: String,
    action: Action,
    reason_code: String,
    publisher: Option<PublisherId>,
}

/// Rules, ready to be used.
#[derive(Debug)]
pub struct Compiled {
    matcher: Matcher,
    about: Vec<About>,
}

impl Compiled {
    /// Compiles those that are enabled. One that this version cannot compile is left out.
    ///
    /// # Errors
    /// When all together are too much.
    pub fn new(rules: &[Rule]) -> Result<Self, Fault> {
        let enabled: Vec<(&Rule, matcher::Rule)> =
            rules.iter().filter(|rule| rule.enabled).map(|rule| (rule, sought(rule))).collect();
        Self::of(enabled.clone()).or_else(|_| {
            let alone = |one: &(&Rule, matcher::Rule)| {
                Matcher::compile(std::slice::from_ref(&one.1)).is_ok()
            };
            Self::of(enabled.into_iter().filter(alone).collect())
        })
    }

    /// Without any rule.
    #[must_use]
    pub fn none() -> Self {
        Self { matcher: Matcher::default(), about: Vec::new() }
    }

    fn of(rules: Vec<(&Rule, matcher::Rule)>) -> Result<Self, Fault> {
        let (about, sought): (Vec<About>, Vec<matcher::Rule>) =
            rules.into_iter().map(|(rule, sought)| (about(rule), sought)).unzip();
        Ok(Self { matcher: Matcher::compile(&sought)?, about })
    }

    /// What becomes of a text under an article of this publisher.
    #[must_use]
    pub fn judge(&self, text: &str, publisher: PublisherId) -> Verdict {
        let hit = |found: Found| {
            let about = self.about.get(found.rule)?;
            let holds = about.publisher.is_none_or(|own| own == publisher);
            holds.then(|| Hit {
                rule: Some(about.id),
                name: about.name.clone(),
                outcome: about.action.outcome(),
                reason_code: about.reason_code.clone(),
                start: found.start,
                end: found.end,
            })
        };
        let hits: Vec<Hit> = self.matcher.find(text).into_iter().filter_map(hit).collect();
        let outcome = hits.iter().map(|hit| hit.outcome).max().unwrap_or(Outcome::Publish);
        Verdict { outcome, hits }
    }
}

fn about(rule: &Rule) -> About {
    About {
        id: rule.id,
        name: rule.name.clone(),
        action: rule.action,
        reason_code: rule.reason_code.clone(),
        publisher: rule.publisher_id,
    }
}

/// What a rule looks for, as the matcher takes it.
#[must_use]
pub fn sought(rule: &Rule) -> matcher::Rule {
    match rule.kind {
        Kind::Builtin => builtin::find(rule.id).map(|group| group.rule()).unwrap_or_default(),
        Kind::Words => {
            let entry = Entry { terms: rule.terms.clone(), exceptions: rule.exceptions.clone() };
            matcher::Rule { entries: vec![entry], patterns: Vec::new() }
        }
        Kind::Pattern => matcher::Rule { entries: Vec::new(), patterns: rule.terms.clone() },
    }
}

/// What one rule finds in a text.
#[must_use]
pub fn finds(matcher: &Matcher, text: &str) -> Vec<Find> {
    let find = |found: Found| Find {
        start: found.start,
        end: found.end,
        text: text.chars().skip(found.start).take(found.end - found.start).collect(),
    };
    matcher.find(text).into_iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_rule_of_a_publisher_holds_there_alone() {
        let own = PublisherId(Uuid::from_u128(1));
        let base = builtin::with(Vec::new()).remove(0);
        let rule = Rule {
            kind: Kind::Words,
            builtin: None,
            id: RuleId(Uuid::from_u128(2)),
            terms: vec!["꽃배달".into()],
            exceptions: vec!["꽃배달원".into()],
            action: Action::Reject,
            publisher_id: Some(own),
            ..base
        };
        let off = Rule { enabled: false, publisher_id: None, ..rule.clone() };
        let compiled = Compiled::new(&[rule, off]).unwrap();
        let verdict = compiled.judge("아 꽃 배.달 합니다", own);
        assert_eq!(verdict.outcome, Outcome::Reject);
        assert_eq!((verdict.hits[0].start, verdict.hits[0].end), (2, 7));
        assert_eq!(compiled.judge("꽃배달", PublisherId(Uuid::nil())), Verdict::CLEAN);
        assert_eq!(compiled.judge("꽃배달원", own), Verdict::CLEAN);
    }
}

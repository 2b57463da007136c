//! The groups of the lexicon as rules. Pure.

use super::{
    lexicon::{self, Group},
    model::rule::{Action, Kind, Rule},
};
use crate::ids::RuleId;
use uuid::Uuid;

/// The id of a group's rule, the same on every server.
#[must_use]
pub fn id(group: &Group) -> RuleId {
    RuleId(Uuid::new_v5(&Uuid::NAMESPACE_URL, format!("urn:sosik:rule:{}", group.key).as_bytes()))
}

/// The group whose rule has this id.
#[must_use]
pub fn find(rule: RuleId) -> Option<&'static Group> {
    lexicon::groups().iter().find(|group| id(group) == rule)
}

/// A group's rule as long as nobody changed it.
#[must_use]
pub fn rule(group: &Group) -> Rule {
    Rule {
        id: id(group),
        kind: Kind::Builtin,
        builtin: Some(group.key.clone()),
        name: format!("{} ({})", group.ko, group.en),
        action: Action::of(&group.outcome),
        reason_code: group.reason.clone(),
        terms: Vec::new(),
        exceptions: Vec::new(),
        size: group.size(),
        enabled: group.enabled,
        publisher: None,
        revision: 1,
        created_at: None,
        created_by: None,
        updated_at: None,
        updated_by: None,
        publisher_id: None,
    }
}

/// Every rule: the groups, changed where somebody changed them, then what was written.
#[must_use]
pub fn with(stored: Vec<Rule>) -> Vec<Rule> {
    let (changed, written): (Vec<Rule>, Vec<Rule>) =
        stored.into_iter().partition(|rule| rule.builtin.is_some());
    let group = |group: &Group| {
        let own = rule(group);
        let changed = changed.iter().find(|rule| rule.id == own.id).cloned();
        match changed {
            // What a group is called and how large it is, this version knows best.
            Some(changed) => Rule {
                name: own.name,
                reason_code: own.reason_code,
                size: own.size,
                builtin: own.builtin,
                ..changed
            },
            None => own,
        }
    };
    lexicon::groups().iter().map(group).chain(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::comments::model::ReasonCode;

    #[test]
    fn groups_name_actions_and_reasons_that_there_are() {
        for group in lexicon::groups() {
            assert!(Action::ALL.iter().any(|(name, _)| *name == group.outcome), "{}", group.key);
            assert!(ReasonCode::ALL.iter().any(|(name, _)| *name == group.reason), "{}", group.key);
        }
    }

    #[test]
    fn a_changed_group_stands_in_its_place() {
        let groups = lexicon::groups();
        let changed = Rule { enabled: false, revision: 2, ..rule(&groups[1]) };
        let all = with(vec![changed]);
        assert_eq!(all.len(), groups.len());
        assert!(all[0].enabled && !all[1].enabled && all[1].size > 0);
    }
}

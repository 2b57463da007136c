//! Which story a group of articles is, and which of them is shown for all.

use super::sweep::Place;
use crate::{
    clock::Timestamp,
    ids::{ArticleId, PublisherId, StoryId},
};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// A published article that belongs, or may belong, to a story.
#[derive(Debug, Clone)]
pub struct Member {
    /// The article.
    pub id: ArticleId,
    /// Who published it.
    pub publisher: PublisherId,
    /// When.
    pub at: Timestamp,
    /// The story it belongs to now.
    pub story: Option<StoryId>,
    /// Where it is to stand.
    pub place: Place,
    /// Whether it stays in its story whatever the rule says.
    pub fixed: bool,
}

/// A story as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Story {
    /// Newcomers are compared with it.
    pub leader: ArticleId,
    /// It is shown for all: of the leader's publisher the newest.
    pub representative: ArticleId,
    /// All of them, by publication.
    pub members: Vec<ArticleId>,
}

/// What becomes of stories.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Labels {
    /// Stories of two articles or more.
    pub stories: BTreeMap<StoryId, Story>,
    /// Stories that went into another.
    pub merged: BTreeMap<StoryId, StoryId>,
}

impl Labels {
    /// The story an article is to belong to.
    #[must_use]
    pub fn story_of(&self) -> HashMap<ArticleId, StoryId> {
        let pairs = |(id, story): (&StoryId, &Story)| {
            let id = *id;
            story.members.iter().map(move |member| (*member, id)).collect::<Vec<_>>()
        };
        self.stories.iter().flat_map(pairs).collect()
    }
}

/// Names the groups that `members` form. A group keeps the story of its leader, or of the leaders that
/// it took in; where several meet, the oldest stays and the others go into it. Members must be all of
/// the stories they belong to, in which `led` says who leads.
#[must_use]
pub fn label(
    members: &[Member],
    led: &HashMap<StoryId, ArticleId>,
    mut fresh: impl FnMut() -> StoryId,
) -> Labels {
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|member| (member.at, member.id));
    let mut groups: BTreeMap<(Timestamp, ArticleId), Vec<&Member>> = BTreeMap::new();
    let at: HashMap<_, _> = members.iter().map(|member| (member.id, member.at)).collect();
    for member in members.iter().filter(|member| !member.fixed) {
        let leader = match member.place {
            Place::Follows(leader) => leader,
            Place::Leads | Place::Open => member.id,
        };
        let when = at.get(&leader).copied().unwrap_or(member.at);
        groups.entry((when, leader)).or_default().push(member);
    }
    let names = names(&members, &groups, led);
    let home: HashMap<_, _> = members
        .iter()
        .filter(|member| member.fixed)
        .filter_map(|member| Some((member.id, member.story?)))
        .collect();
    let mut labels = Labels::default();
    let mut named: BTreeMap<StoryId, Vec<&Member>> = BTreeMap::new();
    let mut leaders: HashMap<StoryId, ArticleId> = led
        .iter()
        .filter(|(story, leader)| home.get(*leader) == Some(*story))
        .map(|(story, leader)| (*story, *leader))
        .collect();
    for ((_, leader), group) in &groups {
        let mut own = names.get(leader).cloned().unwrap_or_default();
        let stays = match home.get(leader).copied().or_else(|| own.pop_first()) {
            Some(story) => story,
            None if group.len() > 1 => fresh(),
            None => continue,
        };
        own.remove(&stays);
        labels.merged.extend(own.into_iter().map(|other| (other, stays)));
        if !home.contains_key(leader) {
            leaders.entry(stays).or_insert(*leader);
        }
        named.entry(stays).or_default().extend(group);
    }
    for member in members.iter().filter(|member| member.fixed) {
        if let Some(story) = member.story {
            let story = labels.merged.get(&story).copied().unwrap_or(story);
            named.entry(story).or_default().push(member);
        }
    }
    let stories = named.into_iter().filter(|(_, group)| group.len() > 1);
    labels.stories =
        stories.filter_map(|(id, group)| Some((id, story(group, leaders.get(&id))?))).collect();
    labels.merged.retain(|_, into| labels.stories.contains_key(into));
    labels
}

/// The stories that each group, named by its leader, has a claim to.
fn names(
    members: &[&Member],
    groups: &BTreeMap<(Timestamp, ArticleId), Vec<&Member>>,
    led: &HashMap<StoryId, ArticleId>,
) -> HashMap<ArticleId, BTreeSet<StoryId>> {
    let group_of: HashMap<_, _> = groups
        .iter()
        .flat_map(|((_, leader), group)| group.iter().map(move |member| (member.id, *leader)))
        .collect();
    let mut names: HashMap<ArticleId, BTreeSet<StoryId>> = HashMap::new();
    let stories: BTreeSet<_> = members.iter().filter_map(|member| member.story).collect();
    for story in stories {
        let leader = led.get(&story).copied();
        let stays = |leader: &ArticleId| {
            members.iter().any(|m| m.id == *leader && m.fixed && m.story == Some(story))
        };
        let owner = match leader {
            Some(leader) if stays(&leader) => Some(leader),
            Some(leader) if group_of.contains_key(&leader) => group_of.get(&leader).copied(),
            // Its leader is gone: the earliest that was in it goes on.
            _ => members
                .iter()
                .find(|member| member.story == Some(story) && !member.fixed)
                .and_then(|member| group_of.get(&member.id).copied()),
        };
        if let Some(owner) = owner {
            names.entry(owner).or_default().insert(story);
        }
    }
    names
}

fn story(mut group: Vec<&Member>, leader: Option<&ArticleId>) -> Option<Story> {
    group.sort_by_key(|member| (member.at, member.id));
    let named = |id: &ArticleId| group.iter().find(|member| member.id == *id);
    let leader = leader.and_then(named).or_else(|| group.first())?;
    let newest = group.iter().rev().find(|member| member.publisher == leader.publisher)?;
    Some(Story {
        leader: leader.id,
        representative: newest.id,
        members: group.iter().map(|member| member.id).collect(),
    })
}

#[cfg(test)]
mod tests;

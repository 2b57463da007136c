//! Leader clustering, as if every article were read in the order of publication: each joins the
//! earliest leader that it is one report with, or leads. Who came in when changes nothing: an article
//! that comes late is put in its place, and those after it are looked at again where that matters.

use super::{rule::same_report, sketch::Sketch};
use crate::{clock::Timestamp, ids::ArticleId};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Where an article stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Nobody knows yet.
    Open,
    /// Newcomers are compared with it.
    Leads,
    /// It is one report with this leader.
    Follows(ArticleId),
}

/// An article among others.
#[derive(Debug, Clone)]
pub struct Entry {
    /// What it is compared by.
    pub sketch: Sketch,
    /// Where it stands.
    pub place: Place,
    /// Whether it stays there whatever the rule says. A leader that stays leads also earlier ones.
    pub fixed: bool,
}

/// A round of clustering over the articles it was told of.
#[derive(Debug, Default)]
pub struct Sweep {
    entries: HashMap<ArticleId, Entry>,
    near: HashMap<ArticleId, Vec<ArticleId>>,
    open: BTreeSet<(Timestamp, ArticleId)>,
    changed: HashSet<ArticleId>,
    /// Where those that moved stood before.
    moved: HashMap<ArticleId, Place>,
}

impl Sweep {
    /// Tells of an article; one it knows already stays as it is.
    pub fn know(&mut self, id: ArticleId, entry: impl FnOnce() -> Entry) {
        self.entries.entry(id).or_insert_with(entry);
    }

    /// Puts an article in or changes it, and looks at it.
    pub fn change(&mut self, id: ArticleId, entry: Entry) {
        self.open.insert((entry.sketch.published_at, id));
        self.changed.insert(id);
        self.entries.insert(id, entry);
        self.near.remove(&id);
    }

    /// Takes an article out; those that follow it, which it was told of, are looked at again.
    pub fn remove(&mut self, id: ArticleId) {
        self.release(id);
        self.entries.remove(&id);
        self.near.remove(&id);
        self.moved.remove(&id);
    }

    /// Tells of every article that may be one report with `id`. They must be known, and those that
    /// follow it, too.
    pub fn tell_near(&mut self, id: ArticleId, near: Vec<ArticleId>) {
        self.near.insert(id, near);
    }

    /// Goes on as far as it can. What is returned must be told of before the next call; nothing left
    /// means that every article has its place.
    pub fn run(&mut self) -> Vec<ArticleId> {
        while let Some((at, id)) = self.open.first().copied() {
            if !self.near.contains_key(&id) {
                let unknown =
                    |(_, id): &(_, ArticleId)| (!self.near.contains_key(id)).then_some(*id);
                return self.open.iter().filter_map(unknown).collect();
            }
            self.open.remove(&(at, id));
            self.place(id);
        }
        Vec::new()
    }

    /// Articles that were looked at and found another place: where they stood and where they stand.
    pub fn moved(&self) -> impl Iterator<Item = (ArticleId, Place, Place)> {
        let now = |id| self.entries.get(id).map(|entry| entry.place);
        self.moved.iter().filter_map(move |(id, before)| Some((*id, *before, now(id)?)))
    }

    /// Where an article stands.
    #[must_use]
    pub fn place_of(&self, id: ArticleId) -> Option<Place> {
        self.entries.get(&id).map(|entry| entry.place)
    }

    /// Every article it knows.
    pub fn entries(&self) -> impl Iterator<Item = (ArticleId, &Entry)> {
        self.entries.iter().map(|(id, entry)| (*id, entry))
    }

    fn place(&mut self, id: ArticleId) {
        let Some(entry) = self.entries.get(&id) else { return };
        let (before, changed) = (entry.place, self.changed.remove(&id));
        let after = match self.leader_for(id, entry) {
            _ if entry.fixed => before,
            Some(leader) => Place::Follows(leader),
            None => Place::Leads,
        };
        if after != before {
            self.moved.entry(id).or_insert(before);
            self.entries.entry(id).and_modify(|entry| entry.place = after);
        }
        // What it no longer holds, and what it holds now.
        if before == Place::Leads && (changed || after != Place::Leads) {
            self.release(id);
        }
        if after == Place::Leads && (changed || before != Place::Leads) {
            self.attract(id);
        }
        // Others may have come before it is looked at again.
        self.near.remove(&id);
    }

    /// The leader that an article belongs to: one that stays, else the earliest before it.
    fn leader_for(&self, id: ArticleId, entry: &Entry) -> Option<ArticleId> {
        let near = self.near.get(&id)?;
        let leads = |other: &&ArticleId| {
            let Some(leader) = self.entries.get(other) else { return false };
            leader.place == Place::Leads
                && (leader.fixed || order(leader, **other) < order(entry, id))
                && same_report(&leader.sketch, &entry.sketch).is_some()
        };
        let rank = |other: &&ArticleId| {
            self.entries.get(other).map(|leader| (!leader.fixed, order(leader, **other)))
        };
        near.iter().filter(leads).min_by_key(rank).copied()
    }

    /// Looks again at all that follow an article.
    fn release(&mut self, id: ArticleId) {
        let follow = |(_, entry): &(&ArticleId, &Entry)| entry.place == Place::Follows(id);
        let loose = self.entries.iter().filter(follow).filter(|(_, entry)| !entry.fixed);
        self.open.extend(loose.map(|(other, entry)| (entry.sketch.published_at, *other)));
    }

    /// Looks again at all that would rather follow this leader than whom they follow.
    fn attract(&mut self, id: ArticleId) {
        let (Some(leader), Some(near)) = (self.entries.get(&id), self.near.get(&id)) else {
            return;
        };
        let rank =
            |id: ArticleId| self.entries.get(&id).map(|entry| (!entry.fixed, order(entry, id)));
        let drawn = |other: &ArticleId| {
            let entry = self.entries.get(other)?;
            let follows = match entry.place {
                Place::Follows(present) => rank(present),
                Place::Leads | Place::Open => None,
            };
            let would = follows.is_none_or(|present| rank(id) < Some(present))
                && (leader.fixed || order(leader, id) < order(entry, *other));
            let may = would && !entry.fixed && same_report(&leader.sketch, &entry.sketch).is_some();
            may.then_some((entry.sketch.published_at, *other))
        };
        let drawn: Vec<_> = near.iter().filter_map(drawn).collect();
        self.open.extend(drawn);
    }
}

/// The order of reading.
fn order(entry: &Entry, id: ArticleId) -> (Timestamp, ArticleId) {
    (entry.sketch.published_at, id)
}

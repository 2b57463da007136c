//! Clustering in memory: the same keys, the same rule and the same sweep as over the tables.

use super::{
    keys,
    sketch::{Sketch, Text},
    sweep::{Entry, Place, Sweep},
};
use crate::ids::ArticleId;
use std::collections::{BTreeSet, HashMap};

/// Articles and the stories they form.
#[derive(Debug, Default)]
pub struct Memory {
    sweep: Sweep,
    by_key: HashMap<(i32, i32), BTreeSet<ArticleId>>,
    sketches: HashMap<ArticleId, Sketch>,
}

impl Memory {
    /// Articles put in together; the order of the list changes nothing.
    pub fn of<'a>(texts: impl IntoIterator<Item = (ArticleId, Text<'a>)>) -> Self {
        let mut memory = Self::default();
        for (id, text) in texts {
            memory.put(id, Sketch::of(&text));
        }
        memory
    }

    /// Puts an article in, or changes it.
    pub fn put(&mut self, id: ArticleId, sketch: Sketch) {
        self.forget(id);
        let stretch = keys::stretch(sketch.published_at);
        for key in &sketch.keys {
            self.by_key.entry((stretch, *key)).or_default().insert(id);
        }
        let place = self.sweep.place_of(id).unwrap_or(Place::Open);
        self.sketches.insert(id, sketch.clone());
        self.sweep.change(id, Entry { sketch, place, fixed: false });
        self.settle();
    }

    /// Takes an article out.
    pub fn remove(&mut self, id: ArticleId) {
        self.forget(id);
        self.sweep.remove(id);
        self.settle();
    }

    /// The article that leads the story `id` belongs to: itself when it stands alone. An article that
    /// was not put in stands alone, too.
    #[must_use]
    pub fn leader(&self, id: ArticleId) -> ArticleId {
        match self.sweep.place_of(id) {
            Some(Place::Follows(leader)) => leader,
            _ => id,
        }
    }

    fn forget(&mut self, id: ArticleId) {
        if let Some(sketch) = self.sketches.remove(&id) {
            let stretch = keys::stretch(sketch.published_at);
            for key in &sketch.keys {
                self.by_key.entry((stretch, *key)).and_modify(|ids| {
                    ids.remove(&id);
                });
            }
        }
    }

    fn settle(&mut self) {
        loop {
            let asked = self.sweep.run();
            if asked.is_empty() {
                return;
            }
            for id in asked {
                let near = self.near(id);
                self.sweep.tell_near(id, near);
            }
        }
    }

    fn near(&self, id: ArticleId) -> Vec<ArticleId> {
        let Some(sketch) = self.sketches.get(&id) else { return Vec::new() };
        let asked = keys::stretches(sketch.published_at)
            .into_iter()
            .flat_map(|stretch| sketch.keys.iter().map(move |key| (stretch, *key)));
        let found: BTreeSet<_> =
            asked.filter_map(|key| self.by_key.get(&key)).flatten().copied().collect();
        found.into_iter().filter(|other| *other != id).collect()
    }
}

#[cfg(test)]
mod tests;

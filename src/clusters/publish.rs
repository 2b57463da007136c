//! The one way articles come into stories and out of them, in the caller's transaction.

use super::{
    label::{Labels, Member, label},
    sketch::Sketch,
    store::{self, Near, Row, State},
    sweep::{Entry, Place, Sweep},
};
use crate::{
    clock::Timestamp,
    error::Result,
    ids::{ArticleId, StoryId},
};
use diesel_async::AsyncPgConnection;
use std::collections::{BTreeSet, HashMap};

/// How long a sketch is kept after both publication and storing: no publication reaches further than
/// three days, and an import of an archive lasts less.
const KEPT_MINUTES: i64 = 7 * 24 * 60;
/// How often more is asked for in one round. Each leader that another takes over asks once; beyond
/// this what is left stays where it is until it is written next.
const ASKS: usize = 8;

/// Compares articles that came or changed, up to a batch of an import at a time, and puts each into
/// the story it belongs to. They must be published.
///
/// # Errors
/// What the database says; a serialization failure when the transaction is to be tried again.
pub async fn publish(
    conn: &mut AsyncPgConnection,
    articles: &[(ArticleId, Sketch)],
    now: Timestamp,
) -> Result<()> {
    if articles.is_empty() {
        return Ok(());
    }
    store::lock(conn).await?;
    let ids: Vec<_> = articles.iter().map(|(id, _)| *id).collect();
    let states: HashMap<_, _> =
        store::states(conn, &ids).await?.into_iter().map(|state| (state.id, state)).collect();
    let changed: Vec<_> = articles
        .iter()
        .filter_map(|(id, sketch)| Some((states.get(id)?, sketch)))
        .filter(|(state, sketch)| !state.settled && state.sketch().as_ref() != Some(*sketch))
        .collect();
    if changed.is_empty() {
        return Ok(());
    }
    let old: Vec<_> = changed
        .iter()
        .filter(|(state, _)| state.is_sketched())
        .map(|(state, _)| state.id)
        .collect();
    store::forget(conn, &old).await?;
    let new: Vec<_> =
        changed.iter().map(|(state, sketch)| (state.id, *sketch, state.decided)).collect();
    store::keep(conn, &new, now).await?;
    let mut round = Round::default();
    for (state, sketch) in changed {
        round.change(state, sketch);
    }
    round.run(conn).await?;
    round.settle(conn, now).await
}

/// Takes articles that readers no longer see out of their stories.
///
/// # Errors
/// As [`publish`].
pub async fn withdraw(
    conn: &mut AsyncPgConnection,
    ids: &[ArticleId],
    now: Timestamp,
) -> Result<()> {
    store::lock(conn).await?;
    let mut round = Round::default();
    for state in store::states(conn, ids).await? {
        round.leave(conn, &state).await?;
    }
    store::forget(conn, ids).await?;
    round.run(conn).await?;
    round.settle(conn, now).await
}

/// Forgets sketches that no publication can reach any more; how many.
///
/// # Errors
/// What the database says.
pub async fn prune(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<usize> {
    store::prune(conn, now.plus_minutes(-KEPT_MINUTES)).await
}

/// Articles that are looked at again, and the stories that this concerns.
#[derive(Debug, Default)]
pub(super) struct Round {
    sweep: Sweep,
    /// When each was published that may be asked for.
    published: HashMap<ArticleId, Timestamp>,
    /// Stories that change whatever the sweep finds.
    concerned: BTreeSet<StoryId>,
    /// Articles that an editor's decision brings into a story.
    brought: HashMap<ArticleId, StoryId>,
    /// Articles that are in no story whatever the table says.
    gone: BTreeSet<ArticleId>,
}

/// Where an article stands by what the tables say.
fn place(id: ArticleId, leader: Option<ArticleId>, decided: bool) -> Place {
    match leader {
        Some(leader) if leader == id => Place::Leads,
        Some(leader) => Place::Follows(leader),
        // Set apart by an editor: nobody follows it.
        None if decided => Place::Open,
        None => Place::Leads,
    }
}

impl Round {
    fn change(&mut self, state: &State, sketch: &Sketch) {
        let known = state.is_sketched() || state.story_id.is_some();
        let place = match place(state.id, state.leader_id, state.decided) {
            _ if !known => Place::Open,
            place => place,
        };
        self.published.insert(state.id, sketch.published_at);
        let returns = state.decided_story_id.filter(|_| state.story_id.is_none());
        self.brought.extend(returns.map(|story| (state.id, story)));
        // The newest of a publisher may be shown for all, so that a new date matters too.
        self.concerned.extend(state.story_id);
        self.sweep.change(state.id, Entry { sketch: sketch.clone(), place, fixed: state.decided });
    }

    fn know(&mut self, near: &Near) -> bool {
        let Some(sketch) = near.sketch() else { return false };
        self.published.insert(near.id, sketch.published_at);
        let place = place(near.id, near.leader_id, near.decided);
        self.sweep.know(near.id, || Entry { sketch, place, fixed: near.decided });
        true
    }

    /// An article leaves its story; those that followed it are looked at again.
    pub(super) async fn leave(
        &mut self,
        conn: &mut AsyncPgConnection,
        state: &State,
    ) -> Result<()> {
        self.gone.insert(state.id);
        self.concerned.extend(state.story_id);
        if let Some(sketch) = state.sketch().filter(|_| state.leader_id == Some(state.id)) {
            for near in store::near(conn, &[(state.id, sketch.published_at)]).await? {
                self.know(&near);
            }
            self.sweep.remove(state.id);
            // Nobody follows it again.
            self.sweep.know(state.id, || Entry { sketch, place: Place::Open, fixed: true });
        }
        Ok(())
    }

    /// An editor brings an article into a story.
    pub(super) fn bring(&mut self, id: ArticleId, story: StoryId) {
        self.gone.remove(&id);
        self.brought.insert(id, story);
        self.concerned.insert(story);
    }

    /// Asks for what articles are compared with until each has its place.
    pub(super) async fn run(&mut self, conn: &mut AsyncPgConnection) -> Result<()> {
        for _ in 0..ASKS {
            let asked = self.sweep.run();
            if asked.is_empty() {
                return Ok(());
            }
            let when = |id: &ArticleId| Some((*id, *self.published.get(id)?));
            let rows =
                store::near(conn, &asked.iter().filter_map(when).collect::<Vec<_>>()).await?;
            let mut near: HashMap<_, Vec<_>> =
                asked.into_iter().map(|id| (id, Vec::new())).collect();
            for row in &rows {
                if !self.gone.contains(&row.id) && self.know(row) {
                    near.entry(row.asked).or_default().push(row.id);
                }
            }
            for (id, near) in near {
                self.sweep.tell_near(id, near);
            }
        }
        tracing::warn!("a story was taken over more often than one round goes on");
        Ok(())
    }

    /// Writes what the sweep found.
    pub(super) async fn settle(
        mut self,
        conn: &mut AsyncPgConnection,
        now: Timestamp,
    ) -> Result<()> {
        let returned: Vec<_> = self.brought.values().copied().collect();
        for (fellow, story) in store::fellows(conn, &returned).await? {
            if !self.gone.contains(&fellow) {
                self.brought.entry(fellow).or_insert(story);
            }
        }
        self.concerned.extend(returned);
        let mut articles: BTreeSet<ArticleId> = self.brought.keys().copied().collect();
        for (id, before, place) in self.sweep.moved() {
            match place {
                Place::Follows(leader) => articles.extend([id, leader]),
                // One that came and stands alone concerns nobody.
                _ if before == Place::Open => {}
                _ => articles.extend([id]),
            }
        }
        if articles.is_empty() && self.concerned.is_empty() {
            return Ok(());
        }
        let stories: Vec<_> = self.concerned.iter().copied().collect();
        let articles: Vec<_> = articles.into_iter().collect();
        let rows = store::members(conn, &stories, &articles).await?;
        store::settle(conn, &rows, &self.labels(&rows), now).await
    }

    fn labels(&self, rows: &[Row]) -> Labels {
        let led = |row: &Row| Some((row.story_id?, row.leader_id?));
        let member = |row: &Row| {
            let brought = self.brought.get(&row.id).copied();
            let found = self.sweep.place_of(row.id);
            Member {
                id: row.id,
                publisher: row.publisher_id,
                at: row.published_at,
                story: brought.or(row.story_id),
                place: found.unwrap_or_else(|| place(row.id, row.leader_id, false)),
                fixed: row.fixed || brought.is_some(),
            }
        };
        let stays = |row: &&Row| !self.gone.contains(&row.id);
        let members: Vec<_> = rows.iter().filter(stays).map(member).collect();
        label(&members, &rows.iter().filter_map(led).collect(), StoryId::new)
    }
}

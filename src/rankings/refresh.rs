//! A round: every list that is due of every scope, as of one moment, in one transaction. Rounds know
//! neither period nor failure: the loop that calls them does.

use super::{
    board::{Board, Window},
    facts::Facts,
    history::{self, Existing, Key, Look},
    lists::{Lists, lists},
    overrides::{self, Decision},
    pins::decided,
    scopes::{self, Field, Scope},
    score::{self, Ground, Place},
    signals::{self, Asked},
    snapshot::{NewSnapshot, Told},
    trending::Gates,
};
use crate::{
    clock::Timestamp,
    config::Settings,
    db::{self, Pool},
    engagement,
    error::Result,
    ids::ArticleId,
};
use diesel::{QueryResult, dsl::sql, select, sql_types::Bool};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// What a round did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Round {
    /// Lists that changed and were written.
    pub written: usize,
    /// Lists that did not.
    pub unchanged: usize,
}

/// A closed window is looked at again this long after it closed, for events that were under way.
const SETTLED_S: i64 = 120;

/// More time and memory than a request may take; compiling the statements takes longer than running them.
const MORE: &str =
    "set local statement_timeout = '60s'; set local work_mem = '64MB'; set local jit = off";

/// What looks at the lists of publishers are noted under.
const PUBLISHERS: &str = "publishers";

/// When a round takes place, and how.
#[derive(Debug, Clone)]
pub struct When<'a> {
    /// The moment it speaks of; may lie in the past.
    pub at: Timestamp,
    /// When it is made.
    pub now: Timestamp,
    /// The settings.
    pub settings: &'a Settings,
    /// Whether to leave out what closed and is settled.
    pub only_due: bool,
}

/// One round of every board as of `at`, which may lie in the past; `now` is when it is made. `None`
/// when another process is at it. Running it again changes nothing.
///
/// # Errors
/// When the database fails; nothing is written then.
pub async fn once(
    pool: &Pool,
    at: Timestamp,
    now: Timestamp,
    settings: &Settings,
) -> Result<Option<Round>> {
    run(pool, &When { at, now, settings, only_due: false }).await
}

/// The periodic round as of `now`: like [`once`], without the windows that closed and are settled.
///
/// # Errors
/// When the database fails; nothing is written then.
pub async fn tick(pool: &Pool, now: Timestamp, settings: &Settings) -> Result<Option<Round>> {
    run(pool, &When { at: now, now, settings, only_due: true }).await
}

async fn run(pool: &Pool, when: &When<'_>) -> Result<Option<Round>> {
    let mut conn = db::get(pool).await?;
    let round = db::transaction(&mut conn, async |conn| {
        conn.batch_execute(MORE).await?;
        if !lock(conn).await? {
            return Ok::<_, diesel::result::Error>(None);
        }
        in_transaction(conn, when).await.map(Some)
    })
    .await?;
    Ok(round)
}

/// Whether this process may run the round; held until the transaction ends: "rank".
async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    select(sql::<Bool>("pg_try_advisory_xact_lock(1918987883)")).get_result(conn).await
}

async fn in_transaction(conn: &mut AsyncPgConnection, when: &When<'_>) -> QueryResult<Round> {
    let zone = when.settings.zone();
    engagement::roll_up(conn, when.now, &zone, when.settings.views.network_cap).await?;
    let looks = history::looks(conn).await?;
    let due = Due::new(when, &looks);
    let ancestors = signals::ancestors(conn).await?;
    let publishers = if due.publishers { signals::publishers(conn).await? } else { Vec::new() };
    let decisions = overrides::in_force(conn, when.at, when.now).await?;
    let asked = Asked {
        at: when.at,
        present: when.at >= when.now.plus_minutes(-10),
        closed: due.lists.iter().any(|(board, window, _)| board.is_closed(*window)),
        zone,
        network_cap: when.settings.views.network_cap,
        least_networks: when.settings.rankings.least_networks,
    };
    let pinned: Vec<_> = decisions.iter().map(|decision| decision.article).collect();
    let field = signals::field(conn, &asked, &pinned).await?;
    let scopes = scopes::scopes(&field, &ancestors, &publishers);
    let ids: Vec<Uuid> = scopes.iter().map(|(id, _)| *id).collect();
    let newest = signals::newest(conn, &ids, when.at).await?;
    let keys: Vec<Key> = ids.iter().flat_map(|scope| due.keys(*scope)).collect();
    let existing = history::existing(conn, &keys).await?;
    let work = Work { field: &field, decisions: &decisions, newest: &newest };
    let told = work.lists(&scopes, &keys, &existing);
    let snapshots = compare(conn, &keys, &existing, told, when.now).await?;
    history::add(conn, &snapshots).await?;
    history::note(conn, &due.looks(when), when.now).await?;
    Ok(Round { written: snapshots.len(), unchanged: keys.len() - snapshots.len() })
}

/// What a round looks at.
struct Due {
    /// Boards, windows, and the moments they speak of.
    lists: Vec<(Board, Option<Window>, Timestamp)>,
    /// Whether publishers are among the scopes.
    publishers: bool,
}

impl Due {
    fn new(when: &When<'_>, looks: &HashMap<String, (Timestamp, Timestamp)>) -> Self {
        let zone = when.settings.zone();
        let period = i64::from(when.settings.rankings.publisher_refresh_seconds);
        let publishers = !when.only_due
            || looks.get(PUBLISHERS).is_none_or(|(_, at)| at.plus_seconds(period) <= when.now);
        let settled = |board: Board, window, taken_at: Timestamp| {
            let look = looks.get(&history::name(board, window));
            look.is_some_and(|(spoke_of, at)| {
                *spoke_of == taken_at
                    && taken_at < when.at
                    && *at >= taken_at.plus_seconds(SETTLED_S)
            })
        };
        let mut lists = Vec::new();
        for board in Board::ALL {
            for window in board.lists() {
                let taken_at = board.taken_at(window, when.at, &zone);
                // Lists of publishers are looked at less often, and then all of them.
                if publishers || !settled(board, window, taken_at) {
                    lists.push((board, window, taken_at));
                }
            }
        }
        Self { lists, publishers }
    }

    fn keys(&self, scope: Uuid) -> impl Iterator<Item = Key> {
        self.lists.iter().map(move |&(board, window, taken_at)| Key {
            board,
            scope,
            window,
            taken_at,
        })
    }

    /// Every list counts as looked at: those left out had nothing to say.
    fn looks(&self, when: &When<'_>) -> Vec<Look> {
        let zone = when.settings.zone();
        let all = Board::ALL
            .into_iter()
            .flat_map(|board| board.lists().map(move |window| (board, window)));
        let mut looks: Vec<_> = all
            .map(|(board, window)| {
                (history::name(board, window), board.taken_at(window, when.at, &zone))
            })
            .collect();
        if self.publishers {
            looks.push((PUBLISHERS.to_owned(), when.at));
        }
        looks
    }
}

/// What lists are made from.
struct Work<'a> {
    field: &'a Field,
    decisions: &'a [Decision],
    newest: &'a HashMap<Uuid, Vec<Place>>,
}

impl Work<'_> {
    /// The lists of `keys`, in their order.
    fn lists(&self, scopes: &[(Uuid, Scope)], keys: &[Key], existing: &[Existing]) -> Vec<Lists> {
        let scopes: HashMap<_, _> = scopes.iter().map(|(id, scope)| (*id, scope)).collect();
        let mut grounds: HashMap<Uuid, Ground> = HashMap::new();
        let mut made = Vec::with_capacity(keys.len());
        for (key, existing) in keys.iter().zip(existing) {
            let Some(scope) = scopes.get(&key.scope) else {
                made.push(Lists::default());
                continue;
            };
            let ground = grounds.entry(key.scope).or_insert_with(|| self.ground(scope));
            if key.board == Board::Trending {
                ground.was_there = existing.articles().iter().copied().collect();
            }
            let newest = self.newest.get(&key.scope).map_or(&[][..], Vec::as_slice);
            let found =
                lists(key.board, key.window, (key.scope, scope), self.field, ground, newest);
            made.push(self.decide(key, found));
        }
        made
    }

    fn ground(&self, scope: &Scope) -> Ground {
        let mut ground = Ground::of(scope.folded(self.field));
        ground.guarded = self.field.guarded;
        ground.gates = Gates::default().at(&ground.site);
        ground
    }

    /// Pins and exclusions; the raw list knows exclusions alone.
    fn decide(&self, key: &Key, lists: Lists) -> Lists {
        let own = || self.decisions.iter().filter(|decision| decision.holds_for(key));
        if own().next().is_none() {
            return lists;
        }
        let facts: HashMap<ArticleId, _> =
            self.field.facts.iter().map(|facts| (facts.article, facts)).collect();
        let mut excluded = HashSet::new();
        let mut pins = Vec::new();
        for decision in own() {
            let Some(facts) = facts.get(&decision.article) else { continue };
            match decision.position {
                None => _ = excluded.insert(facts.story),
                Some(position) => pins.push((position, pinned(key.board, facts, &lists.folded))),
            }
        }
        let raw = lists.raw.map(|raw| decided(raw, Vec::new(), &excluded));
        Lists { folded: decided(lists.folded, pins, &excluded), raw }
    }
}

/// A pinned place keeps what its story has on the board.
fn pinned(board: Board, facts: &Facts, ranked: &[Place]) -> Place {
    let own = ranked.iter().find(|place| place.facts.story == facts.story);
    let signals = || vec![0.0; score::names(board).len()];
    let blank = || Place { facts: *facts, score: 0.0, signals: signals(), pinned: true };
    own.map_or_else(blank, |place| Place { facts: *facts, ..place.clone() })
}

/// Tells each list's movements; the lists that say something new.
async fn compare(
    conn: &mut AsyncPgConnection,
    keys: &[Key],
    existing: &[Existing],
    made: Vec<Lists>,
    now: Timestamp,
) -> QueryResult<Vec<NewSnapshot>> {
    let mut new = HashSet::new();
    for (n, (lists, existing)) in made.iter().zip(existing).enumerate() {
        // What was published since cannot have stood there before.
        let Some(before_at) = existing.before_at else { continue };
        for (raw, places) in [(false, Some(&lists.folded)), (true, lists.raw.as_ref())] {
            let before: HashSet<_> = existing.before(raw).iter().collect();
            let places = places.into_iter().flatten().map(|place| place.facts);
            let unknown = places.filter(|facts| facts.published_at <= before_at);
            new.extend(
                unknown.map(|f| f.article).filter(|id| !before.contains(id)).map(|id| (n, id)),
            );
        }
    }
    let new: Vec<_> = new.into_iter().collect();
    let mut returned: HashMap<usize, HashSet<ArticleId>> = HashMap::new();
    for (n, article) in history::seen(conn, keys, &new).await? {
        returned.entry(n).or_default().insert(article);
    }
    let none = HashSet::new();
    let snapshots = made.into_iter().zip(keys.iter().zip(existing)).enumerate().filter_map(
        |(n, (lists, (key, existing)))| {
            let returned = returned.get(&n).unwrap_or(&none);
            let folded = Told::new(lists.folded, key, existing, false, returned);
            let raw = lists.raw.map(|raw| Told::new(raw, key, existing, true, returned));
            let snapshot = NewSnapshot::new(key, now, &folded, raw.as_ref());
            (!snapshot.repeats(existing, key)).then_some(snapshot)
        },
    );
    Ok(snapshots.collect())
}

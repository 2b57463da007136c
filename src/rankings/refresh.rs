//! A round: every list of every scope, as of one moment, in one transaction. Rounds know neither
//! period nor failure: the loop that calls them does.

use super::{
    board::Board,
    history::{self, Key, NewSnapshot},
    model::Movement,
    movement::movements,
    order::{self, Candidate},
    signals,
};
use crate::{
    clock::Timestamp,
    db::{self, Pool},
    error::Result,
    ids::{ArticleId, CategoryId},
};
use diesel::{QueryResult, dsl::sql, select, sql_types::Bool};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, HashMap, HashSet};
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

/// One round of every board as of `at`, which may lie in the past; `now` is when it is made. `None`
/// when another process is at it. Running it again changes nothing.
///
/// # Errors
/// When the database fails; nothing is written then.
pub async fn once(
    pool: &Pool,
    at: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
) -> Result<Option<Round>> {
    run(pool, at, now, zone, false).await
}

/// The periodic round as of `now`: like [`once`], without the windows that closed and are settled.
///
/// # Errors
/// When the database fails; nothing is written then.
pub async fn tick(pool: &Pool, now: Timestamp, zone: &TimeZone) -> Result<Option<Round>> {
    run(pool, now, now, zone, true).await
}

async fn run(
    pool: &Pool,
    at: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    only_due: bool,
) -> Result<Option<Round>> {
    let mut conn = db::get(pool).await?;
    let zone = zone.clone();
    let round = db::transaction(&mut conn, async move |conn| {
        // More time and memory than a request may take, and only in this transaction.
        conn.batch_execute("set local statement_timeout = '60s'; set local work_mem = '64MB'")
            .await?;
        if !lock(conn).await? {
            return Ok::<_, diesel::result::Error>(None);
        }
        in_transaction(conn, at, now, &zone, only_due).await.map(Some)
    })
    .await?;
    Ok(round)
}

/// Whether this process may run the round; held until the transaction ends: "rank".
async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    select(sql::<Bool>("pg_try_advisory_xact_lock(1918987883)")).get_result(conn).await
}

async fn in_transaction(
    conn: &mut AsyncPgConnection,
    at: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    only_due: bool,
) -> QueryResult<Round> {
    let ancestors = signals::ancestors(conn).await?;
    let mut lists = Vec::new();
    let mut looks = Vec::new();
    for board in Board::ALL {
        let taken_at = board.taken_at(at, zone);
        looks.push((board, taken_at));
        if !(only_due && is_settled(conn, board, taken_at).await?) {
            collect(conn, board, taken_at, &ancestors, &mut lists).await?;
        }
    }
    let snapshots = compare(conn, &lists, now).await?;
    history::add(conn, &snapshots).await?;
    history::note(conn, &looks, now).await?;
    Ok(Round { written: snapshots.len(), unchanged: lists.len() - snapshots.len() })
}

/// Whether a closed window was looked at after all its events must have been written.
async fn is_settled(
    conn: &mut AsyncPgConnection,
    board: Board,
    taken_at: Timestamp,
) -> QueryResult<bool> {
    let look = history::last_look(conn, board).await?;
    Ok(!board.windows().is_empty()
        && look.is_some_and(|(spoke_of, at)| {
            spoke_of == taken_at && at >= taken_at.plus_seconds(SETTLED_S)
        }))
}

/// Adds the board's lists, ranked.
async fn collect(
    conn: &mut AsyncPgConnection,
    board: Board,
    taken_at: Timestamp,
    ancestors: &HashMap<CategoryId, Vec<CategoryId>>,
    lists: &mut Vec<(Key, Vec<Candidate>)>,
) -> QueryResult<()> {
    let mut add = |window, ranked: BTreeMap<Uuid, Vec<Candidate>>| {
        let key = |scope| Key { board, scope, window, taken_at };
        lists.extend(ranked.into_iter().map(|(scope, ranked)| (key(scope), ranked)));
    };
    match board {
        Board::MostViewed => {
            let views = signals::views(conn, taken_at).await?;
            for window in board.windows() {
                add(Some(*window), order::lists(&views.of(*window), ancestors));
            }
        }
        Board::Latest => {
            add(None, signals::newest(conn, ancestors.keys().copied(), taken_at).await?);
        }
    }
    Ok(())
}

/// Tells each list's movements; the lists that say something new.
async fn compare(
    conn: &mut AsyncPgConnection,
    lists: &[(Key, Vec<Candidate>)],
    now: Timestamp,
) -> QueryResult<Vec<NewSnapshot>> {
    let keys: Vec<Key> = lists.iter().map(|(key, _)| *key).collect();
    let existing = history::existing(conn, &keys).await?;
    let mut new = Vec::new();
    for (n, ((_, ranked), existing)) in lists.iter().zip(&existing).enumerate() {
        let before: HashSet<_> = existing.before.iter().collect();
        let ids = ranked.iter().map(|candidate| candidate.article);
        new.extend(ids.filter(|id| !before.contains(id)).map(|id| (n, id)));
    }
    let seen = history::seen(conn, &keys, &new).await?;
    let mut returned: HashMap<usize, HashSet<ArticleId>> = HashMap::new();
    for (n, article) in seen {
        returned.entry(n).or_default().insert(article);
    }
    let none = HashSet::new();
    let snapshots = lists.iter().zip(&existing).enumerate().filter_map(|(n, (list, existing))| {
        let (key, ranked) = list;
        let ids: Vec<_> = ranked.iter().map(|candidate| candidate.article).collect();
        let moved = movements(&ids, &existing.before, returned.get(&n).unwrap_or(&none));
        let places = ranked
            .iter()
            .zip(moved)
            .map(|(c, (previous, movement))| (c.article, c.score, previous, letter(movement)));
        let snapshot = NewSnapshot::new(*key, now, places);
        (!snapshot.repeats(existing)).then_some(snapshot)
    });
    Ok(snapshots.collect())
}

/// A movement in storage.
fn letter(movement: Movement) -> char {
    match movement {
        Movement::Up => 'u',
        Movement::Down => 'd',
        Movement::Same => 's',
        Movement::New => 'n',
        Movement::Return => 'r',
    }
}

//! What a round compares with, and what it adds.

use super::{
    board::{Board, Window, window_name},
    movement::{MEMORY_MINUTES, Stay},
    snapshot::NewSnapshot,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::ArticleId,
    schema::{ranking_rounds, ranking_snapshots},
};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult,
    query_dsl::methods::FilterDsl,
    sql_types::{
        Array, BigInt, Double, Integer, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid,
    },
    upsert::excluded,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A list at the moment it speaks of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Key {
    /// The board.
    pub board: Board,
    /// A category, a publisher, or the nil id.
    pub scope: Uuid,
    /// The window.
    pub window: Option<Window>,
    /// The moment.
    pub taken_at: Timestamp,
}

impl Key {
    fn step(&self) -> i64 {
        self.board.step_minutes(self.window)
    }
}

/// What a list held at its moment, as far as it was looked at.
#[derive(Debug, diesel::QueryableByName)]
pub struct Existing {
    /// The moment the newest snapshot speaks of; `None` when there is none.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub taken_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub(super) article_ids: Option<Vec<ArticleId>>,
    #[diesel(sql_type = Nullable<Array<Double>>)]
    pub(super) scores: Option<Vec<f64>>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    pub(super) previous_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) movements: Option<String>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    peak_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Array<Timestamptz>>)]
    entered_at: Option<Vec<Timestamp>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) sources: Option<String>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub(super) raw_article_ids: Option<Vec<ArticleId>>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    pub(super) raw_previous_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) raw_movements: Option<String>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    raw_peak_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Array<Timestamptz>>)]
    raw_entered_at: Option<Vec<Timestamp>>,
    /// The moment of the snapshot a step before; `None` when there is none.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub before_at: Option<Timestamp>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    before: Option<Vec<ArticleId>>,
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    raw_before: Option<Vec<ArticleId>>,
}

impl Existing {
    /// Who stood on the newest snapshot.
    #[must_use]
    pub fn articles(&self) -> &[ArticleId] {
        self.article_ids.as_deref().unwrap_or_default()
    }

    /// Who stood on the snapshot a step before, folded or raw.
    #[must_use]
    pub fn before(&self, raw: bool) -> &[ArticleId] {
        let raw = self.raw_before.as_deref().filter(|_| raw);
        raw.or(self.before.as_deref()).unwrap_or_default()
    }

    /// The stays of the newest snapshot, folded or raw.
    #[must_use]
    pub fn stays(&self, raw: bool) -> HashMap<ArticleId, Stay> {
        let (ids, peaks, entered) = if raw && self.raw_article_ids.is_some() {
            (&self.raw_article_ids, &self.raw_peak_ranks, &self.raw_entered_at)
        } else {
            (&self.article_ids, &self.peak_ranks, &self.entered_at)
        };
        let (Some(ids), Some(peaks), Some(entered)) = (ids, peaks, entered) else {
            return HashMap::new();
        };
        let stay = |(peak, entered_at): (&i16, &Timestamp)| Stay {
            entered_at: *entered_at,
            peak_rank: peak.unsigned_abs(),
        };
        ids.iter().copied().zip(peaks.iter().zip(entered).map(stay)).collect()
    }
}

/// What each list held, in the order of `keys`.
pub async fn existing(conn: &mut AsyncPgConnection, keys: &[Key]) -> QueryResult<Vec<Existing>> {
    diesel::sql_query(include_str!("sql/existing.sql"))
        .bind::<Array<Text>, _>(keys.iter().map(|key| key.board.stored()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(keys.iter().map(|key| key.scope).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(keys.iter().map(|key| window_name(key.window)).collect::<Vec<_>>())
        .bind::<Array<Timestamptz>, _>(keys.iter().map(|key| key.taken_at).collect::<Vec<_>>())
        .bind::<Array<BigInt>, _>(keys.iter().map(Key::step).collect::<Vec<_>>())
        .prepared()
        .load(conn)
        .await
}

#[derive(diesel::QueryableByName)]
struct SeenRow {
    #[diesel(sql_type = Integer)]
    n: i32,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
}

/// Of the articles that are new to each list (given by its place in `keys`), those that stood on it
/// within memory.
pub async fn seen(
    conn: &mut AsyncPgConnection,
    keys: &[Key],
    new: &[(usize, ArticleId)],
) -> QueryResult<HashSet<(usize, ArticleId)>> {
    if new.is_empty() {
        return Ok(HashSet::new());
    }
    let key = |&(n, _): &(usize, ArticleId)| keys[n];
    let column =
        |f: fn(Key) -> &'static str| new.iter().map(|pair| f(key(pair))).collect::<Vec<_>>();
    let moment = |f: fn(Key) -> i64| {
        new.iter().map(|pair| key(pair).taken_at.plus_minutes(-f(key(pair)))).collect::<Vec<_>>()
    };
    let rows = diesel::sql_query(include_str!("sql/seen.sql"))
        .bind::<Array<Integer>, _>(new.iter().map(|(n, _)| *n as i32).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(column(|key| key.board.stored()))
        .bind::<Array<SqlUuid>, _>(new.iter().map(|pair| key(pair).scope).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(column(|key| window_name(key.window)))
        .bind::<Array<Timestamptz>, _>(moment(|_| MEMORY_MINUTES))
        .bind::<Array<Timestamptz>, _>(moment(|key| key.step()))
        .bind::<Array<SqlUuid>, _>(new.iter().map(|(_, article)| *article).collect::<Vec<_>>())
        .prepared()
        .load::<SeenRow>(conn)
        .await?;
    Ok(rows.into_iter().map(|row| (row.n.unsigned_abs() as usize, row.article_id)).collect())
}

/// Adds snapshots; none is ever changed.
pub async fn add(conn: &mut AsyncPgConnection, new: &[NewSnapshot]) -> QueryResult<()> {
    // Twenty-one values a row, and the protocol has room for 65,535.
    for chunk in new.chunks(1000) {
        diesel::insert_into(ranking_snapshots::table).values(chunk).execute(conn).await?;
    }
    Ok(())
}

/// A look at lists: what they are noted under, and the moment it spoke of.
pub type Look = (String, Timestamp);

/// What looks at the lists of a board over a window are noted under.
#[must_use]
pub fn name(board: Board, window: Option<Window>) -> String {
    match window {
        None => board.stored().to_owned(),
        Some(window) => format!("{}/{}", board.stored(), window.name()),
    }
}

/// Notes that lists were looked at; a look at a past moment is none.
pub async fn note(conn: &mut AsyncPgConnection, looks: &[Look], now: Timestamp) -> QueryResult<()> {
    use ranking_rounds::{board, computed_at, taken_at};
    let rows: Vec<_> = looks
        .iter()
        .map(|(name, at)| (board.eq(name), taken_at.eq(*at), computed_at.eq(now)))
        .collect();
    let insert = diesel::insert_into(ranking_rounds::table)
        .values(rows)
        .on_conflict(board)
        .do_update()
        .set((taken_at.eq(excluded(taken_at)), computed_at.eq(excluded(computed_at))));
    FilterDsl::filter(insert, ranking_rounds::taken_at.le(excluded(taken_at)))
        .execute(conn)
        .await?;
    Ok(())
}

/// The last look at each: the moment it spoke of, and when it was.
pub async fn looks(
    conn: &mut AsyncPgConnection,
) -> QueryResult<HashMap<String, (Timestamp, Timestamp)>> {
    let rows = ranking_rounds::table
        .select((ranking_rounds::board, ranking_rounds::taken_at, ranking_rounds::computed_at))
        .load::<(String, Timestamp, Timestamp)>(conn)
        .await?;
    Ok(rows.into_iter().map(|(name, taken_at, at)| (name, (taken_at, at))).collect())
}

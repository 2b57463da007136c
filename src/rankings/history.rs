//! What a round compares with, and what it adds.

use super::{
    board::{Board, Window, window_name},
    movement::MEMORY_MINUTES,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, SnapshotId},
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
use std::collections::HashSet;
use uuid::Uuid;

/// A list at the moment it speaks of.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    /// The board.
    pub board: Board,
    /// A category, or the nil id.
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
    /// The articles of the newest snapshot; `None` when there is none.
    #[diesel(sql_type = Nullable<Array<SqlUuid>>)]
    pub article_ids: Option<Vec<ArticleId>>,
    #[diesel(sql_type = Nullable<Array<Double>>)]
    scores: Option<Vec<f64>>,
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    previous_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Text>)]
    movements: Option<String>,
    /// The articles of the snapshot a step before.
    #[diesel(sql_type = Array<SqlUuid>)]
    pub before: Vec<ArticleId>,
}

/// The row of a snapshot.
#[derive(Debug, diesel::Insertable)]
#[diesel(table_name = ranking_snapshots)]
pub struct NewSnapshot {
    id: SnapshotId,
    board: &'static str,
    scope: Uuid,
    time_window: &'static str,
    taken_at: Timestamp,
    computed_at: Timestamp,
    article_ids: Vec<ArticleId>,
    scores: Vec<f64>,
    previous_ranks: Vec<i16>,
    movements: String,
}

impl NewSnapshot {
    /// A snapshot of `key`, from places in order.
    pub fn new(
        key: Key,
        computed_at: Timestamp,
        places: impl Iterator<Item = (ArticleId, f64, Option<u16>, char)>,
    ) -> Self {
        let mut new = Self {
            id: SnapshotId::new(),
            board: key.board.key(),
            scope: key.scope,
            time_window: window_name(key.window),
            taken_at: key.taken_at,
            computed_at,
            article_ids: Vec::new(),
            scores: Vec::new(),
            previous_ranks: Vec::new(),
            movements: String::new(),
        };
        for (article, score, previous, movement) in places {
            new.article_ids.push(article);
            new.scores.push(score);
            new.previous_ranks.push(previous.map_or(0, u16::cast_signed));
            new.movements.push(movement);
        }
        new
    }

    /// Whether it says what `existing` says; a list that was never written is an empty one.
    pub fn repeats(&self, existing: &Existing) -> bool {
        match (
            &existing.article_ids,
            &existing.scores,
            &existing.previous_ranks,
            &existing.movements,
        ) {
            (Some(ids), Some(scores), Some(ranks), Some(movements)) => {
                *ids == self.article_ids
                    && *scores == self.scores
                    && *ranks == self.previous_ranks
                    && *movements == self.movements
            }
            _ => self.article_ids.is_empty(),
        }
    }
}

/// What each list held, in the order of `keys`.
pub async fn existing(conn: &mut AsyncPgConnection, keys: &[Key]) -> QueryResult<Vec<Existing>> {
    diesel::sql_query(include_str!("existing.sql"))
        .bind::<Array<Text>, _>(keys.iter().map(|key| key.board.key()).collect::<Vec<_>>())
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
    let rows = diesel::sql_query(include_str!("seen.sql"))
        .bind::<Array<Integer>, _>(new.iter().map(|(n, _)| *n as i32).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(column(|key| key.board.key()))
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
    // Ten values a row, and the protocol has room for 65,535.
    for chunk in new.chunks(1000) {
        diesel::insert_into(ranking_snapshots::table).values(chunk).execute(conn).await?;
    }
    Ok(())
}

/// Notes that the boards were looked at; a look at a past moment is none.
pub async fn note(
    conn: &mut AsyncPgConnection,
    looks: &[(Board, Timestamp)],
    now: Timestamp,
) -> QueryResult<()> {
    use ranking_rounds::{board, computed_at, taken_at};
    let rows: Vec<_> = looks
        .iter()
        .map(|(b, at)| (board.eq(b.key()), taken_at.eq(*at), computed_at.eq(now)))
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

/// When `board` was last looked at, and the moment that look spoke of.
pub async fn last_look(
    conn: &mut AsyncPgConnection,
    board: Board,
) -> QueryResult<Option<(Timestamp, Timestamp)>> {
    let found = ranking_rounds::table
        .find(board.key())
        .select((ranking_rounds::taken_at, ranking_rounds::computed_at))
        .load::<(Timestamp, Timestamp)>(conn)
        .await?;
    Ok(found.into_iter().next())
}

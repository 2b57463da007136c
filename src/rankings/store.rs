//! What readers read.

use super::{
    board::{Board, Window, window_name},
    entry::Entry,
    model::{Movement, SnapshotInfo},
};
use crate::{
    articles::model::{CategoryRef, Names},
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CategoryId, SnapshotId},
    page::{PageRequest, Position},
    schema::{categories, ranking_rounds},
    text::is_slug,
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    sql_types::{Array, BigInt, Double, Integer, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashSet;
use uuid::Uuid;

/// A snapshot as stored.
#[derive(Debug, diesel::QueryableByName)]
pub struct SnapshotRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: SnapshotId,
    #[diesel(sql_type = Text)]
    board: String,
    /// A category, or the nil id.
    #[diesel(sql_type = SqlUuid)]
    pub scope: Uuid,
    #[diesel(sql_type = Text)]
    time_window: String,
    /// The moment it speaks of.
    #[diesel(sql_type = Timestamptz)]
    pub taken_at: Timestamp,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub computed_at: Timestamp,
    #[diesel(sql_type = Array<SqlUuid>)]
    article_ids: Vec<ArticleId>,
    #[diesel(sql_type = Array<Double>)]
    scores: Vec<f64>,
    #[diesel(sql_type = Array<SmallInt>)]
    previous_ranks: Vec<i16>,
    #[diesel(sql_type = Text)]
    movements: String,
    #[diesel(sql_type = Array<SqlUuid>)]
    visible: Vec<ArticleId>,
}

impl SnapshotRow {
    /// Its board; `None` for one that this version does not know.
    #[must_use]
    pub fn board(&self) -> Option<Board> {
        Board::from_key(&self.board)
    }

    /// Its window, if it has one.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        let known = Window::ALL.iter().find(|(name, _)| *name == self.time_window);
        known.map(|(_, window)| *window)
    }

    /// Whether it is one of this list.
    #[must_use]
    pub fn is_of(&self, board: Board, scope: Uuid, window: Option<Window>) -> bool {
        self.board() == Some(board)
            && self.scope == scope
            && self.time_window == window_name(window)
    }

    /// Every place, in order.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let Some(board) = self.board() else { return Vec::new() };
        let window = self.window();
        let places = self.article_ids.iter().zip(&self.scores).zip(&self.previous_ranks);
        (1u16..)
            .zip(places.zip(self.movements.chars()))
            .map(|(rank, (((article, score), previous), movement))| Entry {
                board,
                window,
                rank,
                previous_rank: u16::try_from(*previous).ok().filter(|rank| *rank > 0),
                movement: movement_of(movement),
                score: *score,
                article: *article,
            })
            .collect()
    }

    /// The places whose articles are still published, with their true ranks.
    #[must_use]
    pub fn visible_entries(&self) -> Vec<Entry> {
        let visible: HashSet<_> = self.visible.iter().collect();
        self.entries().into_iter().filter(|entry| visible.contains(&entry.article)).collect()
    }
}

fn movement_of(letter: char) -> Movement {
    match letter {
        'u' => Movement::Up,
        'd' => Movement::Down,
        's' => Movement::Same,
        'r' => Movement::Return,
        _ => Movement::New,
    }
}

/// The category of this slug; `None` also for what cannot be one.
///
/// # Errors
/// When the database fails.
pub async fn category(
    mut conn: &AsyncPgConnection,
    slug: &str,
) -> QueryResult<Option<(CategoryId, CategoryRef)>> {
    if !is_slug(slug) {
        return Ok(None);
    }
    let found = categories::table
        .filter(categories::slug.eq(slug))
        .select((categories::id, categories::slug, categories::name_ko, categories::name_en))
        .first::<(CategoryId, String, String, String)>(&mut conn)
        .await
        .optional()?;
    Ok(found.map(|(id, slug, ko, en)| (id, CategoryRef { slug, name: Names { ko, en } })))
}

/// The newest kept snapshot of a list at the moment `at`.
///
/// # Errors
/// When the database fails.
pub async fn at(
    mut conn: &AsyncPgConnection,
    board: Board,
    scope: Uuid,
    window: Option<Window>,
    at: Timestamp,
) -> QueryResult<Option<SnapshotRow>> {
    diesel::sql_query(include_str!("at.sql"))
        .bind::<Text, _>(board.key())
        .bind::<SqlUuid, _>(scope)
        .bind::<Text, _>(window_name(window))
        .bind::<Timestamptz, _>(at)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// The newest snapshot of each list, in the order asked for. One query, however many lists. Where
/// `latest` has none yet, its first one as it would be now.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(
    mut conn: &AsyncPgConnection,
    lists: &[(Board, Uuid, Option<Window>)],
    now: Timestamp,
) -> QueryResult<Vec<SnapshotRow>> {
    let windows: Vec<_> = lists.iter().map(|list| window_name(list.2)).collect();
    diesel::sql_query(include_str!("newest_of.sql"))
        .bind::<Array<Text>, _>(lists.iter().map(|list| list.0.key()).collect::<Vec<_>>())
        .bind::<Array<SqlUuid>, _>(lists.iter().map(|list| list.1).collect::<Vec<_>>())
        .bind::<Array<Text>, _>(windows)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .load(&mut conn)
        .await
}

/// One snapshot.
///
/// # Errors
/// When the database fails.
pub async fn by_id(
    mut conn: &AsyncPgConnection,
    id: SnapshotId,
) -> QueryResult<Option<SnapshotRow>> {
    diesel::sql_query(include_str!("by_id.sql"))
        .bind::<SqlUuid, _>(id)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// When `board` was last looked at, changed or not.
///
/// # Errors
/// When the database fails.
pub async fn looked_at(
    mut conn: &AsyncPgConnection,
    board: Board,
) -> QueryResult<Option<Timestamp>> {
    ranking_rounds::table
        .find(board.key())
        .select(ranking_rounds::computed_at)
        .first(&mut conn)
        .await
        .optional()
}

#[derive(diesel::QueryableByName)]
struct InfoRow {
    #[diesel(sql_type = SqlUuid)]
    id: SnapshotId,
    #[diesel(sql_type = Timestamptz)]
    taken_at: Timestamp,
    #[diesel(sql_type = Timestamptz)]
    computed_at: Timestamp,
    #[diesel(sql_type = Integer)]
    entry_count: i32,
}

/// The snapshots of a list, newest first, in the direction that `page` asks for; one row more than
/// its limit.
///
/// # Errors
/// When the database fails.
pub async fn history(
    mut conn: &AsyncPgConnection,
    board: Board,
    scope: Uuid,
    window: Option<Window>,
    page: &PageRequest,
) -> QueryResult<Vec<SnapshotInfo>> {
    // Later than every snapshot.
    let end = Position { key: Timestamp::LAST.as_millis(), id: Uuid::max() };
    let from = page.from().unwrap_or(end);
    let text = if page.backward() { include_str!("newer.sql") } else { include_str!("older.sql") };
    let rows = diesel::sql_query(text)
        .bind::<Text, _>(board.key())
        .bind::<SqlUuid, _>(scope)
        .bind::<Text, _>(window_name(window))
        .bind::<Timestamptz, _>(Timestamp::from_millis(from.key))
        .bind::<SqlUuid, _>(from.id)
        .bind::<BigInt, _>(page.limit.plus_one())
        .prepared()
        .load::<InfoRow>(&mut conn)
        .await?;
    let info = |row: InfoRow| SnapshotInfo {
        id: row.id,
        taken_at: row.taken_at,
        computed_at: row.computed_at,
        entry_count: u16::try_from(row.entry_count).unwrap_or(0),
    };
    Ok(rows.into_iter().map(info).collect())
}

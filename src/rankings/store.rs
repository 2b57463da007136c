//! What readers read of snapshots.

use super::{
    board::{Board, Window, window_name},
    entry::Entry,
    history,
    model::{Movement, PastPlace, Source},
    movement::of_letter,
    order::ALL,
    score::names,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CategoryId, PublisherId, SnapshotId},
    page::{PageRequest, Position},
    schema::ranking_rounds,
};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    dsl::min,
    sql_types::{
        Array, BigInt, Bool, Double, Integer, Nullable, SmallInt, Text, Timestamptz,
        Uuid as SqlUuid,
    },
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// A snapshot as stored.
#[derive(Debug, diesel::QueryableByName)]
pub struct SnapshotRow {
    /// Its id.
    #[diesel(sql_type = SqlUuid)]
    pub id: SnapshotId,
    #[diesel(sql_type = Text)]
    board: String,
    #[diesel(sql_type = SqlUuid)]
    scope: Uuid,
    #[diesel(sql_type = Bool)]
    of_publisher: bool,
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
    #[diesel(sql_type = Nullable<Array<SmallInt>>)]
    peak_ranks: Option<Vec<i16>>,
    #[diesel(sql_type = Nullable<Array<Timestamptz>>)]
    entered_at: Option<Vec<Timestamp>>,
    #[diesel(sql_type = Nullable<Array<Double>>)]
    signals: Option<Vec<f64>>,
    #[diesel(sql_type = Nullable<Text>)]
    sources: Option<String>,
    #[diesel(sql_type = Array<SqlUuid>)]
    visible: Vec<ArticleId>,
    #[diesel(sql_type = Array<SqlUuid>)]
    stories: Vec<Uuid>,
    #[diesel(sql_type = Array<SqlUuid>)]
    categories: Vec<CategoryId>,
    #[diesel(sql_type = Array<SqlUuid>)]
    publishers: Vec<PublisherId>,
}

impl SnapshotRow {
    /// Its board; `None` for one that this version does not know.
    #[must_use]
    pub fn board(&self) -> Option<Board> {
        Board::from_stored(&self.board)
    }

    /// Its window, if it has one.
    #[must_use]
    pub fn window(&self) -> Option<Window> {
        Window::from_name(&self.time_window)
    }

    /// The category it is ranked over.
    #[must_use]
    pub fn category(&self) -> Option<CategoryId> {
        (self.scope != ALL && !self.of_publisher).then_some(CategoryId(self.scope))
    }

    /// The publisher it is ranked over.
    #[must_use]
    pub fn publisher(&self) -> Option<PublisherId> {
        self.of_publisher.then_some(PublisherId(self.scope))
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
        let filed: HashMap<_, _> = self.visible.iter().zip(0..).collect();
        let filed = |article: &ArticleId| {
            filed
                .get(article)
                .map(|n: &usize| (self.stories[*n], self.categories[*n], self.publishers[*n]))
        };
        let nowhere =
            |article: &ArticleId| (article.0, CategoryId(Uuid::nil()), PublisherId(Uuid::nil()));
        let moved = self.previous_ranks.iter().zip(self.movements.chars());
        let places = self.article_ids.iter().zip(&self.scores).zip(moved).enumerate();
        type Row<'a> = ((&'a ArticleId, &'a f64), (&'a i16, char));
        let entry = |(n, ((article, score), (previous, movement))): (usize, Row<'_>)| {
            let (story, category, publisher) = filed(article).unwrap_or_else(|| nowhere(article));
            Entry {
                board,
                window,
                rank: n as u16 + 1,
                previous_rank: u16::try_from(*previous).ok().filter(|rank| *rank > 0),
                movement: of_letter(movement),
                // Snapshots of before these were kept: what is known for certain.
                peak_rank: self
                    .peak_ranks
                    .as_ref()
                    .map_or(n as u16 + 1, |ranks| ranks[n].unsigned_abs()),
                entered_at: self.entered_at.as_ref().map_or(self.taken_at, |moments| moments[n]),
                score: *score,
                signals: self.signals(board, n),
                source: self.source(n),
                article: *article,
                story,
                category,
                publisher,
            }
        };
        places.map(entry).collect()
    }

    fn source(&self, n: usize) -> Source {
        match self.sources.as_ref().and_then(|letters| letters.as_bytes().get(n)) {
            Some(b'p') => Source::Pinned,
            _ => Source::Ranked,
        }
    }

    /// The figures of place `n`.
    fn signals(&self, board: Board, n: usize) -> Vec<f64> {
        let width = names(board).len();
        let own = self.signals.as_ref().and_then(|all| all.get(n * width..(n + 1) * width));
        own.unwrap_or_default().to_vec()
    }

    /// The places whose articles are still published, with their true ranks.
    #[must_use]
    pub fn visible_entries(&self) -> Vec<Entry> {
        let visible: HashSet<_> = self.visible.iter().collect();
        self.entries().into_iter().filter(|entry| visible.contains(&entry.article)).collect()
    }
}

/// The list that is read.
#[derive(Debug, Clone, Copy)]
pub struct ListKey {
    /// The board.
    pub board: Board,
    /// A category, a publisher, or the nil id.
    pub scope: Uuid,
    /// The window.
    pub window: Option<Window>,
    /// Whether each article stands for itself.
    pub raw: bool,
}

const AT: &str = concat!(
    include_str!("sql/snapshot.sql"),
    include_str!("sql/at.sql"),
    include_str!("sql/visible.sql")
);
const BY_ID: &str = concat!(
    include_str!("sql/snapshot.sql"),
    include_str!("sql/by_id.sql"),
    include_str!("sql/visible.sql")
);
const NEWEST_OF: &str = concat!(
    include_str!("sql/snapshot.sql"),
    include_str!("sql/newest_of.sql"),
    include_str!("sql/visible.sql"),
    "order by asked.n"
);

/// The newest kept snapshot of a list at the moment `at`.
///
/// # Errors
/// When the database fails.
pub async fn at(
    mut conn: &AsyncPgConnection,
    list: &ListKey,
    at: Timestamp,
) -> QueryResult<Option<SnapshotRow>> {
    diesel::sql_query(AT)
        .bind::<Bool, _>(list.raw)
        .bind::<Text, _>(list.board.stored())
        .bind::<SqlUuid, _>(list.scope)
        .bind::<Text, _>(window_name(list.window))
        .bind::<Timestamptz, _>(at)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// The newest snapshot of each list, folded, in the order asked for. One query, however many lists.
/// Where `latest` has none yet, its first one as it would be now.
///
/// # Errors
/// When the database fails.
pub async fn newest_of(
    mut conn: &AsyncPgConnection,
    lists: &[(Board, Uuid, Option<Window>)],
    now: Timestamp,
) -> QueryResult<Vec<SnapshotRow>> {
    let windows: Vec<_> = lists.iter().map(|list| window_name(list.2)).collect();
    diesel::sql_query(NEWEST_OF)
        .bind::<Bool, _>(false)
        .bind::<Array<Text>, _>(lists.iter().map(|list| list.0.stored()).collect::<Vec<_>>())
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
    raw: bool,
) -> QueryResult<Option<SnapshotRow>> {
    diesel::sql_query(BY_ID)
        .bind::<Bool, _>(raw)
        .bind::<SqlUuid, _>(id)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// Looks missed before a board is called stale.
pub const MISSED: i64 = 3;

/// When every list over all and of categories had been looked at last: the oldest of their last looks.
///
/// # Errors
/// When the database fails.
pub async fn last_look(mut conn: &AsyncPgConnection) -> QueryResult<Option<Timestamp>> {
    let names = Board::ALL
        .into_iter()
        .flat_map(|board| board.lists().map(move |window| history::name(board, window)));
    ranking_rounds::table
        .filter(ranking_rounds::board.eq_any(names.collect::<Vec<_>>()))
        .select(min(ranking_rounds::computed_at))
        .first(&mut conn)
        .await
}

/// When the lists of a board over a window were last looked at, changed or not.
///
/// # Errors
/// When the database fails.
pub async fn looked_at(
    mut conn: &AsyncPgConnection,
    board: Board,
    window: Option<Window>,
) -> QueryResult<Option<Timestamp>> {
    ranking_rounds::table
        .find(history::name(board, window))
        .select(ranking_rounds::computed_at)
        .first(&mut conn)
        .await
        .optional()
}

#[derive(diesel::QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = SqlUuid)]
    id: SnapshotId,
    #[diesel(sql_type = Timestamptz)]
    taken_at: Timestamp,
    #[diesel(sql_type = Integer)]
    rank: i32,
    #[diesel(sql_type = SmallInt)]
    previous_rank: i16,
    #[diesel(sql_type = Text)]
    movement: String,
    #[diesel(sql_type = Double)]
    score: f64,
}

/// The places of an article on the snapshots of a list, newest first, in the direction that `page` asks
/// for; one row more than its limit.
///
/// # Errors
/// When the database fails.
pub async fn places(
    mut conn: &AsyncPgConnection,
    list: &ListKey,
    article: ArticleId,
    page: &PageRequest,
) -> QueryResult<Vec<PastPlace>> {
    let from = page.from().unwrap_or_else(after_all);
    let rows = diesel::sql_query(include_str!("sql/places.sql"))
        .bind::<Bool, _>(list.raw)
        .bind::<Text, _>(list.board.stored())
        .bind::<SqlUuid, _>(list.scope)
        .bind::<Text, _>(window_name(list.window))
        .bind::<SqlUuid, _>(article)
        .bind::<Bool, _>(page.backward())
        .bind::<Timestamptz, _>(Timestamp::from_millis(from.key))
        .bind::<SqlUuid, _>(from.id)
        .bind::<BigInt, _>(page.limit.plus_one())
        .prepared()
        .load::<PlaceRow>(&mut conn)
        .await?;
    let place = |row: PlaceRow| PastPlace {
        snapshot_id: row.id,
        taken_at: row.taken_at,
        rank: u16::try_from(row.rank).unwrap_or(0),
        previous_rank: u16::try_from(row.previous_rank).ok().filter(|rank| *rank > 0),
        movement: row.movement.chars().next().map_or(Movement::New, of_letter),
        score: row.score,
    };
    Ok(rows.into_iter().map(place).collect())
}

/// Later than every snapshot.
#[must_use]
pub fn after_all() -> Position {
    Position { key: Timestamp::LAST.as_millis(), id: Uuid::max() }
}

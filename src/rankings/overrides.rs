//! Pins and exclusions as they are kept: written, lifted, never deleted.

use super::{
    board::Board,
    history::Key,
    model::{Kind, Override, OverrideInput, Scope},
};
use crate::{
    articles::model::{CategoryRef, Names, PublisherRef},
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, OverrideId},
    page::PageRequest,
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{BigInt, Bool, Nullable, SmallInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// A decision that a round keeps to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    board: Board,
    scope: Uuid,
    /// Which article.
    pub article: ArticleId,
    /// The place of a pin; `None` for an exclusion.
    pub position: Option<u16>,
}

impl Decision {
    /// Whether it is about this list: every window and order of its board in its scope.
    #[must_use]
    pub fn holds_for(&self, key: &Key) -> bool {
        self.board.key() == key.board.key() && self.scope == key.scope
    }
}

#[derive(diesel::QueryableByName)]
struct DecisionRow {
    #[diesel(sql_type = Text)]
    board: String,
    #[diesel(sql_type = SqlUuid)]
    scope: Uuid,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Nullable<SmallInt>)]
    position: Option<i16>,
}

/// What holds at the moment `at`, as it was decided by `now`.
pub async fn in_force(
    conn: &mut AsyncPgConnection,
    at: Timestamp,
    now: Timestamp,
) -> QueryResult<Vec<Decision>> {
    let rows = diesel::sql_query(include_str!("sql/overrides_in_force.sql"))
        .bind::<Timestamptz, _>(at)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .load::<DecisionRow>(conn)
        .await?;
    let decision = |row: DecisionRow| {
        Some(Decision {
            board: Board::from_key(&row.board)?,
            scope: row.scope,
            article: row.article_id,
            position: row.position.map(i16::unsigned_abs),
        })
    };
    Ok(rows.into_iter().filter_map(decision).collect())
}

#[derive(diesel::QueryableByName)]
struct OverrideRow {
    #[diesel(sql_type = SqlUuid)]
    id: OverrideId,
    #[diesel(sql_type = Text)]
    board: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Nullable<SmallInt>)]
    position: Option<i16>,
    #[diesel(sql_type = Timestamptz)]
    starts_at: Timestamp,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    ends_at: Option<Timestamp>,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = Text)]
    created_by: String,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    #[diesel(sql_type = Nullable<Text>)]
    lifted_by: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    lifted_at: Option<Timestamp>,
    #[diesel(sql_type = Bool)]
    in_force: bool,
    #[diesel(sql_type = Nullable<Text>)]
    category_slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    category_ko: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    category_en: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    publisher_slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    publisher_ko: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    publisher_en: Option<String>,
}

impl OverrideRow {
    /// `None` for a board that this version does not know.
    fn shown(self) -> Option<Override> {
        let named = |slug: Option<String>, ko: Option<String>, en: Option<String>| {
            Some((slug?, Names { ko: ko?, en: en? }))
        };
        let category = named(self.category_slug, self.category_ko, self.category_en);
        let publisher = named(self.publisher_slug, self.publisher_ko, self.publisher_en);
        Some(Override {
            id: self.id,
            board: Board::from_key(&self.board)?.key(),
            scope: Scope {
                category: category.map(|(slug, name)| CategoryRef { slug, name }),
                publisher: publisher.map(|(slug, name)| PublisherRef { slug, name }),
            },
            kind: if self.kind == "pin" { Kind::Pin } else { Kind::Exclude },
            article_id: self.article_id,
            position: self.position.map(i16::unsigned_abs),
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            reason: self.reason,
            in_force: self.in_force,
            created_by: self.created_by,
            created_at: self.created_at,
            lifted_by: self.lifted_by,
            lifted_at: self.lifted_at,
        })
    }
}

const ONE: &str = concat!(include_str!("sql/overrides.sql"), "where o.board = $2 and o.id = $3");
const ABOUT: &str = concat!(
    include_str!("sql/overrides.sql"),
    "where o.board = $2 and o.scope = $3 and o.article_id = $4 and o.starts_at <= $1 \
     and coalesce(o.ends_at, 'infinity') > $1 and coalesce(o.lifted_at, 'infinity') > $1 \
     order by o.id limit 100"
);
const OLDER: &str = concat!(
    include_str!("sql/overrides.sql"),
    "where o.board = $2 and o.id < $3 and ($5 or o.lifted_at is null) order by o.id desc limit $4"
);
const NEWER: &str = concat!(
    include_str!("sql/overrides.sql"),
    "where o.board = $2 and o.id > $3 and ($5 or o.lifted_at is null) order by o.id limit $4"
);

/// One of a board, as of `now`.
///
/// # Errors
/// When the database fails.
pub async fn find(
    mut conn: &AsyncPgConnection,
    board: Board,
    id: OverrideId,
    now: Timestamp,
) -> QueryResult<Option<Override>> {
    let row = diesel::sql_query(ONE)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(board.key())
        .bind::<SqlUuid, _>(id)
        .prepared()
        .get_result::<OverrideRow>(&mut conn)
        .await
        .optional()?;
    Ok(row.and_then(OverrideRow::shown))
}

/// Those about an article on a board's lists of one scope that held at the moment `at`; 100 at most.
///
/// # Errors
/// When the database fails.
pub async fn about(
    mut conn: &AsyncPgConnection,
    board: Board,
    scope: Uuid,
    article: ArticleId,
    at: Timestamp,
) -> QueryResult<Vec<Override>> {
    let rows = diesel::sql_query(ABOUT)
        .bind::<Timestamptz, _>(at)
        .bind::<Text, _>(board.key())
        .bind::<SqlUuid, _>(scope)
        .bind::<SqlUuid, _>(article)
        .prepared()
        .load::<OverrideRow>(&mut conn)
        .await?;
    Ok(rows.into_iter().filter_map(OverrideRow::shown).collect())
}

/// A board's, newest first, with those that were lifted where `lifted` says so, in the direction that
/// `page` asks for; one more than its limit.
///
/// # Errors
/// When the database fails.
pub async fn list(
    mut conn: &AsyncPgConnection,
    board: Board,
    lifted: bool,
    page: &PageRequest,
    now: Timestamp,
) -> QueryResult<Vec<Override>> {
    let from = page.from().map_or(Uuid::max(), |position| position.id);
    let rows = diesel::sql_query(if page.backward() { NEWER } else { OLDER })
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(board.key())
        .bind::<SqlUuid, _>(from)
        .bind::<BigInt, _>(page.limit.plus_one())
        .bind::<Bool, _>(lifted)
        .prepared()
        .load::<OverrideRow>(&mut conn)
        .await?;
    Ok(rows.into_iter().filter_map(OverrideRow::shown).collect())
}

/// Keeps a decision about the lists of `scope`; false when there is no such published article.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    id: OverrideId,
    board: Board,
    scope: Uuid,
    input: &OverrideInput,
    by: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let kind = if input.kind == Kind::Pin { "pin" } else { "exclude" };
    let written = diesel::sql_query(
        "insert into ranking_overrides (id, board, scope, kind, article_id, position, starts_at, \
         ends_at, reason, created_by, created_at) \
         select $1, $2, $3, $4, a.id, $6, $7, $8, $9, $10, $11 \
         from articles a where a.id = $5 and a.status = 'published'",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(board.key())
    .bind::<SqlUuid, _>(scope)
    .bind::<Text, _>(kind)
    .bind::<SqlUuid, _>(input.article_id)
    .bind::<Nullable<SmallInt>, _>(input.position.map(u16::cast_signed))
    .bind::<Timestamptz, _>(input.starts_at.unwrap_or(now))
    .bind::<Nullable<Timestamptz>, _>(input.ends_at)
    .bind::<Text, _>(&input.reason)
    .bind::<Text, _>(by)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    Ok(written == 1)
}

/// Lifts a decision, once: who did it first stays on record.
///
/// # Errors
/// When the database fails.
pub async fn lift(
    conn: &mut AsyncPgConnection,
    id: OverrideId,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "update ranking_overrides set lifted_by = $2, lifted_at = $3 where id = $1 and lifted_at is null",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(by)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

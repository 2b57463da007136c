//! What a round reads: one query for each kind of signal, whatever the number of articles and scopes.
//!
//! - `comments` what comments say

mod comments;

use super::{
    board::five_minutes,
    facts::{Closed, Facts, Recent, Signals, Sliding},
    order::DEPTH,
    scopes::Field,
    score::Place,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    engagement::decay::{Fading, POPULAR, TRENDING},
    ids::{ArticleId, CategoryId, PublisherId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Bool, Double, Integer, SmallInt, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::tz::TimeZone;
use std::collections::HashMap;
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct CategoryRow {
    #[diesel(sql_type = SqlUuid)]
    id: CategoryId,
    #[diesel(sql_type = Array<SqlUuid>)]
    ancestors: Vec<CategoryId>,
}

/// Every category with its ancestors and itself.
pub async fn ancestors(
    conn: &mut AsyncPgConnection,
) -> QueryResult<HashMap<CategoryId, Vec<CategoryId>>> {
    let rows = diesel::sql_query(
        "select id, array(select ancestor_id from category_ancestors where category_id = id) as ancestors
         from categories",
    )
    .prepared()
    .load::<CategoryRow>(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.ancestors)).collect())
}

#[derive(diesel::QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// Every publisher.
pub async fn publishers(conn: &mut AsyncPgConnection) -> QueryResult<Vec<Uuid>> {
    let rows = diesel::sql_query("select id from publishers").load::<IdRow>(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// What is to be read, as of when.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The moment the round speaks of.
    pub at: Timestamp,
    /// Whether that is the present, which running sums tell; a past one is told by buckets.
    pub present: bool,
    /// Whether lists of closed hours are due.
    pub closed: bool,
    /// The portal's zone.
    pub zone: TimeZone,
    /// Views of one network on one article in one hour that rank in full.
    pub network_cap: u32,
    /// Networks that make a portal's traffic real: from there on one-sided views rank less.
    pub least_networks: u32,
}

/// What speaks for each published article, and for `also`, whether or not something does.
pub async fn field(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    also: &[ArticleId],
) -> QueryResult<Field> {
    let mut found: HashMap<ArticleId, Signals> =
        also.iter().map(|article| (*article, Signals::default())).collect();
    let one_sided = recent(conn, asked).await?;
    fading(conn, asked, &one_sided, &mut found).await?;
    echo(conn, asked, &mut found).await?;
    sliding(conn, asked, &mut found).await?;
    comments::talk(conn, asked, &mut found).await?;
    if asked.closed {
        closed(conn, asked, one_sided.gate, &mut found).await?;
    }
    let ids: Vec<_> = found.keys().copied().collect();
    let facts = facts(conn, &ids).await?;
    let signals = facts.iter().map(|f| found.get(&f.article).copied().unwrap_or_default());
    Ok(Field { signals: signals.collect(), facts, guarded: one_sided.gate })
}

#[derive(diesel::QueryableByName)]
struct FactsRow {
    #[diesel(sql_type = SqlUuid)]
    id: ArticleId,
    #[diesel(sql_type = SqlUuid)]
    story: Uuid,
    #[diesel(sql_type = SqlUuid)]
    category_id: CategoryId,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Timestamptz)]
    published_at: Timestamp,
    #[diesel(sql_type = Bool)]
    leads: bool,
}

async fn facts(conn: &mut AsyncPgConnection, ids: &[ArticleId]) -> QueryResult<Vec<Facts>> {
    let rows = diesel::sql_query(include_str!("sql/facts.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .prepared()
        .load::<FactsRow>(conn)
        .await?;
    let facts = |row: FactsRow| Facts {
        article: row.id,
        story: row.story,
        leads: row.leads,
        category: row.category_id,
        publisher: row.publisher_id,
        published_at: row.published_at,
    };
    Ok(rows.into_iter().map(facts).collect())
}

#[derive(diesel::QueryableByName)]
struct ClosedRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Double)]
    h1: f64,
    #[diesel(sql_type = Double)]
    h24: f64,
    #[diesel(sql_type = Double)]
    d7: f64,
    #[diesel(sql_type = Double)]
    d30: f64,
}

async fn closed(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    gate: bool,
    found: &mut HashMap<ArticleId, Signals>,
) -> QueryResult<()> {
    let end = asked.at.start_of_hour(&asked.zone);
    let midnight = |hours: i64| {
        let start = end.plus_minutes(-60 * hours);
        let day = start.start_of_day(&asked.zone);
        // The first at or after the window's start.
        if day == start { day } else { day.plus_minutes(36 * 60).start_of_day(&asked.zone) }
    };
    // A day is summed up within the hour after its end.
    let summed_up = end.plus_minutes(-60).start_of_day(&asked.zone);
    let rows = diesel::sql_query(include_str!("sql/activity.sql"))
        .bind::<Timestamptz, _>(end)
        .bind::<Timestamptz, _>(midnight(168))
        .bind::<Timestamptz, _>(midnight(720))
        .bind::<Timestamptz, _>(summed_up)
        .bind::<Bool, _>(gate)
        .bind::<Integer, _>(asked.network_cap.cast_signed())
        .load::<ClosedRow>(conn)
        .await?;
    for row in rows {
        let signals = found.entry(row.article_id).or_default();
        let sums = Closed { h1: row.h1, h24: row.h24, d7: row.d7, d30: row.d30 };
        match row.kind {
            0 => signals.views = sums,
            1 => signals.shares = sums,
            _ => signals.reactions = sums,
        }
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct SlidingRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Double)]
    h1: f64,
    #[diesel(sql_type = Double)]
    h24: f64,
}

async fn sliding(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    found: &mut HashMap<ArticleId, Signals>,
) -> QueryResult<()> {
    let rows = diesel::sql_query(include_str!("sql/sliding.sql"))
        .bind::<Timestamptz, _>(five_minutes(asked.at))
        .load::<SlidingRow>(conn)
        .await?;
    for row in rows {
        let signals = found.entry(row.article_id).or_default();
        let sums = Sliding { h1: row.h1, h24: row.h24 };
        match row.kind {
            1 => signals.recent_shares = sums,
            _ => signals.recent_reactions = sums,
        }
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
pub struct EchoRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = SmallInt)]
    kind: i16,
    #[diesel(sql_type = Double)]
    h30m: f64,
    #[diesel(sql_type = Double)]
    h1: f64,
    #[diesel(sql_type = Double)]
    h2: f64,
    #[diesel(sql_type = Double)]
    h6: f64,
    #[diesel(sql_type = Double)]
    h12: f64,
    #[diesel(sql_type = Double)]
    h24: f64,
}

async fn echo(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    found: &mut HashMap<ArticleId, Signals>,
) -> QueryResult<()> {
    let mut rows = diesel::sql_query(include_str!("sql/echo.sql"))
        .bind::<Timestamptz, _>(asked.at)
        .load::<EchoRow>(conn)
        .await?;
    rows.extend(comments::fading(conn, asked.at).await?);
    for row in rows {
        let interest = &mut found.entry(row.article_id).or_default().interest;
        let sums = [row.h30m, row.h1, row.h2, row.h6, row.h12, row.h24];
        match row.kind {
            1 => interest.shares = sums,
            3 => interest.writers = sums,
            _ => interest.reactions = sums,
        }
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct FadingRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Timestamptz)]
    as_of: Timestamp,
    #[diesel(sql_type = Double)]
    p30m: f64,
    #[diesel(sql_type = Double)]
    p1h: f64,
    #[diesel(sql_type = Double)]
    p2h: f64,
    #[diesel(sql_type = Double)]
    p6h: f64,
    #[diesel(sql_type = Double)]
    p12h: f64,
    #[diesel(sql_type = Double)]
    p24h: f64,
    #[diesel(sql_type = Double)]
    t30m: f64,
    #[diesel(sql_type = Double)]
    t2h: f64,
    #[diesel(sql_type = Double)]
    t24h: f64,
    #[diesel(sql_type = Double)]
    minutes: f64,
}

async fn fading(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    one_sided: &OneSided,
    found: &mut HashMap<ArticleId, Signals>,
) -> QueryResult<()> {
    let text =
        if asked.present { include_str!("sql/fading.sql") } else { include_str!("sql/faded.sql") };
    let rows =
        diesel::sql_query(text).bind::<Timestamptz, _>(asked.at).load::<FadingRow>(conn).await?;
    for row in rows {
        let popular = [row.p30m, row.p1h, row.p2h, row.p6h, row.p12h, row.p24h];
        let popular = Fading { as_of: row.as_of, sums: popular }.at(asked.at, &POPULAR);
        let trending = Fading { as_of: row.as_of, sums: [row.t30m, row.t2h, row.t24h] };
        let [latest, fast, slow] = trending.at(asked.at, &TRENDING);
        let signals = found.entry(row.article_id).or_default();
        let honest = one_sided.honest(row.article_id, asked.network_cap);
        signals.interest.views = popular.map(|views| views * honest);
        signals.pace.latest = latest;
        signals.pace.fast = fast;
        signals.pace.slow = slow;
        // Faded from the row's moment as views with a half-life of two hours are.
        signals.minutes = if row.t2h > 0.0 { row.minutes * fast / row.t2h } else { 0.0 };
        signals.recent = one_sided.of(row.article_id);
    }
    Ok(())
}

#[derive(diesel::QueryableByName)]
struct RecentRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Double)]
    ranked: f64,
    #[diesel(sql_type = Double)]
    networks: f64,
    #[diesel(sql_type = Double)]
    largest: f64,
}

/// Whose views the last hours' were.
struct OneSided {
    by_article: HashMap<ArticleId, Recent>,
    /// Whether the portal is read from enough networks to tell one-sided views from few readers.
    gate: bool,
}

impl OneSided {
    fn of(&self, article: ArticleId) -> Recent {
        self.by_article.get(&article).copied().unwrap_or_default()
    }

    /// The part of an article's views that is not of one network beyond its cap and beyond what all
    /// others brought.
    fn honest(&self, article: ArticleId, cap: u32) -> f64 {
        let recent = self.of(article);
        let excess = (2.0 * recent.largest - recent.ranked - f64::from(cap)).max(0.0);
        if self.gate && recent.ranked > 0.0 { 1.0 - excess / recent.ranked } else { 1.0 }
    }
}

async fn recent(conn: &mut AsyncPgConnection, asked: &Asked) -> QueryResult<OneSided> {
    let rows = diesel::sql_query(include_str!("sql/recent.sql"))
        .bind::<Timestamptz, _>(asked.at)
        .load::<RecentRow>(conn)
        .await?;
    let least = f64::from(asked.least_networks);
    let gate = least > 0.0 && rows.iter().any(|row| row.networks >= least);
    let recent = |row: RecentRow| {
        let RecentRow { article_id, ranked, networks, largest } = row;
        (article_id, Recent { ranked, networks, largest })
    };
    Ok(OneSided { by_article: rows.into_iter().map(recent).collect(), gate })
}

#[derive(diesel::QueryableByName)]
struct NewestRow {
    #[diesel(sql_type = SqlUuid)]
    list: Uuid,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Timestamptz)]
    at: Timestamp,
    #[diesel(sql_type = SqlUuid)]
    story: Uuid,
    #[diesel(sql_type = SqlUuid)]
    category_id: CategoryId,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Bool)]
    leads: bool,
}

/// Rows read of each list: enough for a whole one after folding.
const NEWEST: i64 = 2 * DEPTH as i64;

/// The newest of each scope, published by `at`, in order; their score is the second of their
/// publication.
pub async fn newest(
    conn: &mut AsyncPgConnection,
    scopes: &[Uuid],
    at: Timestamp,
) -> QueryResult<HashMap<Uuid, Vec<Place>>> {
    let rows = diesel::sql_query(include_str!("sql/newest.sql"))
        .bind::<Array<SqlUuid>, _>(scopes)
        .bind::<Timestamptz, _>(at)
        .bind::<BigInt, _>(NEWEST)
        .prepared()
        .load::<NewestRow>(conn)
        .await?;
    let mut lists: HashMap<Uuid, Vec<Place>> = HashMap::new();
    for row in rows {
        let facts = Facts {
            article: row.article_id,
            story: row.story,
            leads: row.leads,
            category: row.category_id,
            publisher: row.publisher_id,
            published_at: row.at,
        };
        let score = row.at.as_seconds() as f64;
        let place = Place { facts, score, signals: vec![score], pinned: false };
        lists.entry(row.list).or_default().push(place);
    }
    Ok(lists)
}

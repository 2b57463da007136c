//! What a round reads: one query a list kind, whatever the number of scopes.

use super::{
    board::Window,
    order::{ALL, Candidate, DEPTH, Signal},
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CategoryId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Double, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};
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
struct ViewsRow {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Timestamptz)]
    published_at: Timestamp,
    #[diesel(sql_type = SqlUuid)]
    category_id: CategoryId,
    #[diesel(sql_type = Double)]
    h1: f64,
    #[diesel(sql_type = Double)]
    h24: f64,
    #[diesel(sql_type = Double)]
    d7: f64,
    #[diesel(sql_type = Double)]
    d30: f64,
}

impl ViewsRow {
    fn score(&self, window: Window) -> f64 {
        match window {
            Window::H1 => self.h1,
            Window::H24 => self.h24,
            Window::D7 => self.d7,
            Window::D30 => self.d30,
        }
    }
}

/// Views that rank, of published articles that have any in the longest window.
pub struct Views(Vec<ViewsRow>);

/// The views that rank in the windows that end at `end`.
pub async fn views(conn: &mut AsyncPgConnection, end: Timestamp) -> QueryResult<Views> {
    let rows = diesel::sql_query(include_str!("views.sql")).bind::<Timestamptz, _>(end);
    rows.load(conn).await.map(Views)
}

impl Views {
    /// What speaks for each article that has views in `window`.
    pub fn of(&self, window: Window) -> Vec<Signal> {
        let signal = |row: &ViewsRow| Signal {
            candidate: Candidate {
                article: row.article_id,
                score: row.score(window),
                published_at: row.published_at,
            },
            category: row.category_id,
        };
        self.0.iter().filter(|row| row.score(window) > 0.0).map(signal).collect()
    }
}

#[derive(diesel::QueryableByName)]
struct NewestRow {
    #[diesel(sql_type = SqlUuid)]
    list: Uuid,
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Timestamptz)]
    at: Timestamp,
}

/// The newest of all and of each category, published by `at`, in order; their score is the second
/// of their publication.
pub async fn newest(
    conn: &mut AsyncPgConnection,
    categories: impl Iterator<Item = CategoryId>,
    at: Timestamp,
) -> QueryResult<BTreeMap<Uuid, Vec<Candidate>>> {
    let scopes: Vec<Uuid> = categories.map(|category| category.0).chain([ALL]).collect();
    let mut lists: BTreeMap<Uuid, Vec<Candidate>> =
        scopes.iter().map(|scope| (*scope, Vec::new())).collect();
    let rows = diesel::sql_query(include_str!("newest.sql"))
        .bind::<Array<SqlUuid>, _>(scopes)
        .bind::<Timestamptz, _>(at)
        .bind::<BigInt, _>(DEPTH as i64)
        .prepared()
        .load::<NewestRow>(conn)
        .await?;
    for row in rows {
        lists.entry(row.list).or_default().push(Candidate {
            article: row.article_id,
            score: row.at.as_seconds() as f64,
            published_at: row.at,
        });
    }
    Ok(lists)
}

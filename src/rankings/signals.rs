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
    sql_types::{Array, BigInt, Bool, Double, Timestamptz, Uuid as SqlUuid},
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
    #[diesel(sql_type = Double)]
    score: f64,
    #[diesel(sql_type = Timestamptz)]
    published_at: Timestamp,
    #[diesel(sql_type = SqlUuid)]
    category_id: CategoryId,
}

/// The views that rank in the window that ends at `end`, of published articles that have any.
pub async fn views(
    conn: &mut AsyncPgConnection,
    window: Window,
    end: Timestamp,
) -> QueryResult<Vec<Signal>> {
    let rows = diesel::sql_query(include_str!("views.sql"))
        .bind::<Timestamptz, _>(end.plus_minutes(-window.minutes()))
        .bind::<Timestamptz, _>(end)
        .bind::<Bool, _>(window.takes_days())
        .load::<ViewsRow>(conn)
        .await?;
    let signal = |row: ViewsRow| Signal {
        candidate: Candidate {
            article: row.article_id,
            score: row.score,
            published_at: row.published_at,
        },
        category: row.category_id,
    };
    Ok(rows.into_iter().map(signal).collect())
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

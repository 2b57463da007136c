//! Publishers and categories of a batch, looked up at once and created where that is allowed.

use super::items::Named;
use crate::{
    categories,
    clock::Timestamp,
    db::Prepare,
    ids::{CategoryId, PublisherId},
    publishers,
};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Names by slug: in one order, so that two imports cannot wait for each other.
pub type Wanted = BTreeMap<String, String>;

/// What slugs stand for.
#[derive(Debug, Default)]
pub struct Known {
    /// Publishers, and whether their articles may be passed on.
    pub publishers: HashMap<String, (PublisherId, bool)>,
    /// Categories.
    pub categories: HashMap<String, CategoryId>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Bool)]
    syndicatable: bool,
}

/// Adds a name to those wanted; the first name of a slug stays.
pub fn want(wanted: &mut Wanted, named: &Named) {
    if !wanted.contains_key(&named.slug) {
        wanted.insert(named.slug.clone(), named.name.clone());
    }
}

/// What is there.
///
/// # Errors
/// What the database says.
pub async fn find(
    mut conn: &AsyncPgConnection,
    publishers: &Wanted,
    categories: &Wanted,
) -> QueryResult<Known> {
    let slugs = |wanted: &Wanted| wanted.keys().cloned().collect::<Vec<_>>();
    let rows: Vec<Row> = diesel::sql_query(include_str!("sql/names.sql"))
        .bind::<Array<Text>, _>(slugs(publishers))
        .bind::<Array<Text>, _>(slugs(categories))
        .prepared()
        .load(&mut conn)
        .await?;
    let mut known = Known::default();
    for Row { kind, slug, id, syndicatable } in rows {
        if kind == "publisher" {
            known.publishers.insert(slug, (PublisherId(id), syndicatable));
        } else {
            known.categories.insert(slug, CategoryId(id));
        }
    }
    Ok(known)
}

/// What is there, and with `create` what is made now because it was not.
///
/// # Errors
/// What the database says.
pub async fn resolve(
    conn: &mut AsyncPgConnection,
    wanted_publishers: &Wanted,
    wanted_categories: &Wanted,
    create: bool,
    now: Timestamp,
) -> QueryResult<Known> {
    let known = find(conn, wanted_publishers, wanted_categories).await?;
    let new_publishers = missing(wanted_publishers, |slug| known.publishers.contains_key(slug));
    let new_categories = missing(wanted_categories, |slug| known.categories.contains_key(slug));
    if !create || (new_publishers.is_empty() && new_categories.is_empty()) {
        return Ok(known);
    }
    if !new_publishers.is_empty() {
        publishers::store::create_missing(conn, &new_publishers, now).await?;
    }
    if !new_categories.is_empty() {
        categories::store::create_missing(conn, &new_categories, now).await?;
    }
    find(conn, wanted_publishers, wanted_categories).await
}

fn missing(wanted: &Wanted, known: impl Fn(&str) -> bool) -> Vec<(String, String)> {
    let missing = wanted.iter().filter(|(slug, _)| !known(slug));
    missing.map(|(slug, name)| (slug.clone(), name.clone())).collect()
}

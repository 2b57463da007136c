//! Publishers and categories of a batch, looked up at once and created where that is allowed.

use super::items::Named;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{CategoryId, PublisherId},
};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, Bool, Text, Timestamptz, Uuid as SqlUuid},
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
    publishers: &Wanted,
    categories: &Wanted,
    create: bool,
    now: Timestamp,
) -> QueryResult<Known> {
    let known = find(conn, publishers, categories).await?;
    let new = |wanted: &Wanted, known: &dyn Fn(&str) -> bool| -> Wanted {
        let missing = wanted.iter().filter(|(slug, _)| !known(slug));
        missing.map(|(slug, name)| (slug.clone(), name.clone())).collect()
    };
    let new_publishers = new(publishers, &|slug| known.publishers.contains_key(slug));
    let new_categories = new(categories, &|slug| known.categories.contains_key(slug));
    if !create || (new_publishers.is_empty() && new_categories.is_empty()) {
        return Ok(known);
    }
    insert(conn, include_str!("sql/create_publishers.sql"), &new_publishers, now).await?;
    insert(conn, include_str!("sql/create_categories.sql"), &new_categories, now).await?;
    find(conn, publishers, categories).await
}

async fn insert(
    conn: &mut AsyncPgConnection,
    sql: &'static str,
    new: &Wanted,
    now: Timestamp,
) -> QueryResult<()> {
    if new.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = new.iter().map(|_| Uuid::now_v7()).collect();
    let (slugs, names): (Vec<_>, Vec<_>) =
        new.iter().map(|(slug, name)| (slug.as_str(), name.as_str())).unzip();
    diesel::sql_query(sql)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<Text>, _>(names)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

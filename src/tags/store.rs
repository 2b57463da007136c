//! Reads of tags, and making tags on the way.

use super::model::TagRow;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::TagId,
    schema::{listings, tags},
};
use diesel::{
    ExpressionMethods, QueryDsl, QueryResult, QueryableByName,
    dsl::exists,
    sql_types::{Array, BigInt, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Up to `limit` tags behind the one of `from` (an id of none: all), by slug.
///
/// # Errors
/// What the database says.
pub async fn after(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<TagRow>> {
    diesel::sql_query(include_str!("store/after.sql"))
        .bind::<SqlUuid, _>(from)
        .bind::<BigInt, _>(limit)
        .prepared()
        .load(&mut conn)
        .await
}

/// Up to `limit` tags before the one of `from`, by slug, the nearest first.
///
/// # Errors
/// What the database says.
pub async fn before(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<TagRow>> {
    diesel::sql_query(include_str!("store/before.sql"))
        .bind::<SqlUuid, _>(from)
        .bind::<BigInt, _>(limit)
        .prepared()
        .load(&mut conn)
        .await
}

/// The tag of this slug.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn by_slug(mut conn: &AsyncPgConnection, slug: &str) -> QueryResult<TagRow> {
    let listed = exists(listings::table.filter(listings::list.eq(tags::id)));
    let found = tags::table.filter(tags::slug.eq(slug)).filter(listed);
    found.select((tags::id, tags::slug, tags::name, tags::created_at)).first(&mut conn).await
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = SqlUuid)]
    id: TagId,
    #[diesel(sql_type = Text)]
    slug: String,
}

/// The tags of these (slug, name); those that do not exist are made with the first name given.
///
/// # Errors
/// What the database says.
pub async fn ensure(
    conn: &mut AsyncPgConnection,
    wanted: &[(String, String)],
    now: Timestamp,
) -> QueryResult<HashMap<String, TagId>> {
    // Sorted, so that two writers of the same tags cannot wait for each other.
    let mut missing: BTreeMap<&str, &str> = BTreeMap::new();
    for (slug, name) in wanted {
        missing.entry(slug).or_insert(name);
    }
    let mut known = HashMap::with_capacity(missing.len());
    // The second look finds what another transaction made since the first.
    for make in [true, false] {
        if missing.is_empty() {
            break;
        }
        let slugs: Vec<_> = missing.keys().copied().collect();
        keep(&mut known, &mut missing, find(conn, &slugs).await?);
        if make && !missing.is_empty() {
            let made = insert(conn, &missing, now).await?;
            keep(&mut known, &mut missing, made);
        }
    }
    Ok(known)
}

fn keep(known: &mut HashMap<String, TagId>, missing: &mut BTreeMap<&str, &str>, rows: Vec<Known>) {
    for row in rows {
        missing.remove(row.slug.as_str());
        known.insert(row.slug, row.id);
    }
}

async fn find(conn: &mut AsyncPgConnection, slugs: &[&str]) -> QueryResult<Vec<Known>> {
    diesel::sql_query("select id, slug from tags where slug = any($1)")
        .bind::<Array<Text>, _>(slugs)
        .prepared()
        .load(conn)
        .await
}

async fn insert(
    conn: &mut AsyncPgConnection,
    missing: &BTreeMap<&str, &str>,
    now: Timestamp,
) -> QueryResult<Vec<Known>> {
    let ids: Vec<_> = missing.iter().map(|_| TagId::new()).collect();
    let (slugs, names): (Vec<_>, Vec<_>) = missing.iter().map(|(s, n)| (*s, *n)).unzip();
    diesel::sql_query(include_str!("store/insert.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<Text>, _>(names)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .load(conn)
        .await
}

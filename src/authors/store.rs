//! Reads of authors, and making authors on the way.

use super::model::Author;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{AuthorId, PublisherId},
    schema::{authors, listings, publishers},
};
use diesel::{
    ExpressionMethods, JoinOnDsl, QueryDsl, QueryResult, QueryableByName,
    dsl::{auto_type, exists},
    sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

#[auto_type(no_type_alias)]
fn views() -> _ {
    let publisher = authors::publisher_id.eq(publishers::id);
    // Of published articles only: who writes a draft is nobody's business.
    let listed = exists(listings::table.filter(listings::list.eq(authors::id)));
    authors::table.inner_join(publishers::table.on(publisher)).filter(listed).select((
        authors::id,
        authors::name,
        (publishers::slug, (publishers::name_ko, publishers::name_en)),
        authors::created_at,
    ))
}

/// Up to `limit` authors made after the one of `from` (the nil id: all), oldest first; only those of
/// `publishers`, given by slug, unless that is empty.
///
/// # Errors
/// What the database says.
pub async fn after(
    mut conn: &AsyncPgConnection,
    of: &[String],
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<Author>> {
    let found = views().filter(authors::id.gt(from)).order(authors::id).limit(limit);
    if of.is_empty() {
        return found.load(&mut conn).await;
    }
    found.filter(publishers::slug.eq_any(of)).load(&mut conn).await
}

/// Up to `limit` authors made before the one of `from`, newest first; filtered as [`after`] does.
///
/// # Errors
/// What the database says.
pub async fn before(
    mut conn: &AsyncPgConnection,
    of: &[String],
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<Author>> {
    let found = views().filter(authors::id.lt(from)).order(authors::id.desc()).limit(limit);
    if of.is_empty() {
        return found.load(&mut conn).await;
    }
    found.filter(publishers::slug.eq_any(of)).load(&mut conn).await
}

/// The author of this id.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn find(mut conn: &AsyncPgConnection, id: AuthorId) -> QueryResult<Author> {
    views().filter(authors::id.eq(id)).first(&mut conn).await
}

#[derive(QueryableByName)]
struct Known {
    #[diesel(sql_type = SqlUuid)]
    id: AuthorId,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Text)]
    name: String,
}

type Key = (PublisherId, String);

/// The authors of these names at their publishers; those that do not exist are made.
///
/// # Errors
/// What the database says.
pub async fn ensure(
    conn: &mut AsyncPgConnection,
    wanted: &[(PublisherId, String)],
    now: Timestamp,
) -> QueryResult<HashMap<(PublisherId, String), AuthorId>> {
    // Sorted, so that two writers of the same authors cannot wait for each other.
    let mut missing: BTreeSet<Key> = wanted.iter().cloned().collect();
    let mut known = HashMap::with_capacity(missing.len());
    // The second look finds what another transaction made since the first.
    for make in [true, false] {
        if missing.is_empty() {
            break;
        }
        let found = find_all(conn, &missing).await?;
        keep(&mut known, &mut missing, found);
        if make && !missing.is_empty() {
            let made = insert(conn, &missing, now).await?;
            keep(&mut known, &mut missing, made);
        }
    }
    Ok(known)
}

fn keep(known: &mut HashMap<Key, AuthorId>, missing: &mut BTreeSet<Key>, rows: Vec<Known>) {
    for row in rows {
        let key = (row.publisher_id, row.name);
        missing.remove(&key);
        known.insert(key, row.id);
    }
}

fn columns(keys: &BTreeSet<Key>) -> (Vec<PublisherId>, Vec<&str>) {
    keys.iter().map(|(publisher, name)| (*publisher, name.as_str())).unzip()
}

async fn find_all(conn: &mut AsyncPgConnection, keys: &BTreeSet<Key>) -> QueryResult<Vec<Known>> {
    let (publishers, names) = columns(keys);
    diesel::sql_query(include_str!("store/find_all.sql"))
        .bind::<Array<SqlUuid>, _>(publishers)
        .bind::<Array<Text>, _>(names)
        .prepared()
        .load(conn)
        .await
}

async fn insert(
    conn: &mut AsyncPgConnection,
    missing: &BTreeSet<Key>,
    now: Timestamp,
) -> QueryResult<Vec<Known>> {
    let ids: Vec<_> = missing.iter().map(|_| AuthorId::new()).collect();
    let (publishers, names) = columns(missing);
    diesel::sql_query(include_str!("store/insert.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<SqlUuid>, _>(publishers)
        .bind::<Array<Text>, _>(names)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .load(conn)
        .await
}

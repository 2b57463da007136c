//! Reads and writes of publishers.

use super::model::{PublisherInput, PublisherRow};
use crate::{clock::Timestamp, db::Prepare, ids::PublisherId, schema::publishers};
use diesel::{
    ExpressionMethods, OptionalExtension, QueryDsl, QueryResult,
    sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

type Columns = (
    publishers::id,
    publishers::slug,
    (publishers::name_ko, publishers::name_en),
    publishers::url,
    publishers::syndicatable,
    publishers::revision,
    publishers::created_at,
    publishers::updated_at,
);

const COLUMNS: Columns = (
    publishers::id,
    publishers::slug,
    (publishers::name_ko, publishers::name_en),
    publishers::url,
    publishers::syndicatable,
    publishers::revision,
    publishers::created_at,
    publishers::updated_at,
);

/// Up to `limit` publishers made after the one of `from` (the nil id: all), oldest first.
///
/// # Errors
/// What the database says.
pub async fn after(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<PublisherRow>> {
    publishers::table
        .filter(publishers::id.gt(from))
        .order(publishers::id)
        .limit(limit)
        .select(COLUMNS)
        .load(&mut conn)
        .await
}

/// Up to `limit` publishers made before the one of `from`, newest first.
///
/// # Errors
/// What the database says.
pub async fn before(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<PublisherRow>> {
    publishers::table
        .filter(publishers::id.lt(from))
        .order(publishers::id.desc())
        .limit(limit)
        .select(COLUMNS)
        .load(&mut conn)
        .await
}

/// The publisher of this slug.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn by_slug(mut conn: &AsyncPgConnection, slug: &str) -> QueryResult<PublisherRow> {
    let found = publishers::table.filter(publishers::slug.eq(slug)).select(COLUMNS);
    found.first(&mut conn).await
}

/// The publishers of these slugs, in no order; those that do not exist are missing.
///
/// # Errors
/// What the database says.
pub async fn by_slugs(
    mut conn: &AsyncPgConnection,
    slugs: &[String],
) -> QueryResult<Vec<PublisherRow>> {
    let found = publishers::table.filter(publishers::slug.eq_any(slugs)).select(COLUMNS);
    found.load(&mut conn).await
}

/// The publishers of these ids, in no order.
///
/// # Errors
/// What the database says.
pub async fn by_ids(
    mut conn: &AsyncPgConnection,
    ids: &[PublisherId],
) -> QueryResult<Vec<PublisherRow>> {
    let found = publishers::table.filter(publishers::id.eq_any(ids)).select(COLUMNS);
    found.load(&mut conn).await
}

/// The publisher of this slug, held against other writers until the transaction ends.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn hold(conn: &mut AsyncPgConnection, slug: &str) -> QueryResult<PublisherRow> {
    let found = publishers::table.filter(publishers::slug.eq(slug)).select(COLUMNS);
    found.for_update().first(conn).await
}

/// Creates a publisher; `None` when its slug is taken.
///
/// # Errors
/// What the database says.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    input: &PublisherInput,
    now: Timestamp,
) -> QueryResult<Option<PublisherRow>> {
    diesel::insert_into(publishers::table)
        .values((
            publishers::id.eq(PublisherId::new()),
            publishers::slug.eq(&input.slug),
            publishers::name_ko.eq(&input.name.ko),
            publishers::name_en.eq(&input.name.en),
            publishers::url.eq(&input.url),
            publishers::syndicatable.eq(input.rights.syndicatable),
            publishers::created_at.eq(now),
            publishers::updated_at.eq(now),
        ))
        .on_conflict(publishers::slug)
        .do_nothing()
        .returning(COLUMNS)
        .get_result(conn)
        .await
        .optional()
}

/// Writes everything but the slug, as the next revision.
///
/// # Errors
/// What the database says.
pub async fn update(
    conn: &mut AsyncPgConnection,
    id: PublisherId,
    input: &PublisherInput,
    now: Timestamp,
) -> QueryResult<PublisherRow> {
    diesel::update(publishers::table.filter(publishers::id.eq(id)))
        .set((
            publishers::name_ko.eq(&input.name.ko),
            publishers::name_en.eq(&input.name.en),
            publishers::url.eq(&input.url),
            publishers::syndicatable.eq(input.rights.syndicatable),
            publishers::revision.eq(publishers::revision + 1),
            publishers::updated_at.eq(now),
        ))
        .returning(COLUMNS)
        .get_result(conn)
        .await
}

/// Deletes a publisher with its authors and revoked keys.
///
/// # Errors
/// A foreign key violation when articles, keys that are not revoked or imports refer to it.
pub async fn delete(conn: &mut AsyncPgConnection, id: PublisherId) -> QueryResult<()> {
    for statement in [
        include_str!("store/delete_authors.sql"),
        include_str!("store/delete_revoked_keys.sql"),
        "delete from publishers where id = $1",
    ] {
        diesel::sql_query(statement).bind::<SqlUuid, _>(id).prepared().execute(conn).await?;
    }
    Ok(())
}

/// Creates those of these (slug, name) that do not exist, and returns all of them, in no order. The
/// one name stands for both languages.
///
/// # Errors
/// What the database says.
pub async fn create_missing(
    conn: &mut AsyncPgConnection,
    wanted: &[(String, String)],
    now: Timestamp,
) -> QueryResult<Vec<PublisherRow>> {
    // In one order, so that two writers of the same slugs cannot wait for each other.
    let mut sorted: Vec<_> = wanted.iter().collect();
    sorted.sort();
    sorted.dedup_by(|a, b| a.0 == b.0);
    let ids: Vec<PublisherId> = sorted.iter().map(|_| PublisherId::new()).collect();
    let (slugs, names): (Vec<String>, Vec<&str>) =
        sorted.into_iter().map(|(slug, name)| (slug.clone(), name.as_str())).unzip();
    diesel::sql_query(include_str!("store/create_missing.sql"))
        .bind::<Array<SqlUuid>, _>(&ids)
        .bind::<Array<Text>, _>(&slugs)
        .bind::<Array<Text>, _>(&names)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    by_slugs(conn, &slugs).await
}

//! Reads and writes: of API keys here; `people`, `sessions`, `mailed`,
//! `failures` of accounts.

pub mod failures;
pub mod mailed;
pub mod people;
pub mod sessions;

use super::{
    model::{ApiKeyRow, NewKey},
    secret::Secret,
};
use crate::{
    clock::Timestamp,
    error::Result,
    ids::{ApiKeyId, PublisherId},
    schema::{api_keys, publishers},
};
use diesel::{
    BoolExpressionMethods, ExpressionMethods, JoinOnDsl, NullableExpressionMethods,
    OptionalExtension, QueryDsl, QueryResult, TextExpressionMethods, dsl::auto_type,
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[auto_type(no_type_alias)]
fn keys() -> _ {
    let bound_to = api_keys::publisher_id.eq(publishers::id.nullable());
    api_keys::table.left_join(publishers::table.on(bound_to)).select((
        api_keys::id,
        api_keys::name,
        api_keys::prefix,
        api_keys::scopes,
        api_keys::publisher_id,
        publishers::slug.nullable(),
        api_keys::created_at,
        api_keys::expires_at,
        api_keys::revoked_at,
        api_keys::last_used_at,
    ))
}

/// Up to `limit` keys issued after the one of `from` (the nil id: all), oldest first.
///
/// # Errors
/// What the database says.
pub async fn after(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<ApiKeyRow>> {
    let found = keys().filter(api_keys::id.gt(from)).order(api_keys::id);
    found.limit(limit).load(&mut conn).await
}

/// Up to `limit` keys issued before the one of `from`, newest first.
///
/// # Errors
/// What the database says.
pub async fn before(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    limit: i64,
) -> QueryResult<Vec<ApiKeyRow>> {
    let found = keys().filter(api_keys::id.lt(from)).order(api_keys::id.desc());
    found.limit(limit).load(&mut conn).await
}

/// Every key, oldest first.
///
/// # Errors
/// What the database says.
pub async fn list(mut conn: &AsyncPgConnection) -> QueryResult<Vec<ApiKeyRow>> {
    keys().order(api_keys::id).load(&mut conn).await
}

/// The key of this id.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn find(mut conn: &AsyncPgConnection, id: ApiKeyId) -> QueryResult<ApiKeyRow> {
    keys().filter(api_keys::id.eq(id)).first(&mut conn).await
}

/// The keys that `text` names: by the whole id, or by the beginning of the key.
///
/// # Errors
/// What the database says.
pub async fn named(mut conn: &AsyncPgConnection, text: &str) -> QueryResult<Vec<ApiKeyRow>> {
    if let Ok(id) = text.parse::<ApiKeyId>() {
        return keys().filter(api_keys::id.eq(id)).load(&mut conn).await;
    }
    let escaped = text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    let found = keys().filter(api_keys::prefix.like(format!("{escaped}%")));
    found.order(api_keys::id).load(&mut conn).await
}

/// The key with this SHA-256, if it is valid at `now`.
///
/// # Errors
/// What the database says.
pub async fn by_hash(
    mut conn: &AsyncPgConnection,
    hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<ApiKeyRow>> {
    keys()
        .filter(api_keys::secret_hash.eq(hash))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
        .first(&mut conn)
        .await
        .optional()
}

/// The publisher of this slug.
///
/// # Errors
/// What the database says.
pub async fn publisher(
    mut conn: &AsyncPgConnection,
    slug: &str,
) -> QueryResult<Option<PublisherId>> {
    let found = publishers::table.filter(publishers::slug.eq(slug)).select(publishers::id);
    found.first(&mut conn).await.optional()
}

/// Makes a key. The secret is nowhere else.
///
/// # Errors
/// What the database says, a fault of [`NewKey::check`], or that the system gives no randomness.
pub async fn create(
    conn: &mut AsyncPgConnection,
    new: &NewKey,
    now: Timestamp,
) -> Result<(ApiKeyId, Secret)> {
    new.check()?;
    let (id, secret) = (ApiKeyId::new(), Secret::generate()?);
    let scopes: Vec<_> = new.scopes.iter().map(|scope| scope.name()).collect();
    diesel::insert_into(api_keys::table)
        .values((
            api_keys::id.eq(id),
            api_keys::name.eq(&new.name),
            api_keys::prefix.eq(secret.prefix()),
            api_keys::secret_hash.eq(&secret.hash()[..]),
            api_keys::scopes.eq(scopes),
            api_keys::publisher_id.eq(new.publisher),
            api_keys::created_at.eq(now),
            api_keys::expires_at.eq(new.expires_at),
        ))
        .execute(conn)
        .await?;
    Ok((id, secret))
}

/// Ends a key now, if it was not revoked before; whether there is such a key.
///
/// # Errors
/// What the database says.
pub async fn revoke(
    conn: &mut AsyncPgConnection,
    id: ApiKeyId,
    now: Timestamp,
) -> QueryResult<bool> {
    let key = api_keys::table.filter(api_keys::id.eq(id));
    let revoked_at =
        diesel::dsl::sql::<diesel::sql_types::Nullable<diesel::sql_types::Timestamptz>>(
            "coalesce(revoked_at, ",
        )
        .bind::<diesel::sql_types::Timestamptz, _>(now)
        .sql(")");
    let changed =
        diesel::update(key).set(api_keys::revoked_at.eq(revoked_at)).execute(conn).await?;
    Ok(changed > 0)
}

/// Notes that a key was used at `now`, unless it was noted since `noted`.
///
/// # Errors
/// What the database says.
pub async fn touch(
    mut conn: &AsyncPgConnection,
    id: ApiKeyId,
    now: Timestamp,
    noted: Timestamp,
) -> QueryResult<usize> {
    let stale = api_keys::last_used_at.is_null().or(api_keys::last_used_at.lt(noted));
    diesel::update(api_keys::table.filter(api_keys::id.eq(id)).filter(stale))
        .set(api_keys::last_used_at.eq(now))
        .execute(&mut conn)
        .await
}

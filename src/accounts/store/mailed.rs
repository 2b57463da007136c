//! Tokens sent by mail, and registrations that wait for one.

use super::super::{model::person::DisplayName, secret::Secret};
use crate::{clock::Timestamp, db::Prepare, http::auth::secret_hash, ids::AccountId};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Bytea, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

#[derive(QueryableByName)]
struct Owner {
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
}

/// Who waits for the mail that makes them an account.
#[derive(Debug, QueryableByName)]
#[expect(missing_docs, reason = "the columns")]
pub struct Registration {
    #[diesel(sql_type = Text)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub display_name: String,
    #[diesel(sql_type = Text)]
    pub name_key: String,
    #[diesel(sql_type = Text)]
    pub password_hash: String,
}

/// Puts down who wants an account until `end`.
///
/// # Errors
/// What the database says.
pub async fn add_registration(
    conn: &mut AsyncPgConnection,
    email: &str,
    name: &DisplayName,
    password_hash: &str,
    token: &Secret,
    (now, end): (Timestamp, Timestamp),
) -> QueryResult<usize> {
    diesel::sql_query("insert into registrations values ($1, $2, $3, $4, $5, $6, $7)")
        .bind::<Bytea, _>(token.hash().to_vec())
        .bind::<Text, _>(email)
        .bind::<Text, _>(&name.text)
        .bind::<Text, _>(&name.key)
        .bind::<Text, _>(password_hash)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(end)
        .prepared()
        .execute(conn)
        .await
}

/// How many registrations of an address were put down after `since`.
///
/// # Errors
/// What the database says.
pub async fn registrations_since(
    mut conn: &AsyncPgConnection,
    email: &str,
    since: Timestamp,
) -> QueryResult<i64> {
    let row: Count = diesel::sql_query(
        "select count(*) as count from registrations where email = $1 and created_at > $2",
    )
    .bind::<Text, _>(email)
    .bind::<Timestamptz, _>(since)
    .prepared()
    .get_result(&mut conn)
    .await?;
    Ok(row.count)
}

/// Takes the registration of a token away.
///
/// # Errors
/// What the database says.
pub async fn take_registration(
    conn: &mut AsyncPgConnection,
    token: &str,
    now: Timestamp,
) -> QueryResult<Option<Registration>> {
    diesel::sql_query(
        "delete from registrations where token_hash = $1 and expires_at > $2
         returning email, display_name, name_key, password_hash",
    )
    .bind::<Bytea, _>(secret_hash(token).to_vec())
    .bind::<Timestamptz, _>(now)
    .prepared()
    .get_result(conn)
    .await
    .optional()
}

/// Forgets every registration of an address.
///
/// # Errors
/// What the database says.
pub async fn forget_registrations(conn: &mut AsyncPgConnection, email: &str) -> QueryResult<usize> {
    diesel::sql_query("delete from registrations where email = $1")
        .bind::<Text, _>(email)
        .prepared()
        .execute(conn)
        .await
}

/// Lets `token` set a new password until `end`.
///
/// # Errors
/// What the database says.
pub async fn add_reset(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    token: &Secret,
    now: Timestamp,
    end: Timestamp,
) -> QueryResult<usize> {
    diesel::sql_query("insert into reset_tokens values ($1, $2, $3, $4)")
        .bind::<Bytea, _>(token.hash().to_vec())
        .bind::<SqlUuid, _>(account)
        .bind::<Timestamptz, _>(now)
        .bind::<Timestamptz, _>(end)
        .prepared()
        .execute(conn)
        .await
}

/// How many tokens for a new password an account got after `since`.
///
/// # Errors
/// What the database says.
pub async fn resets_since(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    since: Timestamp,
) -> QueryResult<i64> {
    let row: Count = diesel::sql_query(
        "select count(*) as count from reset_tokens where account_id = $1 and created_at > $2",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Timestamptz, _>(since)
    .prepared()
    .get_result(&mut conn)
    .await?;
    Ok(row.count)
}

/// Whose a token for a new password is.
///
/// # Errors
/// What the database says.
pub async fn reset_of(
    mut conn: &AsyncPgConnection,
    token: &str,
    now: Timestamp,
) -> QueryResult<Option<AccountId>> {
    let row: Option<Owner> = diesel::sql_query(
        "select account_id from reset_tokens where token_hash = $1 and expires_at > $2",
    )
    .bind::<Bytea, _>(secret_hash(token).to_vec())
    .bind::<Timestamptz, _>(now)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(row.map(|row| row.account_id))
}

/// Uses up a token for a new password; whether it was still there.
///
/// # Errors
/// What the database says.
pub async fn take_reset(
    conn: &mut AsyncPgConnection,
    token: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let taken =
        diesel::sql_query("delete from reset_tokens where token_hash = $1 and expires_at > $2")
            .bind::<Bytea, _>(secret_hash(token).to_vec())
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?;
    Ok(taken > 0)
}

/// Forgets every token for a new password of an account.
///
/// # Errors
/// What the database says.
pub async fn forget_resets(conn: &mut AsyncPgConnection, account: AccountId) -> QueryResult<usize> {
    diesel::sql_query("delete from reset_tokens where account_id = $1")
        .bind::<SqlUuid, _>(account)
        .prepared()
        .execute(conn)
        .await
}

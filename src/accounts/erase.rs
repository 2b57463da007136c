//! Forgetting a person. The account's row and id stay, so that what hangs on it keeps its place.

use super::{Tools, staff};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Error, Result, What},
    ids::AccountId,
};
use diesel::{
    OptionalExtension, QueryableByName,
    sql_types::{Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use sha2::{Digest, Sha256};

#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = Nullable<Text>)]
    email: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    issuer: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    subject: Option<String>,
}

/// The hash under which an erased person of an external issuer is remembered, so that a token from before
/// does not make them an account again.
#[must_use]
pub fn subject_hash(issuer: &str, subject: &str) -> Vec<u8> {
    Sha256::digest(format!("{issuer}\0{subject}")).to_vec()
}

/// Erases an account, in the caller's transaction: address, name, password, roles, log-ins, tokens, stored
/// answers and notes go at once; the address and the name are free again. What the account wrote is for
/// those who keep it: the caller erases that in the same transaction.
///
/// # Errors
/// 404 for an account that is not there (any more), 409 for the last admin, and what the database says.
pub async fn erase(
    conn: &mut AsyncPgConnection,
    tools: &Tools,
    id: AccountId,
    now: Timestamp,
) -> Result<()> {
    staff::must_not_be_the_last_admin(conn, id).await?;
    let held: Option<Held> = diesel::sql_query(
        "select email, issuer, subject from accounts where id = $1 and erased_at is null for update",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    let held = held.ok_or_else(|| Error::not_found(What::Account))?;
    if let Some(email) = &held.email {
        let everywhere = tools.everywhere(email).await?;
        super::store::failures::forgive_everywhere(conn, &everywhere).await?;
        super::store::mailed::forget_registrations(conn, email).await?;
    }
    if let (Some(issuer), Some(subject)) = (&held.issuer, &held.subject) {
        diesel::sql_query(
            "insert into erased_subjects values ($1, $2)
             on conflict (subject_hash) do update set erased_at = excluded.erased_at",
        )
        .bind::<Bytea, _>(subject_hash(issuer, subject))
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    }
    diesel::sql_query(
        "update accounts
            set email = null, display_name = null, name_key = null, password_hash = null, issuer = null,
                subject = null, roles = '{}', changed_at = $2, erased_at = $2
          where id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    for statement in [
        "delete from sessions where account_id = $1",
        "delete from reset_tokens where account_id = $1",
        "delete from idempotency_keys where principal = $1::text",
        "update sanctions set note = null where account_id = $1",
    ] {
        diesel::sql_query(statement).bind::<SqlUuid, _>(id).prepared().execute(conn).await?;
    }
    Ok(())
}

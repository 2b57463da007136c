//! Accounts of people whom an external issuer knows: made when they first come.

use super::{
    erase::subject_hash,
    jwt::Claimed,
    model::{
        person::{DisplayName, NAME_MAX},
        session::PersonRow,
    },
    secret::random,
    store::people::{self, NewPerson},
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Error, Result},
    text::cleaned_line,
};
use diesel::sql_types::{Bytea, Nullable, Timestamptz};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// How often a made-up name may be taken.
const TRIES: u32 = 4;

/// The account of whom a token speaks. Made on first use, once, whoever else makes it at the same time.
/// `None` when they were erased after the token was made.
///
/// # Errors
/// What the database says, or that the system gives no randomness.
pub async fn account(
    conn: &mut AsyncPgConnection,
    claimed: &Claimed,
    reserved: &[String],
    now: Timestamp,
) -> Result<Option<PersonRow>> {
    let (issuer, subject) = (claimed.issuer.as_str(), claimed.subject.as_str());
    if let Some(row) = people::by_subject(conn, issuer, subject, now).await? {
        return Ok(Some(row));
    }
    if was_erased(conn, claimed).await? {
        return Ok(None);
    }
    let mut name = claimed.name.as_deref().and_then(|name| taken_over(name, reserved));
    for _ in 0..TRIES {
        let given = match name.take() {
            Some(given) => given,
            None => made_up()?,
        };
        let new = NewPerson {
            email: None,
            name: &given,
            password_hash: None,
            subject: Some((issuer, subject)),
            roles: &[],
        };
        // Without an id somebody else was faster with the same person.
        if people::insert(conn, &new, now).await?.is_ok() {
            return Ok(people::by_subject(conn, issuer, subject, now).await?);
        }
    }
    Err(Error::internal("no name was free for an account of an external issuer"))
}

/// A name as the issuer has it, if a reader may have it here.
fn taken_over(name: &str, reserved: &[String]) -> Option<DisplayName> {
    let short: String = cleaned_line(name).chars().take(NAME_MAX).collect();
    let name = DisplayName::parse(short).ok()?;
    name.must_be_a_readers(reserved).is_ok().then_some(name)
}

/// A name that says nothing.
fn made_up() -> Result<DisplayName> {
    let number = u64::from_be_bytes(random::<8>()?) % 100_000_000;
    DisplayName::parse(format!("독자 {number:08}"))
        .map_err(|fault| Error::internal(fault.to_string()))
}

async fn was_erased(conn: &mut AsyncPgConnection, claimed: &Claimed) -> Result<bool> {
    let found = diesel::sql_query(
        "select from erased_subjects
          where subject_hash = $1 and ($2::timestamptz is null or erased_at >= $2)",
    )
    .bind::<Bytea, _>(subject_hash(&claimed.issuer, &claimed.subject))
    .bind::<Nullable<Timestamptz>, _>(claimed.made_at)
    .prepared()
    .execute(conn)
    .await?;
    Ok(found > 0)
}

//! Accounts: found, made, changed.

use super::super::model::{person::DisplayName, session::PersonRow};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Code, Error},
    ids::{AccountId, SessionId},
};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    result::{DatabaseErrorKind::UniqueViolation, Error as Db},
    sql_types::{Array, Bool, Bytea, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// An account, and the log-in by which it was found.
#[derive(QueryableByName)]
pub struct Found {
    /// The log-in.
    #[diesel(sql_type = SqlUuid)]
    pub session_id: SessionId,
    /// Whose it is.
    #[diesel(embed)]
    pub person: PersonRow,
}

/// Who shows this access token at `now`: nobody whose log-in ended or who was erased.
///
/// # Errors
/// What the database says.
pub async fn by_access(
    mut conn: &AsyncPgConnection,
    hash: &[u8],
    now: Timestamp,
) -> QueryResult<Option<Found>> {
    diesel::sql_query(include_str!("by_access.sql"))
        .bind::<Bytea, _>(hash)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// The account with this address of mail.
///
/// # Errors
/// What the database says.
pub async fn by_email(
    mut conn: &AsyncPgConnection,
    email: &str,
    now: Timestamp,
) -> QueryResult<Option<PersonRow>> {
    diesel::sql_query(include_str!("by_email.sql"))
        .bind::<Text, _>(email)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// The account that somebody of an external issuer has.
///
/// # Errors
/// What the database says.
pub async fn by_subject(
    mut conn: &AsyncPgConnection,
    issuer: &str,
    subject: &str,
    now: Timestamp,
) -> QueryResult<Option<PersonRow>> {
    diesel::sql_query(include_str!("by_subject.sql"))
        .bind::<Text, _>(issuer)
        .bind::<Timestamptz, _>(now)
        .bind::<Text, _>(subject)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// The account of this id, unless it was erased.
///
/// # Errors
/// What the database says.
pub async fn by_id(
    mut conn: &AsyncPgConnection,
    id: AccountId,
    now: Timestamp,
) -> QueryResult<Option<PersonRow>> {
    diesel::sql_query(include_str!("by_id.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// Why an account could not be made or named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taken {
    /// The address of mail.
    Email,
    /// The display name, or one that looks like it.
    Name,
    /// The display name, by a member of the staff.
    StaffName,
}

impl From<Taken> for Error {
    fn from(taken: Taken) -> Self {
        match taken {
            Taken::Email => Self::plain(Code::EmailTaken),
            Taken::Name => Self::plain(Code::NameTaken),
            Taken::StaffName => DisplayName::reserved().into(),
        }
    }
}

/// An account to be made.
#[derive(Debug, Clone)]
pub struct NewPerson<'a> {
    /// The address of mail; none for accounts of an external issuer.
    pub email: Option<&'a str>,
    /// What others see.
    pub name: &'a DisplayName,
    /// A PHC string; none for accounts of an external issuer.
    pub password_hash: Option<&'a str>,
    /// The issuer and the subject of an external account.
    pub subject: Option<(&'a str, &'a str)>,
    /// What it may do.
    pub roles: &'a [&'a str],
}

/// Makes an account. `None` when the issuer's subject has one already.
///
/// # Errors
/// What the database says; the inner ones are for the caller.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    new: &NewPerson<'_>,
    now: Timestamp,
) -> QueryResult<Result<Option<AccountId>, Taken>> {
    if let Some(taken) = taken(conn, new.email, &new.name.key, None).await? {
        return Ok(Err(taken));
    }
    let id = AccountId::new();
    let made = diesel::sql_query(include_str!("insert_person.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<Text>, _>(new.email)
        .bind::<Text, _>(&new.name.text)
        .bind::<Text, _>(&new.name.key)
        .bind::<Nullable<Text>, _>(new.password_hash)
        .bind::<Nullable<Text>, _>(new.subject.map(|(issuer, _)| issuer))
        .bind::<Nullable<Text>, _>(new.subject.map(|(_, subject)| subject))
        .bind::<Array<Text>, _>(new.roles)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await;
    // Whoever was faster than the look above.
    match made {
        Err(Db::DatabaseError(UniqueViolation, info)) => {
            let email = info.constraint_name().is_some_and(|name| name.contains("email"));
            Ok(Err(if email { Taken::Email } else { Taken::Name }))
        }
        made => made.map(|rows| Ok((rows > 0).then_some(id))),
    }
}

/// Gives an account another display name.
///
/// # Errors
/// What the database says; the inner ones are for the caller.
pub async fn rename(
    conn: &mut AsyncPgConnection,
    id: AccountId,
    name: &DisplayName,
    now: Timestamp,
) -> QueryResult<Result<(), Taken>> {
    if let Some(taken) = taken(conn, None, &name.key, Some(id)).await? {
        return Ok(Err(taken));
    }
    let changed = diesel::sql_query(
        "update accounts set display_name = $2, name_key = $3, changed_at = $4
         where id = $1 and erased_at is null",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&name.text)
    .bind::<Text, _>(&name.key)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await;
    match changed {
        Err(Db::DatabaseError(UniqueViolation, _)) => Ok(Err(Taken::Name)),
        changed => changed.map(|_| Ok(())),
    }
}

#[derive(QueryableByName)]
struct Holder {
    #[diesel(sql_type = Bool)]
    has_email: bool,
    #[diesel(sql_type = Bool)]
    is_staff: bool,
}

/// Whether an account other than `own` has the address or a name of this key.
///
/// # Errors
/// What the database says.
pub async fn taken(
    mut conn: &AsyncPgConnection,
    email: Option<&str>,
    name_key: &str,
    own: Option<AccountId>,
) -> QueryResult<Option<Taken>> {
    let holders: Vec<Holder> = diesel::sql_query(include_str!("taken.sql"))
        .bind::<Nullable<Text>, _>(email)
        .bind::<Text, _>(name_key)
        .bind::<Nullable<SqlUuid>, _>(own)
        .prepared()
        .load(&mut conn)
        .await?;
    let of = |holder: &Holder| match (holder.has_email, holder.is_staff) {
        (true, _) => Taken::Email,
        (false, true) => Taken::StaffName,
        (false, false) => Taken::Name,
    };
    // The address first: it is what a registration is about.
    let holders = holders.as_slice();
    let first = holders.iter().find(|holder| holder.has_email).or(holders.first());
    Ok(first.map(of))
}

/// Holds an account whose password is still the one of `hash`; whether there is one.
///
/// # Errors
/// What the database says.
pub async fn hold_while(
    conn: &mut AsyncPgConnection,
    id: AccountId,
    hash: &str,
) -> QueryResult<bool> {
    let held = diesel::sql_query(
        "select from accounts where id = $1 and password_hash = $2 for no key update",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(hash)
    .prepared()
    .execute(conn)
    .await?;
    Ok(held > 0)
}

/// Sets the password; whether there is such an account.
///
/// # Errors
/// What the database says.
pub async fn set_password(
    conn: &mut AsyncPgConnection,
    id: AccountId,
    hash: &str,
    now: Timestamp,
) -> QueryResult<bool> {
    let changed = diesel::sql_query(
        "update accounts set password_hash = $2, changed_at = $3
         where id = $1 and erased_at is null and issuer is null",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(hash)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    Ok(changed > 0)
}

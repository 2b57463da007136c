//! Who of the accounts is staff.

use crate::{
    clock::Timestamp,
    db::Prepare,
    error::{Code, Error, Result},
    http::auth::Role,
    ids::AccountId,
};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// An account with its roles.
#[derive(Debug, Clone, QueryableByName)]
pub struct StaffRow {
    /// The account.
    #[diesel(sql_type = SqlUuid)]
    pub id: AccountId,
    /// What others see.
    #[diesel(sql_type = Text)]
    pub display_name: String,
    /// Where mail goes; none for accounts of an external issuer.
    #[diesel(sql_type = Nullable<Text>)]
    pub email: Option<String>,
    /// Its roles, by name.
    #[diesel(sql_type = Array<Text>)]
    pub roles: Vec<String>,
    /// When it was made.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

impl StaffRow {
    /// Its roles; those that this version does not know grant nothing.
    #[must_use]
    pub fn roles(&self) -> Vec<Role> {
        self.roles.iter().filter_map(|name| name.parse().ok()).collect()
    }
}

#[derive(QueryableByName)]
struct Flag {
    #[diesel(sql_type = Bool)]
    flag: bool,
}

/// Up to `limit` members of the staff on one side of the one of `from` (the nil id: all), nearest first.
///
/// # Errors
/// What the database says.
pub async fn list(
    mut conn: &AsyncPgConnection,
    from: Uuid,
    backward: bool,
    limit: i64,
) -> QueryResult<Vec<StaffRow>> {
    let statement = if backward {
        "select id, display_name, email, roles, created_at from accounts
          where roles <> '{}' and id < $1 order by id desc limit $2"
    } else {
        "select id, display_name, email, roles, created_at from accounts
          where roles <> '{}' and id > $1 order by id limit $2"
    };
    diesel::sql_query(statement)
        .bind::<SqlUuid, _>(from)
        .bind::<BigInt, _>(limit)
        .prepared()
        .load(&mut conn)
        .await
}

/// An account with its roles, which may be none.
///
/// # Errors
/// `NotFound`, and what the database says.
pub async fn find(mut conn: &AsyncPgConnection, id: AccountId) -> QueryResult<StaffRow> {
    diesel::sql_query(
        "select id, display_name, email, roles, created_at from accounts
          where id = $1 and erased_at is null",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(&mut conn)
    .await
}

/// Gives an account these roles and no others. `None` when there is no such account.
///
/// # Errors
/// 409 when nobody would be left who is an admin, and what the database says.
pub async fn set_roles(
    conn: &mut AsyncPgConnection,
    id: AccountId,
    roles: &[Role],
    now: Timestamp,
) -> Result<Option<StaffRow>> {
    if !roles.contains(&Role::Admin) {
        must_not_be_the_last_admin(conn, id).await?;
    }
    let names: Vec<_> = roles.iter().map(|role| role.name()).collect();
    let row = diesel::sql_query(
        "update accounts set roles = $2, changed_at = $3 where id = $1 and erased_at is null
         returning id, display_name, email, roles, created_at",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Array<Text>, _>(names)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(row)
}

/// Holds until the end of the transaction that no other takes an admin away.
///
/// # Errors
/// 409 when the account is the only one with the role, and what the database says.
pub async fn must_not_be_the_last_admin(conn: &mut AsyncPgConnection, id: AccountId) -> Result<()> {
    // One after the other: two admins who take each other's role away at once would leave none.
    diesel::sql_query("select pg_advisory_xact_lock(hashtext('accounts.admins'))")
        .prepared()
        .execute(conn)
        .await?;
    let last: Flag = diesel::sql_query(
        "select exists (select from accounts where id = $1 and 'admin' = any(roles))
                and not exists (select from accounts where id <> $1 and 'admin' = any(roles)) as flag",
    )
    .bind::<SqlUuid, _>(id)
    .prepared()
    .get_result(conn)
    .await?;
    if last.flag { Err(Error::plain(Code::LastAdmin)) } else { Ok(()) }
}

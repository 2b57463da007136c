//! What moderators decide about people: suspended until a time, or banned. Inside the caller's transaction,
//! and in force at the next request of whom it is about.

use super::store::sessions;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{AccountId, SanctionId},
};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Reading and one's own data stay open until then; taking part does not.
    Suspend {
        /// When it ends by itself.
        until: Timestamp,
    },
    /// Every log-in ends, and there is no other.
    Ban,
}

impl Measure {
    /// Its name in the database and on the wire: `suspend` or `ban`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Suspend { .. } => "suspend",
            Self::Ban => "ban",
        }
    }

    fn until(self) -> Option<Timestamp> {
        match self {
            Self::Suspend { until } => Some(until),
            Self::Ban => None,
        }
    }
}

/// A sanction to be imposed.
#[derive(Debug, Clone)]
pub struct NewSanction<'a> {
    /// On whom.
    pub account: AccountId,
    /// What.
    pub measure: Measure,
    /// Why, for programs.
    pub reason_code: &'a str,
    /// Why, for moderators alone.
    pub note: Option<&'a str>,
    /// Who decided, as records name them.
    pub by: &'a str,
}

/// A sanction as it is stored.
#[derive(Debug, Clone, QueryableByName)]
pub struct Sanction {
    /// The sanction.
    #[diesel(sql_type = SqlUuid)]
    pub id: SanctionId,
    /// On whom.
    #[diesel(sql_type = SqlUuid)]
    pub account_id: AccountId,
    /// `suspend` or `ban`.
    #[diesel(sql_type = Text)]
    pub kind: String,
    /// Why, for programs.
    #[diesel(sql_type = Text)]
    pub reason_code: String,
    /// Why, for moderators alone.
    #[diesel(sql_type = Nullable<Text>)]
    pub note: Option<String>,
    /// When a suspension ends by itself; none for a ban.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub until: Option<Timestamp>,
    /// When it was decided.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
    /// Who decided.
    #[diesel(sql_type = Text)]
    pub created_by: String,
    /// When it was taken back.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub lifted_at: Option<Timestamp>,
    /// Who took it back.
    #[diesel(sql_type = Nullable<Text>)]
    pub lifted_by: Option<String>,
}

impl Sanction {
    /// Whether it is in force at `now`.
    #[must_use]
    pub fn is_active(&self, now: Timestamp) -> bool {
        self.lifted_at.is_none() && self.until.is_none_or(|until| until > now)
    }
}

/// Imposes a sanction. `None` when there is no such account, or it was erased. A ban ends every log-in.
///
/// # Errors
/// What the database says.
pub async fn impose(
    conn: &mut AsyncPgConnection,
    new: &NewSanction<'_>,
    now: Timestamp,
) -> QueryResult<Option<Sanction>> {
    let imposed: Option<Sanction> = diesel::sql_query(
        "insert into sanctions (id, account_id, kind, reason_code, note, until, created_at, created_by)
         select $1, a.id, $3, $4, $5, $6, $7, $8 from accounts a where a.id = $2 and a.erased_at is null
         returning *",
    )
    .bind::<SqlUuid, _>(SanctionId::new())
    .bind::<SqlUuid, _>(new.account)
    .bind::<Text, _>(new.measure.name())
    .bind::<Text, _>(new.reason_code)
    .bind::<Nullable<Text>, _>(new.note)
    .bind::<Nullable<Timestamptz>, _>(new.measure.until())
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(new.by)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    if imposed.is_some() && new.measure == Measure::Ban {
        sessions::end(conn, new.account, None, None, now).await?;
    }
    Ok(imposed)
}

/// Takes a sanction back, if nobody did before. `None` when there is no such sanction.
///
/// # Errors
/// What the database says.
pub async fn lift(
    conn: &mut AsyncPgConnection,
    id: SanctionId,
    by: &str,
    now: Timestamp,
) -> QueryResult<Option<Sanction>> {
    diesel::sql_query(
        "update sanctions set lifted_at = coalesce(lifted_at, $2), lifted_by = coalesce(lifted_by, $3)
          where id = $1 returning *",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(by)
    .prepared()
    .get_result(conn)
    .await
    .optional()
}

/// One sanction.
///
/// # Errors
/// What the database says.
pub async fn find(mut conn: &AsyncPgConnection, id: SanctionId) -> QueryResult<Option<Sanction>> {
    diesel::sql_query("select * from sanctions where id = $1")
        .bind::<SqlUuid, _>(id)
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()
}

/// Up to `limit` sanctions of an account before the one of `before` (all: none), newest first.
///
/// # Errors
/// What the database says.
pub async fn history(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    before: Option<SanctionId>,
    limit: i64,
) -> QueryResult<Vec<Sanction>> {
    diesel::sql_query(
        "select * from sanctions where account_id = $1 and ($2::uuid is null or id < $2)
          order by id desc limit $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(before)
    .bind::<BigInt, _>(limit)
    .prepared()
    .load(&mut conn)
    .await
}

/// Up to `limit` sanctions of an account after the one of `after`, oldest first.
///
/// # Errors
/// What the database says.
pub async fn later(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    after: Option<SanctionId>,
    limit: i64,
) -> QueryResult<Vec<Sanction>> {
    diesel::sql_query(
        "select * from sanctions where account_id = $1 and ($2::uuid is null or id > $2)
          order by id limit $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(after)
    .bind::<BigInt, _>(limit)
    .prepared()
    .load(&mut conn)
    .await
}

/// The sanctions of an account that are in force at `now`, newest first.
///
/// # Errors
/// What the database says.
pub async fn active(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Vec<Sanction>> {
    diesel::sql_query(
        "select * from sanctions
          where account_id = $1 and lifted_at is null and (until is null or until > $2)
          order by id desc",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .load(&mut conn)
    .await
}

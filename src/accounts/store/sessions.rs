//! Log-ins and their tokens: made, refreshed, ended, forgotten.

use super::super::{
    model::session::{FreshTokens, SessionRow},
    secret::{ACCESS, REFRESH, Secret},
};
use crate::{
    clock::Timestamp,
    config::Accounts,
    db::Prepare,
    error::Result,
    http::auth::secret_hash,
    ids::{AccountId, SessionId},
};
use diesel::{
    OptionalExtension, QueryResult, QueryableByName,
    sql_types::{BigInt, Bytea, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// A pair of tokens that nobody has yet.
struct Pair {
    access: Secret,
    refresh: Secret,
}

impl Pair {
    fn new() -> Result<Self> {
        Ok(Self { access: Secret::of(ACCESS)?, refresh: Secret::of(REFRESH)? })
    }

    fn tokens(self, session: SessionId, now: Timestamp, settings: &Accounts) -> FreshTokens {
        FreshTokens {
            session,
            access: self.access.reveal().to_owned(),
            access_expires_at: access_end(now, settings),
            refresh: self.refresh.reveal().to_owned(),
            refresh_expires_at: refresh_end(now, settings),
        }
    }
}

fn access_end(now: Timestamp, settings: &Accounts) -> Timestamp {
    now.plus_minutes(i64::from(settings.access_minutes))
}

fn refresh_end(now: Timestamp, settings: &Accounts) -> Timestamp {
    now.plus_minutes(i64::from(settings.refresh_days) * 1440)
}

/// Logs an account in; its oldest log-ins beyond the number of the settings end.
///
/// # Errors
/// What the database says, or that the system gives no randomness.
pub async fn open(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    settings: &Accounts,
    now: Timestamp,
) -> Result<FreshTokens> {
    let (id, pair) = (SessionId::new(), Pair::new()?);
    diesel::sql_query(include_str!("open_session.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<SqlUuid, _>(account)
        .bind::<Bytea, _>(pair.access.hash().to_vec())
        .bind::<Timestamptz, _>(access_end(now, settings))
        .bind::<Bytea, _>(pair.refresh.hash().to_vec())
        .bind::<Timestamptz, _>(refresh_end(now, settings))
        .bind::<Timestamptz, _>(now)
        .bind::<BigInt, _>(i64::from(settings.sessions))
        .prepared()
        .execute(conn)
        .await?;
    Ok(pair.tokens(id, now, settings))
}

/// What became of a refresh token that was shown.
#[derive(Debug)]
pub enum Refreshed {
    /// It was changed for the next pair.
    Fresh(FreshTokens, AccountId),
    /// It is nobody's, or has ended.
    Unknown,
    /// It was changed before: its whole log-in is ended.
    Reused(SessionId),
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = SqlUuid)]
    id: SessionId,
    #[diesel(sql_type = SqlUuid)]
    account_id: AccountId,
}

/// Changes a refresh token for the next pair. Of many who show one at the same moment one gets a pair, and
/// the others end the log-in. To be committed whatever it returns.
///
/// # Errors
/// What the database says, or that the system gives no randomness.
pub async fn refresh(
    conn: &mut AsyncPgConnection,
    token: &str,
    settings: &Accounts,
    now: Timestamp,
) -> Result<Refreshed> {
    let (old, pair) = (secret_hash(token).to_vec(), Pair::new()?);
    // The row is locked by the first who comes; the others find another hash in it.
    let line: Option<Line> = diesel::sql_query(include_str!("refresh_session.sql"))
        .bind::<Bytea, _>(&old)
        .bind::<Bytea, _>(pair.access.hash().to_vec())
        .bind::<Timestamptz, _>(access_end(now, settings))
        .bind::<Bytea, _>(pair.refresh.hash().to_vec())
        .bind::<Timestamptz, _>(refresh_end(now, settings))
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result(conn)
        .await
        .optional()?;
    if let Some(line) = line {
        diesel::sql_query("insert into spent_refresh_tokens values ($1, $2, $3)")
            .bind::<Bytea, _>(&old)
            .bind::<SqlUuid, _>(line.id)
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?;
        return Ok(Refreshed::Fresh(pair.tokens(line.id, now, settings), line.account_id));
    }
    let reused: Option<Line> = diesel::sql_query(
        "update sessions s set revoked_at = coalesce(s.revoked_at, $2)
           from spent_refresh_tokens t
          where t.token_hash = $1 and s.id = t.session_id
         returning s.id, s.account_id",
    )
    .bind::<Bytea, _>(&old)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .get_result(conn)
    .await
    .optional()?;
    Ok(reused.map_or(Refreshed::Unknown, |line| Refreshed::Reused(line.id)))
}

/// The log-ins of an account that have not ended at `now`, the latest first; there are at most 100.
///
/// # Errors
/// What the database says.
pub async fn live(
    mut conn: &AsyncPgConnection,
    account: AccountId,
    now: Timestamp,
) -> QueryResult<Vec<SessionRow>> {
    diesel::sql_query(
        "select id, created_at, refreshed_at, refresh_expires_at from sessions
          where account_id = $1 and revoked_at is null and refresh_expires_at > $2
          order by refreshed_at desc, id desc limit 100",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .load(&mut conn)
    .await
}

/// Forgets log-ins that ended, refresh tokens that were spent long ago (shown again they are nobody's), tokens
/// of mail that ended, and failures of yesterday.
///
/// # Errors
/// What the database says.
pub async fn prune(conn: &mut AsyncPgConnection, now: Timestamp) -> QueryResult<usize> {
    let mut gone = 0;
    for statement in [
        "delete from sessions where refresh_expires_at < $1 or revoked_at < $1 - interval '1 day'",
        "delete from spent_refresh_tokens where spent_at < $1 - interval '30 days'",
        "delete from registrations where expires_at < $1 and created_at < $1 - interval '1 hour'",
        "delete from reset_tokens where expires_at < $1 and created_at < $1 - interval '1 hour'",
        "delete from failed_logins where last_at < $1 - interval '1 day'",
    ] {
        let done = diesel::sql_query(statement).bind::<Timestamptz, _>(now).prepared();
        gone += done.execute(conn).await?;
    }
    Ok(gone)
}

/// Ends log-ins of an account: the one of `only`, or all but the one of `but`, or all. How many.
///
/// # Errors
/// What the database says.
pub async fn end(
    conn: &mut AsyncPgConnection,
    account: AccountId,
    only: Option<SessionId>,
    but: Option<SessionId>,
    now: Timestamp,
) -> QueryResult<usize> {
    diesel::sql_query(
        "update sessions set revoked_at = $4
          where account_id = $1 and revoked_at is null
            and ($2::uuid is null or id = $2) and id is distinct from $3",
    )
    .bind::<SqlUuid, _>(account)
    .bind::<Nullable<SqlUuid>, _>(only)
    .bind::<Nullable<SqlUuid>, _>(but)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await
}

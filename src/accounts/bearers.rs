//! Finds the principal of a request.

use super::{
    Tools, external,
    model::ApiKeyRow,
    secret::{ACCESS, KEY},
    store,
};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Conn, Pool},
    error::Result,
    http::auth::{Boxed, Principal, Principals, Who, secret_hash},
};
use std::sync::Arc;

/// Minutes between two notes that a key was used.
const NOTED_MINUTES: i64 = 10;

/// Those whom the database knows: one query a request, and one write a key every ten minutes. So whoever
/// is revoked, banned or erased is nobody at the next request.
#[derive(Clone)]
pub struct Bearers {
    pool: Pool,
    clock: Clock,
    tools: Arc<Tools>,
}

impl Bearers {
    /// The keys and accounts in the database of `pool`.
    #[must_use]
    pub fn new(pool: Pool, clock: Clock, tools: Arc<Tools>) -> Self {
        Self { pool, clock, tools }
    }

    /// The principal of the key `secret`.
    async fn by_key(&self, secret: &str) -> Result<Option<Principal>> {
        let (conn, now) = (db::get(&self.pool).await?, self.clock.now());
        let Some(row) = store::by_hash(&conn, &secret_hash(secret), now).await? else {
            return Ok(None);
        };
        note(&conn, &row, now).await;
        let scopes = row.scopes();
        let who = Who::Key(row.id);
        Ok(Some(Principal { who, name: row.name, scopes, publisher: row.publisher_id }))
    }

    /// The principal of an access token of ours.
    async fn by_access(&self, token: &str) -> Result<Option<Principal>> {
        let (conn, now) = (db::get(&self.pool).await?, self.clock.now());
        let found = store::people::by_access(&conn, &secret_hash(token), now).await?;
        let found = found.filter(|found| !found.person.banned);
        Ok(found.map(|found| found.person.principal(Some(found.session_id))))
    }

    /// The principal of a token that an external issuer made.
    async fn by_issuer(&self, token: &str) -> Result<Option<Principal>> {
        let now = self.clock.now();
        // The issuer may be asked for its keys: no connection is held meanwhile.
        let Some(claimed) = self.tools.issuers.claimed(token, now).await else {
            return Ok(None);
        };
        let mut conn = db::get(&self.pool).await?;
        let reserved = &self.tools.settings.reserved_names.0;
        let row = external::account(&mut conn, &claimed, reserved, now).await?;
        let Some(mut row) = row.filter(|row| !row.banned) else { return Ok(None) };
        let more = claimed.roles.iter().map(|role| role.name().to_owned());
        let more: Vec<_> = more.filter(|role| !row.roles.contains(role)).collect();
        row.roles.extend(more);
        Ok(Some(row.principal(None)))
    }
}

/// Failing to note is no reason to refuse the key: the database may be read-only for a while.
async fn note(conn: &Conn, row: &ApiKeyRow, now: Timestamp) {
    let noted = now.plus_minutes(-NOTED_MINUTES);
    if row.last_used_at.is_none_or(|at| at < noted)
        && let Err(error) = store::touch(conn, row.id, now, noted).await
    {
        tracing::warn!(key = %row.id, "could not note that a key was used: {error}");
    }
}

impl Principals for Bearers {
    fn by_bearer<'a>(&'a self, token: &'a str) -> Boxed<'a, Result<Option<Principal>>> {
        Box::pin(async move {
            match token.get(..3) {
                Some(KEY) => self.by_key(token).await,
                Some(ACCESS) => self.by_access(token).await,
                _ => self.by_issuer(token).await,
            }
        })
    }
}

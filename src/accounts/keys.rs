//! Finds the principal of a request.

use super::{model::ApiKeyRow, store};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Conn, Pool},
    error::Result,
    http::auth::{Boxed, Principal, Principals, Who, secret_hash},
};

/// Minutes between two notes that a key was used.
const NOTED_MINUTES: i64 = 10;

/// The keys of the database: one query a request, and one write a key every ten minutes.
#[derive(Clone)]
pub struct Keys {
    pool: Pool,
    clock: Clock,
}

impl Keys {
    /// The keys in the database of `pool`.
    #[must_use]
    pub fn new(pool: Pool, clock: Clock) -> Self {
        Self { pool, clock }
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

impl Principals for Keys {
    fn by_bearer<'a>(&'a self, token: &'a str) -> Boxed<'a, Result<Option<Principal>>> {
        Box::pin(async move {
            if token.starts_with("sk_") { self.by_key(token).await } else { Ok(None) }
        })
    }
}

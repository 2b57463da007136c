//! Finds the principal of a request.

use super::{model::ApiKeyRow, store};
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Conn, Pool},
    error::Result,
    http::auth::{Boxed, Principal, Principals},
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

    async fn find(&self, hash: [u8; 32]) -> Result<Option<Principal>> {
        let (conn, now) = (db::get(&self.pool).await?, self.clock.now());
        let Some(row) = store::by_hash(&conn, &hash, now).await? else { return Ok(None) };
        note(&conn, &row, now).await;
        let scopes = row.scopes();
        Ok(Some(Principal { id: row.id, name: row.name, scopes, publisher: row.publisher_id }))
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
    fn by_secret_hash(&self, hash: [u8; 32]) -> Boxed<'_, Result<Option<Principal>>> {
        Box::pin(self.find(hash))
    }
}

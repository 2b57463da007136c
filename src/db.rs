//! The pool, transactions with bounded retries, and constant SQL that is prepared once.

mod connect;
mod statement;

pub use connect::{connect, migrate, pool, revert_all};
pub use statement::{Prepare, Prepared};

use crate::error::{Error, Result, is_retryable};
use diesel_async::{
    AnsiTransactionManager, AsyncPgConnection, TransactionManager, pooled_connection::deadpool,
};

/// A pool of connections, each set up as [`connect()`] does.
pub type Pool = deadpool::Pool<AsyncPgConnection>;
/// A connection borrowed from a [`Pool`].
pub type Conn = deadpool::Object<AsyncPgConnection>;

type Manager = AnsiTransactionManager;

/// How often a transaction that lost to another is tried in all.
const TRIES: u32 = 4;

/// A free connection.
///
/// # Errors
/// `Unavailable` when none comes free in time or the database is away.
pub async fn get(pool: &Pool) -> Result<Conn> {
    pool.get().await.map_err(Error::unavailable)
}

/// Runs `work` in one transaction; again from its start when it loses to another by deadlock or
/// serialization, after a short pause that grows.
///
/// # Errors
/// What `work` returned last.
pub async fn transaction<T, E, F>(conn: &mut AsyncPgConnection, work: F) -> Result<T, E>
where
    F: AsyncFn(&mut AsyncPgConnection) -> Result<T, E>,
    E: From<diesel::result::Error> + Lost,
{
    let mut tries = 0;
    loop {
        tries += 1;
        match once(conn, &work).await {
            Err(error) if tries < TRIES && error.is_lost() => {
                let pause = 5 * (1 << tries) + u64::from(std::process::id() % 7);
                tokio::time::sleep(std::time::Duration::from_millis(pause)).await;
            }
            outcome => return outcome,
        }
    }
}

/// One try. Unlike diesel-async's own, its future need not be `Send`; one dropped half-way leaves a
/// connection that the pool throws away.
async fn once<T, E, F>(conn: &mut AsyncPgConnection, work: &F) -> Result<T, E>
where
    F: AsyncFn(&mut AsyncPgConnection) -> Result<T, E>,
    E: From<diesel::result::Error>,
{
    Manager::begin_transaction(conn).await?;
    match work(conn).await {
        Ok(value) => {
            Manager::commit_transaction(conn).await?;
            Ok(value)
        }
        Err(error) => {
            // The connection may be gone, and with it the transaction: the first error says why.
            let _ = Manager::rollback_transaction(conn).await;
            Err(error)
        }
    }
}

/// Whether a failure means "another transaction won, try again".
pub trait Lost {
    /// True for deadlocks and serialization failures.
    fn is_lost(&self) -> bool;
}

impl Lost for diesel::result::Error {
    fn is_lost(&self) -> bool {
        is_retryable(self)
    }
}

impl Lost for Error {
    fn is_lost(&self) -> bool {
        self.source
            .as_ref()
            .and_then(|source| source.downcast_ref::<diesel::result::Error>())
            .is_some_and(is_retryable)
    }
}

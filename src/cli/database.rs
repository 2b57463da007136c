use super::Failure;
use crate::{
    clock::{Clock, Timestamp},
    config::{Secret, Settings},
    db::{self, Pool},
    engagement,
    postgres::{DATABASE, Embedded, Options, Role},
};

/// A database to work on: the operator's, or ours, which stops with its owner.
pub struct Database {
    embedded: Option<Embedded>,
    /// Where to connect.
    pub url: String,
}

impl Database {
    /// Finds the database that `role` is to use, starting the embedded one where needed. Blocks.
    pub fn open(settings: &Settings, role: Role) -> Result<Self, Failure> {
        if let Some(Secret(url)) = &settings.database_url {
            return Ok(Self { embedded: None, url: url.clone() });
        }
        let options = Options {
            data_dir: settings.data_dir.0.clone(),
            bin_dir: settings.postgres.bin_dir.as_ref().map(|dir| dir.0.clone()),
            fast_and_unsafe: false,
            fetch: settings.postgres.fetch,
            max_connections: settings.database.pool_size + 40,
        };
        let embedded = Embedded::start(&options, role)?;
        Ok(Self { url: embedded.url(DATABASE), embedded: Some(embedded) })
    }

    /// Stops what was started.
    pub fn close(self) -> Result<(), Failure> {
        self.embedded.map_or(Ok(()), |embedded| Ok(embedded.stop()?))
    }
}

/// The runtime of every command: threads, because migrations block.
pub fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// Runs a command's work on the migrated database; `work` gets a pool and how many migrations ran.
pub fn with<F>(settings: &Settings, work: F) -> Result<(), Failure>
where
    F: AsyncFnOnce(Pool, usize) -> Result<(), Failure>,
{
    let database = Database::open(settings, Role::Command)?;
    let done = runtime()?.block_on(async {
        let ran = db::migrate(&database.url).await?;
        let pool = db::pool(&database.url, &unhurried(settings))?;
        make_partitions(&pool, Clock::system().now()).await?;
        work(pool, ran).await
    });
    let closed = database.close();
    done.and(closed)
}

/// Makes the partitions of the next days. What cannot be done now is done later, and no reason not to
/// start: until then there are default ones.
pub async fn make_partitions(pool: &Pool, now: Timestamp) -> Result<(), Failure> {
    let mut conn = db::get(pool).await?;
    if let Err(error) = engagement::make_partitions(&mut conn, now).await {
        tracing::warn!("could not make partitions: {error}");
    }
    Ok(())
}

/// A command's statements may take as long as they need; a server's may not.
fn unhurried(settings: &Settings) -> Settings {
    let mut settings = settings.clone();
    settings.timeouts.statement_ms = 600_000;
    settings.timeouts.lock_ms = 60_000;
    settings.timeouts.pool_ms = 10_000;
    settings.database.pool_size = 4;
    settings
}

use super::Pool;
use crate::{config::Settings, error::Error};
use diesel::{ConnectionError, ConnectionResult};
use diesel_async::{
    AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection,
    pooled_connection::{AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod},
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use std::{str::FromStr, time::Duration};
use tokio_postgres::config::SslMode;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations");

/// Identifies the migration among the database's advisory locks: "sosik".
const MIGRATION_LOCK: i64 = 0x73_6f73_696b;

/// A pool for `url`, with the settings' size and time limits.
///
/// # Errors
/// When the pool cannot be built; it connects only when first asked.
pub fn pool(url: &str, settings: &Settings) -> Result<Pool, Error> {
    let kinds: Vec<_> = settings.reactions.kinds.0.iter().map(|kind| kind.0.as_str()).collect();
    let options = session_options(&[
        ("statement_timeout", settings.timeouts.statement_ms.to_string()),
        ("lock_timeout", settings.timeouts.lock_ms.to_string()),
        ("idle_in_transaction_session_timeout", "5000".into()),
        // For statements that show each kind, also those without reactions.
        ("sosik.reaction_kinds", kinds.join(",")),
        // For statements that show what an article takes.
        ("sosik.comment_state", settings.comments.state.name().to_owned()),
        ("sosik.comment_length", settings.comments.max_length.to_string()),
    ]);
    let mut config = ManagerConfig::default();
    // The default asks the database "are you there?" at each checkout.
    config.recycling_method = RecyclingMethod::Fast;
    config.custom_setup = Box::new(move |url| {
        let options = options.clone();
        Box::pin(async move { connect(url, &options).await })
    });
    let manager = AsyncDieselConnectionManager::new_with_config(url, config);
    let wait = Duration::from_millis(settings.timeouts.pool_ms);
    Pool::builder(manager)
        .max_size(settings.database.pool_size as usize)
        .wait_timeout(Some(wait))
        .create_timeout(Some(wait))
        .runtime(deadpool::Runtime::Tokio1)
        .build()
        .map_err(Error::internal)
}

fn session_options(pairs: &[(&str, String)]) -> String {
    pairs.iter().map(|(name, value)| format!(" -c {name}={value}")).collect()
}

/// Opens one connection. `sslmode=require` in the address asks for TLS with a certificate that the
/// public roots vouch for; otherwise the connection is plain.
///
/// # Errors
/// When the address is not readable or the database does not let us in.
pub async fn connect(url: &str, options: &str) -> ConnectionResult<AsyncPgConnection> {
    let bad = |error: tokio_postgres::Error| ConnectionError::BadConnection(describe(&error));
    let mut config = tokio_postgres::Config::from_str(url)
        .map_err(|error| ConnectionError::InvalidConnectionUrl(error.to_string()))?;
    let given = config.get_options().unwrap_or_default().to_owned();
    config.options(format!("{given} -c TimeZone=UTC{options}"));
    if config.get_application_name().is_none() {
        config.application_name("sosik");
    }
    config.connect_timeout(Duration::from_secs(5));
    let mut conn = if config.get_ssl_mode() == SslMode::Require {
        let (client, connection) = config.connect(tls()?).await.map_err(bad)?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await?
    } else {
        config.ssl_mode(SslMode::Disable);
        let (client, connection) = config.connect(tokio_postgres::NoTls).await.map_err(bad)?;
        AsyncPgConnection::try_from_client_and_connection(client, connection).await?
    };
    // Only a superuser may; without it a translated server is understood less well (see `error`).
    let _ = conn.batch_execute("set lc_messages = 'C'").await;
    Ok(conn)
}

fn describe(error: &tokio_postgres::Error) -> String {
    use std::error::Error as _;
    match error.source() {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

fn tls() -> ConnectionResult<tokio_postgres_rustls::MakeRustlsConnect> {
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| {
            ConnectionError::CouldntSetupConfiguration(diesel::result::Error::QueryBuilderError(
                error.into(),
            ))
        })?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(tokio_postgres_rustls::MakeRustlsConnect::new(config))
}

/// Brings the database at `url` to this program's schema; how many migrations ran. Two servers
/// starting together take turns. Needs a multi-threaded runtime.
///
/// # Errors
/// When the database is away or a migration fails; what ran before it stays.
pub async fn migrate(url: &str) -> Result<usize, Error> {
    let mut harness = harness(url).await?;
    let ran = harness.run_pending_migrations(MIGRATIONS).map(|ran| ran.len());
    ran.map_err(Error::internal)
}

/// Takes every migration back: for tests of the migrations, and for nothing else.
///
/// # Errors
/// When the database is away or a migration fails.
pub async fn revert_all(url: &str) -> Result<usize, Error> {
    let mut harness = harness(url).await?;
    let ran = harness.revert_all_migrations(MIGRATIONS).map(|ran| ran.len());
    ran.map_err(Error::internal)
}

async fn harness(url: &str) -> Result<AsyncMigrationHarness<AsyncPgConnection>, Error> {
    let mut conn = connect(url, "").await.map_err(Error::unavailable)?;
    // Held until the connection closes.
    conn.batch_execute(&format!("select pg_advisory_lock({MIGRATION_LOCK})")).await?;
    Ok(AsyncMigrationHarness::new(conn))
}

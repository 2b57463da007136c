//! A question to the server from blocking code, wherever it is called.

use std::future::Future;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Duration;

use tokio_postgres::{Client, NoTls};

/// The superuser of the private cluster.
pub(super) const USER: &str = "sosik";

/// Names the socket; the folder is private, so the number need not vary.
pub(super) const PORT: u16 = 5432;

/// No question of this module takes long; a server that is stuck must not
/// hold a start for ever.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum Unanswered {
    /// The server refused, or cannot be reached.
    #[error("{}", explain(.0))]
    Refused(#[from] tokio_postgres::Error),
    /// It took the question and stayed silent.
    #[error("the server did not answer within {} s", PATIENCE.as_secs())]
    Silent,
    /// This process could not ask.
    #[error("cannot ask: {0}")]
    Unable(#[from] io::Error),
}

/// `tokio_postgres::Error` says only "db error"; the server said more.
fn explain(error: &tokio_postgres::Error) -> String {
    match error.as_db_error() {
        Some(answer) => format!("{}: {}", answer.severity(), answer.message()),
        None => error.to_string(),
    }
}

/// The connection string for a database behind the socket in `socket`.
pub(super) fn url(socket: &Path, database: &str) -> String {
    format!(
        "host={} port={PORT} user={USER} dbname={}",
        quoted(&socket.to_string_lossy()),
        quoted(database)
    )
}

/// Quotes a value where the key=value form needs it.
fn quoted(value: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if !value.is_empty() && value.chars().all(plain) {
        return value.to_owned();
    }
    let escaped = value.replace('\\', r"\\").replace('\'', r"\'");
    format!("'{escaped}'")
}

/// Connects and runs `work`. It has a thread and a small runtime of its own:
/// a runtime may not be started inside another one.
pub(super) fn ask<T, F, Fut>(socket: &Path, database: &str, work: F) -> Result<T, Unanswered>
where
    T: Send,
    F: FnOnce(Client) -> Fut + Send,
    Fut: Future<Output = Result<T, tokio_postgres::Error>>,
{
    let url = url(socket, database);
    let asking = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let asked = async {
                let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
                // It ends when the client is dropped.
                tokio::spawn(connection);
                work(client).await
            };
            match tokio::time::timeout(PATIENCE, asked).await {
                Ok(answer) => Ok(answer?),
                Err(_) => Err(Unanswered::Silent),
            }
        })
    };
    thread::scope(|scope| match scope.spawn(asking).join() {
        Ok(answer) => answer,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}

/// Whether the server takes connections to this database now.
pub(super) fn answers(socket: &Path, database: &str) -> bool {
    // Spares the thread and the runtime while the server still starts.
    socket.join(format!(".s.PGSQL.{PORT}")).exists()
        && ask(socket, database, async |_client| Ok(())).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_with_spaces_and_quotes_survives_the_connection_string() {
        let url = url(Path::new(r"/srv/our 'news'\x"), "sosik");
        let config: tokio_postgres::Config = url.parse().unwrap();
        let hosts = config.get_hosts();
        assert_eq!(hosts, [tokio_postgres::config::Host::Unix(r"/srv/our 'news'\x".into())]);
        assert_eq!(config.get_dbname(), Some("sosik"));
    }

    #[test]
    fn a_plain_folder_is_not_quoted() {
        assert_eq!(
            url(Path::new("/srv/run"), "sosik"),
            "host=/srv/run port=5432 user=sosik dbname=sosik"
        );
    }
}

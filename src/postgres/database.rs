//! Our database in the cluster, and the check that Hangul is text in it.

use std::path::Path;

use tokio_postgres::{Client, Error};

use super::ask::{Unanswered, ask};
use super::fault::Fault;

/// What decides whether Hangul is found.
struct Locale {
    encoding: String,
    ctype: String,
    /// Whether the regular expressions' letters contain Hangul.
    letter: bool,
    /// Whether trigrams of Hangul exist; `None` where the extension is not
    /// installed to ask.
    trigrams: Option<bool>,
}

impl Locale {
    fn knows_hangul(&self) -> bool {
        self.encoding == "UTF8"
            // With ICU the letters may be right while trigrams, which ask the
            // system's locale, find nothing.
            && !["C", "POSIX"].contains(&self.ctype.as_str())
            && self.letter
            && self.trigrams != Some(false)
    }
}

/// Creates the database if it is missing, and refuses one that would lose
/// Hangul in silence.
pub(super) fn prepare(socket: &Path, database: &str, cluster: &Path) -> Result<(), Fault> {
    let asked = |doing| move |source: Unanswered| Fault::Database { doing, source };
    let name = database.to_owned();
    let exists = ask(socket, "postgres", async move |client| {
        let sql = "select 1 from pg_database where datname = $1";
        Ok(client.query_opt(sql, &[&name]).await?.is_some())
    })
    .map_err(asked("look for the database"))?;
    if !exists {
        // Its locale is the cluster's: look there before anything is made.
        check(socket, "postgres", cluster, true)?;
        let sql = format!("create database \"{}\"", database.replace('"', "\"\""));
        ask(socket, "postgres", async move |client| client.batch_execute(&sql).await)
            .map_err(asked("create the database"))?;
    }
    check(socket, database, cluster, false)
}

fn check(socket: &Path, database: &str, cluster: &Path, thoroughly: bool) -> Result<(), Fault> {
    let locale = ask(socket, database, async move |client| locale(client, thoroughly).await)
        .map_err(|source| Fault::Database { doing: "check the locale", source })?;
    if locale.knows_hangul() {
        return Ok(());
    }
    Err(Fault::Hangul {
        database: database.to_owned(),
        ctype: locale.ctype,
        encoding: locale.encoding,
        cluster: cluster.to_owned(),
    })
}

async fn locale(mut client: Client, thoroughly: bool) -> Result<Locale, Error> {
    let sql = "select pg_encoding_to_char(encoding), datctype, U&'\\AC00' ~ '^[[:alpha:]]$'
               from pg_database where datname = current_database()";
    let row = client.query_one(sql, &[]).await?;
    Ok(Locale {
        encoding: row.get(0),
        ctype: row.get(1),
        letter: row.get(2),
        trigrams: if thoroughly { trigrams(&mut client).await? } else { None },
    })
}

/// Asks the extension itself, in a transaction that leaves nothing behind.
async fn trigrams(client: &mut Client) -> Result<Option<bool>, Error> {
    let available = "select 1 from pg_available_extensions where name = 'pg_trgm'";
    if client.query_opt(available, &[]).await?.is_none() {
        return Ok(None);
    }
    let transaction = client.transaction().await?;
    let create = "create extension if not exists pg_trgm schema public";
    transaction.batch_execute(create).await?;
    let sql = "select cardinality(public.show_trgm(U&'\\AC00\\B098')) > 0";
    let known = transaction.query_one(sql, &[]).await?.get(0);
    transaction.rollback().await?;
    Ok(Some(known))
}

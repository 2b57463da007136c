//! What is read of a reader, from where it is kept.

use super::model::{Export, ExportedSanction, Profile, Session, activity::ExportedAct};
use crate::{
    accounts::{
        sanctions,
        store::{people, sessions},
    },
    clock::Timestamp,
    comments::store::{one, own, rows::Row},
    http::auth::Account,
};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;

/// Sanctions of an export, at most.
const SANCTIONS: i64 = 100;

/// The reader's profile. `None` for one who was erased meanwhile.
///
/// # Errors
/// What the database says.
pub async fn profile(
    conn: &AsyncPgConnection,
    account: &Account,
    now: Timestamp,
) -> QueryResult<Option<Profile>> {
    let (row, active) = futures_util::try_join!(
        people::by_id(conn, account.id, now),
        sanctions::active(conn, account.id, now),
    )?;
    Ok(row.map(|row| Profile::new(row, &active)))
}

/// The reader's log-ins that have not ended, the latest first.
///
/// # Errors
/// What the database says.
pub async fn log_ins(
    conn: &AsyncPgConnection,
    account: &Account,
    now: Timestamp,
) -> QueryResult<Vec<Session>> {
    let rows = sessions::live(conn, account.id, now).await?;
    Ok(rows.iter().map(|row| Session::new(row, account.session)).collect())
}

/// Everything of the reader. `None` for one who was erased meanwhile.
///
/// # Errors
/// What the database says.
pub async fn export(
    conn: &AsyncPgConnection,
    account: &Account,
    now: Timestamp,
) -> QueryResult<Option<Export>> {
    let (profile, sessions, sanctions, comments, votes, reports, appeals) = futures_util::try_join!(
        profile(conn, account, now),
        log_ins(conn, account, now),
        sanctions::history(conn, account.id, None, SANCTIONS),
        one::every(conn, account.id),
        own::votes(conn, account.id),
        own::reports(conn, account.id),
        own::appeals(conn, account.id),
    )?;
    Ok(profile.map(|account| Export {
        generated_at: now,
        account,
        sessions,
        sanctions: sanctions.into_iter().map(ExportedSanction::from).collect(),
        comments: comments.into_iter().map(Row::own).collect(),
        votes: votes.into_iter().map(ExportedAct::from).collect(),
        reports: reports.into_iter().map(ExportedAct::from).collect(),
        appeals: appeals.into_iter().map(ExportedAct::from).collect(),
    }))
}

//! Status changes: publish, withdraw, schedule; and what is due.

use super::{
    input::ArticleInput,
    model::Status,
    reports, store,
    write::{self, Existing},
};
use crate::{
    clock::Timestamp,
    clusters::publish,
    db::Prepare,
    error::{Code, Error, Message, OrNotFound, Result, What},
    ids::ArticleId,
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// What an editor does with an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// Show it to readers now.
    Publish,
    /// Take it from readers; a tombstone stays.
    Withdraw {
        /// Told in the tombstone.
        reason: Option<String>,
    },
    /// Publish it at a later moment.
    Schedule {
        /// That moment.
        at: Timestamp,
    },
    /// Make a scheduled article a draft again.
    Unschedule,
}

impl Transition {
    /// The status it leads to; `None` when it does not start from `from`.
    #[must_use]
    pub fn from(&self, from: Status) -> Option<Status> {
        match (self, from) {
            (Self::Publish, Status::Draft | Status::Scheduled | Status::Withdrawn) => {
                Some(Status::Published)
            }
            (Self::Withdraw { .. }, Status::Published) => Some(Status::Withdrawn),
            (Self::Schedule { .. }, Status::Draft | Status::Scheduled) => Some(Status::Scheduled),
            (Self::Unschedule, Status::Scheduled) => Some(Status::Draft),
            _ => None,
        }
    }
}

/// Applies a transition to an article the caller has locked, in the caller's transaction.
///
/// # Errors
/// 409 where it does not start from the present status, 422 when the article may not be seen as it is.
pub async fn apply(
    conn: &mut AsyncPgConnection,
    there: &Existing,
    transition: &Transition,
    by: &str,
    now: Timestamp,
) -> Result<()> {
    let from = there.status()?;
    let to = transition.from(from).ok_or_else(|| {
        Error::new(
            Code::StateConflict,
            Message::new(
                format!("Not possible while the article is {}.", from.name()),
                format!("기사가 {} 상태일 때는 할 수 없습니다.", from.name()),
            ),
        )
    })?;
    if matches!(to, Status::Published | Status::Scheduled) {
        let content = store::content(conn, there.id).await?;
        let content = content.ok_or_else(|| Error::not_found(What::Article))?;
        let input: ArticleInput = deserr::deserialize(content).map_err(Error::invalid)?;
        input.faults_of_publishing().or(()).map_err(Error::invalid)?;
    }
    let (publish_at, withdrawn) = match transition {
        Transition::Schedule { at } => (Some(*at), None),
        Transition::Withdraw { reason } => (None, Some((now, reason.clone()))),
        Transition::Publish | Transition::Unschedule => (None, None),
    };
    let published_at = match to {
        Status::Published => Some(there.published_at.unwrap_or(now)),
        _ => there.published_at,
    };
    write::supersede(conn, &[there.id]).await?;
    write::unlist(conn, &[there.id]).await?;
    diesel::sql_query(include_str!("sql/transition.sql"))
        .bind::<Uuid, _>(there.id)
        .bind::<Text, _>(to.name())
        .bind::<Nullable<Timestamptz>, _>(published_at)
        .bind::<Nullable<Timestamptz>, _>(publish_at)
        .bind::<Nullable<Timestamptz>, _>(withdrawn.as_ref().map(|(at, _)| *at))
        .bind::<Nullable<Text>, _>(withdrawn.and_then(|(_, reason)| reason))
        .bind::<Text, _>(by)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    write::list(conn, &[there.id]).await?;
    match (from, to) {
        (_, Status::Published) => reports::compare(conn, &[there.id], now).await,
        (Status::Published, _) => publish::withdraw(conn, &[there.id], now).await,
        _ => Ok(()),
    }
}

/// Deletes a draft that was never published.
///
/// # Errors
/// 409 for anything else.
pub async fn delete(conn: &mut AsyncPgConnection, there: &Existing) -> Result<()> {
    if there.published_at.is_some() || there.status()? == Status::Published {
        return Err(Error::new(
            Code::StateConflict,
            Message::new(
                "An article that was ever published can be withdrawn, not deleted.",
                "게재된 적이 있는 기사는 삭제할 수 없고 게재 중단만 할 수 있습니다.",
            ),
        ));
    }
    diesel::sql_query("delete from articles where id = $1")
        .bind::<Uuid, _>(there.id)
        .prepared()
        .execute(conn)
        .await
        .map(|gone| (gone == 1).then_some(()))
        .or_not_found(What::Article)
}

#[derive(QueryableByName)]
struct Due {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
}

/// Publishes up to 500 scheduled articles that are due; how many. Several servers share the work.
///
/// # Errors
/// What the database says.
pub async fn publish_due(conn: &mut AsyncPgConnection, now: Timestamp) -> Result<usize> {
    let due: Vec<Due> = diesel::sql_query(
        "select id from articles where status = 'scheduled' and publish_at <= $1 \
         order by publish_at limit 500 for update skip locked",
    )
    .bind::<Timestamptz, _>(now)
    .prepared()
    .load(conn)
    .await?;
    let ids: Vec<_> = due.into_iter().map(|row| row.id).collect();
    if ids.is_empty() {
        return Ok(0);
    }
    write::supersede(conn, &ids).await?;
    diesel::sql_query(include_str!("sql/publish_due.sql"))
        .bind::<Array<Uuid>, _>(&ids)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    write::list(conn, &ids).await?;
    reports::compare(conn, &ids, now).await?;
    Ok(ids.len())
}

//! One transaction of a reaction: what stands, what counts and what ranks change together, or not at
//! all.

use super::{
    cap::ranks,
    event::{five_end, hour, hour_end},
    round::Outcome,
    store::{
        days::keep_out,
        reactions::{self as store, Standing},
        rounds::statuses,
    },
};
use crate::{clock::Timestamp, db::Lost, ids::ArticleId};
use diesel::{QueryResult, result::Error as DbError};
use diesel_async::AsyncPgConnection;
use jiff::tz::TimeZone;

/// Who reacts to what, and when.
#[derive(Debug, Clone)]
pub struct Reactor {
    /// To what.
    pub article: ArticleId,
    /// Who: one reaction each.
    pub actor: i64,
    /// From which network, while the secret of the day lives.
    pub network: i64,
    /// The present.
    pub at: Timestamp,
    /// The zone whose hours the buckets are.
    pub zone: TimeZone,
    /// Reactions of one network to one article in one hour that rank in full.
    pub network_cap: u32,
}

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reacted {
    /// This stands now.
    Stands(Standing),
    /// Nothing stands now.
    Nothing,
    /// The article has no reactions to give: it is not there, or no more.
    Refused(Outcome),
}

impl Reactor {
    /// Sets the reaction. The same again changes nothing; another kind takes the place of the first,
    /// and keeps its moment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn react(&self, conn: &mut AsyncPgConnection, kind: &str) -> QueryResult<Reacted> {
        if let Some(refused) = self.refused(conn).await? {
            return Ok(Reacted::Refused(refused));
        }
        if store::insert(conn, self.article, self.actor, kind, self.at).await? {
            return self.count(conn, kind).await.map(Reacted::Stands);
        }
        let Some(mut standing) = store::lock(conn, self.article, self.actor).await? else {
            // Taken back in this very moment.
            return Err(lost());
        };
        if standing.kind != kind {
            let before = std::mem::replace(&mut standing.kind, kind.to_owned());
            store::update(conn, self.article, self.actor, &standing).await?;
            let gains = vec![(before.as_str(), -1), (kind, 1)];
            store::add_kinds(conn, self.article, gains, self.at).await?;
        }
        Ok(Reacted::Stands(standing))
    }

    /// Takes the reaction back, out of the buckets it was filed under when it was made.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn retract(&self, conn: &mut AsyncPgConnection) -> QueryResult<Reacted> {
        if let Some(refused) = self.refused(conn).await? {
            return Ok(Reacted::Refused(refused));
        }
        if let Some(gone) = store::delete(conn, self.article, self.actor).await? {
            self.uncount(conn, &gone).await?;
        }
        Ok(Reacted::Nothing)
    }

    async fn refused(&self, conn: &mut AsyncPgConnection) -> QueryResult<Option<Outcome>> {
        let statuses = statuses(conn, &[self.article]).await?;
        let outcome = Outcome::of(statuses.get(&self.article).map(String::as_str));
        Ok(Some(outcome).filter(|outcome| *outcome != Outcome::Received))
    }

    async fn count(&self, conn: &mut AsyncPgConnection, kind: &str) -> QueryResult<Standing> {
        let end = hour_end(self.at, &self.zone);
        let n = store::add_network(conn, self.article, self.network, hour(end), 1).await?;
        let ranked = ranks(n.unsigned_abs(), self.network_cap);
        let standing = Standing { kind: kind.to_owned(), reacted_at: self.at, ranked };
        if !ranked {
            store::update(conn, self.article, self.actor, &standing).await?;
        }
        store::add_hour(conn, self.article, end, ranked).await?;
        if ranked {
            store::add_five(conn, self.article, five_end(self.at)).await?;
        }
        store::add_kinds(conn, self.article, vec![(kind, 1)], self.at).await?;
        Ok(standing)
    }

    async fn uncount(&self, conn: &mut AsyncPgConnection, gone: &Standing) -> QueryResult<()> {
        let end = hour_end(gone.reacted_at, &self.zone);
        // Only what ranked gives its place back. Who takes back what did not rank, to react again when
        // the next one ranks, gains nothing.
        if gone.ranked && end == hour_end(self.at, &self.zone) {
            store::add_network(conn, self.article, self.network, hour(end), -1).await?;
        }
        let is_over = end <= self.at.start_of_day(&self.zone);
        if is_over {
            keep_out(conn).await?;
        }
        store::leave_hour(conn, self.article, end, gone.ranked).await?;
        if gone.ranked {
            store::leave_five(conn, self.article, five_end(gone.reacted_at)).await?;
        }
        if is_over {
            store::leave_day(conn, self.article, end, gone.ranked).await?;
        }
        store::add_kinds(conn, self.article, vec![(gone.kind.as_str(), -1)], self.at).await
    }
}

/// Makes the transaction start again.
fn lost() -> DbError {
    use diesel::result::DatabaseErrorKind::SerializationFailure;
    let error = DbError::DatabaseError(SerializationFailure, Box::new(String::from("lost a race")));
    debug_assert!(error.is_lost());
    error
}

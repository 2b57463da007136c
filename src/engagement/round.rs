//! One transaction of many events: each is in the ledger afterwards, or none is.

use super::{
    event::Event,
    store::rounds as store,
    tally::{self, Ledger},
};
use crate::{
    clock::Timestamp,
    db::{self, Pool},
    error::Result,
    ids::ArticleId,
};
use diesel::QueryResult;
use diesel_async::AsyncPgConnection;
use jiff::tz::TimeZone;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// What became of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It stands in the ledger, counted or refused for a reason.
    Received,
    /// No such article is published.
    Unknown,
    /// The article was withdrawn.
    Withdrawn,
}

impl Outcome {
    /// What an article of this status makes of an event.
    #[must_use]
    pub fn of(status: Option<&str>) -> Self {
        match status {
            Some("published") => Self::Received,
            Some("withdrawn") => Self::Withdrawn,
            _ => Self::Unknown,
        }
    }
}

/// Events that are written together.
#[derive(Debug)]
pub struct Round {
    /// Names the round, so that one whose commit is unclear is not written twice.
    pub id: uuid::Uuid,
    /// In the order they came.
    pub events: Vec<Event>,
    /// The zone whose hours the buckets are.
    pub zone: TimeZone,
    /// Events of one network on one article in one hour that rank in full.
    pub network_cap: u32,
    /// The present.
    pub now: Timestamp,
}

impl Round {
    /// Writes the round unless it was written before; what became of each event, in order.
    ///
    /// # Errors
    /// When the database fails. The commit may have gone through: write the same round again.
    pub async fn write(self: &Arc<Self>, pool: &Pool) -> Result<Vec<Outcome>> {
        let mut conn = db::get(pool).await?;
        let round = Arc::clone(self);
        let statuses =
            db::transaction(&mut conn, async move |conn| round.write_in(conn).await).await?;
        Ok(self.events.iter().map(|event| outcome(&statuses, event)).collect())
    }

    async fn write_in(
        &self,
        conn: &mut AsyncPgConnection,
    ) -> QueryResult<HashMap<ArticleId, String>> {
        let new = store::begin(conn, self.id, self.now).await?;
        let ids: BTreeSet<_> = self.events.iter().map(|event| event.article).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let statuses = store::statuses(conn, &ids).await?;
        if new {
            let known: Vec<_> = self
                .events
                .iter()
                .filter(|event| outcome(&statuses, event) == Outcome::Received)
                .collect();
            self.count(conn, &known).await?;
        }
        Ok(statuses)
    }

    /// The tables in the order in which every writer of events takes their rows. Who has an article's
    /// counters has its scores too: they are read, added to and written back.
    async fn count(&self, conn: &mut AsyncPgConnection, known: &[&Event]) -> QueryResult<()> {
        let events = || known.iter().copied();
        let taken = store::take(conn, &tally::candidates(events())).await?;
        let mut ledger = Ledger::count(events(), taken, &self.zone);
        let networks = store::add_networks(conn, &ledger.networks, self.network_cap).await?;
        let ranked = ledger.rank(&networks, self.network_cap);
        store::put_ranked(conn, &ranked.networks).await?;
        store::add_hours(conn, &ledger.buckets).await?;
        let ranked = ranked.events;
        store::add_fives(conn, &tally::fives(&ranked)).await?;
        store::add_totals(conn, &ledger.by_article(), self.now).await?;
        let mut scores = store::scores(conn, &tally::viewed(&ranked)).await?;
        tally::faded(&ranked, &mut scores);
        store::put_scores(conn, &scores).await
    }
}

fn outcome(statuses: &HashMap<ArticleId, String>, event: &Event) -> Outcome {
    Outcome::of(statuses.get(&event.article).map(String::as_str))
}

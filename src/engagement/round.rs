//! One transaction of many events: each is in the ledger afterwards, or none is.

use super::{
    event::View,
    store,
    tally::{self, Tally},
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
    collections::{BTreeMap, BTreeSet, HashMap},
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

/// Events that are written together.
#[derive(Debug)]
pub struct Round {
    /// Names the round, so that one whose commit is unclear is not written twice.
    pub id: uuid::Uuid,
    /// In the order they came.
    pub views: Vec<View>,
    /// The zone whose hours the buckets are.
    pub zone: TimeZone,
    /// Views of one network on one article in one hour that rank in full.
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
        Ok(self.views.iter().map(|view| outcome(&statuses, view)).collect())
    }

    async fn write_in(
        &self,
        conn: &mut AsyncPgConnection,
    ) -> QueryResult<HashMap<ArticleId, String>> {
        let new = store::begin(conn, self.id, self.now).await?;
        let ids: BTreeSet<_> = self.views.iter().map(|view| view.article).collect();
        let ids: Vec<_> = ids.into_iter().collect();
        let statuses = store::statuses(conn, &ids).await?;
        if new {
            let known: Vec<_> = self
                .views
                .iter()
                .filter(|view| outcome(&statuses, view) == Outcome::Received)
                .collect();
            self.count(conn, &known).await?;
        }
        Ok(statuses)
    }

    async fn count(&self, conn: &mut AsyncPgConnection, known: &[&View]) -> QueryResult<()> {
        let views = || known.iter().copied();
        let taken = store::take(conn, &tally::candidates(views())).await?;
        let (mut buckets, networks) = tally::count(views(), taken, &self.zone);
        let totals = store::add_networks(conn, &networks).await?;
        tally::rank(&mut buckets, &networks, &totals, self.network_cap);
        store::add_buckets(conn, &buckets).await?;
        store::add_totals(conn, &by_article(&buckets), self.now).await?;
        Ok(())
    }
}

fn outcome(statuses: &HashMap<ArticleId, String>, view: &View) -> Outcome {
    match statuses.get(&view.article).map(String::as_str) {
        Some("published") => Outcome::Received,
        Some("withdrawn") => Outcome::Withdrawn,
        _ => Outcome::Unknown,
    }
}

fn by_article(buckets: &BTreeMap<(Timestamp, ArticleId), Tally>) -> BTreeMap<ArticleId, i64> {
    let mut totals = BTreeMap::new();
    for ((_, article), tally) in buckets {
        if tally.views > 0 {
            *totals.entry(*article).or_default() += i64::from(tally.views);
        }
    }
    totals
}

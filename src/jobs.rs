//! Periodic work. Each round is a function of the pool and the time, so that tests and commands can
//! call it too; here they only get their rhythm.

use crate::{
    accounts::store::sessions,
    articles::transitions,
    clock::Clock,
    clusters, comments,
    config::Settings,
    db::{self, Pool},
    engagement,
    error::Result,
    http::{idempotency, limit::Policies, metrics::Metrics},
    ingest::worker,
    rankings::{nudge::Nudge, refresh, store as rankings, thin},
};
use actix_web::web::Data;
use std::{sync::Arc, time::Duration};
use tokio::{sync::watch, task::LocalSet};

/// What the jobs work with.
#[derive(Clone)]
pub struct Jobs {
    /// Connections.
    pub pool: Pool,
    /// Settings.
    pub settings: Arc<Settings>,
    /// Time.
    pub clock: Clock,
    /// Rate limits, whose memory is trimmed.
    pub policies: Data<Policies>,
    /// Asks for a round of the boards out of turn.
    pub nudge: Nudge,
    /// Where the age of the boards is shown.
    pub metrics: Data<Metrics>,
}

/// The job that can be asked for.
const BOARDS: &str = "refresh the boards";

impl Jobs {
    /// Runs every job on `set` until `stop` turns true.
    pub fn spawn(&self, set: &LocalSet, stop: &watch::Receiver<bool>) {
        let seconds = Duration::from_secs;
        every(set, stop, "publish what is due", seconds(1), self, async |jobs| {
            jobs.publish_due().await
        });
        every(set, stop, "show comments that are due", seconds(1), self, async |jobs| {
            comments::store::write::show_due(&jobs.pool, jobs.clock.now()).await
        });
        let refresh = seconds(u64::from(self.settings.rankings.refresh_seconds));
        every(set, stop, BOARDS, refresh, self, async |jobs| jobs.refresh().await);
        every(set, stop, "work on imports", seconds(1), self, async |jobs| jobs.import().await);
        every(set, stop, "forget what is old", seconds(600), self, async |jobs| {
            jobs.forget().await
        });
    }

    async fn publish_due(&self) -> Result<usize> {
        let mut conn = db::get(&self.pool).await?;
        let now = self.clock.now();
        db::transaction(&mut conn, async |conn| transitions::publish_due(conn, now).await).await
    }

    async fn refresh(&self) -> Result<usize> {
        let round = refresh::tick(&self.pool, self.clock.now(), &self.settings).await?;
        let conn = db::get(&self.pool).await?;
        if let Some(at) = rankings::last_look(&conn).await? {
            self.metrics.boards_looked_at(at.as_seconds());
        }
        Ok(round.map_or(0, |round| round.written))
    }

    /// Works off every open job.
    async fn import(&self) -> Result<usize> {
        let mut done = 0;
        while worker::run_one(&self.pool, &self.settings, &self.clock).await? {
            done += 1;
        }
        Ok(done)
    }

    async fn forget(&self) -> Result<usize> {
        self.policies.shrink();
        let mut conn = db::get(&self.pool).await?;
        let (now, zone) = (self.clock.now(), self.settings.zone());
        let cap = self.settings.views.network_cap;
        // One that cannot be done must not keep the others from being done.
        for (what, done) in [
            ("make partitions", engagement::make_partitions(&mut conn, now).await.map(drop)),
            ("forget visitors", engagement::prune(&mut conn, now, &zone).await),
            ("roll up days", engagement::roll_up(&mut conn, now, &zone, cap).await.map(drop)),
            (
                "forget what happened to comments",
                comments::store::events::prune(&mut conn, now).await.map(drop),
            ),
            ("drop partitions", engagement::drop_partitions(&mut conn, now).await.map(drop)),
            ("forget log-ins", sessions::prune(&mut conn, now).await.map(drop)),
        ] {
            if let Err(error) = done {
                tracing::warn!("could not {what}: {error}");
            }
        }
        let thinned = thin(&mut conn, now, &zone).await?;
        let sketches = clusters::publish::prune(&mut conn, now).await?;
        let imports = worker::prune(&mut conn, &self.clock).await?;
        Ok(imports + sketches + thinned + idempotency::prune(&mut conn, now).await?)
    }
}

/// Calls `round` every `period`; what it returns is how much it did. A failed round is logged and
/// tried again in its time.
fn every<F>(
    set: &LocalSet,
    stop: &watch::Receiver<bool>,
    name: &'static str,
    period: Duration,
    jobs: &Jobs,
    round: F,
) where
    F: AsyncFn(&Jobs) -> Result<usize> + 'static,
{
    let (jobs, mut stop) = (jobs.clone(), stop.clone());
    set.spawn_local(async move {
        let mut ticks = tokio::time::interval(period);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Skip);
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => return,
                _ = ticks.tick() => {}
                () = jobs.nudge.asked(), if name == BOARDS => {}
            }
            match round(&jobs).await {
                Ok(0) => tracing::debug!(job = name, "nothing to do"),
                Ok(n) => tracing::info!(job = name, n, "done"),
                Err(error) => tracing::warn!(job = name, "could not {name}: {error}"),
            }
        }
    });
}

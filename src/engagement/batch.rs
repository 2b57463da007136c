//! Group commit: a bounded queue, and one writer that empties it round by round. The next round
//! fills while one is written; nobody is answered before the commit of their event.

use super::{
    Secrets,
    event::Event,
    round::{Outcome, Round},
};
use crate::{
    clock::{Clock, Timestamp},
    config::Settings,
    db::Pool,
    error::{Code, Error, Result},
};
use jiff::tz::TimeZone;
use std::{sync::Arc, time::Duration};
use tokio::sync::{mpsc, oneshot};

/// Events of one round.
const ROUND: usize = 4096;

/// Events that may wait: two rounds beyond the one that is being written.
const WAITING: usize = 2 * ROUND;

/// How long a caller waits; the event may still be written afterwards.
const PATIENCE: Duration = Duration::from_millis(2000);

/// Where events are handed in. One per process.
pub struct Batch {
    queue: mpsc::Sender<Waiting>,
    secrets: Secrets,
    pool: Pool,
    zone: TimeZone,
}

struct Waiting {
    event: Event,
    answer: oneshot::Sender<Option<Outcome>>,
}

impl Batch {
    /// Starts the writer on the current tokio runtime; it stops when the `Batch` is dropped, after
    /// what waits is written.
    #[must_use]
    pub fn start(pool: Pool, settings: &Settings, clock: Clock) -> Self {
        let (queue, waiting) = mpsc::channel(WAITING);
        let writer = Writer {
            pool: pool.clone(),
            zone: settings.zone(),
            network_cap: settings.views.network_cap,
            clock,
        };
        tokio::spawn(writer.run(waiting));
        Self { queue, secrets: Secrets::default(), pool, zone: settings.zone() }
    }

    /// The connections its rounds are written over.
    #[must_use]
    pub fn pool(&self) -> &Pool {
        &self.pool
    }

    /// The secret that visitors of the moment `at` are derived from.
    ///
    /// # Errors
    /// When the database fails, on the first call of a day.
    pub async fn secret(&self, at: Timestamp) -> Result<[u8; 32]> {
        self.secrets.of(&self.pool, at.day(&self.zone)).await
    }

    /// Hands in an event and waits for the commit of its round.
    ///
    /// # Errors
    /// `Unavailable` when the queue is full, or the round failed or took too long.
    pub async fn write(&self, event: Event) -> Result<Outcome> {
        let (answer, answered) = oneshot::channel();
        self.queue
            .try_send(Waiting { event, answer })
            .map_err(|_| Error::plain(Code::Unavailable).with_retry_after(1))?;
        match tokio::time::timeout(PATIENCE, answered).await {
            Ok(Ok(Some(outcome))) => Ok(outcome),
            _ => Err(Error::plain(Code::Unavailable).with_retry_after(1)),
        }
    }
}

struct Writer {
    pool: Pool,
    zone: TimeZone,
    network_cap: u32,
    clock: Clock,
}

impl Writer {
    async fn run(self, mut waiting: mpsc::Receiver<Waiting>) {
        let mut round = Vec::with_capacity(ROUND);
        while waiting.recv_many(&mut round, ROUND).await > 0 {
            let (events, answers): (Vec<_>, Vec<_>) =
                round.drain(..).map(|waiting| (waiting.event, waiting.answer)).unzip();
            let count = events.len();
            let outcomes = self.write(events).await;
            if let Err(error) = &outcomes {
                tracing::error!(events = count, "a round of events failed: {error}");
            }
            let mut outcomes = outcomes.unwrap_or_default().into_iter();
            for answer in answers {
                // Who does not wait any more needs no answer.
                let _ = answer.send(outcomes.next());
            }
        }
    }

    /// Writes one round; a second time, under the same id, when the failure may pass.
    async fn write(&self, events: Vec<Event>) -> Result<Vec<Outcome>> {
        let round = Arc::new(Round {
            id: uuid::Uuid::now_v7(),
            events,
            zone: self.zone.clone(),
            network_cap: self.network_cap,
            now: self.clock.now(),
        });
        match round.write(&self.pool).await {
            Err(error) if error.code == Code::Unavailable => {
                tracing::warn!(
                    events = round.events.len(),
                    "trying a round of events again: {error}"
                );
                tokio::time::sleep(Duration::from_millis(50)).await;
                round.write(&self.pool).await
            }
            outcome => outcome,
        }
    }
}

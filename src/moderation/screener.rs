//! The rules in force, in memory, and what becomes of a text by them and by the classifier.
//!
//! A change made through this server holds at once here. On others it holds once they look, which they
//! do when a text comes and the last look is [`LOOK_EVERY`] ago. While the database is away, what was
//! last read holds; what Sosik brings along before anything was read.

use super::{
    builtin, classifier::Classifier, compiled::Compiled, matcher::Fault, store::rules as store,
};
use crate::{
    clock::Clock,
    comments::screen::{Outcome, Screen, Submission, Verdict},
    config::Settings,
    db::{self, Pool},
    error::{Error, Result},
    http::auth::Boxed,
};
use std::{
    sync::{Arc, LazyLock, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// How long a server may not have looked whether rules were changed elsewhere.
pub const LOOK_EVERY: Duration = Duration::from_secs(2);

/// What holds as long as nobody wrote a rule.
static BUILTIN: LazyLock<Arc<Compiled>> = LazyLock::new(|| {
    let rules = builtin::with(Vec::new());
    Arc::new(Compiled::new(&rules).unwrap_or_else(|_| Compiled::none()))
});

/// Judges texts by rules.
pub struct Screener {
    pool: Pool,
    held: RwLock<Held>,
    /// Who looks for changes.
    looking: Mutex<()>,
    classifier: Option<Classifier>,
}

/// What is in force here.
#[derive(Debug, Clone)]
struct Held {
    compiled: Arc<Compiled>,
    /// The version of the rules; none before any were read.
    version: Option<i64>,
    looked: Option<Instant>,
}

impl Screener {
    /// With what Sosik brings along, until the first text comes.
    #[must_use]
    pub fn new(settings: &Settings, pool: Pool, clock: Clock) -> Self {
        let held = Held { compiled: BUILTIN.clone(), version: None, looked: None };
        Self {
            pool,
            held: RwLock::new(held),
            looking: Mutex::new(()),
            classifier: Classifier::new(&settings.moderation.classifier, clock),
        }
    }

    /// Takes over what was changed. Called after a change here.
    pub async fn changed(&self) {
        let _turn = self.looking.lock().await;
        self.look().await;
    }

    fn held(&self) -> Held {
        self.held.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What is in force.
    async fn current(&self) -> Arc<Compiled> {
        let held = self.held();
        if held.looked.is_some_and(|looked| looked.elapsed() < LOOK_EVERY) {
            return held.compiled;
        }
        // The first look is waited for; later ones are one caller's, and the others go on.
        let turn = match held.version {
            None => Some(self.looking.lock().await),
            Some(_) => self.looking.try_lock().ok(),
        };
        if turn.is_some() && self.held().looked == held.looked {
            self.look().await;
        }
        self.held().compiled
    }

    async fn look(&self) {
        let held = self.held();
        let new = match self.read(held.version).await {
            Ok(Some((version, compiled))) => {
                Held { compiled, version: Some(version), looked: None }
            }
            Ok(None) => held,
            Err(error) => {
                tracing::warn!(?error, "rules of moderation cannot be read; the last ones hold");
                held
            }
        };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        *held = Held { looked: Some(Instant::now()), ..new };
    }

    /// The rules, when they are not of this version.
    async fn read(&self, known: Option<i64>) -> Result<Option<(i64, Arc<Compiled>)>> {
        let conn = db::get(&self.pool).await?;
        let version = store::version(&conn).await?;
        if known == Some(version) {
            return Ok(None);
        }
        // What is written between the two statements is read again next time.
        let stored = store::all(&conn).await?;
        drop(conn);
        if stored.is_empty() {
            return Ok(Some((version, BUILTIN.clone())));
        }
        let rules = builtin::with(stored);
        let compiled = tokio::task::spawn_blocking(move || Compiled::new(&rules)).await;
        let compiled = compiled.map_err(Error::internal)?;
        Ok(Some((version, Arc::new(compiled.map_err(|fault: Fault| Error::internal(fault))?))))
    }
}

impl Screen for Screener {
    fn screen<'a>(&'a self, submission: &'a Submission<'a>) -> Boxed<'a, Result<Verdict>> {
        Box::pin(async move {
            let rules = self.current().await;
            let mut verdict = rules.judge(submission.body, submission.publisher);
            let Some(classifier) = &self.classifier else { return Ok(verdict) };
            if verdict.outcome < Outcome::Reject
                && let Some(hit) = classifier.ask(submission, verdict.outcome).await
            {
                verdict.outcome = verdict.outcome.max(hit.outcome);
                verdict.hits.push(hit);
            }
            Ok(verdict)
        })
    }
}

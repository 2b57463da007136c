//! What readiness looks at.

use crate::{
    clock::Clock,
    config::Settings,
    db::{self, Pool, Prepare},
    http::{auth::Boxed, health::Check},
    rankings::store,
};
use diesel_async::RunQueryDsl;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// The database answers.
pub struct DatabaseAnswers(pub Pool);

impl Check for DatabaseAnswers {
    fn name(&self) -> &'static str {
        "database"
    }

    fn look(&self) -> Boxed<'_, Result<(), String>> {
        Box::pin(async {
            let conn = db::get(&self.0).await.map_err(|_| "no connection came free".to_owned())?;
            let asked = diesel::sql_query("select 1").prepared().execute(&mut &*conn).await;
            asked.map(|_| ()).map_err(|_| "does not answer".to_owned())
        })
    }
}

/// The server is not about to stop.
pub struct NotStopping(pub Arc<AtomicBool>);

impl Check for NotStopping {
    fn name(&self) -> &'static str {
        "serving"
    }

    fn look(&self) -> Boxed<'_, Result<(), String>> {
        let stopping = AtomicBool::load(&self.0, Ordering::Relaxed);
        Box::pin(async move { if stopping { Err("about to stop".to_owned()) } else { Ok(()) } })
    }
}

/// The boards were looked at in time. A server whose boards are old still serves them: it is degraded,
/// and taking it away would help nobody.
pub struct BoardsAreFresh {
    pool: Pool,
    clock: Clock,
    patience_s: i64,
}

impl BoardsAreFresh {
    /// Old is what missed three looks.
    #[must_use]
    pub fn new(pool: Pool, clock: Clock, settings: &Settings) -> Self {
        Self {
            pool,
            clock,
            patience_s: store::MISSED * i64::from(settings.rankings.refresh_seconds),
        }
    }
}

impl Check for BoardsAreFresh {
    fn name(&self) -> &'static str {
        "boards"
    }

    fn needed(&self) -> bool {
        false
    }

    fn look(&self) -> Boxed<'_, Result<(), String>> {
        Box::pin(async {
            let conn =
                db::get(&self.pool).await.map_err(|_| "no connection came free".to_owned())?;
            let look = store::last_look(&conn).await.map_err(|_| "cannot be asked".to_owned())?;
            let age = look.map(|at| self.clock.now().since(at).as_secs());
            match age {
                None => Err("were never computed".to_owned()),
                Some(age) if age > self.patience_s => {
                    Err(format!("were last looked at {age} s ago"))
                }
                Some(_) => Ok(()),
            }
        })
    }
}

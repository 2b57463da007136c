//! What readiness looks at.

use crate::{
    db::{self, Pool, Prepare},
    http::{auth::Boxed, health::Check},
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

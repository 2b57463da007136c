//! Whether the server can do its work: a list of checks that parts of it add to.

use super::auth::Boxed;
use futures_util::future::join_all;
use serde::Serialize;
use std::time::Duration;
use utoipa::ToSchema;

/// Something that must hold for the server to answer well.
pub trait Check {
    /// Its name in answers: lower case, such as `database`.
    fn name(&self) -> &'static str;

    /// Whether the server can do no work without it. What is not needed only makes it degraded.
    fn needed(&self) -> bool {
        true
    }

    /// Looks, in a second at most.
    ///
    /// # Errors
    /// What is wrong, in a few English words that give away no address, path or secret.
    fn look(&self) -> Boxed<'_, Result<(), String>>;
}

/// Every check of the server.
#[derive(Default)]
pub struct Checks(Vec<Box<dyn Check + Send + Sync>>);

/// How long one check may take.
const PATIENCE: Duration = Duration::from_secs(1);

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Checked {
    /// What was looked at.
    #[schema(max_length = 60, examples("database"))]
    pub name: String,
    /// Whether it is as it should be.
    #[schema(examples(true))]
    pub ok: bool,
    /// Whether the server can do no work without it.
    #[schema(examples(true))]
    pub needed: bool,
    /// What is wrong.
    #[schema(required, max_length = 200, examples(json!(null)))]
    pub detail: Option<String>,
}

impl Checks {
    /// These and one more.
    #[must_use]
    pub fn with(mut self, check: impl Check + Send + Sync + 'static) -> Self {
        self.0.push(Box::new(check));
        self
    }

    /// Looks at everything at once.
    pub async fn look(&self) -> Vec<Checked> {
        join_all(self.0.iter().map(|check| async move {
            let found = tokio::time::timeout(PATIENCE, check.look()).await;
            let detail = found.unwrap_or_else(|_| Err("no answer in time".to_owned())).err();
            Checked {
                name: check.name().to_owned(),
                ok: detail.is_none(),
                needed: check.needed(),
                detail,
            }
        }))
        .await
    }
}

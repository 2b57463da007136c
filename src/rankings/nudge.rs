//! Tells the periodic round of this process that it should not wait for its time.

use std::sync::Arc;
use tokio::sync::Notify;

/// Cheap to clone; all clones are one.
#[derive(Debug, Clone, Default)]
pub struct Nudge(Arc<Notify>);

impl Nudge {
    /// Asks for a round soon.
    pub fn ask(&self) {
        self.0.notify_one();
    }

    /// Waits until somebody asks.
    pub async fn asked(&self) {
        self.0.notified().await;
    }
}

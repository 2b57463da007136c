//! A migrated database that nobody writes to; every test clones it.

use super::cluster;
use diesel_async::SimpleAsyncConnection;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::OnceCell;

static MIGRATED: OnceCell<()> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Runs statements in the database `postgres` of the cluster.
pub async fn administer(sql: &str) {
    let mut conn = sosik::db::connect(&cluster::url("postgres"), "").await.expect("the cluster");
    conn.batch_execute(sql).await.expect("a statement about databases");
}

/// A fresh, migrated database; its name.
pub async fn clone() -> String {
    MIGRATED
        .get_or_init(|| async {
            administer("create database template_migrated").await;
            let url = cluster::url("template_migrated");
            sosik::db::migrate(&url).await.expect("the migrations");
        })
        .await;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    administer(&format!("create database {name} template template_migrated")).await;
    name
}

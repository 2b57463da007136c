//! How many statements an answer takes: as many for a full list as for a short one. Alone in its binary,
//! because it counts those of the whole process.

#[path = "api/support/mod.rs"]
#[expect(dead_code, unused_imports, reason = "shared with the tests of the API")]
mod support;

use diesel::connection::{Instrumentation, InstrumentationEvent, set_default_instrumentation};
use serde_json::json;
use sosik::{ids::ArticleId, rankings::refresh};
use std::sync::atomic::{AtomicUsize, Ordering};
use support::TestApp;

static STATEMENTS: AtomicUsize = AtomicUsize::new(0);

fn counting() -> Option<Box<dyn Instrumentation>> {
    Some(Box::new(|event: InstrumentationEvent<'_>| {
        if matches!(event, InstrumentationEvent::StartQuery { .. }) {
            STATEMENTS.fetch_add(1, Ordering::SeqCst);
        }
    }))
}

async fn articles(app: &TestApp, category: &str, n: i64) -> Vec<ArticleId> {
    let mut made = Vec::new();
    for i in 0..n {
        let id = app.article().in_category(category).published(i + 1).create().await;
        app.sql(&format!(
            "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
             values ('{}', '{id}', 0, {n}, {n}, {n})",
            app.clock.now()
        ))
        .await;
        made.push(id);
    }
    made
}

async fn round(app: &TestApp) {
    let now = app.clock.now();
    refresh::once(&app.pool, now, now, &app.settings).await.expect("a round").expect("alone");
}

/// Statements of each path.
async fn counts(app: &TestApp, paths: &[String]) -> Vec<(String, usize)> {
    let mut counts = Vec::new();
    for path in paths {
        // The first of a kind prepares.
        app.get(path).await.expect(200);
        let before = STATEMENTS.load(Ordering::SeqCst);
        app.get(path).await.expect(200);
        counts.push((path.clone(), STATEMENTS.load(Ordering::SeqCst) - before));
    }
    counts
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_takes_as_many_statements_however_much_is_in_it() {
    set_default_instrumentation(counting).expect("the first connection is yet to come");
    let app = TestApp::new().await;
    let first = articles(&app, "economy", 2).await[0];
    round(&app).await;
    let paths = [
        "/v1/rankings/most_viewed".to_owned(),
        "/v1/rankings/most_viewed?category=economy&limit=100".to_owned(),
        "/v1/rankings/popular?publisher=haneul".to_owned(),
        "/v1/rankings/latest?fold=none&limit=100".to_owned(),
        format!("/v1/rankings/most_viewed/articles/{first}/explain"),
        format!("/v1/articles/{first}/ranking-history"),
        "/v1/pages/home".to_owned(),
        "/v1/pages/categories/economy".to_owned(),
        format!("/v1/pages/articles/{first}"),
        format!("/v1/articles/{first}/comments?sort=newest"),
        format!("/v1/articles/{first}/comments/summary"),
        format!("/v1/articles/{first}/comment-policy"),
    ];
    let few = counts(&app, &paths).await;
    for n in 0..5 {
        articles(&app, &format!("category-{n}"), 12).await;
    }
    articles(&app, "economy", 40).await;
    round(&app).await;
    assert_eq!(counts(&app, &paths).await, few);
    let most = few.iter().map(|(_, n)| *n).max();
    assert!(few.iter().all(|(_, n)| *n > 0) && most <= Some(12), "{few:?}");
    // Nor does the layout matter.
    let key = app.admin();
    let layout = app.request(reqwest::Method::GET, "/v1/page-layouts/home").bearer(key);
    let etag = layout.send().await.expect(200).etag();
    let modules: Vec<_> = ["most_viewed", "most_reacted", "popular", "trending", "latest"]
        .iter()
        .flat_map(|key| {
            let module = |scope| json!({"key": key, "scope": scope, "size": 10});
            [module("all"), module("each_category")]
        })
        .collect();
    let put = app.request(reqwest::Method::PUT, "/v1/page-layouts/home").bearer(key);
    put.header("if-match", etag).json(&json!({"modules": modules})).send().await.expect(200);
    assert_eq!(counts(&app, &paths).await, few);
}

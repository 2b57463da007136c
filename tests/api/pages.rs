use crate::support::TestApp;
use diesel_async::AsyncConnection;
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{
    ids::ArticleId,
    pages::{
        assemble::{self, Wanted},
        compose::Dedupe,
    },
    rankings::refresh,
};
use std::{
    collections::HashSet,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

async fn refresh(app: &TestApp) {
    let now = app.clock.now();
    refresh::once(&app.pool, now, now, &app.settings).await.expect("a round").expect("alone");
}

/// Articles in this category, the first with the most views of the last hour, those beyond `viewed`
/// with none.
async fn corpus(app: &TestApp, category: &str, n: i64, viewed: i64) -> Vec<ArticleId> {
    let mut made = Vec::new();
    for i in 0..n {
        let id = app.article().in_category(category).published(i + 1).create().await;
        if i < viewed {
            let (end, views) = (app.clock.now(), 100 - i);
            app.sql(&format!(
                "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
                 values ('{end}', '{id}', 0, {views}, {views}, {views})"
            ))
            .await;
        }
        made.push(id);
    }
    made
}

fn modules(page: &Value) -> &Vec<Value> {
    page["modules"].as_array().expect("modules")
}

fn ids(module: &Value) -> Vec<ArticleId> {
    let items = module["items"].as_array().expect("items");
    let id = |item: &Value| serde_json::from_value(item["article"]["id"].clone()).expect("an id");
    items.iter().map(id).collect()
}

fn shape(page: &Value) -> Vec<(String, Value, usize, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let one = |m: &Value| {
        (text(&m["key"]), m["scope"]["category"]["slug"].clone(), ids(m).len(), text(&m["source"]))
    };
    modules(page).iter().map(one).collect()
}

/// Replaces a layout, as an admin does.
async fn lay_out(app: &TestApp, page: &str, modules: Value) -> Value {
    let path = format!("/v1/page-layouts/{page}");
    let before = app.request(Method::GET, &path).bearer(app.admin()).send().await.expect(200);
    let put = app.request(Method::PUT, &path).bearer(app.admin()).header("if-match", before.etag());
    put.json(&json!({"modules": modules})).send().await.expect(200).json
}

/// Views and news of the page's category, then of all.
fn plain(size: [u8; 2]) -> Value {
    let module =
        |key: &str, scope: &str, size: u8| json!({"key": key, "scope": scope, "size": size});
    json!([
        module("most_viewed", "page", size[0]),
        module("latest", "page", size[0]),
        module("most_viewed", "all", size[1]),
        module("latest", "all", size[1])
    ])
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_page_holds_the_article_and_repeats_nothing() {
    let app = TestApp::new().await;
    let economy = corpus(&app, "economy", 20, 9).await;
    corpus(&app, "sports", 20, 20).await;
    refresh(&app).await;
    lay_out(&app, "article", plain([6, 6])).await;
    let read = economy[1];
    let page = app.get(&format!("/v1/pages/articles/{read}")).await.expect(200).json;

    assert_eq!((&page["page"], &page["article"]["id"]), (&json!("article"), &json!(read)));
    assert!(page["article"]["body"].is_array(), "the article is whole");
    assert_eq!(page["share"]["open_graph"]["title"], page["article"]["headline"]);
    let row =
        |key: &str, category: Value, source: &str| (key.to_owned(), category, 6, source.to_owned());
    let expected = [
        row("most_viewed", json!("economy"), "ranked"),
        row("latest", json!("economy"), "ranked"),
        row("most_viewed", Value::Null, "ranked"),
        row("latest", Value::Null, "ranked"),
    ];
    assert_eq!(shape(&page), expected);
    let all: Vec<_> = modules(&page).iter().flat_map(ids).collect();
    let distinct: HashSet<_> = all.iter().collect();
    assert_eq!((all.len(), distinct.len()), (24, 24));
    assert!(!all.contains(&read));
    let first = &modules(&page)[0];
    let ranks: Vec<_> =
        first["items"].as_array().expect("items").iter().map(|i| &i["rank"]).collect();
    assert_eq!(ranks, [1, 3, 4, 5, 6, 7], "ranks stay true");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_its_board_cannot_fill_goes_on_with_the_latest_and_says_so() {
    let app = TestApp::new().await;
    let economy = corpus(&app, "economy", 12, 2).await;
    refresh(&app).await;
    lay_out(&app, "category", plain([10, 6])).await;
    let page = app.get("/v1/pages/categories/economy").await.expect(200).json;
    let first = &modules(&page)[0];
    // Twelve for two lists of ten: six each.
    assert_eq!((&first["source"], ids(first)), (&json!("mixed"), economy[..6].to_vec()));
    assert_eq!(first["items"][1]["source"], "ranked");
    let third = &first["items"][2];
    assert_eq!((&third["source"], &third["rank"]), (&json!("backfill"), &json!(3)));
    assert_eq!(third["reason"]["code"], "latest");
    assert_eq!(ids(&modules(&page)[1]), economy[6..], "what is left");
    assert_eq!(shape(&page)[2].2, 0, "nothing is left");

    let raw = app.get("/v1/pages/categories/economy?dedupe=none").await.expect(200).json;
    let sizes: Vec<_> = shape(&raw).into_iter().map(|(_, _, n, _)| n).collect();
    assert_eq!(sizes, [2, 10, 2, 6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_front_page_fills_before_any_round_and_leads_to_each_category() {
    let app = TestApp::new().await;
    for category in ["economy", "sports"] {
        corpus(&app, category, 20, 20).await;
    }
    let before = app.get("/v1/pages/home").await.expect(200).json;
    assert_eq!(shape(&before)[0], ("recommended".into(), Value::Null, 6, "backfill".into()));
    refresh(&app).await;
    let page = app.get("/v1/pages/home").await.expect(200);
    assert_eq!(page.header("etag"), "");
    let each: Vec<_> = shape(&page.json).into_iter().filter(|(_, c, ..)| !c.is_null()).collect();
    let scopes: Vec<_> =
        each.iter().map(|(key, scope, ..)| (key.as_str(), scope.clone())).collect();
    assert_eq!(scopes, [("most_viewed", json!("economy")), ("most_viewed", json!("sports"))]);
    assert_eq!(page.json["article"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_moment_gives_the_same_page() {
    let app = TestApp::new().await;
    corpus(&app, "economy", 20, 9).await;
    refresh(&app).await;
    for path in ["/v1/pages/home", "/v1/pages/categories/economy?dedupe=boards"] {
        assert_eq!(app.get(path).await.expect(200).text, app.get(path).await.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_page_says_why() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create().await;
    let gone = app.article().create().await;
    app.sql(&format!(
        "update articles set status = 'withdrawn', withdrawn_at = now() where id = '{gone}'"
    ))
    .await;
    app.get(&format!("/v1/pages/articles/{draft}")).await.expect(404);
    app.get(&format!("/v1/pages/articles/{}", ArticleId::new())).await.expect(404);
    let tombstone = app.get(&format!("/v1/pages/articles/{gone}")).await.expect(410);
    assert_eq!(tombstone.json["tombstone"]["id"], json!(gone));
    app.get("/v1/pages/categories/nonsense").await.expect(404);
    app.get("/v1/pages/home?dedupe=all").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_costs_the_same_number_of_queries_whatever_is_on_it() {
    let app = TestApp::new().await;
    let a = corpus(&app, "economy", 3, 1).await;
    refresh(&app).await;
    let count = async || {
        let mut conn = app.pool.get().await.expect("a connection");
        let queries = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&queries);
        conn.set_instrumentation(move |event: diesel::connection::InstrumentationEvent<'_>| {
            if matches!(event, diesel::connection::InstrumentationEvent::StartQuery { .. }) {
                counted.fetch_add(1, Ordering::Relaxed);
            }
        });
        let wanted = Wanted {
            dedupe: Dedupe::Page,
            now: app.clock.now(),
            public_url: "http://portal.example",
            site: &app.settings.comments,
        };
        let mut counts = Vec::new();
        let mut done = || counts.push(queries.swap(0, Ordering::Relaxed));
        assemble::article(&conn, a[0], wanted).await.expect("a page");
        done();
        assemble::home(&conn, wanted).await.expect("a page");
        done();
        assemble::category(&conn, "economy", wanted).await.expect("a page");
        done();
        counts
    };
    let few = count().await;
    for n in 0..9 {
        corpus(&app, &format!("category-{n}"), 8, 5).await;
    }
    refresh(&app).await;
    assert_eq!(count().await, few);
    assert!(few.iter().all(|n| (5..=12).contains(n)), "{few:?}");
}

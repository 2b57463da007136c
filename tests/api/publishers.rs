//! /v1/publishers

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

fn publisher(slug: &str) -> Value {
    json!({"slug": slug, "name": {"ko": "하늘일보", "en": "Haneul Daily"}, "url": "https://haneul.example"})
}

async fn create(app: &TestApp, slug: &str) -> Reply {
    let call = app.request(Method::POST, "/v1/publishers").bearer(app.admin());
    call.json(&publisher(slug)).send().await.expect(201)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_is_created_where_location_says_with_the_etag_of_a_read() {
    let app = TestApp::new().await;
    let created = create(&app, "하늘").await;
    assert_eq!(created.header("location"), "/v1/publishers/%ED%95%98%EB%8A%98");
    let read = app.get(created.header("location")).await.expect(200);
    assert_eq!(read.json, created.json);
    assert_eq!(read.etag(), created.etag());
    assert_eq!(read.json["rights"]["syndicatable"], false);
    assert_eq!(read.json["revision"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_the_same_key_creates_once() {
    let app = TestApp::new().await;
    let send = || {
        let call = app.request(Method::POST, "/v1/publishers").bearer(app.admin());
        call.header("idempotency-key", "one").json(&publisher("haneul")).send()
    };
    let (first, second) = (send().await.expect(201), send().await.expect(201));
    assert_eq!(second.header("idempotency-replayed"), "true");
    assert_eq!(first.json, second.json);
    assert_eq!(app.value("select count(*) from publishers").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_slug_is_a_conflict_and_every_fault_is_told() {
    let app = TestApp::new().await;
    create(&app, "haneul").await;
    let post = || app.request(Method::POST, "/v1/publishers").bearer(app.admin());
    let twin = post().json(&publisher("haneul")).send().await.expect(409);
    assert_eq!(twin.json["code"], "slug_taken");
    let wrong = json!({"slug": "A b", "name": {"ko": " "}, "url": "ftp://x", "motto": 1});
    let faults = post().json(&wrong).send().await.expect(422).faults();
    let expected = [
        ("/motto", "unknown_field"),
        ("/name/en", "missing"),
        ("/name/ko", "empty"),
        ("/slug", "invalid_slug"),
        ("/url", "invalid_url"),
    ];
    assert_eq!(faults, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
}

#[tokio::test(flavor = "multi_thread")]
async fn only_admin_writes() {
    let app = TestApp::new().await;
    create(&app, "haneul").await;
    let bound = app.key(&["articles:write"], Some("haneul")).await;
    let post = || app.request(Method::POST, "/v1/publishers").json(&publisher("other"));
    post().send().await.expect(401);
    post().bearer(&bound).send().await.expect(403);
    let delete = || app.request(Method::DELETE, "/v1/publishers/haneul").header("if-match", "*");
    delete().send().await.expect(401);
    delete().bearer(&bound).send().await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_changes_what_it_names_at_the_revision_it_names() {
    let app = TestApp::new().await;
    let tag = create(&app, "haneul").await.etag();
    let patch = |value: Value| {
        let call = app.request(Method::PATCH, "/v1/publishers/haneul").bearer(app.admin());
        call.body(value.to_string(), "application/merge-patch+json")
    };
    patch(json!({"url": null})).send().await.expect(428);
    let change = json!({"url": null, "name": {"en": "Haneul"}, "rights": {"syndicatable": true}});
    let changed = patch(change).header("if-match", &tag).send().await.expect(200);
    assert_eq!(changed.json["name"], json!({"ko": "하늘일보", "en": "Haneul"}));
    assert_eq!(changed.json["url"], Value::Null);
    assert_eq!(changed.json["revision"], 2);
    let late = patch(json!({"url": null})).header("if-match", &tag).send().await.expect(412);
    assert_eq!(late.etag(), changed.etag());
    let same = patch(json!({})).header("if-match", changed.etag()).send().await.expect(200);
    assert_eq!(same.json["revision"], 2, "nothing changed");
    let moved = patch(json!({"slug": "other"})).header("if-match", "*").send().await.expect(422);
    assert_eq!(moved.faults(), [("/slug".to_owned(), "read_only".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_publisher_with_articles_or_valid_keys_stays() {
    let app = TestApp::new().await;
    create(&app, "haneul").await;
    app.key(&["articles:write"], Some("haneul")).await;
    let delete = || {
        let call = app.request(Method::DELETE, "/v1/publishers/haneul").bearer(app.admin());
        call.header("if-match", "*").send()
    };
    assert_eq!(delete().await.expect(409).json["code"], "not_empty");
    app.sql("update api_keys set revoked_at = now() where publisher_id is not null").await;
    delete().await.expect(204);
    app.get("/v1/publishers/haneul").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn walking_the_list_there_and_back_meets_each_once() {
    let app = TestApp::new().await;
    for n in 0..5 {
        create(&app, &format!("p{n}")).await;
    }
    let slugs = |reply: &Reply| -> Vec<String> {
        let items = reply.json["items"].as_array().cloned().unwrap_or_default();
        items.iter().map(|item| item["slug"].as_str().unwrap_or_default().to_owned()).collect()
    };
    let page = async |cursor: &Value| {
        let cursor = cursor.as_str().expect("a cursor");
        app.get(&format!("/v1/publishers?limit=2&cursor={cursor}")).await.expect(200)
    };
    let first = app.get("/v1/publishers?limit=2").await.expect(200);
    let second = page(&first.json["page"]["next"]).await;
    let third = page(&second.json["page"]["next"]).await;
    assert_eq!(
        [slugs(&first), slugs(&second), slugs(&third)].concat(),
        ["p0", "p1", "p2", "p3", "p4"]
    );
    assert_eq!(third.json["page"]["next"], Value::Null);
    assert_eq!(slugs(&page(&third.json["page"]["prev"]).await), ["p2", "p3"]);
}

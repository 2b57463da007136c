//! /v1/tags and /v1/authors

use crate::support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

async fn article(app: &TestApp, publisher: &str, authors: &[&str], tags: &[&str]) {
    write(app, "published", publisher, authors, tags).await;
}

async fn write(app: &TestApp, status: &str, publisher: &str, authors: &[&str], tags: &[&str]) {
    app.publisher(publisher).await;
    app.category("economy").await;
    let input = json!({
        "status": status,
        "publisher": publisher,
        "category": "economy",
        "headline": "기준금리 동결",
        "authors": authors,
        "tags": tags,
        "body": [{"type": "paragraph", "text": "본문"}],
    });
    let call = app.request(Method::POST, "/v1/articles").bearer(app.admin());
    call.json(&input).send().await.expect(201);
}

fn names(items: &Value) -> Vec<&str> {
    items.as_array().expect("items").iter().filter_map(|item| item["name"].as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_made_once_and_listed_by_slug() {
    let app = TestApp::new().await;
    article(&app, "haneul", &[], &["Money", "금리"]).await;
    article(&app, "haneul", &[], &["money", "환율", "금리"]).await;
    let all = app.get("/v1/tags").await.expect(200);
    assert_eq!(names(&all.json["items"]), ["Money", "금리", "환율"]);
    let first = app.get("/v1/tags?limit=2").await.expect(200);
    let next = first.json["page"]["next"].as_str().expect("another page");
    let second = app.get(&format!("/v1/tags?limit=2&cursor={next}")).await.expect(200);
    assert_eq!(names(&second.json["items"]), ["환율"]);
    let prev = second.json["page"]["prev"].as_str().expect("a page before");
    let back = app.get(&format!("/v1/tags?limit=2&cursor={prev}")).await.expect(200);
    assert_eq!(back.json["items"], first.json["items"]);
    assert_eq!(app.get("/v1/tags/money").await.expect(200).json["name"], "Money");
    app.get("/v1/tags/nothing").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_name_at_two_publishers_is_two_authors() {
    let app = TestApp::new().await;
    article(&app, "haneul", &["김하늘", "이가람"], &[]).await;
    article(&app, "garam", &["김하늘"], &[]).await;
    let all = app.get("/v1/authors").await.expect(200);
    assert_eq!(names(&all.json["items"]).len(), 3);
    let own = app.get("/v1/authors?publisher=garam").await.expect(200);
    assert_eq!(names(&own.json["items"]), ["김하늘"]);
    let both = app.get("/v1/authors?publisher=garam&publisher=haneul").await.expect(200);
    assert_eq!(names(&both.json["items"]).len(), 3);
    let id = own.json["items"][0]["id"].as_str().expect("an id");
    let author = app.get(&format!("/v1/authors/{id}")).await.expect(200);
    assert_eq!(author.json["publisher"]["slug"], "garam");
}

#[tokio::test(flavor = "multi_thread")]
async fn names_that_stand_in_drafts_only_are_not_shown() {
    let app = TestApp::new().await;
    write(&app, "draft", "haneul", &["비밀기자"], &["비밀태그"]).await;
    assert_eq!(app.get("/v1/authors").await.expect(200).json["items"], json!([]));
    assert_eq!(app.get("/v1/tags").await.expect(200).json["items"], json!([]));
    app.get("/v1/tags/비밀태그").await.expect(404);
}

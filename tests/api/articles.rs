//! `/v1/articles/{id}`: who sees an article, what its transitions do, and how it is answered.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::articles::transitions::publish_due;

const PICTURE: &str = "https://images.example/a.jpg";

fn path(article: &Value) -> String {
    format!("/v1/articles/{}", article["id"].as_str().expect("an id"))
}

/// `METHOD /v1/articles/{id}{rest}` at whatever revision there is.
async fn act(app: &TestApp, method: Method, article: &Value, rest: &str, body: &Value) -> Reply {
    let call = app.request(method, &format!("{}{rest}", path(article)));
    let call = call.bearer(app.admin()).header("if-match", "*");
    if body.is_null() { call.send().await } else { call.json(body).send().await }
}

async fn publish(app: &TestApp, article: &Value) -> Reply {
    act(app, Method::POST, article, "/publish", &Value::Null).await
}

async fn withdraw(app: &TestApp, article: &Value) -> Reply {
    act(app, Method::POST, article, "/withdraw", &json!({"reason": "확인 중입니다."})).await
}

async fn seen_with(app: &TestApp, key: &str, path: &str) -> Reply {
    app.request(Method::GET, path).bearer(key).send().await
}

async fn listed(app: &TestApp) -> Vec<Value> {
    let page = app.get("/v1/articles?limit=100").await.expect(200).json;
    page["items"].as_array().expect("items").iter().map(|item| item["id"].clone()).collect()
}

async fn run_schedule(app: &TestApp) -> usize {
    let mut conn = app.pool.get().await.expect("a connection");
    publish_due(&mut conn, app.clock.now()).await.expect("what is due")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_is_seen_with_its_own_publishers_key_only() {
    let app = TestApp::new().await;
    let own = app.key(&["articles:write"], Some("haneul")).await;
    let other = app.key(&["articles:write"], Some("bada")).await;
    let scopeless = app.key(&[], Some("haneul")).await;
    let members = json!({"external_id": "d-1", "slug": "draft-1"});
    let draft = app.article().draft().with(&members).create_full().await;
    let id = path(&draft);
    for address in [
        id.clone(),
        format!("{id}/corrections"),
        "/v1/articles/by-slug/draft-1".into(),
        "/v1/publishers/haneul/articles/d-1".into(),
    ] {
        app.get(&address).await.expect(404);
        seen_with(&app, &other, &address).await.expect(404);
        seen_with(&app, &scopeless, &address).await.expect(404);
        let own = seen_with(&app, &own, &address).await.expect(200);
        assert_eq!(own.header("cache-control"), "private, no-store", "{address}");
    }
    assert!(listed(&app).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_old_slug_of_a_draft_redirects_its_writer_alone() {
    let app = TestApp::new().await;
    let draft = app.article().draft().with(&json!({"slug": "old"})).create_full().await;
    act(&app, Method::PATCH, &draft, "", &json!({"slug": "new"})).await.expect(200);
    app.get("/v1/articles/by-slug/old").await.expect(404);
    let moved = seen_with(&app, app.admin(), "/v1/articles/by-slug/old").await.expect(308);
    assert_eq!(moved.header("cache-control"), "private, no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_shows_an_article_from_that_moment() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    assert_eq!((&draft["status"], &draft["published_at"]), (&json!("draft"), &Value::Null));
    app.clock.set(app.clock.now().plus_minutes(5));
    let shown = publish(&app, &draft).await.expect(200);
    assert_eq!(shown.json["status"], "published");
    assert_eq!(shown.json["published_at"], "2026-11-22T09:05:00.000Z");
    assert_eq!(app.get(&path(&draft)).await.expect(200).etag(), shown.etag());
    assert_eq!(listed(&app).await, [draft["id"].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_is_not_described_cannot_be_published() {
    let app = TestApp::new().await;
    let blank = json!({"url": PICTURE, "alt": "  "});
    let body = json!([
        {"type": "paragraph", "text": "글"},
        {"type": "image", "url": PICTURE},
        {"type": "image", "url": PICTURE, "decorative": true},
    ]);
    let expected: Vec<(String, String)> = ["/body/1/alt", "/lead_image/alt"]
        .map(|pointer| (pointer.to_owned(), "alt_missing".to_owned()))
        .into();
    let members = json!({"lead_image": blank, "body": body});
    let draft = app.article().draft().with(&members).create_full().await;
    assert_eq!(publish(&app, &draft).await.expect(422).faults(), expected);
    let at = json!({"publish_at": "2026-11-23T00:00:00Z"});
    let refused = act(&app, Method::PUT, &draft, "/schedule", &at).await.expect(422);
    assert_eq!(refused.faults(), expected);

    let mut whole = json!({"publisher": "haneul", "category": "economy", "headline": "제목"});
    whole["status"] = json!("published");
    whole["lead_image"] = blank;
    whole["body"] = body;
    let create = app.request(Method::POST, "/v1/articles").bearer(app.admin());
    assert_eq!(create.json(&whole).send().await.expect(422).faults(), expected);

    let shown = app.article().create_full().await;
    let refused = act(&app, Method::PATCH, &shown, "", &members).await.expect(422);
    assert_eq!(refused.faults(), expected);

    let mended =
        json!({"lead_image": {"alt": "회의"}, "body": [{"type": "paragraph", "text": "글"}]});
    act(&app, Method::PATCH, &draft, "", &mended).await.expect(200);
    publish(&app, &draft).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_article_is_gone_with_a_tombstone_from_every_address() {
    let app = TestApp::new().await;
    let members = json!({"external_id": "w-1", "slug": "before"});
    let article = app.article().with(&members).create_full().await;
    act(&app, Method::PATCH, &article, "", &json!({"slug": "after"})).await.expect(200);
    let answer = withdraw(&app, &article).await.expect(200);
    assert_eq!(answer.json["status"], "withdrawn");
    for address in [
        path(&article),
        format!("{}?fields=id", path(&article)),
        format!("{}?include=counters", path(&article)),
        format!("{}/corrections", path(&article)),
        "/v1/articles/by-slug/before".into(),
        "/v1/articles/by-slug/after".into(),
        "/v1/publishers/haneul/articles/w-1".into(),
    ] {
        let gone = app.get(&address).await.expect(410);
        assert_eq!(gone.header("content-type"), "application/problem+json", "{address}");
        assert_eq!(gone.json["code"], "withdrawn");
        assert_eq!(
            gone.json["tombstone"],
            json!({
                "id": article["id"],
                "slug": "after",
                "withdrawn_at": "2026-11-22T09:00:00.000Z",
                "reason": "확인 중입니다.",
            })
        );
        assert!(!gone.text.contains("기준금리"), "{}", gone.text);
        let writer = seen_with(&app, app.admin(), &address).await;
        assert!(matches!(writer.status, 200 | 308), "{address}: {}", writer.status);
    }
    assert!(listed(&app).await.is_empty());
    for filter in ["category=economy", "publisher=haneul", "sort=updated", "sort=oldest"] {
        let page = app.get(&format!("/v1/articles?{filter}")).await.expect(200);
        assert_eq!(page.json["items"], json!([]), "{filter}");
    }
    let by_id = format!("/v1/articles?id={}", article["id"].as_str().expect("an id"));
    assert_eq!(app.get(&by_id).await.expect(200).json["items"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_republished_article_returns_to_where_it_stood() {
    let app = TestApp::new().await;
    let article = app.article().published(60).create_full().await;
    let newer = app.article().published(30).create_full().await;
    withdraw(&app, &article).await.expect(200);
    let back = publish(&app, &article).await.expect(200);
    assert_eq!(back.json["published_at"], article["published_at"]);
    app.get(&path(&article)).await.expect(200);
    assert_eq!(listed(&app).await, [newer["id"].clone(), article["id"].clone()]);
    let kept = app.value("select withdrawn_at from articles where withdrawn_at is not null").await;
    assert_eq!(kept, Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_article_appears_as_of_the_announced_moment() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    let at = json!({"publish_at": "2026-11-22T10:00:00Z"});
    let planned = act(&app, Method::PUT, &draft, "/schedule", &at).await.expect(200).json;
    assert_eq!(planned["status"], "scheduled");
    assert_eq!(planned["publish_at"], "2026-11-22T10:00:00.000Z");
    app.clock.set("2026-11-22T09:59:59.999Z".parse().expect("an instant"));
    assert_eq!(run_schedule(&app).await, 0);
    app.get(&path(&draft)).await.expect(404);
    app.clock.set("2026-11-22T10:07:00Z".parse().expect("an instant"));
    assert_eq!(run_schedule(&app).await, 1);
    assert_eq!(run_schedule(&app).await, 0);
    let shown = app.get(&path(&draft)).await.expect(200).json;
    assert_eq!(shown["published_at"], "2026-11-22T10:00:00.000Z");
    assert_eq!(shown["publish_at"], Value::Null);
    assert_eq!(shown["revision"], 3);
    assert_eq!(listed(&app).await, [draft["id"].clone()]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_article_published_in_the_future_is_scheduled() {
    let app = TestApp::new().await;
    let later = json!({"published_at": "2026-11-23T00:00:00Z"});
    let article = app.article().with(&later).create_full().await;
    assert_eq!(article["status"], "scheduled");
    assert_eq!(article["publish_at"], "2026-11-23T00:00:00.000Z");
    app.get(&path(&article)).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unscheduled_article_is_a_draft_that_never_falls_due() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    let at = json!({"publish_at": "2026-11-22T10:00:00Z"});
    act(&app, Method::PUT, &draft, "/schedule", &at).await.expect(200);
    let off = act(&app, Method::DELETE, &draft, "/schedule", &Value::Null).await.expect(200).json;
    assert_eq!((&off["status"], &off["publish_at"]), (&json!("draft"), &Value::Null));
    app.clock.set("2026-11-23T00:00:00Z".parse().expect("an instant"));
    assert_eq!(run_schedule(&app).await, 0);
    app.get(&path(&draft)).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_must_lie_in_the_future() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    let now = json!({"publish_at": app.clock.now()});
    let refused = act(&app, Method::PUT, &draft, "/schedule", &now).await.expect(422);
    assert_eq!(refused.faults(), [("/publish_at".into(), "not_in_future".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_was_never_published_can_be_deleted() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    let gone = act(&app, Method::DELETE, &draft, "", &Value::Null).await.expect(204);
    assert_eq!(gone.text, "");
    seen_with(&app, app.admin(), &path(&draft)).await.expect(404);

    let shown = app.article().create_full().await;
    let refused = act(&app, Method::DELETE, &shown, "", &Value::Null).await.expect(409);
    assert_eq!(refused.json["code"], "state_conflict");
    withdraw(&app, &shown).await.expect(200);
    act(&app, Method::DELETE, &shown, "", &Value::Null).await.expect(409);
    app.get(&path(&shown)).await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transition_from_another_status_is_a_conflict() {
    let app = TestApp::new().await;
    let at = json!({"publish_at": "2026-11-23T00:00:00Z"});
    let draft = app.article().draft().create_full().await;
    withdraw(&app, &draft).await.expect(409);
    act(&app, Method::DELETE, &draft, "/schedule", &Value::Null).await.expect(409);
    let shown = app.article().create_full().await;
    let refused = publish(&app, &shown).await.expect(409);
    assert_eq!(refused.json["code"], "state_conflict");
    act(&app, Method::PUT, &shown, "/schedule", &at).await.expect(409);
    withdraw(&app, &shown).await.expect(200);
    withdraw(&app, &shown).await.expect(409);
    act(&app, Method::PUT, &shown, "/schedule", &at).await.expect(409);
    let same = seen_with(&app, app.admin(), &path(&shown)).await.expect(200);
    assert_eq!(same.json["revision"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_transition_asks_for_the_revision_it_was_decided_on() {
    let app = TestApp::new().await;
    let draft = app.article().draft().create_full().await;
    let at = json!({"publish_at": "2026-11-23T00:00:00Z"});
    for (method, rest, body) in [
        (Method::POST, "/publish", Value::Null),
        (Method::POST, "/withdraw", json!({})),
        (Method::PUT, "/schedule", at),
        (Method::DELETE, "/schedule", Value::Null),
        (Method::DELETE, "", Value::Null),
        (Method::POST, "/revisions/1/restore", Value::Null),
        (Method::PATCH, "", json!({})),
    ] {
        let call = || {
            let call = app.request(method.clone(), &format!("{}{rest}", path(&draft)));
            let call = call.bearer(app.admin());
            if body.is_null() { call } else { call.json(&body) }
        };
        let bare = call().send().await.expect(428);
        assert_eq!(bare.json["code"], "precondition_required", "{method} {rest}");
        let stale = call().header("if-match", "\"7-00\"").send().await.expect(412);
        let current = seen_with(&app, app.admin(), &path(&draft)).await.etag();
        assert_eq!(stale.header("etag"), current, "{method} {rest}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_publishers_key_changes_nothing() {
    let app = TestApp::new().await;
    let key = app.key(&["articles:write"], Some("bada")).await;
    let draft = app.article().draft().create_full().await;
    let shown = app.article().create_full().await;
    for (method, rest, body) in [
        (Method::POST, "/publish", Value::Null),
        (Method::POST, "/withdraw", json!({})),
        (Method::DELETE, "", Value::Null),
        (Method::PATCH, "", json!({"headline": "남의 것"})),
        (Method::POST, "/corrections", json!({"kind": "update", "text": "남의 것"})),
        (Method::POST, "/revisions/1/restore", Value::Null),
    ] {
        for (article, status) in [(&draft, 404), (&shown, 403)] {
            let call = app.request(method.clone(), &format!("{}{rest}", path(article)));
            let call = call.bearer(&key).header("if-match", "*");
            let call = if body.is_null() { call } else { call.json(&body) };
            call.send().await.expect(status);
        }
    }
    assert_eq!(app.value("select max(revision) from articles").await, 1);
}

//! `PUT /v1/publishers/{publisher}/articles/{external_id}`.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

fn whole(members: &Value) -> Value {
    let mut body = json!({
        "category": "economy",
        "headline": "제목",
        "body": [{"type": "paragraph", "text": "글"}],
    });
    for (name, value) in members.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

async fn app() -> TestApp {
    let app = TestApp::new().await;
    app.publisher("haneul").await;
    app.category("economy").await;
    app
}

async fn put(app: &TestApp, id: &str, members: &Value) -> Reply {
    let call = app.request(Method::PUT, &format!("/v1/publishers/haneul/articles/{id}"));
    call.bearer(app.admin()).json(&whole(members)).send().await
}

async fn get(app: &TestApp, id: &str) -> Reply {
    let call = app.request(Method::GET, &format!("/v1/publishers/haneul/articles/{id}"));
    call.bearer(app.admin()).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_says_created_updated_or_unchanged() {
    let app = app().await;
    let tags = json!({"authors": ["김하늘"], "tags": ["금리", "금리"]});
    let made = put(&app, "1", &tags).await.expect(201);
    assert_eq!(made.json["outcome"], "created");
    let article = &made.json["article"];
    let location = format!("/v1/articles/{}", article["id"].as_str().expect("an id"));
    assert_eq!(made.header("location"), location);
    assert_eq!(article["external_id"], "1");
    let same = put(&app, "1", &tags).await.expect(200);
    assert_eq!(same.json["outcome"], "unchanged");
    assert_eq!(&same.json["article"], article);
    let changed = put(&app, "1", &json!({"headline": "새 제목"})).await.expect(200);
    assert_eq!(changed.json["outcome"], "updated");
    assert_eq!(changed.json["article"]["revision"], 2);
    assert_eq!(changed.json["article"]["authors"], json!([]), "it replaces, it does not merge");
    assert_eq!(app.value("select count(*) from articles").await, 1);
    assert_eq!(app.value("select count(*) from article_revisions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unchanged_upsert_still_publishes_what_waits() {
    let app = app().await;
    put(&app, "1", &json!({})).await.expect(201);
    let shown = put(&app, "1", &json!({"status": "published"})).await.expect(200).json;
    assert_eq!(shown["article"]["status"], "published");
    let again = put(&app, "1", &json!({"status": "published"})).await.expect(200).json;
    assert_eq!(again["outcome"], "unchanged");
    let silent = put(&app, "1", &json!({"deck": "덱"})).await.expect(200).json;
    assert_eq!(silent["article"]["status"], "published", "without status it stays as it is");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_publishes_a_scheduled_article_at_once_when_told_no_moment() {
    let app = app().await;
    let made = put(&app, "1", &json!({})).await.expect(201).json;
    let id = made["article"]["id"].as_str().expect("an id").to_owned();
    let call = app.request(Method::PUT, &format!("/v1/articles/{id}/schedule"));
    let call = call.bearer(app.admin()).header("if-match", "*");
    call.json(&json!({"publish_at": "2026-12-01T00:00:00Z"})).send().await.expect(200);
    let shown = put(&app, "1", &json!({"status": "published"})).await.expect(200).json;
    assert_eq!(shown["article"]["status"], "published");
    assert_eq!(shown["article"]["publish_at"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_with_a_future_moment_is_the_same_until_it_comes() {
    let app = app().await;
    let later = json!({"status": "published", "published_at": "2026-12-01T00:00:00Z"});
    let made = put(&app, "1", &later).await.expect(201).json;
    assert_eq!(made["article"]["status"], "scheduled");
    assert_eq!(put(&app, "1", &later).await.expect(200).json["outcome"], "unchanged");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_does_not_bring_back_what_was_withdrawn() {
    let app = app().await;
    let made = put(&app, "1", &json!({"status": "published"})).await.expect(201).json;
    let id = made["article"]["id"].as_str().expect("an id").to_owned();
    let call = app.request(Method::POST, &format!("/v1/articles/{id}/withdraw"));
    let call = call.bearer(app.admin()).header("if-match", "*").json(&json!({}));
    call.send().await.expect(200);
    for deck in [Value::Null, json!("새 덱")] {
        put(&app, "1", &json!({"status": "published", "deck": deck})).await.expect(200);
        app.get(&format!("/v1/articles/{id}")).await.expect(410);
        assert_eq!(app.get("/v1/articles").await.json["items"], json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn if_match_is_honoured_when_sent() {
    let app = app().await;
    let send = async |tag: &str, deck: &str| {
        let call = app.request(Method::PUT, "/v1/publishers/haneul/articles/1");
        let call = call.bearer(app.admin()).header("if-match", tag);
        call.json(&whole(&json!({"deck": deck}))).send().await
    };
    send("*", "없음").await.expect(412);
    let made = put(&app, "1", &json!({})).await.expect(201);
    let first = made.etag();
    send(&first, "하나").await.expect(200);
    let stale = send(&first, "둘").await.expect(412);
    assert_eq!(stale.etag(), get(&app, "1").await.expect(200).etag());
    send(&stale.etag(), "둘").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_differs_from_the_path_is_refused() {
    let app = app().await;
    let other = json!({"publisher": "bada", "external_id": "2"});
    let refused = put(&app, "1", &other).await.expect(422);
    let fault = |place: &str| (place.to_owned(), "differs_from_path".to_owned());
    assert_eq!(refused.faults(), [fault("/external_id"), fault("/publisher")]);
    put(&app, "1", &json!({"publisher": "haneul", "external_id": "1"})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn any_text_can_be_an_external_id() {
    let app = app().await;
    for (encoded, id) in [
        ("a%2Fb", "a/b"),
        ("100%25", "100%"),
        ("%252F", "%2F"),
        ("a%20b", "a b"),
        ("a+b", "a+b"),
        ("%EA%B8%B0%EC%82%AC-1", "기사-1"),
        ("%ED%95%9C", "한"),
        ("https:%2F%2Fhaneul.example%2F%3Fid=1%26x%23y", "https://haneul.example/?id=1&x#y"),
        ("..%2F..", "../.."),
    ] {
        let made = put(&app, encoded, &json!({})).await.expect(201).json;
        assert_eq!(made["article"]["external_id"], id);
        let same = put(&app, encoded, &json!({"external_id": id})).await.expect(200).json;
        assert_eq!(same["outcome"], "unchanged", "{id}");
        assert_eq!(get(&app, encoded).await.expect(200).json["external_id"], id);
    }
    put(&app, "%00", &json!({})).await.expect(422);
    put(&app, &"x".repeat(501), &json!({})).await.expect(422);
    get(&app, "%00").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_id_in_another_spelling_of_unicode_is_the_same() {
    let app = app().await;
    let decomposed = "%E1%84%92%E1%85%A1%E1%86%AB";
    let made = put(&app, decomposed, &json!({"external_id": "\u{1112}\u{1161}\u{11ab}"})).await;
    let made = made.expect(201);
    assert_eq!(made.json["article"]["external_id"], "한");
    for spelling in [decomposed, "%ED%95%9C"] {
        get(&app, spelling).await.expect(200);
        let call = app.request(Method::PUT, &format!("/v1/publishers/haneul/articles/{spelling}"));
        let call = call.bearer(app.admin()).header("if-match", made.etag());
        let same = call.json(&whole(&json!({}))).send().await.expect(200);
        assert_eq!(same.json["outcome"], "unchanged");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_upserts_at_once_make_one_article() {
    let app = app().await;
    let member = json!({"status": "published"});
    let race = (0..20).map(|_| put(&app, "1", &member));
    let answers = futures_util::future::join_all(race).await;
    let outcomes = |name: &str| answers.iter().filter(|a| a.json["outcome"] == name).count();
    let statuses: Vec<_> = answers.iter().map(|answer| answer.status).collect();
    assert_eq!((outcomes("created"), outcomes("unchanged")), (1, 19), "{statuses:?}");
    assert_eq!(app.value("select count(*) from articles").await, 1);
    assert_eq!(app.value("select revision from articles").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_different_upserts_at_once_leave_an_unbroken_history() {
    let app = app().await;
    let members: Vec<_> = (0..20).map(|n| json!({"headline": format!("제목 {n}")})).collect();
    let race = members.iter().map(|member| put(&app, "1", member));
    for answer in futures_util::future::join_all(race).await {
        assert!(matches!(answer.status, 200 | 201), "{}", answer.text);
    }
    assert_eq!(app.value("select count(*) from articles").await, 1);
    assert_eq!(app.value("select revision from articles").await, 20);
    assert_eq!(app.value("select count(*) from article_revisions").await, 19);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_publishers_key_is_refused() {
    let app = app().await;
    let key = app.key(&["articles:write"], Some("bada")).await;
    let call = app.request(Method::PUT, "/v1/publishers/haneul/articles/1").bearer(&key);
    let refused = call.json(&whole(&json!({}))).send().await.expect(403);
    assert_eq!(refused.json["code"], "wrong_publisher");
    let call = app.request(Method::PUT, "/v1/publishers/nobody/articles/1").bearer(app.admin());
    call.json(&whole(&json!({}))).send().await.expect(404);
    let call = app.request(Method::PUT, "/v1/publishers/haneul/articles/1");
    call.json(&whole(&json!({}))).send().await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_none_match_star_writes_only_what_is_not_there() {
    let app = app().await;
    let only_new = |headline: &str| {
        let call = app.request(Method::PUT, "/v1/publishers/haneul/articles/1");
        let call = call.bearer(app.admin()).header("if-none-match", "*");
        call.json(&whole(&json!({"headline": headline}))).send()
    };
    only_new("처음").await.expect(201);
    only_new("다음").await.expect(412);
    assert_eq!(get(&app, "1").await.json["headline"], "처음");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_moment_without_publication_is_refused_and_not_forgotten() {
    let app = app().await;
    let refused =
        put(&app, "1", &json!({"published_at": "2020-01-01T00:00:00Z"})).await.expect(422);
    assert_eq!(refused.json["errors"][0]["pointer"], "/published_at");
    let dated = json!({"published_at": "2020-01-01T00:00:00Z", "status": "published"});
    let article = put(&app, "1", &dated).await.expect(201);
    assert_eq!(article.json["article"]["published_at"], "2020-01-01T00:00:00.000Z");
}

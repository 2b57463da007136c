//! /v1/api-keys

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

async fn issue(app: &TestApp, input: &Value) -> Reply {
    app.request(Method::POST, "/v1/api-keys").bearer(app.admin()).json(input).send().await
}

async fn ask(app: &TestApp, key: &str) -> u16 {
    app.request(Method::GET, "/v1/publishers").bearer(key).send().await.status
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_kept_as_a_hash() {
    let app = TestApp::new().await;
    app.publisher("haneul").await;
    let input = json!({"name": "CMS", "scopes": ["articles:write"], "publisher": "haneul"});
    let issued = issue(&app, &input).await.expect(201);
    let key = issued.json["key"].as_str().expect("a key");
    assert!(key.starts_with("sk_") && key.len() == 46, "{key}");
    assert_eq!(ask(&app, key).await, 200);
    let read = app.request(Method::GET, issued.header("location")).bearer(app.admin());
    let read = read.send().await.expect(200);
    assert_eq!(read.json["publisher"], "haneul");
    assert_eq!(read.json["prefix"], key[..11]);
    assert!(!read.text.contains(key));
    let dump = app.value("select jsonb_agg(to_jsonb(k)) from api_keys k").await.to_string();
    let kept = app.value("select jsonb_agg(to_jsonb(k)) from idempotency_keys k").await.to_string();
    assert!(!dump.contains(&key[11..]) && !kept.contains(&key[11..]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_is_told_that_the_secret_was_issued() {
    let app = TestApp::new().await;
    let send = || {
        let call = app.request(Method::POST, "/v1/api-keys").bearer(app.admin());
        let call = call.header("idempotency-key", "one");
        call.json(&json!({"name": "CMS", "scopes": ["articles:write"]})).send()
    };
    send().await.expect(201);
    assert_eq!(send().await.expect(409).json["code"], "secret_already_issued");
    let named = app.value("select count(*) from api_keys where name = 'CMS'").await;
    assert_eq!(named, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn revoked_and_expired_keys_are_refused() {
    let app = TestApp::new().await;
    let at = app.clock.now().plus_minutes(60);
    let input = json!({"name": "CMS", "scopes": ["articles:write"], "expires_at": at});
    let issued = issue(&app, &input).await.expect(201);
    let key = issued.json["key"].as_str().expect("a key").to_owned();
    assert_eq!(ask(&app, &key).await, 200);
    app.clock.set(at);
    assert_eq!(ask(&app, &key).await, 401);
    app.clock.set(at.plus_minutes(-30));
    assert_eq!(ask(&app, &key).await, 200);
    for _ in 0..2 {
        let call = app.request(Method::DELETE, issued.header("location")).bearer(app.admin());
        call.send().await.expect(204);
    }
    assert_eq!(ask(&app, &key).await, 401);
    let gone = "/v1/api-keys/019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20";
    app.request(Method::DELETE, gone).bearer(app.admin()).send().await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_of_a_key_are_told_together() {
    let app = TestApp::new().await;
    app.publisher("haneul").await;
    let faults = async |input: Value| issue(&app, &input).await.expect(422).faults();
    let found = faults(json!({"name": " ", "scopes": ["x"], "publisher": "A", "key": "sk_"})).await;
    let expected = [
        ("/key", "unknown_field"),
        ("/name", "empty"),
        ("/publisher", "invalid_slug"),
        ("/scopes/0", "unknown_value"),
    ];
    assert_eq!(found, expected.map(|(place, code)| (place.to_owned(), code.to_owned())));
    let past = json!({
        "name": "x",
        "scopes": ["admin"],
        "publisher": "haneul",
        "expires_at": app.clock.now(),
    });
    let expected = [("/expires_at", "not_in_future"), ("/publisher", "admin_is_unbound")];
    assert_eq!(
        faults(past).await,
        expected.map(|(place, code)| (place.to_owned(), code.to_owned()))
    );
    let found = faults(json!({"name": "x", "scopes": [], "publisher": "haneul"})).await;
    assert_eq!(found, [("/scopes".to_owned(), "empty".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn use_is_noted_every_ten_minutes() {
    let app = TestApp::new().await;
    let key = app.key(&["articles:write"], None).await;
    let noted = async || {
        app.value("select last_used_at from api_keys where name = 'test articles:write'").await
    };
    let start = app.clock.now();
    ask(&app, &key).await;
    let first = noted().await;
    assert_ne!(first, Value::Null);
    app.clock.set(start.plus_minutes(9));
    ask(&app, &key).await;
    assert_eq!(noted().await, first);
    app.clock.set(start.plus_minutes(11));
    ask(&app, &key).await;
    assert_ne!(noted().await, first);
}

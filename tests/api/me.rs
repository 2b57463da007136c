//! `/v1/me` and what is below it.

use crate::{
    accounts::{login, register},
    support::{Reply, TestApp},
};
use reqwest::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "한강에서 부는 바람";

async fn ask(app: &TestApp, method: Method, path: &str, token: &str, body: Option<Value>) -> Reply {
    let call = app.request(method, path).bearer(token);
    match body {
        Some(body) => call.json(&body).send().await,
        None => call.send().await,
    }
}

fn access(reply: &Reply) -> String {
    reply.json["access_token"].as_str().expect("a token").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_themselves_and_no_cache_keeps_it() {
    let app = TestApp::new().await;
    let token = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    let me = ask(&app, Method::GET, "/v1/me", &token, None).await.expect(200);
    assert_eq!(me.header("cache-control"), "private, no-store");
    assert_eq!(me.json["display_name"], "한강 산책");
    assert_eq!(me.json["email"], "reader@example.kr");
    assert_eq!(me.json["suspension"], Value::Null);
    let key = app.key(&["admin"], None).await;
    let refused = ask(&app, Method::GET, "/v1/me", &key, None).await.expect(403);
    assert_eq!(refused.json["code"], "account_needed");
    app.get("/v1/me").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_is_changed_to_a_free_one_or_to_another_spelling_of_ones_own() {
    let app = TestApp::new().await;
    let token = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    app.reader("남산").await;
    let rename = async |name: &str| {
        ask(&app, Method::PATCH, "/v1/me", &token, Some(json!({"display_name": name}))).await
    };
    assert_eq!(rename("한강산책").await.expect(200).json["display_name"], "한강산책");
    assert_eq!(rename("남 산").await.expect(409).json["code"], "name_taken");
    assert_eq!(rename("관리자").await.expect(422).faults()[0].1, "name_reserved");
    assert_eq!(rename("북한산").await.expect(200).json["display_name"], "북한산");
    register(&app, "other@example.kr", "한강 산책").await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_is_nobody_and_leaves_address_and_name_to_others() {
    let app = TestApp::new().await;
    let token = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    let erase = async |body: Value| ask(&app, Method::DELETE, "/v1/me", &token, Some(body)).await;
    assert_eq!(erase(json!({})).await.expect(422).faults()[0].1, "missing");
    assert_eq!(erase(json!({"confirm": false})).await.expect(422).faults()[0].1, "not_confirmed");
    let faults = erase(json!({"confirm": true})).await.expect(422).faults();
    assert_eq!(faults, [("/password".to_owned(), "missing".to_owned())]);
    let wrong = erase(json!({"confirm": true, "password": "wrong"})).await.expect(403);
    assert_eq!(wrong.json["code"], "wrong_password");
    erase(json!({"confirm": true, "password": PASSWORD})).await.expect(204);
    ask(&app, Method::GET, "/v1/me", &token, None).await.expect(401);
    login(&app, "reader@example.kr", PASSWORD).await.expect(401);
    for table in ["accounts", "sessions", "registrations", "reset_tokens", "failed_logins"] {
        let query = format!("select coalesce(json_agg(t)::text, '') from {table} t");
        let text = app.value(&query).await.to_string();
        assert!(!text.contains("reader@example.kr") && !text.contains("한강"), "{table}: {text}");
    }
    let again = register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    assert_eq!(app.value("select count(*) from accounts").await, 2);
    assert_eq!(again.json["account"]["roles"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_holds_what_is_stored() {
    let app = TestApp::new().await;
    let token = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    login(&app, "reader@example.kr", PASSWORD).await.expect(200);
    let export = ask(&app, Method::GET, "/v1/me/export", &token, None).await.expect(200);
    assert_eq!(export.json["account"]["email"], "reader@example.kr");
    assert_eq!(export.json["sessions"].as_array().expect("a list").len(), 2);
    assert!(!export.text.contains("argon2"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_log_in_is_ended_from_another() {
    let app = TestApp::new().await;
    let here = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    let there = access(&login(&app, "reader@example.kr", PASSWORD).await.expect(200));
    let list = ask(&app, Method::GET, "/v1/me/sessions", &here, None).await.expect(200);
    let items = list.json["items"].as_array().expect("a list").clone();
    assert_eq!(items.len(), 2);
    let other = items.iter().find(|item| item["current"] == false).expect("the other");
    let path = format!("/v1/me/sessions/{}", other["id"].as_str().expect("an id"));
    let stranger = app.reader("남산").await;
    ask(&app, Method::DELETE, &path, &stranger.token, None).await.expect(404);
    ask(&app, Method::DELETE, &path, &here, None).await.expect(204);
    ask(&app, Method::GET, "/v1/me", &there, None).await.expect(401);
    ask(&app, Method::DELETE, &path, &here, None).await.expect(404);
    ask(&app, Method::GET, "/v1/me", &here, None).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_suspended_reads_on_and_who_is_banned_is_nobody_at_the_next_request() {
    use sosik::accounts::sanctions::{Measure, NewSanction, impose, lift};
    let app = TestApp::new().await;
    let token = access(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    let me = ask(&app, Method::GET, "/v1/me", &token, None).await.expect(200);
    let account = serde_json::from_value(me.json["id"].clone()).expect("an id");
    let (now, until) = (app.clock.now(), app.clock.now().plus_minutes(60));
    let new = |measure| NewSanction {
        account,
        measure,
        reason_code: "insult",
        note: Some("for moderators"),
        by: "a moderator",
    };
    let mut conn = app.pool.get().await.expect("a connection");
    impose(&mut conn, &new(Measure::Suspend { until }), now).await.expect("imposed");
    let me = ask(&app, Method::GET, "/v1/me", &token, None).await.expect(200);
    assert_eq!(me.json["suspension"]["until"], json!(until));
    let body = json!({"display_name": "남산"});
    let refused = ask(&app, Method::PATCH, "/v1/me", &token, Some(body)).await.expect(403);
    assert_eq!(refused.json["code"], "account_suspended");
    assert_eq!(refused.json["until"], json!(until));
    let export = ask(&app, Method::GET, "/v1/me/export", &token, None).await.expect(200);
    assert_eq!(export.json["sanctions"][0]["kind"], "suspend");
    assert!(!export.text.contains("for moderators"));
    app.clock.set(until);
    let me = ask(&app, Method::GET, "/v1/me", &token, None).await;
    assert_eq!(me.status, 401, "the token has ended");
    let token = access(&login(&app, "reader@example.kr", PASSWORD).await.expect(200));
    let me = ask(&app, Method::GET, "/v1/me", &token, None).await.expect(200);
    assert_eq!(me.json["suspension"], Value::Null);
    let ban = impose(&mut conn, &new(Measure::Ban), until).await.expect("imposed").expect("there");
    ask(&app, Method::GET, "/v1/me", &token, None).await.expect(401);
    let refused = login(&app, "reader@example.kr", PASSWORD).await.expect(403);
    assert_eq!(refused.json["code"], "account_banned");
    login(&app, "reader@example.kr", "wrong password").await.expect(401);
    lift(&mut conn, ban.id, "an admin", until).await.expect("lifted");
    ask(&app, Method::GET, "/v1/me", &token, None).await.expect(401);
    login(&app, "reader@example.kr", PASSWORD).await.expect(200);
}

//! Rules of moderation: written, switched, tried, in force; and the classifier.

use crate::{
    comments::{comment, open, written},
    support::{Call, TestApp},
};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{
    config::{Fallback, Parsed, Preset, Secret},
    ids::ArticleId,
};
use std::{
    io::{Read, Write},
    net::TcpListener,
    sync::mpsc::{Receiver, channel},
    thread,
    time::Duration,
};

const RULES: &str = "/v1/moderation/rules";

fn rule(name: &str, terms: &[&str]) -> Value {
    json!({"name": name, "kind": "words", "action": "hold", "reason_code": "spam", "terms": terms})
}

fn create(app: &TestApp, key: &str, rule: &Value) -> Call {
    app.request(Method::POST, RULES).bearer(key).json(rule)
}

fn patch(app: &TestApp, key: &str, id: &str, change: &Value) -> Call {
    app.request(Method::PATCH, &format!("{RULES}/{id}")).bearer(key).json(change)
}

fn try_it(app: &TestApp, what: &Value) -> Call {
    app.request(Method::POST, &format!("{RULES}/test")).bearer(app.admin()).json(what)
}

/// The id of a built-in rule.
async fn builtin(app: &TestApp, key: &str) -> String {
    let list = app.request(Method::GET, RULES).bearer(app.admin()).send().await.expect(200);
    let items = list.json["items"].as_array().expect("rules");
    let found = items.iter().find(|rule| rule["builtin"] == key).expect("a built-in rule");
    found["id"].as_str().expect("an id").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_written_changed_and_deleted() {
    let app = TestApp::new().await;
    let moderator = app.key(&["comments:moderate"], None).await;
    let made = create(&app, &moderator, &rule("광고", &["꽃배달", "대출[문상]"]))
        .header("idempotency-key", "one")
        .send()
        .await
        .expect(201);
    let id = made.json["id"].as_str().expect("an id").to_owned();
    assert_eq!(made.header("location"), format!("{RULES}/{id}"));
    assert_eq!((&made.json["revision"], &made.json["size"]), (&json!(1), &json!(2)));
    assert_eq!((&made.json["enabled"], &made.json["publisher"]), (&json!(true), &json!(null)));
    let again = create(&app, &moderator, &rule("광고", &["꽃배달", "대출[문상]"]))
        .header("idempotency-key", "one")
        .send()
        .await
        .expect(201);
    assert_eq!(again.json["id"], made.json["id"]);

    let path = format!("{RULES}/{id}");
    let got = app.request(Method::GET, &path).bearer(&moderator).send().await.expect(200);
    assert_eq!(got.json["terms"], json!(["꽃배달", "대출[문상]"]));
    patch(&app, &moderator, &id, &json!({"enabled": false})).send().await.expect(428);
    let changed =
        patch(&app, &moderator, &id, &json!({"enabled": false, "exceptions": ["꽃배달원"]}))
            .header("if-match", got.etag())
            .send()
            .await
            .expect(200);
    assert_eq!((&changed.json["revision"], &changed.json["enabled"]), (&json!(2), &json!(false)));
    assert_eq!(changed.json["terms"], got.json["terms"]);
    patch(&app, &moderator, &id, &json!({"enabled": true}))
        .header("if-match", got.etag())
        .send()
        .await
        .expect(412);
    let kind = patch(&app, &moderator, &id, &json!({"kind": "pattern"}))
        .header("if-match", "*")
        .send()
        .await
        .expect(422);
    assert_eq!(kind.faults(), [("/kind".to_owned(), "read_only".to_owned())]);

    let delete = || app.request(Method::DELETE, &path).bearer(&moderator);
    delete().send().await.expect(428);
    delete().header("if-match", changed.etag()).send().await.expect(204);
    app.request(Method::GET, &path).bearer(&moderator).send().await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_looked_for_is_refused_with_its_place() {
    let app = TestApp::new().await;
    let mut wrong = rule("광고", &["꽃배달", "가[나", "\u{200B}"]);
    wrong["exceptions"] = json!([""]);
    let refused = create(&app, app.admin(), &wrong).send().await.expect(422);
    let at = |place: &str, code: &str| (place.to_owned(), code.to_owned());
    assert_eq!(
        refused.faults(),
        [
            at("/exceptions/0", "invisible_text"),
            at("/terms/1", "invalid"),
            at("/terms/2", "invisible_text")
        ]
    );
    let mut pattern = rule("번호", &[r"\d{4}", "(?<=a)b", "(", "x*"]);
    pattern["kind"] = json!("pattern");
    let refused = create(&app, app.admin(), &pattern).send().await.expect(422);
    assert_eq!(
        refused.faults(),
        [at("/terms/1", "invalid"), at("/terms/2", "invalid"), at("/terms/3", "empty")]
    );
    let none = create(&app, app.admin(), &rule("빈 규칙", &[])).send().await.expect(422);
    assert_eq!(none.faults(), [at("/terms", "empty")]);
    let mut unknown = rule("광고", &["꽃배달"]);
    unknown["publisher"] = json!("nobody");
    let refused = create(&app, app.admin(), &unknown).send().await.expect(422);
    assert_eq!(refused.faults(), [at("/publisher", "unknown_value")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn builtin_rules_come_first_and_can_be_switched_and_not_deleted() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let curse = "이런 시.발 것들아";
    let held = comment(&app, &reader, article, curse).send().await.expect(201);
    assert_eq!(held.json["status"], "held");
    let hit = app
        .value("select jsonb_agg(jsonb_build_array(reason_code, first_char, end_char)) from comment_hits")
        .await;
    assert_eq!(hit, json!([["profanity", 3, 8]]));

    let id = builtin(&app, "profanity").await;
    let words = patch(&app, app.admin(), &id, &json!({"terms": ["다른 말"]}))
        .header("if-match", "*")
        .send()
        .await
        .expect(422);
    assert_eq!(words.faults(), [("/terms".to_owned(), "read_only".to_owned())]);
    let rejecting = patch(&app, app.admin(), &id, &json!({"action": "reject"}))
        .header("if-match", "*")
        .send()
        .await
        .expect(200);
    assert_eq!(
        (&rejecting.json["revision"], &rejecting.json["kind"]),
        (&json!(2), &json!("builtin"))
    );
    let refused = comment(&app, &reader, article, curse).send().await.expect(422);
    assert_eq!(refused.json["code"], "comment_refused");
    patch(&app, app.admin(), &id, &json!({"enabled": false}))
        .header("if-match", rejecting.etag())
        .send()
        .await
        .expect(200);
    let shown = comment(&app, &reader, article, curse).send().await.expect(201);
    assert_eq!(shown.json["status"], "visible");
    app.request(Method::DELETE, &format!("{RULES}/{id}"))
        .bearer(app.admin())
        .header("if-match", "*")
        .send()
        .await
        .expect(409);
    let page = app.request(Method::GET, &format!("{RULES}?limit=2")).bearer(app.admin()).send();
    let page = page.await.expect(200);
    assert_eq!(page.json["items"][0]["id"], id.as_str());
    assert_eq!(page.json["items"][1]["kind"], "builtin");
    assert!(page.json["page"]["next"].is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_holds_at_once_for_all_or_for_one_publisher() {
    let app = open().await;
    let bound = app.key(&["comments:moderate"], Some("haneul")).await;
    let (own, other): (ArticleId, ArticleId) =
        (app.article().create().await, app.article().by("badaro").create().await);
    let reader = app.reader("바람개비").await;
    create(&app, &bound, &rule("우리 것", &["꽃배달"])).send().await.expect(403);
    let mut mine = rule("우리 것", &["꽃배달"]);
    mine["publisher"] = json!("haneul");
    let made = create(&app, &bound, &mine).send().await.expect(201);
    assert_eq!(made.json["publisher"]["slug"], "haneul");
    let status = async |article, text| {
        comment(&app, &reader, article, text).send().await.expect(201).json["status"].clone()
    };
    assert_eq!(status(own, "꽃 배달 싸요").await, "held");
    assert_eq!(status(other, "꽃배달 싸요").await, "visible");
    let mut theirs = rule("남의 것", &["꽃배달"]);
    theirs["publisher"] = json!("badaro");
    let refused = create(&app, &bound, &theirs).send().await.expect(403);
    assert_eq!(refused.json["code"], "wrong_publisher");
    let theirs = create(&app, app.admin(), &theirs).send().await.expect(201);
    let path = format!("{RULES}/{}", theirs.json["id"].as_str().expect("an id"));
    app.request(Method::GET, &path).bearer(&bound).send().await.expect(404);
    let id = builtin(&app, "hate").await;
    patch(&app, &bound, &id, &json!({"enabled": false}))
        .header("if-match", "*")
        .send()
        .await
        .expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_written_elsewhere_holds_within_seconds() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    written(&app, &reader, article, "첫 댓글").await;
    app.sql(
        "insert into moderation_rules (id, name, kind, action, reason_code, terms, exceptions, enabled,
            created_at, created_by, updated_at, updated_by)
         values (gen_random_uuid(), '다른 서버', 'words', 'hold', 'spam', '{꽃배달}', '{}', true,
            now(), 'x', now(), 'x');
         update moderation_rules_version set version = version + 1",
    )
    .await;
    tokio::time::sleep(sosik::moderation::screener::LOOK_EVERY).await;
    let held = comment(&app, &reader, article, "꽃배달").send().await.expect(201);
    assert_eq!(held.json["status"], "held");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_tried_on_a_text_and_on_comments() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    for body in ["꽃배달 싸요", "좋은 기사", "꽃 배.달", "꽃배달원 구함"] {
        written(&app, &reader, article, body).await;
    }
    let mut new = rule("광고", &["꽃배달"]);
    new["exceptions"] = json!(["꽃배달원"]);
    let text = try_it(&app, &json!({"rule": new, "text": "아 꽃 배.달!"})).send().await.expect(200);
    assert_eq!(text.json["finds"], json!([{"start": 2, "end": 7, "text": "꽃 배.달"}]));
    assert_eq!(text.json["comments"], json!(null));
    let days = try_it(&app, &json!({"rule": new, "days": 7})).send().await.expect(200);
    let comments = &days.json["comments"];
    assert_eq!((&comments["looked_at"], &comments["found"]), (&json!(4), &json!(2)));
    assert_eq!(comments["complete"], true);
    assert_eq!(comments["samples"][0]["body"], "꽃 배.달");
    let id = builtin(&app, "identity_numbers").await;
    let number = try_it(&app, &json!({"rule_id": id, "text": "900101-1234567"}));
    let number = number.send().await.expect(200);
    assert_eq!(number.json["finds"][0]["end"], 14);

    let neither = try_it(&app, &json!({})).send().await.expect(422);
    let at = |place: &str, code: &str| (place.to_owned(), code.to_owned());
    assert_eq!(neither.faults(), [at("/rule", "missing"), at("/text", "missing")]);
    let both = try_it(&app, &json!({"rule": new, "rule_id": id, "text": "가", "days": 3}));
    let both = both.send().await.expect(422);
    assert_eq!(both.faults(), [at("/days", "not_together"), at("/rule_id", "not_together")]);
    let mut wrong = new.clone();
    wrong["terms"] = json!(["[가"]);
    let wrong = try_it(&app, &json!({"rule": wrong, "text": "가"})).send().await.expect(422);
    assert_eq!(wrong.faults(), [at("/rule/terms/0", "invalid")]);
    let days = try_it(&app, &json!({"rule": new, "days": 31})).send().await.expect(422);
    assert_eq!(days.faults(), [at("/days", "out_of_range")]);
}

/// An answer of HTTP.
fn http(status: &str, more: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n{more}\r\n{body}"
    )
}

/// Answers each request with `answer`, and hands out what was asked.
fn classifier(answer: String, pause: Duration) -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}/judge", listener.local_addr().expect("bound"));
    let (asked, questions) = channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            let mut request = Vec::new();
            let mut buffer = [0; 4096];
            while !String::from_utf8_lossy(&request).ends_with("}") {
                match stream.read(&mut buffer) {
                    Ok(0) | Err(_) => break,
                    Ok(read) => request.extend_from_slice(&buffer[..read]),
                }
            }
            let _ = asked.send(String::from_utf8_lossy(&request).into_owned());
            thread::sleep(pause);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (url, questions)
}

async fn with_classifier(url: &str, fallback: Fallback) -> TestApp {
    let url = url.parse().expect("a URL");
    TestApp::with(move |settings| {
        settings.comments.preset = Preset::Open;
        settings.moderation.classifier.url = Some(Parsed(url));
        settings.moderation.classifier.secret = Some(Secret("secret".into()));
        settings.moderation.classifier.timeout_ms = 500;
        settings.moderation.classifier.fallback = fallback;
    })
    .await
}

async fn status(app: &TestApp, body: &str) -> Value {
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    comment(app, &reader, article, body).send().await.json["status"].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_classifier_is_asked_with_a_signature_and_its_answer_holds() {
    let answer = http("200 OK", "", r#"{"outcome":"hold","reason_code":"hate","score":0.9}"#);
    let (url, questions) = classifier(answer, Duration::ZERO);
    let app = with_classifier(&url, Fallback::Publish).await;
    assert_eq!(status(&app, "조용한 말").await, "held");
    let asked = questions.recv_timeout(Duration::from_secs(5)).expect("a question");
    let lower = asked.to_lowercase();
    assert!(
        lower.contains("webhook-id: msg_") && lower.contains("webhook-signature: v1,"),
        "{asked}"
    );
    assert!(lower.contains("webhook-timestamp: ") && asked.contains("조용한 말"), "{asked}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_score_below_the_threshold_is_nothing() {
    let answer = http("200 OK", "", r#"{"outcome":"reject","score":0.2}"#);
    let (url, _questions) = classifier(answer, Duration::ZERO);
    let app = with_classifier(&url, Fallback::Hold).await;
    assert_eq!(status(&app, "조용한 말").await, "visible");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_usable_answer_the_settings_decide() {
    let late = http("200 OK", "", r#"{"outcome":"publish"}"#);
    let broken = http("503 Service Unavailable", "", "");
    let moved = http("307 Temporary Redirect", "location: http://127.0.0.1:9/\r\n", "");
    let nonsense = http("200 OK", "", "no");
    for (answer, pause) in [
        (late, Duration::from_secs(2)),
        (broken.clone(), Duration::ZERO),
        (moved, Duration::ZERO),
        (nonsense, Duration::ZERO),
    ] {
        let (url, _questions) = classifier(answer.clone(), pause);
        let app = with_classifier(&url, Fallback::Hold).await;
        assert_eq!(status(&app, "조용한 말").await, "held", "{answer}");
    }
    let (url, _questions) = classifier(broken, Duration::ZERO);
    let app = with_classifier(&url, Fallback::Publish).await;
    assert_eq!(status(&app, "조용한 말").await, "visible");
}

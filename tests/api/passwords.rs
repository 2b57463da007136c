//! `/v1/auth/password`, what is below it, and `/v1/auth/verify`.

use crate::{
    accounts::{login, register},
    support::{
        Reply, TestApp,
        post::{Post, token},
    },
};
use reqwest::Method;
use serde_json::{Value, json};

const OLD: &str = "한강에서 부는 바람";
const NEW: &str = "남산에서 부는 바람";

async fn post(app: &TestApp, path: &str, body: Value) -> Reply {
    app.request(Method::POST, path).json(&body).send().await
}

async fn is_in(app: &TestApp, reply: &Reply) -> bool {
    let token = reply.json["access_token"].as_str().expect("a token");
    app.request(Method::GET, "/v1/meta").bearer(token).send().await.status == 200
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_needs_the_old_password_and_ends_the_other_log_ins() {
    let app = TestApp::new().await;
    let here = register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let there = login(&app, "reader@example.kr", OLD).await.expect(200);
    let change = async |old: &str, new: &str| {
        let body = json!({"current_password": old, "new_password": new});
        let token = here.json["access_token"].as_str().expect("a token");
        app.request(Method::PUT, "/v1/auth/password").bearer(token).json(&body).send().await
    };
    assert_eq!(change("something else", NEW).await.expect(403).json["code"], "wrong_password");
    change(OLD, "short").await.expect(422);
    change(OLD, NEW).await.expect(204);
    assert!(is_in(&app, &here).await && !is_in(&app, &there).await);
    login(&app, "reader@example.kr", OLD).await.expect(401);
    login(&app, "reader@example.kr", NEW).await.expect(200);
    for _ in 0..5 {
        change("something else", OLD).await;
    }
    assert_eq!(change(NEW, OLD).await.expect(429).json["code"], "login_delayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forgotten_password_is_set_anew_by_the_token_of_a_mail_once() {
    let mail = Post::start();
    let app = TestApp::with(|settings| mail.serve(settings)).await;
    let before = register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    for email in ["nobody@example.kr", "reader@example.kr"] {
        let body = json!({"email": email});
        let reply = post(&app, "/v1/auth/password/reset-request", body).await.expect(202);
        assert_eq!(reply.text, "");
    }
    let mails = mail.mails(1).await;
    assert!(mails[0].starts_with("RCPT TO:<reader@example.kr>"), "{}", mails[0]);
    let token = token(&mails[0]);
    let reset = async |token: &str, password: &str| {
        post(&app, "/v1/auth/password/reset", json!({"token": token, "new_password": password}))
            .await
    };
    // A stranger locked the address; whoever gets the mail gets in all the same.
    for _ in 0..6 {
        login(&app, "reader@example.kr", "guessed").await;
    }
    reset(&token, "short").await.expect(422);
    let unusable = ("/token".to_owned(), "unusable_token".to_owned());
    assert_eq!(
        reset("mt_made_up", NEW).await.expect(422).faults(),
        std::slice::from_ref(&unusable)
    );
    let after = reset(&token, NEW).await.expect(200);
    assert!(is_in(&app, &after).await && !is_in(&app, &before).await);
    assert_eq!(reset(&token, OLD).await.expect(422).faults(), [unusable]);
    app.clock.set(app.clock.now().plus_minutes(20));
    login(&app, "reader@example.kr", NEW).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_more_than_three_mails_in_an_hour() {
    let mail = Post::start();
    let app = TestApp::with(|settings| mail.serve(settings)).await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    for _ in 0..6 {
        let body = json!({"email": "reader@example.kr"});
        post(&app, "/v1/auth/password/reset-request", body).await.expect(202);
    }
    assert_eq!(mail.mails(3).await.len(), 3);
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(mail.mails(3).await.len(), 3);
    assert_eq!(app.value("select count(*) from reset_tokens").await, 3);
    app.clock.set(app.clock.now().plus_minutes(121));
    let token = token(&mail.mails(3).await[0]);
    let body = json!({"token": token, "new_password": NEW});
    post(&app, "/v1/auth/password/reset", body).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_addresses_are_verified_a_registration_does_not_tell_who_has_an_account() {
    let mail = Post::start();
    let app = TestApp::with(|settings| {
        mail.serve(settings);
        settings.accounts.verify_mail = true;
        let page = "https://portal.example.kr/verify".parse().expect("an address");
        settings.accounts.verify_url = Some(sosik::config::Parsed(page));
    })
    .await;
    let first = register(&app, "reader@example.kr", "한강 산책").await.expect(202);
    assert_eq!(app.value("select count(*) from accounts").await, 0);
    let mails = mail.mails(1).await;
    assert!(mails[0].contains("https://portal.example.kr/verify#token=mt_"), "{}", mails[0]);
    login(&app, "reader@example.kr", OLD).await.expect(401);
    let verify = async |body: Value| post(&app, "/v1/auth/verify", body).await;
    let made = verify(json!({"token": token(&mails[0])})).await.expect(201);
    assert!(is_in(&app, &made).await);
    assert_eq!(made.json["account"]["display_name"], "한강 산책");
    verify(json!({"token": token(&mails[0])})).await.expect(422);
    let second = register(&app, "reader@example.kr", "남산 산책").await.expect(202);
    assert_eq!((first.text, first.status), (second.text, second.status));
    let mails = mail.mails(2).await;
    assert!(mails[1].contains("There is an account") && !mails[1].contains("mt_"), "{}", mails[1]);
    // A name that somebody else takes meanwhile is asked for again, and the token stays.
    register(&app, "other@example.kr", "북한산").await.expect(202);
    let waiting = token(&mail.mails(3).await[2]);
    app.reader("북한산").await;
    let refused = verify(json!({"token": waiting})).await.expect(409);
    assert_eq!(refused.json["code"], "name_taken");
    verify(json!({"token": waiting, "display_name": "관리자"})).await.expect(422);
    verify(json!({"token": waiting, "display_name": "도봉산"})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_long_is_refused_before_it_is_hashed() {
    let app = TestApp::with(|settings| {
        settings.limits.body_bytes = 4_194_304;
        // So much that it would be noticed.
        settings.accounts.argon2_memory_kib = 262_144;
        settings.accounts.argon2_passes = 10;
    })
    .await;
    let long = "a".repeat(1_048_576);
    let start = std::time::Instant::now();
    let reply = login(&app, "reader@example.kr", &long).await.expect(422);
    assert_eq!(reply.faults(), [("/password".to_owned(), "too_long".to_owned())]);
    assert!(start.elapsed() < std::time::Duration::from_secs(2), "{:?}", start.elapsed());
}

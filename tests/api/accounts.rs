//! `/v1/auth/register` and `/v1/auth/login`.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

const PASSWORD: &str = "한강에서 부는 바람";

pub async fn register(app: &TestApp, email: &str, name: &str) -> Reply {
    let body = json!({"email": email, "password": PASSWORD, "display_name": name});
    app.request(Method::POST, "/v1/auth/register").json(&body).send().await
}

pub async fn login(app: &TestApp, email: &str, password: &str) -> Reply {
    let body = json!({"email": email, "password": password});
    app.request(Method::POST, "/v1/auth/login").json(&body).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_registers_is_logged_in_and_logs_in_again() {
    let app = TestApp::new().await;
    let registered = register(&app, "Reader@Example.KR", "한강 산책").await.expect(201);
    assert_eq!(registered.header("cache-control"), "private, no-store");
    assert_eq!(registered.json["account"]["display_name"], "한강 산책");
    assert_eq!(registered.json["account"]["roles"], json!([]));
    assert_eq!(registered.json["account"]["suspended_until"], Value::Null);
    assert_eq!(registered.json["access_expires_at"], "2026-11-22T09:15:00.000Z");
    assert_eq!(registered.json["refresh_expires_at"], "2026-12-22T09:00:00.000Z");
    let again = login(&app, "reader@example.kr", PASSWORD).await.expect(200);
    assert_eq!(again.json["account"], registered.json["account"]);
    for reply in [registered, again] {
        let token = reply.json["access_token"].as_str().expect("a token").to_owned();
        app.request(Method::GET, "/v1/meta").bearer(&token).send().await.expect(200);
        app.clock.set("2026-11-22T09:15:00Z".parse().expect("an instant"));
        app.request(Method::GET, "/v1/meta").bearer(&token).send().await.expect(401);
        app.clock.set("2026-11-22T09:00:00Z".parse().expect("an instant"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn addresses_and_names_belong_to_one_account_however_they_are_written() {
    let app = TestApp::new().await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let taken = register(&app, "READER@example.kr", "다른 이름").await.expect(409);
    assert_eq!(taken.json["code"], "email_taken");
    for name in ["한강산책", "한.강.산.책", "ㅎㅏㄴ강 산책", "한강\u{200b}산책"] {
        let taken = register(&app, "other@example.kr", name).await.expect(409);
        assert_eq!(taken.json["code"], "name_taken", "{name}");
    }
    app.staff("박편집", &["editor"]).await;
    for name in ["운영자", "Аdmіn 7", "홍길동 기자", "박 편집"] {
        let reserved = register(&app, "other@example.kr", name).await.expect(422);
        let expected = ("/display_name".to_owned(), "name_reserved".to_owned());
        assert_eq!(reserved.faults(), [expected], "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_of_a_registration_is_told_at_once() {
    let app = TestApp::new().await;
    let body = json!({"email": "nobody", "password": "short", "display_name": "가"});
    let reply = app.request(Method::POST, "/v1/auth/register").json(&body).send().await.expect(422);
    let faults: Vec<_> = reply.faults().into_iter().map(|(_, code)| code).collect();
    assert_eq!(faults, ["too_short", "invalid_email", "too_short"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_and_an_unknown_address_are_answered_alike() {
    let app = TestApp::new().await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let mut answers = Vec::new();
    for email in ["reader@example.kr", "nobody@example.kr"] {
        let mut seen = Vec::new();
        for _ in 0..8 {
            let mut reply = login(&app, email, "wrong password").await;
            reply.json["request_id"] = Value::Null;
            seen.push((reply.status, reply.json.clone(), reply.header("retry-after").to_owned()));
        }
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1]);
    let statuses: Vec<_> = answers[0].iter().map(|(status, ..)| *status).collect();
    assert_eq!(statuses, [401, 401, 401, 401, 401, 429, 429, 429]);
    // What waits is refused even with the right password, and only as long as it was told.
    login(&app, "reader@example.kr", PASSWORD).await.expect(429);
    app.clock.set("2026-11-22T09:00:02Z".parse().expect("an instant"));
    login(&app, "reader@example.kr", PASSWORD).await.expect(200);
    login(&app, "reader@example.kr", "wrong password").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_open_what_their_scopes_open_and_nothing_else() {
    let app = TestApp::new().await;
    let reader = app.reader("한강 산책").await;
    let editor = app.staff("박편집", &["editor"]).await;
    let admin = app.staff("김관리", &["admin"]).await;
    let name = json!({"ko": "경제", "en": "Economy"});
    let body = json!({"slug": "economy", "name": name});
    let create = async |token: &str| {
        app.request(Method::POST, "/v1/categories").bearer(token).json(&body).send().await
    };
    for person in [&reader, &editor] {
        let refused = create(&person.token).await.expect(403);
        assert_eq!(refused.json["code"], "insufficient_scope", "{}", person.name);
    }
    create(&admin.token).await.expect(201);
    let drafts = async |token: &str| {
        app.request(Method::GET, "/v1/articles?status=draft").bearer(token).send().await.status
    };
    assert_eq!(drafts(&editor.token).await, 200);
    assert_ne!(drafts(&reader.token).await, 200);
    app.sql(&format!("update accounts set roles = '{{}}' where id = '{}'", admin.id)).await;
    create(&admin.token).await.expect(403);
}

#[tokio::test(flavor = "multi_thread")]
async fn guesses_at_once_are_as_many_as_one_after_the_other() {
    let app = TestApp::new().await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let guesses = (0..40).map(|n| {
        let app = &app;
        async move { login(app, "reader@example.kr", &format!("guess number {n}")).await.status }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    let looked_at = statuses.iter().filter(|status| **status == 401).count();
    assert!((1..=5).contains(&looked_at), "{statuses:?}");
    assert!(statuses.iter().all(|status| [401, 429].contains(status)), "{statuses:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_elsewhere_does_not_lock_somebody_out() {
    let app = TestApp::with(|settings| {
        settings.trusted_proxies.0 = vec!["127.0.0.0/8".parse().expect("a network")];
    })
    .await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let from = async |address: &str, password: &str| {
        let body = json!({"email": "reader@example.kr", "password": password});
        let call = app.request(Method::POST, "/v1/auth/login").header("x-forwarded-for", address);
        call.json(&body).send().await
    };
    for n in 0..10 {
        // One network, whichever of its addresses.
        from(&format!("203.0.113.{n}"), "guessed").await;
    }
    from("203.0.113.77", PASSWORD).await.expect(429);
    from("198.51.100.7", PASSWORD).await.expect(200);
    // From everywhere at once: a wait of a minute at most, however long it goes on.
    for n in 0..300 {
        from(&format!("10.{}.{}.1", n / 200, n % 200), "guessed").await;
    }
    let waits = from("198.51.100.7", PASSWORD).await.expect(429);
    let seconds: i64 = waits.header("retry-after").parse().expect("seconds");
    assert!(seconds <= 60, "{seconds}");
    app.clock.set(app.clock.now().plus_seconds(seconds));
    from("198.51.100.7", PASSWORD).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn registrations_and_log_ins_have_limits_of_their_own_by_address_alone() {
    let app = TestApp::with(|settings| {
        settings.limits.registrations_per_minute = 2;
        settings.limits.logins_per_minute = 3;
    })
    .await;
    let reader = app.reader("한강 산책").await;
    let mut registered = Vec::new();
    for n in 0..3 {
        registered.push(register(&app, &format!("r{n}@example.kr"), &format!("독자 {n}")).await);
    }
    let statuses: Vec<_> = registered.iter().map(|reply| reply.status).collect();
    assert_eq!(statuses, [201, 201, 429]);
    assert_eq!(registered[2].header("ratelimit-policy"), "\"registrations\";q=2;w=60");
    for n in 0..4 {
        let body = json!({"email": format!("r{n}@example.kr"), "password": "guessed"});
        // An account of one's own makes no difference, nor does anything in the body.
        let call = app.request(Method::POST, "/v1/auth/login").bearer(&reader.token).json(&body);
        assert_eq!(call.send().await.status, if n < 3 { 401 } else { 429 });
    }
    let meta = app.get("/v1/meta").await.expect(200);
    let names: Vec<_> = meta.json["rate_limits"].as_array().expect("a list").iter().collect();
    assert!(names.iter().any(|limit| limit["name"] == "registrations" && limit["quota"] == 2));
    assert_eq!(meta.json["accounts"]["registration"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_registration_is_closed_it_says_so() {
    let app = TestApp::with(|settings| settings.accounts.registration = false).await;
    let refused = register(&app, "reader@example.kr", "한강 산책").await.expect(403);
    assert_eq!(refused.json["code"], "registration_closed");
    let meta = app.get("/v1/meta").await.expect(200);
    assert_eq!(meta.json["accounts"]["registration"], false);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_log_ins_at_once_than_can_wait_are_503_and_cost_nobody_an_attempt() {
    let app = TestApp::with(|settings| {
        settings.accounts.argon2_memory_kib = 65_536;
        settings.accounts.hashing = 1;
        settings.accounts.hashing_queue = 1;
    })
    .await;
    let all = (0..24).map(|n| {
        let (app, email) = (&app, format!("reader{n}@example.kr"));
        async move { login(app, &email, "wrong password").await }
    });
    let replies = futures_util::future::join_all(all).await;
    let refused: Vec<_> = replies.iter().filter(|reply| reply.status == 503).collect();
    assert!(!refused.is_empty() && refused.len() < 24);
    assert!(refused.iter().all(|reply| !reply.header("retry-after").is_empty()));
    let looked_at = 24 - refused.len() as i64;
    let counted = app.value("select sum(failures) from failed_logins").await;
    assert_eq!(counted, looked_at * 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_want_one_address_or_one_name_at_once_one_gets_it() {
    let app = TestApp::new().await;
    let same_address = futures_util::future::join_all((0..12).map(|n| {
        let (app, name) = (&app, format!("독자 {n}"));
        async move { register(app, "reader@example.kr", &name).await }
    }));
    let same_name = futures_util::future::join_all((0..12).map(|n| {
        let (app, email) = (&app, format!("r{n}@example.kr"));
        async move { register(app, &email, "한강 산책").await }
    }));
    for (replies, code) in [(same_address.await, "email_taken"), (same_name.await, "name_taken")] {
        assert_eq!(replies.iter().filter(|reply| reply.status == 201).count(), 1);
        let others = replies.iter().filter(|reply| reply.status != 201);
        for reply in others {
            assert_eq!((reply.status, reply.json["code"].as_str()), (409, Some(code)));
        }
    }
}

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::json;
use sosik::ids::ArticleId;

/// An app that believes `X-Forwarded-For` of the test's own address.
async fn app() -> TestApp {
    let local = "127.0.0.0/8".parse().expect("a network");
    TestApp::with(|settings| settings.trusted_proxies.0.push(local)).await
}

async fn issue(app: &TestApp) -> (String, Reply) {
    let reply = app.request(Method::POST, "/v1/visitors").send().await.expect(201);
    (reply.json["token"].as_str().expect("a token").to_owned(), reply)
}

async fn view(app: &TestApp, article: ArticleId, header: (&str, &str)) -> Reply {
    let path = format!("/v1/articles/{article}/views");
    app.request(Method::POST, &path).header(header.0, header.1).send().await
}

async fn views(app: &TestApp) -> i64 {
    app.value("select coalesce(sum(counted), 0) from article_hours").await.as_i64().expect("views")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_comes_with_its_end_and_as_a_cookie_that_scripts_cannot_read() {
    let app = app().await;
    let (token, reply) = issue(&app).await;
    assert!(token.starts_with("vt_"), "{token}");
    let end = app.clock.now().plus_minutes(400 * 1440);
    assert_eq!(reply.json["expires_at"], json!(end));
    assert_eq!(reply.header("cache-control"), "private, no-store");
    let cookie = reply.header("set-cookie");
    let expected =
        format!("sosik_visitor={token}; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax");
    assert_eq!(cookie, expected);
    assert_ne!(issue(&app).await.0, token);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_a_portal_over_https_travels_over_https_only() {
    let app = TestApp::with(|settings| {
        let url = "https://news.example.kr".parse().expect("a URL");
        settings.public_url = Some(sosik::config::Parsed(url));
    })
    .await;
    let (_, reply) = issue(&app).await;
    assert!(reply.header("set-cookie").ends_with("; Secure"), "{}", reply.header("set-cookie"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_one_visitor_however_it_is_shown() {
    let app = app().await;
    let article = app.article().create().await;
    let (token, _) = issue(&app).await;
    view(&app, article, ("x-visitor-token", &token)).await.expect(204);
    view(&app, article, ("cookie", &format!("a=b; sosik_visitor={token}; c=d"))).await.expect(204);
    let path = format!("/v1/articles/{article}/views");
    let body = json!({"visitor": token}).to_string();
    app.request(Method::POST, &path).body(body, "text/plain").send().await.expect(204);
    // Another address, the same reader.
    let moved = app.request(Method::POST, &path).header("x-visitor-token", &token);
    moved.header("x-forwarded-for", "198.51.100.7").send().await.expect(204);
    assert_eq!(views(&app).await, 1);
    view(&app, article, ("accept", "*/*")).await.expect(204);
    assert_eq!(views(&app).await, 2, "without it, address and browser are somebody else");
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_make_two_visitors_of_one_address_under_one_cap() {
    let app = app().await;
    let article = app.article().create().await;
    for _ in 0..80 {
        let (token, _) = issue(&app).await;
        view(&app, article, ("x-visitor-token", &token)).await.expect(204);
    }
    let ledger = "select jsonb_build_array(counted, ranked) from article_hours";
    assert_eq!(app.value(ledger).await, json!([80, 60]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_not_ours_or_has_ended_is_refused_where_it_was_meant() {
    let app = app().await;
    let article = app.article().create().await;
    let (token, _) = issue(&app).await;
    let mut forged = token.clone();
    let last = if forged.pop() == Some('A') { 'Q' } else { 'A' };
    forged.push(last);
    for bad in [forged.as_str(), "vt_", "nonsense", "", &"x".repeat(300)] {
        let reply = view(&app, article, ("x-visitor-token", bad)).await.expect(422);
        let expected = [("X-Visitor-Token".to_owned(), "invalid".to_owned())];
        assert_eq!(reply.faults(), expected, "{bad}");
        let path = format!("/v1/articles/{article}/views");
        let call = app.request(Method::POST, &path).json(&json!({"visitor": bad}));
        let reply = call.send().await.expect(422);
        assert_eq!(reply.faults(), [("/visitor".to_owned(), "invalid".to_owned())], "{bad}");
        let cookie = format!("sosik_visitor={bad}");
        view(&app, article, ("cookie", &cookie)).await.expect(204);
    }
    assert_eq!(views(&app).await, 1, "a bad cookie is as good as none");

    app.clock.set(app.clock.now().plus_minutes(400 * 1440));
    let reply = view(&app, article, ("x-visitor-token", &token)).await.expect(422);
    assert_eq!(reply.faults(), [("X-Visitor-Token".to_owned(), "expired".to_owned())]);
    view(&app, article, ("cookie", &format!("sosik_visitor={token}"))).await.expect(204);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_takes_the_tokens_of_every_other() {
    let app = app().await;
    let defaults =
        deserr::deserialize::<sosik::config::Settings, _, sosik::error::Faults>(json!({}));
    let settings = defaults.expect("defaults");
    let other = sosik::http::visitor::Tokens::new(app.pool.clone(), &settings);
    let issued = other.issue(app.clock.now()).await.expect("a token");
    let article = app.article().create().await;
    view(&app, article, ("x-visitor-token", &issued.token)).await.expect(204);
    let keys = app.value("select jsonb_agg(purpose) from signing_keys").await;
    assert_eq!(keys, json!(["visitor"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_limited_by_address() {
    let app = TestApp::with(|settings| settings.limits.visitors_per_minute = 1).await;
    let (_, reply) = issue(&app).await;
    assert_eq!(reply.header("ratelimit-policy"), "\"visitors\";q=1;w=60");
    app.request(Method::POST, "/v1/visitors").send().await.expect(429);
    let meta = app.get("/v1/meta").await.expect(200);
    let limits = meta.json["rate_limits"].as_array().expect("limits").clone();
    assert!(limits.iter().any(|limit| limit["name"] == "visitors" && limit["quota"] == 1));
}

use crate::support::{Call, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::ids::ArticleId;

/// An app that believes `X-Forwarded-For` of the test's own address.
async fn app() -> TestApp {
    let local = "127.0.0.0/8".parse().expect("a network");
    TestApp::with(|settings| settings.trusted_proxies.0.push(local)).await
}

fn share(app: &TestApp, article: ArticleId, address: &str, body: &Value) -> Call {
    app.request(Method::POST, &format!("/v1/articles/{article}/shares"))
        .header("x-forwarded-for", address)
        .json(body)
}

/// Of shares: received, counted, ranked, bot, repeat; ranked by five minutes; the counter.
async fn ledger(app: &TestApp) -> Value {
    app.value(
        "select jsonb_build_array(sum(received), sum(counted), sum(ranked), sum(bot), sum(repeat),
            (select sum(ranked) from article_fives where kind = 1),
            (select sum(shares) from article_counters))
         from article_hours where kind = 1",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_shares_once_per_article_and_half_hour_beside_their_view() {
    let app = app().await;
    let article = app.article().create().await;
    let body = json!({"channel": "kakaotalk"});
    let path = format!("/v1/articles/{article}/views");
    let view = app.request(Method::POST, &path).header("x-forwarded-for", "192.0.2.1");
    view.send().await.expect(204);
    for address in ["192.0.2.1", "192.0.2.1", "192.0.2.2"] {
        share(&app, article, address, &body).send().await.expect(204);
    }
    assert_eq!(ledger(&app).await, json!([3, 2, 2, 0, 1, 2, 2]));
    app.clock.set(app.clock.now().plus_minutes(30));
    share(&app, article, "192.0.2.1", &body).send().await.expect(204);
    let bot = share(&app, article, "192.0.2.9", &body);
    bot.header("user-agent", "Googlebot/2.1").send().await.expect(204);
    assert_eq!(ledger(&app).await, json!([5, 3, 3, 1, 1, 3, 3]));
    let views = app.value("select sum(views) from article_counters").await;
    assert_eq!(views, 1, "a share is no view");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_share_that_came_from_the_board_of_shares_counts_and_does_not_rank() {
    let app = app().await;
    let article = app.article().create().await;
    for (n, module) in ["most_shared", "most_viewed", "popular"].iter().enumerate() {
        let body = json!({"channel": "x", "via": {"module": module, "position": 2}});
        share(&app, article, &format!("192.0.{n}.1"), &body).send().await.expect(204);
    }
    assert_eq!(ledger(&app).await, json!([3, 3, 2, 0, 0, 2, 3]));
}

#[tokio::test(flavor = "multi_thread")]
async fn shares_of_one_network_are_capped_apart_from_its_views() {
    let app = app().await;
    let article = app.article().create().await;
    for n in 0..80 {
        let address = format!("192.0.2.{n}");
        let view = app.request(Method::POST, &format!("/v1/articles/{article}/views"));
        view.header("x-forwarded-for", &address).send().await.expect(204);
        let body = json!({"channel": "other"});
        share(&app, article, &address, &body).send().await.expect(204);
    }
    assert_eq!(ledger(&app).await, json!([80, 80, 60, 0, 0, 60, 80]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_beacon_says_all_in_its_body() {
    let app = app().await;
    let article = app.article().create().await;
    let token = app.request(Method::POST, "/v1/visitors").send().await.expect(201);
    let token = token.json["token"].as_str().expect("a token").to_owned();
    for _ in 0..2 {
        let body = json!({"channel": "native", "visitor": token}).to_string();
        app.request(Method::POST, &format!("/v1/articles/{article}/shares"))
            .body(body, "text/plain;charset=UTF-8")
            .send()
            .await
            .expect(204);
    }
    assert_eq!(ledger(&app).await, json!([2, 1, 1, 0, 1, 1, 1]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_no_share_is_refused_with_every_fault() {
    let app = app().await;
    let article = app.article().create().await;
    for (body, expected) in [
        (json!({}), vec![("/channel", "missing")]),
        (
            json!({"channel": "pigeon", "via": {"module": "No!", "position": 1}}),
            vec![("/channel", "unknown_value"), ("/via/module", "invalid")],
        ),
        (json!({"channel": "x", "visitor": "vt_no"}), vec![("/visitor", "invalid")]),
    ] {
        let reply = share(&app, article, "192.0.2.1", &body).send().await.expect(422);
        let faults = reply.faults();
        let faults: Vec<_> = faults.iter().map(|(place, code)| (&**place, &**code)).collect();
        assert_eq!(faults, expected);
    }
    assert_eq!(app.value("select count(*) from article_hours").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_is_not_shared() {
    let app = app().await;
    let draft = app.article().draft().create().await;
    let body = json!({"channel": "email"});
    share(&app, draft, "192.0.2.1", &body).send().await.expect(404);
    let article = app.article().create().await;
    app.sql("update articles set status = 'withdrawn' where status = 'published'").await;
    let gone = share(&app, article, "192.0.2.1", &body).send().await.expect(410);
    assert_eq!(gone.json["tombstone"]["id"], json!(article));
}

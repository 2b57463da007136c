use crate::support::{Call, TestApp};
use reqwest::Method;
use serde_json::json;
use sosik::{
    engagement::{
        Batch,
        event::View,
        round::{Outcome, Round},
    },
    ids::ArticleId,
};
use std::sync::Arc;

/// An app that believes `X-Forwarded-For` of the test's own address.
async fn app() -> TestApp {
    let local = "127.0.0.0/8".parse().expect("a network");
    TestApp::with(|settings| settings.trusted_proxies.0.push(local)).await
}

fn view(app: &TestApp, article: ArticleId, address: &str) -> Call {
    app.request(Method::POST, &format!("/v1/articles/{article}/views"))
        .header("x-forwarded-for", address)
}

async fn ledger(app: &TestApp, article: ArticleId) -> [i64; 6] {
    let sum = app
        .value(&format!(
            "select jsonb_build_array(sum(received), sum(views), sum(ranked), sum(bot), sum(prefetch), sum(repeat))
             from view_buckets where article_id = '{article}'"
        ))
        .await;
    serde_json::from_value(sum).expect("six sums")
}

async fn views(app: &TestApp, article: ArticleId) -> i64 {
    let reply = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    reply.json["items"][0]["views"].as_i64().expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_counts_once_per_article_and_half_hour() {
    let app = app().await;
    let (one, two) = (app.article().create().await, app.article().create().await);
    for (article, address) in
        [(one, "192.0.2.1"), (one, "192.0.2.1"), (one, "192.0.2.2"), (two, "192.0.2.1")]
    {
        view(&app, article, address).send().await.expect(204);
    }
    assert_eq!((views(&app, one).await, views(&app, two).await), (2, 1));
    assert_eq!(ledger(&app, one).await, [3, 2, 2, 0, 0, 1]);

    app.clock.set(app.clock.now().plus_minutes(30));
    view(&app, one, "192.0.2.1").send().await.expect(204);
    assert_eq!(views(&app, one).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_view_stands_in_the_ledger_with_its_reason() {
    let app = app().await;
    let article = app.article().create().await;
    for (name, value) in [
        ("user-agent", "Mozilla/5.0 (compatible; Yeti/1.1; +https://naver.me/spd)"),
        ("sec-purpose", "prefetch;prerender"),
        ("purpose", "prefetch"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
    ] {
        view(&app, article, "192.0.2.1").header(name, value).send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [4, 1, 1, 1, 2, 0]);
    assert_eq!(views(&app, article).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_says_where_it_came_from_and_a_board_does_not_feed_itself() {
    let app = app().await;
    let article = app.article().create().await;
    let via = |module| json!({"via": {"module": module, "position": 3}}).to_string();
    for (n, (body, kind)) in [
        (via("most_viewed"), "application/json"),
        (via("most_viewed"), "text/plain;charset=UTF-8"),
        (via("latest"), "text/plain"),
        (r#"{"via":null}"#.to_owned(), "application/json"),
        ("{}".to_owned(), "application/json"),
        ("null".to_owned(), "text/plain"),
    ]
    .into_iter()
    .enumerate()
    {
        let address = format!("192.0.{n}.1");
        view(&app, article, &address).body(body, kind).send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [6, 6, 4, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_not_a_view_is_refused_with_every_fault() {
    let app = app().await;
    let article = app.article().create().await;
    let send = |body: &str| view(&app, article, "192.0.2.1").body(body, "application/json").send();
    let faults = send(r#"{"via":{"module":"No!","position":0,"x":1},"y":2}"#).await.expect(422);
    let faults = faults.faults();
    let faults: Vec<_> = faults.iter().map(|(place, code)| (&**place, &**code)).collect();
    let expected = [
        ("/via/module", "invalid"),
        ("/via/position", "out_of_range"),
        ("/via/x", "unknown_field"),
        ("/y", "unknown_field"),
    ];
    assert_eq!(faults, expected);
    send("[").await.expect(400);
    send(&format!("{{\"via\":null{}}}", " ".repeat(4096))).await.expect(413);
    let xml = view(&app, article, "192.0.2.1").body("<view/>", "text/xml").send().await;
    assert_eq!(xml.status, 415);
    assert_eq!(ledger_rows(&app).await, 0);
}

async fn ledger_rows(app: &TestApp) -> i64 {
    app.value("select count(*) from view_buckets").await.as_i64().expect("a count")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_has_no_views() {
    let app = app().await;
    let draft = app.article().draft().create().await;
    view(&app, draft, "192.0.2.1").send().await.expect(404);
    view(&app, ArticleId::new(), "192.0.2.1").send().await.expect(404);
    let article = app.article().create().await;
    app.sql("update articles set status = 'withdrawn' where status = 'published'").await;
    let gone = view(&app, article, "192.0.2.1").send().await.expect(410);
    assert_eq!(gone.json["tombstone"]["id"], json!(article));
    assert_eq!(ledger_rows(&app).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn views_of_one_network_beyond_the_cap_count_and_rank_by_logarithm() {
    let app = app().await;
    let article = app.article().create().await;
    for n in 0..80 {
        view(&app, article, &format!("192.0.2.{n}")).send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [80, 80, 60, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledger_adds_up_under_fifty_writers() {
    const POSTS: u32 = 200;
    let app = Arc::new(app().await);
    let mut articles = Vec::new();
    for _ in 0..20 {
        articles.push(app.article().create().await);
    }
    let articles = Arc::new(articles);
    let writers = (0..50u32).map(|writer| {
        let (app, articles) = (Arc::clone(&app), Arc::clone(&articles));
        tokio::spawn(async move {
            for n in 0..POSTS {
                let article = articles[((writer * 7 + n) % 20) as usize];
                let call = view(&app, article, &format!("10.{}.0.{}", writer % 9, n % 7));
                let call =
                    if n % 11 == 0 { call.header("user-agent", "Googlebot/2.1") } else { call };
                let call = if n % 13 == 0 { call.header("purpose", "prefetch") } else { call };
                call.send().await.expect(204);
            }
        })
    });
    for writer in writers.collect::<Vec<_>>() {
        writer.await.expect("every view is acknowledged");
    }
    let sums = app
        .value(
            "select jsonb_build_object(
                'received', (select sum(received) from view_buckets),
                'parts', (select sum(views + bot + prefetch + repeat) from view_buckets),
                'views', (select sum(views) from view_buckets),
                'counters', (select sum(views) from article_counters),
                'visitors', (select count(*) from view_slots),
                'overranked', (select count(*) from view_buckets where ranked > views),
                'networks', (select sum(views) from network_views))",
        )
        .await;
    assert_eq!(sums["received"], 50 * POSTS);
    assert_eq!(sums["parts"], sums["received"]);
    for figure in ["counters", "visitors", "networks"] {
        assert_eq!(sums[figure], sums["views"], "{figure}");
    }
    assert_eq!(sums["overranked"], 0);
}

fn event(app: &TestApp, article: ArticleId, visitor: i64) -> View {
    View { article, at: app.clock.now(), refusal: None, visitor, network: visitor, may_rank: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_whose_commit_is_unclear_is_written_once() {
    let app = app().await;
    let article = app.article().create().await;
    let round = Arc::new(Round {
        id: uuid::Uuid::now_v7(),
        views: vec![event(&app, article, 1), event(&app, article, 1), event(&app, article, 2)],
        zone: jiff::tz::TimeZone::UTC,
        network_cap: 20,
        now: app.clock.now(),
    });
    for _ in 0..2 {
        assert_eq!(round.write(&app.pool).await.expect("written"), [Outcome::Received; 3]);
    }
    assert_eq!(ledger(&app, article).await, [3, 2, 2, 0, 0, 1]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_server_derives_the_same_visitor_on_the_same_day() {
    let app = app().await;
    let defaults =
        deserr::deserialize::<sosik::config::Settings, _, sosik::error::Faults>(json!({}));
    let settings = defaults.expect("defaults");
    let start = || Batch::start(app.pool.clone(), &settings, app.clock.clone());
    let (one, two) = (start(), start());
    let now = app.clock.now();
    let secret = one.secret(now).await.expect("a secret");
    assert_eq!(secret, two.secret(now).await.expect("a secret"));
    assert_ne!(secret, one.secret(now.plus_minutes(24 * 60)).await.expect("a secret"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_over_is_forgotten_and_what_is_not_is_kept() {
    let app = app().await;
    let article = app.article().create().await;
    let zone = jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone");
    let prune = async || {
        let mut conn = app.pool.get().await.expect("a connection");
        sosik::engagement::prune(&mut conn, app.clock.now(), &zone).await.expect("pruned");
    };
    let held = async || {
        let sql = "select jsonb_build_array((select count(*) from view_slots),
            (select count(*) from network_views), (select count(*) from event_rounds),
            (select count(*) from day_secrets))";
        app.value(sql).await
    };
    view(&app, article, "192.0.2.1").send().await.expect(204);
    for (minutes, expected) in [
        (0, [1, 1, 1, 1]),
        (30, [1, 1, 1, 1]),
        (30, [0, 1, 1, 1]),
        (90, [0, 0, 0, 1]),
        (24 * 60, [0, 0, 0, 0]),
    ] {
        app.clock.set(app.clock.now().plus_minutes(minutes));
        prune().await;
        assert_eq!(held().await, json!(expected), "after {minutes} more minutes");
    }
    assert_eq!(views(&app, article).await, 1);
}

use crate::support::{Call, TestApp};
use reqwest::Method;
use serde_json::json;
use sosik::{
    engagement::{
        Batch,
        event::{Event, Kind, Origin},
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
            "select jsonb_build_array(sum(received), sum(counted), sum(ranked), sum(bot), sum(prefetch), sum(repeat))
             from article_hours where kind = 0 and article_id = '{article}'"
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
        ("x-moz", "prefetch"),
        ("x-purpose", "preview"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0"),
    ] {
        view(&app, article, "192.0.2.1").header(name, value).send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [6, 1, 1, 1, 4, 0]);
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
async fn each_board_lacks_what_came_from_it_and_has_the_rest() {
    let app = app().await;
    let article = app.article().create().await;
    for (n, module) in ["most_viewed", "popular", "trending", "home_top"].iter().enumerate() {
        let body = json!({"via": {"module": module, "position": 1}});
        view(&app, article, &format!("192.0.{n}.1")).json(&body).send().await.expect(204);
    }
    let sums = "select jsonb_build_array((select ranked from article_hours), p30m, p24h, t2h, t24h, minutes)
        from article_scores";
    assert_eq!(app.value(sums).await, json!([3, 3, 3, 3, 3, 1]));
    let used = app.value("select sum(events) from network_events").await;
    assert_eq!(used, 4, "the cap is used up all the same");
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
    app.value("select count(*) from article_hours").await.as_i64().expect("a count")
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
async fn views_that_came_from_a_board_use_up_the_cap_of_their_network() {
    let app = app().await;
    let article = app.article().create().await;
    for n in 0..30 {
        let module = if n < 20 { "most_viewed" } else { "latest" };
        let body = json!({"via": {"module": module, "position": 1}});
        let call = view(&app, article, &format!("192.0.2.{n}")).json(&body);
        call.send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [30, 30, 10, 0, 0, 0]);
    for n in 30..80 {
        view(&app, article, &format!("192.0.2.{n}")).send().await.expect(204);
    }
    assert_eq!(ledger(&app, article).await, [80, 80, 40, 0, 0, 0]);
    let faded = app.value("select p24h from article_scores").await;
    assert_eq!(faded, 60, "what does not rank feeds no board");
}

/// Each view by itself, as it has faded by `as_of`.
fn exact(moments: &[i64], as_of: i64, half_life_s: f64) -> f64 {
    let seconds = |at: &i64| (as_of - at) as f64 / 1000.0;
    moments.iter().map(|at| (-seconds(at) / half_life_s).exp2()).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn sums_that_fade_are_those_of_the_definition_whatever_the_rounds_and_their_order() {
    let app = app().await;
    let article = app.article().create().await;
    let start = app.clock.now().as_millis();
    // Minutes and hours apart, in no order, in rounds of one to five.
    let moments: Vec<i64> =
        (0..60).map(|n: i64| start - (n * 7919 % 61) * 977_313 - n * 13).collect();
    let mut rest = moments.as_slice();
    for size in [1, 5, 2, 4, 3].into_iter().cycle() {
        let (now, later) = rest.split_at(size.min(rest.len()));
        rest = later;
        let at = |ms: &i64| sosik::clock::Timestamp::from_millis(*ms);
        let events = now.iter().map(|ms| Event { at: at(ms), ..event(&app, article, *ms) });
        round(&app, events.collect()).write(&app.pool).await.expect("written");
        if rest.is_empty() {
            break;
        }
    }
    let row = "select jsonb_build_array(date_part('epoch', as_of) * 1000, p30m, p1h, p2h, p6h, p12h, p24h, t2h, t24h)
        from article_scores";
    let row: Vec<f64> = serde_json::from_value(app.value(row).await).expect("numbers");
    let as_of = row[0].round() as i64;
    assert_eq!(Some(&as_of), moments.iter().max());
    let half_lives = [1800.0, 3600.0, 7200.0, 21_600.0, 43_200.0, 86_400.0, 7200.0, 86_400.0];
    for (sum, half_life) in row[1..].iter().zip(half_lives) {
        let exact = exact(&moments, as_of, half_life);
        assert!((sum - exact).abs() <= 1e-9 * exact, "{half_life}: {sum} {exact}");
    }
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
                'received', (select sum(received) from article_hours),
                'parts', (select sum(counted + bot + prefetch + repeat) from article_hours),
                'views', (select sum(counted) from article_hours),
                'counters', (select sum(views) from article_counters),
                'visitors', (select count(*) from view_slots),
                'overranked', (select count(*) from article_hours where ranked > counted),
                'networks', (select sum(events) from network_events))",
        )
        .await;
    assert_eq!(sums["received"], 50 * POSTS);
    assert_eq!(sums["parts"], sums["received"]);
    for figure in ["counters", "visitors", "networks"] {
        assert_eq!(sums[figure], sums["views"], "{figure}");
    }
    assert_eq!(sums["overranked"], 0);
}

fn event(app: &TestApp, article: ArticleId, visitor: i64) -> Event {
    Event {
        kind: Kind::View,
        article,
        at: app.clock.now(),
        refusal: None,
        visitor,
        network: visitor,
        origin: Origin::Elsewhere,
    }
}

fn round(app: &TestApp, events: Vec<Event>) -> Arc<Round> {
    Arc::new(Round {
        id: uuid::Uuid::now_v7(),
        events,
        zone: jiff::tz::TimeZone::UTC,
        network_cap: 20,
        now: app.clock.now(),
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_whose_commit_is_unclear_is_written_once() {
    let app = app().await;
    let article = app.article().create().await;
    let events = vec![event(&app, article, 1), event(&app, article, 1), event(&app, article, 2)];
    let round = round(&app, events);
    for _ in 0..2 {
        assert_eq!(round.write(&app.pool).await.expect("written"), [Outcome::Received; 3]);
    }
    assert_eq!(ledger(&app, article).await, [3, 2, 2, 0, 0, 1]);
    let once = "select jsonb_build_array((select sum(views) from article_counters),
        (select sum(events) from network_events), (select sum(p24h) from article_scores))";
    assert_eq!(app.value(once).await, json!([2, 2, 2]));
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
            (select count(*) from network_events), (select count(*) from event_rounds),
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
    assert_eq!(app.value("select count(*) from article_scores").await, 1);
    app.clock.set(app.clock.now().plus_minutes(30 * 24 * 60));
    prune().await;
    assert_eq!(app.value("select count(*) from article_scores").await, 0, "all of it has faded");
}

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{
    clock::Timestamp,
    engagement::{drop_partitions, make_partitions, roll_up},
    ids::ArticleId,
};

fn seoul() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone")
}

async fn send(app: &TestApp, article: ArticleId, what: &str, agent: &str) {
    let path = format!("/v1/articles/{article}/{what}");
    let body = if what == "shares" { json!({"channel": "line"}) } else { json!({}) };
    app.request(Method::POST, &path)
        .header("user-agent", agent)
        .json(&body)
        .send()
        .await
        .expect(204);
}

async fn stats(app: &TestApp, key: &str, article: ArticleId, query: &str) -> Reply {
    let path = format!("/v1/articles/{article}/stats?{query}");
    app.request(Method::GET, &path).bearer(key).send().await
}

fn sum(reply: &Reply, pointer: &str) -> i64 {
    let items = reply.json["items"].as_array().expect("items");
    items.iter().map(|item| item.pointer(pointer).and_then(Value::as_i64).unwrap_or(0)).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_came_in_counts_or_was_rejected_for_a_reason() {
    let app = TestApp::new().await;
    let article = app.article().by("haneul").create().await;
    let key = app.key(&["articles:write"], Some("haneul")).await;
    for agent in ["a", "a", "b", "Googlebot/2.1"] {
        send(&app, article, "views", agent).await;
        send(&app, article, "shares", agent).await;
    }
    let ahead = app.request(Method::POST, &format!("/v1/articles/{article}/views"));
    ahead.header("sec-purpose", "prefetch").send().await.expect(204);
    let put = app.request(Method::PUT, &format!("/v1/articles/{article}/reaction"));
    put.json(&json!({"kind": "like"})).send().await.expect(200);
    app.clock.set(app.clock.now().plus_minutes(60));
    send(&app, article, "views", "a").await;

    let reply = stats(&app, &key, article, "").await.expect(200);
    let items = reply.json["items"].as_array().expect("items");
    assert_eq!(items.len(), 24, "18:00 to 18:00: the hours that touch the day before now");
    assert_eq!(reply.header("cache-control"), "private, no-store");
    let reply = stats(&app, &key, article, "from=2026-11-22T09:30:00Z&until=2026-11-22T10:30:00Z");
    let reply = reply.await.expect(200);
    let views = |received, counted, bot, prefetch, repeat| {
        json!({"received": received, "counted": counted, "ranked": counted, "imported": null,
            "rejected": {"bot": bot, "prefetch": prefetch, "repeat": repeat}})
    };
    let expected = json!([
        {"starts_at": "2026-11-22T09:00:00.000Z", "ends_at": "2026-11-22T10:00:00.000Z",
         "views": views(5, 2, 1, 1, 1), "shares": views(4, 2, 1, 0, 1),
         "reactions": {"counted": 1, "ranked": 1}},
        {"starts_at": "2026-11-22T10:00:00.000Z", "ends_at": "2026-11-22T11:00:00.000Z",
         "views": views(1, 1, 0, 0, 0), "shares": views(0, 0, 0, 0, 0),
         "reactions": {"counted": 0, "ranked": 0}},
    ]);
    assert_eq!(reply.json["items"], expected);
    for item in reply.json["items"].as_array().expect("items") {
        for kind in ["views", "shares"] {
            let rejected = item[kind]["rejected"].as_object().expect("reasons");
            let rejected: i64 = rejected.values().filter_map(Value::as_i64).sum();
            let counted = item[kind]["counted"].as_i64().expect("a count");
            assert_eq!(item[kind]["received"], counted + rejected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn days_are_the_sums_of_their_hours_before_and_after_they_are_rolled_up() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    // 18:00 in Seoul; then 23:30, 01:00 and 13:00 of the next days.
    for minutes in [0, 330, 90, 720] {
        app.clock.set(app.clock.now().plus_minutes(minutes));
        for agent in ["a", "b", "a", "Googlebot/2.1"] {
            send(&app, article, "views", agent).await;
        }
        send(&app, article, "shares", "a").await;
    }
    let day = |n: i64| app.clock.now().start_of_day(&seoul()).plus_minutes(n * 1440);
    let query = format!("grain=day&from={}&until={}", day(-1), day(1));
    let admin = app.admin().to_owned();
    let before = stats(&app, &admin, article, &query).await.expect(200);
    let counted: Vec<_> = before.json["items"]
        .as_array()
        .expect("days")
        .iter()
        .map(|day| (day["views"]["received"].clone(), day["views"]["counted"].clone()))
        .collect();
    assert_eq!(json!(counted), json!([[8, 4], [8, 4]]));
    let mut conn = app.pool.get().await.expect("a connection");
    let now = app.clock.now();
    assert_eq!(roll_up(&mut conn, now, &seoul(), 20).await.expect("rolled"), 1, "yesterday alone");
    assert_eq!(roll_up(&mut conn, now, &seoul(), 20).await.expect("rolled"), 0);
    let after = stats(&app, &admin, article, &query).await.expect(200);
    assert_eq!(after.json["items"], before.json["items"]);
    // Another zone must not count an hour twice.
    let utc = jiff::tz::TimeZone::UTC;
    let later = now.plus_minutes(3 * 1440);
    assert_eq!(roll_up(&mut conn, later, &utc, 20).await.expect("rolled"), 2);
    let sums = "select jsonb_build_array(
        (select jsonb_agg(s) from (select sum(received), sum(counted), sum(ranked), sum(bot) from article_hours) s)
        = (select jsonb_agg(s) from (select sum(received), sum(counted), sum(ranked), sum(bot) from article_days) s))";
    assert_eq!(app.value(sums).await, json!([true]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reaction_taken_back_leaves_the_day_that_was_rolled_up() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let token = app.request(Method::POST, "/v1/visitors").send().await.expect(201);
    let token = token.json["token"].as_str().expect("a token").to_owned();
    let path = format!("/v1/articles/{article}/reaction");
    for call in [
        app.request(Method::PUT, &path).header("x-visitor-token", &token),
        app.request(Method::PUT, &path),
    ] {
        call.json(&json!({"kind": "like"})).send().await.expect(200);
    }
    app.clock.set(app.clock.now().plus_minutes(3 * 1440));
    let mut conn = app.pool.get().await.expect("a connection");
    roll_up(&mut conn, app.clock.now(), &seoul(), 20).await.expect("rolled");
    let days = "select jsonb_agg(jsonb_build_array(counted, ranked)) from article_days";
    assert_eq!(app.value(days).await, json!([[2, 2]]));
    let call = app.request(Method::DELETE, &path).header("x-visitor-token", &token);
    call.send().await.expect(204);
    assert_eq!(app.value(days).await, json!([[1, 1]]));
    let hours = "select jsonb_agg(jsonb_build_array(counted, ranked)) from article_hours";
    assert_eq!(app.value(hours).await, json!([[1, 1]]));
}

async fn partitions(app: &TestApp) -> Vec<String> {
    let names = "select jsonb_agg(inhrelid::regclass::text order by inhrelid::regclass::text) from pg_inherits
        where inhparent in ('article_hours'::regclass, 'article_fives'::regclass)";
    serde_json::from_value(app.value(names).await).expect("names")
}

#[tokio::test(flavor = "multi_thread")]
async fn partitions_are_made_ahead_and_what_the_default_one_has_begun_stays_there() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    send(&app, article, "shares", "a").await;
    let mut conn = app.pool.get().await.expect("a connection");
    let now = app.clock.now();
    assert_eq!(make_partitions(&mut conn, now).await.expect("made"), 5);
    assert_eq!(
        partitions(&app).await,
        [
            "article_fives_20261123",
            "article_fives_20261125",
            "article_fives_default",
            "article_hours_20261123",
            "article_hours_20261124",
            "article_hours_20261125",
            "article_hours_default"
        ]
    );
    assert_eq!(make_partitions(&mut conn, now).await.expect("made"), 0);
    app.clock.set(now.plus_minutes(1440));
    send(&app, article, "views", "a").await;
    assert_eq!(app.value("select sum(counted) from article_hours_20261123").await, 1);
    assert_eq!(app.value("select sum(counted) from article_hours").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn old_hours_are_dropped_once_their_days_are_rolled_up_and_totals_stay() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let mut conn = app.pool.get().await.expect("a connection");
    send(&app, article, "views", "a").await;
    for _ in 0..3 {
        make_partitions(&mut conn, app.clock.now()).await.expect("made");
        app.clock.set(app.clock.now().plus_minutes(1440));
        send(&app, article, "views", "a").await;
        send(&app, article, "shares", "a").await;
    }
    let at = |days: i64| app.clock.now().plus_minutes(days * 1440);
    let total = "select coalesce((select sum(counted) from article_hours), 0)";
    drop_partitions(&mut conn, at(60)).await.expect("dropped");
    assert_eq!(app.value(total).await, 7, "what no day holds yet is kept");
    assert_eq!(app.value("select coalesce(sum(ranked), 0) from article_fives").await, 0);

    assert_eq!(roll_up(&mut conn, at(1), &seoul(), 20).await.expect("rolled"), 4);
    assert_eq!(drop_partitions(&mut conn, at(30)).await.expect("dropped"), 0, "too young");
    assert!(drop_partitions(&mut conn, at(60)).await.expect("dropped") >= 4);
    assert_eq!(app.value(total).await, 0);
    assert_eq!(app.value("select sum(counted) from article_days").await, 7);
    let month: Timestamp = at(0);
    let query = format!("grain=day&from={}&until={month}", at(-30));
    let admin = app.admin().to_owned();
    let reply = stats(&app, &admin, article, &query).await.expect(200);
    assert_eq!((sum(&reply, "/views/counted"), sum(&reply, "/shares/counted")), (4, 3));
}

#[tokio::test(flavor = "multi_thread")]
async fn imported_figures_stand_by_the_day_and_are_no_part_of_what_came_in() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    send(&app, article, "views", "a").await;
    let file = format!("article_id,views\n{article},700\n");
    let now = app.clock.now();
    sosik::counters::import::run(&app.pool, file.as_bytes(), now, now, &seoul(), |_| {})
        .await
        .expect("imported");
    let admin = app.admin().to_owned();
    let query = format!("grain=day&from={}&until={now}", now.plus_minutes(-60));
    let reply = stats(&app, &admin, article, &query).await.expect(200);
    assert_eq!(reply.json["items"][0]["views"]["imported"], 700);
    assert_eq!(reply.json["items"][0]["views"]["received"], 1);
    let mut conn = app.pool.get().await.expect("a connection");
    roll_up(&mut conn, now.plus_minutes(1440), &seoul(), 20).await.expect("rolled");
    let after = stats(&app, &admin, article, &query).await.expect(200);
    assert_eq!(after.json["items"], reply.json["items"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_its_publisher_reads_an_articles_ledger() {
    let app = TestApp::new().await;
    let article = app.article().by("haneul").create().await;
    let draft = app.article().by("haneul").draft().create().await;
    let own = app.key(&["articles:write"], Some("haneul")).await;
    let other = app.key(&["articles:write"], Some("bada")).await;
    stats(&app, &own, article, "").await.expect(200);
    stats(&app, &own, draft, "").await.expect(200);
    let admin = app.admin().to_owned();
    stats(&app, &admin, article, "").await.expect(200);
    assert_eq!(stats(&app, &other, article, "").await.expect(403).json["code"], "wrong_publisher");
    stats(&app, &other, draft, "").await.expect(404);
    stats(&app, &own, ArticleId::new(), "").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_period_has_an_order_and_an_end() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let admin = app.admin().to_owned();
    let from = |text: &str| format!("from={text}&until=2026-11-22T09:00:00Z");
    for (query, code) in [
        (from("2026-11-22T09:00:00Z"), "out_of_range"),
        (from("2026-10-13T08:59:59Z"), "out_of_range"),
        ("from=2026-11-22T10:00:00Z".to_owned(), "out_of_range"),
        ("grain=minute".to_owned(), "unknown_value"),
        ("from=yesterday".to_owned(), "invalid"),
    ] {
        let reply = stats(&app, &admin, article, &query).await.expect(422);
        assert_eq!(reply.faults()[0].1, code, "{query}");
    }
    let longest = stats(&app, &admin, article, &from("2026-10-13T09:00:00Z")).await.expect(200);
    assert_eq!(longest.json["items"].as_array().map(Vec::len), Some(960));
}

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{
    clock::Timestamp,
    counters::import,
    ids::ArticleId,
    rankings::refresh::{self, Round},
};

fn seoul() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone")
}

async fn refresh_at(app: &TestApp, at: Timestamp) -> Round {
    let round = refresh::once(&app.pool, at, app.clock.now(), &app.settings).await;
    round.expect("a round").expect("nobody else is at it")
}

async fn refresh(app: &TestApp) -> Round {
    refresh_at(app, app.clock.now()).await
}

/// Views that rank, in the hour that ends at `ends_at`.
async fn viewed(app: &TestApp, article: ArticleId, ends_at: Timestamp, views: i32) {
    app.sql(&format!(
        "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
         values ('{ends_at}', '{article}', 0, {views}, {views}, {views})
         on conflict (ends_at, article_id, kind) do update set ranked = excluded.ranked"
    ))
    .await;
}

fn ids(reply: &Reply) -> Vec<ArticleId> {
    let items = reply.json["items"].as_array().expect("items");
    let id = |item: &Value| serde_json::from_value(item["article"]["id"].clone()).expect("an id");
    items.iter().map(id).collect()
}

fn column(reply: &Reply, name: &str) -> Vec<Value> {
    let items = reply.json["items"].as_array().expect("items");
    items.iter().map(|item| item[name].clone()).collect()
}

async fn articles(app: &TestApp, n: i64) -> Vec<ArticleId> {
    let mut made = Vec::new();
    for i in 0..n {
        made.push(app.article().published(i + 1).create().await);
    }
    made
}

async fn most_viewed(app: &TestApp, query: &str) -> Reply {
    app.get(&format!("/v1/rankings/most_viewed{query}")).await.expect(200)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_is_open_at_its_start_and_closed_at_its_end() {
    let app = TestApp::new().await;
    let a = articles(&app, 3).await;
    let end = app.clock.now();
    viewed(&app, a[0], end, 1).await;
    viewed(&app, a[1], end.plus_minutes(-60), 2).await;
    viewed(&app, a[2], end.plus_minutes(60), 3).await;
    app.clock.set(end.plus_minutes(59));
    refresh(&app).await;
    let hour = most_viewed(&app, "").await;
    assert_eq!(ids(&hour), [a[0]]);
    assert_eq!(hour.json["taken_at"], json!(end));
    assert_eq!(ids(&most_viewed(&app, "?window=24h").await), [a[1], a[0]]);
    app.clock.set(end.plus_minutes(60));
    refresh(&app).await;
    assert_eq!(ids(&most_viewed(&app, "").await), [a[2]]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_says_what_it_is_and_why_each_item_stands_there() {
    let app = TestApp::new().await;
    let a = articles(&app, 1).await;
    let before = app.get("/v1/rankings/most_viewed").await.expect(200);
    assert_eq!((&before.json["snapshot_id"], &before.json["stale"]), (&Value::Null, &json!(true)));
    viewed(&app, a[0], app.clock.now(), 7).await;
    refresh(&app).await;

    let now = app.clock.now();
    let board = most_viewed(&app, "?category=economy&fold=none").await;
    assert_eq!(board.json["title"], json!({"ko": "랭킹 뉴스", "en": "Most viewed"}));
    assert_eq!(board.json["scope"]["category"]["slug"], "economy");
    assert_eq!(board.json["window"], "1h");
    assert_eq!(board.json["stale"], false);
    assert_eq!(board.json["next_refresh_at"], json!(now.plus_seconds(60)));
    assert_eq!(board.header("etag"), "");
    let item = &board.json["items"][0];
    assert_eq!(
        item["reason"],
        json!({"code": "most_viewed", "detail": {"window": "1h", "views": 7}})
    );
    assert_eq!((&item["source"], &item["movement"]), (&json!("ranked"), &json!("new")));
    assert_eq!(item["counters"]["article_id"], json!(a[0]));

    let latest = app.get("/v1/rankings/latest").await.expect(200);
    let detail = &latest.json["items"][0]["reason"]["detail"];
    assert_eq!(*detail, json!({"published_at": now.plus_minutes(-1)}));
    app.clock.set(now.plus_minutes(4));
    assert_eq!(most_viewed(&app, "").await.json["stale"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_holds_what_its_descendants_hold() {
    let app = TestApp::new().await;
    let (root, leaf) = (app.category("economy").await, app.category("stocks").await);
    app.sql(&format!(
        "update categories set parent_id = '{root}' where id = '{leaf}';
         insert into category_ancestors values ('{leaf}', '{root}', 1)"
    ))
    .await;
    let article = app.article().in_category("stocks").create().await;
    viewed(&app, article, app.clock.now(), 1).await;
    let other = app.article().in_category("sports").create().await;
    viewed(&app, other, app.clock.now(), 2).await;
    refresh(&app).await;
    for (query, expected) in [
        ("?category=economy", vec![article]),
        ("?category=stocks", vec![article]),
        ("?category=sports", vec![other]),
        ("", vec![other, article]),
    ] {
        assert_eq!(ids(&most_viewed(&app, query).await), expected, "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_article_says_how_it_moved() {
    let app = TestApp::new().await;
    let a = articles(&app, 4).await;
    let start = app.clock.now();
    // By hour: who had how many views.
    for (hour, counts) in [[4, 3, 2, 0], [3, 0, 2, 5], [3, 4, 0, 5]].iter().enumerate() {
        let end = start.plus_minutes(60 * hour as i64);
        for (article, views) in a.iter().zip(counts) {
            if *views > 0 {
                viewed(&app, *article, end, *views).await;
            }
        }
        app.clock.set(end);
        refresh(&app).await;
    }
    let now = most_viewed(&app, "").await;
    assert_eq!(ids(&now), [a[3], a[1], a[0]]);
    assert_eq!(column(&now, "movement"), ["same", "return", "down"]);
    assert_eq!(column(&now, "previous_rank"), [json!(1), json!(null), json!(2)]);

    let middle = start.plus_minutes(90);
    let then = most_viewed(&app, &format!("?at={middle}")).await;
    assert_eq!(ids(&then), [a[3], a[0], a[2]]);
    assert_eq!(column(&then, "movement"), ["new", "down", "same"]);
    assert_eq!((&then.json["next_refresh_at"], &then.json["stale"]), (&Value::Null, &json!(false)));
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_join_exactly_while_the_board_moves_on() {
    let app = TestApp::new().await;
    let a = articles(&app, 25).await;
    for (n, article) in (0..).zip(&a) {
        viewed(&app, *article, app.clock.now(), 100 - n / 3).await;
    }
    refresh(&app).await;
    let first = most_viewed(&app, "?limit=10").await;
    app.clock.set(app.clock.now().plus_minutes(60));
    viewed(&app, a[24], app.clock.now(), 1).await;
    refresh(&app).await;
    app.sql(&format!("update articles set status = 'withdrawn' where id = '{}'", a[12])).await;

    let second = most_viewed(&app, &format!("?limit=10&cursor={}", next(&first, "next"))).await;
    let third = most_viewed(&app, &format!("?limit=10&cursor={}", next(&second, "next"))).await;
    let seen: Vec<_> = [ids(&first), ids(&second), ids(&third)].concat();
    let mut expected = a.clone();
    expected.remove(12);
    assert_eq!(seen, expected);
    assert_eq!(column(&second, "rank")[1..4], [json!(12), json!(14), json!(15)]);
    assert_eq!(second.json["snapshot_id"], first.json["snapshot_id"]);
    assert_eq!(third.json["page"]["next"], Value::Null);
    let back = most_viewed(&app, &format!("?limit=10&cursor={}", next(&third, "prev"))).await;
    assert_eq!(ids(&back), ids(&second));
    assert_ne!(ids(&most_viewed(&app, "").await), ids(&first));
}

fn next(reply: &Reply, way: &str) -> String {
    reply.json["page"][way].as_str().expect("a cursor").to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_list_is_refused() {
    let app = TestApp::new().await;
    for (path, status) in [
        ("/v1/rankings/nonsense", 404),
        ("/v1/rankings/nonsense/snapshots", 404),
        ("/v1/rankings/most_viewed?category=nonsense", 422),
        ("/v1/rankings/most_viewed?window=2h", 422),
        ("/v1/rankings/latest?window=1h", 422),
        ("/v1/rankings/most_viewed?fold=stories", 422),
        ("/v1/rankings/most_viewed?sort=rate", 422),
        ("/v1/rankings/most_viewed?publisher=nonsense", 422),
        ("/v1/rankings/most_viewed?category=economy&publisher=haneul", 422),
        ("/v1/rankings/most_viewed?at=yesterday", 422),
        ("/v1/rankings/most_viewed?cursor=x", 400),
        ("/v1/rankings/most_viewed/snapshots/x", 422),
        ("/v1/rankings/most_viewed/snapshots/019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", 404),
    ] {
        app.get(path).await.expect(status);
    }
    app.request(Method::DELETE, "/v1/rankings/latest").send().await.expect(405);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_writes_what_changed_and_nothing_else() {
    let app = TestApp::new().await;
    let a = articles(&app, 3).await;
    viewed(&app, a[0], app.clock.now(), 3).await;
    // Twenty-three lists over all, in one category and of one publisher. Four windows of views, the latest
    // and the recommended have something to say.
    assert_eq!(refresh(&app).await, Round { written: 18, unchanged: 51 });
    assert_eq!(refresh(&app).await, Round { written: 0, unchanged: 69 });
    let kept = app.value("select count(*) from ranking_snapshots").await;
    assert_eq!(kept, 18);
    viewed(&app, a[0], app.clock.now(), 4).await;
    assert_eq!(refresh(&app).await, Round { written: 12, unchanged: 57 });

    let first = app.get("/v1/rankings/most_viewed/snapshots").await.expect(200);
    let items = first.json["items"].as_array().expect("items");
    assert_eq!(items.len(), 2, "the earlier one of the same moment is kept");
    assert_eq!(most_viewed(&app, "").await.json["snapshot_id"], items[0]["id"]);
    assert_eq!(most_viewed(&app, "").await.json["items"][0]["score"], 4.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_periodic_round_leaves_settled_windows_alone() {
    let app = TestApp::new().await;
    let a = articles(&app, 1).await;
    let hour = app.clock.now();
    let tick = async |minutes: i64| {
        app.clock.set(hour.plus_minutes(minutes));
        let round = refresh::tick(&app.pool, app.clock.now(), &app.settings).await;
        let round = round.expect("a round").expect("nobody else is at it");
        round.written + round.unchanged
    };
    viewed(&app, a[0], hour, 3).await;
    // Twenty-three lists over all and in one category; those of the publisher every five minutes. Four of
    // them speak of the present and are looked at each time.
    assert_eq!([tick(0).await, tick(1).await, tick(2).await, tick(3).await], [69, 46, 46, 8]);
    assert_eq!(most_viewed(&app, "").await.json["stale"], false);
    assert_eq!(tick(60).await, 69);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_snapshot_never_changes() {
    let app = TestApp::new().await;
    let a = articles(&app, 2).await;
    viewed(&app, a[0], app.clock.now(), 3).await;
    viewed(&app, a[1], app.clock.now(), 2).await;
    refresh(&app).await;
    let id = most_viewed(&app, "?category=economy").await.json["snapshot_id"].clone();
    let path = format!("/v1/rankings/most_viewed/snapshots/{}", id.as_str().expect("an id"));
    let before = app.get(&path).await.expect(200);
    assert!(before.header("cache-control").starts_with("public, max-age=86400"));
    assert_eq!(before.json["entries"][1]["article_id"], json!(a[1]));
    app.sql("update articles set status = 'withdrawn'; update article_hours set ranked = 9").await;
    app.clock.set(app.clock.now().plus_minutes(60));
    refresh(&app).await;
    let after = app.get(&path).await.expect(200);
    assert_eq!((before.etag(), before.json), (after.etag(), after.json));
    app.get(&path.replace("most_viewed", "latest")).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_days_figures_from_elsewhere_give_back_their_order_at_that_day() {
    let app = TestApp::new().await;
    let a = articles(&app, 30).await;
    let file: String = (1..)
        .zip(a.iter().rev())
        .map(|(n, id)| format!("{{\"article_id\":\"{id}\",\"views\":{}}}\n", n * 1000))
        .collect();
    let end = import::parse_as_of("2026-11-20", &seoul()).expect("a day");
    let now = app.clock.now();
    let told = import::run(&app.pool, file.as_bytes(), end, now, &seoul(), |_| ()).await;
    assert_eq!(told.expect("imported").imported, 30);
    refresh_at(&app, end).await;
    refresh(&app).await;

    let query = format!("?window=24h&at={end}&fold=none&limit=20&category=economy");
    let first = most_viewed(&app, &query).await;
    let rest = most_viewed(&app, &format!("{query}&cursor={}", next(&first, "next"))).await;
    assert_eq!([ids(&first), ids(&rest)].concat(), a);
    assert_eq!(first.json["items"][0]["reason"]["detail"]["views"], 30_000);
    assert_eq!(ids(&most_viewed(&app, &format!("?at={end}")).await), [], "no hour holds a day");
    assert_eq!(ids(&most_viewed(&app, "?window=24h").await), [], "it is over");
    assert_eq!(ids(&most_viewed(&app, "?window=7d&limit=30").await), a);
    // Imported again, and refreshed again, it is the same list.
    assert_eq!(refresh_at(&app, end).await.written, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn snapshots_grow_sparse_with_age_and_the_last_of_each_stretch_stays() {
    let app = TestApp::new().await;
    let now = app.clock.now();
    // Every half minute of the last hour, every five of a day ago, every half hour of 40 days ago.
    let series = [(0, 60, 30), (24 * 60, 60, 300), (40 * 24 * 60, 2 * 24 * 60, 1800)];
    for (minutes_ago, length, every) in series {
        let end = now.plus_minutes(-minutes_ago);
        app.sql(&format!(
            "insert into ranking_snapshots
             select gen_random_uuid(), 'latest', '00000000-0000-0000-0000-000000000000', '', at, at, '{{}}', '{{}}', '{{}}', ''
             from generate_series(timestamptz '{end}' - {length} * interval '1 minute' + {every} * interval '1 second',
                 timestamptz '{end}', {every} * interval '1 second') at"
        ))
        .await;
    }
    let mut conn = app.pool.get().await.expect("a connection");
    sosik::rankings::thin(&mut conn, now, &seoul()).await.expect("thinned");
    let kept = |from: i64, to: i64| {
        let (from, to) = (now.plus_minutes(-from), now.plus_minutes(-to));
        format!(
            "select count(*) from ranking_snapshots where taken_at > '{from}' and taken_at <= '{to}'"
        )
    };
    assert_eq!(app.value(&kept(60, 0)).await, 60, "a minute each");
    assert_eq!(app.value(&kept(25 * 60, 24 * 60)).await, 4, "a quarter each");
    // Two times 24 hours from 18:00 to 18:00 touch three days; each ends with its midnight.
    assert_eq!(app.value(&kept(42 * 24 * 60, 40 * 24 * 60)).await, 3);
    let midnights = "select count(*) from ranking_snapshots
        where taken_at < now() and (taken_at at time zone 'Asia/Seoul')::time = '00:00'";
    assert_eq!(app.value(midnights).await, 2);
    assert_eq!(sosik::rankings::thin(&mut conn, now, &seoul()).await.expect("thinned"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_list_of_boards_says_what_may_be_asked() {
    let app = TestApp::new().await;
    let boards = app.get("/v1/rankings").await.expect(200);
    let keys = [
        "most_viewed",
        "most_reacted",
        "most_commented",
        "most_shared",
        "popular",
        "trending",
        "recommended",
        "latest",
    ];
    assert_eq!(column(&boards, "key"), keys);
    let windows = ["1h", "24h", "24h", "24h", "24h", "1h", "72h"].map(Value::from);
    assert_eq!(column(&boards, "default_window")[..7], windows);
    for board in boards.json["items"].as_array().expect("items") {
        for window in board["windows"].as_array().expect("windows") {
            let (key, window) = (board["key"].as_str(), window.as_str());
            let path = format!(
                "/v1/rankings/{}?window={}",
                key.expect("a key"),
                window.expect("a window")
            );
            app.get(&path).await.expect(200);
        }
    }
}

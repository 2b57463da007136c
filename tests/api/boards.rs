//! What the boards make of views, shares, reactions, stories and the decisions of editors.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{clock::Timestamp, ids::ArticleId, rankings::refresh};
use uuid::Uuid;

async fn refresh(app: &TestApp) {
    let now = app.clock.now();
    refresh::once(&app.pool, now, now, &app.settings).await.expect("a round").expect("alone");
}

async fn wait(app: &TestApp, minutes: i64) {
    app.clock.set(app.clock.now().plus_minutes(minutes));
    refresh(app).await;
}

async fn board(app: &TestApp, path: &str) -> Reply {
    app.get(&format!("/v1/rankings/{path}")).await.expect(200)
}

fn items(reply: &Reply) -> &Vec<Value> {
    reply.json["items"].as_array().expect("items")
}

fn ids(reply: &Reply) -> Vec<ArticleId> {
    let id = |item: &Value| serde_json::from_value(item["article"]["id"].clone()).expect("an id");
    items(reply).iter().map(id).collect()
}

fn column(reply: &Reply, name: &str) -> Vec<Value> {
    items(reply).iter().map(|item| item[name].clone()).collect()
}

/// Events of a kind that rank, in the closed hour or five minutes that end at `ends_at`.
async fn hour(app: &TestApp, article: ArticleId, kind: u8, ends_at: Timestamp, n: i64) {
    app.sql(&format!(
        "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
         values ('{ends_at}', '{article}', {kind}, {n}, {n}, {n})
         on conflict (ends_at, article_id, kind) do update set ranked = excluded.ranked"
    ))
    .await;
}

async fn five(app: &TestApp, article: ArticleId, kind: u8, ends_at: Timestamp, n: i64) {
    app.sql(&format!(
        "insert into article_fives (ends_at, article_id, kind, ranked)
         values ('{ends_at}', '{article}', {kind}, {n})"
    ))
    .await;
}

/// Views that fade, the same with every half-life, as of now.
async fn faded(app: &TestApp, article: ArticleId, recent: f64, day: f64) {
    let now = app.clock.now();
    app.sql(&format!(
        "insert into article_scores (article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes)
         values ('{article}', '{now}', {recent}, {recent}, {recent}, {day}, {day}, {day}, {recent}, {recent}, {day}, 60)
         on conflict (article_id) do update set as_of = excluded.as_of, t30m = excluded.t30m,
             t2h = excluded.t2h, t24h = excluded.t24h"
    ))
    .await;
}

/// From how many networks an hour's views came, and how many of the largest one.
async fn networks(app: &TestApp, article: ArticleId, views: i64, networks: i64, largest: i64) {
    let end = app.clock.now().plus_minutes(60);
    app.sql(&format!(
        "insert into article_hours (ends_at, article_id, kind, received, counted, ranked, networks, largest)
         values ('{end}', '{article}', 0, {views}, {views}, {views}, {networks}, {largest})"
    ))
    .await;
}

/// Makes one story of these, shown by the first.
async fn story(app: &TestApp, members: &[ArticleId]) -> Uuid {
    let (id, leader, now) = (Uuid::now_v7(), members[0], app.clock.now());
    app.sql(&format!(
        "insert into stories (id, leader_id, representative_id, created_at, updated_at)
         values ('{id}', '{leader}', '{leader}', '{now}', '{now}')"
    ))
    .await;
    for member in members {
        app.sql(&format!("update articles set story_id = '{id}' where id = '{member}'")).await;
    }
    id
}

async fn article(app: &TestApp, publisher: &str, category: &str, minutes_ago: i64) -> ArticleId {
    let article = app.article().by(publisher).in_category(category);
    article.published(minutes_ago).create().await
}

async fn articles(app: &TestApp, n: i64) -> Vec<ArticleId> {
    let mut made = Vec::new();
    for i in 0..n {
        made.push(article(app, "haneul", "economy", 120 + i).await);
    }
    made
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_stand_as_one_with_the_sum_of_their_views_and_raw_each_for_itself() {
    let app = TestApp::new().await;
    let first = article(&app, "haneul", "economy", 90).await;
    let copy = article(&app, "garam", "sports", 80).await;
    let other = article(&app, "haneul", "economy", 70).await;
    story(&app, &[first, copy]).await;
    let now = app.clock.now();
    hour(&app, first, 0, now, 4).await;
    hour(&app, copy, 0, now, 3).await;
    hour(&app, other, 0, now, 5).await;
    refresh(&app).await;

    let folded = board(&app, "most_viewed").await;
    assert_eq!(ids(&folded), [first, other]);
    assert_eq!(folded.json["items"][0]["score"], 7.0);
    let copies = &folded.json["items"][0]["other_publishers"];
    assert_eq!(
        (&copies[0]["article_id"], &copies[0]["publisher"]["slug"]),
        (&json!(copy), &json!("garam"))
    );
    assert_eq!(folded.json["items"][1]["other_publishers"], json!([]));

    let raw = board(&app, "most_viewed?fold=none").await;
    assert_eq!(ids(&raw), [other, first, copy]);
    assert_eq!(raw.json["snapshot_id"], folded.json["snapshot_id"]);
    // Where the representative is not filed, the member that is stands for the story.
    assert_eq!(ids(&board(&app, "most_viewed?category=sports").await), [copy]);
    assert_eq!(ids(&board(&app, "most_viewed?publisher=garam").await), [copy]);
    assert_eq!(ids(&board(&app, "latest").await), [other, first]);
    assert_eq!(ids(&board(&app, "latest?fold=none").await), [other, copy, first]);

    let explained = format!("most_viewed/articles/{copy}/explain");
    let explained = board(&app, &explained).await.json;
    assert_eq!((&explained["standing"], &explained["shown_by"]), (&json!("folded"), &json!(first)));
    assert_eq!((&explained["rank"], &explained["recomputed"]), (&json!(1), &json!(7.0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_count_in_windows_that_slide_every_five_minutes() {
    let app = TestApp::new().await;
    let a = articles(&app, 3).await;
    let now = app.clock.now();
    five(&app, a[0], 2, now, 3).await;
    five(&app, a[1], 2, now.plus_minutes(-60), 9).await;
    five(&app, a[2], 2, now.plus_minutes(5), 5).await;
    refresh(&app).await;
    assert_eq!(ids(&board(&app, "most_reacted?window=1h").await), [a[0]]);
    let day = board(&app, "most_reacted").await;
    assert_eq!((&day.json["window"], ids(&day)), (&json!("24h"), vec![a[1], a[0]]));
    assert_eq!(
        day.json["items"][0]["reason"],
        json!({"code": "most_reacted", "detail": {"window": "24h", "reactions": 9}})
    );
    wait(&app, 4).await;
    assert_eq!(
        ids(&board(&app, "most_reacted?window=1h").await),
        [a[0]],
        "five minutes are not full"
    );
    wait(&app, 1).await;
    assert_eq!(ids(&board(&app, "most_reacted?window=1h").await), [a[2], a[0]]);
    assert_eq!(ids(&board(&app, "most_shared").await), [], "reactions are no shares");
}

#[tokio::test(flavor = "multi_thread")]
async fn by_rate_stands_first_who_moved_the_most_of_their_readers() {
    let app = TestApp::new().await;
    let a = articles(&app, 3).await;
    let now = app.clock.now();
    for (article, views, reactions) in [(a[0], 1000, 50), (a[1], 100, 20), (a[2], 40, 40)] {
        hour(&app, article, 0, now, views).await;
        hour(&app, article, 2, now, reactions).await;
    }
    refresh(&app).await;
    let by_rate = board(&app, "most_reacted?sort=rate").await;
    assert_eq!(ids(&by_rate), [a[1], a[0]], "forty views are too few");
    assert_eq!(
        (&by_rate.json["sort"], &by_rate.json["board"]),
        (&json!("rate"), &json!("most_reacted"))
    );
    let detail = &by_rate.json["items"][0]["reason"]["detail"];
    assert_eq!((&detail["reactions"], &detail["views"]), (&json!(20), &json!(100)));
    let rate = detail["rate"].as_f64().expect("a rate");
    assert!((rate - 0.1334).abs() < 1e-4, "{rate}");
    let explained = board(&app, &format!("most_reacted/articles/{}/explain?sort=rate", a[1])).await;
    assert_eq!(explained.json["recomputed"], explained.json["score"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_popular_fade_and_every_score_can_be_recomputed() {
    let app = TestApp::new().await;
    let a = articles(&app, 3).await;
    faded(&app, a[0], 100.0, 100.0).await;
    faded(&app, a[1], 98.0, 300.0).await;
    five(&app, a[1], 1, app.clock.now(), 1).await;
    refresh(&app).await;
    let popular = board(&app, "popular").await;
    assert_eq!(ids(&popular), [a[1], a[0]], "a share is worth some views");
    let faded = &popular.json["items"][0]["reason"]["detail"]["faded"];
    assert_eq!((&faded["views"], &faded["half_life_seconds"]), (&json!(98.0), &json!(1800)));
    for article in &a[..2] {
        let why = board(&app, &format!("popular/articles/{article}/explain")).await.json;
        let terms = why["terms"].as_array().expect("terms");
        let sum: f64 = terms
            .iter()
            .filter_map(|term| Some(term["value"].as_f64()? * term["weight"].as_f64()?))
            .sum();
        assert!((sum - why["score"].as_f64().expect("a score")).abs() < 1e-9, "{why}");
        assert_eq!(why["recomputed"], why["score"]);
    }
    let none = board(&app, &format!("popular/articles/{}/explain", a[2])).await.json;
    assert_eq!((&none["standing"], &none["terms"]), (&json!("unlisted"), &json!([])));
    let score = |reply: &Reply| reply.json["items"][1]["score"].as_f64().expect("a score");
    let before = score(&popular);
    wait(&app, 30).await;
    let after = score(&board(&app, "popular").await);
    assert!((after - before / 2.0).abs() < 1e-9, "{before} {after}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_surges_trends_and_one_network_never_does() {
    let app = TestApp::new().await;
    let a = articles(&app, 12).await;
    for article in &a[2..] {
        faded(&app, *article, 20.0, 240.0).await;
        networks(&app, *article, 20, 20, 1).await;
    }
    faded(&app, a[0], 400.0, 450.0).await;
    networks(&app, a[0], 400, 150, 5).await;
    faded(&app, a[1], 900.0, 910.0).await;
    networks(&app, a[1], 900, 1, 900).await;
    refresh(&app).await;
    let trending = board(&app, "trending").await;
    assert_eq!(ids(&trending), [a[0]]);
    let detail = &trending.json["items"][0]["reason"]["detail"];
    assert!(detail["times_usual"].as_f64().expect("a figure") > 2.0, "{detail}");
    let why = board(&app, &format!("trending/articles/{}/explain", a[0])).await.json;
    assert_eq!(why["recomputed"], why["score"]);
    // A surge that stopped leaves within four hours.
    for article in &a[2..] {
        app.clock.set(app.clock.now());
        faded(&app, *article, 20.0, 240.0).await;
    }
    wait(&app, 240).await;
    assert_eq!(ids(&board(&app, "trending").await), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_sided_views_rank_only_up_to_what_all_others_brought() {
    let app = TestApp::new().await;
    let a = articles(&app, 2).await;
    let now = app.clock.now();
    for (article, views, networks, largest) in [(a[0], 60, 40, 3), (a[1], 265, 1, 265)] {
        hour(&app, article, 0, now, views).await;
        app.sql(&format!(
            "update article_hours set networks = {networks}, largest = {largest} where article_id = '{article}'"
        ))
        .await;
        faded(&app, article, views as f64, views as f64).await;
    }
    refresh(&app).await;
    let viewed = board(&app, "most_viewed").await;
    assert_eq!(
        (ids(&viewed), column(&viewed, "score")),
        (vec![a[0], a[1]], vec![json!(60.0), json!(20.0)])
    );
    assert_eq!(ids(&board(&app, "popular").await), [a[0], a[1]]);
    // Where nothing is read from many networks there is nothing to tell them apart by.
    app.sql("update article_hours set networks = 1").await;
    refresh(&app).await;
    assert_eq!(column(&board(&app, "most_viewed").await, "score"), [json!(265.0), json!(60.0)]);
}

async fn decide(app: &TestApp, board: &str, input: &Value, key: &str) -> Reply {
    let path = format!("/v1/rankings/{board}/overrides");
    app.request(Method::POST, &path).bearer(key).json(input).send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn editors_pin_and_exclude_with_a_reason_and_an_end() {
    let app = TestApp::new().await;
    let a = articles(&app, 4).await;
    let copy = article(&app, "garam", "economy", 60).await;
    story(&app, &[a[1], copy]).await;
    for (n, article) in (0..).zip(&a) {
        hour(&app, *article, 0, app.clock.now(), 9 - n).await;
    }
    refresh(&app).await;
    let before = board(&app, "most_viewed").await;
    assert_eq!(ids(&before), a);
    let curator = app.key(&["rankings:curate"], None).await;
    let until = app.clock.now().plus_minutes(30);
    let pin = json!({"kind": "pin", "article_id": a[3], "position": 1, "ends_at": until, "reason": "기획"});
    let pinned = decide(&app, "most_viewed", &pin, &curator).await.expect(201);
    let exclude = json!({"kind": "exclude", "article_id": copy, "reason": "정정 중"});
    let excluded = decide(&app, "most_viewed", &exclude, &curator).await.expect(201);
    refresh(&app).await;

    let now = board(&app, "most_viewed").await;
    assert_eq!(ids(&now), [a[3], a[0], a[2]], "its story goes with it");
    assert_eq!(column(&now, "source"), ["pinned", "ranked", "ranked"]);
    assert_eq!(now.json["items"][0]["reason"]["code"], "editor_pick");
    assert_eq!(ids(&board(&app, "most_viewed?fold=none").await), [a[0], a[2], a[3]]);
    assert_eq!(ids(&board(&app, "most_viewed?category=economy").await), a, "another list");
    let why = board(&app, &format!("most_viewed/articles/{copy}/explain")).await.json;
    assert_eq!(
        (&why["standing"], &why["overrides"][0]["reason"]),
        (&json!("excluded"), &json!("정정 중"))
    );
    let snapshot = before.json["snapshot_id"].as_str().expect("an id");
    let kept = board(&app, &format!("most_viewed/snapshots/{snapshot}")).await;
    assert_eq!(kept.json["entries"][0]["article_id"], json!(a[0]), "snapshots stay what they are");

    let path = excluded.header("location").to_owned();
    app.request(Method::DELETE, &path).bearer(&curator).send().await.expect(204);
    app.request(Method::DELETE, &path).bearer(&curator).send().await.expect(204);
    wait(&app, 31).await;
    assert_eq!(ids(&board(&app, "most_viewed").await), a, "lifted, and over");
    let list = app.request(Method::GET, "/v1/rankings/most_viewed/overrides?state=all");
    let list = list.bearer(&curator).send().await.expect(200);
    assert_eq!(column_of(&list, "id"), [excluded.json["id"].clone(), pinned.json["id"].clone()]);
    assert_eq!(column_of(&list, "in_force"), [json!(false), json!(false)]);
    assert!(
        list.json["items"][0]["lifted_by"].is_string()
            && list.json["items"][1]["lifted_by"].is_null()
    );
}

fn column_of(reply: &Reply, name: &str) -> Vec<Value> {
    items(reply).iter().map(|item| item[name].clone()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_decide_what_is_checked_and_faults_are_named() {
    let app = TestApp::new().await;
    let own = article(&app, "haneul", "economy", 60).await;
    article(&app, "garam", "economy", 60).await;
    let bound = app.key(&["rankings:curate"], Some("haneul")).await;
    let writer = app.key(&["articles:write"], None).await;
    let input = |publisher: Value| json!({"kind": "exclude", "article_id": own, "publisher": publisher, "reason": "x"});
    decide(&app, "latest", &input(json!("haneul")), &bound).await.expect(201);
    decide(&app, "latest", &input(json!("garam")), &bound).await.expect(403);
    decide(&app, "latest", &input(Value::Null), &bound).await.expect(403);
    decide(&app, "latest", &input(Value::Null), &writer).await.expect(403);
    let path = "/v1/rankings/latest/overrides";
    app.request(Method::POST, path).json(&input(Value::Null)).send().await.expect(401);
    let wrong = json!({
        "kind": "pin", "article_id": own, "category": "economy", "publisher": "haneul",
        "starts_at": "2026-11-22T10:00:00Z", "ends_at": "2026-11-22T09:30:00Z", "reason": "x"
    });
    let faults = decide(&app, "latest", &wrong, app.admin()).await.expect(422).faults();
    let places: Vec<_> = faults.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["/ends_at", "/position", "/publisher"]);
    let unknown = json!({"kind": "exclude", "article_id": ArticleId::new(), "reason": "x"});
    let faults = decide(&app, "latest", &unknown, app.admin()).await.expect(422).faults();
    assert_eq!(faults, [("/article_id".to_owned(), "unknown_value".to_owned())]);
    decide(&app, "nonsense", &input(Value::Null), app.admin()).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stay_on_a_board_is_measured_and_its_places_are_kept() {
    let app = TestApp::new().await;
    let a = articles(&app, 2).await;
    let start = app.clock.now();
    for (hours, views) in [(0, [5, 3]), (1, [1, 3]), (2, [0, 4])] {
        let end = start.plus_minutes(60 * hours);
        for (article, n) in a.iter().zip(views) {
            if n > 0 {
                hour(&app, *article, 0, end, n).await;
            }
        }
        app.clock.set(end);
        refresh(&app).await;
    }
    app.clock.set(start.plus_minutes(150));
    let now = board(&app, "most_viewed").await;
    assert_eq!(ids(&now), [a[1]]);
    let item = &now.json["items"][0];
    assert_eq!((&item["peak_rank"], &item["minutes_on_board"]), (&json!(1), &json!(150)));
    let then = board(&app, &format!("most_viewed?at={}", start.plus_minutes(90))).await;
    assert_eq!(column(&then, "minutes_on_board"), [json!(90), json!(90)]);
    assert_eq!(column(&then, "peak_rank"), [json!(1), json!(1)]);

    let history =
        app.get(&format!("/v1/articles/{}/ranking-history?limit=1", a[0])).await.expect(200);
    assert_eq!(
        (&history.json["items"][0]["rank"], &history.json["items"][0]["movement"]),
        (&json!(2), &json!("down"))
    );
    let cursor = history.json["page"]["next"].as_str().expect("more");
    let older = format!("/v1/articles/{}/ranking-history?limit=1&cursor={cursor}", a[0]);
    let older = app.get(&older).await.expect(200);
    assert_eq!(
        (&older.json["items"][0]["rank"], &older.json["items"][0]["score"]),
        (&json!(1), &json!(5.0))
    );
    assert_eq!(older.json["page"]["next"], Value::Null);
    app.get(&format!("/v1/articles/{}/ranking-history?board=latest&window=1h", a[0]))
        .await
        .expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_recommended_are_varied_and_start_with_the_picks() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for (n, publisher) in ["a1", "a1", "a1", "a1", "b2", "c3"].iter().enumerate() {
        let id = article(&app, publisher, "economy", 100 + n as i64).await;
        faded(&app, id, 1.0, 100.0 - n as f64).await;
        made.push(id);
    }
    let pick = json!({"kind": "pin", "article_id": made[5], "position": 1, "reason": "추천"});
    decide(&app, "recommended", &pick, app.admin()).await.expect(201);
    refresh(&app).await;
    let recommended = board(&app, "recommended").await;
    let (m, order) = (&made, ids(&recommended));
    assert_eq!(order, [m[5], m[0], m[1], m[4], m[2], m[3]], "two of one publisher, then another");
    assert_eq!(ids(&board(&app, "popular").await).len(), 6, "nothing is left out");
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_tells_the_age_of_the_boards_and_goes_on_serving() {
    let app = TestApp::new().await;
    let boards = |reply: &Reply| {
        let checks = reply.json["checks"].as_array().expect("checks").clone();
        checks.into_iter().find(|check| check["name"] == "boards").expect("the boards")
    };
    let never = app.get("/health/ready").await.expect(200);
    assert_eq!((&never.json["status"], &boards(&never)["ok"]), (&json!("degraded"), &json!(false)));
    refresh(&app).await;
    let fresh = app.get("/health/ready").await.expect(200);
    assert_eq!((&fresh.json["status"], &boards(&fresh)["ok"]), (&json!("ok"), &json!(true)));
    app.clock.set(app.clock.now().plus_minutes(10));
    let old = app.get("/health/ready").await.expect(200);
    assert_eq!(
        (&old.json["status"], &boards(&old)["detail"]),
        (&json!("degraded"), &json!("were last looked at 600 s ago"))
    );
    assert_eq!(board(&app, "latest").await.json["stale"], true);
    assert!(app.get("/metrics").await.expect(200).text.contains("sosik_boards_looked_at_seconds"));
}

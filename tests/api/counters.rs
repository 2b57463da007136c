use crate::support::TestApp;
use reqwest::Method;
use serde_json::json;
use sosik::{
    counters::import::{self, Progress, Summary},
    ids::ArticleId,
};

async fn import(app: &TestApp, day: &str, file: &str) -> (Summary, Vec<u64>) {
    let zone = jiff::tz::TimeZone::get("Asia/Seoul").expect("a zone");
    let as_of = import::parse_as_of(day, &zone).expect("a day");
    let mut bad = Vec::new();
    let note = |progress: Progress<'_>| {
        if let Progress::Unknown(line) | Progress::Invalid(line, _) = progress {
            bad.push(line);
        }
    };
    let now = app.clock.now();
    let summary = import::run(&app.pool, file.as_bytes(), as_of, now, &zone, note).await;
    (summary.expect("imported"), bad)
}

async fn views(app: &TestApp, ids: &[ArticleId]) -> Vec<i64> {
    let query: Vec<_> = ids.iter().map(|id| format!("article={id}")).collect();
    let reply = app.get(&format!("/v1/counters?{}", query.join("&"))).await.expect(200);
    let items = reply.json["items"].as_array().expect("items").clone();
    items.iter().map(|item| item["views"].as_i64().expect("a count")).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_come_in_the_order_asked_for_and_once() {
    let app = TestApp::new().await;
    let (one, two) = (app.article().create().await, app.article().create().await);
    let draft = app.article().draft().create().await;
    let reply = app
        .get(&format!("/v1/counters?article={two}&article={draft}&article={one}&article={two}"))
        .await
        .expect(200);
    let now = app.clock.now();
    let none = json!({"like": 0, "warm": 0, "sad": 0, "angry": 0, "want_more": 0, "total": 0});
    let expected = json!({"items": [
        {"article_id": two, "views": 0, "comments": 0, "shares": 0, "reactions": none, "as_of": now},
        {"article_id": one, "views": 0, "comments": 0, "shares": 0, "reactions": none, "as_of": now},
    ]});
    assert_eq!(reply.json, expected);
    assert_eq!(reply.header("etag"), "");
    assert!(reply.header("cache-control").starts_with("public, max-age=1"));
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_stand_beside_articles_as_by_themselves() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let put = app.request(Method::PUT, &format!("/v1/articles/{article}/reaction"));
    put.json(&json!({"kind": "warm"})).send().await.expect(200);
    let share = app.request(Method::POST, &format!("/v1/articles/{article}/shares"));
    share.json(&json!({"channel": "line"})).send().await.expect(204);
    let alone = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    let alone = alone.json["items"][0].clone();
    assert_eq!(alone["shares"], 1);
    assert_eq!(alone["reactions"]["warm"], 1);
    assert_eq!(alone["reactions"]["total"], 1);
    for (path, pointer) in [
        (format!("/v1/articles/{article}?include=counters"), "/counters"),
        ("/v1/articles?include=counters".to_owned(), "/items/0/counters"),
    ] {
        let beside = app.get(&path).await.expect(200);
        assert_eq!(beside.json.pointer(pointer), Some(&alone), "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_come_in_the_order_of_the_settings_and_old_ones_after_them() {
    let app = TestApp::with(|settings| {
        settings.reactions.kinds.0 =
            ["wow", "like"].map(|kind| kind.parse().expect("a kind")).into();
    })
    .await;
    let article = app.article().create().await;
    app.sql(&format!(
        "insert into article_reactions values ('{article}', 'sad', 2), ('{article}', 'like', 1);
         insert into article_counters (article_id, reactions, updated_at) values ('{article}', 3, now())"
    ))
    .await;
    let reply = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    assert!(
        reply.text.contains(r#""reactions":{"wow":0,"like":1,"sad":2,"total":3}"#),
        "{}",
        reply.text
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_for_must_be_1_to_100_ids() {
    let app = TestApp::new().await;
    let code = async |query: &str| {
        let reply = app.get(&format!("/v1/counters?{query}")).await.expect(422);
        reply.faults()
    };
    let fault = |code: &str| vec![("article".to_owned(), code.to_owned())];
    assert_eq!(code("").await, fault("missing"));
    assert_eq!(code("article=x").await, fault("invalid"));
    let many = vec![format!("article={}", ArticleId::new()); 101];
    assert_eq!(code(&many.join("&")).await, fault("too_many"));
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_from_elsewhere_are_set_and_not_added() {
    let app = TestApp::new().await;
    let outside = json!({"external_id": "a-1"});
    let one = app.article().by("haneul").with(&outside).create().await;
    let two = app.article().create().await;
    let file = format!(
        "{{\"publisher\":\"haneul\",\"external_id\":\"a-1\",\"views\":700}}\n\
         {{\"article_id\":\"{two}\",\"views\":5}}\n\
         {{\"publisher\":\"haneul\",\"external_id\":\"no such\",\"views\":1}}\n\
         {{\"views\":1}}\n"
    );
    let all = Summary { imported: 2, unchanged: 0, unknown: 1, invalid: 1 };
    assert_eq!(import(&app, "2026-11-21", &file).await, (all, vec![4, 3]));
    assert_eq!(views(&app, &[one, two]).await, [700, 5]);

    let again = Summary { imported: 0, unchanged: 2, ..all };
    assert_eq!(import(&app, "2026-11-21", &file).await.0, again);
    let csv = format!("article_id,views\n{two},3\n");
    assert_eq!(import(&app, "2026-11-21", &csv).await.0.imported, 1);
    assert_eq!(views(&app, &[one, two]).await, [700, 3], "a correction replaces");

    assert_eq!(import(&app, "2026-11-20", &csv).await.0.imported, 1);
    assert_eq!(views(&app, &[one, two]).await, [700, 6], "another day adds");
    let drift = "select count(*) from article_counters c
        where views <> (select sum(imported) from article_days d where d.article_id = c.article_id)";
    assert_eq!(app.value(drift).await, 0);
}

//! Revisions and corrections of an article.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

fn path(article: &Value) -> String {
    format!("/v1/articles/{}", article["id"].as_str().expect("an id"))
}

async fn get(app: &TestApp, path: &str) -> Reply {
    app.request(Method::GET, path).bearer(app.admin()).send().await
}

async fn act(app: &TestApp, method: Method, article: &Value, rest: &str, body: &Value) -> Reply {
    let call = app.request(method, &format!("{}{rest}", path(article)));
    let call = call.bearer(app.admin()).header("if-match", "*");
    if body.is_null() { call.send().await } else { call.json(body).send().await }
}

async fn patch(app: &TestApp, article: &Value, body: &Value) -> Reply {
    act(app, Method::PATCH, article, "", body).await
}

async fn correct(app: &TestApp, article: &Value, kind: &str, text: &str) -> Reply {
    let notice = json!({"kind": kind, "text": text});
    act(app, Method::POST, article, "/corrections", &notice).await
}

/// Every page from `first` on, by `page.next` or `page.prev`; one member of each item.
async fn walk(app: &TestApp, first: &str, way: &str, member: &str) -> Vec<Vec<Value>> {
    let joint = if first.contains('?') { '&' } else { '?' };
    let (mut pages, mut at) = (Vec::new(), first.to_owned());
    loop {
        let page = get(app, &at).await.expect(200).json;
        let items = page["items"].as_array().expect("items");
        pages.push(items.iter().map(|item| item[member].clone()).collect());
        match page["page"][way].as_str() {
            Some(cursor) => at = format!("{first}{joint}cursor={cursor}"),
            None => return pages,
        }
        assert!(pages.len() < 50, "no end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_are_listed_newest_first_and_walked_both_ways() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    for n in 2..=7 {
        app.clock.set(app.clock.now().plus_minutes(1));
        patch(&app, &article, &json!({"deck": format!("{n}")})).await.expect(200);
    }
    let list = format!("{}/revisions?limit=3", path(&article));
    let down = walk(&app, &list, "next", "revision").await;
    assert_eq!(
        down,
        [vec![json!(7), json!(6), json!(5)], vec![json!(4), json!(3), json!(2)], vec![json!(1)]]
    );
    let first = get(&app, &list).await.json;
    assert_eq!(first["items"][0]["current"], true);
    assert_eq!(first["items"][1]["current"], false);
    assert_eq!(first["items"][0]["written_at"], "2026-11-22T09:06:00.000Z");
    assert_eq!(first["items"][1]["written_at"], "2026-11-22T09:05:00.000Z");
    assert_eq!(first["items"][0]["written_by"], "test admin");
    assert_eq!(first["page"]["prev"], Value::Null);
    let second = first["page"]["next"].as_str().expect("a cursor");
    let second = get(&app, &format!("{list}&cursor={second}")).await.expect(200).json;
    let back = second["page"]["prev"].as_str().expect("a cursor");
    let back = get(&app, &format!("{list}&cursor={back}")).await.expect(200).json;
    assert_eq!(back["items"], first["items"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revision_shows_its_content_and_what_it_changed() {
    let app = TestApp::new().await;
    let p = |text: &str| json!({"type": "paragraph", "text": text});
    let members = json!({
        "headline": "처음", "body": [p("하나"), p("둘")], "authors": ["김하늘"], "tags": ["금리"],
    });
    let article = app.article().with(&members).create_full().await;
    let change =
        json!({"headline": "다음", "body": [p("하나"), p("새로"), p("둘")], "authors": []});
    patch(&app, &article, &change).await.expect(200);
    let address = |n: u8| format!("{}/revisions/{n}", path(&article));
    let old = get(&app, &address(1)).await.expect(200).json;
    assert_eq!((&old["current"], &old["changes"]), (&json!(false), &json!([])));
    assert_eq!(old["content"]["headline"], "처음");
    assert_eq!(old["content"]["authors"], json!(["김하늘"]));
    assert_eq!(old["content"]["tags"], json!(["금리"]));
    let new = get(&app, &address(2)).await.expect(200).json;
    assert_eq!(new["current"], true);
    assert_eq!(
        new["changes"],
        json!([
            {"pointer": "/authors", "before": ["김하늘"], "after": []},
            {"pointer": "/body/1", "before": null, "after": p("새로")},
            {"pointer": "/headline", "before": "처음", "after": "다음"},
        ])
    );
    get(&app, &address(3)).await.expect(404);
    get(&app, &address(0)).await.expect(422);
    get(&app, &format!("{}/revisions/01", path(&article))).await.expect(422);
    get(&app, &format!("{}/revisions/99999999999", path(&article))).await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_revision_is_a_new_one_with_the_old_content() {
    let app = TestApp::new().await;
    let picture = json!({"url": "https://images.example/a.jpg", "alt": "회의"});
    let members = json!({
        "headline": "처음", "slug": "first", "deck": "덱", "authors": ["김하늘"], "tags": ["금리"],
        "lead_image": picture, "rights": {"syndicatable": true}, "external_id": "r-1",
    });
    let article = app.article().with(&members).create_full().await;
    app.category("world").await;
    let change = json!({
        "headline": "다음", "slug": "second", "deck": null, "authors": ["이바다"], "tags": [],
        "lead_image": null, "category": "world", "rights": null, "external_id": null,
    });
    patch(&app, &article, &change).await.expect(200);
    let back = act(&app, Method::POST, &article, "/revisions/1/restore", &Value::Null).await;
    let back = back.expect(200);
    let mut expected = article.clone();
    expected["revision"] = json!(3);
    assert_eq!(back.json, expected);
    assert_eq!(app.get(&path(&article)).await.expect(200).etag(), back.etag());
    app.get("/v1/articles/by-slug/second").await.expect(308);
    let listed = app.get("/v1/articles?category=economy").await.expect(200).json;
    assert_eq!(listed["items"][0]["id"], article["id"]);
    let left = app.get("/v1/articles?category=world").await.expect(200).json;
    assert_eq!(left["items"], json!([]));
    let detail = get(&app, &format!("{}/revisions/2", path(&article))).await.expect(200).json;
    assert_eq!(detail["content"]["headline"], "다음", "what it replaced is kept");
}

#[tokio::test(flavor = "multi_thread")]
async fn restoring_what_is_there_makes_no_revision() {
    let app = TestApp::new().await;
    let article = app.article().with(&json!({"tags": ["금리"]})).create_full().await;
    let same = act(&app, Method::POST, &article, "/revisions/1/restore", &Value::Null).await;
    assert_eq!(same.expect(200).json, article);
    act(&app, Method::POST, &article, "/revisions/9/restore", &Value::Null).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_undescribed_picture_cannot_be_restored_into_a_published_article() {
    let app = TestApp::new().await;
    let bare = json!({"lead_image": {"url": "https://images.example/a.jpg"}});
    let article = app.article().draft().with(&bare).create_full().await;
    patch(&app, &article, &json!({"lead_image": null})).await.expect(200);
    act(&app, Method::POST, &article, "/publish", &Value::Null).await.expect(200);
    let refused = act(&app, Method::POST, &article, "/revisions/1/restore", &Value::Null).await;
    let refused = refused.expect(422);
    assert_eq!(refused.faults(), [("/lead_image/alt".into(), "alt_missing".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_keeps_transitions_as_revisions_without_changes() {
    let app = TestApp::new().await;
    let article = app.article().draft().create_full().await;
    act(&app, Method::POST, &article, "/publish", &Value::Null).await.expect(200);
    act(&app, Method::POST, &article, "/withdraw", &json!({})).await.expect(200);
    let list = format!("{}/revisions", path(&article));
    assert_eq!(walk(&app, &list, "next", "revision").await, [[json!(3), json!(2), json!(1)]]);
    for n in 1..=3 {
        let detail = get(&app, &format!("{list}/{n}")).await.expect(200).json;
        assert_eq!(detail["changes"], json!([]), "{n}");
        assert_eq!(detail["content"]["headline"], article["headline"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_published_article_is_its_publishers_alone() {
    let app = TestApp::new().await;
    let own = app.key(&["articles:write"], Some("haneul")).await;
    let other = app.key(&["articles:write"], Some("bada")).await;
    let article = app.article().create_full().await;
    for rest in ["/revisions", "/revisions/1"] {
        let address = format!("{}{rest}", path(&article));
        app.get(&address).await.expect(401);
        app.request(Method::GET, &address).bearer(&other).send().await.expect(404);
        let seen = app.request(Method::GET, &address).bearer(&own).send().await.expect(200);
        assert_eq!(seen.header("cache-control"), "private, no-store");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_stands_in_the_article_from_then_on() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    let before = app.get(&path(&article)).await.etag();
    app.clock.set(app.clock.now().plus_minutes(3));
    let made = correct(&app, &article, "correction", "날짜를\n바로잡습니다.").await.expect(201);
    assert_eq!(made.json["published_at"], "2026-11-22T09:03:00.000Z");
    let seen = app.get(&path(&article)).await.expect(200);
    assert_eq!(seen.json["corrections"], json!([made.json]));
    assert_eq!(seen.json["corrected_at"], "2026-11-22T09:03:00.000Z");
    assert_eq!(seen.json["revision"], 2);
    assert_ne!(seen.etag(), before);
    let listed = app.get("/v1/articles").await.expect(200).json;
    assert_eq!(listed["items"][0]["corrected_at"], "2026-11-22T09:03:00.000Z");
    let revisions = get(&app, &format!("{}/revisions", path(&article))).await.expect(200).json;
    assert_eq!(revisions["items"].as_array().map(Vec::len), Some(2));
    let kept = patch(&app, &article, &json!({"deck": "덱"})).await.expect(200).json;
    assert_eq!(kept["corrected_at"], "2026-11-22T09:03:00.000Z", "an edit does not unsay it");
    assert_eq!(kept["corrections"], json!([made.json]));
}

#[tokio::test(flavor = "multi_thread")]
async fn corrections_are_listed_oldest_first_and_walked_both_ways() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    for n in 0..7 {
        // Several at one moment.
        app.clock.set(app.clock.now().plus_minutes(n % 2));
        correct(&app, &article, "update", &format!("{n}")).await.expect(201);
    }
    let list = format!("{}/corrections?limit=3", path(&article));
    let there = walk(&app, &list, "next", "text").await;
    assert_eq!(there.concat(), ["0", "1", "2", "3", "4", "5", "6"].map(|text| json!(text)));
    assert_eq!(there.iter().map(Vec::len).collect::<Vec<_>>(), [3, 3, 1]);
    let mut page = get(&app, &list).await.json;
    while let Some(next) = page["page"]["next"].as_str() {
        page = get(&app, &format!("{list}&cursor={next}")).await.expect(200).json;
    }
    let mut back = Vec::new();
    while let Some(prev) = page["page"]["prev"].as_str() {
        page = get(&app, &format!("{list}&cursor={prev}")).await.expect(200).json;
        let texts = page["items"].as_array().expect("items").iter().map(|c| c["text"].clone());
        back.splice(0..0, texts);
    }
    assert_eq!(back, there.concat()[..6]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_correction_is_checked_and_created_once_per_key() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    let call = || {
        let call = app.request(Method::POST, &format!("{}/corrections", path(&article)));
        call.bearer(app.admin())
    };
    let refused = call().json(&json!({"kind": "rumour", "text": " ", "x": 1})).send().await;
    let faults = refused.expect(422).faults();
    let places: Vec<_> = faults.iter().map(|(place, _)| place.as_str()).collect();
    assert_eq!(places, ["/kind", "/text", "/x"]);
    let notice = json!({"kind": "retraction", "text": "취소합니다."});
    let first = call().header("idempotency-key", "c").json(&notice).send().await.expect(201);
    let again = call().header("idempotency-key", "c").json(&notice).send().await.expect(201);
    assert_eq!(
        (again.text, again.headers.contains_key("idempotency-replayed")),
        (first.text, true)
    );
    assert_eq!(app.value("select count(*) from article_corrections").await, 1);
}

//! `GET /v1/articles`: filters, orders, pages.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn texts(page: &Value, member: &str) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items.iter().map(|item| item[member].as_str().unwrap_or_default().to_owned()).collect()
}

/// The headlines of a list.
async fn list(app: &TestApp, query: &str) -> Vec<String> {
    texts(&app.get(&format!("/v1/articles?{query}")).await.expect(200).json, "headline")
}

/// The same in alphabetical order.
async fn found(app: &TestApp, query: &str) -> Vec<String> {
    let mut names = list(app, query).await;
    names.sort();
    names
}

async fn with_key(app: &TestApp, key: &str, path: &str) -> Reply {
    app.request(Method::GET, path).bearer(key).send().await
}

async fn category(app: &TestApp, slug: &str, parent: Option<&str>) {
    let body = json!({"slug": slug, "name": {"ko": slug, "en": slug}, "parent": parent});
    let call = app.request(Method::POST, "/v1/categories").bearer(app.admin());
    call.json(&body).send().await.expect(201);
}

/// Articles `a` to `f` of two publishers, in a tree of categories, with all that filters ask for.
async fn portal() -> TestApp {
    let app = TestApp::new().await;
    category(&app, "economy", None).await;
    category(&app, "finance", Some("economy")).await;
    category(&app, "banks", Some("finance")).await;
    category(&app, "world", None).await;
    let picture = json!({"lead_image": {"url": "https://images.example/a.jpg", "alt": "가"}});
    for (headline, filed, publisher, minutes, more) in [
        ("a", "economy", "haneul", 50, picture),
        ("b", "finance", "haneul", 40, json!({"language": "en", "tags": ["금리", "환율"]})),
        ("c", "banks", "bada", 30, json!({"tags": ["금리"], "authors": ["김하늘", "이바다"]})),
        ("d", "world", "bada", 20, json!({"language": "en-GB", "authors": ["이바다"]})),
        ("e", "world", "haneul", 10, json!({"tags": ["환율"]})),
    ] {
        let article = app.article().in_category(filed).by(publisher).headline(headline);
        article.published(minutes).with(&more).create().await;
    }
    app.article().in_category("banks").headline("draft").draft().create().await;
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_includes_its_descendants() {
    let app = portal().await;
    assert_eq!(list(&app, "category=economy").await, ["c", "b", "a"]);
    assert_eq!(list(&app, "category=finance").await, ["c", "b"]);
    assert_eq!(list(&app, "category=banks").await, ["c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn values_of_one_filter_are_alternatives_without_duplicates() {
    let app = portal().await;
    assert_eq!(list(&app, "category=economy&category=banks").await, ["c", "b", "a"]);
    assert_eq!(list(&app, "category=banks&category=world").await, ["e", "d", "c"]);
    assert_eq!(list(&app, "publisher=haneul&publisher=bada").await, ["e", "d", "c", "b", "a"]);
    assert_eq!(list(&app, "category=world&category=world").await, ["e", "d"]);
    let two = "tag=%EA%B8%88%EB%A6%AC&tag=%ED%99%98%EC%9C%A8";
    assert_eq!(list(&app, two).await, ["e", "c", "b"]);
    assert_eq!(list(&app, &format!("{two}&limit=2")).await, ["e", "c"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_narrow_each_other() {
    let app = portal().await;
    let authors = app.value("select jsonb_object_agg(name, id) from authors").await;
    let author = authors["이바다"].as_str().expect("an id");
    for (query, expected) in [
        ("publisher=haneul".to_owned(), &["a", "b", "e"][..]),
        ("category=economy&publisher=haneul".into(), &["a", "b"]),
        ("category=economy&category=world&publisher=bada".into(), &["c", "d"]),
        ("language=en".into(), &["b"]),
        ("language=en&language=en-GB".into(), &["b", "d"]),
        ("language=ko&publisher=haneul".into(), &["a", "e"]),
        ("has_image=true".into(), &["a"]),
        ("has_image=false&category=economy".into(), &["b", "c"]),
        (format!("author={author}"), &["c", "d"]),
        (format!("author={author}&category=economy"), &["c"]),
        (format!("author={author}&tag=%EA%B8%88%EB%A6%AC&publisher=bada"), &["c"]),
        ("tag=%EA%B8%88%EB%A6%AC&publisher=haneul".into(), &["b"]),
        ("tag=%EA%B8%88%EB%A6%AC&category=banks&language=en".into(), &[]),
        ("published_after=2026-11-22T08:30:00Z".into(), &["c", "d", "e"]),
        ("published_before=2026-11-22T08:30:00Z".into(), &["a", "b"]),
        (
            "published_after=2026-11-22T08:20:00Z&published_before=2026-11-22T08:40:00Z".into(),
            &["b", "c"],
        ),
    ] {
        for sort in ["latest", "oldest", "updated"] {
            let names = found(&app, &format!("{query}&sort={sort}")).await;
            assert_eq!(names, expected, "{query} {sort}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn several_articles_are_looked_up_by_id() {
    let app = portal().await;
    let ids = app.value("select jsonb_object_agg(headline, id) from articles").await;
    let id = |name: &str| ids[name].as_str().expect("an id").to_owned();
    let three = format!("id={}&id={}&id={}", id("a"), id("d"), id("draft"));
    assert_eq!(list(&app, &three).await, ["d", "a"]);
    assert_eq!(list(&app, &format!("{three}&sort=oldest")).await, ["a", "d"]);
    assert_eq!(list(&app, &format!("{three}&sort=updated")).await.len(), 2);
    assert_eq!(list(&app, &format!("{three}&category=economy")).await, ["a"]);
    assert_eq!(list(&app, &format!("{three}&publisher=bada&category=world")).await, ["d"]);
    let page = app.get(&format!("/v1/articles?{three}&limit=1")).await.expect(200).json;
    let next = page["page"]["next"].as_str().expect("a cursor");
    assert_eq!(list(&app, &format!("{three}&limit=1&cursor={next}")).await, ["a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_is_not_there_is_refused_with_its_parameter() {
    let app = portal().await;
    let query = "category=nowhere&category=world&publisher=nobody&tag=nothing";
    let refused = app.get(&format!("/v1/articles?{query}")).await.expect(422);
    let fault = |name: &str| (name.to_owned(), "unknown_value".to_owned());
    assert_eq!(refused.faults(), [fault("category"), fault("publisher"), fault("tag")]);
    let query = "author=7&id=x&published_after=now&has_image=1&sort=best&limit=0&colour=red";
    let refused = app.get(&format!("/v1/articles?{query}")).await.expect(422);
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    let named = ["author", "colour", "has_image", "id", "limit", "published_after", "sort"];
    assert_eq!(places, named);
    for query in ["limit=101", "limit=-1", "limit=1.5", "sort=latest&sort=oldest", "status=gone"] {
        app.get(&format!("/v1/articles?{query}")).await.expect(422);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_cannot_be_a_name_never_reaches_the_database() {
    let app = TestApp::new().await;
    for name in ["category", "publisher", "tag", "language"] {
        for value in ["%00", "", "a%20b", "%EA%B8%88%00"] {
            let refused = app.get(&format!("/v1/articles?{name}={value}")).await.expect(422);
            assert_eq!(refused.faults()[0].0, name, "{value}");
        }
    }
    app.get("/v1/publishers/%00/articles/1").await.expect(422);
    app.get("/v1/articles/by-slug/%00").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_is_by_publication_or_by_last_change() {
    let app = portal().await;
    assert_eq!(list(&app, "").await, ["e", "d", "c", "b", "a"]);
    assert_eq!(list(&app, "sort=oldest").await, ["a", "b", "c", "d", "e"]);
    app.clock.set(app.clock.now().plus_minutes(1));
    let id = app.value("select id from articles where headline = 'b'").await;
    let id = id.as_str().expect("an id");
    let call = app.request(Method::PATCH, &format!("/v1/articles/{id}")).bearer(app.admin());
    let call = call.header("if-match", "*").json(&json!({"deck": "덱"}));
    call.send().await.expect(200);
    assert_eq!(list(&app, "sort=updated&limit=1").await, ["b"]);
    assert_eq!(list(&app, "").await, ["e", "d", "c", "b", "a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_is_filed_anew_changes_its_lists() {
    let app = portal().await;
    let id = app.value("select id from articles where headline = 'c'").await;
    let id = id.as_str().expect("an id");
    let call = app.request(Method::PATCH, &format!("/v1/articles/{id}")).bearer(app.admin());
    let change = json!({"category": "world", "tags": ["환율"], "authors": []});
    call.header("if-match", "*").json(&change).send().await.expect(200);
    assert_eq!(list(&app, "category=economy").await, ["b", "a"]);
    assert_eq!(list(&app, "category=world&publisher=bada").await, ["d", "c"]);
    assert_eq!(list(&app, "tag=%EA%B8%88%EB%A6%AC").await, ["b"]);
    assert_eq!(list(&app, "tag=%ED%99%98%EC%9C%A8").await, ["e", "c", "b"]);
}

/// Walks by `page.next` to the end and back by `page.prev`; each article once, both ways the same.
async fn walk_both_ways(app: &TestApp, query: &str, key: &str) -> Vec<String> {
    let base = format!("/v1/articles?{query}");
    let mut page = with_key(app, key, &base).await.expect(200).json;
    assert_eq!(page["page"]["prev"], Value::Null, "{query}");
    let mut there = vec![texts(&page, "id")];
    while let Some(next) = page["page"]["next"].as_str() {
        page = with_key(app, key, &format!("{base}&cursor={next}")).await.expect(200).json;
        there.push(texts(&page, "id"));
        assert!(there.len() <= 100, "no end");
    }
    let mut back = vec![texts(&page, "id")];
    while let Some(prev) = page["page"]["prev"].as_str() {
        page = with_key(app, key, &format!("{base}&cursor={prev}")).await.expect(200).json;
        if page["items"] == json!([]) {
            break;
        }
        back.insert(0, texts(&page, "id"));
        assert!(back.len() <= 100, "no end");
    }
    assert_eq!(there, back, "{query}");
    there.concat()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lose_and_repeat_nothing_at_equal_times() {
    let app = TestApp::new().await;
    for n in 0..60 {
        let publisher = if n % 3 == 0 { "bada" } else { "haneul" };
        let filed = if n % 2 == 0 { "economy" } else { "world" };
        app.article().by(publisher).in_category(filed).published(n / 45).create().await;
    }
    let rest = "publisher=haneul&publisher=bada&category=economy&category=world";
    for (filter, count) in [
        ("sort=latest", 60),
        ("sort=oldest", 60),
        ("sort=updated", 60),
        ("category=economy", 30),
        ("category=economy&publisher=haneul", 20),
        ("publisher=bada&sort=oldest", 20),
        (rest, 60),
        ("has_image=false&language=ko", 60),
    ] {
        for limit in [7, 20, 59, 60] {
            let query = format!("{filter}&limit={limit}");
            let seen = walk_both_ways(&app, &query, app.admin()).await;
            let each: BTreeSet<_> = seen.iter().collect();
            assert_eq!((seen.len(), each.len()), (count, count), "{query}");
        }
    }
    let down = walk_both_ways(&app, "limit=1", app.admin()).await;
    let mut up = walk_both_ways(&app, "limit=13&sort=oldest", app.admin()).await;
    up.reverse();
    assert_eq!(down, up);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_does_not_shift_when_something_newer_appears() {
    let app = portal().await;
    let first = app.get("/v1/articles?limit=2").await.expect(200);
    let next = first.json["page"]["next"].as_str().expect("a cursor");
    app.article().headline("news").create().await;
    assert_eq!(list(&app, &format!("limit=2&cursor={next}")).await, ["c", "b"]);
    let link = first.header("link").strip_suffix(">; rel=\"next\"").expect("one link");
    let linked = app.get(link.trim_start_matches('<')).await.expect(200).json;
    assert_eq!(texts(&linked, "headline"), ["c", "b"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cursor_continues_its_own_query_only() {
    let app = portal().await;
    let first = app.get("/v1/articles?limit=2&category=economy").await.expect(200).json;
    let next = first["page"]["next"].as_str().expect("a cursor");
    assert_eq!(list(&app, &format!("limit=5&category=economy&cursor={next}")).await, ["a"]);
    for query in ["limit=2", "category=world", "category=economy&sort=oldest"] {
        let refused = app.get(&format!("/v1/articles?{query}&cursor={next}")).await.expect(400);
        assert_eq!(refused.json["code"], "malformed_cursor", "{query}");
    }
    for cursor in ["x", "", &"A".repeat(44)] {
        app.get(&format!("/v1/articles?cursor={cursor}")).await.expect(400);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_published_is_listed_for_its_publishers_key_only() {
    let app = portal().await;
    app.article().by("bada").headline("theirs").draft().create().await;
    let own = app.key(&["articles:write"], Some("haneul")).await;
    let scopeless = app.key(&[], None).await;
    for status in ["draft", "scheduled", "withdrawn"] {
        let path = format!("/v1/articles?status={status}");
        app.get(&path).await.expect(401);
        let refused = with_key(&app, &scopeless, &path).await.expect(403);
        assert_eq!(refused.json["code"], "insufficient_scope");
        let seen = with_key(&app, &own, &path).await.expect(200);
        assert_eq!(seen.header("cache-control"), "private, no-store");
        let expected: &[&str] = if status == "draft" { &["draft"] } else { &[] };
        assert_eq!(texts(&seen.json, "headline"), expected);
    }
    let theirs = with_key(&app, &own, "/v1/articles?status=draft&publisher=bada").await;
    assert_eq!(theirs.expect(200).json["items"], json!([]));
    let all = with_key(&app, app.admin(), "/v1/articles?status=draft&limit=1").await;
    assert!(all.expect(200).json["page"]["next"].is_string());
    assert_eq!(walk_both_ways(&app, "status=draft&limit=1", app.admin()).await.len(), 2);
    with_key(&app, &own, "/v1/articles?status=draft&sort=oldest").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_tagged_and_cacheable() {
    let app = portal().await;
    let first = app.get("/v1/articles").await.expect(200);
    assert!(first.header("cache-control").starts_with("public, max-age="));
    let held = app.request(Method::GET, "/v1/articles").header("if-none-match", first.etag());
    held.send().await.expect(304);
    app.article().create().await;
    let held = app.request(Method::GET, "/v1/articles").header("if-none-match", first.etag());
    held.send().await.expect(200);
}

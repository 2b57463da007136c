//! Whole pages over a whole edition: the demo's, and the page this product was born from where it is there.

use crate::support::TestApp;
use serde_json::{Value, json};
use sosik::{demo, ids::ArticleId, rankings::refresh};
use std::collections::{HashMap, HashSet};

/// What stands on a page twice must not: a story, or an article that tells none.
fn story(article: &Value) -> String {
    let text = |name: &str| article[name].as_str().map(ToOwned::to_owned);
    text("story_id").or_else(|| text("id")).expect("an id")
}

fn modules(page: &Value) -> &Vec<Value> {
    page["modules"].as_array().expect("modules")
}

fn items(module: &Value) -> &Vec<Value> {
    module["items"].as_array().expect("items")
}

async fn all(app: &TestApp) -> Vec<Value> {
    let (mut found, mut path) = (Vec::new(), "/v1/articles?limit=100".to_owned());
    loop {
        let page = app.get(&path).await.expect(200).json;
        found.extend(page["items"].as_array().expect("items").clone());
        match page["page"]["next"].as_str() {
            Some(next) => path = format!("/v1/articles?limit=100&cursor={next}"),
            None => return found,
        }
    }
}

/// How many items each module of an article's page holds.
async fn sizes(app: &TestApp) -> Vec<usize> {
    let layout = app.request(reqwest::Method::GET, "/v1/page-layouts/article");
    let layout = layout.bearer(app.admin()).send().await.expect(200).json;
    let modules = layout["modules"].as_array().expect("modules");
    modules.iter().map(|module| module["size"].as_u64().expect("a size") as usize).collect()
}

/// No story twice, no two modules alike, every item with a reason, every module full while candidates
/// last; how many places are filled.
fn check(page: &Value, articles: &[Value], sizes: &[usize]) -> usize {
    let read = story(&page["article"]);
    let mut told = HashSet::from([read]);
    let mut lists = Vec::new();
    for module in modules(page) {
        let own: Vec<_> = items(module).iter().map(|item| story(&item["article"])).collect();
        assert!(own.is_empty() || !lists.contains(&own), "two modules are alike");
        for (story, item) in own.iter().zip(items(module)) {
            assert!(told.insert(story.clone()), "{} stands twice", item["article"]["headline"]);
            assert!(item["reason"]["code"].is_string() && item["source"].is_string());
            assert_eq!(item["also_in"], json!([]));
        }
        lists.push(own);
    }
    for ((module, own), size) in modules(page).iter().zip(&lists).zip(sizes) {
        assert!(own.len() <= *size);
        let scope = &module["scope"]["category"]["slug"];
        let fits = |article: &&Value| scope.is_null() || article["category"]["slug"] == *scope;
        let left = articles.iter().filter(fits).any(|article| !told.contains(&story(article)));
        assert!(own.len() == *size || !left, "{} has room and candidates", module["key"]);
    }
    lists.iter().map(Vec::len).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_demo_edition_repeats_nothing_and_is_full() {
    let app = TestApp::new().await;
    demo::load(&app.pool, app.clock.now(), &app.settings).await.expect("the edition");
    let (articles, sizes) = (all(&app).await, sizes(&app).await);
    assert!(articles.len() >= 50);
    let mut keys: HashMap<String, usize> = HashMap::new();
    for article in &articles {
        let path = format!("/v1/pages/articles/{}", article["id"].as_str().expect("an id"));
        let page = app.get(&path).await.expect(200);
        check(&page.json, &articles, &sizes);
        for module in modules(&page.json) {
            let key = module["key"].as_str().expect("a key").to_owned();
            *keys.entry(key).or_default() += items(module).len();
        }
        assert_eq!(app.get(&path).await.text, page.text, "the same moment gives the same page");
    }
    for key in
        ["most_viewed", "most_reacted", "popular", "recommended", "trending", "related", "for_you"]
    {
        assert!(keys.get(key).is_some_and(|n| *n > 0), "{key} is empty everywhere");
    }
}

/// The headlines of the page this product was born from, each once, with the category it is seen under.
/// The text is its publishers' and stands beside the checkout or nowhere.
fn seed() -> Option<Vec<(String, &'static str)>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/seed_page.txt");
    let text = std::fs::read_to_string(path).ok()?;
    let lists = text.rsplit("댓글0").next()?;
    let categories = HashMap::from([
        ("스포츠", "sports"),
        ("뉴스", "news"),
        ("연예", "entertainment"),
        ("여행맛집", "travel"),
    ]);
    let mut found: Vec<(String, &'static str)> = Vec::new();
    for line in lists.lines().map(str::trim) {
        let line = line.trim_start_matches('•').trim();
        if let Some(category) = categories.get(line) {
            if let Some(last) = found.last_mut() {
                last.1 = category;
            }
        } else if line.chars().count() > 12 && !found.iter().any(|(known, _)| known == line) {
            found.push((line.to_owned(), "economy"));
        }
    }
    Some(found)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_this_was_born_from_comes_out_without_repeats() {
    let Some(headlines) = seed() else { return };
    assert_eq!(headlines.len(), 29);
    let app = TestApp::new().await;
    let now = app.clock.now();
    let read = app
        .article()
        .by("etoday")
        .headline("한국 스타트업 글로벌화 지원")
        .published(200)
        .create()
        .await;
    for (n, (headline, category)) in (0i64..).zip(&headlines) {
        let publisher = format!("house-{}", n % 6);
        let article = app.article().by(&publisher).in_category(category).headline(headline);
        let id: ArticleId = article.published(60 + n).create().await;
        app.sql(&format!(
            "insert into article_hours (ends_at, article_id, kind, received, counted, ranked)
             values ('{now}', '{id}', 0, {v}, {v}, {v});
             insert into article_fives (ends_at, article_id, kind, ranked)
             values ('{now}', '{id}', 2, {r});
             insert into article_scores (article_id, as_of, p30m, p1h, p2h, p6h, p12h, p24h, t30m, t2h, t24h, minutes)
             values ('{id}', '{now}', {v}, {v}, {v}, {v}, {v}, {v}, {v}, {v}, {d}, 60)",
            v = 100 - n,
            r = 1 + (n * 7) % 29,
            d = 100 + (n * 13) % 29,
        ))
        .await;
    }
    refresh::once(&app.pool, now, now, &app.settings).await.expect("a round").expect("alone");
    let page = app.get(&format!("/v1/pages/articles/{read}")).await.expect(200).json;
    let filled = check(&page, &all(&app).await, &sizes(&app).await);
    assert_eq!(filled, 29, "every headline has its place");
}

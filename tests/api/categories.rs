//! /v1/categories

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

async fn create(app: &TestApp, slug: &str, parent: Option<&str>) -> Reply {
    let input = json!({"slug": slug, "name": {"ko": slug, "en": slug}, "parent": parent});
    app.request(Method::POST, "/v1/categories").bearer(app.admin()).json(&input).send().await
}

async fn patch(app: &TestApp, slug: &str, change: Value) -> Reply {
    let call = app.request(Method::PATCH, &format!("/v1/categories/{slug}")).bearer(app.admin());
    call.header("if-match", "*").json(&change).send().await
}

/// economy > finance > stocks, and society.
async fn tree(app: &TestApp) {
    create(app, "economy", None).await.expect(201);
    create(app, "finance", Some("economy")).await.expect(201);
    create(app, "stocks", Some("finance")).await.expect(201);
    create(app, "society", None).await.expect(201);
}

fn slugs(reply: &Reply) -> Vec<&str> {
    let items = reply.json["items"].as_array().expect("items");
    items.iter().filter_map(|item| item["slug"].as_str()).collect()
}

/// Every (category, ancestor, depth), as the writer keeps them.
async fn closure(app: &TestApp) -> Value {
    app.value(
        "select jsonb_agg(jsonb_build_array(c.slug, a.slug, x.depth) order by c.slug, x.depth)
         from category_ancestors x
         join categories c on c.id = x.category_id
         join categories a on a.id = x.ancestor_id",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_tree_is_listed_in_order_with_paths() {
    let app = TestApp::new().await;
    tree(&app).await;
    let all = app.get("/v1/categories").await.expect(200);
    assert_eq!(slugs(&all), ["economy", "finance", "stocks", "society"]);
    let stocks = &all.json["items"][2];
    assert_eq!(stocks["path"], json!(["economy", "finance", "stocks"]));
    assert_eq!((&stocks["depth"], &stocks["parent"]), (&json!(3), &json!("finance")));
    patch(&app, "society", json!({"position": 0})).await.expect(200);
    patch(&app, "economy", json!({"position": 7})).await.expect(200);
    let first = app.get("/v1/categories?limit=3").await.expect(200);
    assert_eq!(slugs(&first), ["society", "economy", "finance"]);
    let next = first.json["page"]["next"].as_str().expect("another page");
    let second = app.get(&format!("/v1/categories?limit=3&cursor={next}")).await.expect(200);
    assert_eq!(slugs(&second), ["stocks"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_shows_those_above_and_below_it() {
    let app = TestApp::new().await;
    tree(&app).await;
    let finance = app.get("/v1/categories/finance").await.expect(200);
    assert_eq!(finance.json["ancestors"][0]["slug"], "economy");
    assert_eq!(finance.json["children"][0]["slug"], "stocks");
    app.get("/v1/categories/nothing").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_takes_ancestors_and_listings_along() {
    let app = TestApp::new().await;
    tree(&app).await;
    app.article().in_category("stocks").create().await;
    let listed = async |category: &str| {
        let page = app.get(&format!("/v1/articles?category={category}")).await.expect(200);
        page.json["items"].as_array().map_or(0, Vec::len)
    };
    assert_eq!((listed("economy").await, listed("society").await), (1, 0));
    let moved = patch(&app, "finance", json!({"parent": "society"})).await.expect(200);
    assert_eq!(moved.json["path"], json!(["society", "finance"]));
    assert_eq!((listed("economy").await, listed("society").await), (0, 1));
    assert_eq!((listed("finance").await, listed("stocks").await), (1, 1));
    let expected = json!([
        ["economy", "economy", 0],
        ["finance", "finance", 0],
        ["finance", "society", 1],
        ["society", "society", 0],
        ["stocks", "stocks", 0],
        ["stocks", "finance", 1],
        ["stocks", "society", 2],
    ]);
    assert_eq!(closure(&app).await, expected);
    patch(&app, "finance", json!({"parent": null})).await.expect(200);
    assert_eq!((listed("society").await, listed("finance").await), (0, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn cycles_unknown_parents_and_a_ninth_level_are_refused_at_parent() {
    let app = TestApp::new().await;
    tree(&app).await;
    let at_parent = |code: &str| [("/parent".to_owned(), code.to_owned())];
    for under in ["economy", "stocks"] {
        let refused = patch(&app, "economy", json!({"parent": under})).await.expect(422);
        assert_eq!(refused.faults(), at_parent("cycle"));
    }
    let refused = patch(&app, "economy", json!({"parent": "nothing"})).await.expect(422);
    assert_eq!(refused.faults(), at_parent("unknown_value"));
    let mut parent = "stocks".to_owned();
    for n in 4..=8 {
        let slug = format!("level-{n}");
        create(&app, &slug, Some(&parent)).await.expect(201);
        parent = slug;
    }
    let refused = create(&app, "level-9", Some(&parent)).await.expect(422);
    assert_eq!(refused.faults(), at_parent("too_deep"));
    let refused = patch(&app, "finance", json!({"parent": "society"})).await.expect(200);
    assert_eq!(refused.json["depth"], 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_category_with_articles_or_children_stays() {
    let app = TestApp::new().await;
    tree(&app).await;
    app.article().in_category("society").create().await;
    let delete = async |slug: &str| {
        let call = app.request(Method::DELETE, &format!("/v1/categories/{slug}"));
        call.bearer(app.admin()).header("if-match", "*").send().await
    };
    for slug in ["society", "economy"] {
        assert_eq!(delete(slug).await.expect(409).json["code"], "not_empty");
    }
    delete("stocks").await.expect(204);
    delete("finance").await.expect(204);
    assert_eq!(app.value("select count(*) from category_ancestors").await, 2);
}

use crate::support::{Call, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::ids::ArticleId;
use std::sync::Arc;

/// An app that believes `X-Forwarded-For` of the test's own address.
async fn app() -> TestApp {
    let local = "127.0.0.0/8".parse().expect("a network");
    TestApp::with(|settings| settings.trusted_proxies.0.push(local)).await
}

fn call(app: &TestApp, method: Method, article: ArticleId, address: &str) -> Call {
    app.request(method, &format!("/v1/articles/{article}/reaction"))
        .header("x-forwarded-for", address)
}

fn react(app: &TestApp, article: ArticleId, address: &str, kind: &str) -> Call {
    call(app, Method::PUT, article, address).json(&json!({"kind": kind}))
}

fn retract(app: &TestApp, article: ArticleId, address: &str) -> Call {
    call(app, Method::DELETE, article, address)
}

async fn counts(app: &TestApp, article: ArticleId) -> Value {
    let reply = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    reply.json["items"][0]["reactions"].clone()
}

/// Everything that reactions leave anywhere, but for the moments of change.
async fn traces(app: &TestApp) -> Value {
    let rows = |table: &str| {
        format!(
            "(select coalesce(jsonb_agg(to_jsonb(t) - 'updated_at' order by t), '[]') from {table} t)"
        )
    };
    let tables = [
        "reactions",
        "article_reactions",
        "article_counters",
        "article_hours",
        "article_fives",
        "article_days",
        "network_events",
    ];
    let all: Vec<_> = tables.iter().map(|table| rows(table)).collect();
    app.value(&format!("select jsonb_build_array({})", all.join(", "))).await
}

/// What must hold at any time: every figure is the number of the rows behind it.
async fn assert_no_drift(app: &TestApp) {
    let drift = "select jsonb_build_object(
        'kinds', (select count(*) from (select article_id, kind, count(*) as n from reactions group by 1, 2) r
            full join article_reactions a using (article_id, kind) where n is distinct from reactions),
        'counters', (select count(*) from article_counters c
            where reactions <> (select count(*) from reactions r where r.article_id = c.article_id)),
        'hours', (select coalesce(sum(counted), 0) from article_hours where kind = 2)
            - (select count(*) from reactions),
        'ranked', (select coalesce(sum(ranked), 0) from article_hours where kind = 2)
            - (select count(*) from reactions where ranked),
        'fives', (select coalesce(sum(ranked), 0) from article_fives where kind = 2)
            - (select count(*) from reactions where ranked),
        'ledger', (select count(*) from article_hours where kind = 2 and received <> counted))";
    let none = json!({"kinds": 0, "counters": 0, "hours": 0, "ranked": 0, "fives": 0, "ledger": 0});
    assert_eq!(app.value(drift).await, none);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_visitor_has_one_reaction_and_the_last_kind_holds() {
    let app = app().await;
    let article = app.article().create().await;
    let first = react(&app, article, "192.0.2.1", "like").send().await.expect(200);
    let now = app.clock.now();
    assert_eq!(first.json, json!({"article_id": article, "kind": "like", "reacted_at": now}));
    assert_eq!(first.header("cache-control"), "private, no-store");
    app.clock.set(now.plus_minutes(70));
    let changed = react(&app, article, "192.0.2.1", "sad").send().await.expect(200);
    assert_eq!(changed.json["kind"], "sad");
    assert_eq!(changed.json["reacted_at"], json!(now), "a reader reacts once");
    react(&app, article, "192.0.2.2", "like").send().await.expect(200);
    let expected = json!({"like": 1, "warm": 0, "sad": 1, "angry": 0, "want_more": 0, "total": 2});
    assert_eq!(counts(&app, article).await, expected);
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_again_changes_nothing() {
    let app = app().await;
    let article = app.article().create().await;
    react(&app, article, "192.0.2.1", "like").send().await.expect(200);
    let before = app.value("select jsonb_agg(to_jsonb(c)) from article_counters c").await;
    app.clock.set(app.clock.now().plus_minutes(10));
    react(&app, article, "192.0.2.1", "like").send().await.expect(200);
    let after = app.value("select jsonb_agg(to_jsonb(c)) from article_counters c").await;
    assert_eq!(before, after);
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_puts_at_once_are_one_reaction() {
    let app = Arc::new(app().await);
    let article = app.article().create().await;
    let puts = (0..200).map(|n| {
        let app = Arc::clone(&app);
        let kind = ["like", "sad"][n % 2];
        tokio::spawn(async move {
            react(&app, article, "192.0.2.1", kind).send().await.expect(200);
        })
    });
    for put in puts.collect::<Vec<_>>() {
        put.await.expect("every request is answered");
    }
    assert_eq!(counts(&app, article).await["total"], 1);
    assert_eq!(app.value("select sum(events) from network_events").await, 1);
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn figures_do_not_drift_while_many_change_their_minds_at_once() {
    let app = Arc::new(app().await);
    let article = app.article().create().await;
    let readers = (0..40u32).map(|reader| {
        let app = Arc::clone(&app);
        tokio::spawn(async move {
            // Four share each address: they change one reaction at the same time.
            let address = format!("10.0.{}.1", reader / 4);
            for n in 0..12 {
                let kind = ["like", "warm", "angry"][(reader + n) as usize % 3];
                match (reader + n) % 4 {
                    0 => retract(&app, article, &address).send().await.expect(204),
                    _ => react(&app, article, &address, kind).send().await.expect(200),
                };
            }
        })
    });
    for reader in readers.collect::<Vec<_>>() {
        reader.await.expect("every request is answered");
    }
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn taking_a_reaction_back_leaves_everything_as_it_was() {
    let app = app().await;
    let article = app.article().create().await;
    react(&app, article, "198.51.100.1", "warm").send().await.expect(200);
    react(&app, article, "192.0.2.9", "like").send().await.expect(200);
    let before = traces(&app).await;
    for minutes in [0, 4, 50] {
        react(&app, article, "192.0.2.1", "like").send().await.expect(200);
        app.clock.set(app.clock.now().plus_minutes(minutes));
        react(&app, article, "192.0.2.1", "angry").send().await.expect(200);
        retract(&app, article, "192.0.2.1").send().await.expect(204);
        assert_eq!(traces(&app).await, before, "after {minutes} minutes");
        retract(&app, article, "192.0.2.1").send().await.expect(204);
        assert_eq!(traces(&app).await, before, "again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_back_later_leaves_the_hour_in_which_it_was_made() {
    let app = app().await;
    let article = app.article().create().await;
    react(&app, article, "192.0.2.1", "like").send().await.expect(200);
    let hours = "select jsonb_agg(jsonb_build_array(ends_at, counted, ranked) order by ends_at)
        from article_hours where kind = 2";
    let first = app.value(hours).await;
    app.clock.set(app.clock.now().plus_minutes(180));
    react(&app, article, "192.0.2.2", "like").send().await.expect(200);
    retract(&app, article, "192.0.2.1").send().await.expect(204);
    let left = app.value(hours).await;
    assert_ne!(left, first);
    assert_eq!(left.as_array().map(Vec::len), Some(1));
    let cap = app.value("select jsonb_agg(events order by hour) from network_events").await;
    assert_eq!(cap, json!([1, 1]), "the hour is over: its places are not given back");
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn reactions_of_one_network_beyond_the_cap_count_and_rank_by_logarithm() {
    let app = app().await;
    let article = app.article().create().await;
    for n in 0..80 {
        react(&app, article, &format!("192.0.2.{n}"), "like").send().await.expect(200);
    }
    let ledger = "select jsonb_build_array(counted, ranked) from article_hours where kind = 2";
    assert_eq!(app.value(ledger).await, json!([80, 60]));
    // Who did not rank and comes again does not rank either, however often.
    for n in 0..80 {
        retract(&app, article, &format!("192.0.2.{n}")).send().await.expect(204);
        react(&app, article, &format!("192.0.2.{n}"), "like").send().await.expect(200);
    }
    let ranked = app.value(ledger).await;
    assert!(ranked[1].as_i64().is_some_and(|ranked| ranked <= 66), "{ranked}");
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_keeps_a_reaction_over_the_days_and_an_address_does_not() {
    let app = app().await;
    let article = app.article().create().await;
    let token = app.request(Method::POST, "/v1/visitors").send().await.expect(201);
    let token = token.json["token"].as_str().expect("a token").to_owned();
    let with_token = |call: Call| call.header("x-visitor-token", &token);
    with_token(react(&app, article, "192.0.2.1", "like")).send().await.expect(200);
    react(&app, article, "192.0.2.1", "warm").send().await.expect(200);
    assert_eq!(counts(&app, article).await["total"], 2);

    app.clock.set(app.clock.now().plus_minutes(24 * 60));
    with_token(retract(&app, article, "203.0.113.5")).send().await.expect(204);
    retract(&app, article, "192.0.2.1").send().await.expect(204);
    assert_eq!(counts(&app, article).await["warm"], 1, "nobody knows any more whose it is");
    assert_eq!(counts(&app, article).await["total"], 1);
    assert_no_drift(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kinds_are_those_of_the_settings() {
    let app = TestApp::with(|settings| {
        settings.reactions.kinds.0 = vec!["wow".parse().expect("a kind")];
    })
    .await;
    let article = app.article().create().await;
    let meta = app.get("/v1/meta").await.expect(200);
    assert_eq!(meta.json["reactions"], json!({"kinds": ["wow"], "require": "visitor"}));
    let path = format!("/v1/articles/{article}/reaction");
    let put = |body: Value| app.request(Method::PUT, &path).json(&body).send();
    put(json!({"kind": "wow"})).await.expect(200);
    for (body, place, code) in [
        (json!({"kind": "like"}), "/kind", "unknown_value"),
        (json!({}), "/kind", "missing"),
        (json!({"kind": 1}), "/kind", "wrong_type"),
        (json!({"kind": "wow", "x": 1}), "/x", "unknown_field"),
    ] {
        let reply = put(body).await.expect(422);
        assert_eq!(reply.faults(), [(place.to_owned(), code.to_owned())]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_portal_may_ask_for_a_token() {
    let app = TestApp::with(|s| s.reactions.require = sosik::config::Required::Token).await;
    let article = app.article().create().await;
    for call in [react(&app, article, "192.0.2.1", "like"), retract(&app, article, "192.0.2.1")] {
        let reply = call.send().await.expect(422);
        assert_eq!(reply.faults(), [("X-Visitor-Token".to_owned(), "missing".to_owned())]);
    }
    let token = app.request(Method::POST, "/v1/visitors").send().await.expect(201);
    let cookie = token.header("set-cookie").split(';').next().expect("a pair").to_owned();
    let call = react(&app, article, "192.0.2.1", "like").header("cookie", &cookie);
    call.send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn programs_do_not_react_and_only_published_articles_are_reacted_to() {
    let app = app().await;
    let article = app.article().create().await;
    for call in [react(&app, article, "192.0.2.1", "like"), retract(&app, article, "192.0.2.1")] {
        let reply = call.header("user-agent", "Googlebot/2.1").send().await.expect(403);
        assert_eq!(reply.json["code"], "not_a_reader");
    }
    let draft = app.article().draft().create().await;
    react(&app, draft, "192.0.2.1", "like").send().await.expect(404);
    retract(&app, draft, "192.0.2.1").send().await.expect(404);
    app.sql("update articles set status = 'withdrawn' where status = 'published'").await;
    let gone = react(&app, article, "192.0.2.1", "like").send().await.expect(410);
    assert_eq!(gone.json["tombstone"]["id"], json!(article));
    assert_eq!(app.value("select count(*) from reactions").await, 0);
}

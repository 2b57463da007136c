//! Comments: imports, streams, boards, one's own, what is hidden and what is undone.

use crate::{
    comments::{comment, counts_hold, id, open, reply, vote, written},
    support::TestApp,
};
use futures_util::StreamExt;
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{
    comments::import::{self, Wanted},
    config::{Preset, Required},
    rankings::refresh,
};
use std::{collections::BTreeSet, time::Duration};

fn wanted(dry_run: bool) -> Wanted {
    Wanted { publisher: None, dry_run, zone: jiff::tz::TimeZone::UTC }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_threads_come_in_once_with_their_votes_times_and_replies() {
    let app = open().await;
    let article = app.article().with(&json!({"external_id": "001-1"})).create().await;
    let lines = [
        json!({"article": "001-1", "comment_no": "1", "text": "첫 댓글", "time": "2018-10-28T15:48:52+0900", "likes": 3, "dislikes": 1, "author": "kim"}),
        json!({"article": "001-1", "comment_no": "2", "parent": "1", "text": "답글", "time": "2018-10-28T15:50:00+0900"}),
        json!({"article": "001-1", "comment_no": null, "text": "이름 없는", "time": "2018-10-28T16:00:00+0900", "likes": null, "dislikes": null}),
        json!({"article": "001-1", "text": "가".repeat(301), "time": "2018-10-28T16:00:00+0900"}),
        json!({"article": "nothing", "text": "어디", "time": "2018-10-28T16:00:00+0900"}),
    ];
    let file = lines.map(|line| line.to_string()).join("\n");
    let run = async || {
        import::run(&app.pool, file.as_bytes(), &wanted(false), |_| {}).await.expect("a run")
    };
    let first = run().await;
    assert_eq!((first.created, first.unknown, first.invalid), (3, 1, 1));
    let again = run().await;
    assert_eq!((again.created, again.updated, again.unchanged), (0, 0, 3));
    let list = app.get(&format!("/v1/articles/{article}/comments?sort=oldest")).await.expect(200);
    let root = &list.json["items"][0];
    assert_eq!(
        (&root["body"], &root["author"]["display_name"]),
        (&json!("첫 댓글"), &json!("kim"))
    );
    assert_eq!(root["votes"], json!({"up": 3, "down": 1}));
    assert_eq!(root["created_at"], "2018-10-28T06:48:52.000Z");
    assert_eq!((&root["reply_count"], &root["replies"][0]["body"]), (&json!(1), &json!("답글")));
    let root = root["id"].as_str().expect("an id").to_owned();
    vote(&app, &app.reader("투표자").await, &root, "up").send().await.expect(200);
    let more = file.replace("\"likes\":3", "\"likes\":5");
    let updated =
        import::run(&app.pool, more.as_bytes(), &wanted(false), |_| {}).await.expect("a run");
    assert_eq!((updated.updated, updated.unchanged), (1, 2));
    let one = app.get(&format!("/v1/comments/{root}")).await.expect(200);
    assert_eq!(one.json["votes"], json!({"up": 6, "down": 1}));
    let dry = wanted(true);
    let other = file.replace("comment_no\":\"", "comment_no\":\"x");
    let would = import::run(&app.pool, other.as_bytes(), &dry, |_| {}).await.expect("a run");
    assert_eq!(would.created, 2);
    assert_eq!(app.value("select count(*) from comments").await, 3);
    counts_hold(&app).await;
}

/// Reads a stream until `enough` says so; fails after a while.
async fn events(response: reqwest::Response, enough: impl Fn(&str) -> bool) -> String {
    let mut stream = response.bytes_stream();
    let mut text = String::new();
    let read = async {
        while !enough(&text) {
            let bytes = stream.next().await.expect("the stream goes on").expect("bytes");
            text.push_str(&String::from_utf8_lossy(&bytes));
        }
    };
    tokio::time::timeout(Duration::from_secs(60), read).await.expect("events come");
    text
}

fn ids(text: &str) -> Vec<String> {
    text.lines().filter_map(|line| line.strip_prefix("id: ")).map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_each_comment_once_and_goes_on_where_it_was_left() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, voter) = (app.reader("글쓴이").await, app.reader("투표자").await);
    let url = format!("{}/v1/articles/{article}/comments/stream", app.base_url);
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let response = client.get(&url).send().await.expect("a stream");
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let calls = (0..12).map(|n| {
        let (app, author) = (&app, &author);
        async move { comment(app, author, article, &format!("{n}번째")).send().await.expect(201) }
    });
    let made = futures_util::future::join_all(calls).await;
    let created = |text: &str| text.matches("event: comment.created").count() >= 12;
    let told = events(response, created).await;
    let mut seen: BTreeSet<String> = BTreeSet::new();
    for line in told.lines().filter_map(|line| line.strip_prefix("data: ")) {
        let data: Value = serde_json::from_str(line).expect("JSON");
        seen.insert(data["id"].as_str().expect("an id").to_owned());
    }
    assert_eq!(seen, made.iter().map(id).collect());
    let last = ids(&told).last().expect("an id").clone();
    vote(&app, &voter, &id(&made[0]), "up").send().await.expect(200);
    written(&app, &author, article, "나중").await;
    let resumed = client.get(&url).header("last-event-id", &last).send().await.expect("a stream");
    let told = events(resumed, |text| text.contains("comment.created")).await;
    assert_eq!(told.matches("event: comment.created").count(), 1, "{told}");
    assert!(told.contains("나중") && told.contains("comment.changed"), "{told}");
    assert!(ids(&told).iter().all(|id| *id != last));
    let refused = client.get(&url).header("last-event-id", "what").send().await.expect("an answer");
    assert_eq!(refused.status(), 422);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_board_of_comments_counts_readers_and_only_what_is_shown() {
    let app = open().await;
    let (talk, war, quiet) =
        (app.article().create().await, app.article().create().await, app.article().create().await);
    let readers = [app.reader("하나").await, app.reader("둘").await, app.reader("셋").await];
    for reader in &readers {
        written(&app, reader, talk, "한마디").await;
    }
    for n in 0..10 {
        written(&app, &readers[n % 2], war, &format!("{n}번째 말다툼")).await;
    }
    let gone = written(&app, &readers[0], quiet, "지울 글").await;
    app.request(Method::DELETE, &format!("/v1/comments/{gone}"))
        .bearer(&readers[0].token)
        .send()
        .await
        .expect(204);
    app.clock.set(app.clock.now().plus_minutes(6));
    refresh::once(&app.pool, app.clock.now(), app.clock.now(), &app.settings)
        .await
        .expect("a round");
    let board = app.get("/v1/rankings/most_commented").await.expect(200);
    let items = board.json["items"].as_array().expect("items");
    let order: Vec<_> = items.iter().map(|item| item["article"]["id"].clone()).collect();
    assert_eq!(order, [json!(talk), json!(war)]);
    assert_eq!(items[0]["reason"]["detail"]["commenters"], 3);
    assert_eq!(items[1]["reason"]["detail"]["comments"], 10);
    let path = format!("/v1/rankings/most_commented/articles/{war}/explain");
    let told = app.get(&path).await.expect(200);
    let score = told.json["score"].as_f64().expect("a score");
    assert!((score - (2.0 + 0.1 * 11f64.log2())).abs() < 1e-9, "{}", told.text);
    let page = app.get(&format!("/v1/pages/articles/{talk}")).await.expect(200);
    assert_eq!(page.json["comments_summary"]["comments"], 3);
    assert_eq!(page.json["comments_summary"]["policy"]["max_length"], 300);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_sees_their_own_state_over_public_lists() {
    let app = TestApp::with(|settings| {
        settings.comments.preset = Some(Preset::Open);
        settings.reactions.require = Required::Reader;
    })
    .await;
    let article = app.article().create().await;
    let (author, voter) = (app.reader("글쓴이").await, app.reader("투표자").await);
    let root = written(&app, &author, article, "글").await;
    vote(&app, &voter, &root, "down").send().await.expect(200);
    let react = |token: Option<&str>| {
        let call = app
            .request(Method::PUT, &format!("/v1/articles/{article}/reaction"))
            .json(&json!({"kind": "like"}));
        token.map_or_else(
            || {
                app.request(Method::PUT, &format!("/v1/articles/{article}/reaction"))
                    .json(&json!({"kind": "like"}))
            },
            |token| call.bearer(token),
        )
    };
    react(None).send().await.expect(401);
    react(Some(app.admin())).send().await.expect(403);
    for _ in 0..2 {
        react(Some(&voter.token)).send().await.expect(200);
    }
    let counters = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    assert_eq!(counters.json["items"][0]["reactions"]["total"], 1);
    let path = format!("/v1/me/state?article={article}&comment={root}");
    let own = app.request(Method::GET, &path).bearer(&voter.token).send().await.expect(200);
    assert_eq!(own.json["articles"][0]["reaction"], "like");
    assert_eq!(
        own.json["comments"][0],
        json!({"comment_id": root, "vote": "down", "reported": false, "own": false})
    );
    let authors = app.request(Method::GET, &path).bearer(&author.token).send().await.expect(200);
    assert_eq!(
        (&authors.json["comments"][0]["own"], &authors.json["comments"][0]["vote"]),
        (&json!(true), &Value::Null)
    );
    let public = app.get(&path).await.expect(200);
    assert_eq!(public.json["comments"], json!([]));
    assert_eq!(own.header("cache-control"), "private, no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_erased_leaves_tombstones_and_no_text() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, other) = (app.reader("글쓴이").await, app.reader("다른이").await);
    let root = written(&app, &author, article, "개인적인 글").await;
    reply(&app, &other, article, &root, "답글").send().await.expect(201);
    let export =
        app.request(Method::GET, "/v1/me/export").bearer(&author.token).send().await.expect(200);
    assert_eq!(export.json["comments"][0]["body"], "개인적인 글");
    app.request(Method::DELETE, "/v1/me")
        .bearer(&author.token)
        .json(&json!({"confirm": true}))
        .send()
        .await
        .expect(204);
    app.request(Method::GET, "/v1/me").bearer(&author.token).send().await.expect(401);
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    let tombstone = &list.json["items"][0];
    assert_eq!(
        (&tombstone["status"], &tombstone["author"]),
        (&json!("removed_by_author"), &Value::Null)
    );
    assert_eq!(tombstone["replies"][0]["body"], "답글");
    assert_eq!(app.value("select count(*) from comments where body like '%개인적인%'").await, 0);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quotas_are_told_as_the_next_comment_would_tell_them() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    comment(&app, &reader, article, "하나").send().await.expect(201);
    let path = format!("/v1/me/quotas?article={article}");
    let told = app.request(Method::GET, &path).bearer(&reader.token).send().await.expect(200);
    let left = |name: &str| {
        let quotas = told.json["comments"].as_array().expect("quotas");
        quotas.iter().find(|q| q["name"] == name).expect("it counts")["remaining"].clone()
    };
    assert_eq!((left("comments-per-article"), left("comments-per-day")), (json!(2), json!(19)));
    assert_eq!(left("comments-spacing"), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_of_a_withdrawn_article_are_hidden_and_closed() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, other) = (app.reader("글쓴이").await, app.reader("다른이").await);
    let root = written(&app, &author, article, "댓글").await;
    let one = app.get(&format!("/v1/articles/{article}")).await.expect(200);
    app.request(Method::POST, &format!("/v1/articles/{article}/withdraw"))
        .bearer(app.admin())
        .header("if-match", one.etag())
        .json(&json!({}))
        .send()
        .await
        .expect(200);
    app.get(&format!("/v1/articles/{article}/comments")).await.expect(410);
    app.get(&format!("/v1/articles/{article}/comments/summary")).await.expect(410);
    app.get(&format!("/v1/articles/{article}/comment-policy")).await.expect(410);
    app.get(&format!("/v1/comments/{root}")).await.expect(410);
    app.get(&format!("/v1/comments/{root}/replies")).await.expect(410);
    comment(&app, &author, article, "또").send().await.expect(410);
    vote(&app, &other, &root, "up").send().await.expect(410);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_can_be_undone_is_seen_by_its_author_only_until_it_is_due() {
    let app = TestApp::with(|settings| {
        settings.comments.preset = Some(Preset::Open);
        settings.comments.undo_seconds = 30;
    })
    .await;
    let article = app.article().create().await;
    let (author, other) = (app.reader("글쓴이").await, app.reader("다른이").await);
    let kept = comment(&app, &author, article, "남길 글").send().await.expect(201);
    let undone = comment(&app, &author, article, "무를 글").send().await.expect(201);
    assert_eq!(kept.json["status"], "pending");
    let path = format!("/v1/comments/{}", id(&kept));
    app.get(&path).await.expect(404);
    app.request(Method::GET, &path).bearer(&other.token).send().await.expect(404);
    let own = app.request(Method::GET, &path).bearer(&author.token).send().await.expect(200);
    assert_eq!(
        (&own.json["body"], own.header("cache-control")),
        (&json!("남길 글"), "private, no-store")
    );
    app.request(Method::DELETE, &format!("/v1/comments/{}", id(&undone)))
        .bearer(&author.token)
        .send()
        .await
        .expect(204);
    let due = app.clock.now().plus_seconds(30);
    let shown = sosik::comments::store::write::show_due(&app.pool, due).await.expect("a round");
    assert_eq!(shown, 1);
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    assert_eq!(list.json["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(list.json["items"][0]["body"], "남길 글");
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_the_same_key_writes_one_comment() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let send =
        || comment(&app, &reader, article, "한 번만").header("idempotency-key", "k-1").send();
    let first = send().await.expect(201);
    // Even where the quota would refuse a second one.
    let again = send().await.expect(201);
    assert_eq!(again.json, first.json);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(app.value("select count(*) from comments").await, 1);
}

//! The moderators' desk, policies, and who may see what.

use crate::{
    comments::{comment, counts_hold, id, open, reply, vote, written},
    support::{Call, Person, Reply, TestApp},
};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::ids::ArticleId;

fn decide(app: &TestApp, token: &str, decisions: &Value) -> Call {
    app.request(Method::POST, "/v1/moderation/decisions")
        .bearer(token)
        .json(&json!({"decisions": decisions}))
}

fn report(app: &TestApp, who: &Person, comment: &str) -> Call {
    app.request(Method::POST, &format!("/v1/comments/{comment}/reports"))
        .bearer(&who.token)
        .json(&json!({"reason_code": "spam", "note": "광고"}))
}

fn policy(app: &TestApp, token: &str, path: &str, settings: &Value) -> Call {
    app.request(Method::PUT, &format!("/v1/{path}/comment-policy")).bearer(token).json(settings)
}

async fn queue(app: &TestApp, who: &Person, query: &str) -> Vec<String> {
    let path = format!("/v1/moderation/queue{query}");
    let reply = app.request(Method::GET, &path).bearer(&who.token).send().await.expect(200);
    let items = reply.json["items"].as_array().expect("a list");
    items.iter().map(|item| item["comment"]["id"].as_str().expect("an id").to_owned()).collect()
}

async fn shown(app: &TestApp, article: ArticleId) -> usize {
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    list.json["items"].as_array().map_or(0, Vec::len)
}

fn outcomes(reply: &Reply) -> Vec<String> {
    let results = reply.json["results"].as_array().expect("results");
    results.iter().map(|r| r["outcome"].as_str().expect("an outcome").to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pre_moderated_comment_waits_until_it_is_approved() {
    let app = open().await;
    let article = app.article().create().await;
    let (reader, moderator) =
        (app.reader("바람개비").await, app.staff("당직", &["moderator"]).await);
    policy(&app, app.admin(), &format!("articles/{article}"), &json!({"state": "pre_moderated"}))
        .send()
        .await
        .expect(200);
    let made = comment(&app, &reader, article, "기다릴 글").send().await.expect(201);
    assert_eq!(made.json["status"], "pending");
    assert_eq!(shown(&app, article).await, 0);
    assert_eq!(queue(&app, &moderator, "?waiting=pending").await, [id(&made)]);
    let approve = json!([{"comment_id": id(&made), "action": "approve"}]);
    let done = decide(&app, &moderator.token, &approve).send().await.expect(200);
    assert_eq!(outcomes(&done), ["applied"]);
    assert_eq!(shown(&app, article).await, 1);
    assert!(queue(&app, &moderator, "").await.is_empty());
    let again = decide(&app, &moderator.token, &approve).send().await.expect(200);
    assert_eq!(outcomes(&again), ["unchanged"]);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removal_has_a_reason_that_all_can_count_and_can_be_appealed_once() {
    let app = open().await;
    let article = app.article().create().await;
    let (reader, other) = (app.reader("바람개비").await, app.reader("다른이").await);
    let moderator = app.staff("당직", &["moderator"]).await;
    let root = written(&app, &reader, article, "지워질 글").await;
    reply(&app, &other, article, &root, "답글").send().await.expect(201);
    report(&app, &other, &root).send().await.expect(201);
    assert_eq!(report(&app, &other, &root).send().await.expect(200).json["reason_code"], "spam");
    assert_eq!(report(&app, &reader, &root).send().await.expect(403).json["code"], "own_comment");
    assert_eq!(queue(&app, &moderator, "?waiting=reported").await, std::slice::from_ref(&root));
    let unreasoned = json!([{"comment_id": root, "action": "reject"}]);
    let fault = decide(&app, &moderator.token, &unreasoned).send().await.expect(422);
    assert_eq!(fault.faults(), [("/decisions/0/reason_code".into(), "missing".into())]);
    let reject =
        json!([{"comment_id": root, "action": "reject", "reason_code": "spam", "note": "반복"}]);
    let done = decide(&app, &moderator.token, &reject).send().await.expect(200);
    assert_eq!(outcomes(&done), ["applied"]);
    counts_hold(&app).await;
    let summary = app.get(&format!("/v1/articles/{article}/comments/summary")).await.expect(200);
    assert_eq!(summary.json["removed"]["by_moderator"], 1);
    assert_eq!(summary.json["removed_for"], json!([{"reason_code": "spam", "comments": 1}]));
    let one = app.get(&format!("/v1/comments/{root}")).await.expect(200);
    assert_eq!(
        (&one.json["status"], &one.json["body"]),
        (&json!("removed_by_moderator"), &Value::Null)
    );
    let appeal = |who: &Person| {
        app.request(Method::POST, &format!("/v1/comments/{root}/appeals"))
            .bearer(&who.token)
            .json(&json!({"body": "광고가 아닙니다."}))
    };
    appeal(&other).send().await.expect(403);
    appeal(&reader).send().await.expect(201);
    appeal(&reader).send().await.expect(200);
    assert_eq!(queue(&app, &moderator, "?waiting=appealed").await, std::slice::from_ref(&root));
    let restore = json!([{"comment_id": root, "action": "restore"}]);
    assert_eq!(outcomes(&decide(&app, &moderator.token, &restore).send().await), ["applied"]);
    assert_eq!(appeal(&reader).send().await.expect(200).json["status"], "granted");
    let summary = app.get(&format!("/v1/articles/{article}/comments/summary")).await.expect(200);
    assert_eq!(summary.json["removed_for"], json!([]));
    let path = format!("/v1/moderation/log?comment={root}");
    let log = app.request(Method::GET, &path).bearer(&moderator.token).send().await.expect(200);
    let actions: Vec<_> =
        log.json["items"].as_array().expect("lines").iter().map(|l| l["action"].clone()).collect();
    assert_eq!(actions, ["restore", "reject"]);
    assert_eq!(log.json["items"][1]["by"], "당직");
    assert_eq!(log.json["items"][1]["details"]["body"], "지워질 글");
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_its_author_removed_stays_removed_and_strangers_are_not_found() {
    let app = open().await;
    let article = app.article().create().await;
    let (reader, moderator) =
        (app.reader("바람개비").await, app.staff("당직", &["moderator"]).await);
    let root = written(&app, &reader, article, "내 글").await;
    app.request(Method::DELETE, &format!("/v1/comments/{root}"))
        .bearer(&reader.token)
        .send()
        .await
        .expect(204);
    let decisions = json!([
        {"comment_id": root, "action": "restore"},
        {"comment_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "action": "approve"},
    ]);
    let done = decide(&app, &moderator.token, &decisions).send().await.expect(200);
    assert_eq!(outcomes(&done), ["refused", "not_found"]);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_one_publisher_decides_about_its_own_comments_only() {
    let app = open().await;
    let (own, others) =
        (app.article().by("haneul").create().await, app.article().by("badak").create().await);
    let key = app.key(&["comments:moderate"], Some("haneul")).await;
    let reader = app.reader("바람개비").await;
    let (mine, theirs) =
        (written(&app, &reader, own, "하늘").await, written(&app, &reader, others, "바닥").await);
    let decisions = json!([
        {"comment_id": mine, "action": "hold", "reason_code": "other"},
        {"comment_id": theirs, "action": "hold", "reason_code": "other"},
    ]);
    let done = decide(&app, &key, &decisions).send().await.expect(200);
    assert_eq!(outcomes(&done), ["applied", "not_found"]);
    policy(&app, &key, &format!("articles/{others}"), &json!({})).send().await.expect(403);
    app.request(Method::DELETE, &format!("/v1/comments/{theirs}"))
        .bearer(&key)
        .send()
        .await
        .expect(403);
    app.request(Method::PUT, &format!("/v1/comments/{theirs}/pin"))
        .bearer(&key)
        .send()
        .await
        .expect(403);
    app.request(
        Method::GET,
        "/v1/moderation/sanctions?account=019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
    )
    .bearer(&key)
    .send()
    .await
    .expect(403);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_moderators_claim_different_comments() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    policy(&app, app.admin(), &format!("articles/{article}"), &json!({"state": "pre_moderated"}))
        .send()
        .await
        .expect(200);
    for n in 0..6 {
        comment(&app, &reader, article, &format!("{n}")).send().await.expect(201);
    }
    let desks = [app.staff("당직", &["moderator"]).await, app.staff("교대", &["moderator"]).await];
    let claims = desks.iter().map(|who| {
        app.request(Method::POST, "/v1/moderation/queue/claims")
            .bearer(&who.token)
            .json(&json!({"count": 3}))
            .send()
    });
    let claims = futures_util::future::join_all(claims).await;
    let mut claimed: Vec<_> = claims
        .iter()
        .flat_map(|reply| reply.json["items"].as_array().cloned().unwrap_or_default())
        .map(|item| item["comment"]["id"].to_string())
        .collect();
    let all = claimed.len();
    claimed.sort();
    claimed.dedup();
    assert_eq!(claimed.len(), all, "none is claimed twice");
    assert!(all >= 3);
    let free = queue(&app, &desks[0], "?unclaimed=true").await.len();
    app.request(Method::DELETE, "/v1/moderation/queue/claims")
        .bearer(&desks[1].token)
        .send()
        .await
        .expect(204);
    assert!(queue(&app, &desks[0], "?unclaimed=true").await.len() >= free);
    app.clock.set(app.clock.now().plus_minutes(11));
    assert_eq!(queue(&app, &desks[1], "?unclaimed=true").await.len(), 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_suspended_reader_reads_and_takes_no_part_and_a_banned_one_is_out() {
    let app = open().await;
    let article = app.article().create().await;
    let (reader, moderator) =
        (app.reader("바람개비").await, app.staff("당직", &["moderator"]).await);
    let root = written(&app, &app.reader("다른이").await, article, "글").await;
    let impose = |body: Value| {
        app.request(Method::POST, "/v1/moderation/sanctions").bearer(&moderator.token).json(&body)
    };
    let until = app.clock.now().plus_minutes(60);
    let made = impose(
        json!({"account_id": reader.id, "kind": "suspend", "until": until, "reason_code": "spam"}),
    )
    .send()
    .await
    .expect(201);
    let refused = comment(&app, &reader, article, "글").send().await.expect(403);
    assert_eq!(refused.json["code"], "account_suspended");
    assert_eq!(refused.json["until"], json!(until));
    vote(&app, &reader, &root, "up").send().await.expect(403);
    app.request(Method::GET, "/v1/me").bearer(&reader.token).send().await.expect(200);
    let path = format!("/v1/moderation/sanctions/{}", id(&made));
    app.request(Method::DELETE, &path).bearer(&moderator.token).send().await.expect(204);
    vote(&app, &reader, &root, "up").send().await.expect(200);
    impose(json!({"account_id": reader.id, "kind": "ban", "reason_code": "hate"}))
        .send()
        .await
        .expect(201);
    vote(&app, &reader, &root, "down").send().await.expect(401);
    let admin = app.staff("대표", &["admin"]).await;
    impose(json!({"account_id": admin.id, "kind": "ban", "reason_code": "other"}))
        .send()
        .await
        .expect(403);
    let list = app
        .request(Method::GET, &format!("/v1/moderation/sanctions?account={}", reader.id))
        .bearer(&moderator.token)
        .send()
        .await
        .expect(200);
    assert_eq!(list.json["items"].as_array().map(Vec::len), Some(2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_policy_says_each_value_and_who_set_it() {
    let app = open().await;
    let article = app.article().by("haneul").in_category("economy").create().await;
    policy(&app, app.admin(), "publishers/haneul", &json!({"max_length": 200, "state": "closed"}))
        .send()
        .await
        .expect(200);
    policy(&app, app.admin(), "categories/economy", &json!({"state": "open"}))
        .send()
        .await
        .expect(200);
    let path = format!("/v1/articles/{article}/comment-policy");
    let found = app.get(&path).await.expect(200);
    assert_eq!(
        (&found.json["state"], &found.json["sources"]["state"]),
        (&json!("open"), &json!("category"))
    );
    assert_eq!(
        (&found.json["max_length"], &found.json["sources"]["max_length"]),
        (&json!(200), &json!("publisher"))
    );
    assert_eq!(found.json["sources"]["per_day"], "site");
    let reader = app.reader("바람개비").await;
    comment(&app, &reader, article, &"가".repeat(201)).send().await.expect(422);
    comment(&app, &reader, article, &"가".repeat(200)).send().await.expect(201);
    let soon = app.clock.now().plus_minutes(5);
    policy(&app, app.admin(), &format!("articles/{article}"), &json!({"closes_at": soon}))
        .send()
        .await
        .expect(200);
    comment(&app, &reader, article, "아직").send().await.expect(201);
    app.clock.set(soon);
    assert_eq!(
        comment(&app, &reader, article, "늦은").send().await.expect(409).json["code"],
        "comments_closed"
    );
    let late = app.get(&path).await.expect(200);
    assert_eq!(late.json["accepts_comments"], false);
    let whole = app.get(&format!("/v1/articles/{article}")).await.expect(200);
    assert_eq!(whole.json["comment_policy"], json!({"state": "open", "max_length": 200}));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_agrees_with_what_happens() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let preview = |text: &str| {
        app.request(Method::POST, "/v1/comments/preview")
            .bearer(&reader.token)
            .json(&json!({"article_id": article, "body": text}))
            .send()
    };
    for text in
        ["좋은 글", "  ", "광고 https://a.example/x", &"가".repeat(301), "a\u{202e}b", "또 다른 글"]
    {
        let told = preview(text).await.expect(200).json;
        let happened = comment(&app, &reader, article, text).send().await;
        match told["would"].as_str() {
            Some("refused") => {
                assert_eq!(told["refusal"]["status"], happened.status, "{text:?}");
                assert_eq!(told["refusal"]["code"], happened.json["code"], "{text:?}");
            }
            would => {
                let happened = happened.expect(201);
                assert_eq!(happened.json["status"].as_str(), would, "{text:?}");
                assert_eq!(happened.json["body"], told["body"]);
                app.clock.set(app.clock.now().plus_seconds(61));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn public_lists_are_the_same_whoever_asks() {
    let app = open().await;
    let article = app.article().create().await;
    let (reader, other) = (app.reader("바람개비").await, app.reader("다른이").await);
    let moderator = app.staff("당직", &["moderator"]).await;
    let root = written(&app, &reader, article, "글").await;
    let held = written(&app, &reader, article, "보류될 글").await;
    vote(&app, &other, &root, "up").send().await.expect(200);
    let hold = json!([{"comment_id": held, "action": "hold", "reason_code": "other"}]);
    decide(&app, &moderator.token, &hold).send().await.expect(200);
    let keys = [
        app.key(&["articles:write"], None).await,
        app.key(&["comments:moderate"], Some("haneul")).await,
    ];
    for path in [
        format!("/v1/articles/{article}/comments"),
        format!("/v1/articles/{article}/comments/summary"),
        format!("/v1/articles/{article}/comment-policy"),
        format!("/v1/comments/{root}/replies"),
    ] {
        let public = app.get(&path).await.expect(200);
        assert!(public.header("cache-control").starts_with("public"), "{path}");
        for token in
            [&reader.token, &other.token, &moderator.token, app.admin(), &keys[0], &keys[1]]
        {
            let seen = app.request(Method::GET, &path).bearer(token).send().await.expect(200);
            assert_eq!(seen.text, public.text, "{path}");
        }
    }
    let path = format!("/v1/comments/{held}");
    assert_eq!(app.get(&path).await.expect(200).json["body"], Value::Null);
    let insider = app.request(Method::GET, &path).bearer(&moderator.token).send().await.expect(200);
    assert_eq!(
        (&insider.json["body"], insider.header("cache-control")),
        (&json!("보류될 글"), "private, no-store")
    );
    let stranger = app.request(Method::GET, &path).bearer(&other.token).send().await.expect(200);
    assert_eq!(stranger.json["body"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_reports_make_a_comment_wait() {
    let app = TestApp::with(|settings| {
        settings.comments.preset = Some(sosik::config::Preset::Open);
        settings.comments.reports_to_hold = 3;
    })
    .await;
    let article = app.article().create().await;
    let root = written(&app, &app.reader("바람개비").await, article, "글").await;
    for name in ["하나", "둘", "셋"] {
        report(&app, &app.reader(name).await, &root).send().await.expect(201);
    }
    let one = app.get(&format!("/v1/comments/{root}")).await.expect(200);
    assert_eq!((&one.json["status"], &one.json["body"]), (&json!("held"), &Value::Null));
    let moderator = app.staff("당직", &["moderator"]).await;
    let approve = json!([{"comment_id": root, "action": "approve"}]);
    assert_eq!(outcomes(&decide(&app, &moderator.token, &approve).send().await), ["applied"]);
    assert_eq!(app.get(&format!("/v1/comments/{root}")).await.json["body"], "글");
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pins_come_first_and_keep_their_place() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let moderator = app.staff("당직", &["moderator"]).await;
    let root = written(&app, &reader, article, "고정").await;
    written(&app, &reader, article, "나중").await;
    let path = format!("/v1/comments/{root}/pin");
    app.request(Method::PUT, &path).bearer(&reader.token).send().await.expect(403);
    app.request(Method::PUT, &path).bearer(&moderator.token).send().await.expect(200);
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    assert_eq!(list.json["pinned"][0]["id"], root.as_str());
    assert_eq!(list.json["items"].as_array().map(Vec::len), Some(2));
    app.request(Method::DELETE, &path).bearer(&moderator.token).send().await.expect(204);
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    assert_eq!(list.json["pinned"], json!([]));
}

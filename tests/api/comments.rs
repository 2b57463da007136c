//! Comments: written, read, paged, counted.

use crate::support::{Call, Person, Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{config::Preset, ids::ArticleId};
use std::collections::BTreeSet;

/// An app without quotas.
pub async fn open() -> TestApp {
    TestApp::with(|settings| settings.comments.preset = Some(Preset::Open)).await
}

pub fn comment(app: &TestApp, who: &Person, article: ArticleId, body: &str) -> Call {
    app.request(Method::POST, &format!("/v1/articles/{article}/comments"))
        .bearer(&who.token)
        .json(&json!({"body": body}))
}

pub fn reply(app: &TestApp, who: &Person, article: ArticleId, to: &str, body: &str) -> Call {
    app.request(Method::POST, &format!("/v1/articles/{article}/comments"))
        .bearer(&who.token)
        .json(&json!({"body": body, "parent_id": to}))
}

pub fn id(reply: &Reply) -> String {
    reply.json["id"].as_str().expect("an id").to_owned()
}

pub async fn written(app: &TestApp, who: &Person, article: ArticleId, body: &str) -> String {
    id(&comment(app, who, article, body).send().await.expect(201))
}

pub fn vote(app: &TestApp, who: &Person, comment: &str, value: &str) -> Call {
    app.request(Method::PUT, &format!("/v1/comments/{comment}/vote"))
        .bearer(&who.token)
        .json(&json!({"value": value}))
}

/// Fails unless every count equals what is counted from the rows.
pub async fn counts_hold(app: &TestApp) {
    for (what, drifted) in [
        (
            "votes",
            "select count(*) from comments c where jsonb_build_array(up, down) <> (select jsonb_build_array(
                c.base_up + count(*) filter (where value = 1),
                c.base_down + count(*) filter (where value = -1))
             from comment_votes v where v.comment_id = c.id)",
        ),
        (
            "replies",
            "select count(*) from comments c where replies <>
                (select count(*) from comments r where r.parent_id = c.id and r.listed)",
        ),
        (
            "reports",
            "select count(*) from comments c where reports <> (select count(*) from comment_reports r
                where r.comment_id = c.id and r.settled_at is null)",
        ),
        (
            "threads",
            "select count(*) from article_threads t where jsonb_build_array(visible, roots, waiting,
                removed_by_author, removed_by_moderator, removed_by_rule) <> (select jsonb_build_array(
                count(*) filter (where status = 'visible'),
                count(*) filter (where listed and parent_id is null),
                count(*) filter (where status in ('pending', 'held')),
                count(*) filter (where status = 'removed_by_author'),
                count(*) filter (where status = 'removed_by_moderator'),
                count(*) filter (where status = 'removed_by_rule'))
             from comments c where c.article_id = t.article_id)",
        ),
        (
            "counters",
            "select count(*) from articles a left join article_counters k on k.article_id = a.id
             where coalesce(k.comments, 0) <> (select count(*) from comments c
                where c.article_id = a.id and c.status = 'visible')",
        ),
        (
            "removals",
            "select count(*) from (
                select article_id, reason_code, removed from comment_removals where removed <> 0
                except all
                select article_id, coalesce(reason_code, 'other'), count(*) from comments
                where status in ('removed_by_moderator', 'removed_by_rule') group by 1, 2
             ) t",
        ),
    ] {
        assert_eq!(app.value(drifted).await, json!(0), "{what} drifted");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_stored_shown_and_counted_together() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let made = comment(&app, &reader, article, "  기사 잘\n읽었습니다. ").send().await.expect(201);
    assert_eq!(made.json["body"], "기사 잘\n읽었습니다.");
    assert_eq!(made.json["status"], "visible");
    assert_eq!(made.json["author"]["display_name"], "바람개비");
    assert_eq!(made.json["depth"], 0);
    assert_eq!(made.json["root_id"], made.json["id"]);
    assert_eq!(made.header("location"), format!("/v1/comments/{}", id(&made)));
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    assert_eq!(list.json["items"][0]["id"], made.json["id"]);
    assert_eq!(list.json["sort"], "best");
    let one = app.get(&format!("/v1/comments/{}", id(&made))).await.expect(200);
    assert_eq!(one.json["body"], "기사 잘\n읽었습니다.");
    let summary = app.get(&format!("/v1/articles/{article}/comments/summary")).await.expect(200);
    assert_eq!((&summary.json["comments"], &summary.json["threads"]), (&json!(1), &json!(1)));
    let counters = app.get(&format!("/v1/counters?article={article}")).await.expect(200);
    assert_eq!(counters.json["items"][0]["comments"], 1);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_go_as_deep_as_the_site_says_and_come_with_their_ancestors() {
    let app = open().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let mut above = vec![written(&app, &reader, article, "뿌리").await];
    for depth in 1..=3 {
        let made =
            reply(&app, &reader, article, &above[depth - 1], "답글").send().await.expect(201);
        assert_eq!(made.json["depth"], depth);
        assert_eq!(made.json["root_id"], above[0].as_str());
        above.push(id(&made));
    }
    let deeper = reply(&app, &reader, article, &above[3], "더 깊이").send().await.expect(422);
    assert_eq!(deeper.faults(), [("/parent_id".to_owned(), "too_deep".to_owned())]);
    let other = app.article().create().await;
    let strange = reply(&app, &reader, other, &above[0], "다른 기사").send().await.expect(422);
    assert_eq!(strange.faults(), [("/parent_id".to_owned(), "unknown_value".to_owned())]);
    let last = app.get(&format!("/v1/comments/{}", above[3])).await.expect(200);
    let ancestors: Vec<_> = last.json["ancestors"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|c| c["id"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ancestors, above[..3]);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_removed_comment_keeps_its_place_its_votes_and_its_replies() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, other) = (app.reader("글쓴이").await, app.reader("다른이").await);
    let root = written(&app, &author, article, "지울 댓글").await;
    reply(&app, &other, article, &root, "답글").send().await.expect(201);
    vote(&app, &other, &root, "up").send().await.expect(200);
    let path = format!("/v1/comments/{root}");
    app.request(Method::DELETE, &path).bearer(&other.token).send().await.expect(403);
    for _ in 0..2 {
        app.request(Method::DELETE, &path).bearer(&author.token).send().await.expect(204);
    }
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    let tombstone = &list.json["items"][0];
    assert_eq!(tombstone["status"], "removed_by_author");
    assert_eq!((&tombstone["body"], &tombstone["author"]), (&Value::Null, &Value::Null));
    assert_eq!((&tombstone["votes"]["up"], &tombstone["reply_count"]), (&json!(1), &json!(1)));
    assert_eq!(tombstone["replies"][0]["body"], "답글");
    for gone in [
        reply(&app, &other, article, &root, "또").send().await,
        vote(&app, &other, &root, "down").send().await,
    ] {
        assert_eq!(gone.expect(409).json["code"], "comment_removed");
    }
    let summary = app.get(&format!("/v1/articles/{article}/comments/summary")).await.expect(200);
    assert_eq!(summary.json["comments"], 1);
    assert_eq!(summary.json["removed"]["by_author"], 1);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_is_edited_by_its_author_for_a_while() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, other) = (app.reader("글쓴이").await, app.reader("다른이").await);
    let root = written(&app, &author, article, "처음").await;
    let edit = |who: &Person, body: &str| {
        app.request(Method::PATCH, &format!("/v1/comments/{root}"))
            .bearer(&who.token)
            .json(&json!({"body": body}))
    };
    edit(&other, "남의 글").send().await.expect(403);
    let edited = edit(&author, "고친 글").send().await.expect(200);
    assert_eq!(edited.json["body"], "고친 글");
    assert!(edited.json["edited_at"].is_string());
    assert_eq!(app.value("select body from comment_edits").await, "처음");
    app.clock.set(app.clock.now().plus_seconds(301));
    assert_eq!(edit(&author, "늦은 글").send().await.expect(409).json["code"], "edit_window_over");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_vote_counts_once_changes_sides_and_can_be_taken_back() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, voter) = (app.reader("글쓴이").await, app.reader("투표자").await);
    let root = written(&app, &author, article, "댓글").await;
    assert_eq!(
        vote(&app, &author, &root, "up").send().await.expect(403).json["code"],
        "own_comment"
    );
    for (value, up, down) in [("up", 1, 0), ("up", 1, 0), ("down", 0, 1), ("up", 1, 0)] {
        let stands = vote(&app, &voter, &root, value).send().await.expect(200);
        assert_eq!(
            (&stands.json["votes"]["up"], &stands.json["votes"]["down"]),
            (&json!(up), &json!(down))
        );
    }
    let path = format!("/v1/comments/{root}/vote");
    for _ in 0..2 {
        app.request(Method::DELETE, &path).bearer(&voter.token).send().await.expect(204);
    }
    let one = app.get(&format!("/v1/comments/{root}")).await.expect(200);
    assert_eq!(one.json["votes"], json!({"up": 0, "down": 0}));
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_readers_and_two_hundred_requests_at_once_count_two() {
    let app = open().await;
    let article = app.article().create().await;
    let author = app.reader("글쓴이").await;
    let readers = [app.reader("하나").await, app.reader("둘").await];
    let root = written(&app, &author, article, "댓글").await;
    let calls = (0..200).map(|n| {
        let reader = &readers[n % 2];
        let call = match n / 2 % 4 {
            0 | 1 => vote(&app, reader, &root, "up"),
            2 => app
                .request(Method::POST, &format!("/v1/comments/{root}/reports"))
                .bearer(&reader.token)
                .json(&json!({"reason_code": "spam"})),
            _ => vote(&app, reader, &root, "down"),
        };
        call.send()
    });
    let replies = futures_util::future::join_all(calls).await;
    assert!(replies.iter().all(|r| matches!(r.status, 200 | 201)), "{replies:?}");
    assert_eq!(replies.iter().filter(|r| r.status == 201).count(), 2);
    assert_eq!(app.value("select count(*) from comment_votes").await, 2);
    assert_eq!(app.value("select count(*) from comment_reports").await, 2);
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_at_once_do_not_pass_a_quota() {
    let app = TestApp::with(|settings| settings.comments.spacing_seconds = Some(0)).await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let texts: Vec<_> = (0..40).map(|n| format!("{n}번째")).collect();
    let calls = texts.iter().map(|text| comment(&app, &reader, article, text).send());
    let replies = futures_util::future::join_all(calls).await;
    let made = replies.iter().filter(|r| r.status == 201).count();
    assert_eq!(made, 3, "three comments an article");
    let refused = replies.iter().find(|r| r.status == 429).expect("one too many");
    assert_eq!(refused.json["code"], "quota_used_up");
    assert!(refused.header("ratelimit").contains("\"comments-per-article\";r=0"), "{refused:?}");
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_portal_preset_asks_for_a_minute_between_two_comments_and_says_so() {
    let app = TestApp::new().await;
    let article = app.article().create().await;
    let reader = app.reader("바람개비").await;
    let first = comment(&app, &reader, article, "하나").send().await.expect(201);
    assert!(
        first.header("ratelimit-policy").contains("\"comments-per-day\";q=20;w=86400"),
        "{first:?}"
    );
    assert!(first.header("ratelimit").contains("\"comments-per-day\";r=19"), "{first:?}");
    let second = comment(&app, &reader, article, "둘").send().await.expect(429);
    assert_eq!(second.header("retry-after"), "60");
    app.clock.set(app.clock.now().plus_seconds(60));
    comment(&app, &reader, article, "둘").send().await.expect(201);
    let root = written(&app, &app.reader("다른이").await, article, "투표").await;
    vote(&app, &reader, &root, "up").send().await.expect(200);
    let soon = vote(&app, &reader, &root, "down").send().await.expect(429);
    assert_eq!(soon.header("retry-after"), "10");
    // The same again is no vote.
    vote(&app, &reader, &root, "up").send().await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_order_shows_every_comment_once_while_votes_and_replies_come() {
    let app = open().await;
    let article = app.article().create().await;
    let author = app.reader("글쓴이").await;
    let voters: Vec<Person> =
        futures_util::future::join_all(["하나", "둘", "셋", "넷"].map(|name| app.reader(name)))
            .await;
    let mut all = Vec::new();
    for n in 0..24 {
        all.push(written(&app, &author, article, &format!("{n}번째 댓글")).await);
    }
    for (n, root) in all.iter().enumerate() {
        for (v, voter) in voters.iter().enumerate() {
            if (n + v) % 3 != 0 {
                let value = if (n * v) % 2 == 0 { "up" } else { "down" };
                vote(&app, voter, root, value).send().await.expect(200);
            }
        }
        for _ in 0..n % 3 {
            reply(&app, &author, article, root, "답글").send().await.expect(201);
        }
    }
    for sort in ["best", "newest", "oldest", "most_replied", "controversial", "net_votes"] {
        let (mut seen, mut there) = (Vec::new(), Vec::new());
        let base = format!("/v1/articles/{article}/comments?sort={sort}&limit=5");
        let mut path = base.clone();
        let mut turn = 0;
        loop {
            let page = app.get(&path).await.expect(200);
            there.push(page.json["items"].clone());
            for item in page.json["items"].as_array().expect("a list") {
                seen.push(item["id"].as_str().expect("an id").to_owned());
            }
            // Everything moves: what was last becomes first, and the other way round.
            for (n, root) in all.iter().enumerate() {
                if n % 4 == turn % 4 {
                    let value = if (n + turn) % 2 == 0 { "up" } else { "down" };
                    vote(&app, &voters[turn % 4], root, value).send().await.expect(200);
                }
                if n == turn {
                    reply(&app, &author, article, root, "새 답글").send().await.expect(201);
                }
            }
            turn += 1;
            match page.json["page"]["next"].as_str() {
                Some(next) => path = format!("{base}&cursor={next}"),
                None => break,
            }
        }
        let distinct: BTreeSet<_> = seen.iter().collect();
        assert_eq!((seen.len(), distinct.len()), (24, 24), "{sort}: {seen:?}");
    }
    counts_hold(&app).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lead_back_the_way_they_came() {
    let app = open().await;
    let article = app.article().create().await;
    let author = app.reader("글쓴이").await;
    for n in 0..7 {
        written(&app, &author, article, &format!("{n}번째 댓글")).await;
    }
    for sort in ["best", "oldest", "net_votes"] {
        let base = format!("/v1/articles/{article}/comments?sort={sort}&limit=3");
        let first = app.get(&base).await.expect(200);
        let next = first.json["page"]["next"].as_str().expect("more");
        let second = app.get(&format!("{base}&cursor={next}")).await.expect(200);
        let prev = second.json["page"]["prev"].as_str().expect("a page before");
        let back = app.get(&format!("{base}&cursor={prev}")).await.expect(200);
        assert_eq!(back.json["items"], first.json["items"], "{sort}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unvoted_threads_stand_newest_first_and_one_vote_lifts() {
    let app = open().await;
    let article = app.article().create().await;
    let (author, voter) = (app.reader("글쓴이").await, app.reader("투표자").await);
    let mut all = Vec::new();
    for n in 0..8 {
        all.push(written(&app, &author, article, &format!("{n}번째 댓글")).await);
    }
    let path = format!("/v1/articles/{article}/comments");
    let order = |reply: &Reply| -> Vec<String> {
        let items = reply.json["items"].as_array().expect("a list");
        items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()).collect()
    };
    let newest: Vec<_> = all.iter().rev().cloned().collect();
    let first = app.get(&path).await.expect(200);
    assert_eq!(order(&first), newest);
    let slot = &first.json["exploration"];
    assert_eq!(slot["position"], 5);
    assert!(newest.contains(&slot["comment"]["id"].as_str().expect("an id").to_owned()));
    vote(&app, &voter, &all[0], "up").send().await.expect(200);
    vote(&app, &voter, &all[7], "down").send().await.expect(200);
    let voted = order(&app.get(&path).await.expect(200));
    assert_eq!((&voted[0], &voted[7]), (&all[0], &all[7]));
}

#[tokio::test(flavor = "multi_thread")]
async fn first_replies_come_along_and_the_rest_by_cursor() {
    let app = open().await;
    let article = app.article().create().await;
    let author = app.reader("글쓴이").await;
    let root = written(&app, &author, article, "뿌리").await;
    let mut replies = Vec::new();
    for n in 0..8 {
        replies.push(id(&reply(&app, &author, article, &root, &format!("답글 {n}"))
            .send()
            .await
            .expect(201)));
    }
    let list = app.get(&format!("/v1/articles/{article}/comments")).await.expect(200);
    let item = &list.json["items"][0];
    assert_eq!(item["reply_count"], 8);
    let ids = |value: &Value| -> Vec<String> {
        value
            .as_array()
            .expect("a list")
            .iter()
            .map(|c| c["id"].as_str().expect("an id").to_owned())
            .collect()
    };
    let mut seen = ids(&item["replies"]);
    let next = item["replies_next"].as_str().expect("more");
    let rest = app.get(&format!("/v1/comments/{root}/replies?cursor={next}")).await.expect(200);
    seen.extend(ids(&rest.json["items"]));
    assert_eq!(seen, replies);
    let newest =
        app.get(&format!("/v1/comments/{root}/replies?sort=newest&limit=2")).await.expect(200);
    assert_eq!(ids(&newest.json["items"]), [replies[7].clone(), replies[6].clone()]);
}

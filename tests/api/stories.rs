//! /v1/stories, and how articles come into them: by publishing, editing, withdrawing and importing.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{articles::reports, clusters::publish::prune, ids::ArticleId};

const REPORT: [&str; 6] = [
    "정부가 수도권에 새 주택 삼십만 호를 공급하는 대책을 내놨다.",
    "국토교통부는 도심 역세권과 공공 택지를 함께 쓰겠다고 설명했다.",
    "올해 안에 첫 지구를 정하고 내년 봄에 터를 닦기 시작한다는 계획이다.",
    "전문가들은 실제 입주까지 적어도 다섯 해가 걸릴 것으로 내다봤다.",
    "시장에서는 당분간 매매보다 전세 수요가 늘 것이라는 전망이 나왔다.",
    "야당은 재원을 어떻게 마련할지 밝히지 않았다며 국회 설명을 요구했다.",
];

const OTHER: [&str; 4] = [
    "바다 온도가 관측을 시작한 뒤 가장 높은 값을 기록했다고 기상청이 밝혔다.",
    "남해 양식장에서는 물고기가 떼로 죽는 피해가 이어지고 있다.",
    "어민들은 차가운 물을 끌어 올리는 장비를 서둘러 들여놓았다.",
    "연구진은 더운 물이 다음 달 중순까지 머물 것으로 보고 있다.",
];

fn body(sentences: &[&str]) -> Value {
    let paragraphs = sentences.iter().map(|text| json!({"type": "paragraph", "text": text}));
    json!({"body": paragraphs.collect::<Vec<_>>()})
}

async fn article(app: &TestApp, id: ArticleId) -> Value {
    let call = app.request(Method::GET, &format!("/v1/articles/{id}")).bearer(app.admin());
    call.send().await.expect(200).json
}

async fn story_of(app: &TestApp, id: ArticleId) -> Option<String> {
    article(app, id).await["story_id"].as_str().map(ToOwned::to_owned)
}

async fn story(app: &TestApp, id: &str) -> Reply {
    app.get(&format!("/v1/stories/{id}")).await
}

fn members(story: &Value) -> Vec<String> {
    let members = story["members"].as_array().expect("members");
    members.iter().map(|m| m["article"]["id"].as_str().expect("an id").to_owned()).collect()
}

fn ids(ids: &[ArticleId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}

/// The report of one publisher, and a copy by another that has dropped half of it.
async fn pair(app: &TestApp) -> (ArticleId, ArticleId) {
    let first = app.article().by("haneul").headline("수도권에 새 주택 30만 호 공급");
    let first = first.with(&body(&REPORT)).published(60).create().await;
    let second = app.article().by("bada").headline("정부, 역세권 중심 공급 대책 내놔");
    let second =
        second.with(&body(&[REPORT[4], REPORT[1], REPORT[3]])).published(30).create().await;
    (first, second)
}

async fn patch(app: &TestApp, id: ArticleId, members: &Value) {
    let call = app.request(Method::PATCH, &format!("/v1/articles/{id}")).bearer(app.admin());
    call.header("if-match", "*").json(members).send().await.expect(200);
}

async fn withdraw(app: &TestApp, id: ArticleId) {
    let call = app.request(Method::POST, &format!("/v1/articles/{id}/withdraw"));
    let call = call.bearer(app.admin()).header("if-match", "*");
    call.json(&json!({})).send().await.expect(200);
}

async fn publish(app: &TestApp, id: ArticleId) {
    let call = app.request(Method::POST, &format!("/v1/articles/{id}/publish"));
    call.bearer(app.admin()).header("if-match", "*").send().await.expect(200);
}

async fn put(app: &TestApp, story: &str, id: ArticleId) -> Reply {
    let call = app.request(Method::PUT, &format!("/v1/stories/{story}/members/{id}"));
    let call = call.bearer(app.admin()).header("if-match", "*");
    call.json(&json!({"reason": "같은 발표입니다."})).send().await
}

async fn delete(app: &TestApp, story: &str, id: ArticleId) -> Reply {
    let path = format!("/v1/stories/{story}/members/{id}?reason=%EB%8B%A4%EB%A5%B8%20%EC%9D%BC");
    app.request(Method::DELETE, &path).bearer(app.admin()).header("if-match", "*").send().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_joins_the_story_of_the_first_and_both_stay_readable() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let apart =
        app.article().headline("남해 바다 온도 역대 최고").with(&body(&OTHER)).create().await;
    let id = story_of(&app, first).await.expect("a story");
    assert_eq!(story_of(&app, second).await.as_ref(), Some(&id));
    assert_eq!(story_of(&app, apart).await, None);
    let reply = story(&app, &id).await.expect(200);
    assert_eq!(reply.json["representative"]["id"], first.to_string());
    assert_eq!(members(&reply.json), ids(&[first, second]));
    assert_eq!(reply.json["members"][1]["placed_by"], "rule");
    let call = app.request(Method::GET, &format!("/v1/stories/{id}"));
    call.header("if-none-match", reply.etag()).send().await.expect(304);
    let list = app.get("/v1/articles").await.expect(200).json;
    assert_eq!(list["items"].as_array().map(Vec::len), Some(3), "lists are not folded");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_articles_of_a_story_are_listed_page_by_page() {
    let app = TestApp::new().await;
    let mut made = Vec::new();
    for n in 0..5 {
        let copy = app.article().by(["haneul", "bada"][n % 2]).with(&body(&REPORT));
        made.push(copy.published(50 - n as i64).create().await.to_string());
    }
    app.article().headline("남해 바다 온도 역대 최고").with(&body(&OTHER)).create().await;
    let id = app.value("select story_id from articles limit 1").await;
    let path = format!("/v1/articles?story={}", id.as_str().expect("a story"));
    let mut found = Vec::new();
    let mut next = Some(format!("{path}&limit=2"));
    while let Some(path) = next {
        let page = app.get(&path).await.expect(200).json;
        let items = page["items"].as_array().expect("items");
        found.extend(items.iter().map(|item| item["id"].as_str().expect("an id").to_owned()));
        next = page["page"]["next"].as_str().map(|c| {
            format!(
                "{path}&limit=2&cursor={c}",
                path = path.split("&limit").next().expect("a path")
            )
        });
    }
    made.reverse();
    assert_eq!(found, made);
    let of = app.get(&format!("{path}&publisher=bada&sort=updated")).await.expect(200).json;
    assert_eq!(of["items"].as_array().map(Vec::len), Some(2));
    let sparse = app.get(&format!("{path}&fields=story_id&limit=1")).await.expect(200).json;
    assert_eq!(sparse["items"][0], json!({"story_id": id}));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_update_of_the_first_publisher_is_shown_for_all() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let update = app.article().by("haneul").headline("수도권에 새 주택 30만 호 공급(종합)");
    let update = update.with(&body(&[REPORT[0], OTHER[0]])).published(10).create().await;
    let id = story_of(&app, update).await.expect("a story");
    let seen = story(&app, &id).await.expect(200).json;
    assert_eq!(members(&seen), ids(&[update, first, second]));
    assert_eq!(seen["representative"]["id"], update.to_string());
    withdraw(&app, update).await;
    assert_eq!(story(&app, &id).await.expect(200).json["representative"]["id"], first.to_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_earlier_publication_that_comes_late_leads_the_story_that_is_there() {
    let app = TestApp::new().await;
    let (_, second) = pair(&app).await;
    let id = story_of(&app, second).await.expect("a story");
    let early = app.article().by("sanmaru").headline("국토부 공급 방안 공개");
    let early = early.with(&body(&REPORT)).published(600).create().await;
    let seen = story(&app, &id).await.expect(200).json;
    assert_eq!(seen["representative"]["id"], early.to_string());
    assert_eq!(seen["member_count"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn stories_that_turn_out_to_be_one_become_the_older_and_the_younger_leads_there() {
    let app = TestApp::new().await;
    // Two halves of one long report are two stories until the whole report comes.
    for (half, by) in [(&REPORT[..3], "bada"), (&REPORT[3..], "sanmaru")] {
        for minutes in [20, 10] {
            let headline = format!("{by} 제목 하나 둘");
            let copy = app.article().by(by).headline(&headline).with(&body(half));
            copy.published(minutes).create().await;
        }
    }
    assert_eq!(app.value("select count(*) from stories").await, 2);
    let older = app.value("select id from stories order by id limit 1").await;
    let younger = app.value("select id from stories order by id desc limit 1").await;
    let whole = app.article().by("haneul").headline("수도권에 새 주택 30만 호 공급");
    let whole = whole.with(&body(&REPORT)).published(60).create().await;
    assert_eq!(story_of(&app, whole).await.as_deref(), older.as_str());
    assert_eq!(app.value("select count(*) from articles where story_id is not null").await, 5);
    let reply = story(&app, younger.as_str().expect("an id")).await.expect(308);
    assert_eq!(reply.header("location"), format!("/v1/stories/{}", older.as_str().expect("an id")));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_edit_moves_an_article_out_of_its_story_and_back() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let id = story_of(&app, first).await.expect("a story");
    patch(
        &app,
        second,
        &json!({"headline": "남해 바다 온도 역대 최고", "body": body(&OTHER)["body"]}),
    )
    .await;
    assert_eq!(story_of(&app, second).await, None);
    assert_eq!(story_of(&app, first).await, None, "one alone is no story");
    story(&app, &id).await.expect(404);
    patch(&app, second, &body(&REPORT)).await;
    assert!(story_of(&app, second).await.is_some());
    assert_eq!(story_of(&app, first).await, story_of(&app, second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_article_leaves_its_story_to_the_others() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let third = app.article().by("sanmaru").with(&body(&REPORT)).published(5).create().await;
    let id = story_of(&app, first).await.expect("a story");
    withdraw(&app, first).await;
    let seen = story(&app, &id).await.expect(200).json;
    assert_eq!(members(&seen), ids(&[second, third]));
    assert_eq!(story_of(&app, first).await, None);
    withdraw(&app, third).await;
    story(&app, &id).await.expect(404);
    assert_eq!(story_of(&app, second).await, None);
    publish(&app, first).await;
    assert_eq!(story_of(&app, first).await, story_of(&app, second).await);
    assert!(story_of(&app, first).await.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_readers_do_not_see_is_in_no_story() {
    let app = TestApp::new().await;
    let draft = app.article().draft().with(&body(&REPORT)).create().await;
    let later = json!(app.clock.now().plus_minutes(30));
    let call = app.request(Method::POST, "/v1/articles").bearer(app.admin());
    let mut input = json!({
        "publisher": "haneul", "category": "economy", "headline": "나중", "status": "published",
        "published_at": later,
    });
    input["body"] = body(&REPORT)["body"].clone();
    let scheduled = call.json(&input).send().await.expect(201).json["id"].clone();
    let shown = app.article().by("bada").with(&body(&REPORT)).create().await;
    assert_eq!(story_of(&app, shown).await, None);
    app.clock.set(app.clock.now().plus_minutes(31));
    let mut conn = app.pool.get().await.expect("a connection");
    let now = app.clock.now();
    sosik::articles::transitions::publish_due(&mut conn, now).await.expect("it publishes");
    let id = story_of(&app, shown).await.expect("a story");
    assert_eq!(
        members(&story(&app, &id).await.json),
        [shown.to_string(), scheduled.as_str().expect("an id").to_owned()]
    );
    publish(&app, draft).await;
    assert_eq!(story(&app, &id).await.expect(200).json["member_count"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_who_publish_one_text_at_once_make_one_story() {
    let app = TestApp::new().await;
    for by in ["haneul", "bada", "sanmaru"] {
        app.publisher(by).await;
    }
    app.category("economy").await;
    let one = async |n: usize| {
        let copy = app.article().by(["haneul", "bada", "sanmaru"][n % 3]);
        copy.headline(&format!("제목 {n}")).with(&body(&REPORT)).published(n as i64).create().await
    };
    futures_util::future::join_all((0..50).map(one)).await;
    assert_eq!(app.value("select count(*) from stories").await, 1);
    assert_eq!(app.value("select count(*) from articles where story_id is not null").await, 50);
    let leads = "select a.headline from stories s join articles a on a.id = s.leader_id";
    assert_eq!(app.value(leads).await, "제목 49");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_editor_puts_together_or_apart_stays_so_after_edits() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let other = app
        .article()
        .by("bada")
        .headline("남해 바다 온도 역대 최고")
        .with(&body(&OTHER))
        .create()
        .await;
    let id = story_of(&app, first).await.expect("a story");
    let merged = put(&app, &id, other).await.expect(200);
    assert_eq!(members(&merged.json), ids(&[first, second, other]));
    assert_eq!(merged.json["members"][2]["placed_by"], "editor");
    patch(&app, other, &json!({"deck": "새 덱"})).await;
    assert_eq!(story_of(&app, other).await.as_ref(), Some(&id));

    delete(&app, &id, second).await.expect(204);
    assert_eq!(story_of(&app, second).await, None);
    patch(&app, second, &body(&REPORT)).await;
    assert_eq!(story_of(&app, second).await, None, "it stays apart though it is a copy");
    let copy = app.article().by("sanmaru").with(&body(&REPORT)).create().await;
    assert_eq!(story_of(&app, copy).await.as_ref(), Some(&id), "others still come in");
    withdraw(&app, other).await;
    publish(&app, other).await;
    assert_eq!(story_of(&app, other).await.as_ref(), Some(&id), "and the decision outlives that");

    let reasons =
        "select count(*) from story_decisions where decided_by is not null and reason is not null";
    assert_eq!(app.value(reasons).await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_makes_a_story_that_copies_join() {
    let app = TestApp::new().await;
    let a = app
        .article()
        .headline("수도권에 새 주택 공급")
        .with(&body(&REPORT))
        .published(20)
        .create()
        .await;
    let b = app
        .article()
        .headline("남해 바다 온도 최고")
        .with(&body(&OTHER))
        .published(10)
        .create()
        .await;
    let make = async |list: Value| {
        let call = app.request(Method::POST, "/v1/stories").bearer(app.admin());
        call.json(&json!({"articles": list})).send().await
    };
    let made = make(json!([a, b])).await.expect(201);
    let id = made.json["id"].as_str().expect("an id").to_owned();
    assert_eq!(made.header("location"), format!("/v1/stories/{id}"));
    assert_eq!(story(&app, &id).await.expect(200).etag(), made.etag());
    let earlier = app.article().by("bada").with(&body(&REPORT)).published(300).create().await;
    assert_eq!(story_of(&app, earlier).await.as_ref(), Some(&id), "also what was published before");
    let few = make(json!([a, a])).await.expect(422);
    assert_eq!(few.faults(), [("/articles".to_owned(), "too_few".to_owned())]);
    let draft = app.article().draft().create().await;
    let unseen = make(json!([a, draft])).await.expect(422);
    assert_eq!(unseen.faults(), [("/articles/1".to_owned(), "unknown_value".to_owned())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn editing_a_story_asks_for_its_revision_and_an_unbound_key() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let other =
        app.article().headline("남해 바다 온도 역대 최고").with(&body(&OTHER)).create().await;
    let id = story_of(&app, first).await.expect("a story");
    let path = format!("/v1/stories/{id}/members/{other}");
    let call = |key: &str| app.request(Method::PUT, &path).bearer(key).json(&json!({}));
    let seen = story(&app, &id).await.etag();
    call(app.admin()).send().await.expect(428);
    call(app.admin()).header("if-match", seen.clone()).send().await.expect(200);
    let stale = call(app.admin()).header("if-match", seen).send().await.expect(412);
    assert_eq!(stale.etag(), story(&app, &id).await.etag());
    let bound = app.key(&["rankings:curate"], Some("haneul")).await;
    call(&bound).header("if-match", "*").send().await.expect(403);
    let unbound = app.key(&["rankings:curate"], None).await;
    call(&unbound).header("if-match", "*").send().await.expect(200);

    withdraw(&app, second).await;
    put(&app, &id, second).await.expect(409);
    delete(&app, &id, second).await.expect(404);
    put(&app, &id, ArticleId::new()).await.expect(404);
    delete(&app, &id, other).await.expect(204);
    story(&app, &id).await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_says_which_items_are_copies_and_keeps_them() {
    let app = TestApp::new().await;
    let line = |id: &str, by: &str, headline: &str, sentences: &[&str], hour: u32| {
        let mut line = body(sentences);
        line["publisher"] = json!(by);
        line["external_id"] = json!(id);
        line["category"] = json!("경제");
        line["headline"] = json!(headline);
        line["published_at"] = json!(format!("2026-11-20T{hour:02}:00:00+09:00"));
        format!("{line}\n")
    };
    let file = [
        line("1", "바다신문", "역세권 중심 공급 대책", &REPORT[1..], 10),
        line("2", "하늘일보", "새 주택 30만 호 공급", &REPORT, 9),
        line("3", "하늘일보", "남해 바다 온도 최고", &OTHER, 9),
    ]
    .concat();
    let settings: sosik::config::Settings =
        deserr::deserialize::<_, _, sosik::error::Faults>(json!({})).expect("defaults");
    let import = async |query: &str| {
        let call = app.request(Method::POST, &format!("/v1/imports{query}")).bearer(app.admin());
        let reply = call.body(file.clone(), "application/x-ndjson").send().await.expect(202);
        let path = reply.header("location").to_owned();
        while sosik::ingest::worker::run_one(&app.pool, &settings, &app.clock)
            .await
            .expect("it runs")
        {}
        let read = async |path: &str| {
            app.request(Method::GET, path).bearer(app.admin()).send().await.expect(200).json
        };
        (read(&path).await, read(&format!("{path}/items?verdict=duplicate_of")).await)
    };
    let (job, items) = import("?dry_run=true").await;
    assert_eq!(job["verdicts"]["duplicates"], 1);
    assert_eq!(items["items"][0]["duplicate_of"], Value::Null);
    let (job, items) = import("").await;
    assert_eq!(
        job["verdicts"],
        json!({"created": 2, "updated": 0, "unchanged": 0, "duplicates": 1, "invalid": 0})
    );
    let copy = &items["items"][0];
    let shown = app.value("select id from articles where external_id = '2'").await;
    assert_eq!((&copy["n"], &copy["duplicate_of"]), (&json!(1), &shown));
    let kept = copy["article_id"].as_str().expect("its own id");
    app.get(&format!("/v1/articles/{kept}")).await.expect(200);
    let (job, _) = import("").await;
    assert_eq!(job["verdicts"]["unchanged"], 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn articles_from_before_there_were_stories_are_compared_on_request() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    app.sql("update articles set story_id = null; delete from stories; delete from story_sketches; delete from story_keys").await;
    let done = reports::rebuild(&app.pool, app.clock.now(), |_| {}).await.expect("it goes through");
    assert_eq!(done, 2);
    assert!(story_of(&app, first).await.is_some());
    assert_eq!(story_of(&app, first).await, story_of(&app, second).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_can_reach_any_more_is_forgotten_and_stays_in_its_story() {
    let app = TestApp::new().await;
    let (first, second) = pair(&app).await;
    let id = story_of(&app, first).await.expect("a story");
    let mut conn = app.pool.get().await.expect("a connection");
    let week = app.clock.now().plus_minutes(7 * 24 * 60);
    assert_eq!(prune(&mut conn, week.plus_minutes(-60)).await.expect("it forgets"), 0);
    assert_eq!(prune(&mut conn, week.plus_minutes(1)).await.expect("it forgets"), 2);
    assert_eq!(app.value("select count(*) from story_keys").await, 0);
    patch(&app, second, &json!({"headline": "정부, 공급 대책 내놔(수정)"})).await;
    assert_eq!(story_of(&app, second).await.as_ref(), Some(&id));
    withdraw(&app, first).await;
    story(&app, &id).await.expect(404);
}

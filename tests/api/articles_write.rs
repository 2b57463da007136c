//! `POST` and `PATCH` of articles: what is taken, what is refused, and who wins.

use crate::support::{Reply, TestApp};
use reqwest::Method;
use serde_json::{Value, json};

fn path(article: &Value) -> String {
    format!("/v1/articles/{}", article["id"].as_str().expect("an id"))
}

/// A body that is fine, with `members` put over it.
fn whole(members: &Value) -> Value {
    let mut body = json!({
        "publisher": "haneul",
        "category": "economy",
        "headline": "제목",
        "body": [{"type": "paragraph", "text": "글"}],
    });
    for (name, value) in members.as_object().into_iter().flatten() {
        body[name] = value.clone();
    }
    body
}

/// An app with a publisher `haneul` and a category `economy`.
async fn app() -> TestApp {
    let app = TestApp::new().await;
    app.publisher("haneul").await;
    app.category("economy").await;
    app
}

async fn post(app: &TestApp, members: &Value) -> Reply {
    let call = app.request(Method::POST, "/v1/articles").bearer(app.admin());
    call.json(&whole(members)).send().await
}

async fn patch(app: &TestApp, article: &Value, if_match: &str, body: &Value) -> Reply {
    let call = app.request(Method::PATCH, &path(article)).bearer(app.admin());
    call.header("if-match", if_match).json(body).send().await
}

fn fault(place: &str, code: &str) -> (String, String) {
    (place.to_owned(), code.to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_created_article_says_where_it_is() {
    let app = app().await;
    let made = post(&app, &json!({})).await.expect(201);
    assert_eq!(made.header("location"), path(&made.json));
    assert_eq!((&made.json["status"], &made.json["revision"]), (&json!("draft"), &json!(1)));
    let seen = app.request(Method::GET, &path(&made.json)).bearer(app.admin()).send().await;
    assert_eq!(seen.etag(), made.etag());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_key_writes_for_its_own_publisher_and_no_other() {
    let app = app().await;
    let key = app.key(&["articles:write"], Some("bada")).await;
    let mut own = whole(&json!({}));
    own.as_object_mut().expect("an object").remove("publisher");
    let call = || app.request(Method::POST, "/v1/articles").bearer(&key);
    let made = call().json(&own).send().await.expect(201);
    assert_eq!(made.json["publisher"]["slug"], "bada");
    let refused = call().json(&whole(&json!({}))).send().await.expect(403);
    assert_eq!(refused.json["code"], "wrong_publisher");
    let nameless = app.request(Method::POST, "/v1/articles").bearer(app.admin());
    let refused = nameless.json(&own).send().await.expect(422);
    assert_eq!(refused.faults(), [fault("/publisher", "missing")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_fault_is_told_at_once_with_its_place() {
    let app = app().await;
    let refused = post(
        &app,
        &json!({
            "headline": " ",
            "language": "k",
            "slug": "A B",
            "source_url": "javascript:1",
            "authors": ["ok", "a\u{0}"],
            "rights": {"syndicatable": "yes", "more": 1},
            "lead_image": {"url": "x", "width": 0},
            "status": "scheduled",
            "published_at": "yesterday",
            "unknown": 1,
            "body": [
                {"type": "heading", "level": 9, "text": ""},
                {"type": "list", "items": []},
                {"type": "song"},
                {"text": "untyped"},
                {"type": "paragraph", "text": "a", "level": 2},
            ],
        }),
    )
    .await
    .expect(422);
    let places: Vec<_> = refused.faults().into_iter().map(|(place, _)| place).collect();
    assert_eq!(
        places,
        [
            "/authors/1",
            "/body/0/level",
            "/body/0/text",
            "/body/1/items",
            "/body/2/type",
            "/body/3/type",
            "/body/4/level",
            "/headline",
            "/language",
            "/lead_image/url",
            "/lead_image/width",
            "/published_at",
            "/rights/more",
            "/rights/syndicatable",
            "/slug",
            "/source_url",
            "/status",
            "/unknown",
        ]
    );
    let unnamed = json!({"publisher": "nobody", "category": "nowhere"});
    let refused = post(&app, &unnamed).await.expect(422);
    let expected = [fault("/category", "unknown_value"), fault("/publisher", "unknown_value")];
    assert_eq!(refused.faults(), expected);
    let mut picture = unnamed;
    picture["status"] = json!("published");
    picture["lead_image"] = json!({"url": "https://images.example/a.jpg"});
    assert_eq!(post(&app, &picture).await.expect(422).faults().len(), 3);
    assert_eq!(app.value("select count(*) from articles").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_is_normalised_and_trimmed_and_nothing_else() {
    let app = app().await;
    let members = json!({
        "headline": "  \u{1112}\u{1161}\u{11ab}국 \u{1f469}\u{200d}\u{1f469} ",
        "summary": "하나\r\n둘\t셋\n",
        "deck": "  ",
    });
    let made = post(&app, &members).await.expect(201).json;
    assert_eq!(made["headline"], "한국 \u{1f469}\u{200d}\u{1f469}");
    assert_eq!(made["summary"], "하나\n둘\t셋");
    assert_eq!(made["deck"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_cannot_be_shown_is_refused() {
    let app = app().await;
    for (headline, code) in [
        ("a\u{0}b", "control_characters"),
        ("a\nb", "control_characters"),
        ("a\u{2028}b", "control_characters"),
        ("a\u{202e}b", "bidi_characters"),
        ("\u{200b}\u{3164}", "invisible_text"),
        ("\u{2800}", "invisible_text"),
        (" \t ", "empty"),
    ] {
        let refused = post(&app, &json!({"headline": headline})).await.expect(422);
        assert_eq!(refused.faults(), [fault("/headline", code)], "{headline:?}");
    }
    let lines = json!({"body": [{"type": "paragraph", "text": "a\u{2066}b"}]});
    let refused = post(&app, &lines).await.expect(422);
    assert_eq!(refused.faults(), [fault("/body/0/text", "bidi_characters")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn lengths_are_counted_in_code_points_after_normalisation() {
    let app = app().await;
    for unit in ["가", "𝄞", "\u{1112}\u{1161}\u{11ab}"] {
        post(&app, &json!({"headline": unit.repeat(200)})).await.expect(201);
        let refused = post(&app, &json!({"headline": unit.repeat(201)})).await.expect(422);
        assert_eq!(refused.faults(), [fault("/headline", "too_long")], "{unit}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_changes_what_it_names_and_null_takes_away() {
    let app = app().await;
    let picture = json!({"url": "https://images.example/a.jpg", "alt": "가", "credit": "나"});
    let members = json!({
        "deck": "덱", "summary": "요약", "external_id": "p-1", "lead_image": picture,
        "language": "en", "byline_contact": "a@b.example", "status": "published",
    });
    let article = post(&app, &members).await.expect(201).json;
    app.clock.set(app.clock.now().plus_minutes(1));
    let change = json!({
        "headline": "새 제목", "deck": null, "external_id": null,
        "lead_image": {"alt": "다", "credit": null},
    });
    let seen = patch(&app, &article, "*", &change).await.expect(200);
    let mut expected = article.clone();
    expected["headline"] = json!("새 제목");
    expected["deck"] = Value::Null;
    expected["external_id"] = Value::Null;
    expected["lead_image"]["alt"] = json!("다");
    expected["lead_image"]["credit"] = Value::Null;
    expected["revision"] = json!(2);
    expected["updated_at"] = json!(app.clock.now());
    assert_eq!(seen.json, expected);
    let bare = patch(&app, &article, "*", &json!({"lead_image": null, "language": null})).await;
    let bare = bare.expect(200).json;
    assert_eq!((&bare["lead_image"], &bare["language"]), (&Value::Null, &json!("ko")));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_changes_nothing_makes_no_revision() {
    let app = app().await;
    let members =
        json!({"deck": "덱", "authors": ["김하늘"], "tags": ["금리"], "status": "published"});
    let article = post(&app, &members).await.expect(201).json;
    for same in
        [json!({}), json!({"headline": "제목", "deck": "덱"}), json!({"publisher": "haneul"})]
    {
        let answer = patch(&app, &article, "*", &same).await.expect(200);
        assert_eq!(answer.json["revision"], 1, "{same}");
    }
    assert_eq!(app.value("select count(*) from article_revisions").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_patch_that_names_what_it_cannot_change_is_refused() {
    let app = app().await;
    let article = post(&app, &json!({})).await.expect(201).json;
    for (change, expected) in [
        (json!({"hedline": "x"}), fault("/hedline", "unknown_field")),
        (json!({"hedline": null}), fault("/hedline", "unknown_field")),
        (
            json!({"lead_image": {"url": "https://a.example/b", "x": 1}}),
            fault("/lead_image/x", "unknown_field"),
        ),
        (json!({"headline": null}), fault("/headline", "missing")),
        (json!({"headline": 7}), fault("/headline", "wrong_type")),
        (json!({"body": null}), fault("/body", "missing")),
        (json!({"status": "published"}), fault("/status", "read_only")),
        (json!({"publisher": "bada"}), fault("/publisher", "read_only")),
        (json!({"publisher": null}), fault("/publisher", "read_only")),
        (json!({"published_at": "2020-01-01T00:00:00Z"}), fault("/published_at", "read_only")),
        (json!({"category": "nowhere"}), fault("/category", "unknown_value")),
        (json!([1]), fault("", "wrong_type")),
    ] {
        let refused = patch(&app, &article, "*", &change).await.expect(422);
        assert_eq!(refused.faults(), [expected], "{change}");
    }
    let call = app.request(Method::PATCH, &path(&article)).bearer(app.admin());
    let call = call.header("if-match", "*").body("{}", "application/json-patch+json");
    call.send().await.expect(415);
}

#[tokio::test(flavor = "multi_thread")]
async fn if_match_compares_the_revision_whatever_the_coding() {
    let app = app().await;
    let made = post(&app, &json!({})).await.expect(201);
    let (mut tag, article) = (made.etag(), made.json);
    for (n, suffix) in ["", "-gzip", "-br", "-zstd"].into_iter().enumerate() {
        let coded = format!("{}{suffix}\"", tag.trim_end_matches('"'));
        let deck = json!({"deck": format!("{n}")});
        tag = patch(&app, &article, &coded, &deck).await.expect(200).etag();
    }
    let many = format!("\"1-00\", {tag}");
    patch(&app, &article, &many, &json!({"deck": "여럿"})).await.expect(200);
    let stale = patch(&app, &article, &tag, &json!({"deck": "늦음"})).await.expect(412);
    assert_eq!(stale.json["code"], "precondition_failed");
    patch(&app, &article, &stale.etag(), &json!({"deck": "다시"})).await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_twenty_editors_with_one_etag_exactly_one_wins() {
    let app = app().await;
    let made = post(&app, &json!({})).await.expect(201);
    let (tag, article) = (made.etag(), made.json);
    let edits: Vec<_> = (0..20).map(|n| json!({"deck": format!("편집 {n}")})).collect();
    let race = edits.iter().map(|edit| patch(&app, &article, &tag, edit));
    let answers = futures_util::future::join_all(race).await;
    let count = |status| answers.iter().filter(|answer| answer.status == status).count();
    assert_eq!((count(200), count(412)), (1, 19));
    assert_eq!(app.value("select revision from articles").await, 2);
    assert_eq!(app.value("select count(*) from article_revisions").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slug_keeps_hangul_and_is_made_unique() {
    let app = app().await;
    let headline = json!({"headline": "한국은행, 기준금리 3.5% 동결!"});
    let first = post(&app, &headline).await.expect(201).json;
    assert_eq!(first["slug"], "한국은행-기준금리-3-5-동결");
    let address = "https%3A";
    assert!(!first["url"].as_str().expect("a url").contains(address));
    let second = post(&app, &headline).await.expect(201).json;
    let slug = second["slug"].as_str().expect("a slug");
    assert!(slug.starts_with("한국은행-기준금리-3-5-동결-"), "{slug}");
    let taken = post(&app, &json!({"slug": first["slug"]})).await.expect(409);
    assert_eq!(taken.json["code"], "slug_taken");
    let renamed = patch(&app, &second, "*", &json!({"slug": first["slug"]})).await.expect(409);
    assert_eq!(renamed.json["code"], "slug_taken");
    let headline = json!({"headline": "다른 제목"});
    let kept = patch(&app, &first, "*", &headline).await.expect(200).json;
    assert_eq!(kept["slug"], first["slug"], "a new headline leaves the address alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_slug_redirects_for_ever_and_is_never_anothers() {
    let app = app().await;
    let members = json!({"slug": "옛-이름", "status": "published"});
    let article = post(&app, &members).await.expect(201).json;
    patch(&app, &article, "*", &json!({"slug": "중간"})).await.expect(200);
    patch(&app, &article, "*", &json!({"slug": "새-이름"})).await.expect(200);
    for old in ["%EC%98%9B-%EC%9D%B4%EB%A6%84", "%EC%A4%91%EA%B0%84"] {
        let moved = app.get(&format!("/v1/articles/by-slug/{old}?fields=id")).await.expect(308);
        let to = moved.header("location").to_owned();
        assert_eq!(to, "/v1/articles/by-slug/%EC%83%88-%EC%9D%B4%EB%A6%84?fields=id");
        assert_eq!(app.get(&to).await.expect(200).json["id"], article["id"]);
    }
    post(&app, &json!({"slug": "옛-이름"})).await.expect(409);
    let namesake = post(&app, &json!({"headline": "옛 이름"})).await.expect(201).json;
    assert_ne!(namesake["slug"], "옛-이름");
    let back = patch(&app, &article, "*", &json!({"slug": "옛-이름"})).await.expect(200).json;
    assert_eq!(back["slug"], "옛-이름", "its own again");
    app.get("/v1/articles/by-slug/%EC%83%88-%EC%9D%B4%EB%A6%84").await.expect(308);
}

#[tokio::test(flavor = "multi_thread")]
async fn namesakes_written_at_once_are_all_created() {
    let app = app().await;
    let member = json!({"headline": "속보"});
    let race = (0..12).map(|_| post(&app, &member));
    for answer in futures_util::future::join_all(race).await {
        answer.expect(201);
    }
    assert_eq!(app.value("select count(distinct slug) from articles").await, 12);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_external_id_is_taken_once() {
    let app = app().await;
    let first = post(&app, &json!({"external_id": "e-1"})).await.expect(201).json;
    let again = post(&app, &json!({"external_id": "e-1", "headline": "다른"})).await.expect(409);
    assert_eq!(again.json["code"], "external_id_taken");
    let other = post(&app, &json!({"external_id": "e-2"})).await.expect(201).json;
    let renamed = patch(&app, &other, "*", &json!({"external_id": "e-1"})).await.expect(409);
    assert_eq!(renamed.json["code"], "external_id_taken");
    app.publisher("bada").await;
    post(&app, &json!({"external_id": "e-1", "publisher": "bada"})).await.expect(201);
    let race_member = json!({"external_id": "e-3"});
    let race = (0..12).map(|_| post(&app, &race_member));
    let answers = futures_util::future::join_all(race).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1);
    assert!(answers.iter().all(|answer| matches!(answer.status, 201 | 409)));
    let seen = app.request(Method::GET, &path(&first)).bearer(app.admin()).send().await;
    assert_eq!(seen.json["revision"], 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_idempotency_key_replays_its_answer_and_stands_for_one_request() {
    let app = app().await;
    let send = async |key: &str, secret: &str, members: &Value| {
        let call = app.request(Method::POST, "/v1/articles").bearer(secret);
        call.header("idempotency-key", key).json(&whole(members)).send().await
    };
    let first = send("k-1", app.admin(), &json!({})).await.expect(201);
    assert_eq!(first.header("idempotency-replayed"), "");
    let again = send("k-1", app.admin(), &json!({})).await.expect(201);
    assert_eq!(again.header("idempotency-replayed"), "true");
    assert_eq!(again.text, first.text);
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    let other = send("k-1", app.admin(), &json!({"headline": "다른"})).await.expect(422);
    assert_eq!(other.json["code"], "idempotency_key_reused");
    let someone = app.key(&["articles:write"], Some("haneul")).await;
    let theirs = send("k-1", &someone, &json!({})).await.expect(201);
    assert_ne!(theirs.json["id"], first.json["id"]);
    send("k-2", app.admin(), &json!({"headline": ""})).await.expect(422);
    send("k-2", app.admin(), &json!({})).await.expect(201);
}

#[tokio::test(flavor = "multi_thread")]
async fn twenty_twins_with_one_idempotency_key_create_one_article() {
    let app = app().await;
    let race = (0..20).map(|_| {
        let call = app.request(Method::POST, "/v1/articles").bearer(app.admin());
        call.header("idempotency-key", "twin").json(&whole(&json!({}))).send()
    });
    let answers = futures_util::future::join_all(race).await;
    let made = answers.iter().find(|answer| answer.status == 201).expect("one was created");
    for answer in &answers {
        match answer.status {
            201 => assert_eq!(answer.text, made.text),
            409 => assert_eq!(answer.header("retry-after"), "1"),
            _ => panic!("{answer:?}"),
        }
    }
    assert_eq!(app.value("select count(*) from articles").await, 1);
}

//! How one article is answered: conditions, codings, parts, blocks.

use crate::support::TestApp;
use reqwest::Method;
use serde_json::{Value, json};

fn path(article: &Value) -> String {
    format!("/v1/articles/{}", article["id"].as_str().expect("an id"))
}

#[tokio::test(flavor = "multi_thread")]
async fn head_answers_as_get_without_the_body() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    for path in [path(&article), "/v1/articles".into()] {
        let get = app.get(&path).await.expect(200);
        let head = app.request(Method::HEAD, &path).send().await.expect(200);
        assert_eq!(head.text, "");
        for name in ["etag", "last-modified", "cache-control", "content-type", "vary"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_held_copy_is_not_sent_again_in_any_coding() {
    let app = TestApp::new().await;
    let text = "가나다 ".repeat(500);
    let body = json!({"body": [{"type": "paragraph", "text": text}]});
    let article = app.article().with(&body).create_full().await;
    let mut tags = Vec::new();
    for coding in ["identity", "gzip", "br", "zstd"] {
        let get = || app.request(Method::GET, &path(&article)).header("accept-encoding", coding);
        let whole = get().send().await.expect(200);
        assert!(whole.header("vary").to_lowercase().contains("accept-encoding"));
        let tag = whole.etag();
        assert!(!tag.starts_with("W/"), "{tag}");
        let held = get().header("if-none-match", &tag).send().await.expect(304);
        assert_eq!((held.text.as_str(), held.etag()), ("", tag.clone()));
        let weak = format!("\"other\", W/{tag}");
        get().header("if-none-match", weak).send().await.expect(304);
        tags.push(tag);
    }
    let all = tags.len();
    tags.sort();
    tags.dedup();
    assert_eq!(tags.len(), all, "each coding has its own ETag");
    let call = app.request(Method::PATCH, &path(&article)).bearer(app.admin());
    let call = call.header("if-match", "*").json(&json!({"deck": "바뀜"}));
    call.send().await.expect(200);
    for tag in tags {
        let call = app.request(Method::GET, &path(&article)).header("if-none-match", tag);
        call.send().await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_and_include_work_together() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    let one = app.get(&format!("{}?fields=id,body_text", path(&article))).await.expect(200);
    assert_eq!(one.json, json!({"id": article["id"], "body_text": "본문입니다."}));
    assert_eq!(one.header("content-type"), "application/vnd.sosik.sparse+json");
    let counted = app.get(&format!("{}?fields=id&include=counters", path(&article))).await;
    let counted = counted.expect(200);
    let mut names: Vec<_> = counted.json.as_object().expect("an object").keys().collect();
    names.sort();
    assert_eq!(names, ["counters", "id"]);
    assert_eq!(counted.header("etag"), "", "counters are no part of an ETag");
    let list = app.get("/v1/articles?fields=slug").await.expect(200);
    assert_eq!(list.json["items"], json!([{"slug": article["slug"]}]));
    assert!(list.json["page"].is_object());
    let whole = app.get("/v1/articles?include=counters").await.expect(200);
    assert_eq!(whole.json["items"][0]["counters"]["views"], 0);
    assert_eq!(whole.json["items"][0]["headline"], article["headline"]);
    for query in ["fields=secret", "include=body", "fields=id&fields=slug", "fields="] {
        app.get(&format!("{}?{query}", path(&article))).await.expect(422);
    }
    app.get("/v1/articles?fields=body").await.expect(422);
}

#[tokio::test(flavor = "multi_thread")]
async fn counters_stand_at_their_own_article() {
    let app = TestApp::new().await;
    let (one, two) = (app.article().create().await, app.article().create().await);
    app.sql(&format!("insert into article_counters values ('{one}', 7, now())")).await;
    let page = app.get("/v1/articles?include=counters").await.expect(200).json;
    for item in page["items"].as_array().expect("items") {
        assert_eq!(item["counters"]["article_id"], item["id"]);
        let views = if item["id"] == two.to_string() { 0 } else { 7 };
        assert_eq!(item["counters"]["views"], views);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_declared_member_is_always_there() {
    let app = TestApp::new().await;
    let article = app.article().create_full().await;
    let seen = app.get(&path(&article)).await.expect(200).json;
    assert_eq!(seen, article, "as it was answered when created");
    for name in ["deck", "summary", "lead_image", "corrected_at", "byline_contact", "source_url"] {
        assert!(seen.get(name).is_some_and(Value::is_null), "{name}");
    }
    for name in ["authors", "tags", "corrections"] {
        assert_eq!(seen[name], json!([]), "{name}");
    }
    assert_eq!(seen["canonical_url"], seen["url"]);
    assert_eq!(seen["rights"], json!({"syndicatable": false}));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_type_of_block_comes_back_as_it_was_sent() {
    let app = TestApp::new().await;
    let body = json!([
        {"type": "paragraph", "text": "한 줄\n두 줄 <b>& 꺾쇠</b>"},
        {"type": "heading", "level": 2, "text": "소제목"},
        {"type": "image", "url": "https://images.example/a.jpg", "alt": "회의", "decorative": false,
         "caption": "설명", "credit": "하늘", "width": 1200, "height": 800},
        {"type": "list", "ordered": true, "items": ["하나", "둘"]},
        {"type": "quote", "text": "말", "cite": "총재"},
        {"type": "embed", "url": "https://video.example/1", "provider": "video", "title": "회견"},
        {"type": "divider"},
        {"type": "html", "html": "<p>표 <em>하나</em></p>"},
    ]);
    let article = app.article().with(&json!({"body": body})).create_full().await;
    let seen = app.get(&path(&article)).await.expect(200).json;
    assert_eq!(seen["body"], body);
    let text = seen["body_text"].as_str().expect("text");
    for part in ["두 줄 <b>& 꺾쇠</b>", "소제목", "설명", "하나\n둘", "– 총재", "표 하나"]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let html = seen["body_html"].as_str().expect("html");
    for part in [
        "<p>한 줄<br>두 줄 &lt;b&gt;&amp; 꺾쇠&lt;/b&gt;</p>",
        "<h2>소제목</h2>",
        "alt=\"회의\" width=\"1200\" height=\"800\"",
        "<ol><li>하나</li><li>둘</li></ol>",
        "<cite>총재</cite>",
        "<hr>",
        "<p>표 <em>하나</em></p>",
    ] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn markup_that_acts_is_taken_out_when_it_comes_in() {
    let app = TestApp::new().await;
    let html = "<p onclick=\"x()\">글</p><script>alert(1)</script><a href=\"javascript:x()\">a</a>\
                <iframe src=\"https://evil.example\"></iframe><style>p{}</style>";
    let body = json!({"body": [{"type": "html", "html": html}]});
    let article = app.article().with(&body).create_full().await;
    let seen = app.get(&path(&article)).await.expect(200).text;
    for part in ["onclick", "script", "iframe", "style", "evil", "alert"] {
        assert!(!seen.contains(part), "{part} in {seen}");
    }
    let mut empty = json!({"publisher": "haneul", "category": "economy", "headline": "제목"});
    empty["body"] = json!([{"type": "html", "html": "<script>alert(1)</script>"}]);
    let call = app.request(Method::POST, "/v1/articles").bearer(app.admin()).json(&empty);
    let refused = call.send().await.expect(422);
    assert_eq!(refused.faults(), [("/body/0/html".into(), "empty".into())]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_path_that_is_no_id_is_refused_and_an_unknown_one_not_found() {
    let app = TestApp::new().await;
    app.get("/v1/articles/17").await.expect(422);
    app.get("/v1/articles/019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20").await.expect(404);
    app.get("/v1/articles/by-slug/nowhere").await.expect(404);
    app.get("/v1/articles/by-slug/%EC%9D%98-%E2%80%AE").await.expect(404);
    app.get("/v1/publishers/nobody/articles/1").await.expect(404);
}

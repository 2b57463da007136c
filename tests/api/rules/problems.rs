use super::operations::all;
use crate::support::{Reply, TestApp};
use reqwest::Method;
use sosik::http::problem::{CONTENT_TYPE, TABLE};
use std::collections::BTreeSet;

/// Fails unless `reply` is a whole problem in the language asked for.
fn check(place: &str, reply: &Reply, path: &str, korean: bool) {
    let problem = &reply.json;
    let text = |name: &str| problem[name].as_str().unwrap_or_default();
    assert_eq!(reply.header("content-type"), CONTENT_TYPE, "{place}: {}", reply.text);
    let row = TABLE.iter().find(|row| row.name == text("code"));
    let row = row.unwrap_or_else(|| panic!("{place}: unknown code in {problem}"));
    assert_eq!(row.status.as_u16(), reply.status, "{place}");
    assert_eq!(problem["status"], reply.status, "{place}");
    assert_eq!(text("type"), format!("/problems/{}", row.name), "{place}");
    let title = if korean { &row.title.ko } else { &row.title.en };
    assert_eq!(text("title"), title, "{place}");
    assert!(!text("detail").is_empty(), "{place}");
    assert_eq!(text("instance"), path, "{place}");
    assert_eq!(text("request_id"), reply.header("x-request-id"), "{place}");
    assert_eq!(problem["errors"].is_array(), row.name == "invalid", "{place}");
    assert!(reply.header("vary").to_lowercase().contains("accept-language"), "{place}");
    assert_eq!(reply.header("cache-control"), "no-store", "{place}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_refusal_is_a_whole_problem_in_both_languages() {
    let app = TestApp::new().await;
    let mut seen = BTreeSet::new();
    for operation in all() {
        for (language, korean) in [("en", false), ("ko-KR,ko;q=0.9", true), ("fr", false)] {
            let plain = operation.call(&app, "").header("accept-language", language);
            let unknown = operation.call(&app, "nonsense=1").header("accept-language", language);
            let keyless = app.request(operation.method.clone(), &operation.path);
            let bad =
                keyless.header("authorization", "Bearer sk_no").header("accept-language", language);
            for reply in [plain.send().await, unknown.send().await, bad.send().await] {
                if reply.status >= 400 {
                    check(&operation.place(), &reply, &operation.path, korean);
                    seen.insert(reply.json["type"].as_str().unwrap_or_default().to_owned());
                }
            }
        }
    }
    for kind in seen {
        let reply = app.get(&kind).await.expect(200);
        assert_eq!(reply.json["code"], kind.trim_start_matches("/problems/"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_routers_own_refusals_are_problems_too() {
    let app = TestApp::new().await;
    for (method, path) in [
        (Method::GET, "/"),
        (Method::GET, "/v1"),
        (Method::GET, "/v1/nothing"),
        (Method::POST, "/v2/articles"),
        (Method::DELETE, "/openapi.json"),
    ] {
        let reply = app.request(method.clone(), path).send().await;
        check(&format!("{method} {path}"), &reply, path, false);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_used_up_limit_is_429_with_a_time_to_come_back() {
    let app = TestApp::with(|settings| settings.limits.reads_per_minute = 1).await;
    assert_eq!(app.get("/openapi.json").await.status, 200);
    let reply = app.get("/openapi.json").await;
    assert_eq!(reply.status, 429);
    check("GET /openapi.json", &reply, "/openapi.json", false);
    assert!(
        reply.header("retry-after").parse::<u32>().is_ok_and(|seconds| (1..=61).contains(&seconds))
    );
    assert!(reply.header("ratelimit").starts_with("\"reads\";r=0;"));
    assert_eq!(reply.header("ratelimit-policy"), "\"reads\";q=1;w=60");
}

//! /v1/meta, /problems, /health and /metrics

use crate::support::TestApp;
use reqwest::Method;

#[tokio::test(flavor = "multi_thread")]
async fn meta_tells_the_limits_in_force() {
    let app = TestApp::with(|settings| settings.limits.body_bytes = 2048).await;
    let meta = app.get("/v1/meta").await.expect(200);
    assert_eq!(meta.json["limits"]["body_bytes"], 2048);
    assert_eq!(meta.json["time_zone"], "Asia/Seoul");
    assert_eq!(meta.json["rate_limits"][0]["name"], "reads");
    let body = serde_json::json!({"name": "x".repeat(3000)});
    let call = app.request(Method::POST, "/v1/api-keys").bearer(app.admin());
    call.json(&body).send().await.expect(413);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_problem_that_is_answered_can_be_read_about() {
    let app = TestApp::new().await;
    for (path, status) in [("/nowhere", 404), ("/v1/api-keys", 401), ("/v1/tags?limit=0", 422)] {
        let problem = app.get(path).await.expect(status);
        let about = app.get(problem.json["type"].as_str().expect("a type")).await.expect(200);
        assert_eq!(about.json["code"], problem.json["code"]);
        assert_eq!(about.json["title"]["en"], problem.json["title"]);
        assert_eq!(about.json["status"], status);
    }
    let all = app.get("/problems?limit=100").await.expect(200);
    let codes = all.json["items"].as_array().expect("items");
    assert_eq!(codes.len(), sosik::http::problem::TABLE.len());
    app.get("/problems/no_such_code").await.expect(404);
}

#[tokio::test(flavor = "multi_thread")]
async fn readiness_looks_at_the_database_and_life_does_not() {
    let app = TestApp::with(|settings| settings.timeouts.pool_ms = 200).await;
    let ready = app.get("/health/ready").await.expect(200);
    assert_eq!(ready.json["checks"][0]["name"], "database");
    let mut taken = Vec::new();
    while let Ok(conn) = app.pool.get().await {
        taken.push(conn);
    }
    app.get("/health/live").await.expect(200);
    let problem = app.get("/health/ready").await.expect(503);
    assert_eq!(problem.json["code"], "unavailable");
    assert_eq!(problem.json["checks"][0]["ok"], false);
    assert_eq!(problem.header("retry-after"), "1");
    drop(taken);
    app.get("/health/ready").await.expect(200);
}

#[tokio::test(flavor = "multi_thread")]
async fn metrics_count_by_route_and_never_by_path() {
    let app = TestApp::new().await;
    app.get("/v1/publishers/one").await.expect(404);
    app.get("/v1/publishers/two").await.expect(404);
    app.get("/somewhere/else").await.expect(404);
    app.request(Method::from_bytes(b"BREW").expect("a method"), "/v1/meta").send().await;
    let metrics = app.get("/metrics").await.expect(200);
    assert!(metrics.header("content-type").starts_with("application/openmetrics-text"));
    for line in [
        "sosik_http_requests_total{method=\"GET\",route=\"/v1/publishers/{slug}\",status=\"404\"} 2",
        "sosik_http_requests_total{method=\"GET\",route=\"(none)\",status=\"404\"} 1",
        "sosik_http_requests_total{method=\"other\",route=\"/v1/meta\",status=\"405\"} 1",
        "sosik_pool_connections{state=\"max\"} 6",
    ] {
        assert!(metrics.text.contains(line), "{line} is not in {}", metrics.text);
    }
    assert!(!metrics.text.contains("somewhere") && !metrics.text.contains("BREW"));
}

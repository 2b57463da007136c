//! /openapi.json, /openapi.yaml and /docs.

use crate::support::TestApp;
use reqwest::Method;

#[tokio::test(flavor = "multi_thread")]
async fn the_document_is_served_as_it_is_committed() {
    let app = TestApp::new().await;
    for name in ["openapi.json", "openapi.yaml"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi").join(name);
        let committed = std::fs::read_to_string(path).expect("a committed document");
        assert!(app.get(&format!("/{name}")).await.expect(200).text == committed, "{name}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_loads_nothing_but_its_own_assets() {
    let app = TestApp::new().await;
    let page = app.get("/docs").await.expect(200);
    assert!(page.text.contains("src=\"/docs/rapidoc-min.js\""));
    let elsewhere = ["http://", "https://", "src=\"//"];
    assert!(elsewhere.iter().all(|address| !page.text.contains(address)), "{}", page.text);
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{policy}");
    let script = app.get("/docs/rapidoc-min.js").await.expect(200);
    assert!(script.header("content-type").starts_with("text/javascript"));
    let again =
        app.request(Method::GET, "/docs/rapidoc-min.js").header("if-none-match", script.etag());
    assert_eq!(again.send().await.status, 304);
}

use super::operations::all;
use crate::support::{Reply, TestApp};
use reqwest::Method;

const SECURITY: [&str; 6] = [
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "content-security-policy",
    "cross-origin-resource-policy",
    "strict-transport-security",
];

fn check(place: &str, reply: &Reply, limited: bool) {
    for name in SECURITY.iter().chain(&["x-request-id"]) {
        assert!(!reply.header(name).is_empty(), "{place} {}: no {name}", reply.status);
    }
    for name in ["ratelimit", "ratelimit-policy"] {
        assert_eq!(!reply.header(name).is_empty(), limited, "{place} {}: {name}", reply.status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_its_security_limit_and_id() {
    let app = TestApp::new().await;
    for operation in all() {
        for query in ["", "nonsense=1"] {
            let reply = operation.send(&app, query).await;
            check(&operation.place(), &reply, operation.limited());
        }
    }
    let nowhere = app.get("/nowhere").await;
    assert_eq!(nowhere.status, 404);
    check("GET /nowhere", &nowhere, true);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_well_formed_request_id_is_kept_and_any_other_replaced() {
    let app = TestApp::new().await;
    for (given, kept) in [("abc-1.2_3", true), ("", false), ("a b", false), ("a\"b", false)] {
        let reply = app.request(Method::GET, "/nowhere").header("x-request-id", given).send().await;
        assert_eq!(reply.header("x-request-id") == given, kept, "{given:?}");
        assert_eq!(reply.json["request_id"], reply.header("x-request-id"), "{given:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_an_etag_is_not_sent_twice_in_any_coding() {
    let app = TestApp::new().await;
    app.article().headline("기준금리 동결").create().await;
    for operation in all().into_iter().filter(|operation| operation.method == Method::GET) {
        for coding in ["identity", "gzip", "br", "zstd"] {
            let call = || operation.call(&app, "").header("accept-encoding", coding);
            let first = call().send().await;
            if first.status != 200 || first.header("etag").is_empty() {
                continue;
            }
            let again = call().header("if-none-match", first.etag()).send().await;
            assert_eq!(again.status, 304, "{} {coding}", operation.place());
            assert_eq!(again.etag(), first.etag(), "{} {coding}", operation.place());
            assert!(
                again.text.is_empty() && !first.etag().starts_with("W/"),
                "{}",
                operation.place()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_coding_that_cannot_be_given_is_406() {
    let app = TestApp::new().await;
    for operation in all().into_iter().filter(|operation| operation.method == Method::GET) {
        let call = operation.call(&app, "").header("accept-encoding", "identity;q=0, *;q=0");
        let reply = call.send().await;
        assert_eq!(reply.status, 406, "{}: {}", operation.place(), reply.text);
        assert_eq!(reply.json["code"], "not_acceptable", "{}", operation.place());
    }
}

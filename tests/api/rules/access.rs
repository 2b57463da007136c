use super::operations::all;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_valid_is_refused_everywhere() {
    let app = TestApp::new().await;
    for operation in all() {
        for header in ["Bearer sk_unknown", "Bearer x", "Bearer", "Basic c2tfOg=="] {
            let call = app.request(operation.method.clone(), &operation.path);
            let reply = call.header("authorization", header).send().await;
            assert_eq!(reply.status, 401, "{} {header}: {}", operation.place(), reply.text);
            assert!(!reply.header("www-authenticate").is_empty(), "{}", operation.place());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_needs_a_key_is_refused_without_one() {
    let app = TestApp::new().await;
    for operation in all().into_iter().filter(|operation| operation.secured()) {
        let call = app.request(operation.method.clone(), &operation.path);
        let reply = call.send().await;
        assert_eq!(reply.status, 401, "{}: {}", operation.place(), reply.text);
        assert!(!reply.header("www-authenticate").is_empty(), "{}", operation.place());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_without_the_scope_is_refused() {
    let app = TestApp::new().await;
    let key = app.key(&[], None).await;
    for operation in all().into_iter().filter(|operation| operation.secured()) {
        let call = app.request(operation.method.clone(), &operation.path).bearer(&key);
        let reply = call.send().await;
        assert_eq!(reply.status, 403, "{}: {}", operation.place(), reply.text);
        assert_eq!(reply.json["code"], "insufficient_scope", "{}", operation.place());
    }
}

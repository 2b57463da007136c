use super::operations::all;
use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_not_valid_is_refused_everywhere() {
    let app = TestApp::new().await;
    for operation in all() {
        for header in [
            "Bearer sk_unknown",
            "Bearer at_unknown",
            "Bearer e30.e30.e30",
            "Bearer x",
            "Bearer",
            "Basic c2tfOg==",
        ] {
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
        // Who may is told by what is asked for, which does not exist.
        if operation.takes_keys() && operation.takes_any_account() && reply.status == 404 {
            continue;
        }
        assert_eq!(reply.status, 403, "{}: {}", operation.place(), reply.text);
        let code = if operation.takes_keys() { "insufficient_scope" } else { "account_needed" };
        assert_eq!(reply.json["code"], code, "{}", operation.place());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_without_a_role_is_refused_what_needs_a_scope() {
    let app = TestApp::new().await;
    let reader = app.reader("한강 산책").await;
    let secured = |operation: &super::operations::Operation| operation.secured();
    for operation in all().into_iter().filter(secured).filter(|one| one.takes_keys()) {
        let call = app.request(operation.method.clone(), &operation.path).bearer(&reader.token);
        let reply = call.send().await;
        if operation.takes_any_account() && reply.status == 404 {
            continue;
        }
        assert_eq!(reply.status, 403, "{}: {}", operation.place(), reply.text);
        assert_eq!(reply.json["code"], "insufficient_scope", "{}", operation.place());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_admins_account_opens_what_an_admins_key_opens() {
    let app = TestApp::new().await;
    let admin = app.staff("김관리", &["admin"]).await;
    let secured = |operation: &super::operations::Operation| operation.secured();
    for operation in all().into_iter().filter(secured).filter(|one| one.takes_keys()) {
        let call = app.request(operation.method.clone(), &operation.path).bearer(&admin.token);
        let status = call.send().await.status;
        assert!(![401, 403].contains(&status), "{}: {status}", operation.place());
    }
}

use super::operations::{Operation, all};
use crate::support::TestApp;

fn with_json() -> Vec<(Operation, &'static str)> {
    all()
        .into_iter()
        .filter_map(|operation| operation.json().map(|kind| (operation, kind)))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn other_content_types_and_codings_are_415() {
    let app = TestApp::new().await;
    for operation in all().into_iter().filter(|operation| !operation.content_types().is_empty()) {
        let kind = operation.content_types()[0];
        let call = || operation.call(&app, "");
        let mut replies = vec![
            call().body("{}", "application/x-nonsense").send().await,
            call().body("{}", kind).header("content-encoding", "gzip").send().await,
        ];
        // Feeds come in many encodings; JSON is UTF-8.
        if kind.ends_with("json") {
            replies.push(call().body("{}", &format!("{kind}; charset=utf-16")).send().await);
        }
        for reply in replies {
            assert_eq!(reply.status, 415, "{}: {}", operation.place(), reply.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_json_document_is_400() {
    let app = TestApp::new().await;
    let deep = format!("{}1{}", "{\"a\":".repeat(100), "}".repeat(100));
    for (operation, kind) in with_json() {
        for body in
            ["{", "", "{} {}", "{\"a\":1,\"a\":2}", "{\"a\":\"\u{1}\"}", "nul", deep.as_str()]
        {
            if body.is_empty() && operation.about["requestBody"]["required"] != true {
                continue;
            }
            let reply = operation.call(&app, "").body(body, kind).send().await;
            assert_eq!(reply.status, 400, "{} {body:?}: {}", operation.place(), reply.text);
            assert_eq!(reply.json["code"], "malformed_json", "{}", operation.place());
        }
        let reply = operation.call(&app, "").body([b'"', 0xff, b'"'], kind).send().await;
        assert_eq!(reply.status, 400, "{}: {}", operation.place(), reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_is_413() {
    let app = TestApp::with(|settings| {
        settings.limits.body_bytes = 2_048;
        settings.limits.article_bytes = 2_048;
        settings.limits.import_bytes = 2_048;
    })
    .await;
    for operation in all().into_iter().filter(|operation| !operation.content_types().is_empty()) {
        let body = " ".repeat(70_000);
        let reply = operation.call(&app, "").body(body, operation.content_types()[0]).send().await;
        assert_eq!(reply.status, 413, "{}: {}", operation.place(), reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_members_are_422_with_a_pointer() {
    let app = TestApp::new().await;
    for (operation, kind) in with_json().into_iter().filter(|(_, kind)| *kind == "application/json")
    {
        let reply = operation.call(&app, "").body("{\"nonsense\":1}", kind).send().await;
        // A change of what does not exist is a 404 before its body means anything.
        if reply.status == 404 {
            continue;
        }
        assert_eq!(reply.status, 422, "{}: {}", operation.place(), reply.text);
        let faults = reply.faults();
        let named = faults.iter().any(|(place, _)| place == "/nonsense");
        assert!(named, "{}: {faults:?}", operation.place());
    }
}

use super::operations::all;
use crate::support::{Reply, TestApp};
use reqwest::Method;
use std::collections::BTreeMap;

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_are_405_and_named_in_allow() {
    let app = TestApp::new().await;
    let mut paths: BTreeMap<_, Vec<Method>> = BTreeMap::new();
    for operation in all() {
        paths.entry((operation.template, operation.path)).or_default().push(operation.method);
    }
    for ((template, path), methods) in paths {
        for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
            if methods.contains(&method) {
                continue;
            }
            let reply = app.request(method.clone(), &path).send().await;
            assert_eq!(reply.status, 405, "{method} {template}: {}", reply.text);
            assert_eq!(reply.json["code"], "method_not_allowed", "{method} {template}");
            let allowed: Vec<_> =
                reply.header("allow").split(", ").map(ToOwned::to_owned).collect();
            for there in &methods {
                assert!(allowed.contains(&there.to_string()), "{method} {template}: {allowed:?}");
            }
            assert!(!allowed.contains(&method.to_string()), "{method} {template}: {allowed:?}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_the_body() {
    let app = TestApp::new().await;
    for operation in all().into_iter().filter(|operation| operation.method == Method::GET) {
        let get = operation.send(&app, "").await;
        let bearer = operation.bearer(&app);
        let key =
            bearer.map(|token| format!("authorization: Bearer {token}\r\n")).unwrap_or_default();
        let head = app.raw(
            format!(
                "HEAD {} HTTP/1.1\r\nhost: x\r\n{key}connection: close\r\n\r\n",
                operation.path
            )
            .as_bytes(),
        );
        let (headers, body) = head.split_once("\r\n\r\n").expect("headers end");
        assert!(body.is_empty(), "{}: {body:?}", operation.place());
        let status = format!("HTTP/1.1 {}", get.status);
        assert!(headers.starts_with(&status), "{}: {headers}", operation.place());
        let headers = headers.to_lowercase();
        for name in ["content-type", "etag", "cache-control", "last-modified"] {
            let line = format!("{name}: {}", get.header(name).to_lowercase());
            assert!(
                get.header(name).is_empty() || headers.contains(&line),
                "{}: {line}\n{headers}",
                operation.place()
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn other_spellings_of_a_path_reach_no_handler() {
    let app = TestApp::new().await;
    for operation in all() {
        let path = &operation.path;
        let bearer = operation.bearer(&app).unwrap_or_else(|| app.admin().to_owned());
        let last = path.rfind('/').unwrap_or_default();
        let spellings = [
            format!("{path}/"),
            format!("/{path}"),
            format!("{}//{}", &path[..last], &path[last + 1..]),
            // What does not start with a slash is refused by the HTTP parser, without a word.
            format!("/{}%2F{}", path[..last].trim_start_matches('/'), &path[last + 1..]),
            format!("{path}%2F"),
            format!("{path}%00"),
            format!("{path}/."),
        ];
        for spelling in spellings {
            // As it is: a client would tidy it up.
            let request = format!(
                "{} {spelling} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {bearer}\r\nif-match: *\r\n\
                 content-length: 0\r\nconnection: close\r\n\r\n",
                operation.method,
            );
            let answer = app.raw(request.as_bytes());
            let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
            let refused = ["400", "404", "405", "415", "422"].contains(&status.as_str());
            assert!(refused, "{} {spelling}: {answer}", operation.method);
            assert!(
                answer.contains("application/problem+json"),
                "{} {spelling}: {answer}",
                operation.method
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn options_lists_the_methods() {
    let app = TestApp::new().await;
    for operation in all() {
        let reply: Reply = app.request(Method::OPTIONS, &operation.path).send().await;
        assert_eq!(reply.status, 204, "{}", operation.place());
        assert!(reply.header("allow").contains(operation.method.as_str()), "{}", operation.place());
    }
}

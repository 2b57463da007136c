//! Limits that cannot be talked around.

use crate::support::TestApp;
use reqwest::Method;

const UNKNOWN_KEY: &str = "sk_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

#[tokio::test(flavor = "multi_thread")]
async fn a_path_spelled_another_way_has_the_same_limit() {
    let app = TestApp::with(|settings| settings.limits.imports_per_minute = 2).await;
    for (path, status) in [("/v1/imports", 415), ("/v1/%69mports", 415), ("/v1/%69mports", 429)] {
        let call = app.request(Method::POST, path).bearer(app.admin());
        assert_eq!(call.body("x", "application/x-nonsense").send().await.status, status, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn guessing_keys_is_limited() {
    let app = TestApp::with(|settings| settings.limits.reads_per_minute = 3).await;
    let guess = || app.request(Method::GET, "/v1/articles").bearer(UNKNOWN_KEY).send();
    for status in [401, 401, 401, 429] {
        assert_eq!(guess().await.status, status);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chunked_body_that_nobody_reads_ends_the_connection() {
    use std::io::{Read, Write};
    let app = TestApp::new().await;
    let address = app.base_url.trim_start_matches("http://").to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut socket = std::net::TcpStream::connect(&address).expect("connects");
        let head = "GET /v1/meta HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        socket.write_all(head.as_bytes()).expect("sends");
        socket.set_read_timeout(Some(std::time::Duration::from_secs(20))).expect("a timeout");
        let mut answer = Vec::new();
        // Ends when the server closes; a server that listens on runs into the timeout.
        socket.read_to_end(&mut answer).map(|_| answer)
    });
    let answer = read.await.expect("ran").expect("the server closes");
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
}

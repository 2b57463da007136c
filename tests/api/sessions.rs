//! `/v1/auth/refresh`, `/v1/auth/logout` and `/v1/auth/logout-all`.

use crate::{
    accounts::{login, register},
    support::{Reply, TestApp},
};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::json;

async fn refresh(app: &TestApp, token: &str) -> Reply {
    let body = json!({"refresh_token": token});
    app.request(Method::POST, "/v1/auth/refresh").json(&body).send().await
}

async fn is_in(app: &TestApp, token: &str) -> bool {
    app.request(Method::GET, "/v1/meta").bearer(token).send().await.status == 200
}

fn tokens(reply: &Reply) -> (String, String) {
    let text = |name: &str| reply.json[name].as_str().expect("a token").to_owned();
    (text("access_token"), text("refresh_token"))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_gives_a_new_pair_and_ends_the_old_one() {
    let app = TestApp::new().await;
    let first = register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let (access, token) = tokens(&first);
    let second = refresh(&app, &token).await.expect(200);
    assert_eq!(second.header("cache-control"), "private, no-store");
    assert_eq!(second.json["account"], first.json["account"]);
    let (newer, _) = tokens(&second);
    assert!(!is_in(&app, &access).await);
    assert!(is_in(&app, &newer).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_shown_again_ends_the_whole_log_in_and_no_other() {
    let app = TestApp::new().await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let (_, stolen) = tokens(&login(&app, "reader@example.kr", "한강에서 부는 바람").await);
    let (other, _) = tokens(&login(&app, "reader@example.kr", "한강에서 부는 바람").await);
    let (_, second) = tokens(&refresh(&app, &stolen).await.expect(200));
    let (access, third) = tokens(&refresh(&app, &second).await.expect(200));
    assert!(is_in(&app, &access).await);
    let refused = refresh(&app, &stolen).await.expect(401);
    assert_eq!(refused.json["code"], "invalid_credentials");
    assert!(!is_in(&app, &access).await);
    refresh(&app, &third).await.expect(401);
    assert!(is_in(&app, &other).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_refreshes_of_one_token_at_once_leave_at_most_one_live_pair() {
    let app = TestApp::new().await;
    let (_, token) = tokens(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    let replies = join_all((0..50).map(|_| refresh(&app, &token))).await;
    let given: Vec<_> = replies.iter().filter(|reply| reply.status == 200).collect();
    assert_eq!(given.len(), 1);
    assert!(replies.iter().all(|reply| [200, 401].contains(&reply.status)));
    // The others showed a token that was spent: what the one got has ended, too.
    assert!(!is_in(&app, &tokens(given[0]).0).await);
    let live = "select count(*) from sessions where revoked_at is null";
    assert_eq!(app.value(live).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_ends_by_itself() {
    let app = TestApp::new().await;
    let (_, token) = tokens(&register(&app, "reader@example.kr", "한강 산책").await.expect(201));
    app.clock.set("2026-12-22T09:00:00Z".parse().expect("an instant"));
    refresh(&app, &token).await.expect(401);
    refresh(&app, "rt_made_up").await.expect(401);
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_ends_this_log_in_or_all_of_them() {
    let app = TestApp::new().await;
    let mut pairs = vec![tokens(&register(&app, "reader@example.kr", "한강 산책").await)];
    for _ in 0..2 {
        pairs.push(tokens(&login(&app, "reader@example.kr", "한강에서 부는 바람").await));
    }
    let out = async |path: &str, token: &str| {
        app.request(Method::POST, path).bearer(token).send().await.expect(204)
    };
    out("/v1/auth/logout", &pairs[0].0).await;
    assert!(!is_in(&app, &pairs[0].0).await && is_in(&app, &pairs[1].0).await);
    refresh(&app, &pairs[0].1).await.expect(401);
    out("/v1/auth/logout-all", &pairs[1].0).await;
    for (access, token) in &pairs {
        assert!(!is_in(&app, access).await);
        refresh(&app, token).await.expect(401);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_oldest_log_in_beyond_the_number_of_the_settings_ends() {
    let app = TestApp::with(|settings| settings.accounts.sessions = 2).await;
    let mut pairs = vec![tokens(&register(&app, "reader@example.kr", "한강 산책").await)];
    for minute in 1..3 {
        let at = format!("2026-11-22T09:0{minute}:00Z");
        app.clock.set(at.parse().expect("an instant"));
        pairs.push(tokens(&login(&app, "reader@example.kr", "한강에서 부는 바람").await));
    }
    let mut live = Vec::new();
    for (access, _) in &pairs {
        live.push(is_in(&app, access).await);
    }
    assert_eq!(live, [false, true, true]);
}

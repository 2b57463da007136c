//! `/v1/staff`.

use crate::support::TestApp;
use reqwest::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn an_admin_makes_a_reader_a_moderator_and_back() {
    let app = TestApp::new().await;
    let admin = app.staff("김관리", &["admin"]).await;
    let reader = app.reader("한강 산책").await;
    let path = format!("/v1/staff/{}/roles", reader.id);
    let set = async |by: &str, roles: serde_json::Value| {
        let call = app.request(Method::PUT, &path).bearer(by);
        call.json(&json!({"roles": roles})).send().await
    };
    set(&reader.token, json!(["admin"])).await.expect(403);
    assert_eq!(
        set(&admin.token, json!(["moderator", "moderator"])).await.expect(422).faults().len(),
        1
    );
    let made = set(&admin.token, json!(["moderator"])).await.expect(200);
    assert_eq!(made.json["roles"], json!(["moderator"]));
    let list = app.request(Method::GET, "/v1/staff").bearer(&admin.token).send().await.expect(200);
    assert_eq!(list.json["items"].as_array().expect("a list").len(), 2);
    set(app.admin(), json!([])).await.expect(200);
    let list = app.request(Method::GET, "/v1/staff").bearer(&admin.token).send().await.expect(200);
    assert_eq!(list.json["items"].as_array().expect("a list").len(), 1);
    let read = app.request(Method::GET, &path).bearer(&admin.token).send().await.expect(200);
    assert_eq!(read.json["roles"], json!([]));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_admin_stays_one() {
    let app = TestApp::new().await;
    let one = app.staff("김관리", &["admin"]).await;
    let other = app.staff("이관리", &["admin", "editor"]).await;
    let set = async |of: &sosik::ids::AccountId| {
        let call = app.request(Method::PUT, &format!("/v1/staff/{of}/roles")).bearer(app.admin());
        call.json(&json!({"roles": ["editor"]})).send().await
    };
    set(&one.id).await.expect(200);
    assert_eq!(set(&other.id).await.expect(409).json["code"], "last_admin");
    let erase = app.request(Method::DELETE, "/v1/me").bearer(&other.token);
    let refused = erase.json(&json!({"confirm": true})).send().await.expect(409);
    assert_eq!(refused.json["code"], "last_admin");
}

//! Tokens of external issuers.

use crate::support::{
    Reply, TestApp,
    issuer::{AUDIENCE, ISSUER, Issuer, unsigned},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use futures_util::future::join_all;
use reqwest::Method;
use serde_json::{Value, json};

/// 2026-11-22T09:00:00Z, the tests' present.
const NOW: i64 = 1_795_338_000;

fn claims(subject: &str) -> Value {
    json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "iat": NOW - 5, "exp": NOW + 300,
        "name": "한강 산책",
    })
}

fn with(more: &Value) -> Value {
    let mut claims = claims("subject 1");
    for (name, value) in more.as_object().expect("an object") {
        claims[name] = value.clone();
    }
    claims
}

async fn me(app: &TestApp, token: &str) -> Reply {
    app.request(Method::GET, "/v1/me").bearer(token).send().await
}

async fn app(issuer: &Issuer, more: Value) -> TestApp {
    TestApp::with(|settings| issuer.trust(settings, &more)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_comes_first_with_a_token_gets_one_account_however_often_they_ask() {
    let issuer = Issuer::start("one");
    let app = app(&issuer, json!({})).await;
    assert_eq!(app.clock.now().as_seconds(), NOW);
    let token = issuer.sign(&claims("subject 1"));
    let replies = join_all((0..20).map(|_| me(&app, &token))).await;
    assert!(replies.iter().all(|reply| reply.status == 200), "{replies:?}");
    assert!(replies.iter().all(|reply| reply.json["id"] == replies[0].json["id"]));
    assert_eq!(app.value("select count(*) from accounts").await, 1);
    assert_eq!(issuer.asked(), 1);
    let profile = &replies[0].json;
    assert_eq!(profile["display_name"], "한강 산책");
    assert_eq!((&profile["issuer"], &profile["email"]), (&json!(ISSUER), &Value::Null));
    // The next of this name, and one who would be the staff, are called something else.
    for (subject, name) in [("subject 2", "한강산책"), ("subject 3", "운영자"), ("subject 4", "")]
    {
        let mut claims = claims(subject);
        claims["name"] = json!(name);
        let reply = me(&app, &issuer.sign(&claims)).await.expect(200);
        let given = reply.json["display_name"].as_str().expect("a name").to_owned();
        assert!(given.starts_with("독자 "), "{given}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_that_are_not_signed_for_us_by_a_key_of_the_issuer_are_401() {
    let issuer = Issuer::start("one");
    let app = app(&issuer, json!({})).await;
    me(&app, &issuer.sign(&claims("subject 1"))).await.expect(200);
    let good = claims("subject 1");
    let header = |more: Value| {
        let mut header = json!({"alg": "ES256", "kid": "one"});
        for (name, value) in more.as_object().expect("an object") {
            header[name] = value.clone();
        }
        header
    };
    let hmac = |header: Value, secret: &[u8]| {
        use hmac::{Hmac, Mac};
        let text = unsigned(&header, &good);
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).expect("any length");
        mac.update(text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
    };
    let stranger = Issuer::start("one");
    let whole = issuer.sign(&good);
    let (signed, _) = whole.rsplit_once('.').expect("dots");
    let mut refused = vec![
        ("no signature", format!("{signed}.")),
        ("another's signature", stranger.sign(&good)),
        ("alg none", format!("{}.", unsigned(&header(json!({"alg": "none"})), &good))),
        ("alg NoNe", format!("{}.", unsigned(&header(json!({"alg": "NoNe"})), &good))),
        ("the public key as a secret", hmac(header(json!({"alg": "HS256"})), &issuer.public())),
        ("a secret of nothing", hmac(header(json!({"alg": "HS256"})), b"")),
        ("another algorithm's name", issuer.sign_as(&header(json!({"alg": "RS256"})), &good)),
        ("one that is not listed", issuer.sign_as(&header(json!({"alg": "EdDSA"})), &good)),
        ("a key in the token", stranger.sign_as(&header(json!({"jwk": {"kty": "EC"}})), &good)),
        ("keys elsewhere", stranger.sign_as(&header(json!({"jku": "http://127.0.0.1/"})), &good)),
        (
            "something critical",
            issuer.sign_as(&header(json!({"crit": ["b64"], "b64": false})), &good),
        ),
    ];
    for kid in
        ["../../../../dev/null", "/etc/passwd", "http://127.0.0.1/x", "' or 1=1--", "two", ""]
    {
        refused.push(("another key's name", issuer.sign_as(&header(json!({"kid": kid})), &good)));
    }
    for more in [
        json!({"aud": "another"}),
        json!({"aud": ["another", "portal2"]}),
        json!({"aud": null}),
        json!({"iss": "https://id.example.kr/"}),
        json!({"iss": null}),
        json!({"exp": NOW - 60}),
        json!({"exp": null}),
        json!({"exp": "never"}),
        json!({"nbf": NOW + 61}),
        json!({"iat": NOW + 3_600}),
        json!({"sub": ""}),
        json!({"sub": null}),
        json!({"sub": "a\u{0}b"}),
        json!({"sub": "x".repeat(256)}),
    ] {
        refused.push(("claims", issuer.sign(&with(&more))));
    }
    for (what, token) in refused {
        let reply = me(&app, &token).await;
        assert_eq!(reply.status, 401, "{what}: {token}: {}", reply.text);
    }
    // As far as the clocks may differ.
    for more in
        [json!({"exp": NOW - 59}), json!({"nbf": NOW + 59}), json!({"aud": ["x", "portal"]})]
    {
        assert_eq!(me(&app, &issuer.sign(&with(&more))).await.status, 200, "{more}");
    }
    assert_eq!(app.value("select count(*) from accounts").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_key_is_found_and_a_made_up_one_asks_the_issuer_no_oftener_than_it_may() {
    let mut issuer = Issuer::start("one");
    let app = app(&issuer, json!({"ask_seconds": 30, "keys_seconds": 600})).await;
    let old = issuer.sign(&claims("subject 1"));
    me(&app, &old).await.expect(200);
    issuer.rotate("two");
    let new = issuer.sign(&claims("subject 1"));
    me(&app, &new).await.expect(401);
    assert_eq!(issuer.asked(), 1);
    app.clock.set(app.clock.now().plus_seconds(30));
    me(&app, &new).await.expect(200);
    me(&app, &old).await.expect(401);
    for _ in 0..10 {
        let header = json!({"alg": "ES256", "kid": "made up"});
        me(&app, &issuer.sign_as(&header, &claims("subject 1"))).await.expect(401);
    }
    assert_eq!(issuer.asked(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_are_kept_while_the_issuer_is_down() {
    let issuer = Issuer::start("one");
    let app = app(&issuer, json!({"keys_seconds": 10})).await;
    let token = issuer.sign(&with(&json!({"exp": NOW + 100_000})));
    me(&app, &token).await.expect(200);
    issuer.stop();
    for minutes in [10, 20, 30] {
        app.clock.set(
            "2026-11-22T09:00:00Z"
                .parse::<sosik::clock::Timestamp>()
                .expect("an instant")
                .plus_minutes(minutes),
        );
        me(&app, &token).await.expect(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_come_from_a_claim_only_where_the_settings_name_it() {
    let issuer = Issuer::start("one");
    let token = issuer.sign(&with(&json!({"groups": ["admin", "knitting"], "roles": ["admin"]})));
    for (more, status) in [(json!({}), 403), (json!({"roles_claim": "groups"}), 200)] {
        let app = app(&issuer, more).await;
        let reply = app.request(Method::GET, "/v1/staff").bearer(&token).send().await;
        assert_eq!(reply.status, status, "{}", reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_was_erased_comes_back_as_somebody_else_and_not_with_an_old_token() {
    let issuer = Issuer::start("one");
    let app = app(&issuer, json!({})).await;
    let token = issuer.sign(&claims("subject 1"));
    let first = me(&app, &token).await.expect(200);
    let erase = app.request(Method::DELETE, "/v1/me").bearer(&token);
    erase.json(&json!({"confirm": true})).send().await.expect(204);
    me(&app, &token).await.expect(401);
    let text = app.value("select json_agg(a)::text from accounts a").await.to_string();
    assert!(!text.contains("subject 1") && !text.contains(ISSUER), "{text}");
    app.clock.set(app.clock.now().plus_seconds(60));
    let again = me(&app, &issuer.sign(&with(&json!({"iat": NOW + 60})))).await.expect(200);
    assert_ne!(again.json["id"], first.json["id"]);
}

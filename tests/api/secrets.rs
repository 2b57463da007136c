//! What whoever steals the database can use.

use crate::{
    accounts::{login, register},
    support::{
        TestApp,
        post::{Post, token},
    },
};
use diesel::{QueryableByName, sql_types::Text};
use diesel_async::RunQueryDsl;
use reqwest::Method;
use serde_json::json;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// Every row of every table as text, bytes as they are and as hexadecimal.
async fn dump(app: &TestApp) -> String {
    let mut conn = app.pool.get().await.expect("a connection");
    let tables: Vec<Line> = diesel::sql_query(
        "select tablename::text as line from pg_tables where schemaname = 'public'",
    )
    .load(&mut conn)
    .await
    .expect("tables");
    let mut whole = String::new();
    for format in ["hex", "escape"] {
        app.sql(&format!("set bytea_output = '{format}'")).await;
        for table in &tables {
            let query = format!("select t::text as line from {} t", table.line);
            let mut conn = app.pool.get().await.expect("a connection");
            diesel::sql_query(format!("set bytea_output = '{format}'"))
                .execute(&mut conn)
                .await
                .expect("set");
            let rows: Vec<Line> = diesel::sql_query(query).load(&mut conn).await.expect("rows");
            whole.extend(rows.into_iter().map(|row| format!("{}: {}\n", table.line, row.line)));
        }
    }
    whole
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dump_of_the_database_holds_no_secret_that_opens_anything() {
    let mail = Post::start();
    let app = TestApp::with(|settings| mail.serve(settings)).await;
    let mut secrets = vec!["한강에서 부는 바람".to_owned()];
    let first = register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    let second = login(&app, "reader@example.kr", &secrets[0]).await.expect(200);
    login(&app, "reader@example.kr", "한강에서 부는 바람인가").await.expect(401);
    let body = json!({"refresh_token": second.json["refresh_token"]});
    let third = app.request(Method::POST, "/v1/auth/refresh").json(&body).send().await.expect(200);
    for reply in [&first, &second, &third] {
        for name in ["access_token", "refresh_token"] {
            secrets.push(reply.json[name].as_str().expect("a token").to_owned());
        }
    }
    let body = json!({"email": "reader@example.kr"});
    let call = app.request(Method::POST, "/v1/auth/password/reset-request").json(&body);
    call.send().await.expect(202);
    secrets.push(token(&mail.mails(1).await[0]));
    let body = json!({"name": "Newsroom", "scopes": ["articles:write"]});
    let call = app.request(Method::POST, "/v1/api-keys").bearer(app.admin()).json(&body);
    let key = call.header("idempotency-key", "one").send().await.expect(201);
    secrets.push(key.json["key"].as_str().expect("a key").to_owned());
    let dump = dump(&app).await;
    for table in ["accounts", "sessions", "spent_refresh_tokens", "reset_tokens", "failed_logins"] {
        assert!(dump.contains(&format!("{table}: ")), "nothing in {table}");
    }
    for secret in secrets {
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        // The first characters of a key are kept to tell keys apart.
        let tail = secret.chars().skip(11).collect::<String>();
        for text in [&secret, &hex] {
            assert!(!dump.contains(text.as_str()), "{secret}");
        }
        assert!(tail.is_empty() || !dump.contains(&tail), "{secret}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_ended_is_forgotten() {
    let app = TestApp::new().await;
    register(&app, "reader@example.kr", "한강 산책").await.expect(201);
    login(&app, "nobody@example.kr", "wrong password").await.expect(401);
    let count = async |table: &str| app.value(&format!("select count(*) from {table}")).await;
    let prune = async |at: &str| {
        let mut conn = app.pool.get().await.expect("a connection");
        let at = at.parse().expect("an instant");
        sosik::accounts::store::sessions::prune(&mut conn, at).await.expect("pruned");
    };
    prune("2026-11-23T08:59:00Z").await;
    assert_eq!((count("sessions").await, count("failed_logins").await), (json!(1), json!(2)));
    prune("2026-11-23T09:01:00Z").await;
    assert_eq!((count("sessions").await, count("failed_logins").await), (json!(1), json!(0)));
    prune("2026-12-22T09:01:00Z").await;
    assert_eq!(count("sessions").await, 0);
}

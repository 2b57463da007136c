//! /v1/imports: what goes in, what is refused, and that a job ends as if nothing had happened to it.

use crate::support::{Reply, TestApp};
use encoding_rs::EUC_KR;
use reqwest::Method;
use serde_json::{Value, json};
use sosik::{config::Settings, ingest::worker::run_one};
use std::io::{Read, Write};

const NDJSON: &str = "application/x-ndjson";

fn line(id: &str, headline: &str) -> Value {
    json!({
        "publisher": "하늘일보",
        "external_id": id,
        "category": "경제",
        "headline": headline,
        "published_at": "2026-11-20T09:00:00+09:00",
        "body": [{"type": "paragraph", "text": "본문입니다."}],
    })
}

fn lines(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn settings(change: impl FnOnce(&mut Settings)) -> Settings {
    let mut settings: Settings =
        deserr::deserialize::<_, _, sosik::error::Faults>(json!({})).expect("defaults");
    change(&mut settings);
    settings
}

/// Sends a document and gives the job's address.
async fn send(
    app: &TestApp,
    key: &str,
    query: &str,
    body: impl Into<Vec<u8>>,
    media: &str,
) -> String {
    let call = app.request(Method::POST, &format!("/v1/imports{query}")).bearer(key);
    let reply = call.body(body, media).send().await.expect(202);
    assert_eq!(reply.json["status"], "queued");
    reply.header("location").to_owned()
}

async fn work(app: &TestApp) {
    while run_one(&app.pool, &settings(|_| {}), &app.clock).await.expect("the job runs") {}
}

async fn read(app: &TestApp, key: &str, path: &str) -> Reply {
    app.request(Method::GET, path).bearer(key).send().await
}

/// Imports a document as `key`; the job when it is over.
async fn import(
    app: &TestApp,
    key: &str,
    query: &str,
    body: impl Into<Vec<u8>>,
    media: &str,
) -> Value {
    let path = send(app, key, query, body, media).await;
    work(app).await;
    read(app, key, &path).await.expect(200).json
}

async fn items(app: &TestApp, job: &Value, query: &str) -> Vec<Value> {
    let path = format!("/v1/imports/{}/items?limit=100{query}", job["id"].as_str().expect("an id"));
    let page = read(app, app.admin(), &path).await.expect(200).json;
    page["items"].as_array().expect("items").clone()
}

fn verdicts(job: &Value) -> [i64; 4] {
    ["created", "updated", "unchanged", "invalid"]
        .map(|verdict| job["verdicts"][verdict].as_i64().expect("a count"))
}

/// The pointer and code of each error of an item.
fn errors(item: &Value) -> Vec<(&str, &str)> {
    let errors = item["errors"].as_array().expect("errors");
    let text = |error: &'_ Value, name: &str| error[name].as_str().map(ToOwned::to_owned);
    assert!(errors.iter().all(|error| text(&error["detail"], "ko").is_some()));
    errors
        .iter()
        .map(|e| (e["pointer"].as_str().expect("pointer"), e["code"].as_str().expect("code")))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_import_of_a_file_writes_nothing() {
    let app = TestApp::new().await;
    let mut all: Vec<_> = (0..1200).map(|n| line(&n.to_string(), &format!("제목 {n}"))).collect();
    // Twice in one file: the later wins, and stays.
    all[1100]["external_id"] = json!("7");
    let file = lines(&all);
    let first = import(&app, app.admin(), "", file.clone(), NDJSON).await;
    assert_eq!((first["status"].as_str(), verdicts(&first)), (Some("done"), [1199, 0, 1, 0]));
    assert_eq!((&first["format"], &first["total"]), (&json!("ndjson"), &json!(1200)));
    let winner = app.value("select headline from articles where external_id = '7'").await;
    assert_eq!(winner, "제목 1100");
    let before = app.value("select sum(revision) from articles").await;
    let second = import(&app, app.admin(), "", file, NDJSON).await;
    assert_eq!(verdicts(&second), [0, 0, 1200, 0]);
    assert_eq!(app.value("select sum(revision) from articles").await, before);
    assert_eq!(app.value("select count(*) from import_chunks").await, 0);

    all[3]["headline"] = json!("바뀐 제목");
    let third = import(&app, app.admin(), "", lines(&all), NDJSON).await;
    assert_eq!(verdicts(&third), [0, 1, 1199, 0]);
    let changed = items(&app, &third, "&verdict=updated").await;
    assert_eq!(
        (changed.len(), &changed[0]["n"], &changed[0]["external_id"]),
        (1, &json!(4), &json!("3"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_in_korean_encoding_goes_in_and_is_read() {
    let app = TestApp::new().await;
    let feed = "<?xml version='1.0' encoding='euc-kr'?><rss version='2.0'><channel><title>하늘일보</title>
        <item><guid>a</guid><title>똠방각하 뉴스</title><category>문화</category>
        <description>&lt;p&gt;첫 문단&lt;/p&gt;&lt;img src='https://a.example/1.jpg'&gt;</description></item>
        <item><guid>b</guid><title>분류 없는 기사</title></item></channel></rss>";
    let media = "application/rss+xml; charset=euc-kr";
    let job = import(&app, app.admin(), "", EUC_KR.encode(feed).0.into_owned(), media).await;
    assert_eq!((job["format"].as_str(), verdicts(&job)), (Some("rss"), [1, 0, 0, 1]));
    let refused = items(&app, &job, "&verdict=invalid").await;
    assert_eq!(errors(&refused[0]), [("/category", "missing")]);
    let list = app.get("/v1/articles?publisher=하늘일보&category=문화").await.expect(200).json;
    assert_eq!(list["items"][0]["headline"], "똠방각하 뉴스");
    let again =
        import(&app, app.admin(), "?category=sundry", EUC_KR.encode(feed).0.into_owned(), media)
            .await;
    assert_eq!(verdicts(&again), [1, 0, 1, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_faulty_item_is_told_why_and_the_others_go_in() {
    let app = TestApp::new().await;
    let mut slugged = line("c", "셋");
    slugged["slug"] = json!("one-of-a-kind");
    let mut taken = line("d", "넷");
    taken["slug"] = json!("one-of-a-kind");
    let mut bad = line("e", "");
    bad["body"][0]["type"] = json!("poem");
    bad["color"] = json!("red");
    let mut all: Vec<_> = (0..600).map(|n| line(&n.to_string(), &format!("제목 {n}"))).collect();
    all.splice(250..250, [slugged, taken, bad]);
    let file = lines(&all) + "\n{\"no\": \"json\"\n";
    let job = import(&app, app.admin(), "", file, NDJSON).await;
    assert_eq!((job["status"].as_str(), verdicts(&job)), (Some("done"), [601, 0, 0, 3]));
    let refused = items(&app, &job, "&verdict=invalid").await;
    let places: Vec<_> = refused.iter().map(|item| (item["n"].as_i64(), errors(item))).collect();
    let mut third = places[1].1.clone();
    third.sort_unstable();
    assert_eq!(places[0], (Some(252), vec![("/slug", "slug_taken")]));
    assert_eq!(
        third,
        [("/body/0/type", "unknown_value"), ("/color", "unknown_field"), ("/headline", "empty")]
    );
    assert_eq!(places[2], (Some(605), vec![("", "malformed_json")]));
    assert_eq!(app.value("select count(*) from articles").await, 601);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bound_key_writes_its_own_publisher_only_and_creates_nothing() {
    let app = TestApp::new().await;
    app.category("경제").await;
    let key = app.key(&["articles:write"], Some("haneul")).await;
    let mut other = line("1", "남의 기사");
    other["publisher"] = json!("bada");
    app.publisher("bada").await;
    let mut unknown = line("2", "없는 분류");
    (unknown["publisher"], unknown["category"]) = (json!("haneul"), json!("새 분류"));
    let mut own = line("3", "제 기사");
    own.as_object_mut().expect("an object").remove("publisher");
    let job = import(&app, &key, "", lines(&[other, unknown, own]), NDJSON).await;
    assert_eq!(verdicts(&job), [1, 0, 0, 2]);
    let refused = items(&app, &job, "&verdict=invalid").await;
    assert_eq!(errors(&refused[0]), [("/publisher", "wrong_publisher")]);
    assert_eq!(errors(&refused[1]), [("/category", "unknown_value")]);
    assert_eq!(app.value("select count(*) from categories").await, 1);

    let call = app.request(Method::POST, "/v1/imports?publisher=bada").bearer(&key);
    assert_eq!(call.body("", NDJSON).send().await.status, 403);
    let call = app.request(Method::POST, "/v1/imports?category=nowhere").bearer(&key);
    let reply = call.body("", NDJSON).send().await.expect(422);
    assert_eq!(reply.faults(), [("category".to_owned(), "unknown_value".to_owned())]);
    let stranger = app.key(&["articles:write"], Some("bada")).await;
    let path = format!("/v1/imports/{}", job["id"].as_str().expect("an id"));
    assert_eq!(read(&app, &stranger, &path).await.status, 404);
    assert_eq!(read(&app, &stranger, "/v1/imports").await.expect(200).json["items"], json!([]));
    assert_eq!(read(&app, app.admin(), "/v1/imports").await.json["items"][0]["id"], job["id"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_says_what_it_would_do_and_writes_nothing() {
    let app = TestApp::new().await;
    let mut all: Vec<_> = (0..700).map(|n| line(&n.to_string(), &format!("제목 {n}"))).collect();
    all[600]["headline"] = json!(" ");
    let job = import(&app, app.admin(), "?dry_run=true", lines(&all), NDJSON).await;
    assert_eq!((job["status"].as_str(), verdicts(&job)), (Some("done"), [699, 0, 0, 1]));
    for table in ["articles", "publishers", "categories", "article_slugs"] {
        assert_eq!(app.value(&format!("select count(*) from {table}")).await, 0, "{table}");
    }
    assert_eq!(items(&app, &job, "").await[0]["article_id"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_died_goes_on_and_has_each_item_once() {
    let app = TestApp::new().await;
    let all: Vec<_> = (0..1300).map(|n| line(&n.to_string(), &format!("제목 {n}"))).collect();
    let path = send(&app, app.admin(), "", lines(&all), NDJSON).await;
    work(&app).await;
    let job = read(&app, app.admin(), &path).await.expect(200).json;
    assert_eq!(verdicts(&job), [1300, 0, 0, 0]);

    // As it was after the first batch of a second run, whose worker then fell silent.
    let path = send(&app, app.admin(), "", lines(&all), NDJSON).await;
    let id = path.rsplit('/').next().expect("an id").to_owned();
    let now = app.clock.now();
    app.sql(&format!(
        "update imports set status = 'running', processed = 500, unchanged = 500, total = 1300,
            started_at = '{now}', heartbeat_at = '{now}' where id = '{id}';
         insert into import_items (import_id, n, verdict)
         select '{id}', n, 'unchanged' from generate_series(1, 500) n"
    ))
    .await;
    work(&app).await;
    let job = read(&app, app.admin(), &path).await.expect(200).json;
    assert_eq!((job["status"].as_str(), &job["processed"]), (Some("running"), &json!(500)));
    app.clock.set(now.plus_seconds(31));
    work(&app).await;
    let job = read(&app, app.admin(), &path).await.expect(200).json;
    assert_eq!((job["status"].as_str(), verdicts(&job)), (Some("done"), [0, 0, 1300, 0]));
    let numbers =
        format!("select array_agg(n order by n) from import_items where import_id = '{id}'");
    assert_eq!(app.value(&numbers).await, json!((1..=1300).collect::<Vec<_>>()));
    assert_eq!(app.value("select count(*) from articles").await, 1300);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_gets_no_further_is_given_up() {
    let app = TestApp::new().await;
    let path = send(&app, app.admin(), "", lines(&[line("1", "제목")]), NDJSON).await;
    app.sql("update imports set attempts = 5").await;
    work(&app).await;
    let job = read(&app, app.admin(), &path).await.expect(200).json;
    assert_eq!(
        (job["status"].as_str(), &job["fault"]["code"]),
        (Some("failed"), &json!("internal"))
    );
}

/// Answers every request with `body` until the process ends; its address.
fn serve(body: String) -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = stream;
            let _ = stream.read(&mut [0; 4096]);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/atom+xml\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                body.len()
            );
            let _ = stream.write_all((head + &body).as_bytes());
        }
    });
    format!("http://{address}/feed")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_inside_our_network_is_fetched_only_where_a_setting_opens_it() {
    let app = TestApp::new().await;
    let url = serve("<feed xmlns='http://www.w3.org/2005/Atom'><title>바다신문</title><entry><id>urn:1</id><title>파도</title><link href='/a'/></entry></feed>".into());
    let ask = async |url: &str| {
        let call = app.request(Method::POST, "/v1/imports?category=sea").bearer(app.admin());
        call.json(&json!({ "url": url })).send().await.expect(202).header("location").to_owned()
    };
    let closed = ask(&url).await;
    work(&app).await;
    let job = read(&app, app.admin(), &closed).await.expect(200).json;
    assert_eq!((job["status"].as_str(), &job["source_url"]), (Some("failed"), &json!(url)));
    assert_eq!(job["fault"]["code"], "port_not_allowed");
    assert!(job["fault"]["detail"]["ko"].as_str().is_some_and(|text| !text.is_empty()));
    for inside in ["http://127.0.0.1/", "http://[::1]/", "http://169.254.169.254/latest"] {
        let closed = ask(inside).await;
        work(&app).await;
        let job = read(&app, app.admin(), &closed).await.json;
        assert_eq!(job["fault"]["code"], "host_not_allowed", "{inside}");
    }
    let opened = ask(&url).await;
    let settings = settings(|s| s.imports.allowed_hosts.0.push("127.0.0.1".into()));
    assert!(run_one(&app.pool, &settings, &app.clock).await.expect("the job runs"));
    let job = read(&app, app.admin(), &opened).await.expect(200).json;
    assert_eq!((job["status"].as_str(), verdicts(&job)), (Some("done"), [1, 0, 0, 0]));
    let origin = app.value("select source_url from articles").await;
    assert_eq!(origin, url.replace("/feed", "/a"));
    for bad in [json!({"url": "file:///etc/passwd"}), json!({"url": "http://u:p@a/"}), json!({})] {
        let call = app.request(Method::POST, "/v1/imports").bearer(app.admin()).json(&bad);
        assert_eq!(call.send().await.expect(422).faults()[0].0, "/url", "{bad}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_too_large_or_of_another_kind_leaves_nothing_behind() {
    let app = TestApp::with(|settings| settings.limits.import_bytes = 2_500_000).await;
    let post = || app.request(Method::POST, "/v1/imports").bearer(app.admin());
    let nothing = async || app.value("select count(*) from imports").await == 0;
    assert_eq!(post().body(vec![b'\n'; 2_500_001], NDJSON).send().await.status, 413);
    assert!(nothing().await);
    assert_eq!(post().body("{}", "text/html").send().await.status, 415);
    let coded = post().body("{}", NDJSON).header("content-encoding", "gzip");
    assert_eq!(coded.send().await.status, 415);
    assert_eq!(post().body("{}", NDJSON).header("idempotency-key", "").send().await.status, 422);
    let chunked = format!(
        "POST /v1/imports HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {}\r\ncontent-type: {NDJSON}\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{}0\r\n\r\n",
        app.admin(),
        format!("186A0\r\n{}\r\n", "\n".repeat(100_000)).repeat(26)
    );
    assert!(app.raw(chunked.as_bytes()).starts_with("HTTP/1.1 413"));
    assert!(nothing().await);
    assert_eq!(app.value("select count(*) from import_chunks").await, 0);
    // At the limit it is taken, in chunks of a MiB.
    assert_eq!(post().body(vec![b'\n'; 2_500_000], NDJSON).send().await.status, 202);
    let sizes = app.value("select array_agg(length(data) order by n) from import_chunks").await;
    let sizes: Vec<usize> = serde_json::from_value(sizes).expect("sizes");
    assert_eq!(sizes.iter().sum::<usize>(), 2_500_000);
    assert!(sizes.iter().all(|size| *size <= 1 << 20), "{sizes:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_retry_with_the_same_key_is_the_same_job() {
    let app = TestApp::new().await;
    let file = lines(&[line("1", "제목")]);
    let post = |body: &str, media: &str| {
        let call = app.request(Method::POST, "/v1/imports").bearer(app.admin());
        call.body(body.to_owned(), media).header("idempotency-key", "once").send()
    };
    let first = post(&file, NDJSON).await.expect(202);
    let second = post(&file, NDJSON).await.expect(202);
    assert_eq!((&second.json, second.header("idempotency-replayed")), (&first.json, "true"));
    assert_eq!(second.header("location"), first.header("location"));
    assert_eq!(post("{}\n", NDJSON).await.expect(422).json["code"], "idempotency_key_reused");
    assert_eq!(app.value("select count(*) from imports").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn every_hostile_feed_ends_in_a_verdict_or_a_typed_fault() {
    let app = TestApp::new().await;
    let rss = |inside: &str| {
        format!("<rss version='2.0'><channel><title>가</title>{inside}</channel></rss>")
    };
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let cases: [(Vec<u8>, &str); 9] = [
        (b"".to_vec(), "undecodable"),
        (b"hello".to_vec(), "not_a_feed"),
        (b"<html><body>x</body></html>".to_vec(), "not_a_feed"),
        (vec![0xFF; 10_000], "not_a_feed"),
        (
            b"{\"version\":\"https://jsonfeed.org/version/9\",\"title\":\"\",\"items\":[]}"
                .to_vec(),
            "unsupported_version",
        ),
        (b"{\"version\":\"https://jsonfeed.org/version/1\",".to_vec(), "malformed"),
        (rss(&"<item/>".repeat(20_001)).into_bytes(), "too_large"),
        (
            format!(
                "<!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]>{}",
                rss("<item><title>&l9;</title></item>")
            )
            .into_bytes(),
            "",
        ),
        (rss(&"<a>".repeat(100_000)).into_bytes(), ""),
    ];
    for (body, code) in cases {
        let beginning: Vec<u8> = body.iter().copied().take(40).collect();
        let beginning = String::from_utf8_lossy(&beginning).into_owned();
        let job = import(&app, app.admin(), "?category=x", body, "application/octet-stream").await;
        let expected = if code.is_empty() { Value::Null } else { json!(code) };
        assert_eq!(job["fault"]["code"], expected, "{beginning}: {job}");
        assert_eq!(job["status"], if code.is_empty() { "done" } else { "failed" }, "{beginning}");
    }
    let old = app.clock.now().plus_minutes(31 * 24 * 60);
    app.clock.set(old);
    let mut conn = app.pool.get().await.expect("a connection");
    sosik::ingest::worker::prune(&mut conn, &app.clock).await.expect("pruned");
    assert_eq!(app.value("select count(*) from import_items").await, 0);
}

//! Feeds: what becomes of an item, what is refused, and that nothing hurts.

use std::time::{Duration, Instant};

use deserr::deserialize;
use encoding_rs::EUC_KR;
use serde_json::{Value, json};
use sosik::articles::blocks::Block;
use sosik::error::Faults;
use sosik::ingest::feed::{Feed, FeedFault, Format, ITEMS_MAX, read};

fn rss(items: &str) -> String {
    format!(
        "<?xml version='1.0'?><rss version='2.0'><channel><title>소식</title><link>https://news.example.com/</link><language>ko-KR</language>{items}</channel></rss>"
    )
}

fn only(feed: &Feed) -> &Value {
    assert_eq!(feed.items.len(), 1);
    &feed.items[0]
}

#[test]
fn an_item_has_our_import_shape() {
    let feed = read(
        rss("<item><guid isPermaLink='false'>a-1</guid><title>금리 &amp;amp; 물가 &lt;b&gt;동결&lt;/b&gt;</title><link>/a/1</link>
             <description>&lt;p&gt;첫 문단&lt;/p&gt;&lt;img src='/i.jpg' alt='표'&gt;</description>
             <author>홍길동（hong@example.com）</author><category>경제</category><category>금융</category><category>경제</category>
             <pubDate>Wed, 01 May 2024 09:00:00 +0900</pubDate>
             <media:content url='https://img.example.com/1.jpg' medium='image' type='image/jpeg' width='640' height='480'/></item>")
        .as_bytes(),
        None,
        None,
    )
    .unwrap();
    assert_eq!((feed.title.as_deref(), feed.language.as_deref()), (Some("소식"), Some("ko")));
    assert_eq!(feed.link.as_deref(), Some("https://news.example.com/"));
    assert_eq!(
        *only(&feed),
        json!({
            "external_id": "a-1",
            "headline": "금리 & 물가 동결",
            "deck": null,
            "summary": "첫 문단",
            "language": "ko",
            "authors": ["홍길동"],
            "category": "경제",
            "tags": ["경제", "금융"],
            "source_url": "https://news.example.com/a/1",
            "published_at": "2024-05-01T00:00:00.000Z",
            "lead_image": {"url": "https://img.example.com/1.jpg", "alt": "금리 & 물가 동결", "decorative": false, "caption": null, "credit": null, "width": 640, "height": 480},
            "body": [
                {"type": "paragraph", "text": "첫 문단"},
                {"type": "image", "url": "https://news.example.com/i.jpg", "alt": "표", "decorative": false, "caption": null, "credit": null, "width": null, "height": null},
            ],
        })
    );
}

#[test]
fn every_dialect_is_read() {
    let cases = [
        ("rss 0.91", "<rss version='0.91'><channel><item><title>x</title></item></channel></rss>"),
        ("rss without version", "<rss><channel><item><title>x</title></item></channel></rss>"),
        (
            "rss in a namespace",
            "<rss version='2.0' xmlns='http://backend.userland.com/rss2'><channel><item><title>x</title></item></channel></rss>",
        ),
        ("rss without a channel", "<rss version='2.0'><item><title>x</title></item></rss>"),
        (
            "rss 1.0",
            "<rdf:RDF xmlns='http://purl.org/rss/1.0/' xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'><channel/><item><title>x</title><link>http://a/</link></item></rdf:RDF>",
        ),
        (
            "atom 0.3",
            "<feed version='0.3' xmlns='http://purl.org/atom/ns#'><entry><title type='text/plain' mode='escaped'>x</title></entry></feed>",
        ),
        (
            "atom 1.0",
            "<feed xmlns='http://www.w3.org/2005/Atom'><entry><title type='xhtml'><div><b>x</b></div></title></entry></feed>",
        ),
        (
            "json feed",
            r#"{"version":"https://jsonfeed.org/version/1.1","title":"t","items":[{"id":"1","title":"x"}]}"#,
        ),
        (
            "junk before",
            "\r\nWarning: mysql &c.\n<?xml version='1.0'?><rss version='2.0'><channel><item><title>x</title></item></channel></rss>",
        ),
        ("cut off", "<rss version='2.0'><channel><item><title>x</title><description>and so"),
        (
            "entities",
            "<rss version='2.0'><channel><title>&nbsp;&bogus; A & B &#x1F;</title><item><title>x\u{1}</title></item></channel></rss>",
        ),
        (
            "tag soup",
            "<rss version=2.0><channel><item><title>x</Title><description><p>a<br>b</description></item></channel></rss>",
        ),
    ];
    for (name, text) in cases {
        let feed =
            read(text.as_bytes(), None, None).unwrap_or_else(|fault| panic!("{name}: {fault:?}"));
        assert_eq!(only(&feed)["headline"], "x", "{name}");
    }
    let korean = rss("<item><title>똠방각하 뉴스</title></item>")
        .replace("'1.0'?", "'1.0' encoding='ks_c_5601-1987'?");
    let feed = read(&EUC_KR.encode(&korean).0, Some("text/xml"), None).unwrap();
    assert_eq!(only(&feed)["headline"], "똠방각하 뉴스");
}

#[test]
fn an_item_is_the_same_each_time() {
    let text = rss("<item><description>말이 &lt;b&gt;먼저&lt;/b&gt; 나온다</description></item>");
    let [first, second] = [(); 2].map(|()| read(text.as_bytes(), None, None).unwrap());
    assert_eq!(first, second);
    assert_eq!(only(&first)["headline"], "말이 먼저 나온다");
    assert!(only(&first)["external_id"].as_str().unwrap().starts_with("sha256:"));
}

#[test]
fn what_is_no_feed_is_refused() {
    for (text, fault) in [
        ("", FeedFault::Undecodable),
        (" \n", FeedFault::Undecodable),
        ("hello", FeedFault::NotAFeed),
        ("<html><body><p>x</html>", FeedFault::NotAFeed),
        ("{}", FeedFault::NotAFeed),
        ("{\"version\":", FeedFault::Malformed),
        (
            r#"{"version":"https://jsonfeed.org/version/9","title":"","items":[]}"#,
            FeedFault::UnsupportedVersion,
        ),
    ] {
        assert_eq!(read(text.as_bytes(), None, None), Err(fault), "{text}");
    }
    assert_eq!(
        read(rss(&"<item/>".repeat(ITEMS_MAX + 1)).as_bytes(), None, None),
        Err(FeedFault::TooLarge)
    );
}

#[test]
fn formats_are_told_apart() {
    for (text, media, format) in [
        ("<?xml version='1.0'?><!-- <feed> --><rss>", None, Some(Format::Rss)),
        ("<rdf:RDF>", None, Some(Format::Rss)),
        ("\u{feff} <feed xmlns=''>", None, Some(Format::Atom)),
        ("{\"version\": \"https://jsonfeed.org/version/1\"", None, Some(Format::JsonFeed)),
        ("{", Some("application/feed+json"), Some(Format::JsonFeed)),
        ("{\"headline\": \"x\"}\n{}", None, Some(Format::Ndjson)),
        ("<html>", Some("application/rss+xml"), None),
        ("", None, None),
    ] {
        assert_eq!(Format::sniff(text.as_bytes(), media), format, "{text}");
    }
}

#[test]
fn bombs_do_not_go_off() {
    let laughs: String = (1..10)
        .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
        .collect();
    let bombs = [
        format!("<?xml version='1.0'?><!DOCTYPE r [<!ENTITY l0 'ha'>{laughs}]><rss version='2.0'><channel><item><title>&l9;</title></item></channel></rss>"),
        "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss version='2.0'><channel><item><title>&x;</title></item></channel></rss>".into(),
        rss(&"<a>".repeat(100_000)),
        rss(&"<item><title>".repeat(19_000)),
        rss(&"&a;".repeat(200_000)),
        rss(&(0..50_000).map(|n| format!("&e{n};")).collect::<String>()),
        rss(&format!("<item {}/>", (0..50_000).map(|n| format!("a{n}='' ")).collect::<String>())),
        "<".repeat(500_000),
        "<![CDATA[".repeat(50_000),
        "[".repeat(500_000),
        format!("{{\"a\":{}", "[".repeat(500_000)),
    ];
    for bomb in bombs {
        let start = Instant::now();
        let feed = read(bomb.as_bytes(), None, None);
        let beginning: String = bomb.chars().take(60).collect();
        assert!(start.elapsed() < Duration::from_secs(10), "{beginning}: {:?}", start.elapsed());
        assert!(!format!("{feed:?}").contains("root:"), "{beginning}");
    }
}

/// The corpora are not part of the repository: `SOSIK_TEST_DATA` names the folder that has them.
#[test]
fn every_known_feed_is_read_or_refused_in_time() {
    let Some(folder) = std::env::var_os("SOSIK_TEST_DATA") else {
        return println!("skipped: SOSIK_TEST_DATA is not set");
    };
    let mut folders = vec![std::path::Path::new(&folder).join("feeds")];
    let (mut files, mut parsed) = (0, 0);
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            if entry.path().is_dir() {
                folders.push(entry.path());
                continue;
            }
            let (bytes, start) = (std::fs::read(entry.path()).unwrap(), Instant::now());
            let feed = read(&bytes, None, None);
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", entry.path());
            files += 1;
            parsed += usize::from(feed.is_ok());
            for item in feed.into_iter().flat_map(|feed| feed.items) {
                let blocks = deserialize::<Vec<Block>, _, Faults>(item["body"].clone());
                assert!(blocks.is_ok(), "{:?}: {blocks:?}", entry.path());
            }
        }
    }
    println!("{parsed} of {files} feeds read");
}

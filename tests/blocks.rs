//! Bodies: what a client sends, what a web page turns into, and that nothing unsafe comes out.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use deserr::deserialize;
use scraper::{Html, Selector};
use serde_json::{Value, json};
use sosik::articles::blocks::{BLOCKS_MAX, Block};
use sosik::articles::{html::to_blocks, render, sanitise::sanitise};
use sosik::error::Faults;
use utoipa::PartialSchema;

fn parse(body: Value) -> Result<Vec<Block>, BTreeSet<(String, &'static str)>> {
    deserialize::<Vec<Block>, _, Faults>(body).map_err(|faults| {
        faults.0.into_iter().map(|fault| (fault.place.to_string(), fault.code)).collect()
    })
}

fn blocks(html: &str) -> Value {
    let base = url::Url::parse("https://news.example.com/a/1").unwrap();
    let blocks = serde_json::to_value(to_blocks(html, Some(&base))).unwrap();
    assert_eq!(serde_json::to_value(parse(blocks.clone()).unwrap()).unwrap(), blocks, "{html}");
    blocks
}

#[test]
fn every_fault_is_named_with_its_place() {
    let faults = parse(json!([
        {"type": "paragraph", "text": " "},
        {"type": "heading", "level": 7, "text": "a\nb", "colour/~": 1},
        {"type": "list", "items": ["ok", 3, "\u{202e}"]},
        {"type": "image", "url": "data:x", "width": 0, "alt": "x".repeat(501)},
        {"type": "video"},
        {"text": "x"},
        {"type": 3},
        7,
        {"type": "divider", "x": 1},
        {"type": "html", "html": "<script>1</script>"},
        {"type": "list", "items": []},
        {"type": "embed"},
    ]))
    .unwrap_err();
    let expected = [
        ("/0/text", "empty"),
        ("/1/level", "out_of_range"),
        ("/1/text", "control_characters"),
        ("/1/colour~1~0", "unknown_field"),
        ("/2/items/1", "wrong_type"),
        ("/2/items/2", "bidi_characters"),
        ("/3/url", "not_http_url"),
        ("/3/width", "out_of_range"),
        ("/3/alt", "too_long"),
        ("/4/type", "unknown_value"),
        ("/5/type", "missing"),
        ("/6/type", "wrong_type"),
        ("/7", "wrong_type"),
        ("/8/x", "unknown_field"),
        ("/9/html", "empty"),
        ("/10/items", "too_few"),
        ("/11/url", "missing"),
    ];
    assert_eq!(faults, BTreeSet::from(expected.map(|(pointer, code)| (pointer.to_owned(), code))));
}

#[test]
fn stored_blocks_come_back_the_same() {
    let body = json!([
        {"type": "paragraph", "text": "a"},
        {"type": "heading", "level": 2, "text": "b"},
        {"type": "image", "url": "https://a/b", "alt": null, "decorative": true, "caption": null, "credit": null, "width": 1, "height": null},
        {"type": "list", "ordered": true, "items": ["x"]},
        {"type": "quote", "text": "q", "cite": null},
        {"type": "embed", "url": "https://a/", "provider": null, "title": null},
        {"type": "divider"},
        {"type": "html", "html": "<p>x</p>"},
    ]);
    let blocks = parse(body.clone()).unwrap();
    assert_eq!(serde_json::to_value(&blocks).unwrap(), body);
    assert_eq!(serde_json::from_value::<Vec<Block>>(body).unwrap(), blocks);
}

#[test]
fn the_schema_bounds_everything() {
    fn walk(schema: &Value, at: &str) {
        let types: Vec<&str> = match &schema["type"] {
            Value::String(one) => vec![one],
            Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
            _ => vec![],
        };
        let has = |key: &str| schema.get(key).is_some();
        if types.contains(&"string") {
            assert!(has("maxLength") || has("format") || has("enum"), "{at}");
        }
        if types.contains(&"integer") {
            assert!(has("minimum") && has("maximum"), "{at}");
        }
        if types.contains(&"array") {
            assert!(has("maxItems"), "{at}");
            walk(&schema["items"], &format!("{at}/items"));
        }
        if types.contains(&"object") {
            assert_eq!(schema["additionalProperties"], json!(false), "{at}");
            for (name, property) in schema["properties"].as_object().unwrap() {
                assert!(property.get("description").is_some(), "{at}/{name}");
                walk(property, &format!("{at}/{name}"));
            }
        }
    }
    let schema = serde_json::to_value(Block::schema()).unwrap();
    let variants = schema["oneOf"].as_array().unwrap();
    assert_eq!(variants.len(), Block::TYPES.len());
    for (variant, name) in variants.iter().zip(Block::TYPES) {
        assert_eq!(variant["properties"]["type"]["enum"], json!([name]));
        assert_eq!(variant["required"][0], "type");
        walk(variant, name);
    }
}

#[test]
fn html_becomes_typed_blocks() {
    assert_eq!(
        blocks(
            "<h1>제목</h1><p>첫 <span>문단</span>&nbsp;입니다.<br>둘째 줄</p>loose<br><br>text<hr>
             <ul><li>a<li>b</ul><ol><li>1</ol><blockquote><p>말</p><footer>— 총재</footer></blockquote>
             <figure><a href=/x><img src=/i.jpg width=600px height=400 alt='표'></a><figcaption>설명</figcaption></figure>
             <img src=https://count.example.com/p.gif width=1 height=1><img src=data:image/gif;base64,xx>
             <iframe src=//www.video.example.com/v title=t></iframe>
             <p>See <a href='/r?a=1&amp;b=2' onclick=x>this</a> and <a href=javascript:x>that</a>.</p>"
        ),
        json!([
            {"type": "heading", "level": 2, "text": "제목"},
            {"type": "paragraph", "text": "첫 문단 입니다.\n둘째 줄"},
            {"type": "paragraph", "text": "loose"},
            {"type": "paragraph", "text": "text"},
            {"type": "divider"},
            {"type": "list", "ordered": false, "items": ["a", "b"]},
            {"type": "list", "ordered": true, "items": ["1"]},
            {"type": "quote", "text": "말", "cite": "— 총재"},
            {"type": "image", "url": "https://news.example.com/i.jpg", "alt": "표", "decorative": false, "caption": "설명", "credit": null, "width": 600, "height": 400},
            {"type": "embed", "url": "https://www.video.example.com/v", "provider": "video.example.com", "title": "t"},
            {"type": "html", "html": "<p>See <a href=\"https://news.example.com/r?a=1&amp;b=2\" rel=\"nofollow noopener ugc\">this</a> and that.</p>"},
        ])
    );
    assert_eq!(
        blocks("<table><tr><td>a<td>b</table><table><tr><td><p>layout</table>"),
        json!([
            {"type": "html", "html": "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>"},
            {"type": "paragraph", "text": "layout"},
        ])
    );
    assert_eq!(
        blocks("\u{200b}<p>&#x202e;</p><p>a&#x202e;b</p>"),
        json!([{"type": "paragraph", "text": "ab"}])
    );
    assert_eq!(blocks(&"<p>x".repeat(2000)).as_array().unwrap().len(), BLOCKS_MAX);
}

#[test]
fn hostile_html_is_read_in_a_moment() {
    let many = |start: &str, times: usize| start.repeat(times);
    let numbered = |count: usize, tag: fn(usize) -> String| (0..count).map(tag).collect::<String>();
    let cases = [
        ("div", many("<div>", 50_000)),
        ("closed", many("<div>", 50_000) + &many("</div>", 40_000)),
        ("inline", many("<b>", 90_000) + "x"),
        ("formatting", numbered(8_000, |n| format!("<b id={n}>")) + &many("<p>x</p>", 12_000)),
        ("attributes", format!("<a {}>x</a>", numbered(60_000, |n| format!("a{n} ")))),
        ("tables", many("<table>x", 30_000)),
        ("cells", many("<table><tr><td>", 15_000)),
        ("quotes", many("<blockquote>x", 15_000)),
        ("lists", many("<ul><li>x", 20_000)),
        ("comments", many("<!--", 200_000)),
        ("open tags", many("<a \"", 200_000)),
        ("scripts", many("<script>", 100_000)),
        ("brackets", many("<", 100_000)),
        ("spans", many("<span>x</span>", 20_000)),
        ("entities", many("&amp;", 50_000)),
        ("latin", many("·", 50_000)),
        ("marks", "a".to_owned() + &many("\u{301}", 200_000)),
        ("links", many("<a href=/x>x</a>", 15_000)),
        ("images", many("<img src=/x>", 20_000)),
    ];
    for (name, html) in cases {
        let start = Instant::now();
        let (blocks, safe) = (to_blocks(&html, None), sanitise(&html));
        println!("{name}: {} blocks, {} bytes, {:?}", blocks.len(), safe.len(), start.elapsed());
        // Unoptimised on a busy machine; a quadratic pass would take minutes.
        assert!(start.elapsed() < Duration::from_secs(10), "{name}: {:?}", start.elapsed());
    }
}

/// What must never come out, by parsing the output again.
fn assert_safe(html: &str, from: &str) {
    let document = Html::parse_fragment(html);
    let any = Selector::parse("*").unwrap();
    for element in document.select(&any) {
        let name = element.value().name();
        assert!(
            !matches!(
                name,
                "script"
                    | "style"
                    | "iframe"
                    | "object"
                    | "embed"
                    | "form"
                    | "svg"
                    | "math"
                    | "base"
                    | "meta"
                    | "link"
            ),
            "<{name}> in {html} from {from}"
        );
        for (attribute, value) in element.value().attrs() {
            assert!(
                !attribute.starts_with("on") && !matches!(attribute, "style" | "srcdoc"),
                "{attribute} in {html} from {from}"
            );
            let url: String = value
                .chars()
                .filter(|c| !c.is_whitespace() && !c.is_control())
                .collect::<String>()
                .to_lowercase();
            let checked = matches!(attribute, "href" | "src" | "action" | "xlink:href");
            assert!(
                !checked
                    || ["http://", "https://", "mailto:"]
                        .iter()
                        .any(|scheme| url.starts_with(scheme)),
                "{value} from {from}"
            );
        }
    }
}

fn assert_all_safe(payloads: impl Iterator<Item = String>) {
    let mut count = 0;
    for payload in payloads {
        let safe = sanitise(&payload);
        assert_safe(&safe, &payload);
        assert_eq!(sanitise(&safe), safe, "sanitising twice: {payload}");
        let blocks = to_blocks(&payload, None);
        let json = serde_json::to_value(&blocks).unwrap();
        assert_eq!(parse(json), Ok(blocks.clone()), "{payload}");
        assert_safe(&render::body_html(&blocks), &payload);
        count += 1;
    }
    println!("{count} payloads");
}

/// The corpora are not part of the repository: `SOSIK_TEST_DATA` names the folder that has them.
#[test]
fn known_attacks_come_out_harmless() {
    let Some(folder) = std::env::var_os("SOSIK_TEST_DATA") else {
        return println!("skipped: SOSIK_TEST_DATA is not set");
    };
    for file in ["dompurify_cases.ndjson", "xss_payloads.ndjson", "naughty_strings.ndjson"] {
        let Ok(lines) = std::fs::read_to_string(std::path::Path::new(&folder).join(file)) else {
            println!("skipped: no {file} (unpack it first)");
            continue;
        };
        let text = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap();
            value.get("payload").or(value.get("s")).and_then(Value::as_str).unwrap().to_owned()
        };
        assert_all_safe(lines.lines().map(text));
    }
}

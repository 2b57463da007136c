//! Foreign HTML made safe.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};

use super::balance::balance;

/// How often the sanitiser may change its own output before we stop trusting the input.
const ROUNDS_MAX: usize = 6;

/// How many characters that the serialiser escapes may share a text node.
const SPECIAL_MAX: usize = 32;

/// What may stand in an `html` block.
const TAGS: [&str; 55] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href", "title"])),
        ("img", HashSet::from(["src", "alt", "title", "width", "height"])),
        ("td", HashSet::from(["colspan", "rowspan"])),
        ("th", HashSet::from(["colspan", "rowspan"])),
        ("ol", HashSet::from(["start"])),
    ]);
    let mut cleaner = Builder::default();
    cleaner
        .tags(TAGS.into())
        .clean_content_tags(["script", "style"].into())
        .tag_attributes(attributes)
        .generic_attributes(["lang"].into())
        .url_schemes(["http", "https", "mailto"].into())
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("nofollow noopener ugc"))
        .attribute_filter(|tag, name, value| match (tag, name) {
            // A picture is fetched when it is seen: no other scheme than the web's.
            ("img", "src") if !is_http(value) => None,
            _ => Some(value.into()),
        });
    cleaner
});

/// `html` without anything that runs, loads other than pictures, or looks like part of the page.
///
/// Sanitising its own output changes nothing: it repeats until that holds, and what does not
/// settle is shown as text. Relative addresses are dropped.
#[must_use]
pub fn sanitise(html: &str) -> String {
    let mut html = once(html);
    for _ in 0..ROUNDS_MAX {
        let again = once(&html);
        if again == html {
            return html;
        }
        html = again;
    }
    // Markup that means something else each time it is read is how filters are fooled.
    once(&escape(&html))
}

fn once(html: &str) -> String {
    CLEANER.clean(&seamed(&balance(html))).to_string().trim().to_owned()
}

/// Balanced HTML with a tag that the sanitiser takes out again after every few escaped characters.
///
/// The serialiser of html5ever 0.40 looks for the next `<` to the end of the text at every `&` and
/// every byte of 0xC2, which is quadratic in a long text; with seams no text node has many.
fn seamed(html: &str) -> String {
    let mut seamed = String::with_capacity(html.len());
    let (mut in_tag, mut special) = (false, 0);
    for c in html.chars() {
        match c {
            '<' => (in_tag, special) = (true, 0),
            '>' => in_tag = false,
            '&' | '\u{80}'..='\u{BF}' if !in_tag => special += 1,
            _ => {}
        }
        if special > SPECIAL_MAX {
            seamed.push_str("<wbr>");
            special = 1;
        }
        seamed.push(c);
    }
    seamed
}

fn is_http(url: &str) -> bool {
    let scheme = url.trim_start().get(..8).unwrap_or(url).to_ascii_lowercase();
    scheme.starts_with("http://") || scheme.starts_with("https://")
}

/// Text as HTML, for an element or a quoted attribute.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_runs_is_gone_and_the_rest_stays() {
        for (html, safe) in [
            ("<b onclick=x()>b</b>", "<b>b</b>"),
            ("<script>alert(1)</script>x", "x"),
            ("<a href=\"java\nscript:alert(1)\">x</a>", "<a rel=\"nofollow noopener ugc\">x</a>"),
            (
                "<a href=\"JaVaScRiPt&colon;alert(1)\">x</a>",
                "<a rel=\"nofollow noopener ugc\">x</a>",
            ),
            ("<img src=\"data:image/svg+xml,<svg onload=alert(1)>\">", "<img>"),
            ("<img src=mailto:a@b.c>", "<img>"),
            ("<p style=\"position:fixed\" class=x id=y>x</p>", "<p>x</p>"),
            ("<iframe srcdoc=\"<script>1</script>\"></iframe>x", "x"),
            ("<svg><p><style><g title=\"</style><img src=x onerror=alert(1)>\">", ""),
            (
                "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
                "",
            ),
            ("<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">", "<img>\"&gt;"),
            ("<form action=javascript:1><input name=x>y</form>", "y"),
            ("<a href=\"/relative\">x</a>", "<a rel=\"nofollow noopener ugc\">x</a>"),
            ("<pre>\n\nx</pre>", "<pre>x</pre>"),
            ("<base href=//evil/><meta http-equiv=refresh content=0>x", "x"),
            ("&lt;script&gt;x", "&lt;script&gt;x"),
        ] {
            let once = sanitise(html);
            assert_eq!(once, safe, "{html}");
            assert_eq!(sanitise(&once), once, "{html}");
        }
    }
}

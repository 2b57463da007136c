//! Reading elements of a parsed document: their words, their addresses, their markup.

use scraper::{Node, node::Element};
use url::Url;

use super::image::{Image, http_url};
use super::sanitise::escape;
use crate::text::{cleaned, cleaned_line, cut, without_controls};

/// A node of a parsed document.
pub type NodeRef<'a> = ego_tree::NodeRef<'a, Node>;

/// Inline markup that says something that plain text cannot.
const TELLING: [&str; 18] = [
    "a", "b", "code", "del", "em", "i", "ins", "kbd", "mark", "q", "rt", "ruby", "s", "samp",
    "strong", "sub", "sup", "u",
];

/// Elements that start a line of their own.
const LINES: [&str; 31] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "caption",
    "center",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "ul",
];

/// Elements that are blocks by themselves.
const BLOCKS: [&str; 7] = ["embed", "iframe", "img", "picture", "table", "tr", "video"];

/// The name of an element, empty for other nodes.
pub fn name<'a>(node: NodeRef<'a>) -> &'a str {
    node.value().as_element().map_or("", Element::name)
}

/// An attribute of an element.
pub fn attribute<'a>(node: NodeRef<'a>, attribute: &str) -> Option<&'a str> {
    node.value().as_element()?.attr(attribute)
}

/// Whether something below the node stands on a line of its own.
pub fn holds_blocks(node: NodeRef<'_>) -> bool {
    holds(node, |name| LINES.contains(&name) || BLOCKS.contains(&name))
}

/// Whether something below the node satisfies the test.
pub fn holds(node: NodeRef<'_>, test: impl Fn(&str) -> bool) -> bool {
    node.descendants().skip(1).any(|below| test(name(below)))
}

/// Whether the node itself is markup worth keeping.
pub fn is_telling(node: NodeRef<'_>, base: Option<&Url>) -> bool {
    match name(node) {
        "a" => attribute(node, "href").is_some_and(|href| link(href, base).is_some()),
        name => TELLING.contains(&name),
    }
}

/// The words of a node, its lines as lines, without empty ones.
pub fn text(node: NodeRef<'_>) -> String {
    let mut words = String::new();
    add_words(node, &mut words);
    tidy(&words)
}

/// Lines trimmed, empty ones left out, made to fit the rules for text.
pub fn tidy(words: &str) -> String {
    let lines: Vec<String> =
        words.split('\n').map(cleaned_line).filter(|line| !line.is_empty()).collect();
    cleaned(&lines.join("\n"))
}

/// Recursion is bounded by the depth that `balance` leaves.
fn add_words(node: NodeRef<'_>, words: &mut String) {
    for child in node.children() {
        match child.value() {
            Node::Text(text) => add_text(text, words),
            Node::Element(element) => {
                let line = matches!(element.name(), "br" | "tr") || LINES.contains(&element.name());
                let cell = matches!(element.name(), "td" | "th");
                words.push_str(if line {
                    "\n"
                } else if cell {
                    " "
                } else {
                    ""
                });
                add_words(child, words);
                words.push_str(if line && element.name() != "br" { "\n" } else { "" });
            }
            _ => {}
        }
    }
}

/// Text of a document: its line breaks are spaces.
pub fn add_text(text: &str, words: &mut String) {
    words.extend(text.chars().map(|c| if c.is_whitespace() { ' ' } else { c }));
}

/// An address of the web in full, resolved against the document's own.
pub fn web(url: &str, base: Option<&Url>) -> Option<String> {
    let url = url.trim();
    let url = match Url::parse(url) {
        Err(url::ParseError::RelativeUrlWithoutBase) => base?.join(url).ok()?,
        parsed => parsed.ok()?,
    };
    http_url(url.into()).ok()
}

/// What a link may point to: the web, or a mailbox.
pub fn link(href: &str, base: Option<&Url>) -> Option<String> {
    let mail = Url::parse(href.trim()).ok().filter(|url| url.scheme() == "mailto");
    mail.map(String::from).or_else(|| web(href, base))
}

/// The node as markup, its addresses in full. Still to be sanitised.
pub fn outer(node: NodeRef<'_>, base: Option<&Url>, out: &mut String) {
    match node.value() {
        Node::Text(text) => out.push_str(&escape(&without_controls(text))),
        Node::Element(element) => {
            open_tag(element, base, out);
            if !matches!(element.name(), "br" | "hr" | "img" | "wbr" | "col" | "embed" | "source") {
                node.children().for_each(|child| outer(child, base, out));
                out.push_str(&format!("</{}>", element.name()));
            }
        }
        _ => {}
    }
}

/// The tag that opens an element.
pub fn open_tag(element: &Element, base: Option<&Url>, out: &mut String) {
    out.push('<');
    out.push_str(element.name());
    for (name, value) in element.attrs() {
        let value = match name {
            "href" => link(value, base),
            "src" => web(value, base),
            _ => Some(cleaned_line(value)),
        };
        if let Some(value) = value {
            out.push_str(&format!(" {name}=\"{}\"", escape(&value)));
        }
    }
    out.push('>');
}

/// A picture; none where it has no address on the web or is there to count readers.
pub fn image(node: NodeRef<'_>, base: Option<&Url>) -> Option<Image> {
    // Where pictures load late, `src` holds a placeholder.
    let sources = ["data-src", "data-original", "src"];
    let url = sources.into_iter().find_map(|source| web(attribute(node, source)?, base))?;
    let [width, height] = ["width", "height"].map(|side| pixels(attribute(node, side)?));
    if [width, height].into_iter().flatten().any(|side| side <= 1) {
        return None;
    }
    let fits = |side: &u32| *side <= super::image::PIXELS_MAX;
    let alt =
        ["alt", "title"].into_iter().filter_map(|name| attribute(node, name)).map(cleaned_line);
    let alt = alt.into_iter().find(|alt| !alt.is_empty()).map(|alt| cut(&alt, 500));
    Some(Image {
        // An empty `alt` is how HTML says that a picture is decoration.
        decorative: alt.is_none() && attribute(node, "alt").is_some(),
        alt,
        width: width.filter(fits),
        height: height.filter(fits),
        ..Image::at(url)
    })
}

/// A length as written: `640`, `640px`; a percentage is none.
fn pixels(length: &str) -> Option<u32> {
    let length = length.trim();
    let digits = length.trim_end_matches("px").split('.').next()?;
    digits.parse().ok()
}

/// The first element below a node that has the name.
pub fn find<'a>(node: NodeRef<'a>, wanted: &str) -> Option<NodeRef<'a>> {
    node.descendants().skip(1).find(|below| name(*below) == wanted)
}

/// The root of a parsed fragment.
pub fn root(document: &scraper::Html) -> NodeRef<'_> {
    *document.root_element()
}

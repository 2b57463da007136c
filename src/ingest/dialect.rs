//! Old and careless spellings of feeds, as the parser behind `repair` expects them.

use super::tags::local;

/// Elements of Atom that hold text of a type.
pub const WORDS: [&str; 8] =
    ["title", "summary", "subtitle", "tagline", "rights", "copyright", "info", "content"];

/// Namespaces whose prefixes feeds use without declaring them.
pub const PREFIXES: [(&str, &str); 6] = [
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("media", "http://search.yahoo.com/mrss/"),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
    ("atom", "http://www.w3.org/2005/Atom"),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
];

const ATOM: &str = "http://www.w3.org/2005/Atom";
const RSS_1: &str = "http://purl.org/rss/1.0/";

/// Older namespaces by their present names; those of RSS 2.0 by none, as it has none.
pub fn namespace<'a>(element: &str, attribute: &str, value: &'a str) -> Option<&'a str> {
    let value = value.trim();
    match value {
        "http://purl.org/atom/ns#" | "http://purl.org/atom/ns" => Some(ATOM),
        "http://my.netscape.com/rdf/simple/0.9/"
        | "http://channel.netscape.com/rdf/simple/0.9/" => Some(RSS_1),
        "http://www.w3.org/1999/xhtml" | ATOM | RSS_1 => Some(value),
        _ if attribute == "xmlns" && matches!(local(element), "rss" | "channel" | "item") => None,
        "http://purl.org/net/rss1.1#" => Some(RSS_1),
        _ => Some(value),
    }
}

/// Names of Atom 0.3 as Atom 1.0 has them.
pub fn spelled(name: &str, atom: bool) -> &str {
    match name {
        "issued" | "created" if atom => "published",
        "modified" if atom => "updated",
        "tagline" if atom => "subtitle",
        name => name,
    }
}

/// The type of a text in Atom: one of three words in 1.0, a media type with a mode in 0.3.
pub fn words_type(attributes: &[(&str, &str)]) -> &'static str {
    let value = |wanted: &str| {
        let found = attributes.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| value.trim().to_ascii_lowercase()).unwrap_or_default()
    };
    let (kind, mode) = (value("type"), value("mode"));
    match kind.as_str() {
        "text/html" if mode == "xml" => "xhtml",
        "html" | "text/html" => "html",
        _ if mode == "xml"
            || kind == "xhtml"
            || kind.ends_with("/xml")
            || kind.ends_with("+xml") =>
        {
            "xhtml"
        }
        _ => "text",
    }
}

/// Whether an `xml:base` can be resolved; the parser gives the whole feed up over one that cannot.
pub fn is_base(base: &str) -> bool {
    matches!(url::Url::parse(base), Ok(_) | Err(url::ParseError::RelativeUrlWithoutBase))
}

//! XML that almost is: made well-formed, and spelled as the parser behind expects it.
//!
//! One pass, linear in the input. Well-formed feeds keep their meaning. Document types go, so there
//! are no entities to explode; those of HTML are known without one.

use std::collections::HashMap;

use super::dialect::{PREFIXES, WORDS, is_base, namespace, spelled, words_type};
use super::tags::{after, after_declaration, attributes, is_tag, is_xml, local, push_escaped};

/// Nesting below this is dropped: no feed is that deep, and a parser should not have to be.
const DEPTH_MAX: usize = 128;

/// How many names of entities are looked up in one document.
const ENTITIES_MAX: usize = 2500;

/// Elements whose text is a person, for which see [`Repair::text`].
const PEOPLE: [&str; 6] =
    ["author", "creator", "managingeditor", "webmaster", "contributor", "name"];

/// A document made well-formed, with the number of its items.
pub struct Repaired {
    /// The document, declared as UTF-8.
    pub xml: String,
    /// How many `item` and `entry` elements it opens.
    pub items: usize,
}

/// Repairs a document. Anything comes back as some XML; whether it is a feed is for the parser.
pub fn repair(text: &str) -> Repaired {
    let mut repair = Repair { source: text, ..Repair::default() };
    repair.out.reserve(text.len() + 256);
    repair.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>");
    repair.run(text);
    Repaired { xml: repair.out, items: repair.items }
}

#[derive(Default)]
struct Repair<'a> {
    source: &'a str,
    out: String,
    open: Vec<&'a str>,
    too_deep: usize,
    items: usize,
    entities: HashMap<&'a str, Option<String>>,
    atom: bool,
    channel: bool,
    done: bool,
}

impl<'a> Repair<'a> {
    fn run(&mut self, mut rest: &'a str) {
        while !rest.is_empty() && !self.done {
            rest = if let Some(cdata) = rest.strip_prefix("<![CDATA[") {
                let (text, rest) = cdata.split_once("]]>").unwrap_or((cdata, ""));
                self.literal(text);
                rest
            } else if let Some(comment) = rest.strip_prefix("<!--") {
                after(comment, "-->")
            } else if rest.starts_with("<?") {
                after(rest, "?>")
            } else if rest.starts_with("<!") {
                after_declaration(rest)
            } else if let Some(end) = rest.strip_prefix("</") {
                let (name, rest) = end.split_once('>').unwrap_or((end, ""));
                self.end(name.trim());
                rest
            } else if is_tag(rest) {
                self.start(rest)
            } else {
                // A `<` that starts nothing is text.
                let end = rest
                    .match_indices('<')
                    .map(|(at, _)| at)
                    .find(|&at| at > 0)
                    .unwrap_or(rest.len());
                self.text(&rest[..end]);
                &rest[end..]
            };
        }
        self.close_to(0);
    }

    /// Text with entities.
    ///
    /// feed-rs 3.0 cuts a person's text one byte beside the address in it, and panics if a letter
    /// of several bytes stands there: so such text gets spaces.
    fn text(&mut self, text: &'a str) {
        if self.open.is_empty() {
            return;
        }
        let from = self.out.len();
        self.escaped(text);
        self.space_people(from);
    }

    /// Text without entities, as in CDATA.
    fn literal(&mut self, text: &str) {
        if self.open.is_empty() {
            return;
        }
        let from = self.out.len();
        for c in text.chars().filter(|&c| is_xml(c)) {
            push_escaped(c, &mut self.out);
        }
        self.space_people(from);
    }

    fn space_people(&mut self, from: usize) {
        let person = self.open.last().is_some_and(|name| {
            PEOPLE.iter().any(|person| local(name).eq_ignore_ascii_case(person))
        });
        if !person || self.out[from..].is_ascii() {
            return;
        }
        let text = self.out.split_off(from);
        let mut before = ' ';
        for c in text.chars() {
            if before != ' ' && c != ' ' && c.is_ascii() != before.is_ascii() {
                self.out.push(' ');
            }
            self.out.push(c);
            before = c;
        }
    }

    fn escaped(&mut self, text: &'a str) {
        let mut pieces = text.split('&');
        let first = pieces.next().unwrap_or_default();
        self.plain(first);
        for piece in pieces {
            // The longest name has 31 letters; a `;` further on belongs to something else.
            let name =
                piece.bytes().take(40).position(|byte| byte == b';').map(|end| &piece[..end]);
            let value = name.and_then(|name| Some((name, self.entity(name)?)));
            match value {
                Some((name, value)) => {
                    for c in value.chars().filter(|&c| is_xml(c)) {
                        push_escaped(c, &mut self.out);
                    }
                    self.plain(&piece[name.len() + 1..]);
                }
                None => {
                    self.out.push_str("&amp;");
                    self.plain(piece);
                }
            }
        }
    }

    fn plain(&mut self, text: &str) {
        for c in text.chars().filter(|&c| is_xml(c)) {
            push_escaped(c, &mut self.out);
        }
    }

    /// What an entity stands for, as HTML knows it.
    fn entity(&mut self, name: &'a str) -> Option<String> {
        let known =
            name.strip_prefix('#').unwrap_or(name).bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !known
            || name.is_empty()
            || (self.entities.len() >= ENTITIES_MAX && !self.entities.contains_key(name))
        {
            return None;
        }
        let value = self.entities.entry(name).or_insert_with(|| {
            let entity = format!("&{name};");
            let value = crate::articles::html::decoded(&entity);
            (value != entity).then_some(value)
        });
        value.clone()
    }

    /// Reads a start tag and what is left behind it.
    fn start(&mut self, tag: &'a str) -> &'a str {
        let end = tag[1..]
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '>' | '<'))
            .map_or(tag.len(), |end| end + 1);
        let name = &tag[1..end];
        let (attributes, empty, rest) = attributes(&tag[end..]);
        if self.open.is_empty() {
            self.root(name, attributes, empty);
            return rest;
        }
        self.items += usize::from(matches!(local(name), "item" | "entry"));
        if self.open == ["rss"]
            && !self.channel
            && matches!(name, "item" | "title" | "link" | "description")
        {
            self.open_channel();
        }
        if self.open.len() >= DEPTH_MAX {
            self.too_deep += usize::from(!empty);
            return rest;
        }
        self.write_start(name, &attributes);
        self.finish_start(name, empty);
        rest
    }

    /// A channel where RSS has left it out.
    fn open_channel(&mut self) {
        self.out.push_str("<channel>");
        self.open.push("channel");
        self.channel = true;
    }

    fn finish_start(&mut self, name: &'a str, empty: bool) {
        self.out.push_str(if empty { "/>" } else { ">" });
        self.channel |= name.eq_ignore_ascii_case("channel");
        if !empty {
            self.open.push(name);
        }
    }

    /// The first element says which feed this is; it is spelled as the parser knows it.
    fn root(&mut self, name: &'a str, mut attributes: Vec<(&'a str, &'a str)>, empty: bool) {
        self.atom = matches!(local(name).to_ascii_lowercase().as_str(), "feed" | "entry");
        if local(name) == "entry" {
            self.items += 1;
        }
        let name = if local(name).eq_ignore_ascii_case("rss") { "rss" } else { name };
        if name == "rss" {
            let version = attributes
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case("version"))
                .map_or("2.0", |(_, version)| version.trim());
            let version = if version.starts_with("0.") { "0.92" } else { "2.0" };
            attributes.retain(|(name, _)| !name.eq_ignore_ascii_case("version"));
            attributes.push(("version", version));
        }
        self.write_start(name, &attributes);
        for (prefix, namespace) in PREFIXES {
            let declared =
                attributes.iter().any(|(name, _)| name.strip_prefix("xmlns:") == Some(prefix));
            if !declared && self.source.contains(&format!("<{prefix}:")) {
                self.out.push_str(&format!(" xmlns:{prefix}=\"{namespace}\""));
            }
        }
        self.finish_start(name, empty);
        self.done = empty;
    }

    fn write_start(&mut self, name: &'a str, attributes: &[(&'a str, &'a str)]) {
        self.out.push('<');
        self.out.push_str(spelled(name, self.atom));
        let own = !name.contains(':') || name.starts_with("atom");
        let words = self.atom && own && WORDS.contains(&local(name));
        for (at, &(attribute, value)) in attributes.iter().enumerate() {
            if attributes[..at].iter().any(|(other, _)| *other == attribute) {
                continue;
            }
            let value = match attribute {
                "type" if words => Some(words_type(attributes)),
                // What stands elsewhere is not fetched, and text beside it is better than nothing.
                "src" | "mode" if words => None,
                "xml:base" => Some(value).filter(|base| is_base(base)),
                _ if attribute == "xmlns" || attribute.starts_with("xmlns:") => {
                    namespace(name, attribute, value)
                }
                _ => Some(value),
            };
            if let Some(value) = value {
                self.out.push_str(&format!(" {attribute}=\""));
                self.escaped(value);
                self.out.push('"');
            }
        }
        if words
            && !attributes.iter().any(|(name, _)| *name == "type")
            && words_type(attributes) == "xhtml"
        {
            self.out.push_str(" type=\"xhtml\"");
        }
    }

    fn end(&mut self, name: &str) {
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return;
        }
        let found = self.open.iter().rposition(|open| *open == name);
        if let Some(at) =
            found.or_else(|| self.open.iter().rposition(|open| open.eq_ignore_ascii_case(name)))
        {
            self.close_to(at);
        }
        // What stands behind the end of the feed is no part of it.
        self.done = self.open.is_empty() && found.is_some();
    }

    fn close_to(&mut self, at: usize) {
        if at == 0 && self.open == ["rss"] && !self.channel {
            self.open_channel();
        }
        while self.open.len() > at {
            let name = self.open.pop().map_or("", |name| spelled(name, self.atom));
            self.out.push_str("</");
            self.out.push_str(name);
            self.out.push('>');
        }
    }
}

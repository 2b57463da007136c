//! Foreign HTML made well-formed, flat and small, in one pass that is linear in the input.
//!
//! A conforming HTML parser takes quadratic time or memory on hostile input: deep nesting, unclosed
//! formatting that is rebuilt in every paragraph, a tag of a hundred thousand attributes, text in a
//! table that has to move out of it. So the parser only ever sees what comes out of here: known
//! tags, each closed where it was opened, not deeper than [`DEPTH_MAX`], with the few attributes
//! that anybody reads. This is *not* what makes HTML safe; it keeps the sanitiser behind it quick.

use super::tokens::{Token, Tokens};

/// The most bytes that are read; the rest is cut off.
pub const INPUT_MAX: usize = 1 << 20;

/// The deepest nesting that is kept. Text below it stays, its tags go.
pub const DEPTH_MAX: usize = 48;

/// The most tags that are kept; text after them stays.
const TAGS_MAX: usize = 60_000;

/// Tags that hold nothing.
const VOID: [&str; 7] = ["br", "col", "embed", "hr", "img", "source", "wbr"];

/// Dropped with everything in them.
const DROPPED: [&str; 10] =
    ["audio", "button", "canvas", "dialog", "map", "math", "nav", "select", "svg", "template"];

/// Kept; of every other tag only what is in it stays. Sorted.
const KEPT: [&str; 75] = [
    "a",
    "abbr",
    "address",
    "article",
    "aside",
    "b",
    "bdi",
    "big",
    "blockquote",
    "br",
    "caption",
    "center",
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
    "embed",
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
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "main",
    "mark",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "video",
];

/// Running text: a paragraph that ends takes them along.
const INLINE: [&str; 29] = [
    "a", "abbr", "b", "bdi", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub",
    "sup", "time", "u",
];

/// `html` as balanced HTML of known tags.
#[must_use]
pub fn balance(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(INPUT_MAX)];
    let mut balancer = Balancer { out: String::with_capacity(html.len()), ..Balancer::default() };
    for token in Tokens::new(html) {
        balancer.take(&token);
    }
    balancer.close_to(0);
    balancer.out
}

#[derive(Default)]
struct Balancer<'a> {
    out: String,
    open: Vec<&'static str>,
    /// Opened below the deepest level and still to be closed: by tag, so that the many closing
    /// tags of a deep nest do not close what lies above.
    too_deep: Vec<(&'static str, usize)>,
    /// The dropped element that the text is in, and how often it is nested.
    dropping: Option<(&'a str, usize)>,
    tags: usize,
}

impl<'a> Balancer<'a> {
    fn take(&mut self, token: &Token<'a>) {
        if let Some((name, depth)) = self.dropping {
            self.dropping = match token {
                Token::Start { name: other, .. } if same(name, other) => Some((name, depth + 1)),
                Token::End { name: other } if same(name, other) => {
                    Some((name, depth - 1)).filter(|(_, n)| *n > 0)
                }
                _ => self.dropping,
            };
            return;
        }
        match token {
            Token::Text(text) => self.text(text),
            Token::Start { name, attributes } => self.start(name, attributes),
            Token::End { name } => self.end(name),
        }
    }

    fn text(&mut self, text: &str) {
        if !text.trim_ascii().is_empty() {
            self.open_cell();
        }
        // What the tokeniser leaves in a text is no tag.
        self.out.push_str(&text.replace('<', "&lt;"));
    }

    fn start(&mut self, name: &'a str, attributes: &[(&'static str, &'a str)]) {
        if DROPPED.iter().any(|dropped| same(dropped, name)) {
            self.dropping = Some((name, 1));
            return;
        }
        let Some(tag) = kept(name) else { return };
        self.tags += 1;
        if self.tags > TAGS_MAX {
            return;
        }
        self.make_room(tag);
        if is_table_part(tag) {
            if !self.open.contains(&"table") {
                return;
            }
        } else {
            self.open_cell();
        }
        let void = VOID.contains(&tag);
        if !void && self.open.len() >= DEPTH_MAX {
            match self.too_deep.iter_mut().find(|(name, _)| *name == tag) {
                Some((_, count)) => *count += 1,
                None => self.too_deep.push((tag, 1)),
            }
            return;
        }
        self.write(tag, attributes);
        if !void {
            self.open.push(tag);
        }
    }

    fn write(&mut self, tag: &str, attributes: &[(&'static str, &'a str)]) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out
                .push_str(&value.replace('"', "&quot;").replace('<', "&lt;").replace('>', "&gt;"));
            self.out.push('"');
        }
        self.out.push('>');
    }

    fn end(&mut self, name: &str) {
        let Some(tag) = kept(name) else { return };
        if let Some((_, count)) =
            self.too_deep.iter_mut().find(|(name, count)| *name == tag && *count > 0)
        {
            *count -= 1;
            return;
        }
        let wall: &[&str] = if tag == "table" || is_table_part(tag) {
            &["table"]
        } else {
            &["td", "th", "caption", "table"]
        };
        self.close_back_to(&[tag], wall);
    }

    /// Ends what cannot go on when `tag` starts: HTML lets writers leave these ends out.
    fn make_room(&mut self, tag: &str) {
        match tag {
            "li" => self.close_back_to(&["li"], &["ul", "ol", "table", "td", "th"]),
            "dt" | "dd" => self.close_back_to(&["dt", "dd"], &["dl", "table", "td", "th"]),
            "td" | "th" => self.close_back_to(&["td", "th", "caption"], &["tr", "table"]),
            "tr" => self.close_back_to(&["tr", "caption", "colgroup"], &["table"]),
            "tbody" | "thead" | "tfoot" => {
                self.close_back_to(&["tbody", "thead", "tfoot", "caption", "colgroup"], &["table"]);
            }
            "a" => self.close_inline_back_to("a"),
            _ if !is_inline(tag)
                && !matches!(tag, "br" | "img" | "wbr" | "picture" | "source" | "iframe") =>
            {
                self.close_inline_back_to("p");
            }
            _ => {}
        }
    }

    /// Text or a tag straight in a table or row gets a cell, as nothing else may stand there.
    fn open_cell(&mut self) {
        let missing: &[&'static str] = match self.open.last() {
            Some(&("table" | "tbody" | "thead" | "tfoot")) => &["tr", "td"],
            Some(&"tr") => &["td"],
            _ => return,
        };
        for &tag in missing {
            self.write(tag, &[]);
            self.open.push(tag);
        }
    }

    /// Closes the innermost of `tags`, unless a wall stands before it.
    fn close_back_to(&mut self, tags: &[&str], walls: &[&str]) {
        for at in (0..self.open.len()).rev() {
            if tags.contains(&self.open[at]) {
                return self.close_to(at);
            }
            if walls.contains(&self.open[at]) {
                return;
            }
        }
    }

    /// Closes `tag` if only running text stands between.
    fn close_inline_back_to(&mut self, tag: &str) {
        for at in (0..self.open.len()).rev() {
            if self.open[at] == tag {
                return self.close_to(at);
            }
            if !is_inline(self.open[at]) {
                return;
            }
        }
    }

    fn close_to(&mut self, at: usize) {
        for tag in self.open.drain(at..).rev() {
            self.out.push_str("</");
            self.out.push_str(tag);
            self.out.push('>');
        }
    }
}

fn same(a: &str, b: &str) -> bool {
    a.eq_ignore_ascii_case(b)
}

fn kept(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    KEPT.binary_search(&name.as_str()).ok().map(|at| KEPT[at])
}

/// Whether a tag is part of running text.
#[must_use]
pub fn is_inline(tag: &str) -> bool {
    INLINE.binary_search(&tag).is_ok()
}

fn is_table_part(tag: &str) -> bool {
    matches!(tag, "caption" | "colgroup" | "col" | "thead" | "tbody" | "tfoot" | "tr" | "td" | "th")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_names_are_sorted() {
        assert!(KEPT.is_sorted() && INLINE.is_sorted());
    }

    #[test]
    fn everything_is_closed_where_it_was_opened() {
        for (html, balanced) in [
            ("<p>a<b>b<p>c", "<p>a<b>b</b></p><p>c</p>"),
            ("<ul><li>a<li>b</ul>x", "<ul><li>a</li><li>b</li></ul>x"),
            ("<b><i>x</b></i>", "<b><i>x</i></b>"),
            ("a < b <3", "a &lt; b &lt;3"),
            ("<table>x<tr>y", "<table><tr><td>x</td></tr><tr><td>y</td></tr></table>"),
            ("<table><tr><td>x</table>y", "<table><tr><td>x</td></tr></table>y"),
            ("<div><table><tr><td></div>x", "<div><table><tr><td>x</td></tr></table></div>"),
            ("<td>x</td>", "x"),
            ("<a ‘ href=x é>y", "<a href=\"x\">y</a>"),
            ("a<script>1</script>b<svg><svg></svg>c</svg>d", "abd"),
            ("<IMG SRC=x onerror=alert(1)//>", "<img src=\"x\">"),
            ("<a href='\"'>x", "<a href=\"&quot;\">x</a>"),
            ("x<!-- <p> -->y<!doctype html>z<a href=\"", "xyz"),
        ] {
            assert_eq!(balance(html), balanced, "{html}");
        }
    }

    #[test]
    fn deep_nests_stay_shallow_and_in_place() {
        let deep = format!("{}x{}<p>y", "<div>".repeat(1000), "</div>".repeat(1000));
        let flat = balance(&deep);
        assert_eq!(flat.matches("<div>").count(), DEPTH_MAX);
        assert!(flat.ends_with("</div><p>y</p>"), "{flat}");
    }
}

//! Foreign HTML, of a feed or of a page, as blocks.
//!
//! What comes out passes the same checks as a body that a client sends: texts are cleaned and fit
//! their limits, addresses are absolute and of the web, markup is sanitised.

use scraper::{Html as Document, Node};
use url::Url;

use super::balance::{balance, is_inline};
use super::blocks::{
    BLOCKS_MAX, Block, Divider, Embed, HEADING_MAX, HTML_MAX, Heading, Html, ITEM_MAX, ITEMS_MAX,
    List, PARAGRAPH_MAX, Paragraph, QUOTE_MAX, Quote,
};
use super::image::Image;
use super::markup::{
    NodeRef, add_text, attribute, find, holds, holds_blocks, image, is_telling, name, open_tag,
    outer, root, text, tidy, web,
};
use super::sanitise::{escape, sanitise};
use crate::text::{cleaned_line, cut, without_controls};

/// The blocks of an HTML text: at most [`BLOCKS_MAX`], the rest is left out.
///
/// `base` is the address of the document; without it relative links and pictures are dropped.
#[must_use]
pub fn to_blocks(html: &str, base: Option<&Url>) -> Vec<Block> {
    let document = Document::parse_fragment(&balance(html));
    let mut walk = Walk { base, ..Walk::default() };
    walk.flow(root(&document));
    walk.end_paragraph();
    walk.blocks.truncate(BLOCKS_MAX);
    walk.blocks
}

/// The words of an HTML text, lines as lines.
#[must_use]
pub fn plain_text(html: &str) -> String {
    text(root(&Document::parse_fragment(&balance(html))))
}

/// A short text with its entities decoded, and nothing else changed.
#[must_use]
pub fn decoded(text: &str) -> String {
    let document = Document::parse_fragment(&text.replace('<', "&lt;"));
    document.root_element().text().collect()
}

/// The blocks so far, and the paragraph that is being read.
#[derive(Default)]
struct Walk<'a> {
    base: Option<&'a Url>,
    blocks: Vec<Block>,
    words: String,
    markup: String,
    /// Whether the markup of the paragraph says more than its words.
    telling: bool,
}

impl Walk<'_> {
    fn is_full(&self) -> bool {
        self.blocks.len() >= BLOCKS_MAX
    }

    /// Recursion is bounded by the depth that `balance` leaves.
    fn flow(&mut self, parent: NodeRef<'_>) {
        for node in parent.children() {
            if self.is_full() {
                return;
            }
            match node.value() {
                Node::Text(text) => self.text(text),
                Node::Element(_) => self.element(node),
                _ => {}
            }
        }
    }

    fn element(&mut self, node: NodeRef<'_>) {
        let name = name(node);
        match name {
            "br" => return self.line_break(),
            "wbr" => return,
            _ if is_inline(name) && !holds_blocks(node) => return self.inline(node),
            _ if is_inline(name) => return self.flow(node),
            _ => self.end_paragraph(),
        }
        match name {
            "img" => self.blocks.extend(image(node, self.base).map(Block::Image)),
            "figure" => self.figure(node),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(node),
            "ul" | "ol" => self.list(node),
            "blockquote" => self.quote(node),
            "hr" => self.blocks.push(Block::Divider(Divider {})),
            "iframe" | "video" | "embed" => self.embed(node),
            "table" if is_data(node) => self.as_markup(node),
            "pre" | "dl" => self.as_markup(node),
            _ => self.flow(node),
        }
        self.end_paragraph();
    }

    fn text(&mut self, text: &str) {
        let text = without_controls(text);
        add_text(&text, &mut self.words);
        self.markup.push_str(&escape(&text));
    }

    /// Two breaks in a row end a paragraph, as those mean who write them.
    fn line_break(&mut self) {
        if self.words.trim_end_matches(' ').ends_with('\n') {
            return self.end_paragraph();
        }
        self.words.push('\n');
        self.markup.push_str("<br>");
    }

    /// Running text with its markup.
    fn inline(&mut self, node: NodeRef<'_>) {
        let Some(element) = node.value().as_element() else {
            return;
        };
        let telling = is_telling(node, self.base);
        if telling {
            open_tag(element, self.base, &mut self.markup);
        }
        let words = self.words.len();
        for child in node.children() {
            match child.value() {
                Node::Text(text) => self.text(text),
                Node::Element(element) if element.name() == "br" => {
                    self.words.push('\n');
                    self.markup.push_str("<br>");
                }
                Node::Element(_) => self.inline(child),
                _ => {}
            }
        }
        if telling {
            self.markup.push_str(&format!("</{}>", element.name()));
            // Markup around nothing says nothing.
            self.telling |= !self.words[words..].trim().is_empty();
        }
    }

    fn end_paragraph(&mut self) {
        let (words, markup) = (std::mem::take(&mut self.words), std::mem::take(&mut self.markup));
        let telling = std::mem::take(&mut self.telling);
        let words = tidy(&words);
        if words.is_empty() || self.is_full() {
            return;
        }
        if telling && self.html(&format!("<p>{}</p>", markup.trim())) {
            return;
        }
        self.paragraphs(&words);
    }

    /// Keeps sanitised markup, if there is any and it fits.
    fn html(&mut self, markup: &str) -> bool {
        let html = sanitise(markup);
        let fits = !html.is_empty() && html.chars().count() <= HTML_MAX;
        if fits {
            self.blocks.push(Block::Html(Html { html }));
        }
        fits
    }

    fn paragraphs(&mut self, words: &str) {
        let paragraphs =
            pieces(words, PARAGRAPH_MAX).map(|text| Block::Paragraph(Paragraph { text }));
        self.blocks.extend(paragraphs);
    }

    fn as_markup(&mut self, node: NodeRef<'_>) {
        let mut markup = String::new();
        outer(node, self.base, &mut markup);
        if text(node).is_empty() || !self.html(&markup) {
            self.flow(node);
        }
    }

    fn figure(&mut self, node: NodeRef<'_>) {
        let caption = find(node, "figcaption").map(text).filter(|caption| !caption.is_empty());
        let images: Vec<Image> = node
            .descendants()
            .filter(|below| name(*below) == "img")
            .filter_map(|img| image(img, self.base))
            .collect();
        // A figure of a video or a table is more than its pictures.
        if images.is_empty()
            || holds(node, |name| matches!(name, "iframe" | "video" | "embed" | "table"))
        {
            return self.flow(node);
        }
        let last = images.len() - 1;
        for (at, mut image) in images.into_iter().enumerate() {
            image.caption =
                caption.as_deref().filter(|_| at == last).map(|caption| cut(caption, 1000));
            self.blocks.push(Block::Image(image));
        }
    }

    fn heading(&mut self, node: NodeRef<'_>) {
        let words = cleaned_line(&text(node));
        let level = name(node).as_bytes().get(1).map_or(2, |digit| (digit - b'0').clamp(2, 6));
        match words.chars().count() {
            0 => {}
            1..=HEADING_MAX => self.blocks.push(Block::Heading(Heading { level, text: words })),
            _ => self.paragraphs(&words),
        }
        let images = node.descendants().filter(|below| name(*below) == "img");
        self.blocks.extend(images.filter_map(|img| image(img, self.base)).map(Block::Image));
    }

    fn list(&mut self, node: NodeRef<'_>) {
        if node.children().any(|item| {
            holds(item, |name| matches!(name, "ul" | "ol" | "img" | "iframe" | "video" | "table"))
        }) {
            return self.flow(node);
        }
        if node.descendants().any(|below| is_telling(below, self.base)) {
            return self.as_markup(node);
        }
        let items: Vec<String> =
            node.children().map(text).filter(|item| !item.is_empty()).collect();
        if items.iter().any(|item| item.chars().count() > ITEM_MAX) {
            return self.flow(node);
        }
        let ordered = name(node) == "ol";
        let lists = items
            .chunks(ITEMS_MAX)
            .map(|items| Block::List(List { ordered, items: items.to_vec() }));
        self.blocks.extend(lists);
    }

    fn quote(&mut self, node: NodeRef<'_>) {
        let cite = find(node, "footer")
            .or_else(|| find(node, "cite"))
            .map(|cite| cleaned_line(&text(cite)));
        let cite = cite.filter(|cite| !cite.is_empty()).map(|cite| cut(&cite, 300));
        let all = text(node);
        // Who is quoted stands at the end, or is part of the sentence and stays in it.
        let words = cite.as_deref().and_then(|cite| all.strip_suffix(cite)).unwrap_or(&all);
        let words =
            words.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '—' | '–' | '-'));
        if words.is_empty() || words.chars().count() > QUOTE_MAX || holds(node, is_media) {
            return self.flow(node);
        }
        self.blocks.push(Block::Quote(Quote {
            text: words.to_owned(),
            cite: cite.filter(|_| words.len() < all.len()),
        }));
    }

    fn embed(&mut self, node: NodeRef<'_>) {
        let source = attribute(node, "src").or_else(|| attribute(node, "data-src"));
        let source =
            source.or_else(|| find(node, "source").and_then(|source| attribute(source, "src")));
        let Some(url) = source.and_then(|source| web(source, self.base)) else {
            return;
        };
        let provider = Url::parse(&url).ok().and_then(|url| url.host_str().map(str::to_owned));
        let title = attribute(node, "title").map(cleaned_line).filter(|title| !title.is_empty());
        self.blocks.push(Block::Embed(Embed {
            url,
            provider: provider.map(|host| cut(host.trim_start_matches("www."), 100)),
            title: title.map(|title| cut(&title, 300)),
        }));
    }
}

fn is_media(name: &str) -> bool {
    matches!(name, "img" | "iframe" | "video" | "embed" | "table")
}

/// Whether a table shows data: one of a single cell, or around pictures and paragraphs, is layout.
fn is_data(table: NodeRef<'_>) -> bool {
    let cells = table.descendants().filter(|below| matches!(name(*below), "td" | "th")).count();
    let layout = |name: &str| {
        is_media(name) || matches!(name, "p" | "div" | "h1" | "h2" | "h3" | "blockquote" | "figure")
    };
    cells > 1 && !holds(table, layout)
}

/// A text in pieces of at most `max` code points, split at a space where there is one.
fn pieces(text: &str, max: usize) -> impl Iterator<Item = String> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = rest.char_indices().nth(max).map_or(rest.len(), |(end, _)| end);
            let word = rest[..end]
                .rfind(char::is_whitespace)
                .filter(|&at| end < rest.len() && at > end / 2);
            let (piece, tail) = rest.split_at(word.unwrap_or(end));
            rest = tail.trim_start();
            // A piece of joiners alone would show nothing.
            let piece = crate::text::cleaned(piece);
            if !piece.is_empty() {
                return Some(piece);
            }
        }
        None
    })
}

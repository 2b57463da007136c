//! The tags and texts of foreign HTML, in one linear pass.

/// A piece of HTML. Entities are left as they are.
#[derive(Debug, PartialEq, Eq)]
pub enum Token<'a> {
    /// Text; a `<` in it starts no tag.
    Text(&'a str),
    /// `<name …>`, with those attributes that we keep.
    Start {
        /// As written, in any case.
        name: &'a str,
        /// Lower-case names and values as written, each name once.
        attributes: Vec<(&'static str, &'a str)>,
    },
    /// `</name>`.
    End {
        /// As written, in any case.
        name: &'a str,
    },
}

/// The attributes that anybody behind this reads.
const ATTRIBUTES: [&str; 14] = [
    "href",
    "src",
    "alt",
    "title",
    "width",
    "height",
    "datetime",
    "cite",
    "colspan",
    "rowspan",
    "start",
    "data-src",
    "data-original",
    "lang",
];

/// Longer values are no addresses and no texts that anybody reads.
const VALUE_MAX: usize = 4096;

/// What stands in these is no markup, to a browser neither; it is dropped. Of an `iframe` the tag
/// itself is kept.
const RAW: [&str; 10] = [
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
    "noembed",
    "noframes",
    "plaintext",
    "iframe",
    "noscript",
];

/// Iterates over the tokens of a text.
pub struct Tokens<'a> {
    html: &'a str,
    at: usize,
    /// The end tag that belongs to an `iframe` just handed out.
    pending: Option<Token<'a>>,
}

impl<'a> Tokens<'a> {
    /// The tokens of `html`.
    pub const fn new(html: &'a str) -> Self {
        Self { html, at: 0, pending: None }
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.html.as_bytes().get(at).copied()
    }

    /// Moves to `needle`, or to the end. Every call moves on, so the whole pass is linear.
    fn skip_past(&mut self, from: usize, needle: &str) {
        let rest = self.html.get(from..).unwrap_or_default();
        self.at = rest.find(needle).map_or(self.html.len(), |found| from + found + needle.len());
    }

    fn scan_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let from = self.at;
        while self.byte(self.at).is_some_and(&accept) {
            self.at += 1;
        }
        // Ends are ASCII or the end; only a start may be inside of a character.
        self.html.get(from..self.at).unwrap_or_default()
    }

    fn text(&mut self) -> Token<'a> {
        let from = self.at;
        // The first byte may be a `<` that starts no tag.
        let mut at = self.at + 1;
        while self.byte(at).is_some_and(|byte| byte != b'<') {
            at += 1;
        }
        self.at = at;
        Token::Text(&self.html[from..at])
    }

    fn name(&mut self) -> &'a str {
        self.scan_while(|byte| !byte.is_ascii_whitespace() && byte != b'/' && byte != b'>')
    }

    /// The attributes up to the end of the tag; none if the text ends before the tag does.
    fn attributes(&mut self) -> Option<Vec<(&'static str, &'a str)>> {
        let mut kept = Vec::new();
        loop {
            self.scan_while(|byte| byte.is_ascii_whitespace() || byte == b'/');
            if self.byte(self.at)? == b'>' {
                self.at += 1;
                return Some(kept);
            }
            // A `=` that starts a name belongs to it: otherwise the loop would stand still.
            let from = self.at;
            self.at += 1;
            self.scan_while(|byte| {
                !byte.is_ascii_whitespace() && !matches!(byte, b'/' | b'>' | b'=')
            });
            let name = self.html.get(from..self.at).unwrap_or_default();
            self.scan_while(|byte| byte.is_ascii_whitespace());
            let value = if self.byte(self.at)? == b'=' { self.value()? } else { "" };
            let known = ATTRIBUTES.into_iter().find(|known| known.eq_ignore_ascii_case(name));
            if let Some(known) = known
                && value.len() <= VALUE_MAX
                && !kept.iter().any(|(name, _)| *name == known)
            {
                kept.push((known, value));
            }
        }
    }

    fn value(&mut self) -> Option<&'a str> {
        self.at += 1;
        self.scan_while(|byte| byte.is_ascii_whitespace());
        match self.byte(self.at)? {
            quote @ (b'"' | b'\'') => {
                self.at += 1;
                let value = self.scan_while(|byte| byte != quote);
                self.byte(self.at)?;
                self.at += 1;
                Some(value)
            }
            _ => Some(self.scan_while(|byte| !byte.is_ascii_whitespace() && byte != b'>')),
        }
    }

    fn start(&mut self) -> Option<Token<'a>> {
        self.at += 1;
        let name = self.name();
        let Some(attributes) = self.attributes() else {
            // A tag that never ends takes the rest with it, as in a browser.
            self.at = self.html.len();
            return None;
        };
        if !RAW.iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
            return Some(Token::Start { name, attributes });
        }
        self.skip_raw(name);
        if !name.eq_ignore_ascii_case("iframe") {
            return None;
        }
        self.pending = Some(Token::End { name });
        Some(Token::Start { name, attributes })
    }

    /// Moves past the end tag of `name`.
    fn skip_raw(&mut self, name: &str) {
        loop {
            self.skip_past(self.at, "</");
            let rest = &self.html.as_bytes()[self.at..];
            if rest.is_empty() {
                return;
            }
            if rest
                .get(..name.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()))
            {
                return self.skip_past(self.at, ">");
            }
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        if let Some(pending) = self.pending.take() {
            return Some(pending);
        }
        loop {
            match (self.byte(self.at)?, self.byte(self.at + 1), self.byte(self.at + 2)) {
                (b'<', Some(b'!'), _) if self.html[self.at..].starts_with("<!--") => {
                    // From the dashes on, because `<!-->` is a whole comment.
                    self.skip_past(self.at + 2, "-->");
                }
                (b'<', Some(b'!' | b'?'), _) => self.skip_past(self.at, ">"),
                (b'<', Some(b'/'), Some(first)) if first.is_ascii_alphabetic() => {
                    self.at += 2;
                    let name = self.name();
                    self.skip_past(self.at, ">");
                    return Some(Token::End { name });
                }
                (b'<', Some(first), _) if first.is_ascii_alphabetic() => {
                    if let Some(token) = self.start() {
                        return Some(token);
                    }
                }
                _ => return Some(self.text()),
            }
        }
    }
}

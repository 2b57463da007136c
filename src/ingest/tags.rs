//! The pieces of XML that almost is.

/// What stands behind `end`; nothing where it is missing.
pub fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.split_once(end).map_or("", |(_, rest)| rest)
}

/// Behind a `<!…>`, whose internal subset in brackets may hold more of them.
pub fn after_declaration(text: &str) -> &str {
    match text.find(['[', '>']) {
        Some(at) if text.as_bytes()[at] == b'[' => after(after(&text[at..], "]"), ">"),
        Some(at) => &text[at + 1..],
        None => "",
    }
}

/// Whether a text begins with a start tag.
pub fn is_tag(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next() == Some('<') && chars.next().is_some_and(|c| c.is_alphabetic() || c == '_')
}

/// The attributes of a tag, whether it is empty, and the text behind it.
pub fn attributes(mut rest: &str) -> (Vec<(&str, &str)>, bool, &str) {
    let mut found = Vec::new();
    loop {
        rest = rest.trim_start();
        match rest.as_bytes() {
            [] => return (found, false, ""),
            [b'/', b'>', ..] => return (found, true, &rest[2..]),
            [b'>', ..] => return (found, false, &rest[1..]),
            // The tag was never closed.
            [b'<', ..] => return (found, false, rest),
            [b'/' | b'=' | b'"' | b'\'', ..] => {
                rest = &rest[1..];
                continue;
            }
            _ => {}
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '=' | '>' | '/' | '<' | '"' | '\''))
            .unwrap_or(rest.len());
        let name = &rest[..end];
        rest = rest[end..].trim_start();
        let mut value = "";
        if let Some(assigned) = rest.strip_prefix('=') {
            rest = assigned.trim_start();
            let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''));
            (value, rest) = match quote {
                Some(quote) => rest[1..].split_once(quote).unwrap_or((&rest[1..], "")),
                None => rest.split_at(
                    rest.find(|c: char| c.is_whitespace() || c == '>').unwrap_or(rest.len()),
                ),
            };
        }
        let named = name.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == ':');
        if named && found.len() < 64 {
            found.push((name, value));
        }
    }
}

/// A name without its prefix.
pub fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// The characters that XML 1.0 allows.
pub const fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

/// A character as XML writes it, in text and in attributes.
pub fn push_escaped(c: char, out: &mut String) {
    match c {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        c => out.push(c),
    }
}

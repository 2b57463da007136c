//! Blocks as HTML and as plain text.

use super::blocks::{Block, Embed, List, Quote};
use super::image::Image;
use super::sanitise::escape;

/// What links to elsewhere carry: no rank lent, no handle on our page.
const REL: &str = "nofollow noopener ugc";

/// The body as HTML. Everything is escaped; `html` blocks were sanitised when they were taken.
#[must_use]
pub fn body_html(blocks: &[Block]) -> String {
    blocks.iter().map(block_html).collect::<Vec<_>>().join("\n")
}

/// The body as plain text, a blank line between blocks. What has no words is left out.
#[must_use]
pub fn body_text(blocks: &[Block]) -> String {
    let texts: Vec<String> =
        blocks.iter().map(block_text).filter(|text| !text.is_empty()).collect();
    texts.join("\n\n")
}

fn block_html(block: &Block) -> String {
    match block {
        Block::Paragraph(paragraph) => format!("<p>{}</p>", lines(&paragraph.text)),
        Block::Heading(heading) => {
            format!("<h{0}>{1}</h{0}>", heading.level, escape(&heading.text))
        }
        Block::Image(image) => image_html(image),
        Block::List(list) => list_html(list),
        Block::Quote(quote) => quote_html(quote),
        Block::Embed(embed) => embed_html(embed),
        Block::Divider(_) => "<hr>".into(),
        Block::Html(html) => html.html.clone(),
    }
}

/// A picture as a `figure`, for a body or as the lead.
#[must_use]
pub fn image_html(image: &Image) -> String {
    let alt = if image.decorative { "" } else { image.alt.as_deref().unwrap_or_default() };
    let mut html = format!("<figure><img src=\"{}\" alt=\"{}\"", escape(&image.url), escape(alt));
    for (name, pixels) in [("width", image.width), ("height", image.height)] {
        if let Some(pixels) = pixels {
            html.push_str(&format!(" {name}=\"{pixels}\""));
        }
    }
    html.push_str(" loading=\"lazy\">");
    let caption: Vec<String> =
        [&image.caption, &image.credit].into_iter().flatten().map(|text| lines(text)).collect();
    if !caption.is_empty() {
        html.push_str(&format!("<figcaption>{}</figcaption>", caption.join(" – ")));
    }
    html.push_str("</figure>");
    html
}

fn list_html(list: &List) -> String {
    let tag = if list.ordered { "ol" } else { "ul" };
    let items: String = list.items.iter().map(|item| format!("<li>{}</li>", lines(item))).collect();
    format!("<{tag}>{items}</{tag}>")
}

fn quote_html(quote: &Quote) -> String {
    let cite =
        quote.cite.as_deref().map(|cite| format!("<footer><cite>{}</cite></footer>", escape(cite)));
    format!("<blockquote><p>{}</p>{}</blockquote>", lines(&quote.text), cite.unwrap_or_default())
}

/// A link, never a frame: what the other site shows there is not ours to vouch for.
fn embed_html(embed: &Embed) -> String {
    let text = embed.title.as_ref().or(embed.provider.as_ref()).unwrap_or(&embed.url);
    format!("<p><a href=\"{}\" rel=\"{REL}\">{}</a></p>", escape(&embed.url), escape(text))
}

fn lines(text: &str) -> String {
    escape(text).replace('\n', "<br>")
}

fn block_text(block: &Block) -> String {
    match block {
        Block::Paragraph(paragraph) => paragraph.text.clone(),
        Block::Heading(heading) => heading.text.clone(),
        Block::Image(image) => joined([&image.caption, &image.credit], " – "),
        Block::List(list) => list.items.join("\n"),
        Block::Quote(quote) => match &quote.cite {
            Some(cite) => format!("{}\n– {cite}", quote.text),
            None => quote.text.clone(),
        },
        Block::Embed(embed) => embed.title.clone().unwrap_or_default(),
        Block::Divider(_) => String::new(),
        Block::Html(html) => super::html::plain_text(&html.html),
    }
}

fn joined(texts: [&Option<String>; 2], by: &str) -> String {
    texts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(by)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::articles::blocks::{Divider, Html, Paragraph};

    #[test]
    fn everything_is_escaped() {
        let mut image = Image::at("https://a/?x=1&y=\"".into());
        image.alt = Some("\"><script>".into());
        image.caption = Some("<b>".into());
        let blocks = [
            Block::Paragraph(Paragraph { text: "a < b\n&".into() }),
            Block::Image(image.clone()),
            Block::Image(Image { decorative: true, caption: None, ..image }),
            Block::Embed(Embed { url: "https://a/\"".into(), provider: None, title: None }),
        ];
        assert_eq!(
            body_html(&blocks),
            "<p>a &lt; b<br>&amp;</p>\n\
             <figure><img src=\"https://a/?x=1&amp;y=&quot;\" alt=\"&quot;&gt;&lt;script&gt;\" loading=\"lazy\">\
             <figcaption>&lt;b&gt;</figcaption></figure>\n\
             <figure><img src=\"https://a/?x=1&amp;y=&quot;\" alt=\"\" loading=\"lazy\"></figure>\n\
             <p><a href=\"https://a/&quot;\" rel=\"nofollow noopener ugc\">https://a/&quot;</a></p>"
        );
    }

    #[test]
    fn text_has_the_words_of_every_block() {
        let blocks = [
            Block::Paragraph(Paragraph { text: "one".into() }),
            Block::Divider(Divider {}),
            Block::Html(Html {
                html: "<table><tbody><tr><td>a</td><td>b</td></tr></tbody></table>".into(),
            }),
            Block::List(List { ordered: true, items: vec!["x".into(), "y".into()] }),
        ];
        assert_eq!(body_text(&blocks), "one\n\na b\n\nx\ny");
    }
}

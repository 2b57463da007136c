//! One item of a feed in our own import shape.

use feed_rs::model::{Entry, Link, MediaObject, Person};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::articles::blocks::Block;
use crate::articles::html::{decoded, plain_text, to_blocks};
use crate::articles::image::{Image, PIXELS_MAX, http_url};
use crate::text::{cleaned, cleaned_line, cut};

/// The longest headline that a feed gives, in code points.
const HEADLINE_MAX: usize = 200;
/// The longest summary, in code points.
const SUMMARY_MAX: usize = 500;
/// The most authors and the most tags of an item.
const NAMES_MAX: usize = 20;
/// The longest name of an author or a tag, in code points.
const NAME_MAX: usize = 100;
/// The longest description of a picture, in code points.
const ALT_MAX: usize = 500;
/// Longer identifiers are hashed.
const ID_MAX: usize = 200;

/// What the items of a feed take from it.
pub struct Context {
    /// Where the feed came from, or says that it belongs.
    pub base: Option<Url>,
    /// Its language, two letters.
    pub language: Option<String>,
}

/// The item as an object of the import shape.
pub fn translate(entry: Entry, context: &Context) -> Value {
    let link = source_url(&entry, context.base.as_ref());
    let base =
        link.as_deref().and_then(|link| Url::parse(link).ok()).or_else(|| context.base.clone());
    let summary = entry
        .summary
        .as_ref()
        .map(|text| cleaned_line(&plain_text(&text.content)))
        .filter(|text| !text.is_empty());
    let title = entry
        .title
        .as_ref()
        .map(|title| headline(&title.content))
        .filter(|title| !title.is_empty());
    let content = entry
        .content
        .as_ref()
        .and_then(|content| content.body.as_deref())
        .filter(|body| !body.trim().is_empty());
    let mut body = to_blocks(
        content.or(entry.summary.as_ref().map(|text| text.content.as_str())).unwrap_or_default(),
        base.as_ref(),
    );
    let terms: Vec<String> = names(
        entry
            .categories
            .iter()
            .map(|category| category.label.as_ref().unwrap_or(&category.term).as_str()),
    );
    let headline = title.or_else(|| Some(first_words(summary.as_deref()?)));
    let headline = headline
        .or_else(|| Some(first_words(&cleaned_line(&plain_text(content?)))))
        .unwrap_or_default();
    let mut lead_image = lead_image(&entry, base.as_ref());
    let pictures = body.iter_mut().filter_map(|block| match block {
        Block::Image(image) => Some(image),
        _ => None,
    });
    pictures.chain(&mut lead_image).for_each(|image| describe(image, &headline));
    json!({
        "external_id": external_id(&entry, link.as_deref()),
        "headline": headline,
        "deck": null,
        "summary": summary.map(|text| cut(&text, SUMMARY_MAX)),
        "language": entry.language.as_deref().and_then(language).or_else(|| context.language.clone()),
        "authors": names(entry.authors.iter().filter_map(person)),
        "category": entry.categories.first().map(|category| cut(&plain(&category.term), NAME_MAX)).filter(|term| !term.is_empty()),
        "tags": terms,
        "source_url": link,
        "published_at": published_at(&entry),
        "lead_image": lead_image,
        "body": body,
    })
}

/// Two letters out of `ko`, `ko-KR` or `ko_KR`.
pub fn language(tag: &str) -> Option<String> {
    let primary = tag.trim().split(['-', '_']).next()?.to_ascii_lowercase();
    (primary.len() == 2 && primary.bytes().all(|byte| byte.is_ascii_lowercase())).then_some(primary)
}

/// One line of plain text; tags are stripped, entities decoded.
pub fn plain(text: &str) -> String {
    let text = if text.contains('<') { plain_text(text) } else { decoded(text) };
    cleaned_line(&text)
}

/// An address of the web in full.
pub fn web(url: &str, base: Option<&Url>) -> Option<String> {
    let url = url.trim();
    let url = Url::parse(url).or_else(|error| base.ok_or(error)?.join(url)).ok()?;
    http_url(url.into()).ok()
}

fn headline(title: &str) -> String {
    cut(&plain(title), HEADLINE_MAX)
}

/// An item without a title is called by how it begins.
fn first_words(summary: &str) -> String {
    cut(summary, 80)
}

fn source_url(entry: &Entry, base: Option<&Url>) -> Option<String> {
    let is_page = |link: &&Link| {
        link.target.is_none() && link.rel.as_deref().is_none_or(|rel| rel == "alternate")
    };
    let page = entry.links.iter().find(is_page).and_then(|link| web(&link.href, base));
    // A permanent id that is an address is the item's own.
    page.or_else(|| web(&entry.id, None))
}

/// The feed's own id, the address, or a hash of the words: the same whenever the feed is read.
fn external_id(entry: &Entry, link: Option<&str>) -> String {
    let id = cleaned_line(&entry.id);
    let id = if id.is_empty() { link.unwrap_or_default() } else { &id };
    if !id.is_empty() && id.chars().count() <= ID_MAX {
        return id.to_owned();
    }
    let mut hash = Sha256::new();
    hash.update(id);
    if id.is_empty() {
        for text in [&entry.title, &entry.summary].into_iter().flatten() {
            hash.update(&text.content);
            hash.update([0]);
        }
        hash.update(
            entry.content.as_ref().and_then(|content| content.body.as_deref()).unwrap_or_default(),
        );
    }
    let hex: String = hash.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for name in names {
        let name = cut(&plain(name), NAME_MAX);
        if !name.is_empty() && !found.contains(&name) && found.len() < NAMES_MAX {
            found.push(name);
        }
    }
    found
}

/// The name of a person; an address alone is no name to print.
fn person(person: &Person) -> Option<&str> {
    let name = person.name.as_deref()?.trim();
    // What is left of `name (address)` and `address (name)` once the address is taken out.
    let brackets = ['(', ')', '（', '）', '<', '>', '[', ']', '"', ' '];
    Some(name.trim_matches(brackets)).filter(|name| !name.contains('@'))
}

fn published_at(entry: &Entry) -> Option<String> {
    let at = entry.published.or(entry.updated)?.timestamp_millis();
    let at = jiff::Timestamp::from_millisecond(at).ok()?;
    // A year of five digits, or before printing, is a mistake.
    Some(at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string())
        .filter(|text| text.len() == 24 && text.as_str() >= "1400")
}

/// The picture that the feed puts beside the item: of Media RSS, or an enclosure.
fn lead_image(entry: &Entry, base: Option<&Url>) -> Option<Image> {
    entry.media.iter().find_map(|media| picture(media, base)).or_else(|| {
        let is_picture = |link: &&Link| {
            link.rel.as_deref() == Some("enclosure")
                && link.media_type.as_deref().is_some_and(|kind| kind.starts_with("image/"))
        };
        entry.links.iter().find(is_picture).and_then(|link| web(&link.href, base)).map(Image::at)
    })
}

/// Readers who do not see a picture are told what is nearest to it: its caption, or the headline.
/// That it is decoration is for its publisher to say.
fn describe(image: &mut Image, headline: &str) {
    if !image.described() {
        let nearest = image.caption.as_deref().unwrap_or(headline);
        image.alt = Some(cut(nearest, ALT_MAX)).filter(|alt| !alt.is_empty());
    }
}

fn picture(media: &MediaObject, base: Option<&Url>) -> Option<Image> {
    let side = |pixels: Option<u32>| pixels.filter(|pixels| (1..=PIXELS_MAX).contains(pixels));
    let content = media.content.iter().find_map(|content| {
        let typed = content.content_type.as_ref().map(|kind| kind.as_str().starts_with("image/"));
        let url = content.url.as_ref()?;
        let picture = typed.unwrap_or_else(|| is_picture(url.path()));
        let url = web(url.as_str(), base).filter(|_| picture)?;
        Some(Image { width: side(content.width), height: side(content.height), ..Image::at(url) })
    });
    let image = content.or_else(|| {
        media.thumbnails.iter().find_map(|thumbnail| {
            let (width, height) = (side(thumbnail.image.width), side(thumbnail.image.height));
            Some(Image { width, height, ..Image::at(web(&thumbnail.image.uri, base)?) })
        })
    })?;
    let caption = media
        .description
        .as_ref()
        .map(|text| cleaned(&plain_text(&text.content)))
        .filter(|text| !text.is_empty());
    Some(Image { caption: caption.map(|caption| cut(&caption, 1000)), ..image })
}

fn is_picture(path: &str) -> bool {
    let ending = path.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    matches!(ending.as_str(), "jpg" | "jpeg" | "png" | "gif" | "webp" | "avif")
}

//! From one item of a file or feed to an article that can be written, or to all that is wrong with it.

use super::{lines::Line, model::ItemError};
use crate::{
    articles::input::{ArticleInput, WantedStatus},
    error::{Error, Faults, Message},
    http::body::parse_bounded,
    ids::PublisherId,
    text::{is_slug, maybe_line, single_line, slugify},
};
use serde_json::{Map, Value};

/// The longest name of a publisher or category, in code points.
pub const NAME_MAX: usize = 120;
/// How deep an item's JSON may be nested.
const DEPTH: u32 = 64;

/// What an import may do, and what it does with items that leave something out.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Only say what would be done.
    pub dry_run: bool,
    /// Create publishers and categories that are not there.
    pub may_create: bool,
    /// The one publisher that may be written to, if there is one.
    pub bound: Option<PublisherId>,
    /// Slug or name of the publisher of items that name none.
    pub default_publisher: Option<String>,
    /// Slug or name of the category of items that name none.
    pub default_category: Option<String>,
    /// Who imports, for the record of who wrote what.
    pub by: String,
}

/// A publisher or category as an item names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// What it is looked up by.
    pub slug: String,
    /// What it is called when it is created.
    pub name: String,
}

/// An article ready to be written once its names are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ready {
    /// Whose it is.
    pub publisher: Named,
    /// Where it is filed.
    pub category: Named,
    /// Where it is filed when there is no such category and none may be created: feeds call their
    /// categories what they like.
    pub fallback: Option<Named>,
    /// The content; publisher, category and external id are filled in.
    pub input: ArticleInput,
}

impl Ready {
    /// What the publisher knows it by.
    #[must_use]
    pub fn external_id(&self) -> &str {
        self.input.external_id.as_deref().unwrap_or_default()
    }
}

/// What is known of an item before the database is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Prepared {
    /// It can be written.
    Ready(Box<Ready>),
    /// A later item of the same import is the same article.
    Superseded(String),
    /// It breaks rules: its external id as far as there is one, and the errors.
    Refused(Option<String>, Vec<ItemError>),
}

/// An item of a file or feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its line in the file, or its place in the feed; from 1.
    pub n: u32,
    /// What is known of it.
    pub prepared: Prepared,
}

impl Item {
    /// Reads a line of a file of our own shape.
    #[must_use]
    pub fn from_line(line: &Line, options: &Options) -> Self {
        let prepared = match line.bytes.as_deref() {
            None => refused(None, &too_long()),
            Some(bytes) => match parse_bounded(bytes, DEPTH) {
                Ok(value) => prepare(value, options, false),
                Err(error) => refused(None, &not_json(error)),
            },
        };
        Self { n: line.n, prepared }
    }

    /// Reads an item of a feed, which is of our own shape by now.
    #[must_use]
    pub fn from_feed(n: u32, value: Value, options: &Options) -> Self {
        Self { n, prepared: prepare(value, options, true) }
    }
}

fn refused(external_id: Option<String>, faults: &Faults) -> Prepared {
    Prepared::Refused(external_id, ItemError::list(faults))
}

fn too_long() -> Faults {
    Faults::at("", "too_long", Message::new("The line is too long.", "줄이 너무 깁니다."))
}

fn not_json(error: Error) -> Faults {
    let detail = error.detail.unwrap_or_else(|| Message::new("Not JSON.", "JSON이 아닙니다."));
    Faults::at("", "malformed_json", detail)
}

fn prepare(value: Value, options: &Options, foreign: bool) -> Prepared {
    let Value::Object(mut members) = value else {
        let detail = Message::new("Must be an object.", "객체여야 합니다.");
        return refused(None, &Faults::at("", "wrong_type", detail));
    };
    let external_id = external_id(&members);
    let own_category = text(&members, "category").is_some();
    let publisher = named(&mut members, "publisher", options.default_publisher.as_deref());
    let category = named(&mut members, "category", options.default_category.as_deref());
    let fallback = options.default_category.as_deref().filter(|_| foreign && own_category);
    let mut faults = Faults::default();
    if publisher.is_none() && members.get("publisher").is_none_or(Value::is_null) {
        let detail = Message::new("This field is required.", "필수 항목입니다.");
        faults.push("/publisher", "missing", detail);
    }
    match deserr::deserialize::<ArticleInput, _, Faults>(Value::Object(members)) {
        Err(found) => faults.0.extend(found.0),
        Ok(input) => {
            if input.status != Some(WantedStatus::Draft) {
                faults.0.extend(input.faults_of_publishing().0);
            }
            if let (true, Some(publisher), Some(category)) =
                (faults.0.is_empty(), publisher, category)
            {
                let fallback = fallback.and_then(name);
                let input = identified(input);
                return Prepared::Ready(Box::new(Ready { publisher, category, fallback, input }));
            }
        }
    }
    refused(external_id, &faults)
}

/// An article without an id of its publisher's is known by its content, so that the same file twice
/// does not write it twice.
fn identified(mut input: ArticleInput) -> ArticleInput {
    if input.external_id.is_none() {
        let hex: String = input.hash().iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        input.external_id = Some(format!("sha256:{hex}"));
    }
    input
}

fn text<'a>(members: &'a Map<String, Value>, field: &str) -> Option<&'a str> {
    members.get(field)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

fn external_id(members: &Map<String, Value>) -> Option<String> {
    maybe_line::<500>(Some(text(members, "external_id")?.to_owned())).ok().flatten()
}

/// Takes a slug or a name, puts its slug in its place, and says what it is called. What is neither
/// stays for the checks that name every fault.
fn named(members: &mut Map<String, Value>, field: &str, default: Option<&str>) -> Option<Named> {
    let given = match members.get(field) {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) if text.trim().is_empty() => None,
        Some(Value::String(text)) => Some(text.as_str()),
        Some(_) => return None,
    };
    let Some(found) = given.or(default) else {
        // An empty name is none: the checks then say that it is missing.
        members.shift_remove(field);
        return None;
    };
    let named = name(found)?;
    members.insert(field.to_owned(), Value::String(named.slug.clone()));
    Some(named)
}

/// A slug or a name.
#[must_use]
pub fn name(text: &str) -> Option<Named> {
    let name = single_line(text, NAME_MAX).ok()?;
    let slug = if is_slug(&name) { name.clone() } else { slugify(&name, NAME_MAX) };
    Some(Named { slug, name })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line(value: &Value, options: &Options) -> Prepared {
        let bytes = Some(value.to_string().into_bytes());
        Item::from_line(&Line { n: 1, bytes }, options).prepared
    }

    fn ready(prepared: Prepared) -> Ready {
        match prepared {
            Prepared::Ready(ready) => *ready,
            other => panic!("{other:?}"),
        }
    }

    fn pointers(prepared: Prepared) -> Vec<(String, String)> {
        match prepared {
            Prepared::Refused(_, errors) => {
                errors.into_iter().map(|error| (error.pointer, error.code)).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    fn pair(pointer: &str, code: &str) -> (String, String) {
        (pointer.to_owned(), code.to_owned())
    }

    #[test]
    fn publisher_and_category_may_be_names() {
        let given =
            json!({"publisher": "KBS 뉴스", "category": "IT과학", "headline": "x", "body": []});
        let ready = ready(line(&given, &Options::default()));
        assert_eq!(ready.publisher, Named { slug: "kbs-뉴스".into(), name: "KBS 뉴스".into() });
        assert_eq!(ready.input.publisher.as_deref(), Some("kbs-뉴스"));
        assert_eq!(ready.input.category, "it과학");
        assert_eq!(ready.input.status, None);
    }

    #[test]
    fn what_is_left_out_comes_from_the_options() {
        let options = Options {
            default_publisher: Some("Haneul Ilbo".into()),
            default_category: Some("경제".into()),
            ..Options::default()
        };
        let given = json!({"category": null, "headline": "x", "body": []});
        let one = ready(line(&given, &options));
        assert_eq!(
            (one.publisher.slug.as_str(), one.category.slug.as_str()),
            ("haneul-ilbo", "경제")
        );
        assert!(one.external_id().starts_with("sha256:"));
        assert_eq!(one, ready(line(&given, &options)));
        assert_ne!(
            one.external_id(),
            ready(line(&json!({"headline": "y", "body": []}), &options)).external_id()
        );
    }

    #[test]
    fn every_fault_has_its_pointer() {
        let given = json!({"external_id": "a", "headline": "", "category": 3, "body": [{"type": "x"}], "z": 1});
        let mut found = pointers(line(&given, &Options::default()));
        found.sort();
        assert_eq!(
            found,
            [
                pair("/body/0/type", "unknown_value"),
                pair("/category", "wrong_type"),
                pair("/headline", "empty"),
                pair("/publisher", "missing"),
                pair("/z", "unknown_field"),
            ]
        );
        assert_eq!(pointers(line(&json!([]), &Options::default())), [pair("", "wrong_type")]);
        for bytes in [&b"{"[..], b"\xff", b"{\"a\":1,\"a\":2}", b"{} {}"] {
            let line = Line { n: 1, bytes: Some(bytes.to_vec()) };
            let found = pointers(Item::from_line(&line, &Options::default()).prepared);
            assert_eq!(found, [pair("", "malformed_json")], "{bytes:?}");
        }
        let long = Item::from_line(&Line { n: 1, bytes: None }, &Options::default());
        assert_eq!(pointers(long.prepared), [pair("", "too_long")]);
    }

    #[test]
    fn a_picture_must_be_described_unless_the_article_is_a_draft() {
        let mut given = json!({"publisher": "a", "category": "b", "headline": "x", "body": [], "lead_image": {"url": "https://a/b.png"}});
        assert_eq!(
            pointers(line(&given, &Options::default())),
            [pair("/lead_image/alt", "alt_missing")]
        );
        given["status"] = json!("draft");
        ready(line(&given, &Options::default()));
    }
}

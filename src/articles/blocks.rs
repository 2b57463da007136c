//! The body of an article: a list of typed blocks.
//!
//! A body is not HTML: what each block may hold is said by its type, so that an app can lay it out
//! in its own way and a page can render it safely.

use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::block_input::{BlockFault, Items, counted, heading_level, safe_html};
use super::image::{Image, UrlFault, http_url};
use crate::error::Faults;
use crate::text::{TextFault, line, lines, maybe_line};

/// The most blocks of one body.
pub const BLOCKS_MAX: usize = 500;
/// The longest paragraph, in code points.
pub const PARAGRAPH_MAX: usize = 10_000;
/// The longest heading, in code points.
pub const HEADING_MAX: usize = 300;
/// The most items of one list.
pub const ITEMS_MAX: usize = 200;
/// The longest item of a list, in code points.
pub const ITEM_MAX: usize = 2_000;
/// The longest quote, in code points.
pub const QUOTE_MAX: usize = 5_000;
/// The longest `html` block, in code points, after sanitising.
pub const HTML_MAX: usize = 100_000;

/// One block of a body. `type` says which; clients must skip types that they do not know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Running text.
    Paragraph(Paragraph),
    /// A heading between parts.
    Heading(Heading),
    /// A picture.
    Image(Image),
    /// A list.
    List(List),
    /// Words of somebody else.
    Quote(Quote),
    /// Something of another site: a video, a post.
    Embed(Embed),
    /// A break between parts.
    Divider(Divider),
    /// Markup that the other types cannot say: tables, links in running text.
    Html(Html),
}

/// Running text; a newline is a line break.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Paragraph {
    /// Plain text; markup in it is shown as it stands.
    #[schema(
        min_length = 1,
        max_length = 10_000,
        examples("The Bank of Korea kept its base rate at 3.5 per cent.")
    )]
    #[deserr(try_from(String) = lines::<PARAGRAPH_MAX> -> TextFault)]
    pub text: String,
}

/// A heading between parts; the first level is the headline's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Heading {
    /// The level, 2 (a part) to 6.
    #[schema(minimum = 2, maximum = 6, format = Int32, examples(2))]
    #[deserr(try_from(i64) = heading_level -> BlockFault)]
    pub level: u8,
    /// Plain text of one line.
    #[schema(min_length = 1, max_length = 300, examples("What comes next"))]
    #[deserr(try_from(String) = line::<HEADING_MAX> -> TextFault)]
    pub text: String,
}

/// A list of plain items.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct List {
    /// True where the order matters: the items are numbered.
    #[serde(default)]
    #[schema(default = false, examples(false))]
    #[deserr(default)]
    pub ordered: bool,
    /// The items, plain text, each up to 2000 characters.
    #[schema(value_type = Vec<ListItem>, min_items = 1, max_items = 200, examples(json!(["Exports rose", "Imports fell"])))]
    #[deserr(try_from(Items) = counted -> BlockFault)]
    pub items: Vec<String>,
}

/// One item of a list. Only the schema needs a type for it.
#[derive(ToSchema)]
#[schema(min_length = 1, max_length = 2000, examples("Exports rose"))]
pub(crate) struct ListItem(
    #[expect(dead_code, reason = "stands for a string in the schema")] String,
);

/// Words of somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Quote {
    /// What was said, plain text.
    #[schema(min_length = 1, max_length = 5000, examples("We will watch prices closely."))]
    #[deserr(try_from(String) = lines::<QUOTE_MAX> -> TextFault)]
    pub text: String,
    /// Who said it, or where.
    #[serde(default)]
    #[schema(max_length = 300, examples("The governor, on Thursday"))]
    #[deserr(default, try_from(Option<String>) = maybe_line::<300> -> TextFault)]
    pub cite: Option<String>,
}

/// Something of another site. Only its address is kept: pages decide how to show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Embed {
    /// Where it is: an absolute http or https URL.
    #[schema(max_length = 2000, format = "uri", examples("https://video.example.com/watch/17"))]
    #[deserr(try_from(String) = http_url -> UrlFault)]
    pub url: String,
    /// The site that it comes from.
    #[serde(default)]
    #[schema(max_length = 100, examples("video.example.com"))]
    #[deserr(default, try_from(Option<String>) = maybe_line::<100> -> TextFault)]
    pub provider: Option<String>,
    /// What it is, for a link where it cannot be shown.
    #[serde(default)]
    #[schema(max_length = 300, examples("The press conference in full"))]
    #[deserr(default, try_from(Option<String>) = maybe_line::<300> -> TextFault)]
    pub title: Option<String>,
}

/// A break between parts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Divider {}

/// Markup that the other types cannot say. It is sanitised when it is taken, so what is stored and
/// shown is safe; what was taken out is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema, Deserr)]
#[serde(deny_unknown_fields)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Html {
    /// Sanitised HTML: no scripts, styles, forms or frames; links to http, https and mailto only.
    #[schema(
        min_length = 1,
        max_length = 100_000,
        examples(
            "<p>Read <a href=\"https://example.com/\" rel=\"nofollow noopener ugc\">the report</a>.</p>"
        )
    )]
    #[deserr(try_from(String) = safe_html -> TextFault)]
    pub html: String,
}

impl Block {
    /// The values of `type`, in the order of the documentation.
    pub const TYPES: [&str; 8] =
        ["paragraph", "heading", "image", "list", "quote", "embed", "divider", "html"];
}

/// By hand, because the derived schema of a tagged enum is an `allOf` of the variant and the tag,
/// which nothing satisfies once the variant forbids other properties.
impl PartialSchema for Block {
    fn schema() -> RefOr<Schema> {
        let variants = [
            Paragraph::schema(),
            Heading::schema(),
            Image::schema(),
            List::schema(),
            Quote::schema(),
            Embed::schema(),
            Divider::schema(),
            Html::schema(),
        ];
        let one_of = Self::TYPES
            .into_iter()
            .zip(variants)
            .fold(OneOfBuilder::new(), |one_of, (name, variant)| {
                one_of.item(tagged(name, variant))
            });
        one_of
            .description(Some(
                "One block of a body. Clients must skip types that they do not know.",
            ))
            .into()
    }
}

impl ToSchema for Block {}

/// The schema of a variant with its tag in front.
fn tagged(name: &'static str, variant: RefOr<Schema>) -> RefOr<Schema> {
    let RefOr::T(Schema::Object(mut object)) = variant else {
        return variant;
    };
    let tag = ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some([name]))
        .description(Some("Which block this is."));
    let mut properties = std::mem::take(&mut object.properties);
    object.properties.insert("type".into(), Schema::Object(tag.build()).into());
    object.properties.append(&mut properties);
    object.required.insert(0, "type".into());
    object.title = Some(format!("{name} block"));
    object.additional_properties = Some(Box::new(AdditionalProperties::FreeForm(false)));
    Schema::Object(object).into()
}

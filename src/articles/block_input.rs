//! A body out of JSON: every fault, with a pointer to it.

use std::fmt;

use deserr::{
    DeserializeError, Deserr, ErrorKind, IntoValue, Map, Sequence, Value, ValueKind,
    ValuePointerRef, take_cf_content,
};

use super::blocks::{BLOCKS_MAX, Block, HTML_MAX, ITEM_MAX, ITEMS_MAX};
use super::sanitise::sanitise;
use crate::error::{Broken, Faults};
use crate::text::{TextFault, check_lines, multi_line};

/// Why a block was refused, where it is not for its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockFault {
    /// A heading outside of 2 to 6.
    Level,
    /// A list without items.
    NoItems,
    /// A list of more than [`ITEMS_MAX`] items.
    TooManyItems,
    /// A body of more than [`BLOCKS_MAX`] blocks.
    TooManyBlocks,
}

impl fmt::Display for BlockFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Level => f.write_str("must be from 2 to 6"),
            Self::NoItems => f.write_str("must have at least one item"),
            Self::TooManyItems => write!(f, "must have at most {ITEMS_MAX} items"),
            Self::TooManyBlocks => write!(f, "must have at most {BLOCKS_MAX} blocks"),
        }
    }
}

impl Broken for BlockFault {
    fn code(&self) -> &'static str {
        match self {
            Self::Level => "out_of_range",
            Self::NoItems => "too_few",
            Self::TooManyItems | Self::TooManyBlocks => "too_many",
        }
    }

    fn detail_ko(&self) -> String {
        match self {
            Self::Level => "2 이상 6 이하여야 합니다.".into(),
            Self::NoItems => "항목이 하나 이상 있어야 합니다.".into(),
            Self::TooManyItems => format!("항목은 최대 {ITEMS_MAX}개입니다."),
            Self::TooManyBlocks => format!("블록은 최대 {BLOCKS_MAX}개입니다."),
        }
    }
}

/// A body of at most [`BLOCKS_MAX`] blocks, for `#[deserr(try_from(Vec<Block>) = body -> BlockFault)]`.
///
/// # Errors
///
/// [`BlockFault::TooManyBlocks`].
pub fn body(blocks: Vec<Block>) -> Result<Vec<Block>, BlockFault> {
    if blocks.len() > BLOCKS_MAX { Err(BlockFault::TooManyBlocks) } else { Ok(blocks) }
}

/// By hand: the derive knows neither newtype variants nor where the tag is when it is unknown.
impl Deserr<Faults> for Block {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let mut map = match value {
            Value::Map(map) => map,
            actual => return Err(wrong_kind(actual, &[ValueKind::Map], at)),
        };
        let Some(tag) = map.remove("type") else {
            return Err(take_cf_content(Faults::error::<V>(
                None,
                ErrorKind::MissingField { field: "type" },
                at,
            )));
        };
        let tag = match tag.into_value() {
            Value::String(tag) => tag,
            actual => {
                return Err(wrong_kind(actual, &[ValueKind::String], at.push_key("type")));
            }
        };
        let rest = Value::<V>::Map(map);
        match tag.as_str() {
            "paragraph" => Deserr::deserialize_from_value(rest, at).map(Self::Paragraph),
            "heading" => Deserr::deserialize_from_value(rest, at).map(Self::Heading),
            "image" => Deserr::deserialize_from_value(rest, at).map(Self::Image),
            "list" => Deserr::deserialize_from_value(rest, at).map(Self::List),
            "quote" => Deserr::deserialize_from_value(rest, at).map(Self::Quote),
            "embed" => Deserr::deserialize_from_value(rest, at).map(Self::Embed),
            "divider" => Deserr::deserialize_from_value(rest, at).map(Self::Divider),
            "html" => Deserr::deserialize_from_value(rest, at).map(Self::Html),
            unknown => {
                let error = ErrorKind::UnknownValue { value: unknown, accepted: &Self::TYPES };
                Err(take_cf_content(Faults::error::<V>(None, error, at.push_key("type"))))
            }
        }
    }
}

fn wrong_kind<V: IntoValue>(
    actual: Value<V>,
    accepted: &[ValueKind],
    at: ValuePointerRef<'_>,
) -> Faults {
    take_cf_content(Faults::error(None, ErrorKind::IncorrectValueKind { actual, accepted }, at))
}

/// The items of a list, each checked where it stands, so that a fault points to the item.
pub struct Items(Vec<String>);

impl Deserr<Faults> for Items {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let sequence = match value {
            Value::Sequence(sequence) => sequence,
            actual => return Err(wrong_kind(actual, &[ValueKind::Sequence], at)),
        };
        let mut items = Vec::with_capacity(sequence.len().min(ITEMS_MAX));
        let mut faults = Vec::new();
        for (index, value) in sequence.into_iter().enumerate() {
            let at = at.push_index(index);
            let item: Result<String, Faults> =
                Deserr::deserialize_from_value(value.into_value(), at);
            let item = item.and_then(|item| {
                multi_line(&item, ITEM_MAX).map_err(|fault| {
                    take_cf_content(<Faults as deserr::MergeWithError<TextFault>>::merge(
                        None, fault, at,
                    ))
                })
            });
            match item {
                Ok(item) => items.push(item),
                Err(more) => faults.extend(more.0),
            }
        }
        if faults.is_empty() { Ok(Self(items)) } else { Err(Faults(faults)) }
    }
}

/// The number of items of a list.
pub(super) fn counted(items: Items) -> Result<Vec<String>, BlockFault> {
    match items.0.len() {
        0 => Err(BlockFault::NoItems),
        n if n > ITEMS_MAX => Err(BlockFault::TooManyItems),
        _ => Ok(items.0),
    }
}

/// The level of a heading.
pub(super) fn heading_level(level: i64) -> Result<u8, BlockFault> {
    u8::try_from(level).ok().filter(|level| (2..=6).contains(level)).ok_or(BlockFault::Level)
}

/// HTML as it may be stored: the text rules hold for the source, the limit for what is kept.
pub(super) fn safe_html(html: String) -> Result<String, TextFault> {
    let html = sanitise(&multi_line(&html, usize::MAX)?);
    check_lines(&html, HTML_MAX).map(|()| html)
}

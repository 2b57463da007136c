use super::Message;
use deserr::{DeserializeError, ErrorKind, IntoValue, MergeWithError, ValueKind, ValuePointerRef};
use std::{convert::Infallible, ops::ControlFlow};

/// Where a fault lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A JSON pointer (RFC 6901) into the request body; empty for the whole.
    Pointer(String),
    /// A query or path parameter.
    Parameter(String),
    /// A request header.
    Header(&'static str),
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pointer(text) | Self::Parameter(text) => f.write_str(text),
            Self::Header(text) => f.write_str(text),
        }
    }
}

/// One thing wrong with an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, for programs: `missing`, `unknown_field`, `too_long` and the like.
    pub code: &'static str,
    /// What, for people.
    pub detail: Message,
}

/// All faults of an input, found in one pass.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Fault>);

impl Faults {
    /// A single fault at a JSON pointer.
    pub fn at(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self(vec![Fault { place: Place::Pointer(pointer.into()), code, detail }])
    }

    /// A single fault of a parameter.
    pub fn parameter(name: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self(vec![Fault { place: Place::Parameter(name.into()), code, detail }])
    }

    /// Adds one more at a JSON pointer.
    pub fn push(&mut self, pointer: impl Into<String>, code: &'static str, detail: Message) {
        self.0.push(Fault { place: Place::Pointer(pointer.into()), code, detail });
    }

    /// `value` when nothing was found wrong.
    ///
    /// # Errors
    /// The faults themselves.
    pub fn or<T>(self, value: T) -> Result<T, Self> {
        if self.0.is_empty() { Ok(value) } else { Err(self) }
    }
}

/// A rule on one value that was broken: what a checked type's parser returns. `Display` says it in English.
pub trait Broken: std::fmt::Display {
    /// For programs.
    fn code(&self) -> &'static str;
    /// For people, in Korean.
    fn detail_ko(&self) -> String;
    /// For people.
    fn message(&self) -> Message {
        Message::new(self.to_string(), self.detail_ko())
    }
}

impl DeserializeError for Faults {
    fn error<V: IntoValue>(
        faults: Option<Self>,
        error: ErrorKind<'_, V>,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut faults = faults.unwrap_or_default();
        let (pointer, code, detail) = explain(error, location);
        faults.push(pointer, code, detail);
        ControlFlow::Continue(faults)
    }
}

impl MergeWithError<Self> for Faults {
    fn merge(faults: Option<Self>, other: Self, _: ValuePointerRef<'_>) -> ControlFlow<Self, Self> {
        let mut faults = faults.unwrap_or_default();
        faults.0.extend(other.0);
        ControlFlow::Continue(faults)
    }
}

impl MergeWithError<Infallible> for Faults {
    fn merge(
        _: Option<Self>,
        other: Infallible,
        _: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        match other {}
    }
}

impl<B: Broken> MergeWithError<B> for Faults {
    fn merge(
        faults: Option<Self>,
        broken: B,
        location: ValuePointerRef<'_>,
    ) -> ControlFlow<Self, Self> {
        let mut faults = faults.unwrap_or_default();
        faults.push(pointer(location), broken.code(), broken.message());
        ControlFlow::Continue(faults)
    }
}

fn pointer(location: ValuePointerRef<'_>) -> String {
    match location {
        ValuePointerRef::Origin => String::new(),
        ValuePointerRef::Key { key, prev } => {
            format!("{}/{}", pointer(*prev), key.replace('~', "~0").replace('/', "~1"))
        }
        ValuePointerRef::Index { index, prev } => format!("{}/{index}", pointer(*prev)),
    }
}

fn explain<V: IntoValue>(
    error: ErrorKind<'_, V>,
    location: ValuePointerRef<'_>,
) -> (String, &'static str, Message) {
    let here = pointer(location);
    match error {
        ErrorKind::IncorrectValueKind { accepted, .. } => {
            let accepted = kinds(accepted);
            (
                here,
                "wrong_type",
                Message::new(
                    format!("Must be {accepted}."),
                    format!("{accepted} 형식이어야 합니다."),
                ),
            )
        }
        ErrorKind::MissingField { field } => (
            format!("{here}/{field}"),
            "missing",
            Message::new("This field is required.", "필수 항목입니다."),
        ),
        ErrorKind::UnknownKey { key, accepted } => (
            pointer(location.push_key(key)),
            "unknown_field",
            Message::new(
                format!("Unknown field; known are {}.", accepted.join(", ")),
                format!("알 수 없는 항목입니다. 가능한 항목: {}.", accepted.join(", ")),
            ),
        ),
        ErrorKind::UnknownValue { accepted, .. } => (
            here,
            "unknown_value",
            Message::new(
                format!("Must be one of {}.", accepted.join(", ")),
                format!("다음 중 하나여야 합니다: {}.", accepted.join(", ")),
            ),
        ),
        ErrorKind::BadSequenceLen { expected, .. } => (
            here,
            "wrong_length",
            Message::new(
                format!("Must have {expected} items."),
                format!("항목이 {expected}개여야 합니다."),
            ),
        ),
        ErrorKind::Unexpected { msg } => {
            (here, "invalid", Message::new(msg, "올바르지 않은 값입니다."))
        }
    }
}

fn kinds(accepted: &[ValueKind]) -> String {
    let mut names: Vec<_> = accepted
        .iter()
        .map(|kind| match kind {
            ValueKind::Null => "null",
            ValueKind::Boolean => "boolean",
            ValueKind::Integer | ValueKind::NegativeInteger => "integer",
            ValueKind::Float => "number",
            ValueKind::String => "string",
            ValueKind::Sequence => "array",
            ValueKind::Map => "object",
        })
        .collect();
    names.dedup();
    names.join(" or ")
}

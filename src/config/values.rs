//! Values that settings are made of: of text in the file and in the environment.

use crate::error::{Broken, Faults};
use deserr::{DeserializeError, Deserr, ErrorKind, IntoValue, Value, ValueKind, ValuePointerRef};
use serde::Serialize;
use std::{path::PathBuf, str::FromStr};

/// A value that is written as text and read with `FromStr`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<T: std::fmt::Display> Serialize for Parsed<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct NotReadable(String);

impl Broken for NotReadable {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "올바르지 않은 값입니다.".into()
    }
}

fn not_readable(what: String, at: ValuePointerRef<'_>) -> Faults {
    deserr::take_cf_content(deserr::MergeWithError::merge(None, NotReadable(what), at))
}

/// The text of a scalar: the environment turns `8080` into a number before we see it.
fn scalar<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<String, Faults> {
    match value {
        Value::String(text) => Ok(text),
        Value::Integer(n) => Ok(n.to_string()),
        Value::NegativeInteger(n) => Ok(n.to_string()),
        Value::Boolean(b) => Ok(b.to_string()),
        actual => Err(deserr::take_cf_content(Faults::error(
            None,
            ErrorKind::IncorrectValueKind { actual, accepted: &[ValueKind::String] },
            at,
        ))),
    }
}

impl<T: FromStr<Err: std::fmt::Display>> Deserr<Faults> for Parsed<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = scalar(value, at)?;
        text.parse().map(Self).map_err(|error: T::Err| not_readable(error.to_string(), at))
    }
}

/// A folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Dir(pub PathBuf);

impl Deserr<Faults> for Dir {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match scalar(value, at)? {
            text if text.is_empty() => Err(not_readable("Must not be empty.".into(), at)),
            text => Ok(Self(PathBuf::from(text))),
        }
    }
}

/// An IANA time zone's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub String);

impl FromStr for Zone {
    type Err = jiff::Error;
    fn from_str(text: &str) -> Result<Self, jiff::Error> {
        jiff::tz::TimeZone::get(text).map(|_| Self(text.to_owned()))
    }
}

impl std::fmt::Display for Zone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text that is never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(set, not shown)")
    }
}

impl Deserr<Faults> for Secret {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        scalar(value, at).map(Self)
    }
}

/// Several values: an array in the file, separated by commas in the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct List<T>(pub Vec<T>);

impl<T> Default for List<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: std::fmt::Display> Serialize for List<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(ToString::to_string))
    }
}

impl<T: FromStr<Err: std::fmt::Display>> Deserr<Faults> for List<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let texts: Vec<String> = match value {
            Value::Sequence(_) => Vec::<String>::deserialize_from_value(value, at)?,
            other => scalar(other, at)?
                .split(',')
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty())
                .collect(),
        };
        texts
            .iter()
            .map(|text| text.parse().map_err(|e: T::Err| not_readable(format!("{text}: {e}"), at)))
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

//! Query parameters, checked as a whole: every fault is reported, and what an operation does not
//! know is refused.

use crate::{
    clock::Timestamp,
    error::{Code, Error, Faults, Message},
    page::{Cursor, Limit, PageRequest},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};
use std::{
    future::{Ready, ready},
    str::FromStr,
};

/// Parameters that read themselves.
pub trait FromQuery: Sized {
    /// Takes what it knows out of `reader`, which notes the faults. `None` only after a fault.
    fn read(reader: &mut QueryReader) -> Option<Self>;
}

/// Extracts checked parameters; 422 with all faults otherwise.
#[derive(Debug)]
pub struct Query<T>(pub T);

/// For operations without parameters.
#[derive(Debug)]
pub struct NoParameters;

impl FromQuery for NoParameters {
    fn read(_: &mut QueryReader) -> Option<Self> {
        Some(Self)
    }
}

impl<T: FromQuery> FromRequest for Query<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(QueryReader::new(request.path(), request.query_string()).read().map(Query))
    }
}

/// The pairs of a query string, and what was found wrong with them.
#[derive(Debug)]
pub struct QueryReader {
    path: String,
    pairs: Vec<(String, String)>,
    known: Vec<&'static str>,
    faults: Faults,
    malformed: Option<Error>,
}

impl QueryReader {
    /// Splits and decodes `query`.
    #[must_use]
    pub fn new(path: &str, query: &str) -> Self {
        let mut faults = Faults::default();
        let mut refuse = |text: &str, code, detail| {
            let shown: String = text.chars().take(60).collect();
            faults.0.extend(Faults::parameter(shown, code, detail).0);
            String::new()
        };
        // `of` is what the fault names: the parameter, as far as it is known.
        let mut decode = |text: &str, of: &str, opaque: bool| {
            let spaced = text.replace('+', " ");
            match percent_decode_str(&spaced).decode_utf8() {
                Err(_) => {
                    refuse(of, "not_utf8", Message::new("Must be UTF-8.", "UTF-8이어야 합니다."))
                }
                // PostgreSQL takes no NUL, and no value here holds another control character.
                Ok(text) if !opaque && text.chars().any(char::is_control) => refuse(
                    of.trim_matches(char::is_control),
                    "control_characters",
                    Message::new(
                        "Must not contain control characters.",
                        "제어 문자를 쓸 수 없습니다.",
                    ),
                ),
                Ok(text) => text.into_owned(),
            }
        };
        let pairs = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                let name = decode(name, name, false);
                // A cursor is taken apart as a whole, and malformed if it is not ours.
                let value = decode(value, &name, name == "cursor");
                (name, value)
            })
            .collect();
        Self { path: path.to_owned(), pairs, known: Vec::new(), faults, malformed: None }
    }

    /// Reads a whole set of parameters.
    ///
    /// # Errors
    /// 422 with every fault, or 400 for a cursor that is not ours.
    pub fn read<T: FromQuery>(mut self) -> Result<T, Error> {
        let value = T::read(&mut self);
        self.refuse_unknown();
        if !self.faults.0.is_empty() {
            return Err(Error::invalid(self.faults));
        }
        if let Some(malformed) = self.malformed {
            return Err(malformed);
        }
        value.ok_or_else(|| Error::plain(Code::Invalid))
    }

    fn refuse_unknown(&mut self) {
        let known = if self.known.is_empty() { "none".to_owned() } else { self.known.join(", ") };
        for (name, _) in &self.pairs {
            if !self.known.contains(&name.as_str()) {
                let shown: String = name.chars().take(60).collect();
                self.faults.0.extend(
                    Faults::parameter(
                        shown,
                        "unknown_parameter",
                        Message::new(
                            format!("Unknown parameter; known are: {known}."),
                            format!("알 수 없는 매개변수입니다. 가능한 것: {known}."),
                        ),
                    )
                    .0,
                );
            }
        }
    }

    /// Notes a fault of a parameter.
    pub fn fault(&mut self, name: &'static str, code: &'static str, detail: Message) {
        self.faults.0.extend(Faults::parameter(name, code, detail).0);
    }

    fn values(&mut self, name: &'static str) -> Vec<String> {
        self.known.push(name);
        self.pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }

    /// Whether a parameter was given, valid or not.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.pairs.iter().any(|(given, _)| given == name)
    }

    /// A parameter given at most once, as its text.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let mut values = self.values(name);
        if values.len() > 1 {
            self.fault(
                name,
                "repeated",
                Message::new("May be given once only.", "한 번만 쓸 수 있습니다."),
            );
        }
        values.pop()
    }

    /// A parameter given at most once, parsed by `parse`, which says what is wrong.
    pub fn one_with<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, (&'static str, Message)>,
    ) -> Option<T> {
        let text = self.text(name)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err((code, detail)) => {
                self.fault(name, code, detail);
                None
            }
        }
    }

    /// A parameter given at most once, parsed by its `FromStr`.
    pub fn one<T: FromStr>(&mut self, name: &'static str, expected: &'static str) -> Option<T> {
        self.one_with(name, |text| parsed(text, expected))
    }

    /// A parameter that may repeat, up to `max` times; values are alternatives.
    pub fn many<T: FromStr>(
        &mut self,
        name: &'static str,
        max: usize,
        expected: &'static str,
    ) -> Vec<T> {
        let texts = self.values(name);
        if texts.len() > max {
            self.fault(
                name,
                "too_many",
                Message::new(
                    format!("May be given {max} times at most."),
                    format!("최대 {max}번까지 쓸 수 있습니다."),
                ),
            );
            return Vec::new();
        }
        let mut values = Vec::with_capacity(texts.len());
        for text in texts {
            match parsed(&text, expected) {
                Ok(value) => values.push(value),
                Err((code, detail)) => self.fault(name, code, detail),
            }
        }
        values
    }

    /// One of a closed set of words, listed comma-separated in one value, such as `fields=id,headline`.
    pub fn words<T: Copy>(
        &mut self,
        name: &'static str,
        all: &[(&'static str, T)],
    ) -> Option<Vec<T>> {
        let text = self.text(name)?;
        let mut found = Vec::new();
        for word in text.split(',') {
            match all.iter().find(|(known, _)| *known == word) {
                Some((_, value)) => found.push(*value),
                None => {
                    let known: Vec<_> = all.iter().map(|(known, _)| *known).collect();
                    self.fault(name, "unknown_value", one_of(&known));
                }
            }
        }
        Some(found)
    }

    /// One of a closed set of words.
    pub fn word<T: Copy>(&mut self, name: &'static str, all: &[(&'static str, T)]) -> Option<T> {
        self.one_with(name, |text| {
            all.iter().find(|(known, _)| *known == text).map(|(_, value)| *value).ok_or_else(|| {
                let known: Vec<_> = all.iter().map(|(known, _)| *known).collect();
                ("unknown_value", one_of(&known))
            })
        })
    }

    /// `true` or `false`.
    pub fn flag(&mut self, name: &'static str) -> Option<bool> {
        self.word(name, &[("true", true), ("false", false)])
    }

    /// An RFC 3339 instant.
    pub fn instant(&mut self, name: &'static str) -> Option<Timestamp> {
        self.one(name, "an RFC 3339 instant such as 2026-11-22T09:00:00Z")
    }

    /// `limit` and `cursor`, with the query they belong to.
    pub fn page(&mut self) -> PageRequest {
        let limit = self.one_with("limit", |text| {
            text.parse().ok().filter(|_| !text.starts_with('+')).and_then(Limit::new).ok_or((
                "out_of_range",
                Message::new(
                    "Must be a whole number from 1 to 100.",
                    "1에서 100 사이의 정수여야 합니다.",
                ),
            ))
        });
        let query = self.fingerprint();
        let cursor = self.text("cursor").and_then(|text| {
            Cursor::decode(&text, query).map_err(|error| self.malformed = Some(error)).ok()
        });
        let mark = cursor.as_ref().map(|cursor| cursor.mark.clone()).unwrap_or_default();
        PageRequest {
            limit: limit.unwrap_or(Limit::DEFAULT),
            cursor,
            query,
            base: self.base(),
            mark,
        }
    }

    /// What a cursor is bound to: the path and every parameter but `cursor` and `limit`.
    fn fingerprint(&self) -> u64 {
        let mut pairs: Vec<_> =
            self.pairs.iter().filter(|(n, _)| n != "cursor" && n != "limit").collect();
        pairs.sort();
        let mut hash = Sha256::new();
        hash.update(self.path.as_bytes());
        for (name, value) in pairs {
            hash.update([0]);
            hash.update(name.as_bytes());
            hash.update([1]);
            hash.update(value.as_bytes());
        }
        let digest = hash.finalize();
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        u64::from_be_bytes(first)
    }

    /// Path and query without `cursor`.
    fn base(&self) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in self.pairs.iter().filter(|(n, _)| n != "cursor") {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { self.path.clone() } else { format!("{}?{query}", self.path) }
    }
}

fn parsed<T: FromStr>(text: &str, expected: &'static str) -> Result<T, (&'static str, Message)> {
    text.parse().map_err(|_| {
        ("invalid", Message::new(format!("Must be {expected}."), "올바르지 않은 값입니다."))
    })
}

fn one_of(known: &[&str]) -> Message {
    Message::new(
        format!("Must be one of {}.", known.join(", ")),
        format!("다음 중 하나여야 합니다: {}.", known.join(", ")),
    )
}

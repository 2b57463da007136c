//! Path values, checked: what is no id or no slug is 422 and names the parameter.

use crate::error::{Error, Faults, Message};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::{
    future::{Ready, ready},
    str::FromStr,
};

/// One value of the path, parsed by its `FromStr`. The type names its parameter.
#[derive(Debug)]
pub struct Path<T>(pub T);

/// Two values of the path, in order.
#[derive(Debug)]
pub struct Path2<A, B>(pub A, pub B);

impl<T: FromStr> FromRequest for Path<T> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(value(request, 0).map(Path))
    }
}

impl<A: FromStr, B: FromStr> FromRequest for Path2<A, B> {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(value(request, 0).and_then(|a| value(request, 1).map(|b| Path2(a, b))))
    }
}

fn value<T: FromStr>(request: &HttpRequest, index: usize) -> Result<T, Error> {
    let (name, raw) = request.match_info().iter().nth(index).unwrap_or(("path", ""));
    let refused = || {
        Error::invalid(Faults::parameter(
            name,
            "invalid",
            Message::new("Not a value this path can have.", "이 경로에 쓸 수 없는 값입니다."),
        ))
    };
    let text = percent_encoding::percent_decode_str(raw).decode_utf8().map_err(|_| refused())?;
    // No name here holds a control character, and PostgreSQL takes no NUL.
    if text.chars().any(char::is_control) {
        return Err(refused());
    }
    text.parse().map_err(|_| refused())
}

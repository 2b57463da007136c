//! JSON bodies: bounded in size, depth and time, with no member twice, and all faults at once.

mod strict;

pub use strict::{parse, parse_bounded};

use crate::{
    config::Settings,
    error::{Code, Error, Faults, Message},
};
use actix_web::{
    FromRequest, HttpRequest,
    dev::Payload,
    http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE},
    web::{Bytes, BytesMut, Data},
};
use deserr::Deserr;
use futures_util::StreamExt;
use std::{future::Future, pin::Pin, time::Duration};

/// A JSON body as a checked type. `T::Size` says how large it may be.
#[derive(Debug)]
pub struct Body<T>(pub T);

/// A checked body together with its bytes, which an idempotency key vouches for.
#[derive(Debug)]
pub struct Sent<T> {
    /// The checked body.
    pub value: T,
    /// As it was sent.
    pub bytes: Bytes,
}

/// A body checked later, with the bytes an idempotency key vouches for.
#[derive(Debug)]
pub struct Raw {
    /// The document.
    pub value: serde_json::Value,
    /// As it was sent.
    pub bytes: Bytes,
}

/// How large a body may be, and of which content types.
pub trait BodyLimit {
    /// Bytes.
    fn limit(settings: &Settings) -> u64 {
        settings.limits.body_bytes
    }

    /// Content types taken, without parameters.
    const TYPES: &'static [&'static str] = &["application/json"];
}

impl<T> FromRequest for Body<T>
where
    T: Deserr<Faults> + BodyLimit + 'static,
{
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let raw = read::<T>(&request, &mut payload).await?;
            Ok(Self(check(raw.value)?))
        })
    }
}

impl<T> FromRequest for Sent<T>
where
    T: Deserr<Faults> + BodyLimit + 'static,
{
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let raw = read::<T>(&request, &mut payload).await?;
            Ok(Self { value: check(raw.value)?, bytes: raw.bytes })
        })
    }
}

/// A document as a checked type.
///
/// # Errors
/// 422 with every fault.
pub fn check<T: Deserr<Faults>>(value: serde_json::Value) -> Result<T, Error> {
    deserr::deserialize(value).map_err(|faults: Faults| Error::invalid(faults))
}

/// Reads and parses a body under the limits of `T`.
///
/// # Errors
/// 415, 413, 408 or 400.
pub async fn read<T: BodyLimit>(
    request: &HttpRequest,
    payload: &mut Payload,
) -> Result<Raw, Error> {
    let settings = settings(request)?;
    content_type(request, T::TYPES)?;
    let bytes = bytes(request, payload, T::limit(&settings), &settings).await?;
    let value = parse_bounded(&bytes, settings.limits.json_depth)?;
    Ok(Raw { value, bytes })
}

fn settings(request: &HttpRequest) -> Result<Data<Settings>, Error> {
    request.app_data::<Data<Settings>>().cloned().ok_or_else(|| Error::internal("no settings"))
}

/// Refuses other content types, and any content coding.
///
/// # Errors
/// 415.
pub fn content_type(request: &HttpRequest, accepted: &[&str]) -> Result<(), Error> {
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let mut parts = header.unwrap_or_default().split(';').map(str::trim);
    let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
    let utf8 = parts.all(|parameter| {
        parameter.split_once('=').is_none_or(|(name, value)| {
            !name.eq_ignore_ascii_case("charset")
                || value.trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    });
    let plain = request
        .headers()
        .get(CONTENT_ENCODING)
        .is_none_or(|value| value.as_bytes().eq_ignore_ascii_case(b"identity"));
    if accepted.contains(&essence.as_str()) && utf8 && plain {
        return Ok(());
    }
    let accepted = accepted.join(", ");
    Err(Error::new(
        Code::UnsupportedMediaType,
        Message::new(
            format!("Send {accepted} in UTF-8, without a Content-Encoding."),
            format!("{accepted} 형식으로, UTF-8로, Content-Encoding 없이 보내 주세요."),
        ),
    )
    .with_header("Accept", accepted))
}

/// The whole body, cut off at `limit` bytes and at the body timeout.
///
/// # Errors
/// 413, 408, or 400 when the connection breaks off.
pub async fn bytes(
    request: &HttpRequest,
    payload: &mut Payload,
    limit: u64,
    settings: &Settings,
) -> Result<Bytes, Error> {
    let declared = request
        .headers()
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if declared.is_some_and(|declared| declared > limit) {
        return Err(too_large(limit));
    }
    let collect = async {
        let mut body = BytesMut::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Error::plain(Code::MalformedRequest))?;
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(too_large(limit));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(body.freeze())
    };
    tokio::time::timeout(Duration::from_millis(settings.timeouts.body_ms), collect)
        .await
        .unwrap_or_else(|_| {
            Err(Error::plain(Code::RequestTimeout).with_header("Connection", "close"))
        })
}

/// The problem of a body over `limit` bytes.
#[must_use]
pub fn too_large(limit: u64) -> Error {
    Error::new(
        Code::PayloadTooLarge,
        Message::new(
            format!("The body may have {limit} bytes."),
            format!("본문은 {limit}바이트까지 보낼 수 있습니다."),
        ),
    )
    .with_header("Connection", "close")
}

//! A request under construction, and an answer read whole.

use super::contract;
use reqwest::{
    Client, Method, RequestBuilder,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use serde_json::Value;

/// A request about to be sent.
pub struct Call {
    builder: RequestBuilder,
    method: Method,
    path: String,
}

impl Call {
    /// Starts a request.
    pub fn new(client: &Client, method: Method, base: &str, path: &str) -> Self {
        let builder = client.request(method.clone(), format!("{base}{path}"));
        Self { builder, method, path: path.to_owned() }
    }

    /// With this API key.
    pub fn bearer(self, key: &str) -> Self {
        self.header("authorization", format!("Bearer {key}"))
    }

    /// With this JSON document.
    pub fn json(self, value: &Value) -> Self {
        self.body(value.to_string(), "application/json")
    }

    /// With these bytes.
    pub fn body(mut self, bytes: impl Into<Vec<u8>>, content_type: &str) -> Self {
        self.builder = self.builder.body(bytes.into());
        self.header("content-type", content_type)
    }

    /// With this header. May carry what is not ASCII.
    pub fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_bytes(name.as_bytes()).expect("a header name");
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        self.builder = self.builder.header(name, value);
        self
    }

    /// Sends it, reads the whole answer, and fails unless the operation documents such an answer.
    pub async fn send(self) -> Reply {
        let response = self.builder.send().await.expect("the server answers");
        let status = response.status().as_u16();
        let headers = response.headers().clone();
        let bytes = response.bytes().await.expect("a whole body");
        let json = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let reply = Reply { status, headers, json, text };
        contract::check(&self.method, &self.path, &reply);
        reply
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: HeaderMap,
    /// The body as JSON; `null` when it is none.
    pub json: Value,
    /// The body as text.
    pub text: String,
}

impl Reply {
    /// A header's text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The `ETag`, which must be there.
    pub fn etag(&self) -> String {
        let tag = self.header("etag");
        assert!(!tag.is_empty(), "no ETag in {self:?}");
        tag.to_owned()
    }

    /// Fails unless the status is `expected`, showing the answer.
    #[track_caller]
    pub fn expect(self, expected: u16) -> Self {
        assert_eq!(self.status, expected, "{}", self.text);
        self
    }

    /// Each `code` of `errors`, with its place, sorted: what an invalid input was told.
    pub fn faults(&self) -> Vec<(String, String)> {
        let text = |fault: &Value, name: &str| fault[name].as_str().map(ToOwned::to_owned);
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        let place = |fault: &Value| {
            ["pointer", "parameter", "header"].iter().find_map(|name| text(fault, name))
        };
        let mut faults: Vec<_> = errors
            .iter()
            .map(|fault| {
                (place(fault).unwrap_or_default(), text(fault, "code").unwrap_or_default())
            })
            .collect();
        faults.sort();
        faults
    }
}

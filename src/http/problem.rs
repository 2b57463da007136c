//! Problems (RFC 9457): one table from code to status and words, and the middleware that renders
//! every failed answer, the router's own included.

mod render;
mod table;

pub use render::{method_not_allowed, problem, render};
pub use table::{Row, TABLE, row};

use serde::Serialize;
use utoipa::ToSchema;

/// The content type of every problem.
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What went wrong, for programs (`code`, `errors`) and for people (`title`, `detail`).
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// Where this kind of problem is explained.
    #[serde(rename = "type")]
    #[schema(max_length = 200, examples("/problems/not_found"))]
    pub kind: String,
    /// The kind of problem, in the language asked for.
    #[schema(max_length = 200, examples("Not found"))]
    pub title: String,
    /// The HTTP status.
    #[schema(minimum = 400, maximum = 599, examples(404))]
    pub status: u16,
    /// What happened this time, in the language asked for.
    #[schema(max_length = 2000, examples("There is no such article."))]
    pub detail: String,
    /// The path that was asked.
    #[schema(max_length = 8192, examples("/v1/articles/019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20"))]
    pub instance: String,
    /// The kind of problem, for programs. New ones may come: treat an unknown one by its status.
    #[schema(max_length = 60, examples("not_found"))]
    pub code: String,
    /// Names this request in the server's log.
    #[schema(max_length = 128, examples("019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20"))]
    pub request_id: String,
    /// Every fault of an invalid input; absent for other problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000, nullable = false)]
    pub errors: Option<Vec<InputError>>,
    /// Of a withdrawn article: what is left of it; absent for other problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub tombstone: Option<serde_json::Value>,
    /// Of a suspended account: until when; absent for other problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, value_type = Option<crate::clock::Timestamp>)]
    pub until: Option<serde_json::Value>,
    /// Of a server that is not ready: what was looked at; absent for other problems.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, max_items = 100, value_type = Option<Vec<super::health::Checked>>)]
    pub checks: Option<serde_json::Value>,
}

/// One fault of an input. Exactly one of `pointer`, `parameter` and `header` says where.
#[derive(Debug, Serialize, ToSchema)]
pub struct InputError {
    /// JSON pointer (RFC 6901) into the request body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 2000, nullable = false, examples("/headline"))]
    pub pointer: Option<String>,
    /// Query or path parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, nullable = false, examples("limit"))]
    pub parameter: Option<String>,
    /// Request header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 200, nullable = false, examples("If-Match"))]
    pub header: Option<String>,
    /// What is wrong, for programs.
    #[schema(max_length = 60, examples("too_long"))]
    pub code: String,
    /// What is wrong, in the language asked for.
    #[schema(max_length = 2000, examples("Must have at most 200 characters."))]
    pub detail: String,
}

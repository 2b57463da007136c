use super::{headers, operation::Facts};
use crate::http::problem::{CONTENT_TYPE, Row, TABLE};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{
    Content, Ref, RefOr, Response, ResponseBuilder,
    content::ContentBuilder,
    example::{Example, ExampleBuilder},
};

/// The problems that follow from what an operation is: name in `components/responses`, status, when.
const COMMON: [(&str, &str, &str); 12] = [
    (
        "BadRequest",
        "400",
        "The request is malformed: its syntax, a JSON body, or a cursor this list did not make.",
    ),
    (
        "Unauthorized",
        "401",
        "A key or an access token is needed, or the one that was sent is not valid.",
    ),
    (
        "Forbidden",
        "403",
        "The key, or the role, lacks the scope, or the key belongs to another publisher.",
    ),
    ("NotAcceptable", "406", "No content coding that `Accept-Encoding` allows can be given."),
    (
        "Conflict",
        "409",
        "The request does not fit the present state, or a twin with its `Idempotency-Key` is still running.",
    ),
    ("RequestTimeout", "408", "The body did not arrive in time."),
    ("PayloadTooLarge", "413", "The body is over the limit, which `/v1/meta` lists."),
    (
        "UnsupportedMediaType",
        "415",
        "The body's content type, charset or coding is not taken here.",
    ),
    ("UnprocessableContent", "422", "Well-formed but not valid; `errors` lists every fault."),
    ("TooManyRequests", "429", "The rate limit is used up."),
    ("InternalServerError", "500", "The server failed; nothing was written."),
    ("ServiceUnavailable", "503", "The server cannot answer just now."),
];

/// Which common problems an operation can answer with: status and component.
pub fn common(facts: &Facts) -> Vec<(&'static str, &'static str)> {
    let applies = |status: &str| match status {
        "403" => facts.secured,
        "408" | "413" | "415" => facts.body,
        "409" => facts.idempotent,
        "429" => facts.limited,
        _ => true,
    };
    COMMON
        .iter()
        .filter(|(_, status, _)| applies(status))
        .map(|(name, status, _)| (*status, *name))
        .collect()
}

/// The common responses, for `components/responses`, and the answer to a satisfied `If-None-Match`.
pub fn components() -> BTreeMap<String, RefOr<Response>> {
    let response = |&(name, status, description): &(&str, &str, &str)| {
        let mut response = Response::new(description);
        complete(&mut response, status);
        for name in ["X-Request-Id", "RateLimit-Policy", "RateLimit"]
            .iter()
            .chain(headers::of_problem(status))
        {
            response.headers.insert((*name).to_owned(), headers::reference(name));
        }
        (name.to_owned(), RefOr::T(response))
    };
    let mut all: BTreeMap<_, _> = COMMON.iter().map(response).collect();
    let mut unchanged = ResponseBuilder::new()
        .description("What the caller holds, named in `If-None-Match`, is still current.")
        .build();
    for name in ["X-Request-Id", "RateLimit-Policy", "RateLimit", "ETag", "Cache-Control"] {
        unchanged.headers.insert(name.to_owned(), headers::reference(name));
    }
    all.insert("NotModified".to_owned(), RefOr::T(unchanged));
    all
}

/// Gives a response that has no content the problem's: those of its status that its description
/// names by their code in backticks, or all of its status.
pub fn complete(response: &mut Response, status: &str) {
    if !response.content.is_empty() {
        return;
    }
    let of_status: Vec<_> = TABLE.iter().filter(|row| row.status.as_str() == status).collect();
    let named = |row: &&&Row| response.description.contains(&format!("`{}`", row.name));
    let mut rows: Vec<_> = of_status.iter().filter(named).copied().collect();
    if rows.is_empty() {
        rows = of_status;
    }
    response.content.insert(CONTENT_TYPE.to_owned(), RefOr::T(content(&rows)));
}

fn content(rows: &[&Row]) -> Content {
    let examples = rows.iter().map(|row| (row.name, RefOr::T(example(row))));
    let schema = RefOr::Ref(Ref::from_schema_name("Problem"));
    ContentBuilder::new().schema(Some(schema)).examples_from_iter(examples).build()
}

fn example(row: &Row) -> Example {
    ExampleBuilder::new().summary(row.title.en.clone()).value(Some(value(row))).build()
}

/// As the server says it in English.
fn value(row: &Row) -> Value {
    let mut value = json!({
        "type": format!("/problems/{}", row.name),
        "title": row.title.en,
        "status": row.status.as_u16(),
        "detail": row.meaning.en,
        "instance": "/v1/articles",
        "code": row.name,
        "request_id": "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
    });
    if row.name == "invalid" {
        value["errors"] = json!([{
            "parameter": "limit",
            "code": "out_of_range",
            "detail": "Must be a whole number from 1 to 100.",
        }]);
    }
    value
}

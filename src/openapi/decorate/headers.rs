use super::operation::Facts;
use std::collections::BTreeMap;
use utoipa::openapi::{
    Ref, RefOr, Response,
    header::{Header, HeaderBuilder},
    schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type},
};

/// A header that answers share: name, what it says, an example, and the longest it gets.
const TEXTS: [(&str, &str, &str, usize); 17] = [
    (
        "X-Request-Id",
        "Names this request in problems and in the server's log.",
        "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
        128,
    ),
    (
        "RateLimit-Policy",
        "The rate limit that applies: its name, quota `q` and window `w` in seconds.",
        "\"reads\";q=600000;w=60",
        200,
    ),
    (
        "RateLimit",
        "What is left: requests `r`, and seconds `t` until the quota is whole again.",
        "\"reads\";r=599999;t=1",
        200,
    ),
    (
        "ETag",
        "Names this content, strongly. Send it as `If-None-Match` to read again, as `If-Match` to write.",
        "\"3-9f86d081884c7d659a2feaa0\"",
        200,
    ),
    ("Last-Modified", "When the content last changed.", "Sun, 22 Nov 2026 09:00:00 GMT", 40),
    (
        "Cache-Control",
        "How long and by whom the answer may be kept.",
        "public, max-age=10, s-maxage=30, stale-while-revalidate=60",
        200,
    ),
    (
        "Cache-Tag",
        "Names to purge this answer by in a shared cache, separated by commas.",
        "articles",
        4000,
    ),
    (
        "Link",
        "The neighbouring pages, `rel=\"next\"` and `rel=\"prev\"`, where there are any.",
        "</v1/articles?limit=20&cursor=AQ>; rel=\"next\"",
        17000,
    ),
    (
        "Location",
        "Where the resource is.",
        "/v1/articles/019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20",
        8192,
    ),
    ("WWW-Authenticate", "How to authenticate.", "Bearer realm=\"sosik\"", 200),
    ("Allow", "The methods this path has.", "GET, HEAD, OPTIONS", 200),
    ("Accept", "The content types this operation takes.", "application/json", 200),
    ("Vary", "Which request headers the answer depends on.", "Accept-Language", 200),
    (
        "Idempotency-Replayed",
        "`true` when this is the stored answer of an earlier request with the same key.",
        "true",
        5,
    ),
    (
        "Set-Cookie",
        "The visitor token as a cookie that scripts cannot read.",
        "sosik_visitor=vt_x; Path=/; Max-Age=34560000; HttpOnly; SameSite=Lax; Secure",
        400,
    ),
    (
        "Content-Disposition",
        "The file name to save it under.",
        "attachment; filename=\"openapi.json\"",
        400,
    ),
    (
        "Content-Security-Policy",
        "What the page may load: its own assets only.",
        "default-src 'none'; script-src 'self'",
        1000,
    ),
];

const RETRY_AFTER: &str = "Retry-After";

/// Every shared header, for `components/headers`.
pub fn components() -> BTreeMap<String, RefOr<Header>> {
    let text = |&(name, description, example, max): &(&str, &str, &str, usize)| {
        let schema = ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(max))
            .examples([example]);
        let header =
            HeaderBuilder::new().schema(Some(schema)).description(Some(description)).build();
        (name.to_owned(), RefOr::T(header))
    };
    let mut all: BTreeMap<_, _> = TEXTS.iter().map(text).collect();
    let seconds = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
        .minimum(Some(0))
        .maximum(Some(86_400))
        .examples([1]);
    let description = "Seconds after which to try again.";
    let retry = HeaderBuilder::new().schema(Some(seconds)).description(Some(description)).build();
    all.insert(RETRY_AFTER.to_owned(), RefOr::T(retry));
    all
}

/// A reference to a shared header.
pub fn reference(name: &str) -> RefOr<Header> {
    RefOr::Ref(Ref::new(format!("#/components/headers/{name}")))
}

/// Replaces the shared headers that a response names by references, and adds those it has anyway.
pub fn complete(response: &mut Response, status: &str, facts: &Facts) {
    let named = std::mem::take(&mut response.headers);
    for (name, header) in named {
        match known(&name) {
            Some(known) => response.headers.insert(known.to_owned(), reference(known)),
            None => response.headers.insert(name, header),
        };
    }
    for name in always(status, facts) {
        response.headers.entry(name.to_owned()).or_insert_with(|| reference(name));
    }
}

fn known(name: &str) -> Option<&'static str> {
    let texts = TEXTS.iter().map(|(known, ..)| *known);
    texts.chain([RETRY_AFTER]).find(|known| known.eq_ignore_ascii_case(name))
}

fn always(status: &str, facts: &Facts) -> Vec<&'static str> {
    let mut names = vec!["X-Request-Id"];
    if facts.limited {
        names.extend(["RateLimit-Policy", "RateLimit"]);
    }
    if facts.is_problem(status) {
        names.extend(of_problem(status));
    } else if facts.method == "get" && status == "200" {
        names.push("Cache-Control");
        if facts.paged {
            names.push("Link");
        }
    }
    names
}

/// The headers of a problem besides those that every answer has.
pub fn of_problem(status: &str) -> &'static [&'static str] {
    match status {
        "401" => &["Vary", "WWW-Authenticate"],
        "405" => &["Vary", "Allow"],
        "409" | "429" | "503" => &["Vary", RETRY_AFTER],
        "412" => &["Vary", "ETag"],
        "415" => &["Vary", "Accept"],
        _ => &["Vary"],
    }
}

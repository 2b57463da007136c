//! What holds for every operation, added to the document once instead of in each handler: problems,
//! headers, parameters, security. Pure functions over the document; what an operation says itself
//! stays.

mod examples;
mod headers;
mod operation;
mod parameters;
mod problems;
mod schemas;
mod tidy;
mod unambiguous;

use crate::http::limit;
use utoipa::openapi::{
    Components, OpenApi, RefOr,
    path::{Operation, PathItem},
    security::{HttpAuthScheme, HttpBuilder, SecurityScheme},
};

/// The name of the security scheme of keys.
pub const API_KEY: &str = "api_key";

/// The name of the security scheme of people with an account.
pub const READER: &str = "reader";

/// Completes a document that was read off the handlers.
#[must_use]
pub fn decorate(mut document: OpenApi) -> OpenApi {
    unambiguous::name_lookups(&mut document);
    for (path, item) in &mut document.paths.paths {
        let limited = limit::is_limited(path);
        for (method, op) in operations(item) {
            operation::complete(op, method, limited);
        }
    }
    tidy::tidy(&mut document);
    let components = document.components.get_or_insert_with(Components::new);
    components.headers.extend(headers::components());
    components.responses.extend(problems::components());
    components.parameters.extend(parameters::components());
    components.security_schemes.insert(API_KEY.to_owned(), RefOr::T(api_key()));
    components.security_schemes.insert(READER.to_owned(), RefOr::T(reader()));
    schemas::close_requests(&document.paths, &mut components.schemas);
    schemas::open_answers(&document.paths, &mut components.schemas);
    let asked = schemas::asked(&document.paths, &components.schemas);
    examples::complete(&mut components.schemas, &asked);
    drop_unused(document)
}

/// The operations of one path, with their methods.
pub fn operations(item: &mut PathItem) -> impl Iterator<Item = (&'static str, &mut Operation)> {
    [
        ("get", &mut item.get),
        ("post", &mut item.post),
        ("put", &mut item.put),
        ("patch", &mut item.patch),
        ("delete", &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, op)| op.as_mut().map(|op| (method, op)))
}

fn api_key() -> SecurityScheme {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(
        Some(
            "An API key with scopes: `Authorization: Bearer sk_…`. Keys are shown once, when they are \
             made; the words beside the scheme are the scopes an operation needs. `admin` holds all.",
        ),
    );
    SecurityScheme::Http(scheme.build())
}

fn reader() -> SecurityScheme {
    let scheme = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(
        "An access token of somebody with an account: `Authorization: Bearer at_…`, from registering or \
         logging in, or a JWT of an issuer that this server trusts. The words beside the scheme are the roles \
         of which an operation needs one; without any it is for every reader.",
    ));
    SecurityScheme::Http(scheme.build())
}

/// Leaves out components that nothing refers to, again until nothing changes.
fn drop_unused(mut document: OpenApi) -> OpenApi {
    loop {
        let text = document.to_json().unwrap_or_default();
        let used =
            |kind: &str, name: &str| text.contains(&format!("\"#/components/{kind}/{name}\""));
        let Some(components) = document.components.as_mut() else {
            return document;
        };
        let before = count(components);
        components.schemas.retain(|name, _| used("schemas", name));
        components.headers.retain(|name, _| used("headers", name));
        components.responses.retain(|name, _| used("responses", name));
        components.parameters.retain(|name, _| used("parameters", name));
        if count(components) == before {
            return document;
        }
    }
}

fn count(components: &Components) -> usize {
    components.schemas.len()
        + components.headers.len()
        + components.responses.len()
        + components.parameters.len()
}

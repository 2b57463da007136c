use super::operation::Facts;
use std::collections::BTreeMap;
use utoipa::openapi::{
    RefOr, Required,
    path::{Parameter, ParameterBuilder, ParameterIn},
    schema::{ObjectBuilder, Type},
};

/// A request header that operations share.
#[derive(Debug)]
pub struct Component {
    /// Its name in `components/parameters`.
    pub name: &'static str,
    /// The header.
    pub header: &'static str,
    required: bool,
    /// In characters.
    length: (usize, usize),
    description: &'static str,
    example: &'static str,
}

const ACCEPT_LANGUAGE: Component = Component {
    name: "AcceptLanguage",
    header: "Accept-Language",
    required: false,
    length: (0, 1000),
    description: "The language of a problem's `title` and `detail`: `ko` or `en`; English otherwise. \
                  Ordinary answers are the same in every language.",
    example: "ko",
};
const IF_NONE_MATCH: Component = Component {
    name: "IfNoneMatch",
    header: "If-None-Match",
    required: false,
    length: (0, 4000),
    description: "The `ETag` of what you hold: 304 without a body while it is still current.",
    example: "\"3-9f86d081884c7d659a2feaa0\"",
};
const IF_MATCH: Component = Component {
    name: "IfMatch",
    header: "If-Match",
    required: false,
    length: (0, 4000),
    description: "The `ETag` you last read: 412 when the resource has another revision by now. Its \
                  revision alone is compared, whatever the content coding. `*` takes any.",
    example: "\"3-9f86d081884c7d659a2feaa0\"",
};
const IF_MATCH_REQUIRED: Component = Component {
    name: "IfMatchRequired",
    required: true,
    description: "The `ETag` you last read: 412 when the resource has another revision by now, 428 \
                  without one. Its revision alone is compared, whatever the content coding. `*` takes any.",
    ..IF_MATCH
};
const IDEMPOTENCY_KEY: Component = Component {
    name: "IdempotencyKey",
    header: "Idempotency-Key",
    required: false,
    length: (1, 255),
    description: "Makes a retry safe: for 24 hours the same key with the same request gives the \
                  stored answer, marked `Idempotency-Replayed: true`; with another request it is 422. \
                  Printable ASCII; a UUID is a good choice.",
    example: "7c9e6679-7425-40de-944b-e07fc1f90ae7",
};

/// What an operation takes besides its own parameters.
pub fn of(facts: &Facts) -> Vec<&'static Component> {
    let mut all = vec![&ACCEPT_LANGUAGE];
    if facts.tagged {
        all.push(&IF_NONE_MATCH);
    }
    if facts.precondition_required {
        all.push(&IF_MATCH_REQUIRED);
    } else if facts.conditional {
        all.push(&IF_MATCH);
    }
    if facts.idempotent {
        all.push(&IDEMPOTENCY_KEY);
    }
    all
}

/// Every shared parameter, for `components/parameters`.
pub fn components() -> BTreeMap<String, RefOr<Parameter>> {
    [ACCEPT_LANGUAGE, IF_NONE_MATCH, IF_MATCH, IF_MATCH_REQUIRED, IDEMPOTENCY_KEY]
        .into_iter()
        .map(|component| (component.name.to_owned(), RefOr::T(parameter(&component))))
        .collect()
}

fn parameter(component: &Component) -> Parameter {
    let (min, max) = component.length;
    let schema = ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length((min > 0).then_some(min))
        .max_length(Some(max))
        .examples([component.example]);
    ParameterBuilder::new()
        .name(component.header)
        .parameter_in(ParameterIn::Header)
        .required(if component.required { Required::True } else { Required::False })
        .description(Some(component.description))
        .schema(Some(schema))
        .build()
}

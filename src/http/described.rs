//! The habits' own parameters as the OpenAPI document describes them: `params(Once)` and the like
//! in a handler's annotation.

use crate::{
    http::{conditional::IfMatch, idempotency::Once, query::NoParameters},
    page::{Limit, PageRequest},
};
use utoipa::{
    IntoParams,
    openapi::{
        ObjectBuilder, Required,
        path::{Parameter, ParameterBuilder, ParameterIn},
        schema::{KnownFormat, SchemaFormat, Type},
    },
};

fn described(name: &str, place: ParameterIn, text: &str, schema: ObjectBuilder) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(Required::False)
        .description(Some(text))
        .schema(Some(schema))
        .build()
}

fn text(min: usize, max: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(min)).max_length(Some(max))
}

impl IntoParams for NoParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        Vec::new()
    }
}

impl IntoParams for PageRequest {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let limit = ObjectBuilder::new()
            .schema_type(Type::Integer)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Int32)))
            .minimum(Some(1))
            .maximum(Some(Limit::MAX))
            .default(Some(Limit::DEFAULT.get().into()));
        vec![
            described("limit", ParameterIn::Query, "Items per page.", limit),
            described(
                "cursor",
                ParameterIn::Query,
                "Where to go on: `next` or `prev` of a page that was asked for with the same parameters.",
                text(1, 200),
            ),
        ]
    }
}

impl IntoParams for IfMatch {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut header = described(
            "If-Match",
            ParameterIn::Header,
            "The ETag last read, so that nobody's change is overwritten; `*` for whichever is current.",
            text(1, 1000).examples(["\"3-9f86d081884c7d659a2feaa0\""]),
        );
        header.required = Required::True;
        vec![header]
    }
}

impl IntoParams for Once {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![described(
            "Idempotency-Key",
            ParameterIn::Header,
            "Makes the request safe to send again for 24 hours: the same key gives the same answer.",
            text(1, 255).examples(["019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20"]),
        )]
    }
}

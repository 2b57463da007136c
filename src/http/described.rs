//! The parameters of lists, as the OpenAPI document describes them: `params(PageRequest)`.

use crate::page::{Limit, PageRequest};
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

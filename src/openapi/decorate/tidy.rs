use utoipa::openapi::{
    Content, OpenApi, RefOr, Schema,
    path::Operation,
    schema::{
        AdditionalProperties, AllOf, Array, ArrayItems, KnownFormat, Object, SchemaFormat,
        SchemaType, Type,
    },
};

/// Mends what derived schemas leave out or get wrong, wherever a schema stands.
pub fn tidy(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        for (_, op) in super::operations(item) {
            operation(op);
        }
    }
    if let Some(components) = document.components.as_mut() {
        components.schemas.values_mut().for_each(schema);
    }
}

fn operation(op: &mut Operation) {
    for parameter in op.parameters.iter_mut().flatten() {
        if let RefOr::T(parameter) = parameter
            && let Some(own) = parameter.schema.as_mut()
        {
            schema(own);
        }
    }
    if let Some(RefOr::T(body)) = op.request_body.as_mut() {
        body.content.values_mut().for_each(content);
    }
    for response in op.responses.responses.values_mut() {
        if let RefOr::T(response) = response {
            response.content.values_mut().for_each(content);
        }
    }
}

fn content(content: &mut RefOr<Content>) {
    if let RefOr::T(Content { schema: Some(own), .. }) = content {
        schema(own);
    }
}

fn schema(place: &mut RefOr<Schema>) {
    if let RefOr::T(Schema::AllOf(all)) = place
        && let Some(whole) = joined(all)
    {
        *place = whole;
    }
    if let RefOr::T(Schema::AllOf(all)) = place {
        // Generators merge the parts in order and type a list by the first one they meet: a part's own
        // lists of alternatives must come before lists of one kind.
        all.items.sort_by_key(|part| matches!(part, RefOr::Ref(_)));
    }
    let RefOr::T(own) = place else { return };
    match own {
        Schema::Object(object) => {
            bound(object);
            object.properties.values_mut().for_each(schema);
            if let Some(AdditionalProperties::RefOr(more)) =
                object.additional_properties.as_deref_mut()
            {
                schema(more);
            }
        }
        Schema::Array(array) => {
            lift_examples(array);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                schema(items);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(schema),
        Schema::AllOf(all) => all.items.iter_mut().for_each(schema),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(schema),
        _ => {}
    }
}

/// Examples of a whole list, which utoipa gives to its items.
fn lift_examples(array: &mut Array) {
    let ArrayItems::RefOrSchema(items) = &mut array.items else { return };
    if let RefOr::T(Schema::Object(item)) = items.as_mut() {
        let lists = item.examples.extract_if(.., |example| example.is_array());
        array.examples.extend(lists);
    }
}

/// What has a format of a known length has that length; a whole number has the bounds of its type.
fn bound(object: &mut Object) {
    use KnownFormat::{Date, DateTime, Uuid};
    let is_integer = match &object.schema_type {
        SchemaType::Type(kind) => *kind == Type::Integer,
        SchemaType::Array(kinds) => kinds.contains(&Type::Integer),
        SchemaType::AnyValue => false,
    };
    if is_integer && object.enum_values.is_none() {
        return whole_number(object);
    }
    let (min, max) = match object.format {
        Some(SchemaFormat::KnownFormat(Uuid)) => (Some(36), 36),
        Some(SchemaFormat::KnownFormat(DateTime)) => (None, 40),
        Some(SchemaFormat::KnownFormat(Date)) => (None, 10),
        _ => return,
    };
    object.min_length = object.min_length.or(min);
    object.max_length = object.max_length.or(Some(max));
}

/// The largest whole number that every JSON reader keeps exact.
const SAFE: i64 = (1 << 53) - 1;

fn whole_number(object: &mut Object) {
    let narrow = matches!(object.format, Some(SchemaFormat::KnownFormat(KnownFormat::Int32)));
    let (low, high) =
        if narrow { (i64::from(i32::MIN), i64::from(i32::MAX)) } else { (-SAFE, SAFE) };
    object.format.get_or_insert(SchemaFormat::KnownFormat(KnownFormat::Int64));
    if object.exclusive_minimum.is_none() {
        object.minimum.get_or_insert(low.into());
    }
    if object.exclusive_maximum.is_none() {
        object.maximum.get_or_insert(high.into());
    }
}

/// An inlined enumeration beside an object that holds nothing but its default and description: utoipa
/// writes the two as parts of a whole that no value could be. The enumeration with both.
fn joined(all: &AllOf) -> Option<RefOr<Schema>> {
    let [RefOr::T(Schema::Object(first)), RefOr::T(Schema::Object(second))] = all.items.as_slice()
    else {
        return None;
    };
    if first.enum_values.is_none() || !second.properties.is_empty() {
        return None;
    }
    let mut whole = first.clone();
    whole.default = second.default.clone().or_else(|| all.default.clone()).or(whole.default);
    whole.description =
        second.description.clone().or_else(|| all.description.clone()).or(whole.description);
    Some(RefOr::T(Schema::Object(whole)))
}

use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::{
    Content, Paths, RefOr,
    path::{Operation, PathItem},
    schema::{AdditionalProperties, ArrayItems, Object, Schema, SchemaType, Type},
};

type Schemas = BTreeMap<String, RefOr<Schema>>;

const OPEN: &str = "New values may come: treat an unknown one gracefully.";

/// Says that requests refuse members they do not know, as the server does.
pub fn close_requests(paths: &Paths, schemas: &mut Schemas) {
    for name in asked(paths, schemas) {
        if let Some(RefOr::T(schema)) = schemas.get_mut(&name) {
            each_object(schema, &mut |object| {
                if !object.properties.is_empty() && object.additional_properties.is_none() {
                    object.additional_properties =
                        Some(Box::new(AdditionalProperties::FreeForm(false)));
                }
            });
        }
    }
}

/// Says of enumerations that answers alone hold that they may grow.
pub fn open_answers(paths: &Paths, schemas: &mut Schemas) {
    let closed = asked(paths, schemas);
    for name in reachable(answers(paths), schemas).difference(&closed) {
        if let Some(RefOr::T(schema)) = schemas.get_mut(name) {
            each_object(schema, &mut |object| {
                // One value alone is a tag that tells variants apart.
                if object.enum_values.as_ref().is_some_and(|values| values.len() > 1) {
                    let said = object.description.take().unwrap_or_default();
                    object.description = Some(format!("{said} {OPEN}").trim().to_owned());
                }
            });
        }
    }
}

/// The schemas that requests hold.
pub fn asked(paths: &Paths, schemas: &Schemas) -> BTreeSet<String> {
    reachable(requests(paths), schemas)
}

fn all_operations(item: &PathItem) -> impl Iterator<Item = &Operation> {
    [&item.get, &item.post, &item.put, &item.patch, &item.delete].into_iter().flatten()
}

fn requests(paths: &Paths) -> Vec<&Content> {
    let bodies =
        paths.paths.values().flat_map(all_operations).filter_map(|op| match &op.request_body {
            Some(RefOr::T(body)) => Some(body),
            _ => None,
        });
    bodies.flat_map(|body| body.content.values()).filter_map(own).collect()
}

fn answers(paths: &Paths) -> Vec<&Content> {
    let responses = paths
        .paths
        .values()
        .flat_map(all_operations)
        .flat_map(|op| op.responses.responses.values());
    responses
        .filter_map(own)
        .flat_map(|response| response.content.values())
        .filter_map(own)
        .collect()
}

fn own<T>(value: &RefOr<T>) -> Option<&T> {
    match value {
        RefOr::T(value) => Some(value),
        RefOr::Ref(_) => None,
    }
}

/// The names of the schemas that `contents` refer to, however indirectly.
fn reachable(contents: Vec<&Content>, schemas: &Schemas) -> BTreeSet<String> {
    let mut open: Vec<String> = Vec::new();
    for schema in contents.into_iter().filter_map(|content| content.schema.as_ref()) {
        references(schema, &mut open);
    }
    let mut seen = BTreeSet::new();
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && seen.insert(name)
        {
            references(schema, &mut open);
        }
    }
    seen
}

/// Adds the names of schemas that `schema` refers to itself.
fn references(schema: &RefOr<Schema>, names: &mut Vec<String>) {
    let schema = match schema {
        RefOr::Ref(reference) => {
            names.extend(reference.ref_location.rsplit('/').next().map(ToOwned::to_owned));
            return;
        }
        RefOr::T(schema) => schema,
    };
    for child in children(schema) {
        references(child, names);
    }
}

fn children(schema: &Schema) -> Vec<&RefOr<Schema>> {
    match schema {
        Schema::Object(object) => {
            let mut all: Vec<_> = object.properties.values().collect();
            if let Some(AdditionalProperties::RefOr(more)) = object.additional_properties.as_deref()
            {
                all.push(more);
            }
            all
        }
        Schema::Array(array) => match &array.items {
            ArrayItems::RefOrSchema(items) => vec![items],
            ArrayItems::False => Vec::new(),
        },
        Schema::OneOf(any) => any.items.iter().collect(),
        Schema::AllOf(all) => all.items.iter().collect(),
        Schema::AnyOf(any) => any.items.iter().collect(),
        _ => Vec::new(),
    }
}

/// Visits the objects of one schema; what stands under `allOf` is left alone, because a part of a
/// whole does not know the other parts' members.
fn each_object(schema: &mut Schema, visit: &mut impl FnMut(&mut Object)) {
    let below = |child: &mut RefOr<Schema>, visit: &mut _| {
        if let RefOr::T(schema) = child {
            each_object(schema, visit);
        }
    };
    match schema {
        Schema::Object(object) => {
            visit(object);
            object.properties.values_mut().for_each(|child| below(child, visit));
        }
        Schema::Array(array) => {
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                below(items, visit);
            }
        }
        Schema::OneOf(one) => one.items.iter_mut().for_each(|child| below(child, visit)),
        Schema::AnyOf(any) => any.items.iter_mut().for_each(|child| below(child, visit)),
        _ => {}
    }
}

/// Whether a schema is `null` and nothing else, the other half of an optional reference.
pub fn is_null(schema: &RefOr<Schema>) -> bool {
    matches!(schema, RefOr::T(Schema::Object(object)) if matches!(object.schema_type, SchemaType::Type(Type::Null)))
}

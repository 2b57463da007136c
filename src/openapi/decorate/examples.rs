use super::schemas::is_null;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use utoipa::openapi::{
    RefOr,
    schema::{ArrayItems, KnownFormat, Object, Schema, SchemaFormat, SchemaType, Type},
};

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// How deep references are followed: enough for every shape, an end for those that hold themselves.
const DEPTH: u32 = 12;

/// Gives every named shape without an example the one that its members' examples make up; but for
/// `asked`, what requests hold: a request that makes sense is more than members that are valid.
pub fn complete(schemas: &mut Schemas, asked: &BTreeSet<String>) {
    let made: Vec<_> = schemas
        .iter()
        .filter(|(name, _)| !asked.contains(*name))
        .filter(|(_, schema)| matches!(schema, RefOr::T(schema) if lacks(schema)))
        .filter_map(|(name, schema)| Some((name.clone(), example(schema, schemas, DEPTH)?)))
        .collect();
    for (name, value) in made {
        match schemas.get_mut(&name) {
            Some(RefOr::T(Schema::Object(object))) => object.examples = vec![value],
            Some(RefOr::T(Schema::AllOf(all))) => all.examples = vec![value],
            Some(RefOr::T(Schema::OneOf(one))) => one.examples = vec![value],
            _ => {}
        }
    }
}

fn lacks(schema: &Schema) -> bool {
    match schema {
        Schema::Object(o) => {
            o.examples.is_empty() && o.example.is_none() && !o.properties.is_empty()
        }
        Schema::AllOf(all) => all.examples.is_empty() && all.example.is_none(),
        Schema::OneOf(one) => one.examples.is_empty() && one.example.is_none(),
        _ => false,
    }
}

fn example(schema: &RefOr<Schema>, schemas: &Schemas, depth: u32) -> Option<Value> {
    let depth = depth.checked_sub(1)?;
    let schema = match schema {
        RefOr::T(schema) => schema,
        RefOr::Ref(reference) => {
            let name = reference.ref_location.rsplit('/').next()?;
            return example(schemas.get(name)?, schemas, depth);
        }
    };
    match schema {
        Schema::Object(object) => of_object(object, schemas, depth),
        Schema::Array(array) => {
            if let Some(first) = array.examples.first() {
                return Some(first.clone());
            }
            match &array.items {
                ArrayItems::RefOrSchema(items) => {
                    Some(example(items, schemas, depth).map_or(json!([]), |item| json!([item])))
                }
                ArrayItems::False => Some(json!([])),
            }
        }
        Schema::OneOf(one) => {
            one.examples.first().cloned().or_else(|| first(&one.items, schemas, depth))
        }
        Schema::AnyOf(any) => {
            any.examples.first().cloned().or_else(|| first(&any.items, schemas, depth))
        }
        Schema::AllOf(all) => {
            let mut whole = Map::new();
            for part in &all.items {
                whole.extend(example(part, schemas, depth)?.as_object()?.clone());
            }
            Some(Value::Object(whole))
        }
        _ => None,
    }
}

/// The first variant that is not just `null`; `null` where the others have no end.
fn first(items: &[RefOr<Schema>], schemas: &Schemas, depth: u32) -> Option<Value> {
    let found =
        items.iter().filter(|item| !is_null(item)).find_map(|item| example(item, schemas, depth));
    found.or_else(|| items.iter().any(is_null).then_some(Value::Null))
}

fn of_object(object: &Object, schemas: &Schemas, depth: u32) -> Option<Value> {
    if let Some(given) = object.examples.first().or(object.example.as_ref()) {
        return Some(given.clone());
    }
    if let Some(value) = object.enum_values.as_ref().and_then(|values| values.first()) {
        return Some(value.clone());
    }
    if object.properties.is_empty() {
        return scalar(object);
    }
    let mut whole = Map::new();
    for (name, schema) in &object.properties {
        match example(schema, schemas, depth) {
            Some(value) => whole.insert(name.clone(), value),
            None if object.required.contains(name) => return None,
            None => None,
        };
    }
    Some(Value::Object(whole))
}

/// A value for what explains itself; `None` for a text, which only its author can give.
fn scalar(object: &Object) -> Option<Value> {
    let is = |kind: Type| match &object.schema_type {
        SchemaType::Type(own) => *own == kind,
        SchemaType::Array(all) => all.contains(&kind),
        SchemaType::AnyValue => false,
    };
    match &object.format {
        Some(SchemaFormat::KnownFormat(KnownFormat::Uuid)) => {
            return Some(json!("019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20"));
        }
        Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)) => {
            return Some(json!("2026-11-22T09:00:00.000Z"));
        }
        _ => {}
    }
    if is(Type::Null) {
        return Some(Value::Null);
    }
    if is(Type::Boolean) {
        return Some(json!(true));
    }
    if is(Type::Integer) || is(Type::Number) {
        let least = object.minimum.as_ref().and_then(|least| serde_json::to_value(least).ok());
        return Some(least.unwrap_or(json!(1)));
    }
    // An open map, or a member that can be anything.
    matches!(object.schema_type, SchemaType::AnyValue | SchemaType::Type(Type::Object))
        .then(|| json!({}))
}

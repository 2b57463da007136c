use super::schemas::is_null;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use utoipa::openapi::{
    RefOr,
    schema::{ArrayItems, Object, Schema},
};

type Schemas = BTreeMap<String, RefOr<Schema>>;

/// How deep references are followed: enough for every shape, an end for those that hold themselves.
const DEPTH: u32 = 12;

/// Gives every named object without an example the one that its members' examples make up.
pub fn complete(schemas: &mut Schemas) {
    let made: Vec<_> = schemas
        .iter()
        .filter(|(_, schema)| matches!(schema, RefOr::T(Schema::Object(o)) if o.examples.is_empty() && o.example.is_none() && !o.properties.is_empty()))
        .filter_map(|(name, schema)| Some((name.clone(), example(schema, schemas, DEPTH)?)))
        .collect();
    for (name, value) in made {
        if let Some(RefOr::T(Schema::Object(object))) = schemas.get_mut(&name) {
            object.examples = vec![value];
        }
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
        return None;
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

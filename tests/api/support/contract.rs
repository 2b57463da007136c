//! The document as a judge: every answer the suite sees is held against what it says.

use super::Reply;
use reqwest::Method;
use serde_json::Value;
use std::sync::LazyLock;

/// What the server documents.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_slice(&sosik::openapi::Served::new().json.bytes).expect("the document is JSON")
});

/// The value itself, or what it refers to.
pub fn resolve(value: &'static Value) -> &'static Value {
    match value["$ref"].as_str() {
        Some(reference) => resolve(DOCUMENT.pointer(&reference[1..]).expect("a target")),
        None => value,
    }
}

/// The documented path that `path` is one of; the one with the most fixed segments.
pub fn template(path: &str) -> Option<&'static String> {
    let asked: Vec<_> = path.split('?').next().unwrap_or_default().split('/').collect();
    let fixed = |template: &&String| {
        let parts: Vec<_> = template.split('/').collect();
        let open = |part: &str| part.starts_with('{');
        let fits = parts.len() == asked.len()
            && parts.iter().zip(&asked).all(|(part, given)| open(part) || part == given);
        fits.then(|| parts.iter().filter(|part| !open(part)).count())
    };
    let paths = DOCUMENT["paths"].as_object()?.keys();
    paths.filter_map(|t| fixed(&t).map(|n| (n, t))).max_by_key(|(n, _)| *n).map(|(_, t)| t)
}

/// Fails when the operation does not document such an answer.
pub fn check(method: &Method, path: &str, reply: &Reply) {
    let Some(template) = template(path) else { return };
    let name = if *method == Method::HEAD { "get".into() } else { method.as_str().to_lowercase() };
    let operation = &DOCUMENT["paths"][template][&name];
    if operation.is_null() {
        return;
    }
    let place = format!("{method} {path} ({template})");
    let documented = &operation["responses"][reply.status.to_string()];
    // The router's own refusals come before any operation.
    assert!(!documented.is_null(), "{place}: {} is not documented: {}", reply.status, reply.text);
    let content = &resolve(documented)["content"];
    if *method == Method::HEAD || reply.text.is_empty() {
        return;
    }
    let kind = reply.header("content-type").split(';').next().unwrap_or_default();
    assert!(!content[kind].is_null(), "{place} {}: {kind:?} is not documented", reply.status);
    // What is compressed is not read.
    if kind.ends_with("json") && reply.header("content-encoding").is_empty() {
        let mut faults = Vec::new();
        validate(&content[kind]["schema"], &reply.json, "", &mut faults);
        assert!(faults.is_empty(), "{place} {}: {faults:#?}\n{}", reply.status, reply.text);
    }
}

/// Notes where `value` is not as `schema` says: the part of JSON Schema that the document uses, but
/// for `pattern`.
pub fn validate(schema: &'static Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let schema = resolve(schema);
    let mut fault = |what: String| faults.push(format!("{at}: {what}, got {value}"));
    if !schema["type"].is_null() && !types(&schema["type"]).any(|kind| is(kind, value)) {
        return fault(format!("type {}", schema["type"]));
    }
    if let Some(values) = schema["enum"].as_array()
        && !values.contains(value)
    {
        fault(format!("one of {values:?}"));
    }
    if !schema["const"].is_null() && schema["const"] != *value {
        fault(format!("{}", schema["const"]));
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count() as u64;
        if schema["maxLength"].as_u64().is_some_and(|max| length > max)
            || schema["minLength"].as_u64().is_some_and(|min| length < min)
        {
            fault("another length".into());
        }
        let formed = match schema["format"].as_str() {
            Some("uuid") => text.parse::<uuid::Uuid>().is_ok() && text.len() == 36,
            Some("date-time") => text.parse::<jiff::Timestamp>().is_ok(),
            Some("date") => text.parse::<jiff::civil::Date>().is_ok(),
            _ => true,
        };
        if !formed {
            fault(format!("format {}", schema["format"]));
        }
    }
    if let Some(number) = value.as_f64()
        && (schema["minimum"].as_f64().is_some_and(|min| number < min)
            || schema["maximum"].as_f64().is_some_and(|max| number > max))
    {
        fault("another range".into());
    }
    if let Some(items) = value.as_array() {
        if schema["maxItems"].as_u64().is_some_and(|max| items.len() as u64 > max)
            || schema["minItems"].as_u64().is_some_and(|min| (items.len() as u64) < min)
        {
            fault("another count".into());
        }
        for (n, item) in items.iter().enumerate().filter(|_| schema["items"].is_object()) {
            validate(&schema["items"], item, &format!("{at}/{n}"), faults);
        }
    }
    members(schema, value, at, faults);
    variants(schema, value, at, faults);
}

fn members(schema: &'static Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    let Some(object) = value.as_object() else { return };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !object.contains_key(name) {
            faults.push(format!("{at}: no member {name:?}"));
        }
    }
    for (name, member) in object {
        let known = &schema["properties"][name];
        let more = &schema["additionalProperties"];
        let place = format!("{at}/{name}");
        if !known.is_null() {
            validate(known, member, &place, faults);
        } else if more.is_object() {
            validate(more, member, &place, faults);
        } else if *more == false || (more.is_null() && schema["properties"].is_object()) {
            // An answer may have more members tomorrow, but today each is documented.
            let whole = schema["oneOf"].is_null() && schema["allOf"].is_null();
            if whole && !at.contains("/allOf") {
                faults.push(format!("{place}: not documented"));
            }
        }
    }
}

fn variants(schema: &'static Value, value: &Value, at: &str, faults: &mut Vec<String>) {
    for (n, part) in schema["allOf"].as_array().into_iter().flatten().enumerate() {
        validate(part, value, &format!("{at}/allOf/{n}"), faults);
    }
    for (kind, exactly_one) in [("oneOf", true), ("anyOf", false)] {
        let Some(variants) = schema[kind].as_array() else { continue };
        let mut reasons = Vec::new();
        let fitting = variants.iter().filter(|variant| {
            let mut found = Vec::new();
            validate(variant, value, at, &mut found);
            reasons.extend(found.clone());
            found.is_empty()
        });
        let count = fitting.count();
        if count == 0 || (exactly_one && count > 1) {
            faults.push(format!("{at}: {count} of {kind} fit: {reasons:?}"));
        }
    }
}

fn types(kind: &'static Value) -> impl Iterator<Item = &'static str> {
    let one = kind.as_str().into_iter();
    one.chain(kind.as_array().into_iter().flatten().filter_map(Value::as_str))
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        _ => value.is_object(),
    }
}

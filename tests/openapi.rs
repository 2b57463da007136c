//! The committed document is the one the server would give out, and says everything about every
//! operation.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

fn document() -> Value {
    serde_json::from_slice(&sosik::openapi::Served::new().json.bytes).expect("JSON")
}

/// Every operation: its place, such as `GET /v1/articles`, and itself.
fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let of = |(path, item): (&String, &'_ Value)| {
        let item = item.as_object().expect("a path item").clone();
        item.keys().map(|method| (path.clone(), method.clone())).collect::<Vec<_>>()
    };
    let places = paths.iter().flat_map(of);
    places
        .map(|(path, method)| {
            (format!("{} {path}", method.to_uppercase()), &document["paths"][&path][&method])
        })
        .collect()
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"].as_str() {
        Some(reference) => resolve(document, document.pointer(&reference[1..]).expect("a target")),
        None => value,
    }
}

#[test]
fn the_committed_document_is_current() {
    let served = sosik::openapi::Served::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi");
    for (file, printed) in [("openapi.json", &served.json), ("openapi.yaml", &served.yaml)] {
        let path = folder.join(file);
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &printed.bytes).expect("openapi/ can be written to");
        }
        let committed = fs::read(&path).unwrap_or_default();
        assert!(
            committed == printed.bytes,
            "openapi/{file} is not current: run `UPDATE=1 cargo test --test openapi`, review the \
             difference, and tell integrators in openapi/CHANGELOG.md"
        );
    }
}

#[test]
fn every_operation_says_what_it_is() {
    let document = document();
    let tags = document["tags"].as_array().expect("tags");
    let described: BTreeSet<_> = tags.iter().filter_map(|tag| tag["name"].as_str()).collect();
    let mut ids = BTreeSet::new();
    let mut wrong = Vec::new();
    for (place, operation) in operations(&document) {
        let text = |name: &str| operation[name].as_str().unwrap_or_default();
        let (summary, id) = (text("summary"), text("operationId"));
        let lower = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
        let tags: Vec<_> = operation["tags"].as_array().into_iter().flatten().collect();
        let tag = tags.first().and_then(|tag| tag.as_str()).unwrap_or_default();
        for (fault, found) in [
            ("no summary", summary.is_empty()),
            ("a full stop after the summary", summary.ends_with('.')),
            ("no description", text("description").len() < 20),
            ("an operationId that another has", !ids.insert(id)),
            ("an operationId that is no name", id.is_empty() || !id.bytes().all(lower)),
            ("not one tag", tags.len() != 1),
            ("a tag that openapi::about does not describe", !described.contains(tag)),
            ("no security", !operation["security"].is_array()),
        ] {
            if found {
                wrong.push(format!("{place}: {fault} (tag {tag:?})"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_operation_lists_its_problems() {
    let document = document();
    for (place, operation) in operations(&document) {
        let responses = operation["responses"].as_object().expect("responses");
        let has = |status: &str| responses.contains_key(status);
        assert!(["400", "401", "406", "422", "500", "503"].iter().all(|s| has(s)), "{place}");
        if operation["requestBody"].is_object() {
            assert!(["408", "413", "415"].iter().all(|s| has(s)), "{place}: a body's problems");
        }
        let path = place.split(' ').nth(1).unwrap_or_default();
        if !sosik::http::limit::is_limited(path) {
            assert!(!has("429"), "{place} is not limited");
        } else {
            assert!(has("429"), "{place} is limited");
        }
        if path.contains('{') {
            assert!(has("404"), "{place}: what it names may be missing");
        }
        for (status, response) in responses {
            let response = resolve(&document, response);
            assert!(
                response["description"].as_str().is_some_and(|d| !d.is_empty()),
                "{place} {status}"
            );
            assert!(response["headers"]["X-Request-Id"].is_object(), "{place} {status}");
            if status.starts_with('4') || status.starts_with('5') {
                let schema = &response["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{place} {status}");
            }
        }
    }
}

#[test]
fn every_body_has_an_example() {
    let document = document();
    let mut without = Vec::new();
    for (place, operation) in operations(&document) {
        let mut bodies: Vec<(String, &Value)> = vec![("request".into(), &operation["requestBody"])];
        for (status, response) in operation["responses"].as_object().expect("responses") {
            bodies.push((status.clone(), resolve(&document, response)));
        }
        for (name, body) in bodies {
            for (kind, content) in body["content"].as_object().into_iter().flatten() {
                let mut schema = resolve(&document, &content["schema"]);
                // An optional body: nothing, or what is described.
                if let Some(variants) = schema["oneOf"].as_array() {
                    let own = variants.iter().find(|variant| variant["type"] != "null");
                    schema = own.map_or(schema, |own| resolve(&document, own));
                }
                let given = ["example", "examples"].iter().any(|key| !content[key].is_null());
                let made = ["example", "examples"].iter().any(|key| !schema[key].is_null());
                if !given && !made {
                    without.push(format!("{place} {name} {kind}"));
                }
            }
        }
    }
    assert!(without.is_empty(), "without an example:\n{}", without.join("\n"));
}

/// Two types of one name would stand for each other in the document, without a warning.
#[test]
fn no_two_schemas_share_a_name() {
    let mut places: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let text = fs::read_to_string(&path).expect("UTF-8");
                for name in schema_names(&text) {
                    places.entry(name).or_default().insert(path.display().to_string());
                }
            }
        }
    }
    places.retain(|_, files| files.len() > 1);
    assert!(places.is_empty(), "the same name twice, give one `#[schema(as = …)]`: {places:#?}");
}

/// The names under which the types of a file stand in the document.
fn schema_names(text: &str) -> Vec<String> {
    let item = |part: &str| {
        let part = part.split("#[derive(").next().unwrap_or_default();
        let named = |mark: &str| {
            let rest = part.split_once(mark)?.1;
            Some(rest.split(|c: char| !(c.is_alphanumeric() || c == '_')).next()?.to_owned())
        };
        let declared = [" struct ", "\nstruct ", " enum ", "\nenum "];
        let first = declared
            .iter()
            .filter(|mark| part.contains(**mark))
            .min_by_key(|mark| part.find(**mark))?;
        named("#[schema(as = ").or_else(|| named(first))
    };
    text.split("ToSchema").skip(1).filter_map(item).filter(|name| !name.is_empty()).collect()
}

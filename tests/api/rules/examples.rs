use super::operations::all;
use crate::support::contract::{DOCUMENT, resolve, validate};
use serde_json::Value;

/// Every example of a media type, a parameter or a header, with the schema it must keep.
fn examples(holder: &'static Value) -> Vec<(&'static Value, &'static Value)> {
    let schema = &holder["schema"];
    let one = Some(&holder["example"]).filter(|example| !example.is_null());
    let named = holder["examples"].as_object().into_iter().flat_map(|all| all.values());
    let named = named.map(|example| &resolve(example)["value"]);
    let of_schema = resolve(schema)["examples"].as_array().into_iter().flatten();
    one.into_iter().chain(named).chain(of_schema).map(|example| (schema, example)).collect()
}

fn contents(body: &'static Value) -> impl Iterator<Item = &'static Value> {
    body["content"].as_object().into_iter().flat_map(|content| content.values())
}

#[test]
fn every_example_keeps_its_schema() {
    let mut faults = Vec::new();
    let mut check = |place: &str, holder: &'static Value| {
        for (schema, example) in examples(holder) {
            let mut found = Vec::new();
            validate(schema, example, "", &mut found);
            faults.extend(found.into_iter().map(|fault| format!("{place}: {fault}")));
        }
    };
    for operation in all() {
        let place = operation.place();
        contents(resolve(&operation.about["requestBody"])).for_each(|c| check(&place, c));
        for response in operation.about["responses"].as_object().expect("responses").values() {
            let response = resolve(response);
            contents(response).for_each(|content| check(&place, content));
            let headers = response["headers"].as_object().into_iter().flatten();
            headers.for_each(|(name, header)| check(&format!("{place} {name}"), resolve(header)));
        }
        for parameter in operation.about["parameters"].as_array().into_iter().flatten() {
            check(&place, resolve(parameter));
        }
    }
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        for example in schema["examples"].as_array().into_iter().flatten() {
            let mut found = Vec::new();
            validate(schema, example, "", &mut found);
            faults.extend(found.into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

//! The rule for the text of comments, as it is published for clients.

use serde_json::Value;
use sosik::{comments::body, error::Broken};
use std::process::Command;

const VECTORS: &str = include_str!("../openapi/text-vectors.json");

fn vectors() -> Vec<Value> {
    let document: Value = serde_json::from_str(VECTORS).expect("JSON");
    document["vectors"].as_array().expect("vectors").clone()
}

#[test]
fn every_published_text_is_taken_or_refused_as_published() {
    for vector in vectors() {
        let (name, text) = (&vector["name"], vector["text"].as_str().expect("a text"));
        let got = body::parse(text, 300);
        match vector["accepted"].as_bool() {
            Some(true) => assert_eq!(got.as_deref().ok(), vector["stored"].as_str(), "{name}"),
            _ => {
                let code = got.err().map(|fault| fault.code().to_owned());
                assert_eq!(code.as_deref(), vector["code"].as_str(), "{name}");
            }
        }
        assert_eq!(Some(body::length(text) as u64), vector["length"].as_u64(), "{name}");
    }
}

#[test]
fn the_vectors_show_where_other_counts_differ() {
    let differs = |count: &str, most: u64| {
        vectors().iter().any(|vector| {
            let others = vector["others"][count].as_u64().unwrap_or(0);
            vector["accepted"] == Value::Bool(others > most)
        })
    };
    assert!(differs("code_points_sent", 300) && differs("utf16_units_sent", 300));
}

/// Runs where there is a Node, which the build does not need.
#[test]
fn a_client_in_javascript_counts_alike() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/text-vectors.test.mjs");
    match Command::new("node").arg(script).output() {
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
        }
        Err(error) => eprintln!("node is not here ({error}): the JavaScript side is not tried"),
    }
}

use super::operations::{all, value};
use crate::support::TestApp;
use sosik::page::{Cursor, Direction, Position};

#[tokio::test(flavor = "multi_thread")]
async fn unknown_parameters_are_refused_by_name() {
    let app = TestApp::new().await;
    for operation in all() {
        let reply = operation.send(&app, "nonsense=1").await;
        assert_eq!(reply.status, 422, "{}: {}", operation.place(), reply.text);
        let expected = ("nonsense".to_owned(), "unknown_parameter".to_owned());
        assert!(reply.faults().contains(&expected), "{}: {}", operation.place(), reply.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_parameter_given_twice_is_refused() {
    let app = TestApp::new().await;
    for operation in all() {
        for (name, schema) in operation.query().into_iter().filter(|(_, s)| s["type"] != "array") {
            let value = value(schema);
            let reply = operation.send(&app, &format!("{name}={value}&{name}={value}")).await;
            assert_eq!(reply.status, 422, "{} {name}: {}", operation.place(), reply.text);
            let expected = (name.to_owned(), "repeated".to_owned());
            assert!(
                reply.faults().contains(&expected),
                "{} {name}: {}",
                operation.place(),
                reply.text
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_outside_1_to_100_are_refused_never_cut() {
    let app = TestApp::new().await;
    for operation in all() {
        if !operation.query().iter().any(|(name, _)| *name == "limit") {
            continue;
        }
        for limit in ["0", "101", "-1", "1.5", "+5", "abc", ""] {
            let reply = operation.send(&app, &format!("limit={}", limit.replace('+', "%2B"))).await;
            assert_eq!(reply.status, 422, "{} {limit}: {}", operation.place(), reply.text);
            let named = reply.faults().iter().any(|(place, _)| place == "limit");
            assert!(named, "{} {limit}: {}", operation.place(), reply.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn cursors_of_other_lists_are_malformed() {
    let app = TestApp::new().await;
    let position = Position { key: 0, id: uuid::Uuid::nil() };
    let foreign =
        Cursor { direction: Direction::Forward, position, mark: Vec::new() }.encode(12345);
    for operation in all() {
        if !operation.query().iter().any(|(name, _)| *name == "cursor") {
            continue;
        }
        for cursor in [foreign.as_str(), "AAAA", "!", "%00"] {
            let query = format!("{}cursor={cursor}", operation.needed());
            let reply = operation.send(&app, &query).await;
            assert_eq!(reply.status, 400, "{} {cursor}: {}", operation.place(), reply.text);
            assert_eq!(reply.json["code"], "malformed_cursor", "{}", operation.place());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_text_can_hold_is_refused() {
    let app = TestApp::new().await;
    for operation in all() {
        // A cursor is opaque: whatever is in it, it is malformed as a whole.
        for (name, _) in operation.query().into_iter().filter(|(name, _)| *name != "cursor") {
            for value in ["%00", "a%00b", "%FF"] {
                let reply = operation.send(&app, &format!("{name}={value}")).await;
                let place = operation.place();
                assert_eq!(reply.status, 422, "{place} {name}={value}: {}", reply.text);
                let named = reply.faults().iter().any(|(parameter, _)| parameter == name);
                assert!(named, "{place} {name}={value}: {}", reply.text);
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_outside_a_closed_set_are_refused() {
    let app = TestApp::new().await;
    for operation in all() {
        for (name, schema) in operation.query() {
            let closed = |schema: &serde_json::Value| schema["enum"].is_array();
            if !closed(schema) && schema["type"] != "boolean" {
                continue;
            }
            let reply = operation.send(&app, &format!("{name}=nonsense")).await;
            assert_eq!(reply.status, 422, "{} {name}: {}", operation.place(), reply.text);
            let named = reply.faults().iter().any(|(place, _)| place == name);
            assert!(named, "{} {name}: {}", operation.place(), reply.text);
        }
    }
}

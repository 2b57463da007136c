//! Every operation against every kind of caller, as the document says who may.

use super::operations::{Operation, all};
use crate::support::TestApp;
use reqwest::Method;
use serde_json::Value;

/// A kind of caller: a name, the scopes of a key or the roles of an account.
enum Caller {
    Nobody,
    Key(&'static [&'static str], Option<&'static str>),
    Account(&'static [&'static str]),
}

const CALLERS: [(&str, Caller); 12] = [
    ("public", Caller::Nobody),
    ("reader", Caller::Account(&[])),
    ("editor", Caller::Account(&["editor"])),
    ("moderator", Caller::Account(&["moderator"])),
    ("admin", Caller::Account(&["admin"])),
    ("key without scopes", Caller::Key(&[], None)),
    ("key of writers", Caller::Key(&["articles:write"], None)),
    ("key of curators", Caller::Key(&["rankings:curate"], None)),
    ("key of moderators", Caller::Key(&["comments:moderate"], None)),
    ("key of admins", Caller::Key(&["admin"], None)),
    ("key of another's writers", Caller::Key(&["articles:write"], Some("badak"))),
    ("key of another's moderators", Caller::Key(&["comments:moderate"], Some("badak"))),
];

/// Whether one of the operation's requirements is met.
fn may(operation: &Operation, caller: &Caller) -> bool {
    let requirements = operation.about["security"].as_array().expect("security");
    requirements.iter().any(|requirement| {
        let requirement = requirement.as_object().expect("an object");
        let holds = |scheme: &str, own: &[&str]| {
            let Some(words) = requirement.get(scheme).and_then(Value::as_array) else {
                return false;
            };
            let needed = |word: &Value| own.contains(&word.as_str().unwrap_or_default());
            words.is_empty() || words.iter().any(needed) || own.contains(&"admin")
        };
        match caller {
            _ if requirement.is_empty() => true,
            Caller::Nobody => false,
            Caller::Key(scopes, _) => holds("api_key", scopes),
            Caller::Account(roles) => holds("reader", roles),
        }
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn each_operation_opens_to_whom_the_document_says_and_to_nobody_else() {
    let app = TestApp::with(|settings| settings.comments.stream_seconds = 1).await;
    let (mut wrong, mut n) = (Vec::new(), 0);
    for (name, caller) in &CALLERS {
        let key = match caller {
            Caller::Key(scopes, publisher) => Some(app.key(scopes, *publisher).await),
            _ => None,
        };
        for operation in all() {
            n += 1;
            let token = match caller {
                Caller::Nobody => None,
                Caller::Key(..) => key.clone(),
                // Of its own: some operations end what they are asked with.
                Caller::Account(roles) => Some(app.staff(&format!("{n}번째"), roles).await.token),
            };
            let mut call = app.request(operation.method.clone(), &operation.path);
            if operation.method != Method::GET {
                call = call.header("if-match", "*");
            }
            if let Some(token) = &token {
                call = call.bearer(token);
            }
            let reply = call.send().await;
            let code = reply.json["code"].as_str().unwrap_or_default();
            let refused = reply.status == 401
                || (reply.status == 403
                    && ["insufficient_scope", "account_needed"].contains(&code));
            if refused == may(&operation, caller) {
                wrong.push(format!("{} as {name}: {} {code}", operation.place(), reply.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

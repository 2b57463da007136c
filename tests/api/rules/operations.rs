use crate::support::{
    Call, Reply, TestApp,
    contract::{DOCUMENT, resolve},
};
use reqwest::Method;
use serde_json::Value;

/// Well-formed, and nobody's.
pub const NOBODY: &str = "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20";

/// One operation of the document.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its method.
    pub method: Method,
    /// Its path as documented.
    pub template: &'static str,
    /// Its path with well-formed values that name nothing.
    pub path: String,
    /// All that the document says.
    pub about: &'static Value,
}

/// Every operation.
pub fn all() -> Vec<Operation> {
    let mut found = Vec::new();
    for (template, item) in DOCUMENT["paths"].as_object().expect("paths") {
        for (method, about) in item.as_object().expect("a path item") {
            let method = method.to_uppercase().parse().expect("a method");
            let path = filled(template, about);
            found.push(Operation { method, template, path, about });
        }
    }
    assert!(!found.is_empty());
    found
}

impl Operation {
    /// For messages.
    pub fn place(&self) -> String {
        format!("{} {}", self.method, self.template)
    }

    /// Whether it needs a key or an account.
    pub fn secured(&self) -> bool {
        let requirements = self.about["security"].as_array().expect("security");
        requirements.iter().all(|one| one.as_object().is_some_and(|one| !one.is_empty()))
    }

    /// Whether it takes a key.
    pub fn takes_keys(&self) -> bool {
        let requirements = self.about["security"].as_array().expect("security");
        requirements.iter().any(|one| !one["api_key"].is_null())
    }

    /// Whether it takes any account, and decides by what it is asked for.
    pub fn takes_any_account(&self) -> bool {
        let requirements = self.about["security"].as_array().expect("security");
        requirements.iter().any(|one| one["reader"].as_array().is_some_and(Vec::is_empty))
    }

    /// The token of somebody who may: an admin's key, or a reader's where keys are not taken. What changes
    /// something gets a reader of its own, who may be logged out by it.
    pub fn bearer(&self, app: &TestApp) -> Option<String> {
        if !self.secured() {
            return None;
        }
        if self.takes_keys() {
            return Some(app.admin().to_owned());
        }
        Some(app.some_reader(self.method != Method::GET).token)
    }

    /// Whether it counts against a rate limit.
    pub fn limited(&self) -> bool {
        sosik::http::limit::is_limited(self.template)
    }

    /// Its parameters of the query: name and schema.
    pub fn query(&self) -> Vec<(&'static str, &'static Value)> {
        let parameters = self.about["parameters"].as_array().into_iter().flatten().map(resolve);
        parameters
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| {
                (parameter["name"].as_str().expect("a name"), resolve(&parameter["schema"]))
            })
            .collect()
    }

    /// Its parameters of the query that must be there, with values that fit, as the beginning of a query.
    pub fn needed(&self) -> String {
        let parameters = self.about["parameters"].as_array().into_iter().flatten().map(resolve);
        parameters
            .filter(|one| one["in"] == "query" && one["required"] == true)
            .map(|one| {
                let name = one["name"].as_str().expect("a name");
                format!("{name}={}&", value(resolve(&one["schema"])))
            })
            .collect()
    }

    /// The content types of its body.
    pub fn content_types(&self) -> Vec<&'static str> {
        let content = resolve(&self.about["requestBody"])["content"].as_object();
        content.into_iter().flat_map(|content| content.keys().map(String::as_str)).collect()
    }

    /// The content type of its body when that is JSON.
    pub fn json(&self) -> Option<&'static str> {
        self.content_types()
            .into_iter()
            .find(|kind| *kind == "application/json" || *kind == "application/merge-patch+json")
    }

    /// A request with a key that may and a precondition that holds, and without a body.
    pub fn call(&self, app: &TestApp, query: &str) -> Call {
        let joint = if query.is_empty() { "" } else { "?" };
        let mut call = app.request(self.method.clone(), &format!("{}{joint}{query}", self.path));
        if let Some(token) = self.bearer(app) {
            call = call.bearer(&token);
        }
        let documents = |status: &str| !self.about["responses"][status].is_null();
        if documents("412") {
            call = call.header("if-match", "*");
        }
        call
    }

    /// A request as [`Operation::call`], with a body of the right content type where it takes one.
    pub async fn send(&self, app: &TestApp, query: &str) -> Reply {
        let call = self.call(app, query);
        match self.content_types().first() {
            Some(kind) => call.body("{}", kind).send().await,
            None => call.send().await,
        }
    }
}

/// A value that fits `schema`, as it stands in an address.
pub fn value(schema: &Value) -> String {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned);
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return text(first);
    }
    match (schema["format"].as_str(), schema["type"].as_str()) {
        (Some("uuid"), _) => NOBODY.to_owned(),
        (Some("date-time"), _) => "2026-11-22T09:00:00Z".to_owned(),
        (_, Some("integer")) => "7".to_owned(),
        (_, Some("boolean")) => "true".to_owned(),
        _ if schema["pattern"] == "^[a-z_]{1,60}$" => "nothing_here".to_owned(),
        _ => "nothing-here".to_owned(),
    }
}

fn filled(template: &str, about: &'static Value) -> String {
    let parameters = about["parameters"].as_array().into_iter().flatten().map(resolve);
    parameters.filter(|parameter| parameter["in"] == "path").fold(
        template.to_owned(),
        |path, one| {
            let name = one["name"].as_str().expect("a name");
            // Codes are words of another alphabet than slugs.
            let filled =
                if name == "code" { "nothing_here".into() } else { value(resolve(&one["schema"])) };
            path.replace(&format!("{{{name}}}"), &filled)
        },
    )
}

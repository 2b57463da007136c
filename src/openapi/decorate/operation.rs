use super::{API_KEY, READER, headers, parameters, problems};
use crate::http::auth::{Role, Scope};
use utoipa::openapi::{
    Ref, RefOr, Response,
    path::{Operation, ParameterIn},
    security::SecurityRequirement,
};

/// Adds to one operation what follows from its method and from what it says.
pub fn complete(op: &mut Operation, method: &'static str, limited: bool) {
    let facts = Facts::of(op, method, limited);
    secure(op);
    for (status, response) in &mut op.responses.responses {
        if let RefOr::T(response) = response {
            if facts.is_problem(status) {
                problems::complete(response, status);
            }
            headers::complete(response, status, &facts);
        }
    }
    for (status, name) in problems::common(&facts) {
        add_response(op, status, name);
    }
    if facts.tagged {
        // The same everywhere, also where a handler mentions it.
        op.responses.responses.remove("304");
        add_response(op, "304", "NotModified");
    }
    for name in parameters::of(&facts) {
        add_parameter(op, name);
    }
}

/// What an operation says about itself.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, read off one operation")]
pub struct Facts {
    /// Lower case.
    pub method: &'static str,
    /// Counted against a rate limit.
    pub limited: bool,
    /// Needs a key or an account.
    pub secured: bool,
    /// Takes a body.
    pub body: bool,
    /// Is a list in pages.
    pub paged: bool,
    /// A GET whose 200 has an `ETag`.
    pub tagged: bool,
    /// Answers 412.
    pub conditional: bool,
    /// Answers 428.
    pub precondition_required: bool,
    /// Its answer may be a replay.
    pub idempotent: bool,
}

impl Facts {
    fn of(op: &Operation, method: &'static str, limited: bool) -> Self {
        let has = |status: &str| op.responses.responses.contains_key(status);
        let names = |header: &str| {
            op.responses
                .responses
                .values()
                .any(|response| matches!(response, RefOr::T(response) if says(response, header)))
        };
        let paged = op.parameters.iter().flatten().any(|parameter| {
            matches!(parameter, RefOr::T(p) if p.name == "cursor" && p.parameter_in == ParameterIn::Query)
        });
        Self {
            method,
            limited,
            secured: op.security.is_some(),
            body: op.request_body.is_some(),
            paged,
            tagged: method == "get" && names("ETag"),
            conditional: has("412"),
            precondition_required: has("428"),
            idempotent: names("Idempotency-Replayed"),
        }
    }

    /// Whether answers of this status are problems.
    pub fn is_problem(&self, status: &str) -> bool {
        status.starts_with('4') || status.starts_with('5')
    }
}

fn says(response: &Response, header: &str) -> bool {
    response.headers.keys().any(|name| name.eq_ignore_ascii_case(header))
}

/// A read that says nothing is open to all: without a token, or with any valid one. What a key with a scope
/// may do, staff may do whose role holds the scope.
fn secure(op: &mut Operation) {
    let none: [&str; 0] = [];
    let Some(said) = &mut op.security else {
        let open = SecurityRequirement::default();
        let one = |scheme| SecurityRequirement::new(scheme, none);
        op.security = Some(vec![open, one(API_KEY), one(READER)]);
        return;
    };
    let scopes = |one: &SecurityRequirement| {
        let one = serde_json::to_value(one).unwrap_or_default();
        let named = one[API_KEY].as_array().cloned().unwrap_or_default();
        named.iter().filter_map(|scope| scope.as_str()?.parse().ok()).collect::<Vec<Scope>>()
    };
    let needed: Vec<_> = said.iter().flat_map(scopes).collect();
    let holds = |role: &Role| {
        needed.iter().any(|scope| role.scopes().contains(scope) || *role == Role::Admin)
    };
    let roles: Vec<_> =
        Role::ALL.iter().filter(|(_, role)| holds(role)).map(|(name, _)| *name).collect();
    // One that says by itself that it takes accounts decides by more than their roles.
    let any_account = SecurityRequirement::new(READER, none);
    if !roles.is_empty() && !said.contains(&any_account) {
        said.push(SecurityRequirement::new(READER, roles));
    }
}

fn add_response(op: &mut Operation, status: &str, name: &str) {
    let reference = Ref::new(format!("#/components/responses/{name}"));
    op.responses.responses.entry(status.to_owned()).or_insert(RefOr::Ref(reference));
}

fn add_parameter(op: &mut Operation, component: &parameters::Component) {
    let all = op.parameters.get_or_insert_default();
    let there = all.iter().any(
        |parameter| matches!(parameter, RefOr::T(p) if p.name.eq_ignore_ascii_case(component.header)),
    );
    if !there {
        all.push(RefOr::Ref(Ref::new(format!("#/components/parameters/{}", component.name))));
    }
}

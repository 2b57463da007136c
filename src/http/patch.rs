//! JSON Merge Patch (RFC 7396): what a patch makes of the present state is checked as a whole.

use crate::{
    config::Settings,
    error::{Error, Faults, Message},
    http::body::{self, BodyLimit},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use deserr::Deserr;
use serde_json::{Map, Value};
use std::{future::Future, marker::PhantomData, pin::Pin};

/// A patch of a `T`, the writable side of a resource.
#[derive(Debug)]
pub struct MergePatch<T> {
    patch: Value,
    of: PhantomData<T>,
}

impl<T: BodyLimit> BodyLimit for MergePatch<T> {
    fn limit(settings: &Settings) -> u64 {
        T::limit(settings)
    }
    const TYPES: &'static [&'static str] = &["application/merge-patch+json", "application/json"];
}

impl<T: BodyLimit + 'static> FromRequest for MergePatch<T> {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let patch = body::read::<Self>(&request, &mut payload).await?.value;
            if patch.is_object() {
                return Ok(Self { patch, of: PhantomData });
            }
            let detail = Message::new("Must be an object.", "객체여야 합니다.");
            Err(Error::invalid(Faults::at("", "wrong_type", detail)))
        })
    }
}

impl<T: Deserr<Faults>> MergePatch<T> {
    /// `current`, a document, as the patch changes it. A member of `read_only` may be named only with
    /// the value it has.
    ///
    /// # Errors
    /// 422 with every fault of the result.
    pub fn apply_to(&self, mut current: Value, read_only: &[&str]) -> Result<T, Error> {
        let mut faults = Faults::default();
        for name in read_only {
            if self.patch.get(name).is_some_and(|new| current.get(name) != Some(new)) {
                let detail =
                    Message::new("Cannot be changed this way.", "이 방법으로 바꿀 수 없습니다.");
                faults.push(format!("/{name}"), "read_only", detail);
            }
        }
        faults.or(()).map_err(Error::invalid)?;
        merge(&mut current, &self.patch);
        body::check(current)
    }
}

/// Applies `patch`. A `null` for a member that is not there stays, so that a misspelt one is noticed.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(target) = target else { return };
    for (name, value) in patch {
        if value.is_null() && target.contains_key(name) {
            target.shift_remove(name);
        } else {
            merge(target.entry(name.clone()).or_insert(Value::Null), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_patch_merges_and_keeps_a_null_it_cannot_place() {
        for (target, patch, expected) in [
            (json!({"a": "b"}), json!({"a": "c"}), json!({"a": "c"})),
            (json!({"a": "b"}), json!({"b": "c"}), json!({"a": "b", "b": "c"})),
            (json!({"a": "b", "b": "c"}), json!({"a": null}), json!({"b": "c"})),
            (json!({"a": ["b"]}), json!({"a": "c"}), json!({"a": "c"})),
            (
                json!({"a": {"b": "c"}}),
                json!({"a": {"b": "d", "c": null}}),
                json!({"a": {"b": "d", "c": null}}),
            ),
            (json!({"a": [1]}), json!({"a": {"b": 1}}), json!({"a": {"b": 1}})),
        ] {
            let mut merged = target.clone();
            merge(&mut merged, &patch);
            assert_eq!(merged, expected, "{target} {patch}");
        }
    }
}

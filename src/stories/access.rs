//! Who may change stories.

use crate::{
    error::{Error, Result},
    http::auth::{Allowed, Principal, RankingsCurate},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::future::{Ready, ready};

/// The caller, who may change stories: a key with `rankings:curate` that is bound to no publisher,
/// as a story has articles of many.
#[derive(Debug)]
pub struct StoryEditor(pub Principal);

impl FromRequest for StoryEditor {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = Allowed::<RankingsCurate>::from_request(request, payload).into_inner();
        ready(allowed.and_then(|caller| caller.0.must_be_unbound().map(|()| Self(caller.0))))
    }
}

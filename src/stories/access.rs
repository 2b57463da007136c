//! Who may change stories.

use crate::{
    error::{Code, Error, Result},
    http::auth::{Allowed, ArticlesWrite, Principal},
};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use std::future::{Ready, ready};

/// The caller, who may change stories: a key with `articles:write` that is bound to no publisher, as
/// a story has articles of many.
#[derive(Debug)]
pub struct StoryEditor(pub Principal);

impl FromRequest for StoryEditor {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let allowed = Allowed::<ArticlesWrite>::from_request(request, payload).into_inner();
        ready(allowed.and_then(|caller| match caller.0.publisher {
            None => Ok(Self(caller.0)),
            Some(_) => Err(Error::plain(Code::WrongPublisher)),
        }))
    }
}

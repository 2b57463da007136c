//! Who may see an article.

use super::{
    model::{Article, Status},
    store::Found,
};
use crate::{
    error::{Code, Error, Result, What},
    http::{
        auth::{Principal, Scope},
        conditional::Cache,
    },
};
use serde_json::json;

/// Whether `caller` writes for the publisher of what was found.
#[must_use]
pub fn writes(caller: Option<&Principal>, found: &Found) -> bool {
    caller.is_some_and(|c| c.holds(Scope::ArticlesWrite) && c.covers(found.publisher_id))
}

/// The article as `caller` may see it.
///
/// # Errors
/// 404 for what is not published, 410 for what was withdrawn; neither for its writers.
pub fn visible(found: Option<Found>, caller: Option<&Principal>) -> Result<Article> {
    let found = found.ok_or_else(|| Error::not_found(What::Article))?;
    match found.article.status {
        Status::Published => Ok(found.article),
        _ if writes(caller, &found) => Ok(found.article),
        Status::Withdrawn => Err(gone(&found)),
        Status::Draft | Status::Scheduled => Err(Error::not_found(What::Article)),
    }
}

/// How an answer about an article may be kept: what readers do not see, by nobody.
#[must_use]
pub fn cache(status: Status) -> Cache {
    match status {
        Status::Published => Cache::CONTENT,
        Status::Draft | Status::Scheduled | Status::Withdrawn => Cache::Private,
    }
}

/// The tombstone of a withdrawn article.
#[must_use]
pub fn gone(found: &Found) -> Error {
    let (at, reason) = found.withdrawn.clone().unzip();
    let article = &found.article.summary;
    Error::plain(Code::Withdrawn).with_extension(
        "tombstone",
        json!({
            "id": article.id,
            "slug": article.slug,
            "withdrawn_at": at,
            "reason": reason.flatten(),
        }),
    )
}

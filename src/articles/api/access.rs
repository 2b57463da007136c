use crate::{
    articles::{
        model::{Article, Status},
        store::{self, Found},
        write::{self, Existing},
    },
    error::{Code, Error, Result, What},
    http::{
        auth::{Principal, Scope},
        conditional::{IfMatch, etag},
    },
    ids::ArticleId,
};
use diesel_async::AsyncPgConnection;
use serde_json::json;

/// Whether `caller` writes for the publisher of what was found.
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

/// The tombstone of a withdrawn article.
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

/// Locks an article its caller may write, at the revision the caller has seen.
///
/// # Errors
/// 404 for what the caller may not know of, 403 for another publisher's, 412 when it changed meanwhile.
pub async fn lock(
    conn: &mut AsyncPgConnection,
    id: ArticleId,
    caller: &Principal,
    if_match: Option<&IfMatch>,
    public_url: &str,
) -> Result<Existing> {
    let there = write::lock(conn, id).await?.ok_or_else(|| Error::not_found(What::Article))?;
    if !caller.covers(there.publisher_id) {
        let hidden = matches!(there.status()?, Status::Draft | Status::Scheduled);
        let error = if hidden {
            Error::not_found(What::Article)
        } else {
            Error::plain(Code::WrongPublisher)
        };
        return Err(error);
    }
    if if_match.is_some_and(|seen| !seen.names(there.revision)) {
        let current = view(conn, id, public_url).await?;
        let bytes = serde_json::to_vec(&current).map_err(Error::internal)?;
        let tag = etag(Some(current.revision), &bytes);
        return Err(Error::plain(Code::PreconditionFailed).with_header("ETag", tag));
    }
    Ok(there)
}

/// The article as it now is, for its writer.
///
/// # Errors
/// 404 when it is gone.
pub async fn view(conn: &AsyncPgConnection, id: ArticleId, public_url: &str) -> Result<Article> {
    let found = store::find(conn, id, public_url).await?;
    found.map(|found| found.article).ok_or_else(|| Error::not_found(What::Article))
}

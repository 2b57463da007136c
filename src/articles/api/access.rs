use crate::{
    articles::{
        model::{Article, Status},
        store,
        write::{self, Existing},
    },
    error::{Code, Error, Result, What},
    http::{
        auth::Principal,
        conditional::{IfMatch, etag},
    },
    ids::ArticleId,
};
use diesel_async::AsyncPgConnection;

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

use crate::{
    clock::Timestamp,
    error::Result,
    ids::{AuthorId, PublisherId},
};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
pub async fn ensure(
    _c: &mut AsyncPgConnection,
    _t: &[(PublisherId, String)],
    _n: Timestamp,
) -> Result<HashMap<(PublisherId, String), AuthorId>> {
    Ok(HashMap::new())
}

//! Takes a category with all below it to another parent: the ancestors of each, and the lists of
//! ancestors in which its articles stand.

use crate::{db::Prepare, ids::CategoryId};
use diesel::{
    QueryResult,
    sql_types::{Array, Nullable, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

/// Moves `id` under `parent`. Waits for whoever has pinned a category of the subtree; large subtrees
/// have a minute. `lost` and `gained` are the ancestors that the subtree has no longer, and newly.
///
/// # Errors
/// What the database says.
pub async fn take_along(
    conn: &mut AsyncPgConnection,
    id: CategoryId,
    parent: Option<CategoryId>,
    lost: &[CategoryId],
    gained: &[CategoryId],
) -> QueryResult<()> {
    conn.batch_execute("set local statement_timeout = '60s'").await?;
    of(conn, include_str!("moving/lock.sql"), id).await?;
    of(conn, include_str!("moving/detach.sql"), id).await?;
    diesel::sql_query(include_str!("moving/attach.sql"))
        .bind::<SqlUuid, _>(id)
        .bind::<Nullable<SqlUuid>, _>(parent)
        .prepared()
        .execute(conn)
        .await?;
    listings(conn, include_str!("moving/unlist.sql"), id, lost).await?;
    listings(conn, include_str!("moving/list.sql"), id, gained).await
}

async fn of(
    conn: &mut AsyncPgConnection,
    statement: &'static str,
    id: CategoryId,
) -> QueryResult<()> {
    diesel::sql_query(statement).bind::<SqlUuid, _>(id).prepared().execute(conn).await?;
    Ok(())
}

async fn listings(
    conn: &mut AsyncPgConnection,
    statement: &'static str,
    id: CategoryId,
    ancestors: &[CategoryId],
) -> QueryResult<()> {
    if ancestors.is_empty() {
        return Ok(());
    }
    diesel::sql_query(statement)
        .bind::<SqlUuid, _>(id)
        .bind::<Array<SqlUuid>, _>(ancestors)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

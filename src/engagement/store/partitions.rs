//! Partitions by time. Their names and bounds are made from numbers of our own: statements about
//! tables take no parameters.

use crate::{clock::Timestamp, db::Prepare};
use diesel::{
    QueryResult,
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};

#[derive(diesel::QueryableByName)]
struct Yes {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// Whether this process may make and drop partitions until the transaction ends: "part". Waits for
/// locks on tables only a moment: everybody else would wait behind it.
pub async fn lock(conn: &mut AsyncPgConnection) -> QueryResult<bool> {
    conn.batch_execute("set local lock_timeout = '200ms'").await?;
    let row = diesel::sql_query("select pg_try_advisory_xact_lock(1885434484) as yes")
        .prepared()
        .get_result::<Yes>(conn)
        .await?;
    Ok(row.yes)
}

/// The partitions that `table` has, the default one left out.
pub async fn names(conn: &mut AsyncPgConnection, table: &str) -> QueryResult<Vec<String>> {
    let rows = diesel::sql_query(
        "select c.relname::text as name
         from pg_inherits i join pg_class c on c.oid = i.inhrelid
         where i.inhparent = $1::regclass and pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT'
         order by c.relname",
    )
    .bind::<Text, _>(table)
    .prepared()
    .load::<Name>(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.name).collect())
}

/// Whether the default partition of `table` holds something of a period: then it stays there.
pub async fn is_begun(
    conn: &mut AsyncPgConnection,
    table: &str,
    from: Timestamp,
    to: Timestamp,
) -> QueryResult<bool> {
    let row = diesel::sql_query(format!(
        "select exists (select 1 from {table}_default
                        where ends_at >= '{from}' and ends_at < '{to}') as yes"
    ))
    .get_result::<Yes>(conn)
    .await?;
    Ok(row.yes)
}

/// Makes a partition. Attached and not created in place: that would lock out all who use the table.
pub async fn make(
    conn: &mut AsyncPgConnection,
    table: &str,
    name: &str,
    from: Timestamp,
    to: Timestamp,
) -> QueryResult<()> {
    conn.batch_execute(&format!(
        "create table {name} (like {table} including all);
         alter table {table} attach partition {name} for values from ('{from}') to ('{to}')"
    ))
    .await
}

/// Drops a partition.
pub async fn remove(conn: &mut AsyncPgConnection, name: &str) -> QueryResult<()> {
    conn.batch_execute(&format!("drop table {name}")).await
}

/// Deletes what ended by `limit` from the default partition of `table`, some at a time; how many.
pub async fn thin(
    conn: &mut AsyncPgConnection,
    table: &str,
    limit: Timestamp,
) -> QueryResult<usize> {
    diesel::sql_query(format!(
        "delete from {table}_default where ctid = any(array(
             select ctid from {table}_default where ends_at <= '{limit}' limit 20000))"
    ))
    .execute(conn)
    .await
}

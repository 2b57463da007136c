//! Reports: one of each reader on each comment.

use crate::{
    clock::Timestamp,
    comments::model::{Report, ReportInput},
    db::Prepare,
    ids::{AccountId, CommentId},
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    reason_code: String,
    #[diesel(sql_type = Timestamptz)]
    reported_at: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = Integer)]
    reports: i32,
}

/// The reader's report.
///
/// # Errors
/// When the database fails.
pub async fn find(
    mut conn: &AsyncPgConnection,
    comment: CommentId,
    account: AccountId,
) -> QueryResult<Option<Report>> {
    let row: Option<Row> = diesel::sql_query(
        "select reason_code, reported_at from comment_reports
         where comment_id = $1 and account_id = $2",
    )
    .bind::<SqlUuid, _>(comment)
    .bind::<SqlUuid, _>(account)
    .prepared()
    .get_result(&mut conn)
    .await
    .optional()?;
    Ok(row.map(|row| Report {
        comment_id: comment,
        reason_code: row.reason_code,
        reported_at: row.reported_at,
    }))
}

/// Adds a report to a locked comment; how many are open now.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    comment: CommentId,
    account: AccountId,
    input: &ReportInput,
    now: Timestamp,
) -> QueryResult<i32> {
    diesel::sql_query(
        "insert into comment_reports (comment_id, account_id, reason_code, note, reported_at)
         values ($1, $2, $3, $4, $5)",
    )
    .bind::<SqlUuid, _>(comment)
    .bind::<SqlUuid, _>(account)
    .bind::<Text, _>(input.reason_code.name())
    .bind::<Nullable<Text>, _>(input.note.as_deref())
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await?;
    let count: Count = diesel::sql_query(
        "update comments set reports = reports + 1 where id = $1 returning reports",
    )
    .bind::<SqlUuid, _>(comment)
    .prepared()
    .get_result(conn)
    .await?;
    Ok(count.reports)
}

/// Notes that a moderator looked at the reports of a comment.
///
/// # Errors
/// When the database fails.
pub async fn settle(
    conn: &mut AsyncPgConnection,
    comment: CommentId,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "with settled as (
             update comment_reports set settled_at = $2
             where comment_id = $1 and settled_at is null
         )
         update comments set reports = 0 where id = $1 and reports > 0",
    )
    .bind::<SqlUuid, _>(comment)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .execute(conn)
    .await
    .map(drop)
}

//! What waits for a moderator, and who looks at it.

use crate::{
    clock::Timestamp,
    comments::{
        model::Status,
        store::rows::{COLUMNS, Row},
    },
    db::Prepare,
    ids::{CommentId, PublisherId},
    moderation::desk::model::{Claim, OpenAppeal, QueueItem, ReportCount, RuleHit, Waiting},
};
use diesel::{
    QueryResult, QueryableByName,
    sql_types::{Array, BigInt, Bool, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

/// Which part of the queue.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// Of one publisher's articles, or of all.
    pub publisher: Option<PublisherId>,
    /// For which reasons.
    pub kinds: &'a [Waiting],
    /// Beyond this comment.
    pub from: Uuid,
    /// Towards those that wait longer.
    pub backward: bool,
    /// How many.
    pub limit: i64,
    /// Without what others than this one look at.
    pub free_for: Option<Uuid>,
    /// The present.
    pub now: Timestamp,
}

#[derive(diesel::QueryableByName)]
struct IdRow {
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
}

/// The comments of a part of the queue.
///
/// # Errors
/// When the database fails.
pub async fn waiting(mut conn: &AsyncPgConnection, part: &Part<'_>) -> QueryResult<Vec<Uuid>> {
    let kinds: Vec<_> = part.kinds.iter().map(|kind| kind.name()).collect();
    let rows: Vec<IdRow> = diesel::sql_query(include_str!("../sql/waiting.sql"))
        .bind::<Nullable<SqlUuid>, _>(part.publisher)
        .bind::<Array<Text>, _>(kinds)
        .bind::<SqlUuid, _>(part.from)
        .bind::<BigInt, _>(part.limit)
        .bind::<Bool, _>(part.backward)
        .bind::<Nullable<SqlUuid>, _>(part.free_for)
        .bind::<Timestamptz, _>(part.now)
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

#[derive(QueryableByName)]
struct ItemRow {
    #[diesel(embed)]
    comment: Row,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Jsonb)]
    hits: Value,
    #[diesel(sql_type = Jsonb)]
    reports: Value,
    #[diesel(sql_type = Nullable<Jsonb>)]
    appeal: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    claim: Option<Value>,
}

fn read<T: DeserializeOwned + Default>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

impl ItemRow {
    fn into_item(self) -> QueueItem {
        let reports: Vec<ReportCount> = read(self.reports);
        let appeal: Option<OpenAppeal> = self.appeal.and_then(|v| serde_json::from_value(v).ok());
        let claim: Option<Claim> = self.claim.and_then(|v| serde_json::from_value(v).ok());
        let hits: Vec<RuleHit> = read(self.hits);
        let status = self.comment.status();
        let waiting = [
            (status == Status::Pending, Waiting::Pending),
            (status == Status::Held, Waiting::Held),
            (status == Status::Visible && !reports.is_empty(), Waiting::Reported),
            (appeal.is_some(), Waiting::Appealed),
        ];
        QueueItem {
            account_id: self.comment.account_id,
            comment: self.comment.own(),
            publisher_id: self.publisher_id,
            waiting: waiting.into_iter().filter(|(is, _)| *is).map(|(_, why)| why).collect(),
            hits,
            reports,
            appeal,
            claim,
        }
    }
}

/// The comments of these ids with all that moderators want to know of them, in the order of writing.
///
/// # Errors
/// When the database fails.
pub async fn items(
    mut conn: &AsyncPgConnection,
    ids: &[Uuid],
    now: Timestamp,
) -> QueryResult<Vec<QueueItem>> {
    let rows: Vec<ItemRow> = diesel::sql_query(format!(
        "select {COLUMNS}, t.publisher_id,
            coalesce((select jsonb_agg(jsonb_build_object('rule_id', h.rule_id, 'name', h.name,
                'outcome', h.outcome, 'reason_code', h.reason_code, 'start', h.first_char,
                'end', h.end_char) order by h.n)
             from comment_hits h where h.comment_id = c.id), '[]'::jsonb) as hits,
            coalesce((select jsonb_agg(jsonb_build_object('reason_code', r.reason_code,
                'reports', r.n, 'notes', r.notes) order by r.n desc, r.reason_code)
             from (select reason_code, count(*) as n,
                       coalesce(to_jsonb((array_agg(note) filter (where note is not null))[1:5]),
                           '[]'::jsonb) as notes
                   from comment_reports where comment_id = c.id and settled_at is null
                   group by reason_code) r), '[]'::jsonb) as reports,
            (select jsonb_build_object('id', p.id, 'body', p.body, 'created_at', p.created_at)
             from comment_appeals p where p.comment_id = c.id and p.status = 'open') as appeal,
            (select jsonb_build_object('by', m.by_name, 'until', m.until)
             from moderation_claims m where m.comment_id = c.id and m.until > $2) as claim
        from comments c
        join articles t on t.id = c.article_id
        left join accounts a on a.id = c.account_id
        where c.id = any($1) order by c.id"
    ))
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .load(&mut conn)
    .await?;
    Ok(rows.into_iter().map(ItemRow::into_item).collect())
}

/// Claims those of `ids` that nobody else looks at; which.
///
/// # Errors
/// When the database fails.
pub async fn claim(
    conn: &mut AsyncPgConnection,
    ids: &[Uuid],
    by: (Uuid, &str),
    until: Timestamp,
    now: Timestamp,
) -> QueryResult<Vec<Uuid>> {
    let rows: Vec<IdRow> = diesel::sql_query(
        "insert into moderation_claims (comment_id, by_id, by_name, until)
         select id, $2, $3, $4 from unnest($1) as t (id) order by id
         on conflict (comment_id) do update
             set by_id = excluded.by_id, by_name = excluded.by_name, until = excluded.until
             where moderation_claims.until <= $5 or moderation_claims.by_id = excluded.by_id
         returning comment_id as id",
    )
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<SqlUuid, _>(by.0)
    .bind::<Text, _>(by.1)
    .bind::<Timestamptz, _>(until)
    .bind::<Timestamptz, _>(now)
    .prepared()
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Gives back all that one moderator claimed.
///
/// # Errors
/// When the database fails.
pub async fn release(conn: &mut AsyncPgConnection, by: Uuid) -> QueryResult<usize> {
    diesel::sql_query("delete from moderation_claims where by_id = $1")
        .bind::<SqlUuid, _>(by)
        .prepared()
        .execute(conn)
        .await
}

/// Forgets the claim of a comment that was decided about.
///
/// # Errors
/// When the database fails.
pub async fn decided(conn: &mut AsyncPgConnection, comment: CommentId) -> QueryResult<usize> {
    diesel::sql_query("delete from moderation_claims where comment_id = $1")
        .bind::<SqlUuid, _>(comment)
        .prepared()
        .execute(conn)
        .await
}

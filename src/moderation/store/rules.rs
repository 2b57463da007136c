//! Rules as they are kept, and the comments that one is tried on.

use crate::{
    clock::Timestamp,
    comments::model::Status,
    db::Prepare,
    ids::{ArticleId, CommentId, PublisherId, RuleId},
    moderation::model::rule::{Action, Kind, Rule, RuleInput},
    names::{Names, PublisherRef},
};
use diesel::{
    OptionalExtension, QueryResult,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: RuleId,
    #[diesel(sql_type = Nullable<Text>)]
    builtin: Option<String>,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    action: String,
    #[diesel(sql_type = Text)]
    reason_code: String,
    #[diesel(sql_type = Array<Text>)]
    terms: Vec<String>,
    #[diesel(sql_type = Array<Text>)]
    exceptions: Vec<String>,
    #[diesel(sql_type = Bool)]
    enabled: bool,
    #[diesel(sql_type = Integer)]
    revision: i32,
    #[diesel(sql_type = Timestamptz)]
    created_at: Timestamp,
    #[diesel(sql_type = Text)]
    created_by: String,
    #[diesel(sql_type = Timestamptz)]
    updated_at: Timestamp,
    #[diesel(sql_type = Text)]
    updated_by: String,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    publisher_id: Option<PublisherId>,
    #[diesel(sql_type = Nullable<Text>)]
    slug: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name_ko: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    name_en: Option<String>,
}

impl From<Row> for Rule {
    fn from(row: Row) -> Self {
        let publisher = |(slug, ko, en)| PublisherRef { slug, name: Names { ko, en } };
        Self {
            id: row.id,
            kind: match row.kind.as_str() {
                "builtin" => Kind::Builtin,
                "pattern" => Kind::Pattern,
                _ => Kind::Words,
            },
            builtin: row.builtin,
            name: row.name,
            action: Action::of(&row.action),
            reason_code: row.reason_code,
            size: row.terms.len(),
            terms: row.terms,
            exceptions: row.exceptions,
            enabled: row.enabled,
            publisher: row
                .slug
                .zip(row.name_ko)
                .zip(row.name_en)
                .map(|((slug, ko), en)| (slug, ko, en))
                .map(publisher),
            revision: row.revision,
            created_at: Some(row.created_at),
            created_by: Some(row.created_by),
            updated_at: Some(row.updated_at),
            updated_by: Some(row.updated_by),
            publisher_id: row.publisher_id,
        }
    }
}

const ALL: &str =
    "select r.id, r.builtin, r.name, r.kind, r.action, r.reason_code, r.terms, r.exceptions,
        r.enabled, r.revision, r.created_at, r.created_by, r.updated_at, r.updated_by,
        r.publisher_id, p.slug, p.name_ko, p.name_en
    from moderation_rules r left join publishers p on p.id = r.publisher_id
    order by r.id desc";

/// Every rule that is kept, the newest first.
///
/// # Errors
/// When the database fails.
pub async fn all(mut conn: &AsyncPgConnection) -> QueryResult<Vec<Rule>> {
    let rows: Vec<Row> = diesel::sql_query(ALL).prepared().load(&mut conn).await?;
    Ok(rows.into_iter().map(Rule::from).collect())
}

#[derive(diesel::QueryableByName)]
struct Version {
    #[diesel(sql_type = BigInt)]
    version: i64,
}

/// How often rules were changed.
///
/// # Errors
/// When the database fails.
pub async fn version(mut conn: &AsyncPgConnection) -> QueryResult<i64> {
    let row: Option<Version> = diesel::sql_query("select version from moderation_rules_version")
        .prepared()
        .get_result(&mut conn)
        .await
        .optional()?;
    Ok(row.map_or(0, |row| row.version))
}

/// Counts a change. Others that change rules wait until the transaction ends, so call it first.
///
/// # Errors
/// When the database fails.
pub async fn take_turn(conn: &mut AsyncPgConnection) -> QueryResult<()> {
    diesel::sql_query("update moderation_rules_version set version = version + 1")
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// Keeps a new rule.
///
/// # Errors
/// When the database fails.
pub async fn insert(
    conn: &mut AsyncPgConnection,
    id: RuleId,
    input: &RuleInput,
    publisher: Option<PublisherId>,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into moderation_rules (id, name, kind, action, reason_code, terms, exceptions, enabled,
            publisher_id, created_at, created_by, updated_at, updated_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $11)",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&input.name)
    .bind::<Text, _>(Kind::from(input.kind).name())
    .bind::<Text, _>(input.action.name())
    .bind::<Text, _>(input.reason_code.name())
    .bind::<Array<Text>, _>(&input.terms)
    .bind::<Array<Text>, _>(&input.exceptions)
    .bind::<Bool, _>(input.enabled)
    .bind::<Nullable<SqlUuid>, _>(publisher)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(by)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes a rule anew.
///
/// # Errors
/// When the database fails.
pub async fn update(
    conn: &mut AsyncPgConnection,
    id: RuleId,
    input: &RuleInput,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "update moderation_rules set name = $2, action = $3, reason_code = $4, terms = $5, exceptions = $6,
            enabled = $7, updated_at = $8, updated_by = $9, revision = revision + 1
         where id = $1",
    )
    .bind::<SqlUuid, _>(id)
    .bind::<Text, _>(&input.name)
    .bind::<Text, _>(input.action.name())
    .bind::<Text, _>(input.reason_code.name())
    .bind::<Array<Text>, _>(&input.terms)
    .bind::<Array<Text>, _>(&input.exceptions)
    .bind::<Bool, _>(input.enabled)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(by)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// Switches a built-in rule; its revision goes on from that of one that nobody changed.
///
/// # Errors
/// When the database fails.
pub async fn switch(
    conn: &mut AsyncPgConnection,
    rule: &Rule,
    action: Action,
    enabled: bool,
    by: &str,
    now: Timestamp,
) -> QueryResult<()> {
    diesel::sql_query(
        "insert into moderation_rules (id, builtin, name, kind, action, reason_code, terms, exceptions,
            enabled, revision, created_at, created_by, updated_at, updated_by)
         values ($1, $2, $3, 'builtin', $4, $5, '{}', '{}', $6, 2, $7, $8, $7, $8)
         on conflict (id) do update set action = excluded.action, enabled = excluded.enabled,
            updated_at = excluded.updated_at, updated_by = excluded.updated_by,
            revision = moderation_rules.revision + 1",
    )
    .bind::<SqlUuid, _>(rule.id)
    .bind::<Nullable<Text>, _>(&rule.builtin)
    .bind::<Text, _>(&rule.name)
    .bind::<Text, _>(action.name())
    .bind::<Text, _>(&rule.reason_code)
    .bind::<Bool, _>(enabled)
    .bind::<Timestamptz, _>(now)
    .bind::<Text, _>(by)
    .prepared()
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes a rule.
///
/// # Errors
/// When the database fails.
pub async fn delete(conn: &mut AsyncPgConnection, id: RuleId) -> QueryResult<()> {
    diesel::sql_query("delete from moderation_rules where id = $1")
        .bind::<SqlUuid, _>(id)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// A comment that a rule is tried on.
#[derive(Debug, diesel::QueryableByName)]
pub struct Written {
    /// Which one.
    #[diesel(sql_type = SqlUuid)]
    pub id: CommentId,
    /// Under which article.
    #[diesel(sql_type = SqlUuid)]
    pub article_id: ArticleId,
    /// What it says.
    #[diesel(sql_type = Text)]
    pub body: String,
    #[diesel(sql_type = Text)]
    status: String,
    /// When it was written.
    #[diesel(sql_type = Timestamptz)]
    pub created_at: Timestamp,
}

impl Written {
    /// Where it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        Status::named(&self.status)
    }
}

/// Comments since a moment, under articles of `publisher` or all, older than `before`, newest first.
/// What its author took away is nobody's business.
///
/// # Errors
/// When the database fails.
pub async fn written(
    mut conn: &AsyncPgConnection,
    publisher: Option<PublisherId>,
    since: Timestamp,
    before: Option<CommentId>,
    limit: i64,
) -> QueryResult<Vec<Written>> {
    diesel::sql_query(
        "select c.id, c.article_id, c.body, c.status, c.created_at
         from comments c join articles a on a.id = c.article_id
         where c.id < $1 and c.created_at >= $2 and c.status <> 'removed_by_author'
           and ($3::uuid is null or a.publisher_id = $3)
         order by c.id desc limit $4",
    )
    .bind::<SqlUuid, _>(before.map_or(Uuid::max(), |id| id.0))
    .bind::<Timestamptz, _>(since)
    .bind::<Nullable<SqlUuid>, _>(publisher)
    .bind::<BigInt, _>(limit)
    .prepared()
    .load(&mut conn)
    .await
}

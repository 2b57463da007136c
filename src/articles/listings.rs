//! Lists of articles: which ids stand on a page.

use super::{
    filter::{Filter, Sort},
    model::Status,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    error::Result,
    ids::{ArticleId, PublisherId},
    page::{PageRequest, Position},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Bool, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

/// One line of a list.
#[derive(Debug, Clone, Copy, QueryableByName)]
pub struct Entry {
    /// What the list is ordered by.
    #[diesel(sql_type = Timestamptz)]
    pub at: Timestamp,
    /// The article.
    #[diesel(sql_type = SqlUuid)]
    pub article_id: ArticleId,
}

impl Entry {
    /// Its place in the list.
    #[must_use]
    pub fn position(&self) -> Position {
        Position { key: self.at.as_millis(), id: self.article_id.0 }
    }
}

/// The statement for one direction. A row comparison, not `a < x or (a = x and b < y)`: PostgreSQL
/// makes one index range of the former and a filter over every row skipped of the latter.
macro_rules! listing {
    ($cmp:literal, $order:literal, $join:literal, $rest:literal) => {
        concat!(
            "select distinct on (page.at, page.article_id) page.at, page.article_id ",
            "from unnest($1) as wanted (list) cross join lateral (",
            "select l.at, l.article_id from listings l ",
            $join,
            " where l.list = wanted.list and (l.at, l.article_id) ",
            $cmp,
            " ($2, $3)",
            " and l.at >= $4 and l.at < $5",
            $rest,
            " order by l.at ",
            $order,
            ", l.article_id ",
            $order,
            " limit $6) page",
            " order by page.at ",
            $order,
            ", page.article_id ",
            $order,
            " limit $6"
        )
    };
}

const PLAIN: [&str; 2] = [listing!("<", "desc", "", ""), listing!(">", "asc", "", "")];

macro_rules! filtered {
    ($cmp:literal, $order:literal) => {
        listing!(
            $cmp,
            $order,
            "join articles a on a.id = l.article_id",
            " and (cardinality($7) = 0 or exists (select from category_ancestors r \
               where r.category_id = a.category_id and r.ancestor_id = any($7))) \
              and (cardinality($8) = 0 or a.publisher_id = any($8)) \
              and (cardinality($9) = 0 or a.tag_ids && $9) \
              and (cardinality($10) = 0 or a.language = any($10)) \
              and ($11 is null or (a.lead_image is not null) = $11)"
        )
    };
}

const FILTERED: [&str; 2] = [filtered!("<", "desc"), filtered!(">", "asc")];

/// Straight from the articles: in the order of `$at`, those of `$which`.
macro_rules! direct {
    ($cmp:literal, $order:literal, $at:literal, $which:literal) => {
        concat!(
            "select ",
            $at,
            " as at, a.id as article_id from articles a where ",
            $which,
            " and (",
            $at,
            ", a.id) ",
            $cmp,
            " ($1, $2)",
            " and coalesce(a.published_at, $3) >= $3 and coalesce(a.published_at, $3) < $4",
            " and (cardinality($6) = 0 or exists (select from category_ancestors r \
               where r.category_id = a.category_id and r.ancestor_id = any($6))) \
              and (cardinality($7) = 0 or a.publisher_id = any($7)) \
              and (cardinality($8) = 0 or a.tag_ids && $8) \
              and (cardinality($9) = 0 or a.id = any($9)) \
              and (cardinality($10) = 0 or a.language = any($10)) \
              and ($11 is null or (a.lead_image is not null) = $11) \
              and (cardinality($12) = 0 or a.author_ids && $12) \
              and ($13 is null or a.status = $13) \
              and ($14 is null or a.publisher_id = $14) \
              and (cardinality($15) = 0 or a.story_id = any($15))",
            " order by ",
            $at,
            " ",
            $order,
            ", a.id ",
            $order,
            " limit $5"
        )
    };
}

const UPDATED: [&str; 2] = [
    direct!("<", "desc", "a.updated_at", "a.status = 'published'"),
    direct!(">", "asc", "a.updated_at", "a.status = 'published'"),
];
const UNPUBLISHED: [&str; 2] = [
    direct!("<", "desc", "a.updated_at", "a.status <> 'published'"),
    direct!(">", "asc", "a.updated_at", "a.status <> 'published'"),
];
/// Few articles by their ids: found by those, not by reading a list to its end.
const CHOSEN: [&str; 2] = [
    direct!("<", "desc", "a.published_at", "a.status = 'published' and a.id = any($9)"),
    direct!(">", "asc", "a.published_at", "a.status = 'published' and a.id = any($9)"),
];
const CHOSEN_UPDATED: [&str; 2] = [
    direct!("<", "desc", "a.updated_at", "a.status = 'published' and a.id = any($9)"),
    direct!(">", "asc", "a.updated_at", "a.status = 'published' and a.id = any($9)"),
];

/// The same for those of few stories.
const TOLD: [&str; 2] = [
    direct!("<", "desc", "a.published_at", "a.status = 'published' and a.story_id = any($15)"),
    direct!(">", "asc", "a.published_at", "a.status = 'published' and a.story_id = any($15)"),
];
const TOLD_UPDATED: [&str; 2] = [
    direct!("<", "desc", "a.updated_at", "a.status = 'published' and a.story_id = any($15)"),
    direct!(">", "asc", "a.updated_at", "a.status = 'published' and a.story_id = any($15)"),
];

/// Where to start in a list that runs down (or up).
fn start(page: &PageRequest, ascending: bool) -> (Timestamp, Uuid) {
    match page.from() {
        Some(at) => (Timestamp::from_millis(at.key), at.id),
        None if ascending => (Timestamp::FIRST, Uuid::nil()),
        None => (Timestamp::LAST, Uuid::max()),
    }
}

/// Up to `limit + 1` published articles that match, in the direction asked for.
///
/// # Errors
/// What the database says.
pub async fn published(
    conn: &AsyncPgConnection,
    filter: &Filter,
    sort: Sort,
    page: &PageRequest,
) -> Result<Vec<Entry>> {
    let ascending = (sort == Sort::Oldest) != page.backward();
    let statements = match (sort, filter.ids.is_empty(), filter.stories.is_empty()) {
        (Sort::Updated, true, true) => UPDATED,
        (Sort::Updated, false, _) => CHOSEN_UPDATED,
        (Sort::Updated, true, false) => TOLD_UPDATED,
        (_, true, true) => return listed(conn, filter, page, ascending).await,
        (_, false, _) => CHOSEN,
        (_, true, false) => TOLD,
    };
    direct(conn, statements, filter, None, page, ascending).await
}

async fn listed(
    mut conn: &AsyncPgConnection,
    filter: &Filter,
    page: &PageRequest,
    ascending: bool,
) -> Result<Vec<Entry>> {
    let plan = filter.plan();
    let (at, id) = start(page, ascending);
    let statements = if plan.rest.is_empty() { PLAIN } else { FILTERED };
    let query = diesel::sql_query(statements[usize::from(ascending)])
        .bind::<Array<SqlUuid>, _>(plan.lists)
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(filter.after.unwrap_or(Timestamp::FIRST))
        .bind::<Timestamptz, _>(filter.before.unwrap_or(Timestamp::LAST))
        .bind::<BigInt, _>(page.limit.plus_one());
    if plan.rest.is_empty() {
        return Ok(query.prepared().load(&mut conn).await?);
    }
    let only = |wanted: bool, ids: Vec<Uuid>| if wanted { ids } else { Vec::new() };
    let rows = query
        .bind::<Array<SqlUuid>, _>(only(
            plan.rest.categories,
            filter.categories.iter().map(|id| id.0).collect(),
        ))
        .bind::<Array<SqlUuid>, _>(only(
            plan.rest.publishers,
            filter.publishers.iter().map(|id| id.0).collect(),
        ))
        .bind::<Array<SqlUuid>, _>(only(
            plan.rest.tags,
            filter.tags.iter().map(|id| id.0).collect(),
        ))
        .bind::<Array<Text>, _>(&filter.languages)
        .bind::<Nullable<Bool>, _>(filter.has_image)
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows)
}

/// Up to `limit + 1` articles that readers do not see, last changed first, in the direction asked for.
///
/// # Errors
/// What the database says.
pub async fn unpublished(
    conn: &AsyncPgConnection,
    filter: &Filter,
    status: Status,
    bound: Option<PublisherId>,
    page: &PageRequest,
) -> Result<Vec<Entry>> {
    direct(conn, UNPUBLISHED, filter, Some((status, bound)), page, page.backward()).await
}

async fn direct(
    mut conn: &AsyncPgConnection,
    statements: [&'static str; 2],
    filter: &Filter,
    of: Option<(Status, Option<PublisherId>)>,
    page: &PageRequest,
    ascending: bool,
) -> Result<Vec<Entry>> {
    let (at, id) = start(page, ascending);
    let rows = diesel::sql_query(statements[usize::from(ascending)])
        .bind::<Timestamptz, _>(at)
        .bind::<SqlUuid, _>(id)
        .bind::<Timestamptz, _>(filter.after.unwrap_or(Timestamp::FIRST))
        .bind::<Timestamptz, _>(filter.before.unwrap_or(Timestamp::LAST))
        .bind::<BigInt, _>(page.limit.plus_one())
        .bind::<Array<SqlUuid>, _>(&filter.categories)
        .bind::<Array<SqlUuid>, _>(&filter.publishers)
        .bind::<Array<SqlUuid>, _>(&filter.tags)
        .bind::<Array<SqlUuid>, _>(&filter.ids)
        .bind::<Array<Text>, _>(&filter.languages)
        .bind::<Nullable<Bool>, _>(filter.has_image)
        .bind::<Array<SqlUuid>, _>(&filter.authors)
        .bind::<Nullable<Text>, _>(of.map(|(status, _)| status.name()))
        .bind::<Nullable<SqlUuid>, _>(of.and_then(|(_, bound)| bound))
        .bind::<Array<SqlUuid>, _>(&filter.stories)
        .prepared()
        .load(&mut conn)
        .await?;
    Ok(rows)
}

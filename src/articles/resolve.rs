//! From the names a caller uses to the ids they stand for.

use super::{
    filter::Filter,
    input::{ArticleInput, WantedStatus},
    write::Draft,
};
use crate::{
    db::Prepare,
    error::{Error, Faults, Message, Result},
    http::auth::Principal,
    ids::{CategoryId, PublisherId, TagId},
    text::is_slug,
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = SqlUuid)]
    id: Uuid,
    #[diesel(sql_type = Bool)]
    syndicatable: bool,
}

/// What slugs stand for.
#[derive(Debug, Default)]
struct Known {
    categories: HashMap<String, CategoryId>,
    publishers: HashMap<String, (PublisherId, bool)>,
    tags: HashMap<String, TagId>,
}

async fn known(
    mut conn: &AsyncPgConnection,
    categories: &[String],
    publishers: &[String],
    tags: &[String],
) -> Result<Known> {
    let mut known = Known::default();
    if categories.is_empty() && publishers.is_empty() && tags.is_empty() {
        return Ok(known);
    }
    // What is no slug is nobody's, and the database must not see it: a NUL is an error there.
    let slugs = |names: &[String]| -> Vec<String> {
        names.iter().filter(|name| is_slug(name)).cloned().collect()
    };
    let rows: Vec<Row> = diesel::sql_query(include_str!("sql/names.sql"))
        .bind::<Array<Text>, _>(slugs(categories))
        .bind::<Array<Text>, _>(slugs(publishers))
        .bind::<Array<Text>, _>(slugs(tags))
        .prepared()
        .load(&mut conn)
        .await?;
    for Row { kind, slug, id, syndicatable } in rows {
        match kind.as_str() {
            "category" => drop(known.categories.insert(slug, CategoryId(id))),
            "publisher" => {
                known.publishers.insert(slug, (PublisherId(id), syndicatable));
            }
            _ => drop(known.tags.insert(slug, TagId(id))),
        }
    }
    Ok(known)
}

fn unknown() -> Message {
    Message::new("There is none of this name.", "이런 이름이 없습니다.")
}

/// An article to be written, on behalf of `caller`.
///
/// # Errors
/// 422 for a publisher or category that is not there, 403 for another publisher's.
pub async fn draft(
    conn: &AsyncPgConnection,
    caller: &Principal,
    input: ArticleInput,
) -> Result<Draft> {
    let named: Vec<_> = input.publisher.iter().cloned().collect();
    let known = known(conn, std::slice::from_ref(&input.category), &named, &[]).await?;
    let mut faults = Faults::default();
    let publisher = match (&input.publisher, caller.publisher) {
        (Some(slug), _) => {
            let found = known.publishers.get(slug).copied();
            if found.is_none() {
                faults.push("/publisher", "unknown_value", unknown());
            }
            found
        }
        // Its default for syndication is read with the rest when it is named; a key alone has none.
        (None, Some(id)) => Some((id, syndicatable(conn, id).await?)),
        (None, None) => {
            let detail = Message::new("This field is required.", "필수 항목입니다.");
            faults.push("/publisher", "missing", detail);
            None
        }
    };
    if let Some((publisher, _)) = publisher {
        caller.must_cover(publisher)?;
    }
    let category = known.categories.get(&input.category).copied();
    if category.is_none() {
        faults.push("/category", "unknown_value", unknown());
    }
    if input.status == Some(WantedStatus::Published) {
        faults.0.extend(input.faults_of_publishing().0);
    }
    match (publisher, category) {
        (Some((publisher, syndicatable)), Some(category)) if faults.0.is_empty() => {
            let default_status = WantedStatus::Draft;
            Ok(Draft { publisher, syndicatable, category, input, default_status })
        }
        _ => Err(Error::invalid(faults)),
    }
}

async fn syndicatable(mut conn: &AsyncPgConnection, publisher: PublisherId) -> Result<bool> {
    use crate::schema::publishers;
    use diesel::QueryDsl;
    let found = publishers::table
        .find(publisher)
        .select(publishers::syndicatable)
        .get_result::<bool>(&mut conn)
        .await?;
    Ok(found)
}

/// A filter as it is named in a query.
#[derive(Debug, Clone, Default)]
pub struct NamedFilter {
    /// Slugs.
    pub categories: Vec<String>,
    /// Slugs.
    pub publishers: Vec<String>,
    /// Slugs.
    pub tags: Vec<String>,
    /// What needs no looking up.
    pub rest: Filter,
}

/// The filter with its names looked up.
///
/// # Errors
/// 422 for each name that is not there.
pub async fn filter(conn: &AsyncPgConnection, named: NamedFilter) -> Result<Filter> {
    let known = known(conn, &named.categories, &named.publishers, &named.tags).await?;
    let mut faults = Faults::default();
    let mut missing = |parameter: &str| {
        faults.0.extend(Faults::parameter(parameter, "unknown_value", unknown()).0);
    };
    let mut filter = named.rest;
    for slug in &named.categories {
        match known.categories.get(slug) {
            Some(id) => filter.categories.push(*id),
            None => missing("category"),
        }
    }
    for slug in &named.publishers {
        match known.publishers.get(slug) {
            Some((id, _)) => filter.publishers.push(*id),
            None => missing("publisher"),
        }
    }
    for slug in &named.tags {
        match known.tags.get(slug) {
            Some(id) => filter.tags.push(*id),
            None => missing("tag"),
        }
    }
    faults.or(filter).map_err(Error::invalid)
}

/// The publisher of this slug.
///
/// # Errors
/// What the database says.
pub async fn publisher(
    conn: &AsyncPgConnection,
    slug: &str,
) -> Result<Option<(PublisherId, bool)>> {
    let known = known(conn, &[], &[slug.to_owned()], &[]).await?;
    Ok(known.publishers.get(slug).copied())
}

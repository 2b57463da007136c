//! The articles that may be near.

use super::related::Topic;
use crate::{
    clock::Timestamp,
    db::Prepare,
    ids::{ArticleId, CategoryId, PublisherId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: ArticleId,
    #[diesel(sql_type = SqlUuid)]
    story: Uuid,
    #[diesel(sql_type = SqlUuid)]
    category_id: CategoryId,
    #[diesel(sql_type = SqlUuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Text)]
    text: String,
    #[diesel(sql_type = Array<Text>)]
    tags: Vec<String>,
}

/// A published article, and up to 400 others of its category or with its tags, published within thirty
/// days of it and by `now`; `None` when it is not published.
///
/// # Errors
/// When the database fails.
pub async fn near(
    mut conn: &AsyncPgConnection,
    article: ArticleId,
    now: Timestamp,
) -> QueryResult<Option<(Topic, Vec<Topic>)>> {
    let rows = diesel::sql_query(include_str!("near.sql"))
        .bind::<SqlUuid, _>(article)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .load::<Row>(&mut conn)
        .await?;
    let topic = |row: Row| Topic {
        article: row.id,
        story: row.story,
        category: row.category_id,
        publisher: row.publisher_id,
        text: row.text,
        tags: row.tags,
    };
    let (mut own, others): (Vec<_>, Vec<_>) =
        rows.into_iter().map(topic).partition(|topic| topic.article == article);
    Ok(own.pop().map(|own| (own, others)))
}

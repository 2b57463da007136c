//! Reads.

use super::layout::Category;
use crate::{
    articles::model::{CategoryRef, Names},
    ids::{ArticleId, CategoryId},
    schema::{articles, categories},
};
use diesel::{ExpressionMethods, JoinOnDsl, OptionalExtension, QueryDsl, QueryResult};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

type Row = (CategoryId, String, String, String);

fn category((id, slug, ko, en): Row) -> Category {
    Category { id, shown: CategoryRef { slug, name: Names { ko, en } } }
}

/// The category an article is filed under.
pub async fn filed(mut conn: &AsyncPgConnection, id: ArticleId) -> QueryResult<Option<Category>> {
    let found = articles::table
        .inner_join(categories::table.on(categories::id.eq(articles::category_id)))
        .filter(articles::id.eq(id))
        .select((categories::id, categories::slug, categories::name_ko, categories::name_en))
        .first::<Row>(&mut conn)
        .await
        .optional()?;
    Ok(found.map(category))
}

/// The first categories of the top level, in their order.
pub async fn top(mut conn: &AsyncPgConnection, most: usize) -> QueryResult<Vec<Category>> {
    let rows = categories::table
        .filter(categories::parent_id.is_null())
        .order((categories::position, categories::slug))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select((categories::id, categories::slug, categories::name_ko, categories::name_en))
        .load::<Row>(&mut conn)
        .await?;
    Ok(rows.into_iter().map(category).collect())
}

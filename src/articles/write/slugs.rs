use super::rows::Row;
use crate::{
    db::Prepare,
    error::{Code, Error, Result},
    ids::ArticleId,
};
use diesel::{
    QueryableByName,
    sql_types::{Array, Text, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

#[derive(QueryableByName)]
struct Taken {
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
}

/// Gives every row a slug that no other article has or had: a made-up one gets the end of its id
/// when taken.
///
/// # Errors
/// 409 for a chosen slug that is another article's.
pub async fn settle(conn: &mut AsyncPgConnection, rows: &mut [Row]) -> Result<()> {
    let wanted: Vec<_> = rows
        .iter()
        .filter(|row| row.old_slug.as_ref() != Some(&row.slug))
        .map(|row| row.slug.clone())
        .collect();
    if wanted.is_empty() {
        return Ok(());
    }
    let found: Vec<Taken> =
        diesel::sql_query("select slug, article_id from article_slugs where slug = any($1)")
            .bind::<Array<Text>, _>(&wanted)
            .prepared()
            .load(conn)
            .await?;
    let mut taken: HashMap<_, _> =
        found.into_iter().map(|row| (row.slug, row.article_id)).collect();
    for row in rows {
        let owner = taken.get(&row.slug).copied().unwrap_or(row.id);
        if owner != row.id {
            if row.chosen {
                return Err(Error::plain(Code::SlugTaken));
            }
            let id = row.id.0.simple().to_string();
            row.slug = format!("{}-{}", row.slug, &id[id.len() - 10..]);
        }
        taken.insert(row.slug.clone(), row.id);
    }
    Ok(())
}

/// Remembers the slugs, so that they stay the article's when it gets another.
pub async fn keep(conn: &mut AsyncPgConnection, rows: &[Row]) -> Result<()> {
    let new: Vec<_> = rows.iter().filter(|row| row.old_slug.as_ref() != Some(&row.slug)).collect();
    if new.is_empty() {
        return Ok(());
    }
    let slugs: Vec<_> = new.iter().map(|row| row.slug.as_str()).collect();
    let ids: Vec<_> = new.iter().map(|row| row.id).collect();
    // A slug the article had before is its own again; another's is a conflict.
    let kept = diesel::sql_query(include_str!("../sql/keep_slugs.sql"))
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .execute(conn)
        .await?;
    if kept == new.len() { Ok(()) } else { Err(Error::plain(Code::SlugTaken)) }
}

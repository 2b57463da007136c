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
use std::collections::{HashMap, HashSet};

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
            suffix(row);
        }
        taken.insert(row.slug.clone(), row.id);
    }
    Ok(())
}

/// Remembers the slugs, so that they stay the article's when it gets another. A made-up one that
/// another writer took since [`settle`] is made unique now.
pub async fn keep(conn: &mut AsyncPgConnection, rows: &mut [Row]) -> Result<()> {
    let mut new: Vec<_> =
        rows.iter_mut().filter(|row| row.old_slug.as_ref() != Some(&row.slug)).collect();
    let kept = remember(conn, &new).await?;
    new.retain(|row| !kept.contains(&row.id));
    if new.is_empty() {
        return Ok(());
    }
    if new.iter().any(|row| row.chosen) {
        return Err(Error::plain(Code::SlugTaken));
    }
    new.iter_mut().for_each(|row| suffix(row));
    let (slugs, ids): (Vec<_>, Vec<_>) = new.iter().map(|row| (row.slug.as_str(), row.id)).unzip();
    diesel::sql_query(
        "update articles a set slug = n.slug from unnest($1, $2) as n (slug, id) where a.id = n.id",
    )
    .bind::<Array<Text>, _>(slugs)
    .bind::<Array<Uuid>, _>(ids)
    .prepared()
    .execute(conn)
    .await?;
    let kept = remember(conn, &new).await?;
    if kept.len() == new.len() { Ok(()) } else { Err(Error::plain(Code::SlugTaken)) }
}

/// Stores slugs; the articles that have theirs now. One an article had before is its own again.
async fn remember(conn: &mut AsyncPgConnection, rows: &[&mut Row]) -> Result<HashSet<ArticleId>> {
    if rows.is_empty() {
        return Ok(HashSet::new());
    }
    let (slugs, ids): (Vec<_>, Vec<_>) = rows.iter().map(|row| (row.slug.as_str(), row.id)).unzip();
    let kept: Vec<Taken> = diesel::sql_query(include_str!("../sql/keep_slugs.sql"))
        .bind::<Array<Text>, _>(slugs)
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load(conn)
        .await?;
    Ok(kept.into_iter().map(|row| row.article_id).collect())
}

/// Makes a slug nobody else's by the end of the article's id, which is random.
fn suffix(row: &mut Row) {
    let id = row.id.0.simple().to_string();
    row.slug = format!("{}-{}", row.slug, &id[id.len() - 10..]);
}

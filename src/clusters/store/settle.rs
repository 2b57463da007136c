//! What stories have become, written.

use super::Row;
use crate::{
    clock::Timestamp,
    clusters::label::{Labels, Story},
    db::Prepare,
    error::{Error, Result},
    ids::{ArticleId, StoryId},
};
use diesel::sql_types::{Array, Nullable, Timestamptz, Uuid};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Writes what stories have become. Of `before`, which is everybody concerned, only what differs.
///
/// # Errors
/// A failure that asks for the transaction to be tried again when somebody else is writing one of the
/// articles: waiting for them, who may wait for [`super::lock`], would be for ever.
pub async fn settle(
    conn: &mut AsyncPgConnection,
    before: &[Row],
    after: &Labels,
    now: Timestamp,
) -> Result<()> {
    let story_of = after.story_of();
    let moves: Vec<_> = before
        .iter()
        .map(|row| (row, story_of.get(&row.id).copied()))
        .filter(|(row, story)| row.story_id != *story)
        .collect();
    let touched = |id: &StoryId| {
        moves.iter().any(|(row, story)| row.story_id == Some(*id) || *story == Some(*id))
    };
    let differs = |(id, story): &(&StoryId, &Story)| {
        touched(id)
            || before.iter().any(|row| {
                row.story_id == Some(**id)
                    && (row.leader_id != Some(story.leader)
                        || row.representative_id != Some(story.representative))
            })
    };
    let told: Vec<_> = after.stories.iter().filter(differs).collect();
    let named = told.iter().flat_map(|(_, story)| [story.leader, story.representative]);
    free(conn, moves.iter().map(|(row, _)| row.id).chain(named).collect()).await?;
    tell(conn, &told, now).await?;
    place(conn, &moves).await?;
    merge(conn, after).await?;
    follow(conn, before).await?;
    let mut gone: Vec<_> = before.iter().filter_map(|row| row.story_id).collect();
    gone.sort_unstable();
    gone.dedup();
    gone.retain(|story| !after.stories.contains_key(story));
    if !gone.is_empty() {
        diesel::sql_query("delete from stories where id = any($1)")
            .bind::<Array<Uuid>, _>(gone)
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// Locks articles, all of them or none.
async fn free(conn: &mut AsyncPgConnection, mut ids: Vec<ArticleId>) -> Result<()> {
    use diesel::result::{DatabaseErrorKind::SerializationFailure, Error as Db};
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(());
    }
    let free = diesel::sql_query(include_str!("../sql/lock_articles.sql"))
        .bind::<Array<Uuid>, _>(&ids)
        .prepared()
        .execute(conn)
        .await?;
    if free == ids.len() {
        return Ok(());
    }
    let info = Box::new("another writer has an article of the story".to_owned());
    Err(Error::from(Db::DatabaseError(SerializationFailure, info)))
}

async fn tell(
    conn: &mut AsyncPgConnection,
    stories: &[(&StoryId, &Story)],
    now: Timestamp,
) -> Result<()> {
    if !stories.is_empty() {
        let all = |of: fn(&Story) -> ArticleId| -> Vec<_> {
            stories.iter().map(|(_, story)| of(story)).collect()
        };
        diesel::sql_query(include_str!("../sql/tell.sql"))
            .bind::<Array<Uuid>, _>(stories.iter().map(|(id, _)| **id).collect::<Vec<_>>())
            .bind::<Array<Uuid>, _>(all(|story| story.leader))
            .bind::<Array<Uuid>, _>(all(|story| story.representative))
            .bind::<Timestamptz, _>(now)
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn place(conn: &mut AsyncPgConnection, moves: &[(&Row, Option<StoryId>)]) -> Result<()> {
    if !moves.is_empty() {
        diesel::sql_query(include_str!("../sql/place.sql"))
            .bind::<Array<Uuid>, _>(moves.iter().map(|(row, _)| row.id).collect::<Vec<_>>())
            .bind::<Array<Nullable<Uuid>>, _>(
                moves.iter().map(|(_, story)| *story).collect::<Vec<_>>(),
            )
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(())
}

async fn follow(conn: &mut AsyncPgConnection, rows: &[Row]) -> Result<()> {
    diesel::sql_query(include_str!("../sql/follow.sql"))
        .bind::<Array<Uuid>, _>(rows.iter().map(|row| row.id).collect::<Vec<_>>())
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

async fn merge(conn: &mut AsyncPgConnection, labels: &Labels) -> Result<()> {
    if !labels.merged.is_empty() {
        let (ids, into): (Vec<_>, Vec<_>) =
            labels.merged.iter().map(|(id, into)| (*id, *into)).unzip();
        diesel::sql_query(include_str!("../sql/merge.sql"))
            .bind::<Array<Uuid>, _>(ids)
            .bind::<Array<Uuid>, _>(into)
            .prepared()
            .execute(conn)
            .await?;
    }
    Ok(())
}

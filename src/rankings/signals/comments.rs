//! What comments say: read off those that are shown now, so that what is removed leaves no trace.

use super::{Asked, EchoRow};
use crate::{
    clock::Timestamp,
    ids::ArticleId,
    rankings::{board::five_minutes, facts::Signals},
};
use diesel::{
    QueryResult,
    sql_types::{Double, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;

/// Two windows, the shorter and the longer.
#[derive(diesel::QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    article_id: ArticleId,
    #[diesel(sql_type = Double)]
    writers_h1: f64,
    #[diesel(sql_type = Double)]
    h1: f64,
    #[diesel(sql_type = Double)]
    writers_h24: f64,
    #[diesel(sql_type = Double)]
    h24: f64,
}

/// Comments in each window: those of hours always, those of days when lists of closed hours are due.
pub async fn talk(
    conn: &mut AsyncPgConnection,
    asked: &Asked,
    found: &mut HashMap<ArticleId, Signals>,
) -> QueryResult<()> {
    let rows = diesel::sql_query(include_str!("../sql/comments.sql"))
        .bind::<Timestamptz, _>(five_minutes(asked.at))
        .load::<Row>(conn)
        .await?;
    for row in rows {
        let talk = &mut found.entry(row.article_id).or_default().talk;
        (talk.writers.h1, talk.writers.h24) = (row.writers_h1, row.writers_h24);
        (talk.comments.h1, talk.comments.h24) = (row.h1, row.h24);
    }
    if !asked.closed {
        return Ok(());
    }
    let rows = diesel::sql_query(include_str!("../sql/comments_closed.sql"))
        .bind::<Timestamptz, _>(asked.at.start_of_hour(&asked.zone))
        .load::<Row>(conn)
        .await?;
    for row in rows {
        let talk = &mut found.entry(row.article_id).or_default().talk;
        (talk.writers.d7, talk.writers.d30) = (row.writers_h1, row.writers_h24);
        (talk.comments.d7, talk.comments.d30) = (row.h1, row.h24);
    }
    Ok(())
}

/// Readers who commented, fading.
pub async fn fading(conn: &mut AsyncPgConnection, at: Timestamp) -> QueryResult<Vec<EchoRow>> {
    diesel::sql_query(include_str!("../sql/comments_fading.sql"))
        .bind::<Timestamptz, _>(at)
        .load(conn)
        .await
}

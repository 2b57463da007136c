//! What editors decide about stories; it holds whatever the rule says, also after edits.

use super::{
    publish::Round,
    store::{self, Decision},
};
use crate::{
    error::Result,
    ids::{ArticleId, StoryId},
};
use diesel_async::AsyncPgConnection;

/// Makes a story of published articles, which leave the stories that they are in.
///
/// # Errors
/// What the database says; a serialization failure when the transaction is to be tried again.
pub async fn unite(
    conn: &mut AsyncPgConnection,
    articles: &[ArticleId],
    decision: Decision<'_>,
) -> Result<StoryId> {
    let story = StoryId::new();
    store::lock(conn).await?;
    bring(conn, articles, story, decision).await?;
    Ok(story)
}

/// Puts a published article into a story. From then on `leader`, the story's, stays in it, too: what
/// an editor looked at is not to move away from under the decision.
///
/// # Errors
/// As [`unite`].
pub async fn put(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    (story, leader): (StoryId, ArticleId),
    decision: Decision<'_>,
) -> Result<()> {
    store::lock(conn).await?;
    store::decide(conn, &[leader], Some(story), decision).await?;
    bring(conn, &[article], story, decision).await
}

/// Takes an article out of its story; it stands alone.
///
/// # Errors
/// As [`unite`].
pub async fn part(
    conn: &mut AsyncPgConnection,
    article: ArticleId,
    decision: Decision<'_>,
) -> Result<()> {
    store::lock(conn).await?;
    let mut round = Round::default();
    for state in store::states(conn, &[article]).await? {
        round.leave(conn, &state).await?;
    }
    store::decide(conn, &[article], None, decision).await?;
    round.run(conn).await?;
    round.settle(conn, decision.at).await
}

async fn bring(
    conn: &mut AsyncPgConnection,
    articles: &[ArticleId],
    story: StoryId,
    decision: Decision<'_>,
) -> Result<()> {
    let mut round = Round::default();
    for state in store::states(conn, articles).await? {
        round.leave(conn, &state).await?;
        round.bring(state.id, story);
    }
    store::decide(conn, articles, Some(story), decision).await?;
    round.run(conn).await?;
    round.settle(conn, decision.at).await
}

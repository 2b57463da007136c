//! A place in a list, and how it becomes what the API shows.

use super::{
    board::{Board, Window},
    model::{Movement, RankedArticle, Reason, ReasonDetail, Source},
};
use crate::{
    articles::{model::ArticleSummary, store as articles},
    clock::Timestamp,
    counters::{model::Counters, store as counters},
    error::Result,
    ids::ArticleId,
};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;

/// A place in a board's list.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Entry {
    /// Whose list.
    pub board: Board,
    /// Over which window.
    pub window: Option<Window>,
    /// From 1.
    pub rank: u16,
    /// The place before.
    pub previous_rank: Option<u16>,
    /// What became of it since.
    pub movement: Movement,
    /// What the board orders by.
    pub score: f64,
    /// The article.
    pub article: ArticleId,
}

/// Articles with their counters, by id.
#[derive(Debug)]
pub struct Shown(HashMap<ArticleId, (ArticleSummary, Counters)>);

/// Reads what entries show: the published ones among `ids`. A constant number of queries, pipelined.
///
/// # Errors
/// When the database fails.
pub async fn show(
    conn: &AsyncPgConnection,
    ids: &[ArticleId],
    public_url: &str,
    now: Timestamp,
) -> Result<Shown> {
    if ids.is_empty() {
        return Ok(Shown(HashMap::new()));
    }
    let (summaries, counters) =
        futures_util::future::try_join(articles::summaries(conn, ids, public_url), async {
            Ok(counters::of(conn, ids, now).await?)
        })
        .await?;
    let mut by_id: HashMap<_, _> =
        counters.into_iter().map(|counters| (counters.article_id, counters)).collect();
    let shown = summaries
        .into_iter()
        .filter_map(|article| {
            Some((article.id, (by_id.remove(&article.id).map(|c| (article, c))?)))
        })
        .collect();
    Ok(Shown(shown))
}

impl Shown {
    /// An entry as the API shows it; `None` when its article was withdrawn this moment.
    #[must_use]
    pub fn entry(&self, entry: &Entry, source: Source) -> Option<RankedArticle> {
        let (article, counters) = self.0.get(&entry.article)?;
        Some(RankedArticle {
            rank: entry.rank,
            previous_rank: entry.previous_rank,
            movement: entry.movement,
            score: entry.score,
            reason: reason(entry, article),
            source,
            article: article.clone(),
            counters: counters.clone(),
        })
    }
}

fn reason(entry: &Entry, article: &ArticleSummary) -> Reason {
    let detail = match entry.board {
        Board::MostViewed => ReasonDetail {
            window: entry.window.map(Window::name),
            views: Some(entry.score as i64),
            ..ReasonDetail::default()
        },
        Board::Latest => {
            ReasonDetail { published_at: article.published_at, ..ReasonDetail::default() }
        }
    };
    Reason { code: entry.board.key(), detail }
}

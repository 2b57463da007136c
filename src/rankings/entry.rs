//! A place in a list, and how it becomes what the API shows.

use super::{
    board::{Board, Window},
    model::{Copy, Faded, Movement, RankedArticle, Reason, ReasonDetail, Source},
};
use crate::{
    articles::{
        model::{ArticleSummary, Names, PublisherRef},
        store as articles,
    },
    clock::Timestamp,
    counters::{model::Counters, store as counters},
    db::Prepare,
    error::Result,
    ids::{ArticleId, CategoryId, PublisherId},
};
use diesel::{
    QueryResult,
    sql_types::{Array, Text, Uuid as SqlUuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use std::collections::HashMap;
use uuid::Uuid;

/// A place in a board's list.
#[derive(Debug, Clone, PartialEq)]
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
    /// The best place since it entered.
    pub peak_rank: u16,
    /// Since when it stands there without a break.
    pub entered_at: Timestamp,
    /// What the board orders by.
    pub score: f64,
    /// What the score is made of, in the order of [`super::score::names`].
    pub signals: Vec<f64>,
    /// The board, or an editor.
    pub source: Source,
    /// The article.
    pub article: ArticleId,
    /// The story it tells now; its own id when it stands alone.
    pub story: Uuid,
    /// Where it is filed; the nil id when it was withdrawn.
    pub category: CategoryId,
    /// Whose it is; the nil id when it was withdrawn.
    pub publisher: PublisherId,
}

/// An article that stands in a list for its topic.
#[derive(Debug, Clone, PartialEq)]
pub struct OnTopic {
    /// The article.
    pub article: ArticleId,
    /// How near, 0 to 1.
    pub score: f64,
    /// Up to three tags or words that both articles have.
    pub terms: Vec<String>,
}

/// Articles with their counters and the copies folded into them, by id.
#[derive(Debug)]
pub struct Shown {
    articles: HashMap<ArticleId, (ArticleSummary, Counters)>,
    copies: HashMap<ArticleId, Vec<Copy>>,
    now: Timestamp,
}

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
        return Ok(Shown { articles: HashMap::new(), copies: HashMap::new(), now });
    }
    let (summaries, counters, copies) = futures_util::future::try_join3(
        articles::summaries(conn, ids, public_url),
        async { Ok(counters::of(conn, ids, now).await?) },
        async { Ok(copies(conn, ids).await?) },
    )
    .await?;
    let mut by_id: HashMap<_, _> =
        counters.into_iter().map(|counters| (counters.article_id, counters)).collect();
    let articles = summaries
        .into_iter()
        .filter_map(|article| {
            Some((article.id, (by_id.remove(&article.id).map(|c| (article, c))?)))
        })
        .collect();
    Ok(Shown { articles, copies, now })
}

#[derive(diesel::QueryableByName)]
struct CopyRow {
    #[diesel(sql_type = SqlUuid)]
    of: ArticleId,
    #[diesel(sql_type = SqlUuid)]
    id: ArticleId,
    #[diesel(sql_type = Text)]
    slug: String,
    #[diesel(sql_type = Text)]
    name_ko: String,
    #[diesel(sql_type = Text)]
    name_en: String,
}

async fn copies(
    mut conn: &AsyncPgConnection,
    ids: &[ArticleId],
) -> QueryResult<HashMap<ArticleId, Vec<Copy>>> {
    let rows = diesel::sql_query(include_str!("sql/copies.sql"))
        .bind::<Array<SqlUuid>, _>(ids)
        .prepared()
        .load::<CopyRow>(&mut conn)
        .await?;
    let mut copies: HashMap<ArticleId, Vec<Copy>> = HashMap::new();
    for row in rows {
        let name = Names { ko: row.name_ko, en: row.name_en };
        let publisher = PublisherRef { slug: row.slug, name };
        copies.entry(row.of).or_default().push(Copy { article_id: row.id, publisher });
    }
    Ok(copies)
}

impl Shown {
    /// An entry as the API shows it, with the copies folded into it unless `raw`; `None` when its
    /// article was withdrawn this moment.
    #[must_use]
    pub fn entry(&self, entry: &Entry, source: Source, raw: bool) -> Option<RankedArticle> {
        let (article, counters) = self.articles.get(&entry.article)?;
        let copies = self.copies.get(&entry.article).filter(|_| !raw);
        Some(RankedArticle {
            rank: entry.rank,
            previous_rank: entry.previous_rank,
            movement: entry.movement,
            peak_rank: entry.peak_rank,
            minutes_on_board: self.now.since(entry.entered_at).as_mins().max(0),
            score: entry.score,
            reason: reason(entry, article),
            source,
            article: article.clone(),
            counters: counters.clone(),
            other_publishers: copies.cloned().unwrap_or_default(),
            also_in: Vec::new(),
        })
    }

    /// An article on the topic of another one, at place `rank` of its list.
    #[must_use]
    pub fn related(&self, related: &OnTopic, rank: u16) -> Option<RankedArticle> {
        let (article, counters) = self.articles.get(&related.article)?;
        let detail = ReasonDetail { terms: related.terms.clone(), ..ReasonDetail::default() };
        Some(RankedArticle {
            rank,
            previous_rank: None,
            movement: Movement::New,
            peak_rank: rank,
            minutes_on_board: 0,
            score: related.score,
            reason: Reason { code: "same_topic", detail },
            source: Source::Ranked,
            article: article.clone(),
            counters: counters.clone(),
            other_publishers: self.copies.get(&related.article).cloned().unwrap_or_default(),
            also_in: Vec::new(),
        })
    }
}

fn reason(entry: &Entry, article: &ArticleSummary) -> Reason {
    if entry.source == Source::Pinned {
        return Reason { code: "editor_pick", detail: ReasonDetail::default() };
    }
    let window = entry.window.map(Window::name);
    let count = |figure: f64| Some(figure as i64);
    let none = ReasonDetail::default;
    let detail = match (entry.board, &entry.signals[..]) {
        (Board::MostViewed, _) => ReasonDetail { window, views: count(entry.score), ..none() },
        (Board::MostReacted, _) => ReasonDetail { window, reactions: count(entry.score), ..none() },
        (Board::MostShared, _) => ReasonDetail { window, shares: count(entry.score), ..none() },
        (Board::MostCommented, [commenters, comments]) => ReasonDetail {
            window,
            commenters: count(*commenters),
            comments: count(*comments),
            ..none()
        },
        (Board::ReactionRate, [reactions, views]) => ReasonDetail {
            window,
            reactions: count(*reactions),
            views: count(*views),
            rate: Some(entry.score),
            ..none()
        },
        (Board::Popular | Board::Recommended, [views, shares, reactions, rest @ .., half_life]) => {
            let faded = Faded {
                views: *views,
                shares: *shares,
                reactions: *reactions,
                commenters: rest.first().copied().unwrap_or(0.0),
                half_life_seconds: *half_life as u32,
            };
            ReasonDetail { faded: Some(faded), ..none() }
        }
        (Board::Trending, [fast, slow, site_fast, site_slow, median]) => {
            let usual = if *site_slow > 0.0 { slow * site_fast / site_slow } else { 0.0 };
            let expected = usual.max(*median);
            let times_usual = (expected > 0.0).then(|| fast / expected);
            ReasonDetail { times_usual, views_2h: Some(*fast), ..none() }
        }
        (Board::Latest, _) => ReasonDetail { published_at: article.published_at, ..none() },
        _ => none(),
    };
    Reason { code: entry.board.key(), detail }
}

//! A page from its parts, in a number of queries that does not depend on the layout: what it is
//! about, the lists (ids only), and what is shown.

use super::{
    compose::{Candidate, Dedupe, List, Story, compose},
    layout::{self, Category, Place},
    model::{Module, ModuleSource, PageKind, PageView},
    share::share,
    store,
};
use crate::{
    articles::{access::visible, store as articles},
    clock::Timestamp,
    error::{Error, Result, What},
    ids::ArticleId,
    rankings::{
        board::{Board, Window},
        entry::{self, Entry, Shown},
        model::{RankedArticle, Scope, Source},
        store as rankings,
    },
};
use diesel_async::AsyncPgConnection;
use std::collections::HashMap;
use uuid::Uuid;

/// How a page is wanted.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// What it repeats.
    pub dedupe: Dedupe,
    /// The present.
    pub now: Timestamp,
    /// The portal's address.
    pub public_url: &'a str,
}

/// The page of an article.
///
/// # Errors
/// 404 when it is not published, 410 when it was withdrawn.
pub async fn article(
    conn: &AsyncPgConnection,
    id: ArticleId,
    wanted: Wanted<'_>,
) -> Result<PageView> {
    let (found, filed) =
        futures_util::future::try_join(articles::find(conn, id, wanted.public_url), async {
            Ok(store::filed(conn, id).await?)
        })
        .await?;
    let article = visible(found, None)?;
    let category = filed.ok_or_else(|| Error::not_found(What::Article))?;
    let modules = modules(conn, &layout::article(&category), Some(id), wanted).await?;
    Ok(PageView {
        page: PageKind::Article,
        generated_at: wanted.now,
        share: Some(share(&article)),
        article: Some(article),
        modules,
    })
}

/// The front page.
///
/// # Errors
/// When the database fails.
pub async fn home(conn: &AsyncPgConnection, wanted: Wanted<'_>) -> Result<PageView> {
    let categories = store::top(conn, layout::HOME_CATEGORIES).await?;
    let modules = modules(conn, &layout::home(&categories), None, wanted).await?;
    Ok(without_article(PageKind::Home, modules, wanted))
}

/// The page of a category.
///
/// # Errors
/// 404 when there is none of this slug.
pub async fn category(
    conn: &AsyncPgConnection,
    slug: &str,
    wanted: Wanted<'_>,
) -> Result<PageView> {
    let found = rankings::category(conn, slug).await?;
    let (id, shown) = found.ok_or_else(|| Error::not_found(What::Category))?;
    let places = layout::category(&Category { id, shown });
    let modules = modules(conn, &places, None, wanted).await?;
    Ok(without_article(PageKind::Category, modules, wanted))
}

fn without_article(page: PageKind, modules: Vec<Module>, wanted: Wanted<'_>) -> PageView {
    PageView { page, generated_at: wanted.now, article: None, share: None, modules }
}

/// The lists of `places`, filled.
async fn modules(
    conn: &AsyncPgConnection,
    places: &[Place],
    read: Option<ArticleId>,
    wanted: Wanted<'_>,
) -> Result<Vec<Module>> {
    let boards = Boards::load(conn, places, wanted.now).await?;
    let lists: Vec<_> = places.iter().map(|place| boards.list(place)).collect();
    let filled = compose(&lists, read.map(Story), wanted.dedupe);
    let mut ids: Vec<_> = filled.iter().flatten().map(|(entry, _)| entry.article).collect();
    ids.sort_unstable();
    ids.dedup();
    let shown = entry::show(conn, &ids, wanted.public_url, wanted.now).await?;
    Ok(places.iter().zip(&filled).map(|(place, items)| module(place, items, &shown)).collect())
}

fn module(place: &Place, items: &[(Entry, Source)], shown: &Shown) -> Module {
    let items: Vec<RankedArticle> =
        items.iter().filter_map(|(entry, source)| shown.entry(entry, *source)).collect();
    Module {
        key: place.board.key(),
        title: place.board.title(),
        scope: Scope { category: place.category.as_ref().map(|category| category.shown.clone()) },
        source: source(&items),
        items,
    }
}

fn source(items: &[RankedArticle]) -> ModuleSource {
    let backfill = items.iter().filter(|item| item.source == Source::Backfill).count();
    match backfill {
        0 => ModuleSource::Ranked,
        n if n == items.len() => ModuleSource::Backfill,
        _ => ModuleSource::Mixed,
    }
}

/// Every list a page may need: its boards, and the latest of each scope.
struct Boards(HashMap<(Board, Uuid, Option<Window>), Vec<Entry>>);

impl Boards {
    async fn load(conn: &AsyncPgConnection, places: &[Place], now: Timestamp) -> Result<Self> {
        let mut lists = Vec::new();
        for place in places {
            for key in [own(place), latest(place)] {
                if !lists.contains(&key) {
                    lists.push(key);
                }
            }
        }
        let rows = rankings::newest_of(conn, &lists, now).await?;
        let entries = rows.iter().map(rankings::SnapshotRow::visible_entries);
        Ok(Self(lists.into_iter().zip(entries).collect()))
    }

    fn list(&self, place: &Place) -> List<Entry> {
        let candidates = |key| {
            let entries = self.0.get(&key).map_or(&[][..], Vec::as_slice);
            entries.iter().map(|e| Candidate { story: Story(e.article), item: *e }).collect()
        };
        let (own, latest) = (own(place), latest(place));
        let backfill = if own == latest { Vec::new() } else { candidates(latest) };
        List { board: candidates(own), backfill, size: place.size }
    }
}

fn own(place: &Place) -> (Board, Uuid, Option<Window>) {
    (place.board, place.scope(), place.window())
}

fn latest(place: &Place) -> (Board, Uuid, Option<Window>) {
    (Board::Latest, place.scope(), None)
}

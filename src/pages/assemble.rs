//! A page from its parts, in a number of queries that does not depend on the layout: what it is
//! about, which lists stand on it, the lists (ids only), what is on its topic, and what is shown.

use super::{
    compose::{Candidate, Dedupe, List, Placed, compose},
    layout::{self, BoardList, Category, Place},
    model::{Key, LayoutModule, Module, ModuleSource, PageKind, PageView, ScopeWord},
    share::share,
    store,
};
use crate::{
    articles::{access::visible, store as articles},
    clock::Timestamp,
    comments::store::summary,
    config::Comments,
    error::{Error, Result, What},
    ids::ArticleId,
    rankings::{
        board::Window,
        entry::{self, Entry, OnTopic, Shown},
        model::{RankedArticle, Source},
        scope, store as rankings,
    },
    recommend::{related::related, store as recommend},
};
use diesel_async::AsyncPgConnection;
use futures_util::future::try_join;
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
    /// What the site sets of comments.
    pub site: &'a Comments,
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
    let found = articles::find(conn, id, wanted.public_url).await?;
    let article = visible(found, None)?;
    let (filed, comments) = try_join(
        async { Ok(store::filed(conn, id).await?) },
        summary::read(conn, id, wanted.site, wanted.now),
    )
    .await?;
    let (category, story) = filed.ok_or_else(|| Error::not_found(What::Article))?;
    let on_topic = on_topic(conn, id, wanted.now).await?;
    let about = About { category: Some(category), read: Some(story), on_topic };
    Ok(PageView {
        page: PageKind::Article,
        generated_at: wanted.now,
        share: Some(share(&article)),
        article: Some(article),
        comments_summary: Some(comments),
        modules: modules(conn, PageKind::Article, about, wanted).await?,
    })
}

/// The front page.
///
/// # Errors
/// When the database fails.
pub async fn home(conn: &AsyncPgConnection, wanted: Wanted<'_>) -> Result<PageView> {
    without_article(conn, PageKind::Home, About::default(), wanted).await
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
    let found = scope::category(conn, slug).await?;
    let (id, shown) = found.ok_or_else(|| Error::not_found(What::Category))?;
    let about = About { category: Some(Category { id, shown }), ..About::default() };
    without_article(conn, PageKind::Category, about, wanted).await
}

async fn without_article(
    conn: &AsyncPgConnection,
    page: PageKind,
    about: About,
    wanted: Wanted<'_>,
) -> Result<PageView> {
    let modules = modules(conn, page, about, wanted).await?;
    Ok(PageView {
        page,
        generated_at: wanted.now,
        article: None,
        comments_summary: None,
        share: None,
        modules,
    })
}

/// What a page is about.
#[derive(Debug, Default)]
struct About {
    category: Option<Category>,
    /// The story being read.
    read: Option<Uuid>,
    on_topic: Vec<Candidate<Item>>,
}

/// What may stand in a list.
#[derive(Debug, Clone)]
enum Item {
    Ranked(Box<Entry>),
    OnTopic(OnTopic, u16),
}

impl Item {
    fn article(&self) -> ArticleId {
        match self {
            Self::Ranked(entry) => entry.article,
            Self::OnTopic(related, _) => related.article,
        }
    }
}

/// Candidates on an article's topic.
const ON_TOPIC: usize = 60;

async fn on_topic(
    conn: &AsyncPgConnection,
    id: ArticleId,
    now: Timestamp,
) -> Result<Vec<Candidate<Item>>> {
    let Some((own, others)) = recommend::near(conn, id, now).await? else { return Ok(Vec::new()) };
    let found = related(&own, &others, ON_TOPIC).into_iter().zip(1u16..);
    let candidate = |(r, rank): (crate::recommend::related::Related, u16)| Candidate {
        story: r.story,
        category: r.category,
        publisher: r.publisher,
        pinned: false,
        item: Item::OnTopic(OnTopic { article: r.article, score: r.score, terms: r.terms }, rank),
    };
    Ok(found.map(candidate).collect())
}

/// The lists of a page, filled.
async fn modules(
    conn: &AsyncPgConnection,
    page: PageKind,
    about: About,
    wanted: Wanted<'_>,
) -> Result<Vec<Module>> {
    let kept = store::layout(conn, page).await?;
    let layout = kept.map_or_else(|| layout::default_layout(page), |layout| layout.modules);
    let categories = store::categories(conn, &named(&layout)).await?;
    let places =
        layout::places(&layout, about.category.as_ref(), &categories.top, &categories.named);
    let boards = Boards::load(conn, &places, wanted.now).await?;
    let lists: Vec<_> = places.iter().map(|place| boards.list(place, &about)).collect();
    let filled = compose(&lists, about.read, wanted.dedupe);
    let mut ids: Vec<_> = filled.iter().flatten().map(|placed| placed.item.article()).collect();
    ids.sort_unstable();
    ids.dedup();
    let shown = entry::show(conn, &ids, wanted.public_url, wanted.now).await?;
    let raw = wanted.dedupe == Dedupe::None;
    Ok(places.iter().zip(&filled).map(|(place, items)| module(place, items, &shown, raw)).collect())
}

fn named(layout: &[LayoutModule]) -> Vec<String> {
    let named = layout.iter().filter(|module| module.scope == ScopeWord::Category);
    named.filter_map(|module| Some(module.category.as_ref()?.as_str().to_owned())).collect()
}

fn module(place: &Place, items: &[Placed<Item>], shown: &Shown, raw: bool) -> Module {
    let show = |placed: &Placed<Item>| {
        let item = match &placed.item {
            Item::Ranked(entry) => shown.entry(entry, placed.source, raw),
            Item::OnTopic(related, rank) => shown.related(related, *rank),
        }?;
        Some(RankedArticle { also_in: placed.also_in.clone(), ..item })
    };
    let items: Vec<RankedArticle> = items.iter().filter_map(show).collect();
    Module {
        key: place.key.name(),
        title: place.title(),
        scope: place.scope.shown.clone(),
        window: place.window().map(Window::name),
        personalised: (place.key == Key::ForYou).then_some(false),
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

/// Every list a page may need.
struct Boards(HashMap<BoardList, Vec<Entry>>);

impl Boards {
    async fn load(conn: &AsyncPgConnection, places: &[Place], now: Timestamp) -> Result<Self> {
        let mut lists: Vec<BoardList> = Vec::new();
        for place in places {
            let all = place.own().into_iter().chain(place.alternative()).chain(place.backfill());
            for list in all {
                if !lists.contains(&list) {
                    lists.push(list);
                }
            }
        }
        let rows = rankings::newest_of(conn, &lists, now).await?;
        let entries = rows.iter().map(rankings::SnapshotRow::visible_entries);
        Ok(Self(lists.into_iter().zip(entries).collect()))
    }

    fn candidates(&self, list: BoardList) -> impl Iterator<Item = Candidate<Item>> {
        let entries = self.0.get(&list).map_or(&[][..], Vec::as_slice);
        entries.iter().map(|entry| Candidate {
            story: entry.story,
            category: entry.category,
            publisher: entry.publisher,
            pinned: entry.source == Source::Pinned,
            item: Item::Ranked(Box::new(entry.clone())),
        })
    }

    fn list(&self, place: &Place, about: &About) -> List<Item> {
        let of = |list: Option<BoardList>| {
            list.map_or_else(Vec::new, |list| self.candidates(list).collect())
        };
        let board = match place.key {
            Key::Related => about.on_topic.clone(),
            _ => of(place.own()),
        };
        let backfill = place.backfill().into_iter().flat_map(|list| self.candidates(list));
        // A pin of another list is none here.
        let backfill = backfill.map(|candidate| Candidate { pinned: false, ..candidate }).collect();
        List {
            board,
            backfill,
            alternative: of(place.alternative()),
            size: place.size,
            recommends: place.recommends(),
            over_all: place.scope.shown.category.is_none(),
            scope: place.scope.id,
        }
    }
}

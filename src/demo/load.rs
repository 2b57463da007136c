use super::{edition, events};
use crate::{
    articles::{
        input::{ArticleInput, WantedStatus},
        resolve, store,
        write::{self, Draft},
    },
    clock::Timestamp,
    config::Settings,
    db::{self, Pool, Prepare},
    error::{Error, Result},
    ids::{ArticleId, CategoryId, PublisherId},
    rankings::refresh,
};
use diesel::{
    QueryableByName,
    sql_types::{Bool, Jsonb},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::tz::TimeZone;
use serde_json::json;
use std::collections::HashMap;

/// Closed hours whose boards are computed.
const BOARD_HOURS: i64 = 5;
/// The article with the shape of the page this product was born from.
const SHOWN: &str = "demo-001";

#[derive(QueryableByName)]
struct Answer {
    #[diesel(sql_type = Bool)]
    yes: bool,
}

/// Loads the edition into a database without articles, as of `now`; the article to show first, when
/// the edition is there.
///
/// # Errors
/// What the database says; then nothing is loaded.
pub async fn load(pool: &Pool, now: Timestamp, settings: &Settings) -> Result<Option<ArticleId>> {
    let zone = &settings.zone();
    let articles = edition::articles(now)?;
    let shown_by = articles
        .iter()
        .find(|article| article.external_id.as_deref() == Some(SHOWN))
        .and_then(|article| article.publisher.clone());
    let mut conn = db::get(pool).await?;
    let (shown, filled) = db::transaction(&mut conn, async |conn| {
        let taken: Answer = diesel::sql_query("select exists (select from articles) as yes")
            .prepared()
            .get_result(conn)
            .await?;
        if !taken.yes {
            fill(conn, &articles, now, zone).await?;
        }
        let shown = match resolve::publisher(conn, shown_by.as_deref().unwrap_or_default()).await? {
            Some((publisher, _)) => store::by_external_id(conn, publisher, SHOWN).await?,
            None => None,
        };
        Ok::<_, Error>((shown, !taken.yes))
    })
    .await?;
    drop(conn);
    if filled {
        boards(pool, now, settings).await?;
    }
    Ok(shown)
}

/// Computes the boards of the last closed hours, so that there is movement to show.
async fn boards(pool: &Pool, now: Timestamp, settings: &Settings) -> Result<()> {
    let last = now.start_of_hour(&settings.zone());
    for back in (1..=BOARD_HOURS).rev() {
        refresh::once(pool, last.plus_minutes(-60 * back), now, settings).await?;
    }
    refresh::once(pool, now, now, settings).await?;
    Ok(())
}

async fn fill(
    conn: &mut AsyncPgConnection,
    articles: &[ArticleInput],
    now: Timestamp,
    zone: &TimeZone,
) -> Result<()> {
    diesel::sql_query("set local statement_timeout = '60s'").execute(conn).await?;
    let (publishers, categories) = catalogue(conn, now).await?;
    let drafts: Vec<_> = articles
        .iter()
        .filter_map(|input| {
            Some(Draft {
                publisher: *publishers.get(input.publisher.as_ref()?)?,
                syndicatable: false,
                category: *categories.get(&input.category)?,
                input: input.clone(),
                default_status: WantedStatus::Published,
            })
        })
        .collect();
    let outcomes = write::upsert(conn, &drafts, "demo edition", now).await?;
    let written: Vec<_> = outcomes
        .iter()
        .zip(&drafts)
        .filter_map(|(outcome, draft)| Some((outcome.id(), draft.input.published_at?)))
        .collect();
    events::write(conn, &written, now, zone).await
}

type Ids<T> = HashMap<String, T>;

async fn catalogue(
    conn: &mut AsyncPgConnection,
    now: Timestamp,
) -> Result<(Ids<PublisherId>, Ids<CategoryId>)> {
    let catalogue = edition::catalogue()?;
    let mut publishers = HashMap::new();
    let mut rows = Vec::new();
    for entry in catalogue.publishers {
        let id = PublisherId::new();
        rows.push(json!({"id": id, "slug": entry.slug, "name_ko": entry.name["ko"],
            "name_en": entry.name["en"], "url": entry.url, "syndicatable": true, "revision": 1,
            "created_at": now, "updated_at": now}));
        publishers.insert(entry.slug, id);
    }
    run(
        conn,
        "insert into publishers select * from jsonb_populate_recordset(null::publishers, $1)",
        rows,
    )
    .await?;
    let (mut categories, mut rows, mut closure) = (HashMap::new(), Vec::new(), Vec::new());
    let mut lines: HashMap<CategoryId, Vec<CategoryId>> = HashMap::new();
    for entry in catalogue.categories {
        let id = CategoryId::new();
        let parent = entry.parent.as_ref().and_then(|slug| categories.get(slug)).copied();
        let above = parent.and_then(|parent| lines.get(&parent)).cloned().unwrap_or_default();
        let line: Vec<_> = std::iter::once(id).chain(above).collect();
        closure.extend(line.iter().enumerate().map(
            |(depth, ancestor)| json!({"category_id": id, "ancestor_id": ancestor, "depth": depth}),
        ));
        rows.push(json!({"id": id, "slug": entry.slug, "name_ko": entry.name["ko"],
            "name_en": entry.name["en"], "parent_id": parent, "position": entry.position,
            "revision": 1, "created_at": now, "updated_at": now}));
        lines.insert(id, line);
        categories.insert(entry.slug, id);
    }
    run(
        conn,
        "insert into categories select * from jsonb_populate_recordset(null::categories, $1)",
        rows,
    )
    .await?;
    run(
        conn,
        "insert into category_ancestors select * from jsonb_populate_recordset(null::category_ancestors, $1)",
        closure,
    )
    .await?;
    Ok((publishers, categories))
}

/// Runs a statement about rows.
pub async fn run(
    conn: &mut AsyncPgConnection,
    sql: &'static str,
    rows: Vec<serde_json::Value>,
) -> Result<()> {
    let rows = serde_json::Value::Array(rows);
    diesel::sql_query(sql).bind::<Jsonb, _>(rows).prepared().execute(conn).await?;
    Ok(())
}

//! Articles as near-duplicates are told by: every article that readers get to see, or see changed,
//! is compared with others in the transaction that shows it.

use super::{blocks::Block, filter, input::ArticleInput, render::body_text};
use crate::{
    clock::Timestamp,
    clusters::{
        publish,
        sketch::{Sketch, Text},
    },
    db::{self, Pool, Prepare},
    error::{Error, Result},
    ids::{ArticleId, PublisherId},
};
use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Jsonb, Nullable, Text as SqlText, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl};

/// Articles of one transaction of [`rebuild`].
const BATCH: i64 = 500;

/// What an article is compared by: its summary, else its deck, else how its text begins, and all of
/// its text.
#[must_use]
pub fn sketch(publisher: PublisherId, published_at: Timestamp, input: &ArticleInput) -> Sketch {
    let lede = input.summary.as_deref().or(input.deck.as_deref());
    told(publisher, published_at, &input.headline, lede, &input.body)
}

fn told(
    publisher: PublisherId,
    published_at: Timestamp,
    headline: &str,
    lede: Option<&str>,
    body: &[Block],
) -> Sketch {
    let body = body_text(body);
    let first = || body.split("\n\n").next().unwrap_or_default();
    let lede = lede.unwrap_or_else(first);
    Sketch::of(&Text { publisher, headline, lede, body: &body, published_at })
}

#[derive(QueryableByName)]
struct Report {
    #[diesel(sql_type = Uuid)]
    id: ArticleId,
    #[diesel(sql_type = Uuid)]
    publisher_id: PublisherId,
    #[diesel(sql_type = Timestamptz)]
    published_at: Timestamp,
    #[diesel(sql_type = SqlText)]
    headline: String,
    #[diesel(sql_type = Nullable<SqlText>)]
    deck: Option<String>,
    #[diesel(sql_type = Nullable<SqlText>)]
    summary: Option<String>,
    #[diesel(sql_type = Jsonb)]
    blocks: serde_json::Value,
}

impl Report {
    fn sketched(self) -> Result<(ArticleId, Sketch)> {
        let body: Vec<Block> = serde_json::from_value(self.blocks).map_err(Error::internal)?;
        let lede = self.summary.as_deref().or(self.deck.as_deref());
        let sketch = told(self.publisher_id, self.published_at, &self.headline, lede, &body);
        Ok((self.id, sketch))
    }
}

/// Puts those of `ids` that are published into the stories they belong to.
///
/// # Errors
/// What the database says.
pub async fn compare(
    conn: &mut AsyncPgConnection,
    ids: &[ArticleId],
    now: Timestamp,
) -> Result<()> {
    let reports: Vec<Report> = diesel::sql_query(include_str!("sql/reports.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .prepared()
        .load(conn)
        .await?;
    let sketched: Vec<_> = reports.into_iter().map(Report::sketched).collect::<Result<_>>()?;
    publish::publish(conn, &sketched, now).await
}

#[derive(QueryableByName)]
struct Listed {
    #[diesel(sql_type = Timestamptz)]
    at: Timestamp,
    #[diesel(sql_type = Uuid)]
    article_id: ArticleId,
}

/// Compares every published article, oldest first, telling `progress` how many are done; how many
/// there were. For articles from before there were stories; again it changes nothing.
///
/// # Errors
/// What the database says. What was done before stays.
pub async fn rebuild(pool: &Pool, now: Timestamp, mut progress: impl FnMut(u64)) -> Result<u64> {
    let mut conn = db::get(pool).await?;
    let (mut done, mut from) = (0, (Timestamp::FIRST, ArticleId(uuid::Uuid::nil())));
    loop {
        let page: Vec<Listed> = diesel::sql_query(
            "select at, article_id from listings \
             where list = $1 and (at, article_id) > ($2, $3) order by at, article_id limit $4",
        )
        .bind::<Uuid, _>(filter::ALL)
        .bind::<Timestamptz, _>(from.0)
        .bind::<Uuid, _>(from.1)
        .bind::<BigInt, _>(BATCH)
        .prepared()
        .load(&mut conn)
        .await?;
        let Some(last) = page.last() else { return Ok(done) };
        from = (last.at, last.article_id);
        let ids: Vec<_> = page.iter().map(|listed| listed.article_id).collect();
        db::transaction(&mut conn, async |conn| compare(conn, &ids, now).await).await?;
        done += page.len() as u64;
        progress(done);
    }
}

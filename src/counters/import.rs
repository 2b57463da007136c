//! A day's figures from elsewhere, as `imported` beside what was counted here.

use super::figures::{Entry, Figure, Figures, Target};
use crate::{
    clock::Timestamp,
    db::{self, Pool, Prepare},
    error::{Error, Result},
    ids::ArticleId,
};
use diesel::{
    QueryResult,
    sql_types::{Array, BigInt, Nullable, Text, Timestamptz, Uuid},
};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use jiff::tz::TimeZone;
use std::{collections::BTreeMap, io::BufRead};

/// Lines of one transaction.
const BATCH: usize = 1000;

/// What an import did. `imported + unchanged + unknown + invalid` is the number of lines that are not
/// blank, when no article stands in the file twice.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize)]
pub struct Summary {
    /// Articles whose figure was written.
    pub imported: u64,
    /// Articles that had this very figure.
    pub unchanged: u64,
    /// Lines that name no article we have.
    pub unknown: u64,
    /// Lines that could not be read.
    pub invalid: u64,
}

/// What happens on the way.
#[derive(Debug)]
pub enum Progress<'a> {
    /// So many lines are done in all.
    Done(u64),
    /// This line names no article we have.
    Unknown(u64),
    /// This line could not be read, and why.
    Invalid(u64, &'a str),
}

/// The moment of `--as-of`: an RFC 3339 instant, or a date, which means the end of that day in `zone`.
#[must_use]
pub fn parse_as_of(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    if let Ok(day) = text.parse::<jiff::civil::Date>()
        && text.len() == 10
    {
        return midnight_after(day, zone);
    }
    text.parse().ok()
}

/// The end of the day of `zone` that contains the instant just before `as_of`.
#[must_use]
pub fn day_end(as_of: Timestamp, zone: &TimeZone) -> Timestamp {
    let before = Timestamp::from_millis(as_of.as_millis() - 1);
    midnight_after(before.day(zone), zone).unwrap_or(as_of)
}

fn midnight_after(day: jiff::civil::Date, zone: &TimeZone) -> Option<Timestamp> {
    Some(day.tomorrow().ok()?.to_zoned(zone.clone()).ok()?.timestamp().into())
}

/// Reads `reader` to its end, a thousand lines a transaction, and sets (not adds) the figures of the
/// day that ends at or contains `as_of`: importing a file again changes nothing. Of two lines about
/// one article the later one holds. Reads with blocking calls: for the command line.
///
/// # Errors
/// When reading or the database fails; what was committed before stays.
pub async fn run(
    pool: &Pool,
    reader: impl BufRead,
    as_of: Timestamp,
    now: Timestamp,
    zone: &TimeZone,
    mut progress: impl FnMut(Progress<'_>),
) -> Result<Summary> {
    let ends_at = day_end(as_of, zone);
    let mut conn = db::get(pool).await?;
    let mut figures = Figures::new(reader).map_err(Error::internal)?;
    let (mut summary, mut done) = (Summary::default(), 0);
    loop {
        let entries: Vec<Entry> =
            figures.by_ref().take(BATCH).collect::<Result<_, _>>().map_err(Error::internal)?;
        if entries.is_empty() {
            return Ok(summary);
        }
        done += entries.len() as u64;
        let mut batch = Vec::with_capacity(entries.len());
        for entry in entries {
            match entry.figure {
                Ok(figure) => batch.push((entry.line, figure)),
                Err(why) => {
                    summary.invalid += 1;
                    progress(Progress::Invalid(entry.line, &why));
                }
            }
        }
        let (known, written) =
            db::transaction(&mut conn, async |conn| write(conn, &batch, ends_at, now).await)
                .await?;
        for ((line, _), _) in batch.iter().zip(&known.lines).filter(|(_, known)| !**known) {
            summary.unknown += 1;
            progress(Progress::Unknown(*line));
        }
        summary.imported += written;
        summary.unchanged += known.articles - written;
        progress(Progress::Done(done));
    }
}

/// Which lines name an article, and how many articles that makes.
struct Known {
    lines: Vec<bool>,
    articles: u64,
}

/// Makes one import wait for another, so that the difference is taken from what is there: "coun".
const LOCK: &str = "select pg_advisory_xact_lock(1668248942)";

async fn write(
    conn: &mut AsyncPgConnection,
    batch: &[(u64, Figure)],
    ends_at: Timestamp,
    now: Timestamp,
) -> QueryResult<(Known, u64)> {
    conn.batch_execute(LOCK).await?;
    let found = resolve(conn, batch).await?;
    let lines = found.iter().map(Option::is_some).collect();
    // Sorted, because every writer of counters goes in the order of ids; the last line of an article wins.
    let figures: BTreeMap<ArticleId, i64> = found
        .into_iter()
        .zip(batch)
        .filter_map(|(id, (_, figure))| id.map(|id| (id, figure.views)))
        .collect();
    let known = Known { lines, articles: figures.len() as u64 };
    let (ids, views): (Vec<_>, Vec<_>) = figures.into_iter().unzip();
    let written = diesel::sql_query(include_str!("import.sql"))
        .bind::<Array<Uuid>, _>(ids)
        .bind::<Array<BigInt>, _>(views)
        .bind::<Timestamptz, _>(ends_at)
        .bind::<Timestamptz, _>(now)
        .prepared()
        .get_result::<Written>(conn)
        .await?;
    Ok((known, written.written.unsigned_abs()))
}

#[derive(diesel::QueryableByName)]
struct Written {
    #[diesel(sql_type = BigInt)]
    written: i64,
}

#[derive(diesel::QueryableByName)]
struct Found {
    #[diesel(sql_type = Nullable<Uuid>)]
    article_id: Option<ArticleId>,
}

/// The article of each line, in order.
async fn resolve(
    conn: &mut AsyncPgConnection,
    batch: &[(u64, Figure)],
) -> QueryResult<Vec<Option<ArticleId>>> {
    let mut ids = Vec::with_capacity(batch.len());
    let mut publishers = Vec::with_capacity(batch.len());
    let mut externals = Vec::with_capacity(batch.len());
    for (_, figure) in batch {
        let (id, publisher, external) = match &figure.target {
            Target::Article(id) => (Some(*id), None, None),
            Target::External { publisher, external_id } => {
                (None, Some(publisher.as_str()), Some(external_id.as_str()))
            }
        };
        ids.push(id);
        publishers.push(publisher);
        externals.push(external);
    }
    let found = diesel::sql_query(include_str!("resolve.sql"))
        .bind::<Array<Nullable<Uuid>>, _>(ids)
        .bind::<Array<Nullable<Text>>, _>(publishers)
        .bind::<Array<Nullable<Text>>, _>(externals)
        .prepared()
        .load::<Found>(conn)
        .await?;
    Ok(found.into_iter().map(|row| row.article_id).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_ends_at_the_midnight_that_closes_it() {
        let seoul = TimeZone::get("Asia/Seoul").expect("a zone");
        let at = |text| parse_as_of(text, &seoul).expect("a moment");
        let end = at("2026-11-22");
        assert_eq!(end.to_string(), "2026-11-22T15:00:00.000Z");
        assert_eq!(day_end(end, &seoul), end);
        assert_eq!(day_end(at("2026-11-22T09:30:00+09:00"), &seoul), end);
        assert_eq!(day_end(at("2026-11-22T15:00:00.001Z"), &seoul), at("2026-11-23"));
    }
}

//! Writes batches of items, each in one transaction; a batch that meets a fault is halved until the
//! guilty item is alone, so that one article in five hundred costs one verdict and not a job.

use super::{
    items::{Item, NAME_MAX, Named, Options, Prepared, Ready},
    model::{ImportItem, ItemError, Verdict},
    names::{self, Known, Wanted},
    store,
};
use crate::{
    articles::{
        input::WantedStatus,
        write::{self, Draft, Outcome},
    },
    clock::{Clock, Timestamp},
    clusters,
    db::{self, Lost, Pool},
    error::{Code, Error, Faults, Message, Result},
    ids::{ArticleId, ImportId, PublisherId},
};
use diesel_async::AsyncPgConnection;
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    time::Duration,
};

/// How often a batch is tried while the database is away: six seconds in all.
const TRIES: u32 = 6;

/// Writes the items of one import.
pub struct Engine<'a> {
    pool: &'a Pool,
    clock: &'a Clock,
    options: &'a Options,
    /// The job and how many of its items have a verdict; none for a command.
    job: Option<(ImportId, u32)>,
}

/// What became of a part of a batch.
enum Part {
    Written(Vec<ImportItem>),
    Guilty(Error),
}

impl<'a> Engine<'a> {
    /// An engine. With a job, its verdicts and its progress are written with each batch.
    #[must_use]
    pub fn new(
        pool: &'a Pool,
        clock: &'a Clock,
        options: &'a Options,
        job: Option<(ImportId, u32)>,
    ) -> Self {
        Self { pool, clock, options, job }
    }

    /// Writes a batch; a verdict for each item, in order.
    ///
    /// # Errors
    /// `Unavailable` when the database stays away, `Conflict` when another worker has the job. What
    /// was written before stays, and the import can go on after it.
    pub async fn write(&mut self, items: &[Item]) -> Result<Vec<ImportItem>> {
        let mut judged = Vec::with_capacity(items.len());
        let mut open: Vec<Range<usize>> = std::iter::once(0..items.len()).collect();
        while let Some(range) = open.pop() {
            let part = &items[range.clone()];
            match self.part(part).await? {
                Part::Written(verdicts) => judged.extend(verdicts),
                Part::Guilty(error) if range.len() == 1 => {
                    let verdict = vec![guilty(&part[0], error)];
                    self.record(&verdict).await?;
                    judged.extend(verdict);
                }
                Part::Guilty(_) => open.extend(halves(range)),
            }
        }
        Ok(judged)
    }

    /// One transaction, tried again while the database is away.
    async fn part(&mut self, items: &[Item]) -> Result<Part> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.once(items).await {
                Ok(verdicts) => {
                    self.advance(verdicts.len());
                    return Ok(Part::Written(verdicts));
                }
                Err(error) if error.code == Code::Unavailable && tries < TRIES => {
                    pause(tries).await
                }
                Err(error) if matches!(error.code, Code::Unavailable | Code::Conflict) => {
                    return Err(error);
                }
                Err(error) => return Ok(Part::Guilty(error)),
            }
        }
    }

    async fn once(&self, items: &[Item]) -> Result<Vec<ImportItem>> {
        let mut conn = db::get(self.pool).await?;
        let now = self.clock.now();
        if self.options.dry_run {
            let verdicts = rehearse(&mut conn, items, self.options, now).await?;
            db::transaction(&mut conn, async |conn| self.keep(conn, &verdicts, now).await).await?;
            return Ok(verdicts);
        }
        db::transaction(&mut conn, async |conn| {
            let verdicts = judge(conn, items, self.options, now).await?;
            self.keep(conn, &verdicts, now).await?;
            Ok(verdicts)
        })
        .await
    }

    /// Writes a verdict that comes without an article.
    async fn record(&mut self, verdicts: &[ImportItem]) -> Result<()> {
        let mut conn = db::get(self.pool).await?;
        let now = self.clock.now();
        db::transaction(&mut conn, async |conn| self.keep(conn, verdicts, now).await).await?;
        self.advance(verdicts.len());
        Ok(())
    }

    async fn keep(
        &self,
        conn: &mut AsyncPgConnection,
        verdicts: &[ImportItem],
        now: Timestamp,
    ) -> Result<()> {
        match self.job {
            None => Ok(()),
            Some((id, processed)) => store::work::record(conn, id, processed, verdicts, now).await,
        }
    }

    fn advance(&mut self, by: usize) {
        if let Some((_, processed)) = &mut self.job {
            *processed += u32::try_from(by).unwrap_or(u32::MAX);
        }
    }
}

async fn pause(tries: u32) {
    tokio::time::sleep(Duration::from_millis(100 << tries)).await;
}

/// The second half first: what is open is taken from the end, and items keep their order.
fn halves(range: Range<usize>) -> [Range<usize>; 2] {
    let middle = range.start + range.len() / 2;
    [middle..range.end, range.start..middle]
}

/// How a rehearsal ends: always with a rollback.
enum Ended {
    Judged(Vec<ImportItem>),
    Failed(Error),
}

impl From<diesel::result::Error> for Ended {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Lost for Ended {
    fn is_lost(&self) -> bool {
        matches!(self, Self::Failed(error) if error.is_lost())
    }
}

/// What [`judge`] says, with nothing of it staying.
async fn rehearse(
    conn: &mut AsyncPgConnection,
    items: &[Item],
    options: &Options,
    now: Timestamp,
) -> Result<Vec<ImportItem>> {
    let ended = db::transaction(conn, async |conn| {
        let judged = judge(conn, items, options, now).await.map_err(Ended::Failed)?;
        Err::<std::convert::Infallible, _>(Ended::Judged(judged))
    })
    .await;
    let mut judged = match ended {
        Err(Ended::Judged(judged)) => judged,
        Err(Ended::Failed(error)) => return Err(error),
        Ok(never) => match never {},
    };
    forget_created(&mut judged);
    Ok(judged)
}

/// Names no article that is not there after a rehearsal. One with a copy may have been there before;
/// its verdict says all the same what is known.
fn forget_created(judged: &mut [ImportItem]) {
    let made = |item: &ImportItem| matches!(item.verdict, Verdict::Created | Verdict::DuplicateOf);
    let gone: HashSet<_> =
        judged.iter().filter(|item| made(item)).filter_map(|item| item.article_id).collect();
    for item in judged {
        item.article_id = item.article_id.filter(|_| !made(item));
        item.duplicate_of = item.duplicate_of.filter(|id| !gone.contains(id));
    }
}

/// Writes what can be written; a verdict for each item.
async fn judge(
    conn: &mut AsyncPgConnection,
    items: &[Item],
    options: &Options,
    now: Timestamp,
) -> Result<Vec<ImportItem>> {
    let (mut publishers, mut categories) = (Wanted::new(), Wanted::new());
    for ready in items.iter().filter_map(ready) {
        names::want(&mut publishers, &ready.publisher);
        // What may be created needs no other.
        let fallback = ready.fallback.as_ref().filter(|_| !options.may_create);
        for category in [Some(&ready.category), fallback].into_iter().flatten() {
            names::want(&mut categories, category);
        }
    }
    let known = names::resolve(conn, &publishers, &categories, options.may_create, now).await?;
    let (mut drafts, mut judged) =
        (Vec::with_capacity(items.len()), Vec::with_capacity(items.len()));
    for item in items {
        judged.push(match &item.prepared {
            Prepared::Refused(id, errors) => Some(refused(item.n, id.clone(), errors.clone())),
            Prepared::Superseded(id) => Some(verdict(item.n, Verdict::Unchanged, None, id)),
            Prepared::Ready(ready) => match draft(ready, &known, options.bound) {
                Ok(draft) => {
                    drafts.push(draft);
                    None
                }
                Err(faults) => {
                    let id = Some(ready.external_id().to_owned());
                    Some(refused(item.n, id, ItemError::list(&faults)))
                }
            },
        });
    }
    let outcomes = write::upsert(conn, &drafts, &options.by, now).await?;
    let changed = |outcome: &Outcome| !matches!(outcome, Outcome::Unchanged(_));
    let changed: Vec<_> = outcomes.iter().copied().filter(changed).map(Outcome::id).collect();
    let shown = clusters::store::copies(conn, &changed).await?;
    let mut outcomes = outcomes.into_iter();
    let judged = items
        .iter()
        .zip(judged)
        .map(|(item, judged)| judged.or_else(|| Some(written(item, outcomes.next()?, &shown))));
    judged.collect::<Option<_>>().ok_or_else(|| Error::internal("an article without an outcome"))
}

fn ready(item: &Item) -> Option<&Ready> {
    match &item.prepared {
        Prepared::Ready(ready) => Some(ready),
        Prepared::Superseded(_) | Prepared::Refused(..) => None,
    }
}

/// The article with its names looked up, or what is wrong with them.
fn draft(ready: &Ready, known: &Known, bound: Option<PublisherId>) -> Result<Draft, Faults> {
    let mut faults = Faults::default();
    let publisher = known.publishers.get(&ready.publisher.slug).copied();
    match (publisher, bound) {
        (Some((id, _)), Some(own)) if id != own => {
            faults.push("/publisher", "wrong_publisher", foreign())
        }
        (None, Some(_)) => faults.push("/publisher", "wrong_publisher", foreign()),
        (None, None) => faults.push("/publisher", "unknown_value", unknown(&ready.publisher)),
        _ => {}
    }
    let own = known.categories.get(&ready.category.slug).map(|id| (*id, &ready.category));
    let other = || {
        let fallback = ready.fallback.as_ref()?;
        Some((*known.categories.get(&fallback.slug)?, fallback))
    };
    let category = own.or_else(other);
    if category.is_none() {
        faults.push("/category", "unknown_value", unknown(&ready.category));
    }
    match (publisher, category) {
        (Some((publisher, syndicatable)), Some((category, named))) if faults.0.is_empty() => {
            let mut input = ready.input.clone();
            input.category.clone_from(&named.slug);
            let default_status = WantedStatus::Published;
            Ok(Draft { publisher, syndicatable, category, input, default_status })
        }
        _ => Err(faults),
    }
}

fn unknown(named: &Named) -> Message {
    debug_assert!(named.name.chars().count() <= NAME_MAX);
    Message::new(
        format!("There is none of the name {:?}.", named.name),
        format!("이런 이름이 없습니다: {:?}.", named.name),
    )
}

fn foreign() -> Message {
    Message::new("The key is bound to another publisher.", "키가 다른 언론사에 묶여 있습니다.")
}

fn verdict(n: u32, verdict: Verdict, article: Option<Outcome>, id: &str) -> ImportItem {
    ImportItem {
        n,
        verdict,
        article_id: article.map(Outcome::id),
        external_id: Some(id.to_owned()),
        duplicate_of: None,
        errors: Vec::new(),
    }
}

fn refused(n: u32, external_id: Option<String>, errors: Vec<ItemError>) -> ImportItem {
    let verdict = Verdict::Invalid;
    ImportItem { n, verdict, article_id: None, external_id, duplicate_of: None, errors }
}

/// The verdict on an item that was written; `shown` has the copies among them.
fn written(item: &Item, outcome: Outcome, shown: &HashMap<ArticleId, ArticleId>) -> ImportItem {
    let duplicate_of = shown.get(&outcome.id()).copied();
    let word = match outcome {
        Outcome::Unchanged(_) => Verdict::Unchanged,
        _ if duplicate_of.is_some() => Verdict::DuplicateOf,
        Outcome::Created(_) => Verdict::Created,
        Outcome::Updated(_) => Verdict::Updated,
    };
    let id = ready(item).map_or("", Ready::external_id);
    ImportItem { duplicate_of, ..verdict(item.n, word, Some(outcome), id) }
}

/// The verdict on an item that cannot be written even alone.
fn guilty(item: &Item, error: Error) -> ImportItem {
    let faults = match error.code {
        Code::Invalid if !error.faults.0.is_empty() => error.faults,
        Code::SlugTaken => Faults::at(
            "/slug",
            "slug_taken",
            Message::new(
                "Another article has, or once had, this slug.",
                "다른 기사가 쓰고 있거나 쓴 적이 있는 슬러그입니다.",
            ),
        ),
        Code::ExternalIdTaken => Faults::at(
            "/external_id",
            "external_id_taken",
            Message::new(
                "Another article has this external id.",
                "다른 기사가 같은 외부 번호를 씁니다.",
            ),
        ),
        _ => {
            tracing::warn!(n = item.n, %error, "an item could not be written");
            Faults::at(
                "",
                "not_writable",
                Message::new("It could not be written.", "저장할 수 없습니다."),
            )
        }
    };
    let id = ready(item).map(|ready| ready.external_id().to_owned());
    refused(item.n, id, ItemError::list(&faults))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halving_reaches_each_guilty_item_once_and_in_order() {
        let guilty = [0, 7, 8, 498];
        let (mut innocent, mut found) = (Vec::new(), Vec::new());
        let mut open: Vec<Range<usize>> = std::iter::once(0..500).collect();
        let mut rounds = 0;
        while let Some(range) = open.pop() {
            rounds += 1;
            if !guilty.iter().any(|n| range.contains(n)) {
                innocent.extend(range);
            } else if range.len() == 1 {
                found.push(range.start);
            } else {
                open.extend(halves(range));
            }
        }
        assert_eq!(found, guilty);
        assert_eq!(innocent, (0..500).filter(|n| !guilty.contains(n)).collect::<Vec<_>>());
        assert!(rounds < 80, "{rounds}");
    }
}

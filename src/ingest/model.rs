//! Import jobs and what became of their items, as the API shows them.

use super::feed::Format;
use crate::{
    clock::Timestamp,
    error::{Fault, Faults, Message},
    ids::{ArticleId, ImportId},
    page::page_type,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum ImportStatus {
    /// Waits for its turn.
    Queued,
    /// Is being worked on; after a crash it goes on where it was.
    Running,
    /// Every item has a verdict.
    Done,
    /// Stopped by `fault`; items that have a verdict keep it.
    Failed,
}

impl ImportStatus {
    /// From its name in the database.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        match name {
            "running" => Self::Running,
            "done" => Self::Done,
            "failed" => Self::Failed,
            _ => Self::Queued,
        }
    }
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// A new article.
    Created,
    /// The article was there and has changed.
    Updated,
    /// Nothing was written: the article was there, the same, or a later item of the same import has
    /// the same external id.
    Unchanged,
    /// It was created or has changed, and tells a report that is told already: it belongs to a story
    /// that `duplicate_of` stands for. It is kept all the same.
    #[serde(rename = "duplicate_of")]
    DuplicateOf,
    /// Refused, with its errors.
    Invalid,
}

impl Verdict {
    /// Every verdict by its name on the wire and in the database.
    pub const ALL: [(&'static str, Self); 5] = [
        ("created", Self::Created),
        ("updated", Self::Updated),
        ("unchanged", Self::Unchanged),
        ("duplicate_of", Self::DuplicateOf),
        ("invalid", Self::Invalid),
    ];

    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, verdict)| *verdict == self).map_or("", |(name, _)| name)
    }

    /// From its name in the database.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        let found = Self::ALL.iter().find(|(known, _)| *known == name);
        found.map_or(Self::Invalid, |(_, verdict)| *verdict)
    }
}

/// How many items got which verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct VerdictCounts {
    /// New articles.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(498))]
    pub created: u32,
    /// Articles that were there and have changed.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(0))]
    pub updated: u32,
    /// Items for which nothing was written.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(1))]
    pub unchanged: u32,
    /// New or changed articles that tell a report which is told already; not counted above.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(0))]
    pub duplicates: u32,
    /// Refused items.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(1))]
    pub invalid: u32,
}

impl VerdictCounts {
    /// Of these items.
    #[must_use]
    pub fn of(items: &[ImportItem]) -> Self {
        let mut counts = Self::default();
        items.iter().for_each(|item| counts.add(item.verdict));
        counts
    }

    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Created => self.created += 1,
            Verdict::Updated => self.updated += 1,
            Verdict::Unchanged => self.unchanged += 1,
            Verdict::DuplicateOf => self.duplicates += 1,
            Verdict::Invalid => self.invalid += 1,
        }
    }

    /// All together.
    #[must_use]
    pub fn total(&self) -> u32 {
        self.created + self.updated + self.unchanged + self.duplicates + self.invalid
    }
}

impl std::ops::AddAssign for VerdictCounts {
    fn add_assign(&mut self, more: Self) {
        self.created += more.created;
        self.updated += more.updated;
        self.unchanged += more.unchanged;
        self.duplicates += more.duplicates;
        self.invalid += more.invalid;
    }
}

/// One sentence in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sentence {
    /// Korean.
    #[schema(max_length = 2000, examples("필수 항목입니다."))]
    pub ko: String,
    /// English.
    #[schema(max_length = 2000, examples("This field is required."))]
    pub en: String,
}

impl From<&Message> for Sentence {
    fn from(message: &Message) -> Self {
        Self { ko: message.ko.to_string(), en: message.en.to_string() }
    }
}

/// One thing wrong with an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemError {
    /// Where: a JSON pointer (RFC 6901) into the item; empty for the whole.
    #[schema(max_length = 4000, examples("/headline"))]
    pub pointer: String,
    /// What, for programs.
    #[schema(max_length = 60, examples("missing"))]
    pub code: String,
    /// What, for people.
    pub detail: Sentence,
}

/// Most errors that are kept of one item.
const ERRORS_MAX: usize = 100;

impl ItemError {
    /// The faults of an input, the first hundred of them.
    #[must_use]
    pub fn list(faults: &Faults) -> Vec<Self> {
        faults.0.iter().take(ERRORS_MAX).map(Self::from).collect()
    }
}

impl From<&Fault> for ItemError {
    fn from(fault: &Fault) -> Self {
        Self {
            pointer: fault.place.to_string(),
            code: fault.code.to_owned(),
            detail: Sentence::from(&fault.detail),
        }
    }
}

/// An item of an import and its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportItem {
    /// Its line in the file, or its place in the feed; from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(2))]
    pub n: u32,
    /// What became of it.
    pub verdict: Verdict,
    /// The article; `null` when refused, superseded by a later item, or not created for a dry run.
    #[schema(required)]
    pub article_id: Option<ArticleId>,
    /// The publisher's own id, as far as it could be read.
    #[schema(required, max_length = 500, examples("20261122-0001"))]
    pub external_id: Option<String>,
    /// With the verdict `duplicate_of`: the article that lists show for the report, when it was
    /// imported; `null` when a dry run would have created it, too.
    #[schema(required)]
    pub duplicate_of: Option<ArticleId>,
    /// Why it was refused; the first hundred reasons.
    #[schema(max_items = 100)]
    pub errors: Vec<ItemError>,
}

/// Why a job stopped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ImportFault {
    /// For programs: `not_a_feed`, `host_not_allowed`, `too_large` and the like.
    #[schema(max_length = 60, examples("not_a_feed"))]
    pub code: String,
    /// For people.
    pub detail: Sentence,
}

impl ImportFault {
    /// A fault that says itself in both languages.
    pub fn new(code: &str, en: impl Into<String>, ko: impl Into<String>) -> Self {
        Self { code: code.to_owned(), detail: Sentence { ko: ko.into(), en: en.into() } }
    }
}

impl From<super::feed::FeedFault> for ImportFault {
    fn from(fault: super::feed::FeedFault) -> Self {
        Self::new(fault.code(), format!("The document {fault}."), fault.detail_ko())
    }
}

impl From<super::fetch::FetchFault> for ImportFault {
    fn from(fault: super::fetch::FetchFault) -> Self {
        Self::new(fault.code(), format!("The address {fault}."), fault.detail_ko())
    }
}

/// An import job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ImportJob)]
pub struct Import {
    /// Identifies it.
    pub id: ImportId,
    /// Where it stands.
    pub status: ImportStatus,
    /// What the document is; `null` until it was looked at.
    #[schema(required)]
    pub format: Option<Format>,
    /// Where it was fetched from; `null` for an upload.
    #[schema(
        required,
        max_length = 2000,
        format = "uri",
        examples("https://haneul.example/rss.xml")
    )]
    pub source_url: Option<String>,
    /// Whether it only says what it would do.
    #[schema(examples(false))]
    pub dry_run: bool,
    /// When it was asked for.
    pub created_at: Timestamp,
    /// When work on it began.
    #[schema(required)]
    pub started_at: Option<Timestamp>,
    /// When it was done or failed.
    #[schema(required)]
    pub finished_at: Option<Timestamp>,
    /// Items that have a verdict.
    #[schema(minimum = 0, maximum = 2_147_483_647, examples(500))]
    pub processed: u32,
    /// Items there are; `null` until they were counted.
    #[schema(required, minimum = 0, maximum = 2_147_483_647, examples(500))]
    pub total: Option<u32>,
    /// How many got which verdict.
    pub verdicts: VerdictCounts,
    /// Why it stopped; `null` unless it failed.
    #[schema(required)]
    pub fault: Option<ImportFault>,
}

page_type! {
    /// One page of import jobs.
    ImportPage of Import
}

page_type! {
    /// One page of an import's items.
    ImportItemPage of ImportItem
}

//! The shapes the API shows and takes.

use crate::{
    clock::Timestamp,
    config::{CommentSort, CommentState, Links},
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::ArticleId,
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest comment there may be, in Unicode code points.
pub const LENGTH_MAX: u32 = 300;

/// Who set a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = PolicySource)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// The settings of the site.
    Site,
    /// The article's publisher.
    Publisher,
    /// The article's category, or one above it.
    Category,
    /// The article itself.
    Article,
}

/// A number outside its range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Must be {low} to {high}.")]
pub struct OutOfRange {
    low: u32,
    high: u32,
}

impl Broken for OutOfRange {
    fn code(&self) -> &'static str {
        "out_of_range"
    }
    fn detail_ko(&self) -> String {
        format!("{}에서 {} 사이여야 합니다.", self.low, self.high)
    }
}

/// `null`, or a number within `LOW..=HIGH`.
fn within<const LOW: u32, const HIGH: u32>(n: Option<u32>) -> Result<Option<u32>, OutOfRange> {
    match n {
        Some(n) if !(LOW..=HIGH).contains(&n) => Err(OutOfRange { low: LOW, high: HIGH }),
        n => Ok(n),
    }
}

/// What a publisher, a category or an article sets; `null` leaves a value as it is above.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Deserr, utoipa::ToSchema,
)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(examples(json!({"state": "pre_moderated", "max_length": 200})))]
pub struct PolicySettings {
    /// Whether comments are taken.
    #[deserr(default)]
    #[serde(default)]
    pub state: Option<CommentState>,
    /// When comments close.
    #[deserr(default)]
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
    /// The longest comment, in Unicode code points.
    #[deserr(default, try_from(Option<u32>) = within::<1, LENGTH_MAX> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 1, maximum = 300, examples(300))]
    pub max_length: Option<u32>,
    /// Comments of one reader under one article; 0 for no limit.
    #[deserr(default, try_from(Option<u32>) = within::<0, 10_000> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000, examples(3))]
    pub per_article: Option<u32>,
    /// Comments of one reader in 24 hours, wherever they stand; 0 for no limit.
    #[deserr(default, try_from(Option<u32>) = within::<0, 10_000> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 10_000, examples(20))]
    pub per_day: Option<u32>,
    /// Seconds between two comments of one reader; 0 for none.
    #[deserr(default, try_from(Option<u32>) = within::<0, 86_400> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 86_400, examples(60))]
    pub spacing_seconds: Option<u32>,
    /// Votes of one reader in 24 hours, those taken back included; 0 for no limit.
    #[deserr(default, try_from(Option<u32>) = within::<0, 100_000> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 100_000, examples(50))]
    pub votes_per_day: Option<u32>,
    /// Seconds between two votes of one reader; 0 for none.
    #[deserr(default, try_from(Option<u32>) = within::<0, 86_400> -> OutOfRange)]
    #[serde(default)]
    #[schema(minimum = 0, maximum = 86_400, examples(10))]
    pub vote_spacing_seconds: Option<u32>,
    /// What becomes of a comment with a link.
    #[deserr(default)]
    #[serde(default)]
    pub links: Option<Links>,
    /// The order of comments when none is asked for.
    #[deserr(default)]
    #[serde(default)]
    pub default_sort: Option<CommentSort>,
}

impl BodyLimit for PolicySettings {}

/// Where each value in effect came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PolicySources)]
#[expect(missing_docs, reason = "each is the source of the value of its name")]
pub struct Sources {
    pub state: Source,
    pub closes_at: Source,
    pub max_length: Source,
    pub per_article: Source,
    pub per_day: Source,
    pub spacing_seconds: Source,
    pub votes_per_day: Source,
    pub vote_spacing_seconds: Source,
    pub links: Source,
    pub default_sort: Source,
}

/// The values in effect.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = EffectivePolicy)]
pub struct Effective {
    /// Whether comments are taken, had they not closed by `closes_at`.
    pub state: CommentState,
    /// When comments close; `null` for never.
    #[schema(required)]
    pub closes_at: Option<Timestamp>,
    /// The longest comment, in Unicode code points after NFC and trimming.
    #[schema(minimum = 1, maximum = 300, examples(300))]
    pub max_length: u32,
    /// Comments of one reader under one article; 0 for no limit.
    #[schema(minimum = 0, maximum = 10_000, examples(3))]
    pub per_article: u32,
    /// Comments of one reader in 24 hours, wherever they stand; 0 for no limit.
    #[schema(minimum = 0, maximum = 10_000, examples(20))]
    pub per_day: u32,
    /// Seconds between two comments of one reader; 0 for none.
    #[schema(minimum = 0, maximum = 86_400, examples(60))]
    pub spacing_seconds: u32,
    /// Votes of one reader in 24 hours, those taken back included; 0 for no limit.
    #[schema(minimum = 0, maximum = 100_000, examples(50))]
    pub votes_per_day: u32,
    /// Seconds between two votes of one reader; 0 for none.
    #[schema(minimum = 0, maximum = 86_400, examples(10))]
    pub vote_spacing_seconds: u32,
    /// What becomes of a comment with a link.
    pub links: Links,
    /// The order of comments when none is asked for.
    pub default_sort: CommentSort,
}

/// The policy of one article's comments.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CommentPolicy {
    /// The article.
    pub article_id: ArticleId,
    /// Whether a comment would be taken now.
    pub accepts_comments: bool,
    /// Each value in effect.
    #[serde(flatten)]
    pub effective: Effective,
    /// Where each came from.
    pub sources: Sources,
    /// What the article itself sets.
    pub own: PolicySettings,
}

/// The part of an article's policy that stands in the article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct PolicyBrief {
    /// Whether comments are taken, had they not closed by a time that the policy names.
    pub state: CommentState,
    /// The longest comment, in Unicode code points after NFC and trimming.
    #[schema(minimum = 1, maximum = 300, examples(300))]
    pub max_length: u32,
}

//! Rules, and how they are written.

use crate::{
    clock::Timestamp,
    comments::{model::ReasonCode, screen::Outcome},
    error::Faults,
    http::body::BodyLimit,
    ids::{PublisherId, RuleId},
    names::PublisherRef,
    page::page_type,
    slug::Slug,
    text::{TextFault, line},
};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The longest name, in Unicode code points.
pub const NAME_MAX: usize = 100;
/// The most words of a rule, and the most exceptions.
pub const WORDS_MAX: usize = 1_000;
/// The most patterns of a rule.
pub const PATTERNS_MAX: usize = 20;
/// The most words that those of a rule may stand for together.
pub const VARIANTS_MAX: usize = 4_000;
/// The most rules of the site.
pub const RULES_MAX: usize = 200;

/// What a rule looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
#[schema(as = ModerationRuleKind)]
pub enum Kind {
    /// Words, in whatever disguise.
    Words,
    /// Regular expressions.
    Pattern,
    /// The words and patterns of one group that Sosik brings along.
    Builtin,
}

impl Kind {
    /// Its name on the wire and in the database.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Pattern => "pattern",
            Self::Builtin => "builtin",
        }
    }
}

/// What a rule that is written looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr, ToSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = Faults, rename_all = lowercase)]
#[schema(as = NewModerationRuleKind)]
pub enum NewKind {
    /// Words, in whatever disguise.
    Words,
    /// Regular expressions without look-around and back-references.
    Pattern,
}

impl From<NewKind> for Kind {
    fn from(kind: NewKind) -> Self {
        match kind {
            NewKind::Words => Self::Words,
            NewKind::Pattern => Self::Pattern,
        }
    }
}

/// What becomes of a text in which a rule finds something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[serde(rename_all = "lowercase")]
#[deserr(error = Faults, rename_all = lowercase)]
#[schema(as = ModerationAction)]
pub enum Action {
    /// It is refused.
    Reject,
    /// It waits for a moderator.
    Hold,
    /// It is shown, and moderators look at it.
    Flag,
}

impl Action {
    /// Every one by its name on the wire and in the database.
    pub const ALL: [(&'static str, Self); 3] =
        [("reject", Self::Reject), ("hold", Self::Hold), ("flag", Self::Flag)];

    /// The one of this name; the mildest for a name that this version does not know.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::ALL.iter().find(|(known, _)| *known == name).map_or(Self::Flag, |(_, action)| *action)
    }

    /// Its name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reject => "reject",
            Self::Hold => "hold",
            Self::Flag => "flag",
        }
    }

    /// What comments call it.
    #[must_use]
    pub const fn outcome(self) -> Outcome {
        match self {
            Self::Reject => Outcome::Reject,
            Self::Hold => Outcome::Hold,
            Self::Flag => Outcome::Flag,
        }
    }
}

/// A rule.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ModerationRule)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// What it looks for.
    pub kind: Kind,
    /// The group of words that Sosik brings along; null for a written rule.
    #[schema(required, max_length = 64, examples(json!(null)))]
    pub builtin: Option<String>,
    /// What moderators call it.
    #[schema(max_length = 100, examples("우리 동네 광고"))]
    pub name: String,
    /// What becomes of a text in which it finds something; the strictest of all rules holds.
    pub action: Action,
    /// The reason that decisions name.
    #[schema(value_type = ReasonCode)]
    pub reason_code: String,
    /// Its words or patterns; empty for a built-in rule.
    #[schema(max_items = 1_000, value_type = Vec<Term>, examples(json!(["꽃배달", "=급매"])))]
    pub terms: Vec<String>,
    /// Longer words in which its words are innocent.
    #[schema(max_items = 1_000, value_type = Vec<Term>, examples(json!(["꽃배달원"])))]
    pub exceptions: Vec<String>,
    /// How many words and patterns it has, as they are written.
    #[schema(value_type = u32, minimum = 0, maximum = 100_000, examples(2))]
    pub size: usize,
    /// Whether it is in force.
    pub enabled: bool,
    /// The publisher under whose articles it holds; null for the whole site.
    #[schema(required)]
    pub publisher: Option<PublisherRef>,
    /// Counts its changes, from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
    /// When it was made; null for a built-in rule that nobody changed.
    #[schema(required)]
    pub created_at: Option<Timestamp>,
    /// The name of who made it; null for a built-in rule that nobody changed.
    #[schema(required, max_length = 100, examples("Newsroom"))]
    pub created_by: Option<String>,
    /// When it was last changed; null for a built-in rule that nobody changed.
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
    /// The name of who changed it last; null for a built-in rule that nobody changed.
    #[schema(required, max_length = 100, examples("Newsroom"))]
    pub updated_by: Option<String>,
    /// Whose rule it is.
    #[serde(skip)]
    #[schema(ignore)]
    pub publisher_id: Option<PublisherId>,
}

/// A word as it is looked for, an exception or a pattern. Only schemas need a type for it.
#[derive(Debug, ToSchema)]
#[schema(as = ModerationTerm, value_type = String, min_length = 1, max_length = 200, examples("꽃배달"))]
#[expect(dead_code, reason = "documents the items of lists")]
pub struct Term(String);

page_type! {
    /// One page of rules: the built-in ones, then the others, newest first.
    ModerationRulePage of Rule
}

/// A rule as it is written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(as = ModerationRuleInput, examples(json!({
    "name": "우리 동네 광고",
    "kind": "words",
    "action": "hold",
    "reason_code": "spam",
    "terms": ["꽃배달", "=급매", "대출[문상]"],
    "exceptions": ["꽃배달원"]
})))]
pub struct RuleInput {
    /// What moderators call it.
    #[deserr(try_from(String) = line::<NAME_MAX> -> TextFault)]
    #[schema(min_length = 1, max_length = 100, examples("우리 동네 광고"))]
    pub name: String,
    /// What it looks for; cannot be changed later.
    pub kind: NewKind,
    /// What becomes of a text in which it finds something.
    pub action: Action,
    /// The reason that decisions name.
    pub reason_code: ReasonCode,
    /// Words or patterns. A word of two syllables and more is found anywhere, one syllable and Latin
    /// letters as a whole word; `*` before or after lets the word go on there, `=` before it finds it as
    /// a whole word only, and `[가나]다` stands for two words. At most 20 patterns of 200 characters.
    #[schema(min_items = 1, max_items = 1_000, value_type = Vec<Term>, examples(json!(["꽃배달", "=급매"])))]
    pub terms: Vec<String>,
    /// Longer words in which its words are innocent; none for patterns.
    #[deserr(default)]
    #[schema(required = false, max_items = 1_000, value_type = Vec<Term>, examples(json!(["꽃배달원"])))]
    pub exceptions: Vec<String>,
    /// Whether it is in force.
    #[deserr(default = true)]
    #[schema(required = false, default = true)]
    pub enabled: bool,
    /// Slug of the publisher under whose articles it holds; the whole site when absent. Cannot be
    /// changed later.
    #[deserr(default)]
    #[schema(nullable)]
    pub publisher: Option<Slug>,
}

impl BodyLimit for RuleInput {}

/// A patch of a rule: whatever is absent stays. Of a built-in rule, `action` and `enabled` alone.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "documents what a merge patch may hold")]
#[schema(as = ModerationRulePatch, examples(json!({"enabled": false})))]
pub struct RulePatch {
    /// What moderators call it.
    #[schema(nullable = false, min_length = 1, max_length = 100, examples("우리 동네 광고"))]
    name: Option<String>,
    /// What becomes of a text in which it finds something.
    #[schema(nullable = false)]
    action: Option<Action>,
    /// The reason that decisions name.
    #[schema(nullable = false)]
    reason_code: Option<ReasonCode>,
    /// Words or patterns, in place of those it has.
    #[schema(nullable = false, min_items = 1, max_items = 1_000, value_type = Option<Vec<Term>>, examples(json!(["꽃배달"])))]
    terms: Option<Vec<String>>,
    /// Longer words in which its words are innocent, in place of those it has; `null` for none.
    #[schema(max_items = 1_000, value_type = Option<Vec<Term>>, examples(json!(["꽃배달원"])))]
    exceptions: Option<Vec<String>>,
    /// Whether it is in force; `null` for true.
    enabled: Option<bool>,
}

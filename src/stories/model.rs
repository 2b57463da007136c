//! The shapes the API shows and takes.

use crate::{
    articles::model::ArticleSummary,
    clock::Timestamp,
    error::{Broken, Faults},
    http::body::BodyLimit,
    ids::{ArticleId, StoryId},
    text::{TextFault, maybe_lines},
};
use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

/// Most members that a story is shown with, and most that one request makes a story of.
pub const MEMBERS_MAX: usize = 100;

/// Articles that tell one report.
#[derive(Debug, Serialize, ToSchema)]
pub struct Story {
    /// Identifies it. When two stories turn out to be one, the address of the younger leads to the
    /// older.
    pub id: StoryId,
    /// The article that lists show for all: the earliest published, or its publisher's newest update.
    pub representative: ArticleSummary,
    /// The representative, then the others by publication; the first hundred.
    /// `GET /v1/articles?story=…` lists all.
    #[schema(min_items = 1, max_items = 100)]
    pub members: Vec<StoryMember>,
    /// How many there are.
    #[schema(minimum = 2, maximum = 2_147_483_647, examples(2))]
    pub member_count: u32,
    /// When two articles were first found to be one report.
    pub created_at: Timestamp,
    /// When its members or its representative last changed.
    pub updated_at: Timestamp,
    /// Counts these changes from 1.
    #[schema(minimum = 1, maximum = 2_147_483_647, examples(1))]
    pub revision: i32,
}

/// An article of a story.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryMember {
    /// The article.
    pub article: ArticleSummary,
    /// Who put it there.
    pub placed_by: PlacedBy,
}

/// Who put an article into its story. More may come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlacedBy {
    /// The texts are alike.
    Rule,
    /// An editor decided so.
    Editor,
}

/// Articles that an editor says are one story.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct StoryInput {
    /// Published articles, two or more, each once. They leave the stories they are in.
    #[deserr(try_from(Vec<Wanted>) = members -> MembersFault)]
    #[schema(min_items = 2, max_items = 100, examples(json!(["019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c20", "019a2f6e-5b0a-7c31-9d52-3f1e8a6b4c21"])))]
    pub articles: Vec<ArticleId>,
    /// Why; for the record.
    #[deserr(default, try_from(Option<String>) = maybe_lines::<500> -> TextFault)]
    #[schema(max_length = 500, examples("같은 보도자료를 옮긴 기사입니다."))]
    pub reason: Option<String>,
}

impl BodyLimit for StoryInput {}

/// What an editor says about a member.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct MemberInput {
    /// Why; for the record.
    #[deserr(default, try_from(Option<String>) = maybe_lines::<500> -> TextFault)]
    #[schema(max_length = 500, examples("같은 보도자료를 옮긴 기사입니다."))]
    pub reason: Option<String>,
}

impl BodyLimit for MemberInput {}

/// An id in a list.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, try_from(String) = Wanted::parse -> NotAnId)]
struct Wanted(ArticleId);

impl Wanted {
    fn parse(text: String) -> Result<Self, NotAnId> {
        text.parse().map(Self).map_err(|_| NotAnId)
    }
}

/// A text that is no id.
#[derive(Debug, thiserror::Error)]
#[error("must be an id as this API gives it")]
struct NotAnId;

impl Broken for NotAnId {
    fn code(&self) -> &'static str {
        "invalid"
    }
    fn detail_ko(&self) -> String {
        "이 API가 준 식별자여야 합니다.".into()
    }
}

/// A list that makes no story.
#[derive(Debug, thiserror::Error)]
pub enum MembersFault {
    /// Fewer than two, counting each once.
    #[error("must name at least two articles")]
    TooFew,
    /// More than [`MEMBERS_MAX`].
    #[error("must name at most {MEMBERS_MAX} articles")]
    TooMany,
}

impl Broken for MembersFault {
    fn code(&self) -> &'static str {
        match self {
            Self::TooFew => "too_few",
            Self::TooMany => "too_many",
        }
    }
    fn detail_ko(&self) -> String {
        match self {
            Self::TooFew => "기사를 두 건 이상 써야 합니다.".into(),
            Self::TooMany => format!("기사는 최대 {MEMBERS_MAX}건까지 쓸 수 있습니다."),
        }
    }
}

fn members(wanted: Vec<Wanted>) -> Result<Vec<ArticleId>, MembersFault> {
    let mut articles: Vec<_> = Vec::with_capacity(wanted.len());
    for Wanted(id) in wanted {
        if !articles.contains(&id) {
            articles.push(id);
        }
    }
    match articles.len() {
        0 | 1 => Err(MembersFault::TooFew),
        n if n > MEMBERS_MAX => Err(MembersFault::TooMany),
        _ => Ok(articles),
    }
}

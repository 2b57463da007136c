use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Comments. What is not set here comes from the preset; publishers, categories and articles may set
/// most of it otherwise.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Comments {
    /// Where the quotas come from that are not set: `kr_portal`, which it is without this, or `open`.
    #[deserr(default)]
    pub preset: Option<Preset>,
    /// Whether comments are taken: `open`, `pre_moderated` or `closed`.
    #[deserr(default = CommentState::Open)]
    pub state: CommentState,
    /// Days after publication when an article's comments close; 0 for never.
    #[deserr(default)]
    pub closes_after_days: u32,
    /// The longest comment, in Unicode code points; at most 300.
    #[deserr(default = 300)]
    pub max_length: u32,
    /// Comments of one reader under one article; 0 for no limit.
    #[deserr(default)]
    pub per_article: Option<u32>,
    /// Comments of one reader in 24 hours; 0 for no limit.
    #[deserr(default)]
    pub per_day: Option<u32>,
    /// Seconds between two comments of one reader; 0 for none.
    #[deserr(default)]
    pub spacing_seconds: Option<u32>,
    /// Votes of one reader in 24 hours, those taken back included; 0 for no limit.
    #[deserr(default)]
    pub votes_per_day: Option<u32>,
    /// Seconds between two votes of one reader; 0 for none.
    #[deserr(default)]
    pub vote_spacing_seconds: Option<u32>,
    /// What becomes of a comment with a link: `allow`, `hold` or `refuse`.
    #[deserr(default)]
    pub links: Option<Links>,
    /// The order of comments when none is asked for.
    #[deserr(default = CommentSort::Best)]
    pub default_sort: CommentSort,
    /// How deep replies go: 0 for none, 1 for replies to comments only.
    #[deserr(default = 3)]
    pub max_depth: u32,
    /// Seconds in which its author may edit a comment; 0 for never.
    #[deserr(default = 300)]
    pub edit_seconds: u32,
    /// Seconds in which only its author sees a new comment; 0 shows it at once.
    #[deserr(default)]
    pub undo_seconds: u32,
    /// Replies that come with each comment of a list.
    #[deserr(default = 3)]
    pub first_replies: u32,
    /// Whether the first page of `best` offers one comment that few have voted on.
    #[deserr(default = true)]
    pub exploration: bool,
    /// Reports after which a comment waits for a moderator; 0 for never.
    #[deserr(default = 10)]
    pub reports_to_hold: u32,
    /// Most streams of events that are open at once.
    #[deserr(default = 2_000)]
    pub streams: u32,
    /// Seconds after which a stream ends, for its client to come back.
    #[deserr(default = 600)]
    pub stream_seconds: u32,
}

impl Default for Comments {
    fn default() -> Self {
        Self {
            preset: None,
            state: CommentState::Open,
            closes_after_days: 0,
            max_length: 300,
            per_article: None,
            per_day: None,
            spacing_seconds: None,
            votes_per_day: None,
            vote_spacing_seconds: None,
            links: None,
            default_sort: CommentSort::Best,
            max_depth: 3,
            edit_seconds: 300,
            undo_seconds: 0,
            first_replies: 3,
            exploration: true,
            reports_to_hold: 10,
            streams: 2_000,
            stream_seconds: 600,
        }
    }
}

/// A set of quotas.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// No quotas and no checks of links: for tests and private sites.
    Open,
    /// 3 comments an article, 20 in 24 hours, 60 s apart; 50 votes in 24 hours, 10 s apart; links wait.
    #[deserr(rename = "kr_portal")]
    KrPortal,
}

/// The quotas of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotas {
    /// Comments of one reader under one article; 0 for no limit.
    pub per_article: u32,
    /// Comments of one reader in 24 hours; 0 for no limit.
    pub per_day: u32,
    /// Seconds between two comments of one reader.
    pub spacing_seconds: u32,
    /// Votes of one reader in 24 hours, those taken back included; 0 for no limit.
    pub votes_per_day: u32,
    /// Seconds between two votes of one reader.
    pub vote_spacing_seconds: u32,
    /// What becomes of a comment with a link.
    pub links: Links,
}

impl Comments {
    /// The quotas of the site: those set, else the preset's.
    #[must_use]
    pub fn quotas(&self) -> Quotas {
        let preset = match self.preset.unwrap_or(Preset::KrPortal) {
            Preset::Open => [0, 0, 0, 0, 0],
            Preset::KrPortal => [3, 20, 60, 50, 10],
        };
        let links = match self.preset.unwrap_or(Preset::KrPortal) {
            Preset::Open => Links::Allow,
            Preset::KrPortal => Links::Hold,
        };
        Quotas {
            per_article: self.per_article.unwrap_or(preset[0]),
            per_day: self.per_day.unwrap_or(preset[1]),
            spacing_seconds: self.spacing_seconds.unwrap_or(preset[2]),
            votes_per_day: self.votes_per_day.unwrap_or(preset[3]),
            vote_spacing_seconds: self.vote_spacing_seconds.unwrap_or(preset[4]),
            links: self.links.unwrap_or(links),
        }
    }

    /// Adds a fault for each number outside its range.
    pub(super) fn check(&self, faults: &mut Faults) {
        let quotas = self.quotas();
        for (name, value, low, high) in [
            ("closes_after_days", self.closes_after_days, 0, 3_650),
            ("max_length", self.max_length, 1, 300),
            ("per_article", quotas.per_article, 0, 10_000),
            ("per_day", quotas.per_day, 0, 10_000),
            ("spacing_seconds", quotas.spacing_seconds, 0, 86_400),
            ("votes_per_day", quotas.votes_per_day, 0, 100_000),
            ("vote_spacing_seconds", quotas.vote_spacing_seconds, 0, 86_400),
            ("max_depth", self.max_depth, 0, 8),
            ("edit_seconds", self.edit_seconds, 0, 86_400),
            ("undo_seconds", self.undo_seconds, 0, 600),
            ("first_replies", self.first_replies, 0, 10),
            ("reports_to_hold", self.reports_to_hold, 0, 10_000),
            ("streams", self.streams, 0, 100_000),
            ("stream_seconds", self.stream_seconds, 1, 86_400),
        ] {
            if !(low..=high).contains(&value) {
                let detail = Message::new(
                    format!("Must be {low} to {high}."),
                    format!("{low}에서 {high} 사이여야 합니다."),
                );
                faults.push(format!("/comments/{name}"), "out_of_range", detail);
            }
        }
    }
}

/// Whether comments are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "snake_case")]
pub enum CommentState {
    /// They are, and shown at once.
    Open,
    /// They are, and shown once a moderator approved them.
    #[deserr(rename = "pre_moderated")]
    PreModerated,
    /// They are not.
    Closed,
}

impl CommentState {
    /// Its name on the wire and in the database.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::PreModerated => "pre_moderated",
            Self::Closed => "closed",
        }
    }
}

/// What becomes of a comment with a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "snake_case")]
pub enum Links {
    /// It is as any other.
    Allow,
    /// It waits for a moderator.
    Hold,
    /// It is refused.
    Refuse,
}

/// An order of comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Deserr, ToSchema)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "snake_case")]
pub enum CommentSort {
    /// By the share of up-votes that is certain (Wilson's lower bound, 95 %), then the newest.
    Best,
    /// The newest first.
    Newest,
    /// The oldest first.
    Oldest,
    /// The most direct replies first.
    #[deserr(rename = "most_replied")]
    MostReplied,
    /// The most divided votes first.
    Controversial,
    /// Up-votes less down-votes.
    #[deserr(rename = "net_votes")]
    NetVotes,
}

impl CommentSort {
    /// Every order by its name.
    pub const ALL: [(&'static str, Self); 6] = [
        ("best", Self::Best),
        ("newest", Self::Newest),
        ("oldest", Self::Oldest),
        ("most_replied", Self::MostReplied),
        ("controversial", Self::Controversial),
        ("net_votes", Self::NetVotes),
    ];
}

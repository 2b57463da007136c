//! The shapes the API shows.

use crate::{
    accounts::model::{
        KEY_NAME_MAX,
        person::{NAME_MAX as DISPLAY_NAME_MAX, PASSWORD_MAX, PASSWORD_MIN},
    },
    articles::blocks,
    authors::model::AUTHOR_NAME_MAX,
    config::{Limits, Required, Settings},
    error::Message,
    http::{auth::Scope, health::Checked, limit::Policies, problem::Row},
    names::{NAME_MAX, Names},
    page::{Limit, page_type},
    tags::model::TAG_NAME_MAX,
    text::SLUG_MAX,
};
use serde::Serialize;
use utoipa::ToSchema;

/// What a program needs to know before it calls.
#[derive(Debug, Serialize, ToSchema)]
pub struct Meta {
    /// The product's name.
    #[schema(max_length = 20, examples("sosik"))]
    pub product: &'static str,
    /// The version of this server.
    #[schema(max_length = 40, examples("0.1.0"))]
    pub version: &'static str,
    /// Versions of the API that it serves, as in paths.
    #[schema(max_items = 10, max_length = 10, examples("v1"))]
    pub api_versions: Vec<&'static str>,
    /// IANA name of the zone in which hours, days and ranking windows are cut.
    #[schema(max_length = 60, examples("Asia/Seoul"))]
    pub time_zone: String,
    /// Languages of names and problems.
    #[schema(max_items = 10, max_length = 35, examples("ko"))]
    pub languages: Vec<&'static str>,
    /// What a key may hold.
    #[schema(max_items = 20)]
    pub scopes: Vec<Scope>,
    /// Sizes of requests and pages.
    pub limits: MetaLimits,
    /// Lengths of texts.
    #[schema(max_items = 100)]
    pub text_limits: Vec<TextLimit>,
    /// Rate limits, by the names that `RateLimit` headers use.
    #[schema(max_items = 20)]
    pub rate_limits: Vec<RateLimit>,
    /// What readers can say of an article.
    pub reactions: MetaReactions,
    /// How readers come by an account.
    pub accounts: MetaAccounts,
}

/// How readers come by an account.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetaAccounts {
    /// Whether they register here, with an address of mail and a password.
    #[schema(examples(true))]
    pub registration: bool,
    /// Whether the address is verified before there is an account.
    #[schema(examples(false))]
    pub verify_mail: bool,
    /// Characters of a password at least, in Unicode code points.
    #[schema(minimum = 1, maximum = 1000, examples(8))]
    pub password_min_length: usize,
    /// Bytes of a password at most, in UTF-8.
    #[schema(minimum = 1, maximum = 1000, examples(128))]
    pub password_max_bytes: usize,
    /// Issuers whose tokens are taken, as their claim `iss` names them.
    #[schema(max_items = 100, max_length = 500, examples("https://id.example.kr"))]
    pub issuers: Vec<String>,
}

impl From<&Settings> for MetaAccounts {
    fn from(settings: &Settings) -> Self {
        let mut issuers: Vec<_> = settings.issuer.iter().chain(&settings.issuers).collect();
        issuers.dedup_by(|a, b| a.issuer == b.issuer);
        Self {
            registration: settings.accounts.registration,
            verify_mail: settings.accounts.verify_mail,
            password_min_length: PASSWORD_MIN,
            password_max_bytes: PASSWORD_MAX,
            issuers: issuers.into_iter().map(|one| one.issuer.clone()).collect(),
        }
    }
}

/// What readers can say of an article.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetaReactions {
    /// The kinds that are taken, in the order in which counters show them.
    #[schema(max_items = 20, max_length = 32, examples("like"))]
    pub kinds: Vec<String>,
    /// Who may react: `visitor`, anybody; `token`, who shows a visitor token. New values may come.
    #[schema(value_type = String, max_length = 20, examples("visitor"))]
    pub require: Required,
}

/// Sizes of requests and pages.
#[derive(Debug, Serialize, ToSchema)]
pub struct MetaLimits {
    /// Bytes of a JSON body.
    #[schema(minimum = 1024, examples(65_536))]
    pub body_bytes: u64,
    /// Bytes of an article's JSON body.
    #[schema(minimum = 1024, examples(1_048_576))]
    pub article_bytes: u64,
    /// Bytes of an import.
    #[schema(minimum = 1024, examples(67_108_864))]
    pub import_bytes: u64,
    /// How deep JSON may be nested.
    #[schema(minimum = 4, maximum = 120, examples(64))]
    pub json_depth: u32,
    /// Items of a page when nothing is asked.
    #[schema(minimum = 1, maximum = 100, examples(20))]
    pub page_default: usize,
    /// Items of a page at most.
    #[schema(minimum = 1, maximum = 100, examples(100))]
    pub page_max: u8,
}

/// How long one text may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextLimit {
    /// Which text.
    #[schema(max_length = 60, examples("article.headline"))]
    pub field: &'static str,
    /// Unicode code points, counted after NFC and trimming.
    #[schema(minimum = 1, maximum = 1_000_000, examples(200))]
    pub max_length: usize,
}

/// One rate limit.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateLimit {
    /// Its name in `RateLimit-Policy` and `RateLimit`.
    #[schema(max_length = 40, examples("reads"))]
    pub name: &'static str,
    /// Which requests it counts.
    #[schema(max_length = 200, examples("GET and HEAD"))]
    pub covers: &'static str,
    /// Requests of one key, or else of one address, in a window.
    #[schema(minimum = 1, maximum = 1_000_000_000, examples(600_000))]
    pub quota: u32,
    /// Seconds.
    #[schema(minimum = 1, maximum = 86_400, examples(60))]
    pub window_seconds: u32,
}

/// The longest texts, by what they are of.
const TEXT_LIMITS: [(&str, usize); 17] = [
    ("slug", SLUG_MAX),
    ("article.headline", 200),
    ("article.deck", 300),
    ("article.summary", 1_000),
    ("article.external_id", 500),
    ("article.byline_contact", 200),
    ("article.body.paragraph", blocks::PARAGRAPH_MAX),
    ("article.body.heading", blocks::HEADING_MAX),
    ("article.body.list_item", blocks::ITEM_MAX),
    ("article.body.quote", blocks::QUOTE_MAX),
    ("article.body.html", blocks::HTML_MAX),
    ("author.name", AUTHOR_NAME_MAX),
    ("tag.name", TAG_NAME_MAX),
    ("category.name", NAME_MAX),
    ("publisher.name", NAME_MAX),
    ("api_key.name", KEY_NAME_MAX),
    ("account.display_name", DISPLAY_NAME_MAX),
];

impl Meta {
    /// What these settings make of the server.
    #[must_use]
    pub fn new(settings: &Settings, policies: &Policies) -> Self {
        let rate_limit = |policy: &crate::http::limit::Policy| RateLimit {
            name: policy.name,
            covers: policy.covers,
            quota: policy.per_minute,
            window_seconds: 60,
        };
        Self {
            product: "sosik",
            version: env!("CARGO_PKG_VERSION"),
            api_versions: vec!["v1"],
            time_zone: settings.time_zone.0.to_string(),
            languages: vec!["ko", "en"],
            scopes: Scope::ALL.iter().map(|(_, scope)| *scope).collect(),
            limits: MetaLimits::from(&settings.limits),
            text_limits: TEXT_LIMITS
                .iter()
                .map(|(field, max_length)| TextLimit { field, max_length: *max_length })
                .collect(),
            rate_limits: policies.iter().map(rate_limit).collect(),
            reactions: MetaReactions {
                kinds: settings.reactions.kinds.0.iter().map(ToString::to_string).collect(),
                require: settings.reactions.require,
            },
            accounts: MetaAccounts::from(settings),
        }
    }
}

impl From<&Limits> for MetaLimits {
    fn from(limits: &Limits) -> Self {
        Self {
            body_bytes: limits.body_bytes,
            article_bytes: limits.article_bytes,
            import_bytes: limits.import_bytes,
            json_depth: limits.json_depth,
            page_default: Limit::DEFAULT.get(),
            page_max: Limit::MAX,
        }
    }
}

/// One kind of problem.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemKind {
    /// Its `code`, and the end of its `type`.
    #[schema(max_length = 60, examples("not_found"))]
    pub code: &'static str,
    /// The HTTP status it comes with.
    #[schema(minimum = 400, maximum = 599, examples(404))]
    pub status: u16,
    /// Short, the same each time.
    pub title: Names,
    /// What it means, and what to do.
    pub meaning: Meaning,
}

page_type! {
    /// One page of the kinds of problems.
    ProblemKindPage of ProblemKind
}

/// An explanation in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Meaning {
    /// Korean.
    #[schema(max_length = 1000, examples("이 주소에서 볼 수 있는 것이 없습니다."))]
    pub ko: String,
    /// English.
    #[schema(max_length = 1000, examples("Nothing of this address is visible to you."))]
    pub en: String,
}

impl From<&Row> for ProblemKind {
    fn from(row: &Row) -> Self {
        let both = |text: &Message| (text.ko.to_string(), text.en.to_string());
        let ((title_ko, title_en), (ko, en)) = (both(&row.title), both(&row.meaning));
        Self {
            code: row.name,
            status: row.status.as_u16(),
            title: Names { ko: title_ko, en: title_en },
            meaning: Meaning { ko, en },
        }
    }
}

/// That the server runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct Live {
    /// Always `ok`.
    #[schema(max_length = 20, examples("ok"))]
    pub status: &'static str,
}

/// That the server can do its work.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ready {
    /// Always `ok`: otherwise the answer is a problem.
    #[schema(max_length = 20, examples("ok"))]
    pub status: &'static str,
    /// What was looked at.
    #[schema(max_items = 100)]
    pub checks: Vec<Checked>,
}

use crate::{
    articles::{
        filter::{Filter, Sort},
        input::is_language_tag,
        model::Status,
        resolve::NamedFilter,
    },
    error::Message,
    http::query::{FromQuery, QueryReader},
    page::PageRequest,
};
use utoipa::IntoParams;

/// Parameters of the list of articles.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `ArticleQuery` reads")]
pub struct ArticleListParams {
    /// Category slug, its descendants included. Repeat for alternatives.
    #[param(max_items = 20, example = json!(["economy"]))]
    category: Option<Vec<crate::slug::Slug>>,
    /// Publisher slug. Repeat for alternatives.
    #[param(max_items = 20)]
    publisher: Option<Vec<crate::slug::Slug>>,
    /// Author id. Repeat for alternatives.
    #[param(max_items = 20)]
    author: Option<Vec<uuid::Uuid>>,
    /// Tag slug. Repeat for alternatives.
    #[param(max_items = 20)]
    tag: Option<Vec<crate::slug::Slug>>,
    /// Story id: articles that tell one report. Repeat for alternatives.
    #[param(max_items = 20)]
    story: Option<Vec<uuid::Uuid>>,
    /// Article id. Repeat to look up several.
    #[param(max_items = 100)]
    id: Option<Vec<uuid::Uuid>>,
    /// Published at this moment or later.
    #[param(format = DateTime, max_length = 40)]
    published_after: Option<String>,
    /// Published before this moment.
    #[param(format = DateTime, max_length = 40)]
    published_before: Option<String>,
    /// Only with, or only without, a lead image.
    has_image: Option<bool>,
    /// BCP 47 language of the text. Repeat for alternatives.
    #[param(max_items = 20)]
    language: Option<Vec<crate::articles::input::LanguageTag>>,
    /// `published` is what readers see; the others need a key with `articles:write` and come last changed first.
    #[param(inline, default = "published")]
    status: Option<Status>,
    /// Order: newest publication first, oldest first, or last changed first.
    #[param(inline, default = "latest")]
    sort: Option<SortParam>,
    /// Only these members of each article, comma-separated; the answer then is `application/vnd.sosik.sparse+json`.
    #[param(
        max_length = 500,
        pattern = "^(id|slug|url|headline|deck|summary|category|publisher|authors|lead_image|published_at|updated_at|corrected_at|story_id|language|counters)(,(id|slug|url|headline|deck|summary|category|publisher|authors|lead_image|published_at|updated_at|corrected_at|story_id|language|counters))*$",
        example = "id,headline"
    )]
    fields: Option<String>,
    /// What to add to each article: `counters`.
    #[param(inline)]
    include: Option<IncludeParam>,
    /// Articles per page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    limit: Option<u8>,
    /// `page.next` or `page.prev` of another page of this list.
    #[param(max_length = 200)]
    cursor: Option<String>,
}

/// Orders of the list of articles.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "documents `Sort`")]
pub enum SortParam {
    Latest,
    Oldest,
    Updated,
}

/// What can be added to an article.
#[derive(Debug, utoipa::ToSchema)]
#[schema(rename_all = "lowercase")]
#[expect(dead_code, reason = "documents `include`")]
pub enum IncludeParam {
    Counters,
}

/// Parameters of one article.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what `ArticleParts` reads")]
pub struct ArticleParams {
    /// Only these members, comma-separated; the answer then is `application/vnd.sosik.sparse+json`.
    #[param(
        max_length = 500,
        pattern = "^(id|slug|url|headline|deck|summary|category|publisher|authors|lead_image|published_at|updated_at|corrected_at|story_id|language|counters|body|body_text|body_html|tags|byline_contact|source_url|canonical_url|external_id|rights|corrections|status|publish_at|revision)(,(id|slug|url|headline|deck|summary|category|publisher|authors|lead_image|published_at|updated_at|corrected_at|story_id|language|counters|body|body_text|body_html|tags|byline_contact|source_url|canonical_url|external_id|rights|corrections|status|publish_at|revision))*$",
        example = "id,headline"
    )]
    fields: Option<String>,
    /// What to add: `counters`.
    #[param(inline)]
    include: Option<IncludeParam>,
}

/// The members of an article that `fields` named, and no others.
#[derive(Debug, utoipa::ToSchema)]
#[schema(value_type = Object)]
#[expect(dead_code, reason = "documents what `fields` makes of an article")]
pub struct SparseArticle(serde_json::Value);

/// One page of articles, of each the members that `fields` named.
#[derive(Debug, utoipa::ToSchema)]
#[expect(dead_code, reason = "documents what `fields` makes of a list")]
pub struct SparseArticlePage {
    /// The items of this page, in list order.
    #[schema(max_items = 100)]
    items: Vec<SparseArticle>,
    /// Cursors to the neighbouring pages.
    page: crate::page::PageInfo,
}

/// Members of an article in a list.
const LISTED: [&str; 16] = [
    "id",
    "slug",
    "url",
    "headline",
    "deck",
    "summary",
    "category",
    "publisher",
    "authors",
    "lead_image",
    "published_at",
    "updated_at",
    "corrected_at",
    "story_id",
    "language",
    "counters",
];

/// Members of a whole article besides.
const WHOLE: [&str; 14] = [
    "body",
    "body_text",
    "body_html",
    "tags",
    "byline_contact",
    "source_url",
    "canonical_url",
    "external_id",
    "rights",
    "comment_policy",
    "corrections",
    "status",
    "publish_at",
    "revision",
];

/// Which parts of an article are wanted.
#[derive(Debug, Clone, Default)]
pub struct ArticleParts {
    /// Members, when not all.
    pub fields: Option<Vec<&'static str>>,
    /// Whether counters are wanted.
    pub counters: bool,
}

impl ArticleParts {
    fn read_members(reader: &mut QueryReader, whole: bool) -> Self {
        let mut known: Vec<_> = LISTED.iter().map(|name| (*name, *name)).collect();
        if whole {
            known.extend(WHOLE.iter().map(|name| (*name, *name)));
        }
        let fields = reader.words("fields", &known);
        let counters = reader.words("include", &[("counters", ())]).is_some();
        // What is asked to be added is added, also to few members.
        let fields = fields.map(|mut fields| {
            fields.extend(counters.then_some("counters"));
            fields
        });
        Self { counters, fields }
    }
}

impl FromQuery for ArticleParts {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self::read_members(reader, true))
    }
}

struct Language(String);

impl std::str::FromStr for Language {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        if is_language_tag(text) { Ok(Self(text.to_owned())) } else { Err(()) }
    }
}

/// What a list of articles was asked for.
#[derive(Debug)]
pub struct ArticleQuery {
    pub named: NamedFilter,
    pub status: Status,
    pub sort: Sort,
    pub parts: ArticleParts,
    pub page: PageRequest,
}

impl FromQuery for ArticleQuery {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        const ID: &str = "an id as this API gives it";
        let languages = reader.many("language", 20, "a BCP 47 language tag such as ko");
        let named = NamedFilter {
            categories: reader.many("category", 20, "a slug"),
            publishers: reader.many("publisher", 20, "a slug"),
            tags: reader.many("tag", 20, "a slug"),
            rest: Filter {
                authors: reader.many("author", 20, ID),
                stories: reader.many("story", 20, ID),
                ids: reader.many("id", 100, ID),
                after: reader.instant("published_after"),
                before: reader.instant("published_before"),
                has_image: reader.flag("has_image"),
                languages: languages.into_iter().map(|Language(tag)| tag).collect(),
                ..Filter::default()
            },
        };
        let status = reader.word("status", &Status::ALL).unwrap_or(Status::Published);
        let sort = reader.word(
            "sort",
            &[("latest", Sort::Latest), ("oldest", Sort::Oldest), ("updated", Sort::Updated)],
        );
        if status != Status::Published && sort.is_some_and(|sort| sort != Sort::Updated) {
            reader.fault(
                "sort",
                "not_with_status",
                Message::new(
                    "What is not published is sorted by its last change.",
                    "게재되지 않은 기사는 최근 변경 순으로만 볼 수 있습니다.",
                ),
            );
        }
        let parts = ArticleParts::read_members(reader, false);
        Some(Self { named, status, sort: sort.unwrap_or_default(), parts, page: reader.page() })
    }
}

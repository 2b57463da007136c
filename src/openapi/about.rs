use crate::http::problem::Problem;
use utoipa::{OpenApi, openapi, openapi::tag::TagBuilder};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sosik",
        license(name = "MIT OR Apache-2.0", identifier = "MIT OR Apache-2.0"),
        contact(name = "The operator of this server")
    ),
    servers((url = "/", description = "The server this document came from, be it in production, staging or local.")),
    components(schemas(Problem, crate::articles::blocks::ListItem, crate::articles::input::LanguageTag, crate::names::Word))
)]
struct Doc;

/// Tags in reading order, with what their operations are about.
const TAGS: [(&str, &str); 19] = [
    ("pages", "Whole pages in one call: an article or a front page with every module beside it."),
    ("articles", "Articles: lists, one, drafts, transitions, revisions and corrections."),
    ("categories", "The tree of headings articles are filed under."),
    ("publishers", "Who publishes."),
    ("authors", "Who writes."),
    ("tags", "Topics."),
    ("stories", "Articles that tell one report, and what editors make of them."),
    ("rankings", "Boards: what is read most, what is new, as snapshots that never change."),
    ("counters", "How often articles were read and shared, and what readers think of them."),
    (
        "comments",
        "What readers write to each other under an article, their votes and reports, and who may write what.",
    ),
    ("moderation", "Decisions about comments and those who write them."),
    ("events", "What readers do: views, shares, reactions."),
    ("imports", "Feeds and files of articles, with a verdict for each item."),
    ("accounts", "Readers and staff: registration, log-ins, passwords, roles."),
    ("me", "What a reader sees and does of their own."),
    ("api-keys", "Keys of integrators."),
    ("meta", "Limits, kinds and problems, for programs."),
    ("contract", "This document."),
    ("health", "For machines that watch this one."),
];

/// An empty document with its own words.
pub fn document() -> openapi::OpenApi {
    let mut document = Doc::openapi();
    document.info.description = Some(include_str!("about.md").trim().to_owned());
    document
}

/// Describes the tags that operations carry.
pub fn with_tags(mut document: openapi::OpenApi) -> openapi::OpenApi {
    let used: Vec<_> = document
        .paths
        .paths
        .values()
        .flat_map(|item| [&item.get, &item.post, &item.put, &item.patch, &item.delete])
        .flatten()
        .flat_map(|op| op.tags.iter().flatten().cloned())
        .collect();
    let tags = TAGS.iter().filter(|(name, _)| used.iter().any(|tag| tag == name));
    let described =
        tags.map(|(name, about)| TagBuilder::new().name(*name).description(Some(*about)).build());
    document.tags = Some(described.collect());
    document
}

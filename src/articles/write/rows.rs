use super::{Draft, Existing, Known, tag_slug};
use crate::{
    articles::input::{ArticleInput, WantedStatus},
    clock::Timestamp,
    error::{Error, Faults, Message, Result},
    ids::ArticleId,
    text::slugify,
};
use serde_json::{Value, json};

/// Code points of a slug made from a headline; a suffix may follow.
const SLUG_LENGTH: usize = 80;

/// A row of `articles` before it is written.
pub struct Row {
    pub id: ArticleId,
    /// The slug it has, if any.
    pub old_slug: Option<String>,
    /// The slug it is to have; [`super::slugs::settle`] makes a made-up one unique.
    pub slug: String,
    /// Whether the writer chose the slug: then a clash is a problem and not a suffix.
    pub chosen: bool,
    /// Since when readers see it; none while they do not.
    pub seen_since: Option<Timestamp>,
    columns: Value,
}

impl Row {
    pub fn to_json(&self) -> Value {
        let mut columns = self.columns.clone();
        columns["slug"] = json!(self.slug);
        columns
    }
}

/// Status, `published_at` and `publish_at` after writing.
fn placed(
    draft: &Draft,
    there: Option<&Existing>,
    now: Timestamp,
) -> (String, Option<Timestamp>, Option<Timestamp>) {
    let asked = draft.input.published_at;
    let wanted = draft.input.status.or(there.is_none().then_some(draft.default_status));
    let status = there.map_or("draft", |there| there.status.as_str());
    match (status, wanted) {
        ("draft" | "scheduled", Some(WantedStatus::Published)) => match asked {
            Some(at) if at > now => ("scheduled".into(), None, Some(at)),
            asked => ("published".into(), Some(asked.unwrap_or(now)), None),
        },
        ("published", _) => {
            let before = there.and_then(|there| there.published_at);
            ("published".into(), asked.filter(|at| *at <= now).or(before), None)
        }
        (status, _) => (
            status.to_owned(),
            there.and_then(|there| there.published_at),
            there.and_then(|there| there.publish_at),
        ),
    }
}

/// What readers have seen is withdrawn, not made a draft or put off.
fn refuse_unpublishing(
    input: &ArticleInput,
    there: Option<&Existing>,
    now: Timestamp,
) -> Result<()> {
    if there.is_none_or(|there| there.status != "published") {
        return Ok(());
    }
    let mut faults = Faults::default();
    if input.status == Some(WantedStatus::Draft) {
        let en = "A published article can be withdrawn, not made a draft.";
        let detail =
            Message::new(en, "게재된 기사는 초안으로 되돌릴 수 없고 게재 중단만 할 수 있습니다.");
        faults.push("/status", "published_already", detail);
    }
    if input.published_at.is_some_and(|at| at > now) {
        let en = "It is published already; the moment cannot lie in the future.";
        let detail = Message::new(en, "이미 게재된 기사이므로 미래 시각을 쓸 수 없습니다.");
        faults.push("/published_at", "in_future", detail);
    }
    faults.or(()).map_err(Error::invalid)
}

pub fn row(
    draft: &Draft,
    there: Option<&Existing>,
    known: &Known,
    by: &str,
    now: Timestamp,
) -> Result<Row> {
    let input = &draft.input;
    refuse_unpublishing(input, there, now)?;
    let (status, published_at, publish_at) = placed(draft, there, now);
    if input.published_at.is_some() && status == "draft" {
        let en = "Only with status: published; a draft is dated when it is published.";
        let detail = Message::new(en, "status: published와 함께만 쓸 수 있습니다.");
        return Err(Error::invalid(Faults::at("/published_at", "not_published", detail)));
    }
    if status == "published" || status == "scheduled" {
        input.faults_of_publishing().or(()).map_err(Error::invalid)?;
    }
    let authors: Vec<_> = input
        .authors
        .iter()
        .filter_map(|name| known.authors.get(&(draft.publisher, name.clone())))
        .collect();
    let mut tags: Vec<_> = Vec::with_capacity(input.tags.len());
    for id in input.tags.iter().filter_map(|name| known.tags.get(&tag_slug(name))) {
        // Two spellings may be one tag.
        if !tags.contains(&id) {
            tags.push(id);
        }
    }
    let id = there.map_or_else(ArticleId::new, |there| there.id);
    let made = || match there {
        Some(there) => there.slug.clone(),
        None => slugify(&input.headline, SLUG_LENGTH),
    };
    let seen_since = published_at.filter(|_| status == "published");
    let columns = json!({
        "id": id,
        "publisher_id": draft.publisher,
        "external_id": input.external_id,
        "category_id": draft.category,
        "status": status,
        "headline": input.headline,
        "deck": input.deck,
        "summary": input.summary,
        "language": input.language,
        "author_ids": authors,
        "tag_ids": tags,
        "lead_image": input.lead_image,
        "byline_contact": input.byline_contact,
        "source_url": input.source_url,
        "syndicatable": input.rights.map_or(draft.syndicatable, |rights| rights.syndicatable),
        "revision": there.map_or(1, |there| there.revision + 1),
        "content_hash": bytea(&input.hash()),
        "written_by": by,
        "created_at": there.map_or(now, |there| there.created_at),
        "updated_at": now,
        "published_at": published_at,
        "publish_at": publish_at,
        "corrected_at": null,
        "withdrawn_at": null,
        "withdrawn_reason": null,
    });
    Ok(Row {
        id,
        old_slug: there.map(|there| there.slug.clone()),
        slug: input.slug.clone().unwrap_or_else(made),
        chosen: input.slug.is_some(),
        seen_since,
        columns,
    })
}

/// PostgreSQL's hexadecimal form of bytes.
fn bytea(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold("\\x".to_owned(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

//! What a rule would find, before it is kept.

use super::rules;
use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Error, Faults, Message, Result},
    http::{
        auth::{Allowed, CommentsModerate, Principal},
        body::Body,
        query::{NoParameters, Query},
    },
    ids::PublisherId,
    moderation::{
        check,
        compiled::{finds, sought},
        matcher::{self, Entry, Matcher},
        model::{
            rule::{NewKind, RuleInput},
            trial::{COMMENTS_MAX, InComments, SAMPLES_MAX, Sample, Trial, TrialInput},
        },
        store::rules as store,
    },
};
use actix_web::{HttpResponse, http::header::CACHE_CONTROL, post, web::Data};
use std::time::{Duration, Instant};

/// Comments that are read at once.
const CHUNK: i64 = 1_000;
/// How long comments are looked at.
const PATIENCE: Duration = Duration::from_secs(5);

/// Try a rule
///
/// On a text, or on the comments of the last days, newest first, until all, 50,000 or five seconds are
/// over. Nothing is changed. A bound key looks at comments under its publisher's articles. Needs
/// `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    request_body(content = TrialInput, description = "`rule` or `rule_id`, and `text` or `days`."),
    responses(
        (status = 200, description = "What it found.", body = Trial),
        (status = 404, description = "There is no such rule."),
    ),
)]
#[post("/moderation/rules/test")]
pub async fn try_rule(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    Body(input): Body<TrialInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    must_be_one_of_each(&input)?;
    let (rule, publisher) = chosen(&input, &caller.0, &pool).await?;
    let matcher = Matcher::compile(&[rule]).map_err(Error::internal)?;
    let trial = match (&input.text, input.days) {
        (Some(text), _) => Trial { finds: Some(finds(&matcher, text)), comments: None },
        (None, days) => {
            let days = days.unwrap_or(1);
            let since = clock.now().plus_seconds(-i64::from(days) * 86_400);
            let comments = in_comments(&matcher, days, since, publisher, &pool).await?;
            Trial { finds: None, comments: Some(comments) }
        }
    };
    Ok(HttpResponse::Ok().insert_header((CACHE_CONTROL, "private, no-store")).json(trial))
}

fn must_be_one_of_each(input: &TrialInput) -> Result<()> {
    let mut faults = Faults::default();
    let pairs = [
        ("rule", input.rule.is_some(), "rule_id", input.rule_id.is_some()),
        ("text", input.text.is_some(), "days", input.days.is_some()),
    ];
    for (one, has_one, other, has_other) in pairs {
        if has_one && has_other {
            let detail = Message::new(
                format!("Give {one} or {other}, not both."),
                format!("{one}, {other} 가운데 하나만 보내 주세요."),
            );
            faults.push(format!("/{other}"), "not_together", detail);
        } else if !has_one && !has_other {
            let detail = Message::new(
                format!("Give {one} or {other}."),
                format!("{one}, {other} 가운데 하나가 필요합니다."),
            );
            faults.push(format!("/{one}"), "missing", detail);
        }
    }
    faults.or(()).map_err(Error::invalid)
}

/// What is looked for, and under whose articles.
async fn chosen(
    input: &TrialInput,
    by: &Principal,
    pool: &Pool,
) -> Result<(matcher::Rule, Option<PublisherId>)> {
    if let Some(rule) = &input.rule {
        check::rule(rule, "/rule").map_err(Error::invalid)?;
        let publisher = match &rule.publisher {
            Some(slug) => {
                let conn = db::get(pool).await?;
                Some(rules::publisher(&conn, slug, "/rule/publisher").await?)
            }
            None => None,
        };
        return Ok((unkept(rule), within(by, publisher)?));
    }
    let id = input.rule_id.unwrap_or_default();
    let rule = rules::find(&*db::get(pool).await?, by, id).await?;
    Ok((sought(&rule), within(by, rule.publisher_id)?))
}

/// The publisher whose comments are looked at; all for a key that is not bound.
fn within(by: &Principal, publisher: Option<PublisherId>) -> Result<Option<PublisherId>> {
    if let Some(publisher) = publisher {
        by.must_cover(publisher)?;
    }
    Ok(publisher.or(by.publisher))
}

fn unkept(rule: &RuleInput) -> matcher::Rule {
    match rule.kind {
        NewKind::Words => {
            let entry = Entry { terms: rule.terms.clone(), exceptions: rule.exceptions.clone() };
            matcher::Rule { entries: vec![entry], patterns: Vec::new() }
        }
        NewKind::Pattern => matcher::Rule { entries: Vec::new(), patterns: rule.terms.clone() },
    }
}

async fn in_comments(
    matcher: &Matcher,
    days: u32,
    since: Timestamp,
    publisher: Option<PublisherId>,
    pool: &Pool,
) -> Result<InComments> {
    let (began, mut before) = (Instant::now(), None);
    let mut told =
        InComments { days, looked_at: 0, complete: false, found: 0, samples: Vec::new() };
    while told.looked_at < COMMENTS_MAX && began.elapsed() < PATIENCE {
        // Given back between two looks: others wait for connections, too.
        let conn = db::get(pool).await?;
        let comments = store::written(&conn, publisher, since, before, CHUNK).await?;
        drop(conn);
        let last = comments.len() < usize::try_from(CHUNK).unwrap_or(usize::MAX);
        before = comments.last().map(|comment| comment.id);
        told.looked_at += comments.len();
        for comment in comments {
            let finds = finds(matcher, &comment.body);
            if finds.is_empty() {
                continue;
            }
            told.found += 1;
            if told.samples.len() < SAMPLES_MAX {
                told.samples.push(Sample {
                    comment_id: comment.id,
                    article_id: comment.article_id,
                    status: comment.status(),
                    body: comment.body,
                    created_at: comment.created_at,
                    finds,
                });
            }
        }
        if last {
            told.complete = true;
            break;
        }
    }
    Ok(told)
}

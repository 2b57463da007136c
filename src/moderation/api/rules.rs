//! Rules.

use crate::{
    clock::{Clock, Timestamp},
    db::{self, Pool},
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        auth::{Allowed, CommentsModerate, Principal},
        body::Sent,
        conditional::{Answer, Cache, IfMatch, etag_of, written},
        idempotency::{Once, Stored},
        paging::page_of,
        params::Path,
        patch::MergePatch,
        query::{NoParameters, Query},
    },
    ids::{PublisherId, RuleId},
    moderation::{
        builtin, check,
        model::rule::{Kind, ModerationRulePage, RULES_MAX, Rule, RuleInput, RulePatch},
        screener::Screener,
        store::rules as store,
    },
    page::PageRequest,
    publishers,
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, delete, get, http::StatusCode, patch, post, web::Data};
use diesel::result::{DatabaseErrorKind::ForeignKeyViolation, Error as Db};
use diesel_async::AsyncPgConnection;

/// List rules
///
/// The groups of words that Sosik brings along, then what was written, newest first. A bound key sees
/// those of the whole site and its publisher's. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(PageRequest),
    responses((
        status = 200,
        description = "One page of rules.",
        body = ModerationRulePage,
        headers(("Link")),
    )),
)]
#[get("/moderation/rules")]
pub async fn list_rules(
    caller: Allowed<CommentsModerate>,
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let mut rules = builtin::with(store::all(&*db::get(&pool).await?).await?);
    rules.retain(|rule| is_shown(&caller.0, rule));
    let page = page_of(&page, &rules, |rule| Some(rule.id.0));
    let link = page.link();
    Answer::new(&ModerationRulePage::from(page), Cache::Private).untagged().link(link).to(&request)
}

/// Create a rule
///
/// It holds at once on this server, and within seconds on others. A key that is bound to a publisher
/// writes rules for its publisher alone. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    request_body(content = RuleInput, description = "The rule."),
    responses(
        (
            status = 201,
            description = "The rule as it is kept.",
            body = Rule,
            headers(("Location"), ("ETag"), ("Idempotency-Replayed")),
        ),
        (status = 409, description = "There are too many rules, or the same Idempotency-Key is in flight."),
    ),
)]
#[post("/moderation/rules")]
pub async fn create_rule(
    caller: Allowed<CommentsModerate>,
    _: Query<NoParameters>,
    sent: Sent<RuleInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    screener: Data<Screener>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    check::rule(&sent.value, "").map_err(Error::invalid)?;
    let once = Once::new(&request, &caller.0, &sent.bytes)?;
    let effect = async |conn: &mut AsyncPgConnection| {
        let rule = create(conn, &sent.value, &caller.0, clock.now()).await?;
        let location = format!("/v1/moderation/rules/{}", rule.id);
        Ok(Stored::json(StatusCode::CREATED, &rule)?
            .with_header("location", location)
            .with_header("etag", etag_of(rule.revision, &rule)?))
    };
    let response = once.run(&pool, effect).await?;
    screener.changed().await;
    Ok(response)
}

/// Get a rule
///
/// The ETag is what a change of it needs as `If-Match`. Needs `comments:moderate`.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(("id" = RuleId, Path, description = "The rule's id.")),
    responses(
        (status = 200, description = "The rule.", body = Rule, headers(("ETag"))),
        (status = 404, description = "There is no such rule."),
    ),
)]
#[get("/moderation/rules/{id}")]
pub async fn get_rule(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<RuleId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let rule = find(&*db::get(&pool).await?, &caller.0, id).await?;
    Answer::new(&rule, Cache::Private).revision(rule.revision).to(&request)
}

/// Change a rule
///
/// JSON Merge Patch. Of a built-in rule, `action` and `enabled` can be changed. Needs
/// `comments:moderate`; a bound key changes its publisher's rules alone.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(("id" = RuleId, Path, description = "The rule's id.")),
    request_body(
        description = "What to change.",
        content(
            (RulePatch = "application/merge-patch+json"),
            (RulePatch = "application/json"),
        ),
    ),
    responses(
        (status = 200, description = "The rule as it is now.", body = Rule, headers(("ETag"))),
        (status = 404, description = "There is no such rule."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[patch("/moderation/rules/{id}")]
pub async fn update_rule(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<RuleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    patch: MergePatch<RuleInput>,
    pool: Data<Pool>,
    clock: Data<Clock>,
    screener: Data<Screener>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    let rule = db::transaction(&mut conn, async |conn| {
        change(conn, &caller.0, id, &if_match, &patch, clock.now()).await
    })
    .await?;
    drop(conn);
    screener.changed().await;
    written(StatusCode::OK, &rule, rule.revision)
}

/// Delete a rule
///
/// What it found stays on record. A built-in rule is switched off instead. Needs
/// `comments:moderate`; a bound key deletes its publisher's rules alone.
#[utoipa::path(
    tag = "moderation",
    security(("api_key" = ["comments:moderate"])),
    params(("id" = RuleId, Path, description = "The rule's id.")),
    responses(
        (status = 204, description = "It is gone."),
        (status = 404, description = "There is no such rule."),
        (status = 409, description = "It is a built-in rule."),
        (status = 412, description = "It was changed meanwhile."),
        (status = 428, description = "If-Match is missing."),
    ),
)]
#[delete("/moderation/rules/{id}")]
pub async fn delete_rule(
    caller: Allowed<CommentsModerate>,
    Path(id): Path<RuleId>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    pool: Data<Pool>,
    screener: Data<Screener>,
) -> Result<HttpResponse> {
    let mut conn = db::get(&pool).await?;
    db::transaction(&mut conn, async |conn| {
        store::take_turn(conn).await?;
        let rule = find(conn, &caller.0, id).await?;
        must_write(&caller.0, rule.publisher_id)?;
        must_match(&if_match, &rule)?;
        if rule.kind == Kind::Builtin {
            let detail = Message::new(
                "A built-in rule cannot be deleted. Set enabled to false instead.",
                "기본 규칙은 지울 수 없습니다. enabled를 false로 바꿔 주세요.",
            );
            return Err(Error::new(Code::StateConflict, detail));
        }
        Ok(store::delete(conn, id).await?)
    })
    .await?;
    drop(conn);
    screener.changed().await;
    Ok(HttpResponse::NoContent().finish())
}

async fn create(
    conn: &mut AsyncPgConnection,
    input: &RuleInput,
    by: &Principal,
    now: Timestamp,
) -> Result<Rule> {
    let publisher = match &input.publisher {
        Some(slug) => Some(publisher(conn, slug, "/publisher").await?),
        None => None,
    };
    must_write(by, publisher)?;
    store::take_turn(conn).await?;
    if store::all(conn).await?.iter().filter(|rule| rule.builtin.is_none()).count() >= RULES_MAX {
        let detail = Message::new(
            format!("There are {RULES_MAX} rules already. Delete one, or put words into one."),
            format!("규칙이 이미 {RULES_MAX}개입니다. 지우거나 단어를 합쳐 주세요."),
        );
        return Err(Error::new(Code::StateConflict, detail));
    }
    let id = RuleId::new();
    match store::insert(conn, id, input, publisher, &by.name, now).await {
        Err(Db::DatabaseError(ForeignKeyViolation, _)) => return Err(unknown("/publisher")),
        other => other?,
    }
    find(conn, by, id).await
}

async fn change(
    conn: &mut AsyncPgConnection,
    by: &Principal,
    id: RuleId,
    if_match: &IfMatch,
    patch: &MergePatch<RuleInput>,
    now: Timestamp,
) -> Result<Rule> {
    store::take_turn(conn).await?;
    let rule = find(conn, by, id).await?;
    must_write(by, rule.publisher_id)?;
    must_match(if_match, &rule)?;
    if rule.kind == Kind::Builtin {
        let fixed = ["name", "kind", "reason_code", "terms", "exceptions", "publisher"];
        let input = patch.apply_to(writable(&rule), &fixed)?;
        if (input.action, input.enabled) == (rule.action, rule.enabled) {
            return Ok(rule);
        }
        store::switch(conn, &rule, input.action, input.enabled, &by.name, now).await?;
    } else {
        let input = patch.apply_to(writable(&rule), &["kind", "publisher"])?;
        check::rule(&input, "").map_err(Error::invalid)?;
        if is_as(&rule, &input) {
            return Ok(rule);
        }
        store::update(conn, id, &input, &by.name, now).await?;
    }
    find(conn, by, id).await
}

/// What a patch starts from. The words of a built-in rule are not shown, nor can they be changed.
fn writable(rule: &Rule) -> serde_json::Value {
    let builtin = rule.kind == Kind::Builtin;
    serde_json::json!({
        "name": rule.name,
        "kind": if builtin { Kind::Words } else { rule.kind },
        "action": rule.action,
        "reason_code": rule.reason_code,
        "terms": rule.terms,
        "exceptions": rule.exceptions,
        "enabled": rule.enabled,
        "publisher": rule.publisher.as_ref().map(|publisher| &publisher.slug),
    })
}

fn is_as(rule: &Rule, input: &RuleInput) -> bool {
    rule.name == input.name
        && rule.action == input.action
        && rule.reason_code == input.reason_code.name()
        && rule.terms == input.terms
        && rule.exceptions == input.exceptions
        && rule.enabled == input.enabled
}

/// The rule, if the caller may see it.
///
/// # Errors
/// 404 where there is none for the caller.
pub(super) async fn find(conn: &AsyncPgConnection, by: &Principal, id: RuleId) -> Result<Rule> {
    let rules = builtin::with(store::all(conn).await?);
    let found = rules.into_iter().find(|rule| rule.id == id && is_shown(by, rule));
    found.ok_or_else(|| Error::not_found(What::Rule))
}

/// A bound key sees what holds under its publisher's articles.
fn is_shown(by: &Principal, rule: &Rule) -> bool {
    rule.publisher_id.is_none_or(|publisher| by.covers(publisher))
}

/// A bound key writes its publisher's rules alone.
fn must_write(by: &Principal, publisher: Option<PublisherId>) -> Result<()> {
    match publisher {
        Some(publisher) => by.must_cover(publisher),
        None => by.must_be_unbound(),
    }
}

/// The publisher of this slug.
///
/// # Errors
/// 422 at `at` where there is none.
pub(super) async fn publisher(
    conn: &AsyncPgConnection,
    slug: &Slug,
    at: &str,
) -> Result<PublisherId> {
    match publishers::store::by_slug(conn, slug.as_str()).await {
        Ok(row) => Ok(row.id),
        Err(Db::NotFound) => Err(unknown(at)),
        Err(error) => Err(error.into()),
    }
}

fn unknown(at: &str) -> Error {
    let detail = Message::new("There is no such publisher.", "해당 언론사가 없습니다.");
    Error::invalid(Faults::at(at, "unknown_value", detail))
}

fn must_match(if_match: &IfMatch, rule: &Rule) -> Result<()> {
    let tag = etag_of(rule.revision, rule)?;
    if_match.check(rule.revision, || tag)
}

//! What a reader wrote, voted and reacted, and what is left of their quotas.

use crate::{
    clock::Clock,
    comments::{
        model::QuotaView,
        quota,
        store::{done, heads, one, own, rows::Row},
    },
    config::Settings,
    db::{self, Pool},
    engagement::{self, Batch},
    error::Result,
    http::{
        auth::{MaybeCaller, Reader, Who},
        conditional::{Answer, Cache},
        query::{FromQuery, Query, QueryReader},
        visitor::{TokenHeader, Tokens},
    },
    ids::{AccountId, ArticleId, CommentId},
    me::model::activity::{ArticleState, CommentState, OwnCommentPage, OwnQuotas, OwnState},
    page::{PageRequest, Position},
    policies::resolve::resolve,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use std::collections::HashMap;
use utoipa::IntoParams;

/// What to tell of.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct StateParams {
    /// An article; may repeat, up to 100 times.
    #[param(max_items = 100)]
    article: Option<Vec<ArticleId>>,
    /// A comment; may repeat, up to 100 times.
    #[param(max_items = 100)]
    comment: Option<Vec<CommentId>>,
}

/// What was asked for.
#[derive(Debug)]
pub struct Asked {
    articles: Vec<ArticleId>,
    comments: Vec<CommentId>,
}

impl FromQuery for Asked {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let articles = reader.many("article", 100, "an id");
        Some(Self { articles, comments: reader.many("comment", 100, "an id") })
    }
}

/// Get one's own state
///
/// The caller's own reactions and votes, to be laid over lists that are the same for everybody. Reactions
/// are those of the visitor, or of the account where the server asks for one; votes need an account.
#[utoipa::path(
    tag = "me",
    security((), ("reader" = [])),
    params(StateParams, TokenHeader),
    responses((status = 200, description = "What stands.", body = OwnState)),
)]
#[get("/me/state")]
pub async fn get_state(
    caller: MaybeCaller,
    Query(asked): Query<Asked>,
    batch: Data<Batch>,
    tokens: Data<Tokens>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let account = caller.0.as_ref().and_then(|caller| match &caller.who {
        Who::Account(account) => Some(account.id),
        Who::Key(_) => None,
    });
    let now = clock.now();
    let actor = engagement::actor(&request, account, &batch, &tokens, &settings, now).await?;
    let conn = db::get(&pool).await?;
    let mut reactions = HashMap::new();
    if let (Some(actor), false) = (actor, asked.articles.is_empty()) {
        reactions = engagement::own_reactions(&conn, actor, &asked.articles).await?;
    }
    let article = |id: &ArticleId| ArticleState { article_id: *id, reaction: reactions.remove(id) };
    let articles = asked.articles.iter().map(article).collect();
    let comments = match account {
        Some(account) => states(&conn, account, &asked.comments).await?,
        None => Vec::new(),
    };
    drop(conn);
    Answer::new(&OwnState { articles, comments }, Cache::Private).untagged().to(&request)
}

async fn states(
    conn: &diesel_async::AsyncPgConnection,
    account: AccountId,
    ids: &[CommentId],
) -> Result<Vec<CommentState>> {
    let found = own::states(conn, account, ids).await?;
    let state = |state: own::State| CommentState {
        comment_id: state.id,
        vote: state.value.map(own::way),
        reported: state.reported,
        own: state.own,
    };
    Ok(found.into_iter().map(state).collect())
}

/// List one's own comments
///
/// The latest first, with what became of each.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    params(PageRequest),
    responses((status = 200, description = "One page of comments.", body = OwnCommentPage, headers(("Link")))),
)]
#[get("/me/comments")]
pub async fn list_own_comments(
    reader: Reader,
    Query(page): Query<PageRequest>,
    pool: Data<Pool>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let rows = one::of_account(&conn, reader.account.id, &page).await?;
    drop(conn);
    let page = page.page(rows, |row| Position { key: 0, id: row.id.0 }).map(Row::own);
    let link = page.link();
    Answer::new(&OwnCommentPage::from(page), Cache::Private).untagged().link(link).to(&request)
}

/// Where quotas are asked for.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "stands in the document only")]
pub struct QuotaParams {
    /// Under this article, whose policy may differ from the site's.
    article: Option<ArticleId>,
}

/// Where quotas were asked for.
#[derive(Debug)]
pub struct At(Option<ArticleId>);

impl FromQuery for At {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(Self(reader.one("article", "an id")))
    }
}

/// Get what is left of one's quotas
///
/// Of comments and votes: what the RateLimit headers of the next one would say.
#[utoipa::path(
    tag = "me",
    security(("reader" = [])),
    params(QuotaParams),
    responses(
        (status = 200, description = "What is left.", body = OwnQuotas),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/me/quotas")]
pub async fn get_quotas(
    reader: Reader,
    Query(At(article)): Query<At>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (site, now, account) = (&settings.comments, clock.now(), reader.account.id);
    let conn = db::get(&pool).await?;
    let policy = match article {
        Some(article) => heads::head(&conn, article, site).await?.policy,
        None => {
            let (mut policy, _) = resolve(site, None, &[]);
            policy.per_article = 0;
            policy
        }
    };
    let of = article.unwrap_or_default();
    let comments = done::comments(&conn, account, of, &policy, now).await?;
    let votes = done::votes(&conn, account, &policy, now).await?;
    drop(conn);
    let view = |quotas: Vec<quota::Quota>| quotas.iter().map(QuotaView::from).collect();
    let body = OwnQuotas {
        comments: view(quota::of_comments(&policy, comments, now)),
        votes: view(quota::of_votes(&policy, votes, now)),
    };
    Answer::new(&body, Cache::Private).untagged().to(&request)
}

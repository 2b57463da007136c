//! How many comments there are.

use crate::{
    clock::Clock,
    comments::{model::CommentsSummary, store::summary},
    config::Settings,
    db::{self, Pool},
    error::Result,
    http::{
        conditional::{Answer, Cache},
        params::Path,
        query::{NoParameters, Query},
    },
    ids::ArticleId,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

/// Count the comments on an article
///
/// How many there are, how many were taken away by whom and why, and the policy in effect.
#[utoipa::path(
    tag = "comments",
    params(("id" = ArticleId, Path, description = "The article.")),
    responses(
        (status = 200, description = "The counts.", body = CommentsSummary, headers(("Cache-Control"))),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn, and its comments with it."),
    ),
)]
#[get("/articles/{id}/comments/summary")]
pub async fn get_comments_summary(
    Path(article): Path<ArticleId>,
    _: Query<NoParameters>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let conn = db::get(&pool).await?;
    let body = summary::read(&conn, article, &settings.comments, clock.now()).await?;
    Answer::new(&body, Cache::COUNTERS)
        .untagged()
        .cache_tag(format!("comments-{article}"))
        .to(&request)
}

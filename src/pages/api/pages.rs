//! Pages, composed.

use crate::{
    clock::Clock,
    config::Settings,
    db::{self, Pool},
    error::Result,
    http::{
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, Query, QueryReader},
    },
    ids::ArticleId,
    pages::{
        assemble::{self, Wanted},
        compose::Dedupe,
        model::PageView,
    },
    slug::Slug,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

impl FromQuery for Dedupe {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        Some(reader.word("dedupe", &Self::ALL).unwrap_or_default())
    }
}

fn answer(request: &HttpRequest, page: &PageView) -> Result<HttpResponse> {
    Answer::new(page, Cache::COUNTERS).untagged().to(request)
}

/// Read an article's page
///
/// The article, how to share it, and every list around it in page order. With `dedupe=page`, the
/// default, no story stands on the page twice, whichever of its articles: pins come first, then the
/// modules in page order. A list refills with the next of its board, which keep their true ranks, then with
/// longer windows of it, the popular and the latest of its scope, marked `backfill`. `boards` shows boards
/// that state figures as they are, while lists that recommend step aside; `also_in` tells what stands
/// twice. `none` shows raw lists. The story being read stands in no list. Lists that recommend hold at most
/// two of one publisher in six places, and over all three of one category, as long as others last.
#[utoipa::path(
    tag = "pages",
    params(
        ("id" = ArticleId, Path, description = "The article."),
        ("dedupe" = Option<String>, Query, pattern = "^(page|boards|none)$", max_length = 6, description = "What the page repeats: `page` nothing, `boards` what boards with figures repeat, `none` everything.", example = "page"),
    ),
    responses(
        (status = 200, description = "The page.", body = PageView),
        (status = 404, description = "No such article is published."),
        (status = 410, description = "The article was withdrawn."),
    ),
)]
#[get("/pages/articles/{id}")]
pub async fn get_article_page(
    request: HttpRequest,
    Path(id): Path<ArticleId>,
    Query(dedupe): Query<Dedupe>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let public_url = settings.public_url();
    let wanted =
        Wanted { dedupe, now: clock.now(), public_url: &public_url, site: &settings.comments };
    let conn = db::get(&pool).await?;
    answer(&request, &assemble::article(&conn, id, wanted).await?)
}

/// Read the front page
///
/// Lists over all articles, then one for each of the first eight top categories, unless an admin changed
/// the layout. `dedupe` works as on an article's page.
#[utoipa::path(
    tag = "pages",
    params(
        ("dedupe" = Option<String>, Query, pattern = "^(page|boards|none)$", max_length = 6, description = "What the page repeats: `page` nothing, `boards` what boards with figures repeat, `none` everything.", example = "page"),
    ),
    responses((status = 200, description = "The page.", body = PageView)),
)]
#[get("/pages/home")]
pub async fn get_home_page(
    request: HttpRequest,
    Query(dedupe): Query<Dedupe>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let public_url = settings.public_url();
    let wanted =
        Wanted { dedupe, now: clock.now(), public_url: &public_url, site: &settings.comments };
    let conn = db::get(&pool).await?;
    answer(&request, &assemble::home(&conn, wanted).await?)
}

/// Read a category's page
///
/// Lists of the category with its descendants, then over all articles. `dedupe` works as on an
/// article's page.
#[utoipa::path(
    tag = "pages",
    params(
        ("slug" = String, Path, max_length = 120, description = "The category's slug.", example = "economy"),
        ("dedupe" = Option<String>, Query, pattern = "^(page|boards|none)$", max_length = 6, description = "What the page repeats: `page` nothing, `boards` what boards with figures repeat, `none` everything.", example = "page"),
    ),
    responses(
        (status = 200, description = "The page.", body = PageView),
        (status = 404, description = "No such category."),
    ),
)]
#[get("/pages/categories/{slug}")]
pub async fn get_category_page(
    request: HttpRequest,
    Path(slug): Path<Slug>,
    Query(dedupe): Query<Dedupe>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
) -> Result<HttpResponse> {
    let public_url = settings.public_url();
    let wanted =
        Wanted { dedupe, now: clock.now(), public_url: &public_url, site: &settings.comments };
    let conn = db::get(&pool).await?;
    answer(&request, &assemble::category(&conn, slug.as_str(), wanted).await?)
}

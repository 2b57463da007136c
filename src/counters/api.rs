//! `GET /v1/counters`.

use super::{
    model::{Counters, CountersList},
    store,
};
use crate::{
    clock::Clock,
    db::{self, Pool},
    error::{Error, Message},
    http::{
        conditional::{Answer, Cache},
        query::{FromQuery, Query, QueryReader},
    },
    ids::ArticleId,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};
use utoipa_actix_web::service_config::ServiceConfig;

/// Mounts the endpoint.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(get_counters);
}

/// Most articles of one request.
const MOST: usize = 100;

/// Which articles: each once, in the order given.
#[derive(Debug)]
struct Asked(Vec<ArticleId>);

impl FromQuery for Asked {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let given = reader.many::<ArticleId>("article", MOST, "an article's id");
        let mut seen = std::collections::HashSet::new();
        let ids: Vec<_> = given.into_iter().filter(|id| seen.insert(*id)).collect();
        if !reader.has("article") {
            reader.fault(
                "article",
                "missing",
                Message::new("Give at least one article.", "기사를 하나 이상 지정해 주세요."),
            );
        }
        (!ids.is_empty()).then_some(Self(ids))
    }
}

/// Read counters of several articles
///
/// Up to 100 articles at once; not paged. An article that is not published is left out, one that nobody
/// read has zeros.
#[utoipa::path(
    tag = "counters",
    params(("article" = Vec<ArticleId>, Query, min_items = 1, max_items = 100,
        description = "An article's id; repeat for several.")),
    responses((status = 200, description = "The counters, in the order asked for.", body = CountersList)),
)]
#[get("/counters")]
async fn get_counters(
    request: HttpRequest,
    Query(Asked(ids)): Query<Asked>,
    pool: Data<Pool>,
    clock: Data<Clock>,
) -> Result<HttpResponse, Error> {
    let conn = db::get(&pool).await?;
    let items: Vec<Counters> = store::of(&conn, &ids, clock.now()).await?;
    Answer::new(&CountersList { items }, Cache::COUNTERS).untagged().to(&request)
}

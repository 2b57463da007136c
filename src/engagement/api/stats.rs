//! `GET /v1/articles/{id}/stats`.

use crate::{
    articles::{model::Status, store as articles},
    clock::{Clock, Timestamp},
    config::Settings,
    db::{self, Pool},
    engagement::{
        model::stats::{ArticleStats, Grain},
        stats::{Period, fill},
        store::stats as store,
    },
    error::{Code, Error, Faults, Message, Result, What},
    http::{
        auth::{Allowed, ArticlesWrite},
        conditional::{Answer, Cache},
        params::Path,
        query::{FromQuery, Query, QueryReader},
    },
    ids::ArticleId,
};
use actix_web::{HttpRequest, HttpResponse, get, web::Data};

/// What is asked: a period, whole or its ends left to us.
#[derive(Debug)]
struct Asked {
    from: Option<Timestamp>,
    until: Option<Timestamp>,
    grain: Grain,
}

/// Days of the longest period by the hour: hours are kept as long.
const HOURS_DAYS: i64 = 40;

/// Days of the longest period by the day.
const DAYS_DAYS: i64 = 400;

impl FromQuery for Asked {
    fn read(reader: &mut QueryReader) -> Option<Self> {
        let (from, until) = (reader.instant("from"), reader.instant("until"));
        let grain = reader.word("grain", &[("hour", Grain::Hour), ("day", Grain::Day)]);
        Some(Self { from, until, grain: grain.unwrap_or(Grain::Hour) })
    }
}

impl Asked {
    /// The last 24 hours, or what was asked; 422 when that is too long or ends before it starts.
    fn period(&self, now: Timestamp) -> Result<Period> {
        let until = self.until.unwrap_or(now);
        let from = self.from.unwrap_or_else(|| until.plus_minutes(-1440));
        if from >= until {
            let detail = Message::new("Must lie before the end.", "끝보다 앞이어야 합니다.");
            return Err(out_of_range(detail));
        }
        let most = match self.grain {
            Grain::Hour => HOURS_DAYS,
            Grain::Day => DAYS_DAYS,
        };
        if until.since(from) > jiff::SignedDuration::from_hours(most * 24) {
            let detail = Message::new(
                format!("The period may have {most} days."),
                format!("기간은 {most}일까지입니다."),
            );
            return Err(out_of_range(detail));
        }
        Ok(Period { from, until, grain: self.grain })
    }
}

fn out_of_range(detail: Message) -> Error {
    Error::invalid(Faults::parameter("from", "out_of_range", detail))
}

/// Get what became of an article's events
///
/// By the hour or the day of the portal's zone, every bucket that touches the period: views and shares
/// that came in, that count, that count for boards, and that were rejected, by reason; reactions that
/// stand. Needs a key with `articles:write` for its publisher.
#[utoipa::path(
    tag = "counters",
    security(("api_key" = ["articles:write"])),
    params(
        ("id" = ArticleId, Path, description = "The article."),
        ("from" = Option<Timestamp>, Query, description = "The start of the period; a day before its end when left out. At most 40 days before its end by the hour, 400 by the day."),
        ("until" = Option<Timestamp>, Query, description = "The end of the period; now when left out."),
        ("grain" = Option<Grain>, Query, description = "How long the buckets are: `hour` or `day`; `hour` when left out. Hours are kept for 40 days, days for ever."),
    ),
    responses(
        (status = 200, description = "The buckets.", body = ArticleStats),
        (status = 404, description = "There is no such article."),
    ),
)]
#[get("/articles/{id}/stats")]
pub async fn get_article_stats(
    caller: Allowed<ArticlesWrite>,
    Path(article): Path<ArticleId>,
    Query(asked): Query<Asked>,
    pool: Data<Pool>,
    settings: Data<Settings>,
    clock: Data<Clock>,
    request: HttpRequest,
) -> Result<HttpResponse> {
    let (as_of, zone) = (clock.now(), settings.zone());
    let period = asked.period(as_of)?;
    let conn = db::get(&pool).await?;
    let found = articles::find(&conn, article, "").await?;
    let found = found.ok_or_else(|| Error::not_found(What::Article))?;
    if !caller.0.covers(found.publisher_id) {
        let hidden = matches!(found.article.status, Status::Draft | Status::Scheduled);
        let other = || Error::plain(Code::WrongPublisher);
        return Err(if hidden { Error::not_found(What::Article) } else { other() });
    }
    let mut items = period.buckets(&zone);
    if let (Some(first), Some(last)) = (items.first(), items.last()) {
        let (from, until) = (first.starts_at, last.ends_at);
        let rows = store::buckets(&conn, article, from, until, period.grain).await?;
        fill(&mut items, &rows);
    }
    let stats = ArticleStats { article_id: article, grain: period.grain, as_of, items };
    Answer::new(&stats, Cache::Private).untagged().to(&request)
}

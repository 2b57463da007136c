use super::{
    history::{self, Hour},
    load::run,
};
use crate::{
    clock::Timestamp,
    db::Prepare,
    engagement::{
        event::{Kind, Origin, five_end},
        scores::Scores,
    },
    error::Result,
    ids::ArticleId,
};
use diesel::sql_types::Timestamptz;
use diesel_async::{AsyncPgConnection, RunQueryDsl};
use jiff::tz::TimeZone;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Hours of history, the running one included.
const HOURS: i64 = 73;

/// Views of an hour are added to the scores in so many heaps.
const HEAPS: i32 = 12;

/// Writes what readers did until `now`: the ledger, what fades, who reacted, and the counters.
pub async fn write(
    conn: &mut AsyncPgConnection,
    articles: &[(ArticleId, Timestamp)],
    now: Timestamp,
    zone: &TimeZone,
) -> Result<()> {
    let mut rows = Rows::default();
    let last = now.start_of_hour(zone).plus_minutes(60);
    for (number, (id, published_at)) in (1..).zip(articles) {
        let mut reader = Reader { number, id: *id, said: 0, scores: None };
        for end in (0..HOURS).rev().map(|back| last.plus_minutes(-60 * back)) {
            let (from, to) = (end.plus_minutes(-60).max(*published_at), end.min(now));
            let age_h = u32::try_from(end.since(*published_at).as_hours());
            if let Ok(age_h) = age_h
                && from < to
            {
                let part = to.since(from).as_secs_f64() / 3600.0;
                reader.read(part_of(history::hour(number, age_h), part), end, from, to, &mut rows);
            }
        }
        rows.scores.extend(reader.scores.map(|scores| row_of(*id, &scores)));
    }
    rows.insert(conn).await?;
    diesel::sql_query(include_str!("totals.sql"))
        .bind::<Timestamptz, _>(now)
        .prepared()
        .execute(conn)
        .await?;
    Ok(())
}

/// What an hour of which only a part has passed has drawn.
fn part_of(hour: Hour, part: f64) -> Hour {
    let of = |n: i32| (f64::from(n) * part).round() as i32;
    Hour {
        views: of(hour.views),
        bot: of(hour.bot),
        prefetch: of(hour.prefetch),
        repeat: of(hour.repeat),
        shares: of(hour.shares),
        reactions: of(hour.reactions),
    }
}

#[derive(Default)]
struct Rows {
    hours: Vec<Value>,
    fives: BTreeMap<(Timestamp, ArticleId, i16), i32>,
    scores: Vec<Value>,
    reactions: Vec<Value>,
}

/// The readers of one article, hour by hour.
struct Reader {
    number: u64,
    id: ArticleId,
    /// Reactions so far.
    said: u64,
    scores: Option<Scores>,
}

impl Reader {
    fn read(
        &mut self,
        hour: Hour,
        end: Timestamp,
        from: Timestamp,
        to: Timestamp,
        rows: &mut Rows,
    ) {
        let refused = hour.bot + hour.prefetch + hour.repeat;
        for (kind, counted, refused) in [
            (Kind::View, hour.views, refused),
            (Kind::Share, hour.shares, 0),
            (Kind::Reaction, hour.reactions, 0),
        ] {
            let of = |n: i32| if kind == Kind::View { n } else { 0 };
            if counted + refused > 0 {
                rows.hours.push(json!({"ends_at": end, "article_id": self.id,
                    "kind": kind.number(), "received": counted + refused, "counted": counted,
                    "ranked": counted, "bot": of(hour.bot), "prefetch": of(hour.prefetch),
                    "repeat": of(hour.repeat), "networks": 0, "largest": 0}));
            }
        }
        self.view(hour.views, from, to);
        for at in history::moments(hour.shares, from, to) {
            *rows.fives.entry((five_end(at), self.id, Kind::Share.number())).or_default() += 1;
        }
        for at in history::moments(hour.reactions, from, to) {
            self.said += 1;
            rows.reactions.push(json!({"article_id": self.id,
                "actor": history::reader(self.number, self.said),
                "kind": history::kind(self.number, self.said), "reacted_at": at, "ranked": true}));
            *rows.fives.entry((five_end(at), self.id, Kind::Reaction.number())).or_default() += 1;
        }
    }

    fn view(&mut self, views: i32, from: Timestamp, to: Timestamp) {
        let heaps = views.min(HEAPS);
        for at in history::moments(heaps, from, to) {
            let scores = self.scores.get_or_insert_with(|| Scores::none(at));
            *scores = scores.plus(at, Origin::Elsewhere, f64::from(views) / f64::from(heaps));
        }
    }
}

fn row_of(id: ArticleId, scores: &Scores) -> Value {
    let ([p30m, p1h, p2h, p6h, p12h, p24h], [t30m, t2h, t24h]) = (scores.popular, scores.trending);
    json!({"article_id": id, "as_of": scores.as_of, "p30m": p30m, "p1h": p1h, "p2h": p2h,
        "p6h": p6h, "p12h": p12h, "p24h": p24h, "t30m": t30m, "t2h": t2h, "t24h": t24h,
        "minutes": scores.minutes, "last_minute": scores.last_minute})
}

impl Rows {
    async fn insert(self, conn: &mut AsyncPgConnection) -> Result<()> {
        let five = |((end, id, kind), ranked): ((Timestamp, ArticleId, i16), i32)| json!({"ends_at": end, "article_id": id, "kind": kind, "ranked": ranked});
        let fives = self.fives.into_iter().map(five).collect();
        for (sql, rows) in [
            (
                "insert into article_hours select * from jsonb_populate_recordset(null::article_hours, $1)",
                self.hours,
            ),
            (
                "insert into article_fives select * from jsonb_populate_recordset(null::article_fives, $1)",
                fives,
            ),
            (
                "insert into article_scores select * from jsonb_populate_recordset(null::article_scores, $1)",
                self.scores,
            ),
            (
                "insert into reactions select * from jsonb_populate_recordset(null::reactions, $1)",
                self.reactions,
            ),
        ] {
            run(conn, sql, rows).await?;
        }
        Ok(())
    }
}

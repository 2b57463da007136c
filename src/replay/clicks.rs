//! Lists judged by the next click: at each click, where did its article stand just before?

use super::{
    lists::List,
    log::{Event, Kind, Log},
    memory::Memory,
    metrics::{Quality, mid_rank, shared},
    moment::Moment,
};
use crate::{engagement::decay::POPULAR, rankings::order::Candidate};
use jiff::{SignedDuration, tz::TimeZone};

/// The places of a module on a page.
const MODULE: usize = 10;

/// What is judged, and how.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Clicks before this has passed since the first event are learnt from and not judged.
    pub warm_up: SignedDuration,
    /// The zone whose full hours end the windows of `most_viewed`.
    pub zone: TimeZone,
}

/// How well each list foretold the clicks.
#[derive(Debug, Clone)]
pub struct Report {
    /// One row for each of [`List::all`], in that order.
    pub rows: Vec<(List, Quality)>,
    /// Moments with clicks that were judged.
    pub moments: u64,
    /// How many of the first ten of `trending` are among those of `popular`, on average.
    pub overlap: f64,
    /// The same when `trending` gives way, as on a page.
    pub overlap_on_page: f64,
    /// How well the first ten of `trending` do that are not among those of `popular`.
    pub on_page: Quality,
    /// How many articles stand on `trending`, on average.
    pub trending: f64,
    /// The share of moments at which `popular` took each half-life.
    pub half_lives: [f64; POPULAR.len()],
}

/// Runs the log through the boards. `progress` hears how many events are done.
#[must_use]
pub fn judge(log: &Log, rules: &Rules, mut progress: impl FnMut(u64)) -> Report {
    let mut memory = Memory::new(rules.zone.clone());
    let mut sums = Report::new();
    let mut appearances = log.appearances().into_iter().peekable();
    let first = log.events().first().map_or(0, |event| event.at.as_millis());
    let start = first.saturating_add(i64::try_from(rules.warm_up.as_millis()).unwrap_or(i64::MAX));
    let mut done = 0;
    for simultaneous in log.events().chunk_by(|a, b| a.at == b.at) {
        let now = simultaneous[0].at;
        while let Some((at, article)) = appearances.next_if(|(at, _)| *at < now) {
            memory.appear(article, at);
        }
        let clicked = simultaneous.iter().any(|event| event.kind == Kind::View);
        if clicked && now.as_millis() >= start {
            sums.judge(&memory.at(now), simultaneous);
        }
        for event in simultaneous {
            memory.record(event);
        }
        done += simultaneous.len() as u64;
        progress(done);
    }
    sums.mean()
}

impl Report {
    fn new() -> Self {
        Self {
            rows: List::all().map(|list| (list, Quality::default())).collect(),
            moments: 0,
            overlap: 0.0,
            overlap_on_page: 0.0,
            on_page: Quality::default(),
            trending: 0.0,
            half_lives: [0.0; POPULAR.len()],
        }
    }

    fn judge(&mut self, moment: &Moment, events: &[Event]) {
        let clicks = || events.iter().filter(|event| event.kind == Kind::View);
        for (list, quality) in &mut self.rows {
            let ranked = list.rank(moment);
            for click in clicks() {
                quality.judge(mid_rank(&ranked, click.article), click.times);
            }
        }
        let (popular, trending) = (List::Popular.rank(moment), List::Trending.rank(moment));
        let left = without(&trending, &popular);
        for click in clicks() {
            self.on_page.judge(mid_rank(&left, click.article), click.times);
        }
        self.moments += 1;
        self.overlap += shared(&trending, &popular, MODULE) as f64;
        self.overlap_on_page += shared(&left, &popular, MODULE) as f64;
        self.trending += moment.articles.iter().filter(|figures| figures.trends).count() as f64;
        self.half_lives[moment.half_life] += 1.0;
    }

    fn mean(mut self) -> Self {
        let moments = self.moments.max(1) as f64;
        self.overlap /= moments;
        self.overlap_on_page /= moments;
        self.trending /= moments;
        self.half_lives = self.half_lives.map(|n| n / moments);
        self
    }

    /// The row of a list.
    #[must_use]
    pub fn of(&self, list: List) -> Option<&Quality> {
        self.rows.iter().find(|(known, _)| *known == list).map(|(_, quality)| quality)
    }
}

/// A list without what stands in the first places of another.
fn without(list: &[Candidate], other: &[Candidate]) -> Vec<Candidate> {
    let shown = &other[..MODULE.min(other.len())];
    let free = |a: &&Candidate| !shown.iter().any(|b| b.article == a.article);
    list.iter().filter(free).copied().collect()
}

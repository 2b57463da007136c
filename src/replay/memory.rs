//! What boards know of the past: sums that fade, closed hours, totals. The counterpart of the tables.

use super::{
    log::{Event, Kind},
    moment::{Figures, Moment},
};
use crate::{
    clock::Timestamp,
    engagement::decay::{Fading, POPULAR},
    ids::ArticleId,
    rankings::{
        popular::{self, Interest},
        trending::{self, Gates, HALF_LIVES, Pace, Site},
    },
};
use jiff::tz::TimeZone;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Windows of `most_viewed`, in hours.
pub const CLOSED_HOURS: [i64; 3] = [1, 24, 168];

/// Windows that end now, in minutes: not of a board, but of what boards are compared with.
pub const SLIDING_MINUTES: [i64; 3] = [20, 60, 1440];

/// Views at a moment.
type Views = VecDeque<(Timestamp, f64)>;

/// One article's past.
struct Past {
    published_at: Timestamp,
    views: Option<Fading<6>>,
    shares: Option<Fading<6>>,
    reactions: Option<Fading<6>>,
    pace: Option<Fading<3>>,
    /// Distinct minutes with views.
    minutes: Option<Fading<1>>,
    total: f64,
    /// By the start of their hour.
    hours: Views,
    recent: Views,
}

/// All articles and their past.
pub struct Memory {
    zone: TimeZone,
    articles: BTreeMap<ArticleId, Past>,
    /// Those that stood on `trending` at the latest moment.
    trending: BTreeSet<ArticleId>,
}

fn add<const N: usize>(sum: &mut Option<Fading<N>>, event: Fading<N>, half_lives: &[f64; N]) {
    *sum = Some(sum.map_or(event, |sum| sum.plus(&event, half_lives)));
}

fn at<const N: usize>(sum: &Option<Fading<N>>, now: Timestamp, half_lives: &[f64; N]) -> [f64; N] {
    sum.map_or([0.0; N], |sum| sum.at(now, half_lives))
}

/// Adds to the latest entry or begins one; forgets those before `oldest`.
fn push(views: &mut Views, at: Timestamp, times: f64, oldest: Timestamp) {
    match views.back_mut() {
        Some((latest, n)) if *latest == at => *n += times,
        _ => views.push_back((at, times)),
    }
    while views.front().is_some_and(|(at, _)| *at < oldest) {
        views.pop_front();
    }
}

impl Past {
    fn new(published_at: Timestamp) -> Self {
        Self {
            published_at,
            views: None,
            shares: None,
            reactions: None,
            pace: None,
            minutes: None,
            total: 0.0,
            hours: Views::new(),
            recent: Views::new(),
        }
    }

    fn view(&mut self, event: &Event, zone: &TimeZone) {
        let Event { at, times, .. } = *event;
        let minute = |at: Timestamp| at.as_seconds().div_euclid(60);
        if self.recent.back().is_none_or(|(latest, _)| minute(*latest) != minute(at)) {
            add(&mut self.minutes, Fading::event(at, 1.0), &[HALF_LIVES[1]]);
        }
        add(&mut self.views, Fading::event(at, times), &POPULAR);
        add(&mut self.pace, Fading::event(at, times), &HALF_LIVES);
        self.total += times;
        push(&mut self.recent, at, times, at.plus_minutes(-SLIDING_MINUTES[2]));
        let hour = at.start_of_hour(zone);
        push(&mut self.hours, hour, times, hour.plus_minutes(-60 * (CLOSED_HOURS[2] + 1)));
    }

    fn figures(&self, article: ArticleId, now: Timestamp, end: Timestamp) -> Figures {
        let [latest, fast, slow] = at(&self.pace, now, &HALF_LIVES);
        let closed = |hours: &i64| {
            let start = end.plus_minutes(-60 * hours);
            self.hours.iter().filter(|(at, _)| *at >= start && *at < end).map(|(_, n)| n).sum()
        };
        let last = |minutes: &i64| {
            let start = now.plus_minutes(-minutes);
            self.recent.iter().rev().take_while(|(at, _)| *at > start).map(|(_, n)| n).sum()
        };
        Figures {
            article,
            published_at: self.published_at,
            interest: Interest {
                views: at(&self.views, now, &POPULAR),
                shares: at(&self.shares, now, &POPULAR),
                reactions: at(&self.reactions, now, &POPULAR),
                // Click logs know no comments.
                writers: [0.0; POPULAR.len()],
            },
            pace: Pace { latest, fast, slow },
            minutes: at(&self.minutes, now, &[HALF_LIVES[1]])[0],
            closed: CLOSED_HOURS.each_ref().map(closed),
            last: SLIDING_MINUTES.each_ref().map(last),
            total: self.total,
            trends: false,
        }
    }
}

impl Memory {
    /// Nothing yet; the hours of `most_viewed` are those of `zone`.
    #[must_use]
    pub fn new(zone: TimeZone) -> Self {
        Self { zone, articles: BTreeMap::new(), trending: BTreeSet::new() }
    }

    /// An article came out at `at`, unless it is known.
    pub fn appear(&mut self, article: ArticleId, at: Timestamp) {
        self.articles.entry(article).or_insert_with(|| Past::new(at));
    }

    /// An event, no earlier than those before it.
    pub fn record(&mut self, event: &Event) {
        let past = self.articles.entry(event.article).or_insert_with(|| Past::new(event.at));
        let sum = Fading::event(event.at, event.times);
        match event.kind {
            Kind::View => past.view(event, &self.zone),
            Kind::Share => add(&mut past.shares, sum, &POPULAR),
            Kind::Reaction => add(&mut past.reactions, sum, &POPULAR),
            Kind::Earlier => past.total += event.times,
        }
    }

    /// What boards rank from at `now`, no earlier than any event; who trends then is remembered.
    pub fn at(&mut self, now: Timestamp) -> Moment {
        let end = now.start_of_hour(&self.zone);
        let mut articles: Vec<Figures> =
            self.articles.iter().map(|(id, past)| past.figures(*id, now, end)).collect();
        let site = Site::of(articles.iter().map(|figures| figures.pace));
        let gates = Gates::default().without_networks().at(&site);
        for figures in &mut articles {
            let was_there = self.trending.contains(&figures.article);
            figures.trends = figures.stands(&site, was_there, &gates);
        }
        let trending = articles.iter().filter(|figures| figures.trends);
        self.trending = trending.map(|figures| figures.article).collect();
        let views = std::array::from_fn(|i| articles.iter().map(|a| a.interest.views[i]).sum());
        Moment { now, half_life: popular::half_life(&views), site, articles }
    }
}

impl Figures {
    fn stands(&self, site: &Site, was_there: bool, gates: &Gates) -> bool {
        // A log that names no networks: those gates are open.
        let evidence =
            trending::Evidence { networks: 0, largest_share: 0.0, minutes: self.minutes };
        let burst = trending::burst(&self.pace, site);
        trending::stands(&burst, &self.pace, Some(&evidence), was_there, gates)
    }
}

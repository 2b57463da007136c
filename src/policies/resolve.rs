//! Which value is in effect, and where it came from: site, publisher, category from the root down,
//! article; the last that says something wins.

use super::model::{Effective, PolicySettings, Source, Sources};
use crate::{
    clock::Timestamp,
    config::{CommentState, Comments},
};

/// What one place sets.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
pub struct Layer {
    /// Who.
    pub source: Source,
    /// What.
    pub settings: PolicySettings,
}

/// The values in effect below `layers`, which come in the order of their weight, and their sources.
///
/// Comments close `closes_after_days` of the site after `published_at`, unless a layer names a time.
#[must_use]
pub fn resolve(
    site: &Comments,
    published_at: Option<Timestamp>,
    layers: &[Layer],
) -> (Effective, Sources) {
    let quotas = site.quotas();
    let days = i64::from(site.closes_after_days);
    let closing = published_at.filter(|_| days > 0).map(|at| at.plus_minutes(days * 24 * 60));
    let (state, from_state) = last(layers, |s| s.state, site.state);
    let (closes_at, from_closes) = last(layers, |s| s.closes_at.map(Some), closing);
    let (max_length, from_length) = last(layers, |s| s.max_length, site.max_length);
    let (per_article, from_article) = last(layers, |s| s.per_article, quotas.per_article);
    let (per_day, from_day) = last(layers, |s| s.per_day, quotas.per_day);
    let (spacing_seconds, from_spacing) =
        last(layers, |s| s.spacing_seconds, quotas.spacing_seconds);
    let (votes_per_day, from_votes) = last(layers, |s| s.votes_per_day, quotas.votes_per_day);
    let (vote_spacing_seconds, from_vote_spacing) =
        last(layers, |s| s.vote_spacing_seconds, quotas.vote_spacing_seconds);
    let (links, from_links) = last(layers, |s| s.links, quotas.links);
    let (default_sort, from_sort) = last(layers, |s| s.default_sort, site.default_sort);
    let effective = Effective {
        state,
        closes_at,
        max_length,
        per_article,
        per_day,
        spacing_seconds,
        votes_per_day,
        vote_spacing_seconds,
        links,
        default_sort,
    };
    let sources = Sources {
        state: from_state,
        closes_at: from_closes,
        max_length: from_length,
        per_article: from_article,
        per_day: from_day,
        spacing_seconds: from_spacing,
        votes_per_day: from_votes,
        vote_spacing_seconds: from_vote_spacing,
        links: from_links,
        default_sort: from_sort,
    };
    (effective, sources)
}

fn last<T>(layers: &[Layer], value: impl Fn(&PolicySettings) -> Option<T>, site: T) -> (T, Source) {
    let said = |layer: &Layer| value(&layer.settings).map(|value| (value, layer.source));
    layers.iter().rev().find_map(said).unwrap_or((site, Source::Site))
}

impl Effective {
    /// Whether a comment would be taken at `now`.
    #[must_use]
    pub fn accepts(&self, now: Timestamp) -> bool {
        self.state != CommentState::Closed && self.closes_at.is_none_or(|at| now < at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_layer_that_says_something_wins_and_is_named() {
        let site = Comments::default();
        let layer = |source, state, max_length| Layer {
            source,
            settings: PolicySettings { state, max_length, ..PolicySettings::default() },
        };
        let layers = [
            layer(Source::Publisher, Some(CommentState::PreModerated), Some(200)),
            layer(Source::Category, Some(CommentState::Closed), None),
            layer(Source::Category, Some(CommentState::Open), None),
            layer(Source::Article, None, None),
        ];
        let (effective, sources) = resolve(&site, None, &layers);
        assert_eq!((effective.state, sources.state), (CommentState::Open, Source::Category));
        assert_eq!((effective.max_length, sources.max_length), (200, Source::Publisher));
        assert_eq!((effective.per_day, sources.per_day), (20, Source::Site));
    }

    #[test]
    fn comments_close_the_days_after_publication_that_the_site_says() {
        let site = Comments { closes_after_days: 2, ..Comments::default() };
        let at: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let (effective, _) = resolve(&site, Some(at), &[]);
        assert!(effective.accepts(at.plus_minutes(2 * 24 * 60 - 1)));
        assert!(!effective.accepts(at.plus_minutes(2 * 24 * 60)));
    }
}

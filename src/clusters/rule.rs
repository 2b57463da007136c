//! The rule: whether two texts are one report. It looks at both alike, and never at the clock.

use super::{keys::REACH_MS, recurring::WEATHER, sketch::Sketch};

/// Share of the shorter body that the longer one must hold. Half of the sentences dropped leaves .9,
/// two reports of one event seldom .3.
const BODY: f64 = 0.6;
/// Grams that a body needs to be judged by itself.
const BODY_LEAST: usize = 50;
/// Bigrams that headlines of one publisher share when one is the other's update.
const OWN_TITLE: f64 = 0.5;
/// How long a publisher updates a report, in milliseconds.
const OWN_REACH_MS: i64 = 24 * 3_600_000;
/// Bigrams that headlines share which are the same but for a mark.
const SAME_TITLE: f64 = 0.85;
/// Bigrams that a headline needs to be judged by alone.
const TITLE_LEAST: usize = 8;
/// Share of the shorter lede that the longer text must hold.
const LEDE: f64 = 0.5;
/// Shared grams of a long lede of two publishers.
const LEDE_LONG: usize = 30;
/// Bigrams that headlines over like ledes must share: over long ones of one day, over others of one
/// day, and of different days, when what was the lede has become the background.
const LIKE_TITLE: [f64; 3] = [0.12, 0.28, 0.35];
/// Share of a text that supports a headline which alone could be of another day or figure.
const SUPPORT: f64 = 0.3;
/// What lies this far apart is of different days, in milliseconds: the rule knows no time zone.
const DAY_MS: i64 = 12 * 3_600_000;
/// Share of the shorter text that makes one of two of a recurring format.
const SAME_TEXT: f64 = 0.9;

/// Why two texts are one report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Why {
    /// Their bodies are.
    Body,
    /// One publisher's headline, updated.
    Update,
    /// The same headline.
    Title,
    /// The same beginning.
    Lede,
}

/// Why two texts are one report; `None` when they are not. Symmetric.
#[must_use]
pub fn same_report(a: &Sketch, b: &Sketch) -> Option<Why> {
    let apart = (a.published_at.as_millis() - b.published_at.as_millis()).abs();
    if apart > REACH_MS {
        return None;
    }
    let pair = Pair {
        apart,
        own: a.publisher == b.publisher,
        title: a.title.shared(&b.title).jaccard(),
        telling: a.title.len().min(b.title.len()) >= TITLE_LEAST,
        other_figures: !a.numbers.is_empty() && !b.numbers.is_empty() && a.numbers != b.numbers,
        text: text(a, b),
    };
    // The mark of a format may be missing from one of two headlines.
    let formats = a.formats | b.formats;
    let why = match formats {
        0 => pair.report(),
        _ if pair.apart > DAY_MS => pair.later(),
        // Weather of one day is told as other news is.
        WEATHER => pair.report(),
        _ => pair.recurring(),
    };
    // Too short to be judged by anything but being the same; of another day's edition not even that.
    let same = || a.title == b.title && a.lede == b.lede && a.body == b.body && !a.title.is_empty();
    let edition = formats != 0 && pair.apart > DAY_MS;
    why.or_else(|| (!edition && same()).then_some(Why::Title))
}

/// What two texts look like beside each other.
struct Pair {
    /// Milliseconds between them.
    apart: i64,
    /// Whether one publisher wrote both.
    own: bool,
    /// Jaccard index of the headlines' bigrams.
    title: f64,
    /// Whether both headlines are long enough to mean something alone.
    telling: bool,
    /// Whether both headlines name numbers, and not the same.
    other_figures: bool,
    text: Met,
}

impl Pair {
    fn report(&self) -> Option<Why> {
        let text = &self.text;
        if text.bodies && text.held >= BODY {
            return Some(Why::Body);
        }
        let fresh = self.apart <= OWN_REACH_MS;
        // Like headlines of other figures are other reports unless the text says they are one.
        let headline = self.telling && (!self.other_figures || text.held >= SUPPORT);
        if headline && self.own && fresh && self.title >= OWN_TITLE {
            return Some(Why::Update);
        }
        if headline && self.title >= SAME_TITLE {
            return Some(Why::Title);
        }
        let long = !self.own && text.both >= LEDE_LONG;
        let later = self.apart > DAY_MS;
        let like = LIKE_TITLE[if later { 2 } else { usize::from(!long) }];
        let begins = !text.bodies && text.held >= LEDE && self.title >= like;
        (begins && !(later && self.other_figures)).then_some(Why::Lede)
    }

    /// Of a format that comes again each day little differs but the figures: the whole text must be
    /// the same, or the headline.
    fn recurring(&self) -> Option<Why> {
        if self.text.held >= SAME_TEXT {
            return Some(if self.text.bodies { Why::Body } else { Why::Lede });
        }
        let same = self.telling && self.title >= SAME_TITLE && !self.other_figures;
        (same && self.text.held >= SUPPORT).then_some(Why::Title)
    }

    /// On another day only a text that stayed the same, its figures included, is no new edition.
    fn later(&self) -> Option<Why> {
        let same = self.text.held >= SAME_TEXT && self.text.bodies && !self.other_figures;
        same.then_some(Why::Body)
    }
}

/// How the texts of two sketches meet.
struct Met {
    /// Whether both have a body that can be judged.
    bodies: bool,
    /// Share of the shorter that the other holds.
    held: f64,
    /// Grams that both have.
    both: usize,
}

/// By the bodies when both have one, else by the shorter of what they have.
fn text(a: &Sketch, b: &Sketch) -> Met {
    let bodies = a.body.len().min(b.body.len()) >= BODY_LEAST;
    let met = |shared: super::grams::Shared| Met {
        bodies,
        held: shared.containment(),
        both: shared.both,
    };
    if bodies {
        return met(a.body.shared(&b.body));
    }
    let best = [
        a.lede.shared(&b.lede),
        a.lede.shared(&b.body),
        a.body.shared(&b.lede),
        a.body.shared(&b.body),
    ];
    let best = best.into_iter().max_by(|x, y| {
        (x.containment(), x.both)
            .partial_cmp(&(y.containment(), y.both))
            .unwrap_or(std::cmp::Ordering::Equal)
    });
    best.map_or(Met { bodies, held: 0.0, both: 0 }, met)
}

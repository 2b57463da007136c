//! What is read far more than usual now. Pure.
//!
//! The pace of the last hours is held against that of the last day, both as sums that fade. How the
//! whole site's pace changed in that time is taken out, so that a morning is not news. What remains is
//! measured in the spread of a Poisson count: two views instead of one are nothing, two hundred
//! instead of a hundred are.

/// Half-lives of the sums of a [`Pace`], in seconds: `latest`, `fast`, `slow`.
pub const HALF_LIVES: [f64; 3] = [1800.0, 7200.0, 86_400.0];

/// An article this many times slower than the fastest is not active.
const INACTIVE: f64 = 1000.0;

/// The faded views of an article at one moment, all over the same events.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Pace {
    /// With a half-life of 30 minutes.
    pub latest: f64,
    /// With a half-life of 2 hours.
    pub fast: f64,
    /// With a half-life of 24 hours.
    pub slow: f64,
}

impl Pace {
    /// How its pace of the last half-hour compares with that of the last two: 1 when it is steady.
    #[must_use]
    pub fn keeps_up(&self) -> f64 {
        if self.fast > 0.0 { self.latest / self.fast * HALF_LIVES[1] / HALF_LIVES[0] } else { 0.0 }
    }
}

/// What all articles of a site do together.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Site {
    /// The sum of `fast`.
    pub fast: f64,
    /// The sum of `slow`.
    pub slow: f64,
    /// The median of `fast` among active articles: the least that any article is expected to have.
    pub median: f64,
}

impl Site {
    /// Of every article that had views lately. One that faded away may be left out: it is not active.
    #[must_use]
    pub fn of(paces: impl Iterator<Item = Pace>) -> Self {
        let mut site = Self::default();
        let mut fast: Vec<f64> = Vec::new();
        for pace in paces {
            site.fast += pace.fast;
            site.slow += pace.slow;
            fast.push(pace.fast);
        }
        let most = fast.iter().copied().fold(0.0, f64::max);
        fast.retain(|fast| *fast > most / INACTIVE);
        site.median = median(fast);
        site
    }
}

/// The middle one, the upper of two; 0 of none.
fn median(mut values: Vec<f64>) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    let middle = values.len() / 2;
    *values.select_nth_unstable_by(middle, f64::total_cmp).1
}

/// How far an article is above what was to be expected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Burst {
    /// The faded views to be expected with a half-life of 2 hours.
    pub expected: f64,
    /// What it has over what was expected; 0 when nothing was expected.
    pub times_usual: f64,
    /// The surplus in standard deviations: what the board is ordered by.
    pub z: f64,
}

/// Compares an article with itself a day long, and with the site.
#[must_use]
pub fn burst(pace: &Pace, site: &Site) -> Burst {
    let usual = if site.slow > 0.0 { pace.slow * site.fast / site.slow } else { 0.0 };
    let expected = usual.max(site.median);
    Burst {
        expected,
        times_usual: if expected > 0.0 { pace.fast / expected } else { 0.0 },
        z: (pace.fast - expected) / (expected + 1.0).sqrt(),
    }
}

/// Whose views they were, where that is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// Networks they came from in the last hours.
    pub networks: u32,
    /// The share of the largest network in the views that rank of the last hours, 0..=1.
    pub largest_share: f64,
    /// Distinct minutes with views, fading with 2 hours.
    pub minutes: f64,
}

/// What it takes to be on the board.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gates {
    /// The least `z` to enter.
    pub enter: f64,
    /// The least `z` to stay: lower, so that a place is not lost and won from minute to minute.
    pub leave: f64,
    /// The least `fast`.
    pub fast: f64,
    /// The least [`Pace::keeps_up`]: what stopped is not trending, however large it was.
    pub keeps_up: f64,
    /// The fewest networks.
    pub networks: u32,
    /// The fewest distinct minutes.
    pub minutes: f64,
    /// The largest share of one network.
    pub largest_share: f64,
}

impl Default for Gates {
    fn default() -> Self {
        Self {
            enter: 3.0,
            leave: 1.5,
            fast: 10.0,
            keeps_up: 0.25,
            networks: 20,
            minutes: 3.0,
            largest_share: 0.2,
        }
    }
}

impl Gates {
    /// Without asking whose views they were: for a demonstration, in which all come from one machine.
    #[must_use]
    pub fn without_networks(self) -> Self {
        Self { networks: 0, largest_share: 1.0, ..self }
    }
}

/// Whether an article stands on the board. Without `evidence` the gates that need it are not asked.
#[must_use]
pub fn stands(
    burst: &Burst,
    pace: &Pace,
    evidence: Option<&Evidence>,
    was_there: bool,
    gates: &Gates,
) -> bool {
    let least = if was_there { gates.leave } else { gates.enter };
    let vouched = evidence.is_none_or(|evidence| {
        evidence.networks >= gates.networks
            && evidence.minutes >= gates.minutes
            && evidence.largest_share <= gates.largest_share
    });
    burst.z >= least && pace.fast >= gates.fast && pace.keeps_up() >= gates.keeps_up && vouched
}

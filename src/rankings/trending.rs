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
    /// This part of it.
    #[must_use]
    pub fn times(&self, part: f64) -> Self {
        Self { latest: self.latest * part, fast: self.fast * part, slow: self.slow * part }
    }

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
    /// Of a site with [`Gates::FULL`] views.
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
    /// The faded views of a site, with a half-life of 2 hours, from which the gates hold in full:
    /// some 520 an hour.
    pub const FULL: f64 = 1500.0;

    /// What is left of the gates on the smallest site: one reader is no trend anywhere.
    const LEAST: f64 = 0.1;

    /// With fewer networks than these a largest share says nothing.
    const FEWEST_NETWORKS: u32 = 3;

    /// For a site of this size. What counts views shrinks with it, so that an article with the same
    /// part of the traffic stands on a small site as on a large one; shares do not, and one network is
    /// never enough.
    #[must_use]
    pub fn at(self, site: &Site) -> Self {
        let scale = (site.fast / Self::FULL).clamp(Self::LEAST, 1.0);
        let networks = (f64::from(self.networks) * scale).ceil() as u32;
        Self {
            enter: self.enter * scale,
            leave: self.leave * scale,
            fast: self.fast * scale,
            networks: networks.max(self.networks.min(Self::FEWEST_NETWORKS)),
            minutes: self.minutes * scale,
            ..self
        }
    }

    /// Without asking whose views they were: for a demonstration, in which all come from one machine.
    #[must_use]
    pub fn without_networks(self) -> Self {
        Self { networks: 0, largest_share: 1.0, ..self }
    }
}

/// Whether an article stands on the board; `gates` are those [`at`](Gates::at) its site. Without
/// `evidence` the gates that need it are not asked.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engagement::decay::fade;
    use proptest::prelude::*;

    const HOUR: f64 = 3600.0;

    /// The sums of views at `rate` an hour from `since` to `until`, in hours before the present.
    fn read(rate: f64, since: f64, until: f64) -> Pace {
        let sum = |half_life: f64| {
            let held = |hours: f64| fade(1.0, hours * HOUR, half_life);
            rate / HOUR * half_life / std::f64::consts::LN_2 * (held(until) - held(since))
        };
        let [latest, fast, slow] = HALF_LIVES.map(sum);
        Pace { latest, fast, slow }
    }

    fn plus(a: Pace, b: Pace) -> Pace {
        Pace { latest: a.latest + b.latest, fast: a.fast + b.fast, slow: a.slow + b.slow }
    }

    fn times(pace: Pace, k: f64) -> Pace {
        Pace { latest: pace.latest * k, fast: pace.fast * k, slow: pace.slow * k }
    }

    /// As [`stands`], with evidence that nobody doubts.
    fn enters(pace: &Pace, site: &Site, was_there: bool) -> bool {
        let many = Evidence { networks: 500, largest_share: 0.01, minutes: 60.0 };
        let gates = Gates::default().at(site);
        stands(&burst(pace, site), pace, Some(&many), was_there, &gates)
    }

    /// A site read at constant rates for weeks.
    fn steady(rates: &[f64]) -> Vec<Pace> {
        rates.iter().map(|rate| read(*rate, 1000.0, 0.0)).collect()
    }

    fn rates() -> impl Strategy<Value = Vec<f64>> {
        prop::collection::vec(1.0f64..500.0, 20..60)
    }

    /// Articles of any past.
    fn paces() -> impl Strategy<Value = Vec<Pace>> {
        let one = (0.1f64..300.0, 0.5f64..90.0, 0.0f64..0.9)
            .prop_map(|(rate, since, part)| read(rate, since, since * part));
        prop::collection::vec(one, 3..60)
    }

    proptest! {
        #[test]
        fn at_constant_rates_nothing_trends(rates in rates()) {
            let paces = steady(&rates);
            let site = Site::of(paces.iter().copied());
            for pace in &paces {
                let burst = burst(pace, &site);
                prop_assert!(burst.z < 1e-6, "{burst:?}");
                prop_assert!(pace.fast < site.median * (1.0 + 1e-9) || burst.z.abs() < 1e-6);
                prop_assert!(!enters(pace, &site, true));
            }
        }

        #[test]
        fn a_morning_on_the_whole_site_is_no_news(rates in rates(), by in 1.0f64..20.0, hours in 0.2f64..5.0) {
            let busier = |rate: &f64| plus(read(*rate, 1000.0, 0.0), read(rate * by, hours, 0.0));
            let paces: Vec<Pace> = rates.iter().map(busier).collect();
            let site = Site::of(paces.iter().copied());
            prop_assert!(paces.iter().all(|pace| burst(pace, &site).z < 1e-6));
        }

        #[test]
        fn the_size_of_a_site_does_not_matter(paces in paces(), k in 0.01f64..1000.0) {
            let site = Site::of(paces.iter().copied());
            let larger: Vec<Pace> = paces.iter().map(|pace| times(*pace, k)).collect();
            let larger_site = Site::of(larger.iter().copied());
            for (pace, large) in paces.iter().zip(&larger) {
                let (one, two) = (burst(pace, &site), burst(large, &larger_site));
                prop_assert!((one.times_usual - two.times_usual).abs() <= 1e-9 * one.times_usual);
                prop_assert!(one.z.signum() == two.z.signum() || one.z.abs() < 1e-9);
            }
        }

        #[test]
        fn a_view_more_never_lowers_an_article(paces in paces(), pick in any::<prop::sample::Index>(), more in 0.1f64..50.0) {
            let site = Site::of(paces.iter().copied());
            let pace = paces[pick.index(paces.len())];
            let read = plus(pace, Pace { latest: more, fast: more, slow: more });
            prop_assume!(site.fast < site.slow);
            prop_assert!(burst(&read, &site).z >= burst(&pace, &site).z - 1e-9);
            prop_assert!(read.keeps_up() >= pace.keeps_up() - 1e-9);
        }

        #[test]
        fn an_old_article_that_surges_enters_and_leaves_within_four_hours(
            rates in rates(),
            surge in 300.0f64..100_000.0,
            hours in 1.0f64..12.0,
        ) {
            let mut paces = steady(&rates);
            // Three days old, read a little, then all at once.
            let old = read(1.0, 72.0, 0.0);
            paces.push(plus(old, read(surge, hours, 0.0)));
            let site = Site::of(paces.iter().copied());
            let surging = paces[rates.len()];
            let large = surge > 0.2 * rates.iter().sum::<f64>();
            prop_assert!(!large || enters(&surging, &site, false), "{:?}", burst(&surging, &site));
            let mut later = steady(&rates);
            later.push(plus(old, read(surge, hours + 4.0, 4.0)));
            let site = Site::of(later.iter().copied());
            prop_assert!(!enters(&later[rates.len()], &site, true));
        }

        #[test]
        fn an_article_of_an_hour_with_most_of_the_views_is_first(paces in paces(), part in 1.1f64..10.0) {
            let others = Site::of(paces.iter().copied());
            let rate = others.fast * part / read(1.0, 1.0, 0.0).fast;
            let young = read(rate, 1.0, 0.0);
            let site = Site::of(paces.iter().copied().chain([young]));
            let z = burst(&young, &site).z;
            prop_assert!(paces.iter().all(|pace| burst(pace, &site).z < z));
        }

        #[test]
        fn one_network_never_enters(
            paces in paces(),
            rate in 1.0f64..1e7,
            minutes in 0.0f64..200.0,
            was_there in any::<bool>(),
        ) {
            let stuffed = read(rate, 2.0, 0.0);
            let site = Site::of(paces.iter().copied().chain([stuffed]));
            let gates = Gates::default().at(&site);
            let alone = Evidence { networks: 1, largest_share: 1.0, minutes };
            let burst = burst(&stuffed, &site);
            prop_assert!(!stands(&burst, &stuffed, Some(&alone), was_there, &gates));
            // Nor with a crowd around it.
            let among = Evidence { networks: 400, largest_share: 0.21, minutes };
            prop_assert!(!stands(&burst, &stuffed, Some(&among), was_there, &gates));
        }

        #[test]
        fn who_entered_stays_at_the_same_pace(paces in paces()) {
            let site = Site::of(paces.iter().copied());
            prop_assert!(paces.iter().all(|pace| !enters(pace, &site, false) || enters(pace, &site, true)));
        }
    }

    #[test]
    fn a_small_site_asks_for_less_but_never_takes_one_network() {
        let site = |fast| Site { fast, ..Site::default() };
        let full = Gates::default();
        assert_eq!(full.at(&site(1e9)), full);
        let tenth = full.at(&site(Gates::FULL / 10.0));
        assert!((tenth.fast - 1.0).abs() < 1e-9 && (tenth.enter - 0.3).abs() < 1e-9);
        assert_eq!(full.at(&site(0.0)), tenth);
        assert_eq!(tenth.networks, Gates::FEWEST_NETWORKS);
        assert_eq!(full.without_networks().at(&site(0.0)).networks, 0);
    }

    #[test]
    fn nothing_read_is_nothing_to_tell() {
        let site = Site::of(std::iter::empty());
        let burst = burst(&Pace::default(), &site);
        assert!([burst.expected, burst.times_usual, burst.z].iter().all(|x| x.abs() < 1e-12));
        assert!(!enters(&Pace::default(), &site, true));
    }
}

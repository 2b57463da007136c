//! Quotas: what is left of each, from what was done and when.

use crate::{clock::Timestamp, policies::model::Effective};

/// What a reader did, as quotas look at it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// In all, for a quota that never comes back.
    pub ever: u32,
    /// In the last 24 hours.
    pub day: u32,
    /// The oldest of the last 24 hours that must end before there is room again.
    pub oldest: Option<Timestamp>,
    /// The last one.
    pub last: Option<Timestamp>,
}

/// One quota and what is left of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// Its name in headers.
    pub name: &'static str,
    /// How many.
    pub limit: u32,
    /// In how many seconds; `None` for ever.
    pub window_s: Option<u32>,
    /// How many are left.
    pub remaining: u32,
    /// Seconds until one more is there, when none is left; `None` when none ever will be.
    pub reset_s: Option<u32>,
}

const DAY_S: u32 = 86_400;

/// The quotas of comments that have a limit, for one article.
#[must_use]
pub fn of_comments(policy: &Effective, done: Done, now: Timestamp) -> Vec<Quota> {
    let article = (policy.per_article > 0).then(|| Quota {
        name: "comments-per-article",
        limit: policy.per_article,
        window_s: None,
        remaining: policy.per_article.saturating_sub(done.ever),
        reset_s: None,
    });
    let day = daily("comments-per-day", policy.per_day, done, now);
    let spacing = spacing("comments-spacing", policy.spacing_seconds, done, now);
    [article, day, spacing].into_iter().flatten().collect()
}

/// The quotas of votes that have a limit.
#[must_use]
pub fn of_votes(policy: &Effective, done: Done, now: Timestamp) -> Vec<Quota> {
    let day = daily("votes-per-day", policy.votes_per_day, done, now);
    let spacing = spacing("votes-spacing", policy.vote_spacing_seconds, done, now);
    [day, spacing].into_iter().flatten().collect()
}

fn daily(name: &'static str, limit: u32, done: Done, now: Timestamp) -> Option<Quota> {
    let ends = done.oldest.map(|at| until(at.plus_seconds(i64::from(DAY_S)), now));
    (limit > 0).then(|| Quota {
        name,
        limit,
        window_s: Some(DAY_S),
        remaining: limit.saturating_sub(done.day),
        reset_s: Some(ends.unwrap_or(0)),
    })
}

fn spacing(name: &'static str, seconds: u32, done: Done, now: Timestamp) -> Option<Quota> {
    let wait = done.last.map_or(0, |at| until(at.plus_seconds(i64::from(seconds)), now));
    (seconds > 0).then_some(Quota {
        name,
        limit: 1,
        window_s: Some(seconds),
        remaining: u32::from(wait == 0),
        reset_s: Some(wait),
    })
}

/// Whole seconds from `now` to `at`, rounded up; 0 when it is past.
fn until(at: Timestamp, now: Timestamp) -> u32 {
    let millis = (at.as_millis() - now.as_millis()).max(0);
    u32::try_from(millis.unsigned_abs().div_ceil(1_000)).unwrap_or(u32::MAX)
}

/// The quota that is used up: the one that takes longest to come back.
#[must_use]
pub fn used_up(quotas: &[Quota]) -> Option<&Quota> {
    let spent = quotas.iter().filter(|quota| quota.remaining == 0);
    spent.max_by_key(|quota| quota.reset_s.unwrap_or(u32::MAX))
}

/// `RateLimit-Policy` and `RateLimit`, after draft-ietf-httpapi-ratelimit-headers; a quota that never
/// comes back has no window.
#[must_use]
pub fn headers(quotas: &[Quota]) -> (String, String) {
    let policy = quotas.iter().map(|quota| {
        let window = quota.window_s.map(|s| format!(";w={s}")).unwrap_or_default();
        format!("\"{}\";q={}{window}", quota.name, quota.limit)
    });
    let state = quotas.iter().map(|quota| {
        let reset = quota.reset_s.map(|s| format!(";t={s}")).unwrap_or_default();
        format!("\"{}\";r={}{reset}", quota.name, quota.remaining)
    });
    (policy.collect::<Vec<_>>().join(", "), state.collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{config::Comments, policies::resolve::resolve};

    fn portal() -> Effective {
        resolve(&Comments::default(), None, &[]).0
    }

    #[test]
    fn the_quota_that_takes_longest_is_named() {
        let now: Timestamp = "2026-11-22T09:00:00Z".parse().expect("a time");
        let last = Some(now.plus_seconds(-20));
        let fresh = of_comments(&portal(), Done::default(), now);
        assert_eq!(used_up(&fresh), None);
        let soon = of_comments(&portal(), Done { ever: 1, day: 1, oldest: last, last }, now);
        assert_eq!(
            used_up(&soon).map(|q| (q.name, q.reset_s)),
            Some(("comments-spacing", Some(40)))
        );
        let full = Done { ever: 3, day: 20, oldest: Some(now.plus_minutes(-60)), last };
        let full = of_comments(&portal(), full, now);
        assert_eq!(used_up(&full).map(|q| q.name), Some("comments-per-article"));
        let (policy, state) = headers(&full);
        assert_eq!(
            policy,
            "\"comments-per-article\";q=3, \"comments-per-day\";q=20;w=86400, \"comments-spacing\";q=1;w=60"
        );
        assert_eq!(
            state,
            "\"comments-per-article\";r=0, \"comments-per-day\";r=0;t=82800, \"comments-spacing\";r=0;t=40"
        );
    }
}

//! One view as it waits to be written: who sent it is already a number that means nothing tomorrow.

use super::bots::{self, Refusal};
use crate::{clock::Timestamp, http::client, ids::ArticleId};
use actix_web::http::header::HeaderMap;
use hmac::{Hmac, Mac};
use jiff::tz::TimeZone;
use sha2::Sha256;
use std::net::IpAddr;

/// A view of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct View {
    /// What was viewed.
    pub article: ArticleId,
    /// When it came in.
    pub at: Timestamp,
    /// What speaks against it; `None` makes it count, if its visitor was not counted in this slot.
    pub refusal: Option<Refusal>,
    /// Who, while the secret lives.
    pub visitor: i64,
    /// From which network, while the secret lives.
    pub network: i64,
    /// Whether it may lift its article on `most_viewed`.
    pub may_rank: bool,
}

/// Seconds in which a visitor counts once for an article.
const SLOT_S: i64 = 1800;

impl View {
    /// A view that came in with these headers from `address`.
    #[must_use]
    pub fn new(
        article: ArticleId,
        at: Timestamp,
        secret: &[u8; 32],
        address: IpAddr,
        headers: &HeaderMap,
        may_rank: bool,
    ) -> Self {
        Self {
            article,
            at,
            refusal: bots::refusal(headers),
            visitor: visitor(secret, address, bots::user_agent(headers)),
            network: network(secret, address),
            may_rank,
        }
    }

    /// The half-hour it falls in, counted from 1970.
    #[must_use]
    pub fn slot(&self) -> i64 {
        slot(self.at)
    }

    /// The end of the clock hour it falls in: the name of its bucket.
    #[must_use]
    pub fn hour_end(&self, zone: &TimeZone) -> Timestamp {
        self.at.start_of_hour(zone).plus_minutes(60)
    }
}

/// The half-hour that `at` falls in, counted from 1970.
#[must_use]
pub fn slot(at: Timestamp) -> i64 {
    at.as_seconds().div_euclid(SLOT_S)
}

/// The hour that ends at `end`, as a number that the next hour's follows.
#[must_use]
pub fn hour(end: Timestamp) -> i64 {
    end.as_seconds().div_euclid(3600)
}

/// Which of four partitions holds a slot or an hour.
#[must_use]
pub fn ring(n: i64) -> i16 {
    n.rem_euclid(4) as i16
}

/// The first 64 bits of HMAC-SHA256(secret, address ‖ 0 ‖ user agent).
fn visitor(secret: &[u8; 32], address: IpAddr, user_agent: &str) -> i64 {
    match address {
        IpAddr::V4(ip) => keyed(secret, &[&ip.octets(), &[0], user_agent.as_bytes()]),
        IpAddr::V6(ip) => keyed(secret, &[&ip.octets(), &[0], user_agent.as_bytes()]),
    }
}

/// The first 64 bits of HMAC-SHA256(secret, network as text).
fn network(secret: &[u8; 32], address: IpAddr) -> i64 {
    keyed(secret, &[client::network(address).to_string().as_bytes()])
}

fn keyed(secret: &[u8; 32], parts: &[&[u8]]) -> i64 {
    // HMAC takes a key of any length; the fallback is never reached and links nothing to anyone.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret) else { return 0 };
    for part in parts {
        mac.update(part);
    }
    let digest = mac.finalize().into_bytes();
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visitor_is_an_address_and_a_browser_under_one_secret() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let (today, tomorrow) = ([1; 32], [2; 32]);
        let one = visitor(&today, ip("192.0.2.1"), "a");
        assert_eq!(one, visitor(&today, ip("192.0.2.1"), "a"));
        assert_ne!(one, visitor(&today, ip("192.0.2.1"), "b"));
        assert_ne!(one, visitor(&today, ip("192.0.2.2"), "a"));
        assert_ne!(one, visitor(&tomorrow, ip("192.0.2.1"), "a"));
        assert_eq!(network(&today, ip("192.0.2.1")), network(&today, ip("192.0.2.200")));
        assert_ne!(network(&today, ip("192.0.2.1")), network(&today, ip("192.0.3.1")));
    }
}

//! Who sends events, as numbers: under the secret of the day, which is thrown away with it. Pure.

use super::event::Kind;
use crate::{
    http::{client, visitor::VisitorId},
    ids::AccountId,
};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use std::net::IpAddr;

/// What is known of a sender.
#[derive(Debug, Clone, Copy)]
pub struct Sender<'a> {
    /// The trusted address.
    pub address: IpAddr,
    /// What the program calls itself.
    pub user_agent: &'a str,
    /// Whose visitor token came along.
    pub token: Option<VisitorId>,
}

impl Sender<'_> {
    /// The first 64 bits of an HMAC-SHA256 of the token's id, or else of address ‖ 0 ‖ user agent.
    /// One sender has another number for each kind of event.
    #[must_use]
    pub fn visitor(&self, kind: Kind, secret: &[u8; 32]) -> i64 {
        let tag: &[u8] = match kind {
            Kind::View => b"",
            Kind::Share => b"share",
            Kind::Reaction => b"reaction",
        };
        match (self.token, self.address) {
            (Some(id), _) => keyed(secret, &[tag, b"token", &id.0]),
            (None, IpAddr::V4(ip)) => {
                keyed(secret, &[tag, &ip.octets(), &[0], self.user_agent.as_bytes()])
            }
            (None, IpAddr::V6(ip)) => {
                keyed(secret, &[tag, &ip.octets(), &[0], self.user_agent.as_bytes()])
            }
        }
    }

    /// Whose reaction it is: the same for as long as the token lives; without one, for a day.
    #[must_use]
    pub fn actor(&self, secret: &[u8; 32]) -> i64 {
        self.token.map_or_else(|| self.visitor(Kind::Reaction, secret), VisitorId::number)
    }

    /// The first 64 bits of HMAC-SHA256(secret, network as text). A token changes nothing here.
    #[must_use]
    pub fn network(&self, secret: &[u8; 32]) -> i64 {
        keyed(secret, &[client::network(self.address).to_string().as_bytes()])
    }
}

/// Whose reaction it is, of somebody with an account: the first 64 bits of SHA-256 of its id, so that no
/// two come near each other.
#[must_use]
pub fn account_number(id: AccountId) -> i64 {
    let digest = Sha256::digest(id.0.as_bytes());
    let mut first = [0; 8];
    first.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(first)
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

    fn from(address: &str, user_agent: &'static str) -> Sender<'static> {
        Sender { address: address.parse().expect("an address"), user_agent, token: None }
    }

    #[test]
    fn a_visitor_is_an_address_and_a_browser_under_one_secret() {
        let (today, tomorrow) = ([1; 32], [2; 32]);
        let of = |address, browser, secret| from(address, browser).visitor(Kind::View, secret);
        let one = of("192.0.2.1", "a", &today);
        assert_eq!(one, of("192.0.2.1", "a", &today));
        assert_ne!(one, of("192.0.2.1", "b", &today));
        assert_ne!(one, of("192.0.2.2", "a", &today));
        assert_ne!(one, of("192.0.2.1", "a", &tomorrow));
        assert_ne!(one, from("192.0.2.1", "a").visitor(Kind::Share, &today));
    }

    #[test]
    fn a_network_is_the_same_for_its_addresses_with_and_without_tokens() {
        let secret = [1; 32];
        let mut one = from("192.0.2.1", "a");
        let network = one.network(&secret);
        assert_eq!(network, from("192.0.2.200", "b").network(&secret));
        assert_ne!(network, from("192.0.3.1", "a").network(&secret));
        one.token = Some(VisitorId([7; 16]));
        assert_eq!(network, one.network(&secret));
    }

    #[test]
    fn a_token_makes_a_visitor_of_its_own_whose_reactions_outlive_the_day() {
        let token = |n| Some(VisitorId([n; 16]));
        let plain = from("192.0.2.1", "a");
        let (one, two) = (Sender { token: token(1), ..plain }, Sender { token: token(2), ..plain });
        let secret = [1; 32];
        let views = [plain, one, two].map(|sender| sender.visitor(Kind::View, &secret));
        assert!(views[0] != views[1] && views[1] != views[2] && views[0] != views[2]);
        assert_eq!(one.actor(&[1; 32]), one.actor(&[2; 32]));
        assert_ne!(plain.actor(&[1; 32]), plain.actor(&[2; 32]));
    }
}

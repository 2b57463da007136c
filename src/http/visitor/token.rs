//! Visitor tokens: who, since when, and a seal that only we can make. Pure.

use crate::clock::Timestamp;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// A visitor: 128 random bits that say nothing about anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorId(pub [u8; 16]);

impl VisitorId {
    /// Its first 64 bits.
    #[must_use]
    pub fn number(self) -> i64 {
        let mut first = [0; 8];
        first.copy_from_slice(&self.0[..8]);
        i64::from_be_bytes(first)
    }
}

/// What a token begins with.
const PREFIX: &str = "vt_";

/// Bytes of the id and of the second of issue.
const SAID: usize = 16 + 8;

/// Bytes of the seal: HMAC-SHA256, cut as RFC 2104 allows.
const SEAL: usize = 16;

/// `vt_` and base64url of id ‖ second of issue ‖ seal over both.
#[must_use]
pub fn seal(key: &[u8; 32], id: VisitorId, issued_at: Timestamp) -> String {
    let mut bytes = id.0.to_vec();
    bytes.extend(issued_at.as_seconds().to_be_bytes());
    let mac = sealed(key, &bytes).map(|mac| mac.finalize().into_bytes()).unwrap_or_default();
    bytes.extend(&mac[..SEAL]);
    format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
}

/// What a token says; `None` when it was not made with `key`.
#[must_use]
pub fn open(key: &[u8; 32], token: &str) -> Option<(VisitorId, Timestamp)> {
    let bytes = URL_SAFE_NO_PAD.decode(token.strip_prefix(PREFIX)?).ok()?;
    let (said, seal) = bytes.split_at_checked(SAID)?;
    if seal.len() != SEAL || sealed(key, said)?.verify_truncated_left(seal).is_err() {
        return None;
    }
    let (id, second) = said.split_at(16);
    let second = i64::from_be_bytes(second.try_into().ok()?);
    Some((VisitorId(id.try_into().ok()?), Timestamp::from_millis(second.checked_mul(1000)?)))
}

fn sealed(key: &[u8; 32], said: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(said);
    Some(mac)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_says_what_was_sealed(id in any::<[u8; 16]>(), second in 0i64..4_000_000_000) {
            let at = Timestamp::from_millis(second * 1000);
            let token = seal(&[1; 32], VisitorId(id), at);
            prop_assert_eq!(open(&[1; 32], &token), Some((VisitorId(id), at)));
            prop_assert_eq!(open(&[2; 32], &token), None);
            prop_assert_eq!(token.len(), 57);
        }

        #[test]
        fn one_changed_character_breaks_the_seal(at in 3usize..57, to in "[A-Za-z0-9_-]") {
            let token = seal(&[1; 32], VisitorId([7; 16]), Timestamp::from_millis(1000));
            let changed = format!("{}{to}{}", &token[..at], &token[at + 1..]);
            prop_assert_eq!(open(&[1; 32], &changed).is_some(), changed == token);
        }

        #[test]
        fn no_text_breaks_the_reader(text in ".{0,100}") {
            prop_assert_eq!(open(&[1; 32], &format!("vt_{text}")), None);
            prop_assert_eq!(open(&[1; 32], &text), None);
        }
    }
}

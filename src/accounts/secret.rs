//! Secrets that are shown once: keys, and the tokens of accounts.

use crate::{
    error::{Error, Result},
    http::auth::secret_hash,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// A word for its kind, such as `sk_`, and 43 base64url characters of 256 random bits. Shown once; stored
/// as its SHA-256 alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// What keys of integrators begin with.
pub const KEY: &str = "sk_";
/// What access tokens begin with.
pub const ACCESS: &str = "at_";
/// What refresh tokens begin with.
pub const REFRESH: &str = "rt_";
/// What tokens sent by mail begin with.
pub const MAILED: &str = "mt_";

/// How many characters of a key are kept to tell keys apart by eye: `sk_` and 48 of 256 bits.
const PREFIX: usize = 11;

impl Secret {
    /// A fresh key.
    ///
    /// # Errors
    /// `Internal` when the system gives no randomness.
    pub fn generate() -> Result<Self> {
        Self::of(KEY)
    }

    /// A fresh secret that begins with `kind`.
    ///
    /// # Errors
    /// `Internal` when the system gives no randomness.
    pub fn of(kind: &str) -> Result<Self> {
        Ok(Self(format!("{kind}{}", URL_SAFE_NO_PAD.encode(random::<32>()?))))
    }

    /// The whole secret, to be shown to its owner once.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The characters by which keys are told apart.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.0.get(..PREFIX).unwrap_or_default()
    }

    /// What is stored.
    #[must_use]
    pub fn hash(&self) -> [u8; 32] {
        secret_hash(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}…", self.prefix())
    }
}

/// Random bytes.
///
/// # Errors
/// `Internal` when the system gives no randomness.
pub fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bits = [0; N];
    let random = rustls::crypto::ring::default_provider().secure_random;
    random.fill(&mut bits).map_err(|_| Error::internal("no randomness"))?;
    Ok(bits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_print_only_their_prefix() {
        let (one, two) = (Secret::generate().expect("random"), Secret::generate().expect("random"));
        assert_ne!(one, two);
        assert_eq!(one.reveal().len(), 3 + 43);
        assert_eq!(format!("{one:?}"), format!("{}…", one.prefix()));
    }
}

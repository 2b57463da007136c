//! The secret part of a key.

use crate::{
    error::{Error, Result},
    http::auth::secret_hash,
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};

/// `sk_` and 43 base64url characters of 256 random bits. Shown once; stored as its SHA-256 alone.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// How many characters of a key are kept to tell keys apart by eye: `sk_` and 48 of 256 bits.
const PREFIX: usize = 11;

impl Secret {
    /// A fresh one.
    ///
    /// # Errors
    /// `Internal` when the system gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut bits = [0; 32];
        let random = rustls::crypto::ring::default_provider().secure_random;
        random.fill(&mut bits).map_err(|_| Error::internal("no randomness"))?;
        Ok(Self(format!("sk_{}", URL_SAFE_NO_PAD.encode(bits))))
    }

    /// The whole key, to be shown to its owner once.
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

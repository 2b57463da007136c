//! Passwords: argon2id, away from the threads that serve, and only so many at once.

use super::secret::random;
use crate::{
    config::Accounts,
    error::{Error, Result},
};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD_NO_PAD};
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;

/// How long a request waits for its turn.
const PATIENCE: Duration = Duration::from_secs(2);

/// Bytes of salt.
const SALT: usize = 16;

/// Bytes of hash.
const HASH: usize = 32;

/// Hashes passwords. One per process: the bound is on all of it.
#[derive(Clone)]
pub struct Hasher {
    params: Params,
    /// Those that hash.
    at_work: Arc<Semaphore>,
    /// Those that hash and those that wait.
    admitted: Arc<Semaphore>,
}

impl Hasher {
    /// With the costs and bounds of the settings, which were checked.
    #[must_use]
    pub fn new(settings: &Accounts) -> Self {
        let (memory, passes) = (settings.argon2_memory_kib, settings.argon2_passes);
        let params = Params::new(memory, passes, settings.argon2_lanes, Some(HASH));
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let at_work = match settings.hashing as usize {
            0 => (cores() / 2).max(1),
            n => n,
        };
        let waiting = settings.hashing_queue as usize;
        Self {
            params: params.unwrap_or(Params::DEFAULT),
            at_work: Arc::new(Semaphore::new(at_work)),
            admitted: Arc::new(Semaphore::new(at_work + waiting)),
        }
    }

    /// What is stored of `password`: a PHC string.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn hash(&self, password: &str) -> Result<String> {
        let salt = random::<SALT>()?;
        let (params, password) = (self.params.clone(), password.to_owned());
        self.run(move || {
            let hash = derive(&params, &password, &salt)?;
            Ok(print(&params, &salt, &hash))
        })
        .await
    }

    /// Whether `password` is the one that was stored. Without a stored one it is not, after the same work.
    ///
    /// # Errors
    /// `Unavailable` when too many are waiting.
    pub async fn verify(&self, stored: Option<&str>, password: &str) -> Result<bool> {
        let known = stored.and_then(read);
        let dummy = || (self.params.clone(), vec![0; SALT], vec![0; HASH]);
        let exists = known.is_some();
        let (params, salt, expected) = known.unwrap_or_else(dummy);
        let password = password.to_owned();
        let same = self
            .run(move || {
                let hash = derive(&params, &password, &salt)?;
                Ok(equal(&hash, &expected))
            })
            .await?;
        Ok(same && exists)
    }

    /// Whether what is stored was made with other costs than those of today.
    #[must_use]
    pub fn is_outdated(&self, stored: &str) -> bool {
        let costs = |params: &Params| (params.m_cost(), params.t_cost(), params.p_cost());
        read(stored).is_none_or(|(params, ..)| costs(&params) != costs(&self.params))
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let full = || Error::unavailable("too many passwords are being checked");
        let admitted = self.admitted.clone().try_acquire_owned().map_err(|_| full())?;
        let turn = tokio::time::timeout(PATIENCE, self.at_work.clone().acquire_owned());
        let turn = turn.await.map_err(|_| full())?.map_err(Error::internal)?;
        // The permits go with the work: one who hangs up does not make room before it is done.
        let done = tokio::task::spawn_blocking(move || {
            let _held = (admitted, turn);
            work()
        });
        done.await.map_err(Error::internal)?
    }
}

fn derive(params: &Params, password: &str, salt: &[u8]) -> Result<[u8; HASH]> {
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
    let mut hash = [0; HASH];
    argon2
        .hash_password_into(password.as_bytes(), salt, &mut hash)
        .map_err(|error| Error::internal(error.to_string()))?;
    Ok(hash)
}

fn print(params: &Params, salt: &[u8], hash: &[u8]) -> String {
    let (m, t, p) = (params.m_cost(), params.t_cost(), params.p_cost());
    let (salt, hash) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(hash));
    format!("$argon2id$v=19$m={m},t={t},p={p}${salt}${hash}")
}

/// The costs, the salt and the hash of a PHC string of ours.
fn read(stored: &str) -> Option<(Params, Vec<u8>, Vec<u8>)> {
    let rest = stored.strip_prefix("$argon2id$v=19$")?;
    let [costs, salt, hash] = rest.split('$').collect::<Vec<_>>().try_into().ok()?;
    let cost = |name: &str| {
        let mut pairs = costs.split(',').filter_map(|pair| pair.split_once('='));
        pairs.find(|(key, _)| *key == name)?.1.parse::<u32>().ok()
    };
    let params = Params::new(cost("m")?, cost("t")?, cost("p")?, Some(HASH)).ok()?;
    let salt = STANDARD_NO_PAD.decode(salt).ok()?;
    Some((params, salt, STANDARD_NO_PAD.decode(hash).ok()?))
}

/// In the same time wherever they differ.
fn equal(one: &[u8], other: &[u8]) -> bool {
    let differing = one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differing) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quick() -> Accounts {
        Accounts { argon2_memory_kib: 64, argon2_passes: 1, ..Accounts::default() }
    }

    #[tokio::test]
    async fn only_the_password_itself_verifies() {
        let hasher = Hasher::new(&quick());
        let stored = hasher.hash("비밀번호 하나").await.expect("a hash");
        assert!(stored.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{stored}");
        assert!(hasher.verify(Some(&stored), "비밀번호 하나").await.expect("checked"));
        assert!(!hasher.verify(Some(&stored), "비밀번호 둘").await.expect("checked"));
        assert!(!hasher.verify(None, "비밀번호 하나").await.expect("checked"));
        assert!(!hasher.is_outdated(&stored));
        assert!(Hasher::new(&Accounts::default()).is_outdated(&stored));
    }

    #[tokio::test]
    async fn who_finds_the_queue_full_is_sent_away() {
        let hasher = Hasher::new(&Accounts { hashing: 1, hashing_queue: 1, ..quick() });
        let _busy = hasher.at_work.clone().acquire_owned().await.expect("free");
        let _admitted = hasher.admitted.clone().acquire_many_owned(2).await.expect("free");
        let error = hasher.hash("비밀번호").await.expect_err("full");
        assert_eq!((error.code, error.retry_after_s), (crate::error::Code::Unavailable, Some(1)));
    }
}

//! Keys of external issuers: fetched, kept, asked for again. What an issuer's server does when it is down
//! or slow is no trouble of those whose key is known.

use super::jwt::{Claimed, Key, Token};
use crate::{
    clock::Timestamp,
    config::{Issuer, Settings},
};
use reqwest::{Client, redirect};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// Bytes of a key set, at most.
const SET_MAX: usize = 256 * 1024;

/// How long an issuer's server may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// Every issuer of the settings. One per process.
pub struct Issuers(Vec<Arc<Known>>);

struct Known {
    issuer: Issuer,
    client: Client,
    state: Mutex<State>,
    /// Held by the one who asks.
    asking: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct State {
    keys: Arc<Vec<Key>>,
    kept_since: Option<Timestamp>,
    asked_at: Option<Timestamp>,
}

impl Issuers {
    /// Those of the settings, which were checked.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let all: Vec<_> = settings.issuer.iter().chain(&settings.issuers).cloned().collect();
        if all.is_empty() {
            return Self(Vec::new());
        }
        let Some(client) = client() else {
            tracing::error!("no token of an external issuer is taken: there is no TLS");
            return Self(Vec::new());
        };
        let known = |issuer| {
            let (client, state) = (client.clone(), Mutex::default());
            Arc::new(Known { issuer, client, state, asking: tokio::sync::Mutex::default() })
        };
        Self(all.into_iter().map(known).collect())
    }

    /// What a token says about whom, if one of the issuers signed it for us and it is valid at `now`.
    pub async fn claimed(&self, text: &str, now: Timestamp) -> Option<Claimed> {
        let token = Token::parse(text)?;
        let from = token.issuer()?;
        // An issuer may stand twice, with two audiences.
        for known in self.0.iter().filter(|known| known.issuer.issuer == from) {
            let listed = known.issuer.algorithms.0.contains(&token.algorithm);
            if listed && let Some(claimed) = known.claimed(&token, now).await {
                return Some(claimed);
            }
        }
        None
    }
}

impl Known {
    async fn claimed(self: &Arc<Self>, token: &Token<'_>, now: Timestamp) -> Option<Claimed> {
        // Nobody makes us ask an issuer with a token that would not do anyway.
        let claimed = token.claimed(&self.issuer, now)?;
        let keys = self.keys_for(token, now).await;
        let fitting = keys.iter().filter(|key| key.fits(token));
        fitting.into_iter().any(|key| key.verifies(token)).then_some(claimed)
    }

    /// The keys to check `token` with. Asks the issuer when the token names one that is not known, and
    /// when those that are known are old, but then without waiting.
    async fn keys_for(self: &Arc<Self>, token: &Token<'_>, now: Timestamp) -> Arc<Vec<Key>> {
        let (keys, old) = self.kept(now);
        let knows = |keys: &[Key]| keys.iter().any(|key| key.fits(token));
        if knows(&keys) {
            if old && self.may_ask(now) {
                let own = Arc::clone(self);
                tokio::spawn(async move { own.ask(now).await });
            }
            return keys;
        }
        // Those who come while somebody asks wait for the answer, and then look again.
        let _held = self.asking.lock().await;
        let (keys, _) = self.kept(now);
        if !knows(&keys) && self.may_ask(now) {
            self.ask(now).await;
        }
        self.kept(now).0
    }

    /// The keys that are known, and whether they are old.
    fn kept(&self, now: Timestamp) -> (Arc<Vec<Key>>, bool) {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let lifetime = i64::from(self.issuer.keys_seconds);
        let old = state.kept_since.is_none_or(|since| since.plus_seconds(lifetime) <= now);
        (Arc::clone(&state.keys), old)
    }

    /// Whether the last question is long enough ago; if so, this is the next.
    fn may_ask(&self, now: Timestamp) -> bool {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let pause = i64::from(self.issuer.ask_seconds);
        let may = state.asked_at.is_none_or(|at| at.plus_seconds(pause) <= now);
        if may {
            state.asked_at = Some(now);
        }
        may
    }

    /// Asks for the keys; without an answer the known ones stay.
    async fn ask(&self, now: Timestamp) {
        let fetched = tokio::time::timeout(PATIENCE, self.fetch()).await.ok().flatten();
        let Some(keys) = fetched.filter(|keys| !keys.is_empty()) else {
            tracing::warn!(issuer = self.issuer.issuer, "could not get the issuer's keys");
            return;
        };
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.keys = Arc::new(keys);
        state.kept_since = Some(now);
    }

    async fn fetch(&self) -> Option<Vec<Key>> {
        let mut answer = self.client.get(self.issuer.jwks_url.0.clone()).send().await.ok()?;
        if !answer.status().is_success() {
            return None;
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.ok()? {
            if bytes.len() + chunk.len() > SET_MAX {
                return None;
            }
            bytes.extend_from_slice(&chunk);
        }
        Key::set(&bytes)
    }
}

/// Trusts the roots of the web, follows nobody elsewhere.
fn client() -> Option<Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let roots = rustls::RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .ok()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Client::builder()
        .tls_backend_preconfigured(tls)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .timeout(PATIENCE)
        .user_agent(concat!("Sosik/", env!("CARGO_PKG_VERSION")))
        .build()
        .ok()
}

//! A classifier elsewhere that is asked about texts: signed requests (Standard Webhooks), bounded in
//! time and number, no redirects. Without a usable answer, what the settings choose holds.

use crate::{
    clock::Clock,
    comments::screen::{Hit, Outcome, Submission},
    config::{self, Fallback},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::{Hmac, Mac};
use reqwest::{Client, redirect};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use std::{sync::Arc, time::Duration};
use tokio::sync::Semaphore;
use uuid::Uuid;

/// The longest answer, in bytes.
const ANSWER_MAX: usize = 16 * 1024;

/// What moderators read where the classifier found something.
const NAME: &str = "classifier";

/// Asks a classifier.
#[derive(Debug)]
pub struct Classifier {
    client: Client,
    url: url::Url,
    key: Vec<u8>,
    timeout: Duration,
    fallback: Fallback,
    threshold: f64,
    room: Semaphore,
    clock: Clock,
}

/// What it is asked.
#[derive(Debug, Serialize)]
struct Question<'a> {
    text: &'a str,
    article_id: String,
    publisher_id: String,
    author_id: String,
    /// What rules say.
    outcome: &'static str,
}

/// What it answers.
#[derive(Debug, Deserialize)]
struct Answer {
    outcome: Wanted,
    #[serde(default)]
    reason_code: Option<String>,
    #[serde(default)]
    score: Option<f64>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Wanted {
    Publish,
    Flag,
    Hold,
    Reject,
}

impl Wanted {
    const fn outcome(self) -> Outcome {
        match self {
            Self::Publish => Outcome::Publish,
            Self::Flag => Outcome::Flag,
            Self::Hold => Outcome::Hold,
            Self::Reject => Outcome::Reject,
        }
    }
}

/// Why there is no usable answer. For the log.
#[derive(Debug, thiserror::Error)]
enum Silence {
    #[error("it did not answer in time")]
    Late,
    #[error("it could not be asked: {0}")]
    Unreachable(#[from] reqwest::Error),
    #[error("it answered with status {0}")]
    Status(u16),
    #[error("its answer is not one")]
    Unreadable,
}

impl Classifier {
    /// The one that the settings name, if they do.
    #[must_use]
    pub fn new(settings: &config::Classifier, clock: Clock) -> Option<Self> {
        let (url, secret) = (settings.url.as_ref()?, settings.secret.as_ref()?);
        Some(Self {
            client: client()?,
            url: url.0.clone(),
            key: key(&secret.0),
            timeout: Duration::from_millis(settings.timeout_ms),
            fallback: settings.fallback,
            threshold: f64::from(settings.threshold_percent) / 100.0,
            room: Semaphore::new(settings.concurrency as usize),
            clock,
        })
    }

    /// What it asks for; `None` where that is nothing.
    pub async fn ask(&self, submission: &Submission<'_>, so_far: Outcome) -> Option<Hit> {
        let asked = tokio::time::timeout(self.timeout, self.answer(submission, so_far)).await;
        let (outcome, reason_code) = match asked.unwrap_or(Err(Silence::Late)) {
            Ok(answer) if answer.score.is_some_and(|score| score < self.threshold) => return None,
            Ok(answer) => (answer.outcome.outcome(), answer.reason_code),
            Err(silence) => {
                tracing::warn!(%silence, "the classifier is silent");
                (fallback(self.fallback), None)
            }
        };
        let length = submission.body.chars().count();
        (outcome > Outcome::Publish).then(|| Hit {
            rule: None,
            name: NAME.to_owned(),
            outcome,
            reason_code: reason_code
                .filter(|code| code.len() <= 64)
                .unwrap_or_else(|| "other".to_owned()),
            start: 0,
            end: length,
        })
    }

    async fn answer(
        &self,
        submission: &Submission<'_>,
        so_far: Outcome,
    ) -> Result<Answer, Silence> {
        let _room = self.room.acquire().await.map_err(|_| Silence::Late)?;
        let question = Question {
            text: submission.body,
            article_id: submission.article.to_string(),
            publisher_id: submission.publisher.to_string(),
            author_id: submission.author.to_string(),
            outcome: name(so_far),
        };
        let body = serde_json::to_vec(&question).map_err(|_| Silence::Unreadable)?;
        let id = format!("msg_{}", Uuid::now_v7().simple());
        let at = self.clock.now().as_seconds();
        let mut response = self
            .client
            .post(self.url.clone())
            .header("content-type", "application/json")
            .header("webhook-id", &id)
            .header("webhook-timestamp", at.to_string())
            .header("webhook-signature", signature(&self.key, &id, at, &body))
            .body(body)
            .send()
            .await?;
        if !response.status().is_success() {
            return Err(Silence::Status(response.status().as_u16()));
        }
        let mut answer = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if answer.len() + chunk.len() > ANSWER_MAX {
                return Err(Silence::Unreadable);
            }
            answer.extend_from_slice(&chunk);
        }
        serde_json::from_slice(&answer).map_err(|_| Silence::Unreadable)
    }
}

fn client() -> Option<Client> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
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
        .user_agent(concat!("Sosik/", env!("CARGO_PKG_VERSION")))
        .build()
        .ok()
}

/// The bytes of a secret: base64 after `whsec_`, else the text itself.
fn key(secret: &str) -> Vec<u8> {
    let decoded = secret.strip_prefix("whsec_").and_then(|rest| STANDARD.decode(rest).ok());
    decoded.unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// `v1,` and the HMAC-SHA256 over `id.timestamp.body`, in base64.
fn signature(key: &[u8], id: &str, at: i64, body: &[u8]) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(format!("{id}.{at}.").as_bytes());
    mac.update(body);
    format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
}

const fn fallback(chosen: Fallback) -> Outcome {
    match chosen {
        Fallback::Publish => Outcome::Publish,
        Fallback::Hold => Outcome::Hold,
        Fallback::Reject => Outcome::Reject,
    }
}

const fn name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Publish => "publish",
        Outcome::Flag => "flag",
        Outcome::Hold => "hold",
        Outcome::Reject => "reject",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_those_of_standard_webhooks() {
        // The example of the specification's libraries.
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let body = br#"{"test": 2432232314}"#;
        assert_eq!(
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, body),
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
        );
    }
}

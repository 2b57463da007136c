use super::{Parsed, Secret};
use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::Serialize;

/// Moderation of what readers write.
#[derive(Debug, Clone, Default, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Moderation {
    /// A classifier that is asked about each text.
    #[deserr(default)]
    pub classifier: Classifier,
}

/// A service of yours that is asked about each text, signed as Standard Webhooks describe.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Classifier {
    /// Where it is asked; nobody is when not set.
    #[deserr(default)]
    pub url: Option<Parsed<url::Url>>,
    /// What requests are signed with: text, or `whsec_` and base64. Needed with `url`.
    #[deserr(default)]
    #[serde(skip)]
    pub secret: Option<Secret>,
    /// Milliseconds it may take.
    #[deserr(default = 800)]
    pub timeout_ms: u64,
    /// What becomes of a text when it does not answer: `publish`, `hold` or `reject`.
    #[deserr(default = Fallback::Publish)]
    pub fallback: Fallback,
    /// The least score, 0 to 100, at which what it asks for is done, where it gives a score (0 to 1).
    #[deserr(default = 50)]
    pub threshold_percent: u32,
    /// How many requests may be on their way at once.
    #[deserr(default = 16)]
    pub concurrency: u32,
}

impl Default for Classifier {
    fn default() -> Self {
        Self {
            url: None,
            secret: None,
            timeout_ms: 800,
            fallback: Fallback::Publish,
            threshold_percent: 50,
            concurrency: 16,
        }
    }
}

/// What becomes of a text when the classifier does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Fallback {
    /// What the rules say.
    Publish,
    /// It waits for a moderator.
    Hold,
    /// It is refused.
    Reject,
}

impl Moderation {
    /// Adds a fault for each number outside its range, and for a classifier without a secret.
    pub(super) fn check(&self, faults: &mut Faults) {
        let classifier = &self.classifier;
        let numbers = [
            ("timeout_ms", classifier.timeout_ms, 50, 10_000),
            ("threshold_percent", u64::from(classifier.threshold_percent), 0, 100),
            ("concurrency", u64::from(classifier.concurrency), 1, 1_000),
        ];
        for (name, number, low, high) in numbers {
            if !(low..=high).contains(&number) {
                faults.push(
                    format!("/moderation/classifier/{name}"),
                    "out_of_range",
                    Message::new(
                        format!("Must be {low} to {high}."),
                        format!("{low}에서 {high} 사이여야 합니다."),
                    ),
                );
            }
        }
        let Some(url) = &classifier.url else { return };
        if !matches!(url.0.scheme(), "http" | "https") {
            faults.push(
                "/moderation/classifier/url",
                "invalid",
                Message::new("Must be an http or https URL.", "http 또는 https 주소여야 합니다."),
            );
        }
        if classifier.secret.as_ref().is_none_or(|secret| secret.0.is_empty()) {
            faults.push(
                "/moderation/classifier/secret",
                "missing",
                Message::new(
                    "A classifier needs a secret.",
                    "분류기를 쓰려면 비밀 값이 필요합니다.",
                ),
            );
        }
    }
}

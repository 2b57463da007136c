use super::{List, Parsed};
use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::Serialize;
use std::str::FromStr;
use url::Url;

/// A way of signing tokens whose key for checking is public. There are no others here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "RFC 7518 and RFC 8037 name them")]
pub enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    EdDsa,
}

impl Algorithm {
    const ALL: [(&'static str, Self); 9] = [
        ("RS256", Self::Rs256),
        ("RS384", Self::Rs384),
        ("RS512", Self::Rs512),
        ("PS256", Self::Ps256),
        ("PS384", Self::Ps384),
        ("PS512", Self::Ps512),
        ("ES256", Self::Es256),
        ("ES384", Self::Es384),
        ("EdDSA", Self::EdDsa),
    ];

    /// Its name in the header of a token.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, own)| *own == self).map_or("", |(name, _)| name)
    }
}

impl FromStr for Algorithm {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let found = Self::ALL.iter().find(|(name, _)| *name == text).map(|(_, own)| *own);
        found.ok_or_else(|| {
            let known: Vec<_> = Self::ALL.iter().map(|(name, _)| *name).collect();
            format!("must be one of {}", known.join(", "))
        })
    }
}

impl std::fmt::Display for Algorithm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// Somebody else who says who a reader is.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Issuer {
    /// What the claim `iss` of its tokens is, to the letter.
    pub issuer: String,
    /// What the claim `aud` must be or hold.
    pub audience: String,
    /// Where its keys are: a JWK set.
    pub jwks_url: Parsed<Url>,
    /// How its tokens may be signed.
    #[deserr(default = List(vec![Algorithm::Rs256, Algorithm::Es256]))]
    pub algorithms: List<Algorithm>,
    /// Seconds that its clock may differ from ours.
    #[deserr(default = 60)]
    pub leeway_seconds: u32,
    /// Seconds that its keys are kept before they are asked for again.
    #[deserr(default = 600)]
    pub keys_seconds: u32,
    /// The least seconds between two questions for its keys.
    #[deserr(default = 30)]
    pub ask_seconds: u32,
    /// The claim that a new account takes its display name from.
    #[deserr(default = "name".to_owned())]
    pub name_claim: String,
    /// The claim whose words are roles, where they are. Without it nobody from there is staff.
    #[deserr(default)]
    pub roles_claim: Option<String>,
}

impl Issuer {
    /// Adds a fault for each part that is out of range; `at` is the section.
    pub(super) fn check(&self, at: &str, faults: &mut Faults) {
        let mut fault = |name: &str, code, en: String, ko: String| {
            faults.push(format!("{at}/{name}"), code, Message::new(en, ko));
        };
        for (name, value, low, high) in [
            ("leeway_seconds", self.leeway_seconds, 0, 600),
            ("keys_seconds", self.keys_seconds, 10, 86_400),
            ("ask_seconds", self.ask_seconds, 1, 3_600),
        ] {
            if !(low..=high).contains(&value) {
                let ko = format!("{low}에서 {high} 사이여야 합니다.");
                fault(name, "out_of_range", format!("Must be {low} to {high}."), ko);
            }
        }
        let empty = [("issuer", &self.issuer), ("audience", &self.audience)];
        for (name, _) in empty.into_iter().filter(|(_, text)| text.is_empty()) {
            fault(name, "empty", "Must not be empty.".into(), "비워 둘 수 없습니다.".into());
        }
        if self.algorithms.0.is_empty() {
            let ko = "하나 이상 있어야 합니다.".into();
            fault("algorithms", "empty", "Must name at least one.".into(), ko);
        }
        if !["http", "https"].contains(&self.jwks_url.0.scheme()) {
            let ko = "http 또는 https 주소여야 합니다.".into();
            fault("jwks_url", "invalid", "Must be an http or https address.".into(), ko);
        }
    }
}

//! Tokens of external issuers (RFC 7519), checked as RFC 8725 asks: only algorithms that the settings
//! list, only keys of the issuer's own set, every claim that a token lives by. Pure.

use crate::{
    clock::Timestamp,
    config::{Algorithm, Issuer},
    http::{auth::Role, body::parse_bounded},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::Value;

/// How deep the JSON of a token or of a key set may be nested.
const DEPTH: u32 = 16;

/// Keys of one issuer that are looked at.
const KEYS: usize = 50;

/// The longest subject, in bytes.
const SUBJECT_MAX: usize = 255;

/// A token taken apart. Nothing in it is to be believed before [`Key::verifies`].
#[derive(Debug)]
pub struct Token<'a> {
    signed: &'a str,
    signature: Vec<u8>,
    /// How it says that it is signed.
    pub algorithm: Algorithm,
    /// Which key it names: compared with names of keys, and nothing else.
    pub key_id: Option<String>,
    claims: Value,
}

impl<'a> Token<'a> {
    /// Takes a token apart. `None` for what is none, or asks for something that nobody here knows.
    #[must_use]
    pub fn parse(text: &'a str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part: &str| -> Option<Value> {
            let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
            parse_bounded(&bytes, DEPTH).ok().filter(Value::is_object)
        };
        let header = json(header)?;
        // What a token calls critical must be understood, and none of it is.
        if !header["crit"].is_null() {
            return None;
        }
        let key_id = match &header["kid"] {
            Value::Null => None,
            Value::String(name) => Some(name.clone()),
            _ => return None,
        };
        Some(Self {
            signed,
            signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
            algorithm: header["alg"].as_str()?.parse().ok()?,
            key_id,
            claims: json(claims)?,
        })
    }

    /// Who the token says it is from.
    #[must_use]
    pub fn issuer(&self) -> Option<&str> {
        self.claims["iss"].as_str()
    }

    /// What it says about whom, if it is meant for us and valid at `now`. Check the signature first.
    #[must_use]
    pub fn claimed(&self, issuer: &Issuer, now: Timestamp) -> Option<Claimed> {
        let leeway = f64::from(issuer.leeway_seconds);
        let now = now.as_millis() as f64 / 1000.0;
        let second = |name: &str| match &self.claims[name] {
            Value::Null => Ok(None),
            value => value.as_f64().map(Some).ok_or(()),
        };
        let end = second("exp").ok()??;
        let start = second("nbf").ok()?;
        let made = second("iat").ok()?;
        let in_time =
            now < end + leeway && [start, made].into_iter().flatten().all(|at| at <= now + leeway);
        let is_ours = |value: &Value| value.as_str() == Some(issuer.audience.as_str());
        let for_us = match &self.claims["aud"] {
            Value::Array(all) => all.iter().any(is_ours),
            one => is_ours(one),
        };
        let subject = self.claims["sub"].as_str()?;
        let sound = (1..=SUBJECT_MAX).contains(&subject.len())
            && !subject.chars().any(char::is_control)
            && self.issuer() == Some(issuer.issuer.as_str());
        (in_time && for_us && sound).then(|| Claimed {
            issuer: issuer.issuer.clone(),
            subject: subject.to_owned(),
            name: self.claims[&issuer.name_claim].as_str().map(ToOwned::to_owned),
            roles: issuer.roles_claim.as_ref().map(|name| self.roles(name)).unwrap_or_default(),
            made_at: made.map(|second| Timestamp::from_millis((second * 1000.0) as i64)),
        })
    }

    /// The roles of a claim: a list of words, or words in one text.
    fn roles(&self, name: &str) -> Vec<Role> {
        let mut words: Vec<&str> = match &self.claims[name] {
            Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
            Value::String(text) => text.split_whitespace().collect(),
            _ => Vec::new(),
        };
        words.sort_unstable();
        words.dedup();
        words.into_iter().filter_map(|word| word.parse().ok()).collect()
    }
}

/// What an issuer says about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// Who says it.
    pub issuer: String,
    /// Who it is, there.
    pub subject: String,
    /// What they are called, as it came.
    pub name: Option<String>,
    /// Roles, where the settings say that this issuer gives them.
    pub roles: Vec<Role>,
    /// When the token was made.
    pub made_at: Option<Timestamp>,
}

/// What a key is made of.
#[derive(Debug, Clone)]
enum Parts {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

/// A public key of an issuer.
#[derive(Debug, Clone)]
pub struct Key {
    id: Option<String>,
    algorithm: Option<String>,
    parts: Parts,
}

impl Key {
    /// The keys for checking signatures of a JWK set (RFC 7517); those of other kinds are passed over.
    /// `None` for what is no set.
    #[must_use]
    pub fn set(bytes: &[u8]) -> Option<Vec<Self>> {
        let set = parse_bounded(bytes, DEPTH).ok()?;
        Some(set["keys"].as_array()?.iter().take(KEYS).filter_map(Self::read).collect())
    }

    fn read(jwk: &Value) -> Option<Self> {
        let text = |name: &str| jwk[name].as_str();
        let bytes = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        if text("use").is_some_and(|purpose| purpose != "sig") {
            return None;
        }
        let point = |size: usize| {
            let (x, y) = (bytes("x")?, bytes("y")?);
            (x.len() == size && y.len() == size).then(|| [vec![4], x, y].concat())
        };
        let trimmed = |name: &str| {
            let bytes = bytes(name)?;
            let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
            Some(bytes[zeros..].to_vec())
        };
        let parts = match (text("kty")?, text("crv")) {
            ("RSA", _) => Parts::Rsa { n: trimmed("n")?, e: trimmed("e")? },
            ("EC", Some("P-256")) => Parts::P256(point(32)?),
            ("EC", Some("P-384")) => Parts::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Parts::Ed25519(bytes("x").filter(|x| x.len() == 32)?),
            _ => return None,
        };
        let owned = |name| text(name).map(ToOwned::to_owned);
        Some(Self { id: owned("kid"), algorithm: owned("alg"), parts })
    }

    /// Whether the token may be signed with this key: it names it, or names none, and the key is for its
    /// algorithm.
    #[must_use]
    pub fn fits(&self, token: &Token<'_>) -> bool {
        let named = token.key_id.is_none() || token.key_id == self.id;
        let own = self.algorithm.as_deref();
        named && own.is_none_or(|own| own == token.algorithm.name())
    }

    /// Whether the token was signed with this key. The key's kind must be the algorithm's: a public key is
    /// never taken for a shared secret, which no algorithm here has.
    #[must_use]
    pub fn verifies(&self, token: &Token<'_>) -> bool {
        use Algorithm as A;
        let (message, sealed) = (token.signed.as_bytes(), token.signature.as_slice());
        let plain = |algorithm: &'static dyn VerificationAlgorithm, key: &[u8]| {
            UnparsedPublicKey::new(algorithm, key).verify(message, sealed).is_ok()
        };
        match (&self.parts, token.algorithm) {
            (Parts::Rsa { n, e }, algorithm) => {
                let parameters = match algorithm {
                    A::Rs256 => &signature::RSA_PKCS1_2048_8192_SHA256,
                    A::Rs384 => &signature::RSA_PKCS1_2048_8192_SHA384,
                    A::Rs512 => &signature::RSA_PKCS1_2048_8192_SHA512,
                    A::Ps256 => &signature::RSA_PSS_2048_8192_SHA256,
                    A::Ps384 => &signature::RSA_PSS_2048_8192_SHA384,
                    A::Ps512 => &signature::RSA_PSS_2048_8192_SHA512,
                    A::Es256 | A::Es384 | A::EdDsa => return false,
                };
                RsaPublicKeyComponents { n, e }.verify(parameters, message, sealed).is_ok()
            }
            (Parts::P256(key), A::Es256) => plain(&signature::ECDSA_P256_SHA256_FIXED, key),
            (Parts::P384(key), A::Es384) => plain(&signature::ECDSA_P384_SHA384_FIXED, key),
            (Parts::Ed25519(key), A::EdDsa) => plain(&signature::ED25519, key),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.2.
    const SET: &str = r#"{"keys":[{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSHSXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}]}"#;
    const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw";

    #[test]
    fn the_example_of_the_standard_verifies_and_one_changed_bit_does_not() {
        let keys = Key::set(SET.as_bytes()).expect("a set");
        let token = Token::parse(TOKEN).expect("a token");
        assert_eq!(token.issuer(), Some("joe"));
        assert!(keys[0].fits(&token) && keys[0].verifies(&token));
        let changed = TOKEN.replacen("eyJpc3MiOiJqb2Ui", "eyJpc3MiOiJqb2Yi", 1);
        assert!(!keys[0].verifies(&Token::parse(&changed).expect("a token")));
    }

    #[test]
    fn what_names_no_algorithm_of_public_keys_is_no_token() {
        let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
        for header in [
            r#"{"alg":"none"}"#,
            r#"{"alg":"None"}"#,
            r#"{"alg":"HS256"}"#,
            r#"{"alg":"RS256","crit":["b64"]}"#,
            r#"{"alg":"RS256","kid":7}"#,
            r#"{"alg":["RS256"]}"#,
            r#"{"alg":"RS256","alg":"none"}"#,
            "{}",
        ] {
            let text = format!("{}.{}.{}", part(header), part("{}"), part("x"));
            assert!(Token::parse(&text).is_none(), "{header}");
        }
        for text in ["", "a", "a.b", "..", "a.b.c", "e30.e30.", &format!("{TOKEN}.x")] {
            assert!(Token::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn an_rsa_key_checks_no_token_of_another_kind() {
        let keys = Key::set(SET.as_bytes()).expect("a set");
        let (_, rest) = TOKEN.split_once('.').expect("dots");
        for algorithm in ["ES256", "EdDSA", "PS256", "RS512"] {
            let header = URL_SAFE_NO_PAD.encode(format!(r#"{{"alg":"{algorithm}"}}"#));
            let text = format!("{header}.{rest}");
            assert!(!keys[0].verifies(&Token::parse(&text).expect("a token")), "{algorithm}");
        }
    }
}

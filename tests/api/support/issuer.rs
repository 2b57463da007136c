//! An external issuer: signs tokens, and serves its keys on a port of its own.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use ring::{
    rand::SystemRandom,
    signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value, json};
use sosik::config::Settings;
use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
};

/// What its tokens name as their issuer.
pub const ISSUER: &str = "https://id.example.kr";
/// Whom its tokens are for.
pub const AUDIENCE: &str = "portal";

/// An issuer with one key at a time.
pub struct Issuer {
    key: EcdsaKeyPair,
    kid: String,
    url: String,
    set: Arc<Mutex<Option<String>>>,
    /// How often it was asked for its keys.
    asked: Arc<AtomicU32>,
}

impl Issuer {
    /// With a fresh key named `kid`, which it serves.
    pub fn start(kid: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/jwks", listener.local_addr().expect("bound"));
        let (set, asked) = (Arc::new(Mutex::new(None)), Arc::new(AtomicU32::new(0)));
        let issuer =
            Self { key: key(), kid: kid.into(), url, set: set.clone(), asked: asked.clone() };
        issuer.serve_keys();
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                asked.fetch_add(1, Ordering::SeqCst);
                let lines = BufReader::new(stream.try_clone().expect("a socket")).lines();
                let _ = lines.map_while(Result::ok).take_while(|line| !line.is_empty()).count();
                let set = set.lock().expect("no panic").clone();
                let (status, body) = set.map_or(("503 Down", String::new()), |set| ("200 OK", set));
                let length = body.len();
                let head =
                    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close");
                let _ = stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes());
            }
        });
        issuer
    }

    /// Makes the server trust it.
    pub fn trust(&self, settings: &mut Settings, more: &Value) {
        let mut section = json!({
            "issuer": ISSUER, "audience": AUDIENCE, "jwks_url": self.url, "algorithms": ["ES256"],
        });
        for (name, value) in more.as_object().expect("an object") {
            section[name] = value.clone();
        }
        let issuer = deserr::deserialize(section).map_err(|f: sosik::error::Faults| f);
        settings.issuer = Some(issuer.expect("a section"));
    }

    /// How often it was asked for its keys.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Serves its key, and no other.
    pub fn serve_keys(&self) {
        let public = self.key.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let set = json!({"keys": [{
            "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.kid,
            "x": part(&public[1..33]), "y": part(&public[33..]),
        }]});
        *self.set.lock().expect("no panic") = Some(set.to_string());
    }

    /// Answers nobody any more.
    pub fn stop(&self) {
        *self.set.lock().expect("no panic") = None;
    }

    /// Takes another key of this name, and serves it.
    pub fn rotate(&mut self, kid: &str) {
        (self.key, self.kid) = (key(), kid.to_owned());
        self.serve_keys();
    }

    /// The bytes of the public key, which some take for a shared secret.
    pub fn public(&self) -> Vec<u8> {
        self.key.public_key().as_ref().to_vec()
    }

    /// A signed token of these claims.
    pub fn sign(&self, claims: &Value) -> String {
        self.sign_as(&json!({"alg": "ES256", "kid": self.kid, "typ": "JWT"}), claims)
    }

    /// A signed token of this header and these claims.
    pub fn sign_as(&self, header: &Value, claims: &Value) -> String {
        let signed = unsigned(header, claims);
        let signature = self.key.sign(&SystemRandom::new(), signed.as_bytes()).expect("signed");
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

/// Header and claims as a token writes them.
pub fn unsigned(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    format!("{}.{}", part(header), part(claims))
}

fn key() -> EcdsaKeyPair {
    let (random, kind) = (SystemRandom::new(), &ECDSA_P256_SHA256_FIXED_SIGNING);
    let document = EcdsaKeyPair::generate_pkcs8(kind, &random).expect("a key");
    EcdsaKeyPair::from_pkcs8(kind, document.as_ref(), &random).expect("a key")
}

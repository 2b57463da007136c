use super::Secret;
use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::Serialize;

/// How the connection to the mail server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// It starts in the clear and must change to TLS before anything is said.
    Starttls,
    /// TLS from the start.
    Tls,
    /// In the clear: for a server on this machine.
    None,
}

/// The mail server that mail is handed to.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Mail {
    /// Its name; without one no mail is sent.
    #[deserr(default)]
    pub host: Option<String>,
    /// Its port.
    #[deserr(default = 587)]
    pub port: u16,
    /// How the connection is protected.
    #[deserr(default = MailTls::Starttls)]
    pub tls: MailTls,
    /// The user to log in as, where it asks for one.
    #[deserr(default)]
    pub username: Option<String>,
    /// That user's password.
    #[deserr(default)]
    #[serde(skip)]
    pub password: Option<Secret>,
    /// Whom mail is from, such as `Sosik <no-reply@example.kr>`. Needed with `host`.
    #[deserr(default)]
    pub from: Option<String>,
    /// Milliseconds that one step of sending may take.
    #[deserr(default = 10_000)]
    pub timeout_ms: u32,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            host: None,
            port: 587,
            tls: MailTls::Starttls,
            username: None,
            password: None,
            from: None,
            timeout_ms: 10_000,
        }
    }
}

impl Mail {
    /// Adds a fault for each part that is out of range or makes no sense without another.
    pub(super) fn check(&self, faults: &mut Faults) {
        let mut fault = |name: &str, code, en: &'static str, ko: &'static str| {
            faults.push(format!("/mail/{name}"), code, Message::new(en, ko));
        };
        if !(100..=600_000).contains(&self.timeout_ms) {
            let ko = "100에서 600000 사이여야 합니다.";
            fault("timeout_ms", "out_of_range", "Must be 100 to 600000.", ko);
        }
        let sender = self.from.as_ref().map(|from| from.parse::<lettre::message::Mailbox>());
        match sender {
            None if self.host.is_some() => {
                let ko = "mail.host를 쓰려면 필요합니다.";
                fault("from", "missing", "Needed with mail.host.", ko);
            }
            Some(Err(_)) => {
                let en = "Must be an address such as Sosik <no-reply@example.kr>.";
                fault("from", "invalid", en, "Sosik <no-reply@example.kr> 같은 주소여야 합니다.");
            }
            _ => {}
        }
        if self.username.is_some() != self.password.is_some() {
            let ko = "username과 password는 함께 있어야 합니다.";
            fault("username", "invalid", "Goes with mail.password, and it with this.", ko);
        }
    }
}

use super::{List, Parsed};
use crate::error::{Faults, Message};
use deserr::Deserr;
use serde::Serialize;
use url::Url;

/// What becomes of the comments of somebody who is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum Erased {
    /// They lose their text as if their author had removed them.
    Tombstone,
    /// They keep their text and lose their author.
    Anonymous,
}

/// Accounts of readers and staff.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Accounts {
    /// Whether readers may register with an address and a password.
    #[deserr(default = true)]
    pub registration: bool,
    /// Whether an account is made only when its address of mail was verified. Needs `mail.host`.
    #[deserr(default = false)]
    pub verify_mail: bool,
    /// The portal's page that a mail to verify an address points at; the token follows as `#token=…`.
    /// Without it the mail shows the token alone.
    #[deserr(default)]
    pub verify_url: Option<Parsed<Url>>,
    /// The portal's page that a mail to set a new password points at, as above.
    #[deserr(default)]
    pub reset_url: Option<Parsed<Url>>,
    /// Words that no reader's name may contain, besides those that every portal keeps for its staff.
    #[deserr(default)]
    pub reserved_names: List<String>,
    /// What becomes of the comments of somebody who is erased.
    #[deserr(default = Erased::Tombstone)]
    pub erased_comments: Erased,
    /// Minutes an access token is valid.
    #[deserr(default = 15)]
    pub access_minutes: u32,
    /// Days a refresh token is valid; each refresh starts them anew.
    #[deserr(default = 30)]
    pub refresh_days: u32,
    /// Log-ins that one account may have open; the oldest end.
    #[deserr(default = 20)]
    pub sessions: u32,
    /// Hours a token sent by mail is valid.
    #[deserr(default = 2)]
    pub mailed_hours: u32,
    /// Failed log-ins of one account from one network that cost nothing.
    #[deserr(default = 5)]
    pub free_failures: u32,
    /// The longest wait after failed log-ins of one account from one network, in seconds.
    #[deserr(default = 900)]
    pub longest_delay_seconds: u32,
    /// KiB of memory that one argon2id hash takes.
    #[deserr(default = 19_456)]
    pub argon2_memory_kib: u32,
    /// Passes of argon2id over the memory.
    #[deserr(default = 2)]
    pub argon2_passes: u32,
    /// Lanes of argon2id.
    #[deserr(default = 1)]
    pub argon2_lanes: u32,
    /// Passwords that are hashed at the same time; half of the number of cores when 0.
    #[deserr(default)]
    pub hashing: u32,
    /// Requests that may wait for that; more are answered with 503.
    #[deserr(default = 32)]
    pub hashing_queue: u32,
}

impl Default for Accounts {
    fn default() -> Self {
        Self {
            registration: true,
            verify_mail: false,
            verify_url: None,
            reset_url: None,
            reserved_names: List::default(),
            erased_comments: Erased::Tombstone,
            access_minutes: 15,
            refresh_days: 30,
            sessions: 20,
            mailed_hours: 2,
            free_failures: 5,
            longest_delay_seconds: 900,
            argon2_memory_kib: 19_456,
            argon2_passes: 2,
            argon2_lanes: 1,
            hashing: 0,
            hashing_queue: 32,
        }
    }
}

impl Accounts {
    /// Adds a fault for each number outside its range.
    pub(super) fn check(&self, faults: &mut Faults) {
        for (name, value, low, high) in [
            ("access_minutes", self.access_minutes, 1, 1_440),
            ("refresh_days", self.refresh_days, 1, 365),
            ("sessions", self.sessions, 1, 100),
            ("mailed_hours", self.mailed_hours, 1, 168),
            ("free_failures", self.free_failures, 1, 100),
            ("longest_delay_seconds", self.longest_delay_seconds, 1, 86_400),
            // The least that OWASP lists is 7 MiB with five passes.
            ("argon2_memory_kib", self.argon2_memory_kib, 7_168, 1_048_576),
            ("argon2_passes", self.argon2_passes, 1, 20),
            ("argon2_lanes", self.argon2_lanes, 1, 16),
            ("hashing", self.hashing, 0, 64),
            ("hashing_queue", self.hashing_queue, 0, 10_000),
        ] {
            if !(low..=high).contains(&value) {
                faults.push(
                    format!("/accounts/{name}"),
                    "out_of_range",
                    Message::new(
                        format!("Must be {low} to {high}."),
                        format!("{low}에서 {high} 사이여야 합니다."),
                    ),
                );
            }
        }
    }
}

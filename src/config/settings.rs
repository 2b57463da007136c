use super::{
    Accounts, Comments, Dir, Issuer, List, Mail, Moderation, Parsed, Reactions, Secret, Zone,
};
use crate::error::{Faults, Message};
use deserr::Deserr;
use ipnet::IpNet;
use serde::Serialize;
use std::{net::SocketAddr, path::PathBuf};

/// Everything an operator can set.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Settings {
    /// Where the server listens.
    #[deserr(default = Parsed(SocketAddr::from(([127, 0, 0, 1], 8080))))]
    pub bind: Parsed<SocketAddr>,
    /// Where the embedded PostgreSQL keeps its data. Unused when `database_url` is set.
    #[deserr(default = default_data_dir())]
    pub data_dir: Dir,
    /// A PostgreSQL to use instead of the embedded one (`DATABASE_URL` or `SOSIK_DATABASE_URL`).
    #[deserr(default)]
    #[serde(skip)]
    pub database_url: Option<Secret>,
    /// The address under which readers see the portal: the start of every article's `url`.
    /// `http://` and `bind` when not set.
    #[deserr(default)]
    pub public_url: Option<Parsed<url::Url>>,
    /// The zone whose wall clock cuts hours, days and ranking windows.
    #[deserr(default = Parsed(Zone("Asia/Seoul".into())))]
    pub time_zone: Parsed<Zone>,
    /// Threads that serve requests; the number of cores when 0.
    #[deserr(default)]
    pub workers: u16,
    /// Networks whose `X-Forwarded-For` and `Forwarded` are believed, such as `10.0.0.0/8`.
    #[deserr(default)]
    pub trusted_proxies: List<IpNet>,
    /// Browsers of other origins.
    #[deserr(default = Cors { allowed_origins: List(Vec::new()) })]
    pub cors: Cors,
    /// Sizes and rates.
    #[deserr(default)]
    pub limits: Limits,
    /// How long things may take.
    #[deserr(default)]
    pub timeouts: Timeouts,
    /// Connections.
    #[deserr(default)]
    pub database: Database,
    /// The embedded PostgreSQL.
    #[deserr(default)]
    pub postgres: Postgres,
    /// Imports.
    #[deserr(default)]
    pub imports: Imports,
    /// Views and other events.
    #[deserr(default)]
    pub views: Views,
    /// Visitors.
    #[deserr(default)]
    pub visitors: Visitors,
    /// Reactions.
    #[deserr(default)]
    pub reactions: Reactions,
    /// Comments.
    #[deserr(default)]
    pub comments: Comments,
    /// Moderation.
    #[deserr(default)]
    pub moderation: Moderation,
    /// Accounts of readers and staff.
    #[deserr(default)]
    pub accounts: Accounts,
    /// The mail server that mail is handed to.
    #[deserr(default)]
    pub mail: Mail,
    /// Somebody else who says who a reader is: one, as variables can name it.
    #[deserr(default)]
    pub issuer: Option<Issuer>,
    /// The same, as many as there are.
    #[deserr(default)]
    pub issuers: Vec<Issuer>,
    /// Boards.
    #[deserr(default)]
    pub rankings: Rankings,
    /// Logging.
    #[deserr(default)]
    pub log: Log,
}

/// Browsers of other origins.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Cors {
    /// Origins that may read answers, such as `https://www.example.kr`; `*` for all. None by default.
    #[deserr(default)]
    pub allowed_origins: List<String>,
}

/// Declares a section whose fields are whole numbers with a default and a range.
macro_rules! numbers {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $kind:ty = $default:literal in $low:literal..=$high:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Serialize, Deserr)]
        #[deserr(error = Faults, deny_unknown_fields)]
        pub struct $name {
            $($(#[$field_doc])* #[deserr(default = $default)] pub $field: $kind,)+
        }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)+ }
            }
        }

        impl $name {
            /// Adds a fault for each number outside its range.
            pub(super) fn check(&self, section: &str, faults: &mut Faults) {
                $(if !($low..=$high).contains(&self.$field) {
                    faults.push(
                        format!("{section}/{}", stringify!($field)),
                        "out_of_range",
                        Message::new(
                            format!("Must be {} to {}.", $low, $high),
                            format!("{}에서 {} 사이여야 합니다.", $low, $high),
                        ),
                    );
                })+
            }
        }
    };
}

numbers! {
    /// Sizes and rates. Rates are requests per minute of one client: a key, or else an address.
    Limits {
        /// Bytes of a JSON body.
        body_bytes: u64 = 65_536 in 1_024..=16_777_216,
        /// Bytes of an article's JSON body.
        article_bytes: u64 = 1_048_576 in 1_024..=67_108_864,
        /// Bytes of an uploaded or fetched import.
        import_bytes: u64 = 67_108_864 in 1_024..=1_073_741_824,
        /// Depth of nested JSON.
        json_depth: u32 = 64 in 4..=120,
        /// Reads. High, because front-end servers read from one address.
        reads_per_minute: u32 = 600_000 in 1..=1_000_000_000,
        /// Writes.
        writes_per_minute: u32 = 60_000 in 1..=1_000_000_000,
        /// Views, shares and reactions.
        events_per_minute: u32 = 12_000 in 1..=1_000_000_000,
        /// Imports.
        imports_per_minute: u32 = 60 in 1..=1_000_000_000,
        /// Visitor tokens.
        visitors_per_minute: u32 = 300 in 1..=1_000_000_000,
        /// Registrations of one address.
        registrations_per_minute: u32 = 10 in 1..=1_000_000_000,
        /// Log-ins and other requests with a password or a token of mail, of one address.
        logins_per_minute: u32 = 30 in 1..=1_000_000_000,
    }
}

numbers! {
    /// How long things may take, in milliseconds.
    Timeouts {
        /// For a client to send its request headers.
        header_ms: u64 = 5_000 in 100..=600_000,
        /// For a client to send its body.
        body_ms: u64 = 8_000 in 100..=600_000,
        /// For a connection of the pool to come free.
        pool_ms: u64 = 1_000 in 10..=60_000,
        /// For one statement.
        statement_ms: u64 = 2_000 in 10..=600_000,
        /// For a lock.
        lock_ms: u64 = 1_000 in 10..=600_000,
        /// For open requests to finish when the server stops.
        shutdown_ms: u64 = 10_000 in 100..=600_000,
    }
}

numbers! {
    /// Connections.
    Database {
        /// Most connections this server opens.
        pool_size: u32 = 16 in 2..=1_000,
    }
}

/// The embedded PostgreSQL.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Postgres {
    /// The folder of `postgres` and `initdb`; found by itself when not set.
    #[deserr(default)]
    pub bin_dir: Option<Dir>,
    /// Whether a PostgreSQL may be downloaded where the machine has none.
    #[deserr(default = true)]
    pub fetch: bool,
}

impl Default for Postgres {
    fn default() -> Self {
        Self { bin_dir: None, fetch: true }
    }
}

/// Imports.
#[derive(Debug, Clone, Default, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Imports {
    /// Hosts that an import may fetch from although their addresses are private, such as `feeds.internal`.
    #[deserr(default)]
    pub allowed_hosts: List<String>,
}

numbers! {
    /// Views and other events.
    Views {
        /// Events of a kind, of one network on one article in one hour, that rank in full; above it they
        /// rank by logarithm.
        network_cap: u32 = 20 in 1..=1_000_000,
    }
}

numbers! {
    /// Visitors.
    Visitors {
        /// Days after which a visitor token ends.
        token_days: u32 = 400 in 1..=3_650,
    }
}

numbers! {
    /// Boards.
    Rankings {
        /// Seconds between two rounds.
        refresh_seconds: u32 = 60 in 1..=3_600,
        /// Seconds between two rounds of publishers' boards.
        publisher_refresh_seconds: u32 = 300 in 1..=86_400,
        /// Networks that some article must be read from in an hour before views are held against
        /// whose they were: then one network lifts an article only up to what all others brought, and
        /// none trends alone. 0 never asks.
        least_networks: u32 = 20 in 0..=10_000,
    }
}

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserr)]
#[deserr(error = Faults, rename_all = lowercase)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// What a stranger sends that is no HTTP is not our error.
const DEFAULT_FILTER: &str = "info,actix_http=off";

/// Logging.
#[derive(Debug, Clone, Serialize, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct Log {
    /// `text` or `json`.
    #[deserr(default = LogFormat::Text)]
    pub format: LogFormat,
    /// Which lines: a `tracing` filter, such as `info` or `sosik=debug,warn`.
    #[deserr(default = DEFAULT_FILTER.to_owned())]
    pub filter: String,
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: DEFAULT_FILTER.to_owned() }
    }
}

impl Settings {
    /// The portal's address, without a slash at its end.
    #[must_use]
    pub fn public_url(&self) -> String {
        match &self.public_url {
            Some(url) => url.0.as_str().trim_end_matches('/').to_owned(),
            None => format!("http://{}", self.bind.0),
        }
    }

    /// The portal's zone.
    #[must_use]
    pub fn zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::get(&self.time_zone.0.0).unwrap_or(jiff::tz::TimeZone::UTC)
    }

    /// Every number outside its range.
    pub(super) fn check(&self) -> Faults {
        let mut faults = Faults::default();
        self.limits.check("/limits", &mut faults);
        self.timeouts.check("/timeouts", &mut faults);
        self.database.check("/database", &mut faults);
        self.views.check("/views", &mut faults);
        self.visitors.check("/visitors", &mut faults);
        self.reactions.check(&mut faults);
        self.comments.check(&mut faults);
        self.moderation.check(&mut faults);
        self.accounts.check(&mut faults);
        self.mail.check(&mut faults);
        if self.accounts.verify_mail && self.mail.host.is_none() {
            let needs = Message::new("Needs mail.host.", "mail.host가 필요합니다.");
            faults.push("/accounts/verify_mail", "invalid", needs);
        }
        if let Some(issuer) = &self.issuer {
            issuer.check("/issuer", &mut faults);
        }
        for (n, issuer) in self.issuers.iter().enumerate() {
            issuer.check(&format!("/issuers/{n}"), &mut faults);
        }
        self.rankings.check("/rankings", &mut faults);
        faults
    }
}

fn default_data_dir() -> Dir {
    let env = |name| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
    Dir(if rustix::process::geteuid().is_root() {
        PathBuf::from("/var/lib/sosik")
    } else if let Some(base) = env("XDG_DATA_HOME") {
        base.join("sosik")
    } else if let Some(home) = env("HOME") {
        home.join(".local/share/sosik")
    } else {
        PathBuf::from("sosik-data")
    })
}

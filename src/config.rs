//! Settings: one documented struct with defaults that work, from a TOML file and the environment.
//!
//! `limits.body_bytes` in the file is `SOSIK_LIMITS__BODY_BYTES` in the environment; the environment
//! wins. All faults are reported together, each under both names.

mod accounts;
mod comments;
mod issuers;
mod load;
mod mail;
mod moderation;
mod reactions;
mod settings;
mod values;

pub use accounts::{Accounts, Erased};
pub use comments::{CommentSort, CommentState, Comments, Links, Preset, Quotas};
pub use issuers::{Algorithm, Issuer};
pub use load::{ConfigFault, load, to_toml};
pub use mail::{Mail, MailTls};
pub use moderation::{Classifier, Fallback, Moderation};
pub use reactions::{ReactionKind, Reactions, Required};
pub use settings::{
    Cors, Database, Imports, Limits, Log, LogFormat, Postgres, Rankings, Settings, Timeouts, Views,
    Visitors,
};
pub use values::{Dir, List, Parsed, Secret, Zone};

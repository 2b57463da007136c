//! Who calls, and how they prove it: keys of integrators, accounts of readers and staff.
//!
//! - `secret` what is shown once: keys and tokens
//! - `reserved` names that only the staff may have
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `hashing` passwords, so many at once
//! - `mail` what is sent to whoever forgot a password
//! - `jwt`, `issuers`, `external` tokens that others made, their keys, and accounts for whom they speak of
//! - `tools` what the handlers of accounts share
//! - `bearers` finds the principal of a request
//! - `staff` roles
//! - `sanctions` what moderators decide about people
//! - `erase` forgetting a person
//! - `api` the endpoints

pub mod api;
pub mod bearers;
pub mod erase;
pub mod external;
pub mod hashing;
pub mod issuers;
pub mod jwt;
pub mod mail;
pub mod model;
pub mod reserved;
pub mod sanctions;
pub mod secret;
pub mod staff;
pub mod store;
pub mod tools;

pub use bearers::Bearers;
pub use tools::Tools;

//! Who calls, and how they prove it: keys of integrators, accounts of readers and staff.
//!
//! - `secret` what is shown once: keys and tokens
//! - `reserved` names that only the staff may have
//! - `model` the shapes the API shows and takes
//! - `store` reads and writes
//! - `hashing` passwords, so many at once
//! - `tools` what the handlers of accounts share
//! - `bearers` finds the principal of a request
//! - `api` the endpoints

pub mod api;
pub mod bearers;
pub mod hashing;
pub mod model;
pub mod reserved;
pub mod secret;
pub mod store;
pub mod tools;

pub use bearers::Bearers;
pub use tools::Tools;

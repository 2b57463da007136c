//! The embedded PostgreSQL: finds the programs, makes a private cluster in the
//! data folder, keeps it running while we run, and stops it cleanly.
//!
//! Used only when no `DATABASE_URL` is set. The server listens on one Unix
//! socket in a folder nobody else may enter, and on no port.
//!
//! | file | what lives there |
//! | --- | --- |
//! | `embedded` | the door: [`Embedded`] |
//! | `options` | [`Options`], and the [`Role`] of who asks |
//! | `fault` | everything that can go wrong, and what to do about it |
//! | `folder` | what is where in the data folder, and the socket's folder |
//! | `lock` | who owns the data folder |
//! | `account` | the user PostgreSQL runs as (it refuses root) |
//! | `obtain` | the programs to use: named, found or fetched |
//! | `locate` | PostgreSQL's programs on this machine |
//! | `source`, `fetch` | a downloaded build when there are none |
//! | `cluster` | `initdb`, versions |
//! | `leftover` | a server that outlived its owner |
//! | `server` | one run of the `postgres` program: start, ready, stop |
//! | `supervise` | the thread that starts it, restarts it and stops it |
//! | `database` | our database, and the check that Hangul works in it |
//! | `ask` | a question to the server from blocking code |
//! | `process` | signals and the parent's death (the only unsafe code) |

mod account;
mod ask;
mod cluster;
mod database;
mod embedded;
mod fault;
#[cfg(feature = "fetch-postgres")]
mod fetch;
mod folder;
mod leftover;
mod locate;
mod lock;
mod obtain;
mod options;
mod process;
mod server;
#[cfg(feature = "fetch-postgres")]
mod source;
mod supervise;

pub use ask::Unanswered;
pub use embedded::{DATABASE, Embedded};
pub use fault::Fault;
pub use locate::Search;
pub use obtain::Surroundings;
pub use options::{Options, Role};
#[cfg(feature = "fetch-postgres")]
pub use source::{Archives, Build, Source, Theseus};

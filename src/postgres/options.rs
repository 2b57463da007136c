//! What is asked of the embedded PostgreSQL, and by whom.

use std::fmt;
use std::path::PathBuf;

/// What the embedded PostgreSQL is to be.
#[derive(Clone, Debug)]
pub struct Options {
    /// Our data folder; the cluster is in it.
    pub data_dir: PathBuf,
    /// The folder of PostgreSQL's programs (`SOSIK_POSTGRES__BIN_DIR`); searched
    /// for when not given.
    pub bin_dir: Option<PathBuf>,
    /// Loses data at a power cut and is quicker: for tests only.
    pub fast_and_unsafe: bool,
    /// Whether a build may be downloaded when the machine has none.
    pub fetch: bool,
    /// The server's limit; the pools must fit in.
    pub max_connections: u32,
}

/// Who asks for the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The server: owns the data folder for as long as it runs.
    Serve,
    /// A command: joins the running server's database, or owns the folder for
    /// its own run when there is no server.
    Command,
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Role::Serve => "serve",
            Role::Command => "command",
        })
    }
}

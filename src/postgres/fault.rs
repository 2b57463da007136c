//! Everything that can go wrong, each with what the operator can do about it.

use std::io;
use std::path::PathBuf;

use super::ask::Unanswered;
use super::options::Role;

/// Shown wherever the programs are missing or do not fit.
const INSTALL: &str = "Install PostgreSQL 14 or newer:
  Debian, Ubuntu:  apt-get install postgresql
  Fedora, RHEL:    dnf install postgresql-server postgresql-contrib
  Alpine:          apk add postgresql postgresql-contrib
  macOS:           brew install postgresql@17
or set SOSIK_POSTGRES__BIN_DIR to the folder that holds `postgres` and `initdb`,
or set DATABASE_URL to a PostgreSQL that runs already.";

/// Why the embedded PostgreSQL does not run.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// No programs, and fetching them was not allowed.
    #[error("found no PostgreSQL on this machine (looked in {searched}).\n{INSTALL}")]
    NoPostgres {
        /// Where we looked.
        searched: String,
    },
    /// `SOSIK_POSTGRES__BIN_DIR` does not hold what it should.
    #[error(
        "SOSIK_POSTGRES__BIN_DIR is {}, but `postgres` and `initdb` of PostgreSQL 14 or newer \
         are not both there: {reason}.\n{INSTALL}", folder.display()
    )]
    BinDir {
        /// The folder that was named.
        folder: PathBuf,
        /// What is missing.
        reason: String,
    },
    /// No programs, and no download either.
    #[error("found no PostgreSQL on this machine, and cannot fetch one: {reason}.\n{INSTALL}")]
    Fetch {
        /// What each source answered.
        reason: String,
    },
    /// Somebody else owns the data folder.
    #[error(
        "the data folder {} is in use: process {pid} ({role}) has it since {since}. \
         Stop that process, or choose another data folder for this one", folder.display()
    )]
    Held {
        /// The holder's process id.
        pid: u32,
        /// What the holder does.
        role: Role,
        /// When it took the folder (RFC 3339).
        since: String,
        /// The data folder.
        folder: PathBuf,
    },
    /// Somebody else owns the data folder and has not said who.
    #[error(
        "the data folder {} is in use by a process that left no name; \
         `fuser {}` finds it", folder.display(), lock.display()
    )]
    HeldByUnknown {
        /// The data folder.
        folder: PathBuf,
        /// The lock file.
        lock: PathBuf,
    },
    /// A server owns the folder, but its database does not answer.
    #[error(
        "process {pid} owns the data folder {} since {since}, but its database did not \
         answer within {waited} s. See the log {}", folder.display(), log.display()
    )]
    NotReady {
        /// The owner.
        pid: u32,
        /// Since when it owns the folder.
        since: String,
        /// How long we waited.
        waited: u64,
        /// The data folder.
        folder: PathBuf,
        /// PostgreSQL's log.
        log: PathBuf,
    },
    /// A folder we would use holds something that is not ours.
    #[error(
        "{} is not ours: {reason}. It stays untouched; move it away or choose another \
         data folder", path.display()
    )]
    Foreign {
        /// What we would have used.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// The cluster belongs to another user.
    #[error(
        "{} belongs to {owner}, but PostgreSQL would run as {account}. Run this as {owner}, \
         or, if the data is yours: chown -R {account} {}", path.display(), path.display()
    )]
    Owner {
        /// The cluster, or the file in question.
        path: PathBuf,
        /// Who owns it.
        owner: String,
        /// Who would need to.
        account: String,
    },
    /// Root's folder keeps the unprivileged user out.
    #[error(
        "PostgreSQL refuses to run as root, so it runs as the user {account}, who may not \
         enter {}. Choose a data folder (and programs) that user can reach, such as \
         /var/lib/sosik, or: chmod o+x {}", path.display(), path.display()
    )]
    Unreachable {
        /// The first folder that is closed.
        path: PathBuf,
        /// The unprivileged user.
        account: String,
    },
    /// We are root and there is nobody to run as.
    #[error(
        "PostgreSQL refuses to run as root, and there is no user `postgres` or `nobody`. \
         Create one (useradd --system postgres), or run this as an ordinary user"
    )]
    NoAccount,
    /// The data was written by another major version.
    #[error(
        "the data in {} was written by PostgreSQL {data}, and this machine has {programs}. \
         Install PostgreSQL {data} beside it (or set SOSIK_POSTGRES__BIN_DIR to it); or move the \
         data to the newer one with pg_upgrade, or with pg_dump from {data} into a new \
         data folder", cluster.display()
    )]
    Major {
        /// The cluster.
        cluster: PathBuf,
        /// The data's major version.
        data: u32,
        /// What the machine has.
        programs: String,
    },
    /// `initdb` failed.
    #[error("initdb could not make a cluster in {}:\n{tail}{}", folder.display(), hint(tail))]
    Initdb {
        /// The data folder.
        folder: PathBuf,
        /// The end of its output.
        tail: String,
    },
    /// None of the locales that know Hangul exists here.
    #[error(
        "this machine has no UTF-8 locale for PostgreSQL (tried {tried}). Install one: \
         Debian, Ubuntu: apt-get install locales && localedef -i C -f UTF-8 C.UTF-8; \
         Fedora: dnf install glibc-langpack-en. The last answer was:\n{tail}"
    )]
    NoLocale {
        /// The names that were tried.
        tried: String,
        /// The end of the last output.
        tail: String,
    },
    /// The database's locale does not know Hangul.
    #[error(
        "the database {database} in {} has the locale {ctype} ({encoding}), in which Hangul \
         is no text: searches would find nothing and say so to nobody. A locale is for ever: \
         dump the data with pg_dump, move the folder away, start again and restore, or name \
         another data folder", cluster.display()
    )]
    Hangul {
        /// The database that was checked.
        database: String,
        /// Its character classification.
        ctype: String,
        /// Its encoding.
        encoding: String,
        /// The cluster.
        cluster: PathBuf,
    },
    /// `postgres` ended before it was ready.
    #[error("PostgreSQL does not start. The end of its log {}:\n{tail}{}", log.display(), hint(tail))]
    Start {
        /// The log file.
        log: PathBuf,
        /// Its last lines.
        tail: String,
    },
    /// The server had to be killed, or could not be.
    #[error(
        "PostgreSQL (process {pid}) did not stop within {waited} s{}. No data is lost; \
         the next start recovers. See the log {}",
        if *gone { " and was killed" } else { " and cannot be killed" }, log.display()
    )]
    Stop {
        /// The server's process.
        pid: u32,
        /// How long we waited.
        waited: u64,
        /// Whether the process is gone now.
        gone: bool,
        /// The log file.
        log: PathBuf,
    },
    /// The database could not be asked.
    #[error("cannot {doing}: {source}")]
    Database {
        /// What we wanted.
        doing: &'static str,
        /// What it answered.
        source: Unanswered,
    },
    /// The file system refused.
    #[error("cannot {doing} {}: {source}{}", path.display(), io_hint(source))]
    Io {
        /// What we wanted.
        doing: &'static str,
        /// With what.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A thread could not be started, or ended by a panic.
    #[error("the supervisor of PostgreSQL ended unexpectedly: {0}")]
    Supervisor(String),
}

impl Fault {
    /// For `map_err`: names what was tried, and with what.
    pub(super) fn io(
        doing: &'static str,
        path: impl Into<PathBuf>,
    ) -> impl FnOnce(io::Error) -> Fault {
        let path = path.into();
        move |source| Fault::Io { doing, path, source }
    }
}

/// What PostgreSQL's own words mean for the operator.
fn hint(tail: &str) -> &'static str {
    if tail.contains("No space left on device") || tail.contains("Check free disk space") {
        "\nThe disk is full: make room, then start again."
    } else if tail.contains("could not look up effective user ID") {
        "\nThis user id has no entry in /etc/passwd, which PostgreSQL wants: add one."
    } else if tail.contains("still in use") {
        "\nProcesses of an earlier server still run on this data: end them, then start again."
    } else if tail.contains("could not create shared memory")
        || tail.contains("could not map anonymous shared memory")
    {
        "\nToo little memory: lower shared_buffers in the cluster's postgresql.conf."
    } else {
        ""
    }
}

fn io_hint(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::PermissionDenied => {
            " (choose a data folder this user may write to, or run this as its owner)"
        }
        io::ErrorKind::StorageFull => " (the disk is full)",
        _ => "",
    }
}

//! The door to the embedded PostgreSQL.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::ask;
use super::cluster;
use super::database;
use super::fault::Fault;
use super::folder::Folder;
use super::leftover::{self, Postmaster};
use super::lock::{Holder, Lock};
use super::obtain::{self, Surroundings};
use super::options::{Options, Role};
use super::server::Server;
use super::supervise::Supervisor;

/// The database that is made and checked at every start.
pub const DATABASE: &str = "sosik";

/// A second server waits this long for the first to go (a restart overlaps).
const SERVE_PATIENCE: Duration = Duration::from_secs(5);

/// A command waits this long for a server that still starts, or for another
/// command to finish.
const COMMAND_PATIENCE: Duration = Duration::from_secs(60);

/// A PostgreSQL that runs: our own, or the one of a server that runs already.
#[derive(Debug)]
pub struct Embedded {
    socket: PathBuf,
    /// `None` when another process owns the server.
    owned: Option<Owned>,
}

/// Fields drop in this order: the server ends before the folder is free.
#[derive(Debug)]
struct Owned {
    supervisor: Supervisor,
    /// The socket's folder when it is outside of the data folder.
    outside: Option<PathBuf>,
    _lock: Lock,
}

impl Owned {
    /// A second call does nothing.
    fn stop(&mut self) -> Result<(), Fault> {
        let outcome = self.supervisor.stop();
        if let Some(folder) = &self.outside {
            // It is empty unless the stop failed.
            let _ = fs::remove_dir(folder);
        }
        outcome
    }
}

impl Embedded {
    /// Starts the server, or joins the running one; the database
    /// [`DATABASE`] exists afterwards and takes connections. Blocks.
    pub fn start(options: &Options, role: Role) -> Result<Embedded, Fault> {
        Embedded::start_in(options, role, &Surroundings::machine(options))
    }

    /// The same with the machine given.
    pub fn start_in(
        options: &Options,
        role: Role,
        around: &Surroundings,
    ) -> Result<Embedded, Fault> {
        let folder = Folder::open(&options.data_dir)?;
        match take_or_join(&folder, role)? {
            Taken::Joined(socket) => Ok(Embedded { socket, owned: None }),
            Taken::Ours(lock) => own(options, around, folder, lock),
        }
    }

    /// The connection string of a database in this cluster.
    pub fn url(&self, database: &str) -> String {
        ask::url(&self.socket, database)
    }

    /// Whether this process runs the server (and stops it at the end).
    pub fn is_owner(&self) -> bool {
        self.owned.is_some()
    }

    /// Stops the server if it is ours, waits for its end and frees the folder.
    /// Dropping does the same and can only log what goes wrong.
    pub fn stop(mut self) -> Result<(), Fault> {
        match self.owned.take() {
            Some(mut owned) => owned.stop(),
            None => Ok(()),
        }
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        if let Err(fault) = self.stop() {
            tracing::error!(%fault, "PostgreSQL did not stop cleanly");
        }
    }
}

enum Taken {
    Ours(Lock),
    /// With the folder of the socket.
    Joined(PathBuf),
}

/// Takes the folder, or finds the database of the server that has it.
fn take_or_join(folder: &Folder, role: Role) -> Result<Taken, Fault> {
    let patience = match role {
        Role::Serve => SERVE_PATIENCE,
        Role::Command => COMMAND_PATIENCE,
    };
    let deadline = Instant::now() + patience;
    loop {
        let holder = match Lock::try_take(&folder.lock, role)? {
            Ok(lock) => return Ok(Taken::Ours(lock)),
            Err(holder) => holder,
        };
        let by_server = holder.as_ref().is_some_and(|h| h.role == Role::Serve);
        // Another command's server would end with that command: wait for it.
        if role == Role::Command && by_server {
            let socket = Postmaster::of(&folder.cluster).and_then(|found| found.socket);
            if let Some(socket) = socket.filter(|socket| ask::answers(socket, DATABASE)) {
                return Ok(Taken::Joined(socket));
            }
        }
        if Instant::now() > deadline {
            return Err(refusal(folder, role, holder));
        }
        thread::sleep(Duration::from_millis(100));
    }
}

fn refusal(folder: &Folder, role: Role, holder: Option<Holder>) -> Fault {
    match holder {
        None => Fault::HeldByUnknown { folder: folder.root.clone(), lock: folder.lock.clone() },
        Some(holder) if role == Role::Command && holder.role == Role::Serve => Fault::NotReady {
            pid: holder.pid,
            since: holder.since,
            waited: COMMAND_PATIENCE.as_secs(),
            folder: folder.root.clone(),
            log: folder.log.clone(),
        },
        Some(holder) => Fault::Held {
            pid: holder.pid,
            role: holder.role,
            since: holder.since,
            folder: folder.root.clone(),
        },
    }
}

fn own(
    options: &Options,
    around: &Surroundings,
    folder: Folder,
    lock: Lock,
) -> Result<Embedded, Fault> {
    let began = Instant::now();
    let account = Account::choose(&folder.root, &folder.cluster)?;
    let data = cluster::major(&folder)?;
    let programs = obtain::programs(options, around, &folder, data)?;
    if data.is_some() {
        cluster::check_owner(&folder, &account)?;
        leftover::stop(&folder)?;
    } else {
        cluster::create(&folder, &programs, &account, options.fast_and_unsafe)?;
    }
    account.can_reach(&folder.cluster, &programs.postgres())?;
    let socket = folder.socket(&account)?;
    let version = programs.version.clone();
    let cluster = folder.cluster.clone();
    let outside = (!socket.starts_with(&folder.root)).then(|| socket.clone());
    let supervisor = Supervisor::start(Server {
        programs,
        account,
        folder,
        socket: socket.clone(),
        max_connections: options.max_connections,
        fast_and_unsafe: options.fast_and_unsafe,
    })?;
    // From here on a fault stops the server again: `owned` is dropped.
    let owned = Owned { supervisor, outside, _lock: lock };
    database::prepare(&socket, DATABASE, &cluster)?;
    tracing::info!(
        version,
        cluster = %cluster.display(),
        duration_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "PostgreSQL runs"
    );
    Ok(Embedded { socket, owned: Some(owned) })
}

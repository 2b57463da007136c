//! A server that outlived its owner: stopped cleanly before ours starts.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use super::fault::Fault;
use super::folder::Folder;
use super::process::{self, Signal};

/// How long a leftover may take for its last checkpoint.
const PATIENCE: Duration = Duration::from_secs(60);

/// What `postmaster.pid` says of the server.
#[derive(Debug)]
pub(super) struct Postmaster {
    pub(super) pid: u32,
    /// The folder of its socket, once it has one.
    pub(super) socket: Option<PathBuf>,
}

impl Postmaster {
    /// Reads the file; a half-written one counts as none.
    pub(super) fn of(cluster: &Path) -> Option<Postmaster> {
        let text = fs::read_to_string(cluster.join("postmaster.pid")).ok()?;
        // Lines: pid, data folder, start, port, socket folder, address, ...
        let mut lines = text.lines();
        let pid = lines.next()?.trim().parse().ok()?;
        let socket = lines.nth(3).filter(|line| !line.is_empty());
        Some(Postmaster { pid, socket: socket.map(PathBuf::from) })
    }

    /// Whether that process runs and is a server of this cluster: after a
    /// restart of the machine its number may be anybody's.
    fn serves(&self, cluster: &Path) -> bool {
        if cfg!(target_os = "linux") {
            // A server's working folder is its cluster. A dead one that nobody
            // has waited for has none, which is right too.
            fs::read_link(format!("/proc/{}/cwd", self.pid)).is_ok_and(|cwd| cwd == cluster)
        } else {
            self.socket.as_deref().is_some_and(|socket| super::ask::answers(socket, "postgres"))
        }
    }
}

/// Stops what an earlier owner left behind. Call it while holding the lock:
/// then nobody else can own that server.
pub(super) fn stop(folder: &Folder) -> Result<(), Fault> {
    let Some(postmaster) = Postmaster::of(&folder.cluster) else {
        return Ok(());
    };
    let pid = postmaster.pid;
    if postmaster.serves(&folder.cluster) {
        tracing::warn!(pid, "stopping a PostgreSQL that outlived its owner");
        let steps = [(Signal::Fast, PATIENCE), (Signal::Immediate, PATIENCE / 6)];
        let gone =
            steps.into_iter().any(|(signal, patience)| end(&postmaster, folder, signal, patience));
        if !gone {
            return Err(Fault::Stop {
                pid,
                waited: PATIENCE.as_secs(),
                gone: false,
                log: folder.log.clone(),
            });
        }
    }
    // PostgreSQL would refuse to start if the number is somebody else's now.
    // A server that is still there keeps its shared memory, and ours waits for
    // that.
    let _ = fs::remove_file(folder.cluster.join("postmaster.pid"));
    Ok(())
}

fn end(postmaster: &Postmaster, folder: &Folder, signal: Signal, patience: Duration) -> bool {
    if let Err(error) = process::signal(postmaster.pid, signal) {
        tracing::warn!(pid = postmaster.pid, %error, "cannot signal PostgreSQL");
    }
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if !postmaster.serves(&folder.cluster) {
            return true;
        }
        thread::sleep(Duration::from_millis(50));
    }
    false
}

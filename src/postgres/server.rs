//! One run of the `postgres` program: start it, wait until it is ready, stop it.

use std::io;
use std::path::PathBuf;
use std::process::{Child, Command};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::account::Account;
use super::ask;
use super::fault::Fault;
use super::folder::Folder;
use super::locate::Programs;
use super::process::{self, Signal};

/// Between two looks at a starting or stopping server.
const PAUSE: Duration = Duration::from_millis(50);

/// For a clean stop: open transactions roll back, a checkpoint is written.
const STOP_PATIENCE: Duration = Duration::from_secs(30);

/// How long processes of a killed server may hold its shared memory.
const ORPHAN_PATIENCE: Duration = Duration::from_secs(30);

/// What every run of the server has in common.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) programs: Programs,
    pub(super) account: Account,
    pub(super) folder: Folder,
    pub(super) socket: PathBuf,
    pub(super) max_connections: u32,
    pub(super) fast_and_unsafe: bool,
}

impl Server {
    /// Starts the server and waits until it takes connections. While the
    /// processes of a killed one hold its shared memory, an immediate start
    /// fails: try again until they are gone. `None` when asked to stop first.
    pub(super) fn start(&self, stopped: &Receiver<()>) -> Result<Option<Child>, Fault> {
        let deadline = Instant::now() + ORPHAN_PATIENCE;
        loop {
            match self.try_start(stopped) {
                Err(Fault::Start { tail, .. })
                    if tail.contains("still in use") && Instant::now() < deadline =>
                {
                    tracing::info!("waiting for processes of an earlier PostgreSQL to end");
                    if asked_to_stop(stopped, PAUSE * 4) {
                        return Ok(None);
                    }
                }
                outcome => return outcome,
            }
        }
    }

    fn try_start(&self, stopped: &Receiver<()>) -> Result<Option<Child>, Fault> {
        let log = self.folder.open_log()?;
        let length = log.metadata().map_or(0, |meta| meta.len());
        let for_errors = log.try_clone().map_err(Fault::io("open", &self.folder.log))?;
        let mut command = self.command();
        command.stdout(log).stderr(for_errors);
        let mut child = command.spawn().map_err(Fault::io("run", self.programs.postgres()))?;
        let mut next_word = Instant::now() + Duration::from_secs(10);
        loop {
            if let Some(status) = self.ended(&mut child)? {
                let tail = self.folder.log_tail(length);
                return Err(Fault::Start {
                    log: self.folder.log.clone(),
                    tail: format!("{tail}\n(postgres: {status})"),
                });
            }
            if ask::answers(&self.socket, "postgres") {
                return Ok(Some(child));
            }
            // Recovery after a crash takes as long as it takes; killing it
            // would only make it start over.
            if Instant::now() > next_word {
                tracing::warn!(pid = child.id(), "PostgreSQL is still starting (recovery?)");
                next_word += Duration::from_secs(10);
            }
            if asked_to_stop(stopped, PAUSE) {
                return self.stop(child).map(|()| None);
            }
        }
    }

    /// Only what must be so is on the command line; memory and the rest is
    /// the operator's, in the cluster's `postgresql.conf`.
    fn command(&self) -> Command {
        let mut command = self.account.command(&self.programs.postgres());
        command.arg("-D").arg(&self.folder.cluster);
        let socket = format!("unix_socket_directories={}", self.socket.display());
        let connections = format!("max_connections={}", self.max_connections);
        let port = format!("port={}", ask::PORT);
        let mut settings = vec![
            "listen_addresses=",
            "unix_socket_permissions=0700",
            &socket,
            &port,
            &connections,
            "logging_collector=off",
            "log_destination=stderr",
            "lc_messages=C",
            // Errors of statements are for their caller to report: here they
            // would repeat readers' data.
            "log_min_messages=log",
            "log_checkpoints=off",
            "log_line_prefix=%m [%p] ",
        ];
        if self.fast_and_unsafe {
            // Commits still reach the system at once, so that only a power cut
            // loses them and not the death of a process.
            settings.extend(["fsync=off", "full_page_writes=off"]);
        }
        for setting in settings {
            command.arg("-c").arg(setting);
        }
        process::die_with_spawner(&mut command);
        command
    }

    /// Whether it has ended, and how.
    pub(super) fn ended(
        &self,
        child: &mut Child,
    ) -> Result<Option<std::process::ExitStatus>, Fault> {
        child.try_wait().map_err(Fault::io("wait for", self.programs.postgres()))
    }

    /// Stops it cleanly; harder, and with a fault, when it does not obey.
    pub(super) fn stop(&self, mut child: Child) -> Result<(), Fault> {
        let pid = child.id();
        let send = |signal: Signal| -> io::Result<()> { process::signal(pid, signal) };
        let cannot = |error| Fault::io("stop", self.programs.postgres())(error);
        send(Signal::Fast).map_err(cannot)?;
        if self.wait(&mut child, STOP_PATIENCE)? {
            return Ok(());
        }
        let mut gone = false;
        for signal in [Signal::Immediate, Signal::Kill] {
            send(signal).map_err(cannot)?;
            gone = self.wait(&mut child, STOP_PATIENCE / 6)?;
            if gone {
                break;
            }
        }
        Err(Fault::Stop {
            pid,
            waited: STOP_PATIENCE.as_secs(),
            gone,
            log: self.folder.log.clone(),
        })
    }

    fn wait(&self, child: &mut Child, patience: Duration) -> Result<bool, Fault> {
        let deadline = Instant::now() + patience;
        while Instant::now() < deadline {
            if self.ended(child)?.is_some() {
                return Ok(true);
            }
            thread::sleep(PAUSE / 5);
        }
        Ok(false)
    }
}

/// Waits a while for the wish to stop, which is the end of its sender.
pub(super) fn asked_to_stop(stopped: &Receiver<()>, patience: Duration) -> bool {
    !matches!(stopped.recv_timeout(patience), Err(RecvTimeoutError::Timeout))
}

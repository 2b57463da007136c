//! The thread that starts the server, starts it again when it dies, and stops
//! it. It lives as long as the server: on Linux the server is told to end
//! when the thread that spawned it does.

use std::process::Child;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::fault::Fault;
use super::server::{Server, asked_to_stop};

/// Between two looks at the running server; a stop is noticed at once.
const PAUSE: Duration = Duration::from_millis(100);

/// The longest pause between two attempts to bring it back.
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// A running server and its guard.
#[derive(Debug)]
pub(super) struct Supervisor {
    /// Dropped to ask for a stop.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<Result<(), Fault>>>,
}

impl Supervisor {
    /// Starts the server; returns when it takes connections.
    pub(super) fn start(server: Server) -> Result<Supervisor, Fault> {
        let (stop, stopped) = channel();
        let (ready, started) = channel();
        let thread = thread::Builder::new()
            .name("postgres".to_owned())
            .spawn(move || {
                let child = match server.start(&stopped) {
                    Ok(Some(child)) => child,
                    Ok(None) => return Ok(()),
                    Err(fault) => {
                        let _ = ready.send(Err(fault));
                        return Ok(());
                    }
                };
                // Nobody waits any more: the stop below comes at once.
                let _ = ready.send(Ok(()));
                guard(&server, child, &stopped)
            })
            .map_err(|error| Fault::Supervisor(error.to_string()))?;
        let supervisor = Supervisor { stop: Some(stop), thread: Some(thread) };
        match started.recv() {
            Ok(Ok(())) => Ok(supervisor),
            Ok(Err(fault)) => Err(fault),
            Err(_) => Err(Fault::Supervisor("it gave no word".to_owned())),
        }
    }

    /// Stops the server and waits for its end. A second call does nothing.
    pub(super) fn stop(&mut self) -> Result<(), Fault> {
        self.stop.take();
        match self.thread.take().map(JoinHandle::join) {
            None => Ok(()),
            Some(Ok(outcome)) => outcome,
            Some(Err(_)) => Err(Fault::Supervisor("it panicked".to_owned())),
        }
    }
}

fn guard(server: &Server, mut child: Child, stopped: &Receiver<()>) -> Result<(), Fault> {
    loop {
        if asked_to_stop(stopped, PAUSE) {
            return server.stop(child);
        }
        // A wait that fails will not get better: then the server runs on
        // unguarded until the stop.
        let Ok(Some(status)) = server.ended(&mut child) else {
            continue;
        };
        tracing::error!(
            %status,
            log = %server.folder.log.display(),
            "PostgreSQL ended by itself, starting it again"
        );
        match revive(server, stopped) {
            Some(revived) => child = revived,
            None => return Ok(()),
        }
    }
}

/// Tries until it runs again; `None` when asked to stop meanwhile.
fn revive(server: &Server, stopped: &Receiver<()>) -> Option<Child> {
    let mut pause = PAUSE;
    loop {
        match server.start(stopped) {
            Ok(started) => {
                if let Some(child) = &started {
                    tracing::info!(pid = child.id(), "PostgreSQL runs again");
                }
                return started;
            }
            Err(fault) => tracing::error!(%fault, "PostgreSQL does not come back yet"),
        }
        if asked_to_stop(stopped, pause) {
            return None;
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

//! Signals and the parent's death: the thin layer over libc, and the only
//! unsafe code of this module.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::Command;

/// How to ask a `postgres` or `initdb` to end.
#[derive(Clone, Copy, Debug)]
pub(super) enum Signal {
    /// Roll open transactions back, write a checkpoint, end: a clean stop.
    Fast,
    /// End without a checkpoint; the next start recovers from the log.
    Immediate,
    /// The last resort.
    Kill,
}

impl Signal {
    fn number(self) -> libc::c_int {
        match self {
            Signal::Fast => libc::SIGINT,
            Signal::Immediate => libc::SIGQUIT,
            Signal::Kill => libc::SIGKILL,
        }
    }
}

/// The user id this process acts as.
pub(super) fn effective_uid() -> u32 {
    // SAFETY: geteuid reads a number and cannot fail.
    unsafe { libc::geteuid() }
}

/// Sends a signal; a process that is gone already is not an error.
pub(super) fn signal(pid: u32, signal: Signal) -> io::Result<()> {
    let Ok(pid) = libc::pid_t::try_from(pid) else {
        return Ok(());
    };
    // Zero and negative numbers mean whole process groups: never ours to end.
    if pid <= 1 {
        return Ok(());
    }
    // SAFETY: kill takes two numbers and touches no memory of ours.
    if unsafe { libc::kill(pid, signal.number()) } == 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    match error.raw_os_error() {
        Some(libc::ESRCH) => Ok(()),
        _ => Err(error),
    }
}

/// Makes the child end by itself (fast and clean) when the thread that spawns
/// it ends, so that a `kill -9` of us leaves no server behind for ever. Linux
/// only; elsewhere the next start stops what was left.
///
/// The child gets its own process group, so that Ctrl-C reaches us first.
pub(super) fn die_with_spawner(command: &mut Command) {
    command.process_group(0);
    #[cfg(target_os = "linux")]
    {
        let parent = std::process::id();
        // SAFETY: the closure runs between fork and exec, calls only prctl and
        // getppid (both async-signal-safe), and allocates nothing: an error
        // from a bare number does not.
        unsafe {
            command.pre_exec(move || {
                // After the change of user, which would clear it: std changes
                // the user before it runs this.
                if libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGINT) != 0 {
                    return Err(io::Error::last_os_error());
                }
                // The parent may have died before the line above.
                if libc::getppid().cast_unsigned() != parent {
                    return Err(io::Error::from_raw_os_error(libc::ESRCH));
                }
                Ok(())
            });
        }
    }
}

//! Who owns the data folder: a lock the system releases when its holder dies,
//! in a file that says who the holder is.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind, Read};
use std::os::unix::fs::{FileExt, MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::process;

use super::account::{self, Account};
use super::fault::Fault;
use super::options::Role;
use crate::clock::Clock;

/// The holder, as the lock file names it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Holder {
    pub(super) pid: u32,
    pub(super) role: Role,
    pub(super) since: String,
}

/// The data folder is ours while this lives.
#[derive(Debug)]
pub(super) struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock, or says who has it (`None`: it has not said so yet).
    pub(super) fn try_take(path: &Path, role: Role) -> Result<Result<Lock, Option<Holder>>, Fault> {
        let mut file = open(path)?;
        match file.try_lock() {
            Ok(()) => {
                let lock = Lock { file };
                lock.sign(role).map_err(Fault::io("write", path))?;
                Ok(Ok(lock))
            }
            Err(TryLockError::WouldBlock) => {
                let mut text = String::new();
                file.read_to_string(&mut text).map_err(Fault::io("read", path))?;
                Ok(Err(parse(&text)))
            }
            Err(TryLockError::Error(error)) => Err(Fault::io("lock", path)(error)),
        }
    }

    fn sign(&self, role: Role) -> io::Result<()> {
        let line = format!("{} {role} {}\n", process::id(), now());
        // Emptied first, so that a reader sees our whole line or none.
        self.file.set_len(0)?;
        self.file.write_all_at(line.as_bytes(), 0)
    }
}

impl Drop for Lock {
    /// The file stays: removing it would let two owners lock two files.
    fn drop(&mut self) {
        // Closing the file releases the lock in any case.
        let _ = self.file.set_len(0);
    }
}

fn open(path: &Path) -> Result<File, Fault> {
    // Never through a symlink: we may be root in a folder of somebody else.
    let opened = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(libc::O_NOFOLLOW)
        .open(path);
    match opened {
        Err(error) if error.kind() == ErrorKind::PermissionDenied && path.exists() => {
            Err(belongs_to_another(path).unwrap_or_else(|| Fault::io("open", path)(error)))
        }
        opened => opened.map_err(Fault::io("open", path)),
    }
}

fn belongs_to_another(path: &Path) -> Option<Fault> {
    let owner = path.symlink_metadata().ok()?.uid();
    Some(Fault::Owner {
        path: path.to_owned(),
        owner: account::name_of(owner),
        account: Account::current().name,
    })
}

/// Only ever shown to people, and to the second.
fn now() -> String {
    let now = Clock::system().now().to_string();
    now.split('.').next().map(|seconds| format!("{seconds}Z")).unwrap_or_default()
}

fn parse(text: &str) -> Option<Holder> {
    let mut words = text.strip_suffix('\n')?.split(' ');
    let holder = Holder {
        pid: words.next()?.parse().ok()?,
        role: match words.next()? {
            "serve" => Role::Serve,
            "command" => Role::Command,
            _ => return None,
        },
        since: words.next()?.to_owned(),
    };
    Some(holder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_holder_learns_who_the_first_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::try_take(&path, Role::Serve).unwrap().unwrap();
        let holder = Lock::try_take(&path, Role::Command).unwrap().unwrap_err();
        let holder = holder.unwrap();
        assert_eq!(holder.pid, process::id());
        assert_eq!(holder.role, Role::Serve);
        drop(first);
        assert!(Lock::try_take(&path, Role::Command).unwrap().is_ok());
    }

    #[test]
    fn half_a_line_names_nobody() {
        assert_eq!(parse("12"), None);
        assert_eq!(parse("12 serve 2026-"), None);
        assert_eq!(parse(""), None);
    }
}

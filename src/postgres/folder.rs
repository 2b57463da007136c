//! What is where in the data folder, and the folder of the socket.

use std::collections::hash_map::DefaultHasher;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::hash::{Hash, Hasher};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::account::{self, Account};
use super::ask::PORT;
use super::fault::Fault;
use super::process;

/// `sun_path` holds 108 bytes on Linux and 104 on macOS, with a zero at the end.
const LONGEST_SOCKET: usize = 103;

/// The log starts afresh at this size, keeping one older file.
const LONGEST_LOG: u64 = 16 * 1024 * 1024;

/// The parts of a data folder. Other content of it is left alone.
#[derive(Clone, Debug)]
pub(super) struct Folder {
    /// The data folder, absolute.
    pub(super) root: PathBuf,
    /// PostgreSQL's data (PGDATA), complete whenever it exists.
    pub(super) cluster: PathBuf,
    /// Where `initdb` works until the cluster is complete.
    pub(super) unfinished: PathBuf,
    /// Says who owns the data folder.
    pub(super) lock: PathBuf,
    /// What PostgreSQL prints.
    pub(super) log: PathBuf,
}

impl Folder {
    /// Opens the data folder, making it if needed.
    pub(super) fn open(data_dir: &Path) -> Result<Folder, Fault> {
        make_reachable(data_dir)?;
        let root = data_dir.canonicalize().map_err(Fault::io("open", data_dir))?;
        Ok(Folder {
            cluster: root.join("cluster"),
            unfinished: root.join("cluster.unfinished"),
            lock: root.join("postgres.lock"),
            log: root.join("postgres.log"),
            root,
        })
    }

    /// Makes the socket's folder: inside the data folder, or, where that path
    /// is too long for a socket, a short private one. Same place every time.
    pub(super) fn socket(&self, account: &Account) -> Result<PathBuf, Fault> {
        let inside = self.root.join("run");
        let path = if fits(&inside) { inside } else { self.short() };
        own_private(&path, account)?;
        Ok(path)
    }

    fn short(&self) -> PathBuf {
        // Its keys are constant, so the name is the same in every run.
        let mut hasher = DefaultHasher::new();
        self.root.hash(&mut hasher);
        let hash = hasher.finish();
        match process::effective_uid() {
            0 if Path::new("/run").is_dir() => PathBuf::from(format!("/run/sosik-{hash:016x}")),
            uid => PathBuf::from(format!("/tmp/sosik-{uid}-{hash:016x}")),
        }
    }

    /// Opens the log to append to it.
    pub(super) fn open_log(&self) -> Result<File, Fault> {
        let open = || {
            OpenOptions::new()
                .append(true)
                .create(true)
                .mode(0o600)
                .custom_flags(libc::O_NOFOLLOW)
                .open(&self.log)
        };
        let file = open().map_err(Fault::io("open", &self.log))?;
        if file.metadata().is_ok_and(|meta| meta.len() > LONGEST_LOG) {
            fs::rename(&self.log, self.log.with_extension("log.1"))
                .map_err(Fault::io("rename", &self.log))?;
            return open().map_err(Fault::io("open", &self.log));
        }
        Ok(file)
    }

    /// The last lines of the log from a position on.
    pub(super) fn log_tail(&self, from: u64) -> String {
        let mut text = Vec::new();
        if let Ok(mut file) = File::open(&self.log) {
            let size = file.metadata().map_or(0, |meta| meta.len());
            let near_end = from.max(size.saturating_sub(64 * 1024)).min(size);
            let read =
                file.seek(SeekFrom::Start(near_end)).and_then(|_| file.read_to_end(&mut text));
            if let Err(error) = read {
                return format!("(the log cannot be read: {error})");
            }
        }
        last_lines(&String::from_utf8_lossy(&text))
    }
}

/// Enough to see a cause, little enough for a terminal.
pub(super) fn last_lines(text: &str) -> String {
    let lines: Vec<&str> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(20)..].join("\n")
}

/// Whether a socket in this folder can be named, both to the system and in
/// the lists PostgreSQL and its clients split at commas.
fn fits(folder: &Path) -> bool {
    let name = folder.join(format!(".s.PGSQL.{PORT}"));
    name.as_os_str().len() <= LONGEST_SOCKET
        && name.to_str().is_some_and(|name| !name.contains([',', '"', '\n']))
}

/// Makes a folder and its missing parents so that another user can pass
/// through them, whatever the umask: as root that user is PostgreSQL's.
pub(super) fn make_reachable(folder: &Path) -> Result<(), Fault> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(parent) = folder.parent() {
        // The parent of a bare name is the empty path: the working folder.
        if !parent.as_os_str().is_empty() {
            make_reachable(parent)?;
        }
    }
    match fs::create_dir(folder) {
        Ok(()) if process::effective_uid() == 0 => {
            fs::set_permissions(folder, Permissions::from_mode(0o755))
                .map_err(Fault::io("open up", folder))
        }
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(Fault::io("create", folder)(error))
        }
        _ => Ok(()),
    }
}

/// Makes (or finds) a folder only `account` may enter.
fn own_private(folder: &Path, account: &Account) -> Result<(), Fault> {
    match DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => return account.give(folder),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(Fault::io("create", folder)(error)),
    }
    let foreign = |reason: String| Fault::Foreign { path: folder.to_owned(), reason };
    let meta = fs::symlink_metadata(folder).map_err(Fault::io("look at", folder))?;
    if !meta.is_dir() {
        return Err(foreign("it is no folder".to_owned()));
    }
    if meta.uid() == account.uid && meta.mode() & 0o077 == 0 {
        return Ok(());
    }
    if meta.uid() == account.uid {
        return Err(foreign("others may enter it (chmod 700 it)".to_owned()));
    }
    // Left by a run as another user: ours to hand over if only sockets are in it.
    let mut entries = fs::read_dir(folder).map_err(Fault::io("read", folder))?;
    let sockets_only = entries.all(|entry| {
        entry.is_ok_and(|entry| entry.file_name().to_string_lossy().starts_with(".s.PGSQL."))
    });
    if process::effective_uid() != 0 || !sockets_only {
        let owner = account::name_of(meta.uid());
        return Err(foreign(format!("it belongs to {owner}")));
    }
    fs::remove_dir_all(folder).map_err(Fault::io("remove", folder))?;
    own_private(folder, account)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_too_long_for_a_socket_gets_a_short_folder() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(100));
        let folder = Folder::open(&long).unwrap();
        assert!(!fits(&folder.root.join("run")));
        assert!(fits(&folder.short()));
        assert_eq!(folder.short(), Folder::open(&long).unwrap().short());
    }

    #[test]
    fn a_socket_folder_with_foreign_content_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let run = folder.path().join("run");
        fs::create_dir(&run).unwrap();
        fs::write(run.join("letter"), "dear").unwrap();
        let mut account = Account::current();
        account.uid += 1;
        let fault = own_private(&run, &account).unwrap_err();
        assert!(matches!(fault, Fault::Foreign { .. }), "{fault}");
        assert!(run.join("letter").exists());
    }
}

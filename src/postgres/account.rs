//! The user PostgreSQL runs as. It refuses root, so root lends its processes
//! to an unprivileged user; everybody else runs them as themselves.

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::{MetadataExt, lchown};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::fault::Fault;
use super::process;

/// A user for PostgreSQL's processes.
#[derive(Clone, Debug)]
pub(super) struct Account {
    pub(super) name: String,
    pub(super) uid: u32,
    gid: u32,
    /// Whether we are root and must change to this user.
    switch: bool,
}

impl Account {
    /// Ourselves; as root: who owns the cluster or the data folder already
    /// (a command under sudo must not take an ordinary user's data away),
    /// else `postgres`, else `nobody`.
    pub(super) fn choose(root: &Path, cluster: &Path) -> Result<Account, Fault> {
        let current = Account::current();
        if current.uid != 0 {
            return Ok(current);
        }
        let owner = |path: &Path| {
            let uid = fs::symlink_metadata(path).ok()?.uid();
            find(|_, other| other == uid && uid != 0)
        };
        owner(cluster)
            .or_else(|| owner(root))
            .or_else(|| find(|name, uid| name == "postgres" && uid != 0))
            .or_else(|| find(|name, uid| name == "nobody" && uid != 0))
            .ok_or(Fault::NoAccount)
    }

    /// The user this process acts as.
    pub(super) fn current() -> Account {
        let uid = process::effective_uid();
        Account { name: name_of(uid), uid, gid: 0, switch: false }
    }

    /// A command that runs as this user, in a folder it may enter, and with
    /// only the environment PostgreSQL needs: a stray PGPORT, PGOPTIONS or
    /// LC_ALL must not change what we start.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.env_clear().current_dir("/").stdin(Stdio::null());
        for name in ["PATH", "LD_LIBRARY_PATH", "LOCPATH", "TMPDIR"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        // Messages in a language we can read; the cluster's time zone.
        command.env("LC_ALL", "C").env("TZ", "UTC");
        if self.switch {
            // std drops root's supplementary groups along with the user.
            command.uid(self.uid).gid(self.gid);
        }
        command
    }

    /// Gives one file or folder that we made to this user.
    pub(super) fn give(&self, path: &Path) -> Result<(), Fault> {
        if !self.switch {
            return Ok(());
        }
        // lchown: whoever owns the folder around it cannot lead us elsewhere.
        lchown(path, Some(self.uid), Some(self.gid)).map_err(Fault::io("hand over", path))
    }

    /// Checks that this user can enter `folder` and run `program`.
    pub(super) fn can_reach(&self, folder: &Path, program: &Path) -> Result<(), Fault> {
        if !self.switch {
            return Ok(());
        }
        // The system decides (mode, ACL, mount options): we only try it.
        let mut trial = self.command(program);
        trial.arg("--version").current_dir(folder);
        match trial.stdout(Stdio::null()).stderr(Stdio::null()).status() {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                let closed = self.first_closed(folder).or_else(|| self.first_closed(program));
                Err(Fault::Unreachable {
                    path: closed.unwrap_or(folder).to_owned(),
                    account: self.name.clone(),
                })
            }
            Err(error) => Err(Fault::io("run", program)(error)),
        }
    }

    /// The outermost part of a path this user may not enter, by mode bits.
    fn first_closed<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        let mut parts: Vec<&Path> = path.ancestors().collect();
        parts.reverse();
        parts.into_iter().find(|part| {
            fs::metadata(part).is_ok_and(|meta| {
                let bit = if meta.uid() == self.uid {
                    0o100
                } else if meta.gid() == self.gid {
                    0o010
                } else {
                    0o001
                };
                meta.mode() & bit == 0
            })
        })
    }
}

/// The name of a user, or its number when it has none.
pub(super) fn name_of(uid: u32) -> String {
    find(|_, other| other == uid).map_or_else(|| format!("user {uid}"), |account| account.name)
}

/// System users live in this file on every system we know; asking the C
/// library instead would add unsafe code for users that are never there.
fn find(wanted: impl Fn(&str, u32) -> bool) -> Option<Account> {
    let users = fs::read_to_string("/etc/passwd").ok()?;
    users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let uid = fields.nth(1)?.parse().ok()?;
        let gid = fields.next()?.parse().ok()?;
        wanted(name, uid).then(|| Account { name: name.to_owned(), uid, gid, switch: true })
    })
}

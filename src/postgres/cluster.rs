//! The cluster: PostgreSQL's data folder, made whole or not at all.

use std::collections::HashSet;
use std::fs::{self, DirBuilder, File};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::process::{Command, Output, Stdio};

use super::account::{self, Account};
use super::ask::USER;
use super::fault::Fault;
use super::folder::{Folder, last_lines};
use super::locate::Programs;
use super::process;

/// Locales in which Hangul is text, best first: `C.UTF-8` sorts by code point
/// (the order of the Hangul syllables) and never changes with the system, so
/// indexes stay valid over upgrades. ICU is no way out where all are missing:
/// before PostgreSQL 18, trigrams look only at the system's locale.
const LOCALES: &[&str] = &["C.UTF-8", "C.utf8", "en_US.UTF-8", "ko_KR.UTF-8"];

/// The major version that wrote the cluster, if there is one.
pub(super) fn major(folder: &Folder) -> Result<Option<u32>, Fault> {
    let path = folder.cluster.join("PG_VERSION");
    let foreign =
        |reason: &str| Fault::Foreign { path: folder.cluster.clone(), reason: reason.to_owned() };
    match fs::read_to_string(&path) {
        Ok(text) => match text.trim().parse() {
            Ok(major) => Ok(Some(major)),
            Err(_) => Err(foreign("its PG_VERSION is no version")),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if folder.cluster.symlink_metadata().is_ok() {
                return Err(foreign("it has no PG_VERSION, so it is no PostgreSQL data"));
            }
            Ok(None)
        }
        Err(error) if error.kind() == ErrorKind::PermissionDenied => {
            check_owner(folder, &Account::current())?;
            Err(Fault::io("read", path)(error))
        }
        Err(error) => Err(Fault::io("read", path)(error)),
    }
}

/// PostgreSQL refuses data of another user; say whose it is.
pub(super) fn check_owner(folder: &Folder, account: &Account) -> Result<(), Fault> {
    let meta = fs::metadata(&folder.cluster).map_err(Fault::io("look at", &folder.cluster))?;
    if meta.uid() == account.uid {
        return Ok(());
    }
    Err(Fault::Owner {
        path: folder.cluster.clone(),
        owner: account::name_of(meta.uid()),
        account: account.name.clone(),
    })
}

/// Makes the cluster beside its place and moves it there when it is whole: a
/// crash in between leaves nothing the next start would trust.
pub(super) fn create(
    folder: &Folder,
    programs: &Programs,
    account: &Account,
    fast_and_unsafe: bool,
) -> Result<(), Fault> {
    tracing::info!(
        cluster = %folder.cluster.display(),
        version = programs.version,
        account = account.name,
        "making a PostgreSQL cluster"
    );
    let mut tail = String::new();
    let mut tried = Vec::new();
    for locale in locales() {
        let output = initdb(folder, programs, account, fast_and_unsafe, &locale)?;
        if output.status.success() {
            return finish(folder);
        }
        let said = [output.stdout, output.stderr].concat();
        tail = last_lines(&String::from_utf8_lossy(&said));
        if !tail.contains("invalid locale") && !tail.contains("encoding mismatch") {
            return Err(Fault::Initdb { folder: folder.root.clone(), tail });
        }
        tried.push(locale);
    }
    Err(Fault::NoLocale { tried: tried.join(", "), tail })
}

fn initdb(
    folder: &Folder,
    programs: &Programs,
    account: &Account,
    fast_and_unsafe: bool,
    locale: &str,
) -> Result<Output, Fault> {
    let unfinished = &folder.unfinished;
    if unfinished.symlink_metadata().is_ok() {
        // Of a start that was interrupted. No other start can be at it: we
        // hold the lock, and its initdb died with it.
        fs::remove_dir_all(unfinished).map_err(Fault::io("remove", unfinished))?;
    }
    DirBuilder::new().mode(0o700).create(unfinished).map_err(Fault::io("create", unfinished))?;
    account.give(unfinished)?;
    account.can_reach(unfinished, &programs.initdb())?;
    let mut command = account.command(&programs.initdb());
    command
        .arg("-D")
        .arg(unfinished)
        .args(["--username", USER, "--encoding", "UTF8", "--locale", locale])
        .args(["--lc-messages", "C", "--no-instructions"])
        // The socket's folder is the guard: nobody else may enter it.
        .args(["--auth-local", "trust", "--auth-host", "reject"]);
    if fast_and_unsafe {
        command.arg("--no-sync");
    }
    process::die_with_spawner(&mut command);
    command.output().map_err(Fault::io("run", programs.initdb()))
}

fn finish(folder: &Folder) -> Result<(), Fault> {
    fs::rename(&folder.unfinished, &folder.cluster)
        .map_err(Fault::io("rename", &folder.unfinished))?;
    // The new name must survive a power cut as the content does.
    File::open(&folder.root)
        .and_then(|root| root.sync_all())
        .map_err(Fault::io("write", &folder.root))
}

/// The names to try: ours, then whatever UTF-8 locales the system lists.
fn locales() -> Vec<String> {
    let listed = Command::new("locale")
        .arg("-a")
        .stdin(Stdio::null())
        .output()
        .map(|output| String::from_utf8_lossy(&output.stdout).into_owned())
        .unwrap_or_default();
    let utf8 = listed.lines().filter(|name| {
        let name = name.to_ascii_lowercase();
        name.ends_with(".utf8") || name.ends_with(".utf-8")
    });
    let mut seen = HashSet::new();
    LOCALES
        .iter()
        .copied()
        .chain(utf8)
        .filter(|name| seen.insert(*name))
        .map(str::to_owned)
        .collect()
}

//! PostgreSQL's programs on this machine.

use std::collections::BTreeSet;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::fault::Fault;

/// The oldest major version we use.
pub(super) const OLDEST: u32 = 14;

/// Where distributions put the programs; `*` stands for the rest of a name.
const USUAL: &[&str] = &[
    "/usr/lib/postgresql/*/bin", // Debian, Ubuntu
    "/usr/pgsql-*/bin",          // Fedora, RHEL (PGDG)
    "/usr/libexec/postgresql*",  // Alpine
    "/usr/lib/postgresql*/bin",  // openSUSE, older Alpine
    "/usr/bin",                  // Fedora, Arch
    "/usr/local/bin",            // FreeBSD, older Homebrew
    "/usr/local/pgsql/bin",      // PostgreSQL's own `make install`
    "/opt/homebrew/opt/postgresql*/bin",
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/opt/local/lib/postgresql*/bin", // MacPorts
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// Where to look.
#[derive(Clone, Debug)]
pub struct Search {
    /// Folders of programs, as in `PATH`; `pg_config` is asked too if it is there.
    pub path: OsString,
    /// More folders; one part of each may be or end in `*`.
    pub folders: Vec<PathBuf>,
}

impl Search {
    /// `PATH` and the distributions' usual folders.
    pub fn machine() -> Search {
        Search {
            path: env::var_os("PATH").unwrap_or_default(),
            folders: USUAL.iter().map(PathBuf::from).collect(),
        }
    }

    /// What was searched, for a message.
    pub(super) fn describe(&self) -> String {
        let mut names = vec![format!("PATH={}", self.path.to_string_lossy())];
        names.extend(self.folders.iter().map(|f| f.display().to_string()));
        names.join(", ")
    }

    fn candidates(&self) -> BTreeSet<PathBuf> {
        // A relative entry of PATH would run whatever lies in the working folder.
        let path: Vec<PathBuf> =
            env::split_paths(&self.path).filter(|folder| folder.is_absolute()).collect();
        let configured = path.iter().filter_map(|folder| bindir(folder));
        let usual = self.folders.iter().flat_map(|pattern| expand(pattern));
        let mut found: BTreeSet<PathBuf> = configured.collect();
        found.extend(usual);
        found.extend(path);
        found
    }
}

/// The programs of one installation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Programs {
    pub(super) bin: PathBuf,
    /// As the program says it, such as `15.18` or `18beta1`.
    pub(super) version: String,
    pub(super) major: u32,
}

impl Programs {
    /// The programs in a folder, or why there are none to use.
    pub(super) fn in_folder(bin: &Path) -> Result<Programs, String> {
        for name in ["postgres", "initdb"] {
            if !bin.join(name).is_file() {
                return Err(format!("there is no {name}"));
            }
        }
        let output = Command::new(bin.join("postgres"))
            .arg("--version")
            .stdin(Stdio::null())
            .output()
            .map_err(|error| format!("postgres does not run: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (version, major) = parse_version(&text).ok_or_else(|| {
            let said = String::from_utf8_lossy(&output.stderr);
            format!("`postgres --version` says {:?} {:?}", text.trim(), said.trim())
        })?;
        if major < OLDEST {
            return Err(format!("it is PostgreSQL {version}"));
        }
        Ok(Programs { bin: bin.to_owned(), version, major })
    }

    pub(super) fn initdb(&self) -> PathBuf {
        self.bin.join("initdb")
    }

    pub(super) fn postgres(&self) -> PathBuf {
        self.bin.join("postgres")
    }
}

/// Every usable installation, the newest first. `fetched` holds builds we
/// downloaded earlier.
pub(super) fn all(search: &Search, fetched: &Path) -> Vec<Programs> {
    let mut folders = search.candidates();
    folders.extend(expand(&fetched.join("postgresql-*").join("bin")));
    let mut found: Vec<Programs> =
        folders.iter().filter_map(|folder| Programs::in_folder(folder).ok()).collect();
    found.sort_by_key(|programs| std::cmp::Reverse(programs.major));
    found
}

/// The one the cluster needs, or the newest where there is no cluster yet.
pub(super) fn choose(
    found: &[Programs],
    data: Option<u32>,
    cluster: &Path,
) -> Result<Option<Programs>, Fault> {
    let Some(data) = data else {
        return Ok(found.first().cloned());
    };
    let fitting = found.iter().find(|programs| programs.major == data);
    if fitting.is_none() && !found.is_empty() {
        let names: Vec<String> = found
            .iter()
            .map(|programs| format!("{} in {}", programs.version, programs.bin.display()))
            .collect();
        return Err(Fault::Major { cluster: cluster.to_owned(), data, programs: names.join(", ") });
    }
    Ok(fitting.cloned())
}

/// What `pg_config` in this folder says; its server may not be installed.
fn bindir(folder: &Path) -> Option<PathBuf> {
    let program = folder.join("pg_config");
    if !program.is_file() {
        return None;
    }
    let output = Command::new(program).arg("--bindir").stdin(Stdio::null()).output().ok()?;
    let bin = PathBuf::from(String::from_utf8(output.stdout).ok()?.trim());
    bin.is_absolute().then_some(bin)
}

/// The folders a pattern with one `*` names; itself when it has none.
fn expand(pattern: &Path) -> Vec<PathBuf> {
    let starred = pattern
        .ancestors()
        .find(|part| part.file_name().is_some_and(|n| n.as_encoded_bytes().ends_with(b"*")));
    let Some(starred) = starred else {
        return vec![pattern.to_owned()];
    };
    let (Some(parent), Some(name)) = (starred.parent(), starred.file_name()) else {
        return Vec::new();
    };
    let prefix = &name.as_encoded_bytes()[..name.len() - 1];
    let Ok(entries) = fs::read_dir(parent) else {
        return Vec::new();
    };
    entries
        .flatten()
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(prefix))
        .map(|entry| match pattern.strip_prefix(starred) {
            // Joining an empty rest would append a slash.
            Ok(rest) if !rest.as_os_str().is_empty() => entry.path().join(rest),
            _ => entry.path(),
        })
        .collect()
}

/// `postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)` is `("15.18", 15)`.
fn parse_version(text: &str) -> Option<(String, u32)> {
    let version = text.split_once("(PostgreSQL) ")?.1.split_whitespace().next()?;
    let digits = version.find(|c: char| !c.is_ascii_digit());
    let major = version[..digits.unwrap_or(version.len())].parse().ok()?;
    Some((version.to_owned(), major))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_distributions_and_betas_are_read() {
        let read = |text| parse_version(text).map(|(_, major)| major);
        let debian = "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n";
        assert_eq!(read(debian), Some(15));
        assert_eq!(read("postgres (PostgreSQL) 18beta1\n"), Some(18));
        assert_eq!(read("postgres (PostgreSQL) 9.6.24"), Some(9));
        assert_eq!(read("sh: not found"), None);
    }

    #[test]
    fn a_star_names_every_folder_with_that_start() {
        let root = tempfile::tempdir().unwrap();
        for name in ["pg-15/bin", "pg-16/bin", "other/bin"] {
            fs::create_dir_all(root.path().join(name)).unwrap();
        }
        let mut found = expand(&root.path().join("pg-*/bin"));
        found.sort();
        let wanted = ["pg-15/bin", "pg-16/bin"].map(|name| root.path().join(name));
        assert_eq!(found, wanted);
        assert_eq!(expand(Path::new("/usr/bin")), [PathBuf::from("/usr/bin")]);
    }

    #[test]
    fn data_of_another_major_version_names_both() {
        let found = [Programs { bin: "/opt/pg16/bin".into(), version: "16.4".into(), major: 16 }];
        let fault = choose(&found, Some(15), Path::new("/data/cluster")).unwrap_err();
        let text = fault.to_string();
        assert!(text.contains("PostgreSQL 15"), "{text}");
        assert!(text.contains("16.4 in /opt/pg16/bin"), "{text}");
        assert_eq!(choose(&found, Some(16), Path::new("/")).unwrap(), Some(found[0].clone()));
    }
}

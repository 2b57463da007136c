//! What the embedded PostgreSQL promises, tried on real clusters.
//!
//! Most tests start a second process of this very binary: [`owner`] below.

use std::ffi::OsString;
use std::fs::{self, Permissions};
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use sosik::postgres::{DATABASE, Embedded, Fault, Options, Role, Search, Surroundings};
use tempfile::TempDir;

// ---- a first and a second start ----

#[test]
fn the_first_start_makes_a_cluster_and_the_second_finds_its_data() {
    let data = Data::new();
    let first = data.start(Role::Serve).unwrap();
    assert!(first.is_owner());
    let url = first.url(DATABASE);
    sql(&url, "create table kept (word text); insert into kept values ('소식')");
    first.stop().unwrap();
    assert!(!data.postmaster_file().exists(), "a clean stop removes its file");

    let second = data.start(Role::Serve).unwrap();
    assert_eq!(sql(&second.url(DATABASE), "select word from kept"), "소식");
    second.stop().unwrap();
    let log = fs::read_to_string(data.path().join("postgres.log")).unwrap();
    assert!(log.contains("database system is shut down"), "{log}");
    assert!(!log.contains("not properly shut down"), "{log}");
}

#[test]
fn hangul_is_sorted_and_found_and_no_port_is_open() {
    let data = Data::new();
    let server = data.start(Role::Serve).unwrap();
    let url = server.url(DATABASE);
    assert_eq!(sql(&url, "select '가' ~ '^[[:alpha:]]$'"), "t");
    assert_eq!(sql(&url, "show server_encoding"), "UTF8");
    let sorted = "select string_agg(w, '' order by w) from (values ('하'), ('가'), ('나')) v(w)";
    assert_eq!(sql(&url, sorted), "가나하");
    assert_eq!(sql(&url, "show listen_addresses"), "");
    let trigrams = "select count(*) from pg_available_extensions where name = 'pg_trgm'";
    if sql(&url, trigrams) == "1" {
        sql(&url, "create extension pg_trgm");
        let found = sql(&url, "select similarity('대한민국 뉴스', '대한민국 소식') > 0.2");
        assert_eq!(found, "t");
    }
    server.stop().unwrap();
}

#[test]
fn starting_inside_an_async_runtime_works() {
    let data = Data::new();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let server = runtime.block_on(async { data.start(Role::Serve) }).unwrap();
    server.stop().unwrap();
}

#[test]
fn dropping_stops_the_server_and_frees_the_folder() {
    let data = Data::new();
    drop(data.start(Role::Command).unwrap());
    assert!(!data.postmaster_file().exists());
    data.start(Role::Serve).unwrap().stop().unwrap();
}

#[test]
fn an_interrupted_initdb_is_not_trusted() {
    let data = Data::new();
    let unfinished = data.path().join("cluster.unfinished");
    fs::create_dir(&unfinished).unwrap();
    fs::write(unfinished.join("PG_VERSION"), "15\n").unwrap();
    data.start(Role::Serve).unwrap().stop().unwrap();
    assert!(!unfinished.exists());
}

#[test]
fn a_folder_too_deep_for_a_socket_works() {
    let data = Data::new();
    let deep = data.path().join("깊은".repeat(12)).join("곳".repeat(10));
    let options = Options { data_dir: deep, ..data.options() };
    let server = Embedded::start(&options, Role::Serve).unwrap();
    let joined = Embedded::start(&options, Role::Command).unwrap();
    assert!(!joined.is_owner());
    let url = joined.url(DATABASE);
    assert_eq!(sql(&url, "select 1"), "1");
    let socket = url.split_once("host=").unwrap().1;
    let socket = Path::new(socket.split_once(' ').unwrap().0);
    assert!(!socket.starts_with(data.path()) && socket.exists());
    server.stop().unwrap();
    assert!(!socket.exists(), "nothing stays outside of the data folder");
}

#[test]
fn a_machine_without_the_first_locale_gets_the_next() {
    let data = Data::new();
    let fakes = Fakes::new(
        "case \"$*\" in *C.UTF-8*) echo 'initdb: error: invalid locale name' >&2; exit 1;; esac",
    );
    let options = Options { bin_dir: Some(fakes.0.path().to_owned()), ..data.options() };
    let server = Embedded::start(&options, Role::Serve).unwrap();
    let ctype = "select datctype from pg_database where datname = current_database()";
    assert_eq!(sql(&server.url(DATABASE), ctype), "C.utf8");
    server.stop().unwrap();
}

#[test]
fn a_machine_without_any_utf_8_locale_says_what_to_install() {
    let data = Data::new();
    let fakes = Fakes::new("echo 'initdb: error: invalid locale name' >&2; exit 1");
    let options = Options { bin_dir: Some(fakes.0.path().to_owned()), ..data.options() };
    let fault = Embedded::start(&options, Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::NoLocale { .. }), "{text}");
    assert!(text.contains("C.UTF-8, C.utf8, en_US.UTF-8") && text.contains("apt-get"), "{text}");
}

#[test]
fn a_failing_initdb_shows_what_it_said_and_what_it_means() {
    let data = Data::new();
    let fakes = Fakes::new("echo 'could not write: No space left on device' >&2; exit 1");
    let options = Options { bin_dir: Some(fakes.0.path().to_owned()), ..data.options() };
    let fault = Embedded::start(&options, Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::Initdb { .. }), "{text}");
    assert!(text.contains("The disk is full"), "{text}");
    assert!(!data.path().join("cluster").exists());
}

// ---- users ----

#[test]
fn an_ordinary_user_runs_it_as_themselves() {
    if !root() {
        println!("skipped: not root, so every other test shows this already");
        return;
    }
    let data = Data::new();
    let nobody = fs::read_to_string("/etc/passwd").unwrap();
    let nobody = nobody.lines().find(|l| l.starts_with("nobody:")).unwrap();
    let ids: Vec<u32> = nobody.split(':').skip(2).take(2).map(|n| n.parse().unwrap()).collect();
    chown(data.path(), Some(ids[0]), Some(ids[1])).unwrap();

    let mut owner = Owner::spawn_as(&data, Role::Serve, Some((ids[0], ids[1])));
    let url = owner.ready();
    assert_eq!(sql(&url, "create table t (); select current_user"), "sosik");
    assert_eq!(data.path().join("cluster").metadata().unwrap().uid(), ids[0]);
    owner.stop();

    // Root, later, runs that user's data as that user.
    let again = data.start(Role::Command).unwrap();
    assert_eq!(sql(&again.url(DATABASE), "select count(*) from t"), "0");
    again.stop().unwrap();
    let mut owner = Owner::spawn_as(&data, Role::Serve, Some((ids[0], ids[1])));
    owner.ready();
    owner.stop();
}

#[test]
fn root_lends_the_cluster_to_an_unprivileged_user() {
    if !root() {
        println!("skipped: not root");
        return;
    }
    let data = Data::new();
    let server = data.start(Role::Serve).unwrap();
    let owner = data.path().join("cluster").metadata().unwrap().uid();
    assert_ne!(owner, 0);
    assert_eq!(data.path().metadata().unwrap().uid(), 0, "the rest stays root's");
    let run = data.path().join("run").metadata().unwrap();
    assert_eq!((run.uid(), run.mode() & 0o777), (owner, 0o700));
    server.stop().unwrap();
}

#[test]
fn a_folder_closed_to_the_unprivileged_user_is_named() {
    if !root() {
        println!("skipped: not root");
        return;
    }
    let data = Data::new();
    fs::set_permissions(data.path(), Permissions::from_mode(0o700)).unwrap();
    let fault = data.start(Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::Unreachable { .. }), "{text}");
    assert!(text.contains(&format!("chmod o+x {}", data.path().display())), "{text}");
}

// ---- who owns the folder ----

#[test]
fn a_second_serve_waits_a_moment_then_names_the_holder() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    owner.ready();
    let began = Instant::now();
    let fault = data.start(Role::Serve).unwrap_err();
    assert!(began.elapsed() > Duration::from_secs(4));
    assert!(began.elapsed() < Duration::from_secs(15));
    let text = fault.to_string();
    match fault {
        Fault::Held { pid, since, .. } => {
            assert_eq!(pid, owner.child.id());
            assert!(text.contains(&pid.to_string()) && text.contains(&since), "{text}");
        }
        _ => panic!("{text}"),
    }
    owner.stop();
}

#[test]
fn a_second_serve_takes_over_from_one_that_is_ending() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    owner.ready();
    drop(owner.child.stdin.take());
    data.start(Role::Serve).unwrap().stop().unwrap();
}

#[test]
fn a_command_joins_a_running_server() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    let url = owner.ready();
    sql(&url, "create table t as select 7 as n");
    let command = data.start(Role::Command).unwrap();
    assert!(!command.is_owner());
    assert_eq!(sql(&command.url(DATABASE), "select n from t"), "7");
    command.stop().unwrap();
    assert_eq!(sql(&url, "select n from t"), "7", "the server runs on");
    owner.stop();
}

#[test]
fn a_command_waits_for_a_server_that_is_still_starting() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    until("the server has the folder", || {
        fs::read_to_string(data.path().join("postgres.lock")).is_ok_and(|t| t.contains("serve"))
    });
    let command = data.start(Role::Command).unwrap();
    assert!(!command.is_owner());
    assert_eq!(sql(&command.url(DATABASE), "select 1"), "1");
    owner.ready();
    owner.stop();
}

#[test]
fn two_commands_take_turns() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Command);
    owner.ready();
    drop(owner.child.stdin.take());
    let second = data.start(Role::Command).unwrap();
    assert!(second.is_owner());
    second.stop().unwrap();
}

// ---- deaths ----

#[test]
fn a_start_after_kill_9_of_the_owner_keeps_the_data() {
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    let url = owner.ready();
    sql(&url, "create table t as select 7 as n");
    let postmaster = data.postmaster();
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    // At once: the old server is still busy ending.
    let next = data.start(Role::Serve).unwrap();
    assert_eq!(sql(&next.url(DATABASE), "select n from t"), "7");
    assert_ne!(data.postmaster(), postmaster);
    next.stop().unwrap();
}

#[test]
fn kill_9_of_the_owner_leaves_no_orphan() {
    if !cfg!(target_os = "linux") {
        println!("skipped: only Linux tells a process that its parent died");
        return;
    }
    let data = Data::new();
    let mut owner = Owner::spawn(&data, Role::Serve);
    owner.ready();
    owner.child.kill().unwrap();
    owner.child.wait().unwrap();
    until("the server has ended cleanly", || !data.postmaster_file().exists());
}

#[test]
fn a_live_orphan_is_stopped_cleanly_and_replaced() {
    let data = Data::new();
    let first = data.start(Role::Serve).unwrap();
    let url = first.url(DATABASE);
    first.stop().unwrap();
    // Started by hand, it has no parent to die with.
    let mut orphan = Command::new(bin().join("postgres"));
    orphan.arg("-D").arg(data.path().join("cluster"));
    orphan.arg("-k").arg(data.path().join("run"));
    orphan.args(["-c", "listen_addresses="]).current_dir("/");
    data.as_its_owner(&mut orphan);
    let mut orphan = orphan.stderr(Stdio::null()).spawn().unwrap();
    until("the orphan answers", || try_sql(&url, "select 1").is_ok());
    sql(&url, "create table t as select 7 as n");

    let next = data.start(Role::Serve).unwrap();
    assert!(orphan.wait().unwrap().success(), "it ended cleanly");
    assert_eq!(sql(&next.url(DATABASE), "select n from t"), "7");
    next.stop().unwrap();
}

#[test]
fn a_pid_file_that_names_a_stranger_is_no_obstacle() {
    let data = Data::new();
    data.start(Role::Serve).unwrap().stop().unwrap();
    let mut stranger = Command::new("sleep");
    data.as_its_owner(stranger.arg("600").current_dir("/"));
    let mut stranger = stranger.spawn().unwrap();
    let cluster = data.path().join("cluster");
    let text = format!("{}\n{}\n1\n5432\n/nowhere\n\n", stranger.id(), cluster.display());
    fs::write(data.postmaster_file(), text).unwrap();
    data.start(Role::Serve).unwrap().stop().unwrap();
    assert!(stranger.try_wait().unwrap().is_none(), "the stranger lives");
    stranger.kill().unwrap();
    stranger.wait().unwrap();
}

#[test]
fn kill_9_of_the_postmaster_is_survived() {
    let data = Data::new();
    let server = data.start(Role::Serve).unwrap();
    let url = server.url(DATABASE);
    sql(&url, "create table t as select 7 as n");
    for _ in 0..2 {
        // Busy without ever looking at its socket: it outlives the postmaster
        // for a while and holds the shared memory.
        let busy = url.clone();
        let busy = thread::spawn(move || {
            try_sql(&busy, "select count(*) from generate_series(1, 6000000)")
        });
        until("it is busy", || {
            let others = "select count(*) from pg_stat_activity where query ~ '6000000' and state = 'active' and pid <> pg_backend_pid()";
            try_sql(&url, others).is_ok_and(|n| n == "1")
        });
        let postmaster = data.postmaster();
        kill_9(postmaster);
        until("it runs again", || {
            data.try_postmaster().is_some_and(|pid| pid != postmaster)
                && try_sql(&url, "select n from t").is_ok_and(|n| n == "7")
        });
        let _ = busy.join().unwrap();
    }
    server.stop().unwrap();
    assert!(!data.postmaster_file().exists());
    let log = fs::read_to_string(data.path().join("postgres.log")).unwrap();
    println!("{log}");
    assert!(log.contains("still in use"), "the test found it busy: {log}");
}

#[test]
fn kill_9_of_one_connection_is_survived() {
    let data = Data::new();
    let server = data.start(Role::Serve).unwrap();
    let url = server.url(DATABASE);
    let (told, pid) = std::sync::mpsc::channel();
    let victim = url.clone();
    let victim = thread::spawn(move || {
        told.send(sql(&victim, "select pg_backend_pid()")).unwrap();
        // The pid above is of a connection that is gone; this one is killed.
        try_sql(&victim, "select pg_sleep(600)")
    });
    pid.recv().unwrap();
    let mut found = String::new();
    until("it sleeps", || {
        let query = "select pid from pg_stat_activity where wait_event = 'PgSleep'";
        found = try_sql(&url, query).unwrap_or_default();
        !found.is_empty()
    });
    kill_9(found.parse().unwrap());
    assert!(victim.join().unwrap().is_err());
    until("it serves again", || try_sql(&url, "select 1").is_ok());
    server.stop().unwrap();
}

// ---- what is refused ----

#[test]
fn without_postgresql_the_message_says_what_to_install() {
    let data = Data::new();
    let fault = Embedded::start_in(&data.options(), Role::Serve, &nothing()).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::NoPostgres { .. }), "{text}");
    for word in
        ["apt-get install postgresql", "dnf install", "apk add", "brew install", "DATABASE_URL"]
    {
        assert!(text.contains(word), "{text}");
    }
    assert!(!data.path().join("cluster").exists());
}

#[test]
fn a_named_folder_without_programs_is_refused() {
    let data = Data::new();
    let options = Options { bin_dir: Some(data.path().to_owned()), ..data.options() };
    let fault = Embedded::start(&options, Role::Serve).unwrap_err();
    assert!(matches!(fault, Fault::BinDir { .. }), "{fault}");
    assert!(fault.to_string().contains("there is no postgres"), "{fault}");
}

#[test]
fn a_cluster_in_the_c_locale_is_refused() {
    let data = Data::new();
    data.start(Role::Serve).unwrap().stop().unwrap();
    let cluster = data.path().join("cluster");
    for file in fs::read_dir(&cluster).unwrap() {
        let file = file.unwrap().path();
        if file.is_dir() {
            fs::remove_dir_all(file).unwrap();
        } else {
            fs::remove_file(file).unwrap();
        }
    }
    let mut initdb = Command::new(bin().join("initdb"));
    initdb.arg("-D").arg(&cluster).current_dir("/").stdout(Stdio::null());
    initdb.args(["-U", "sosik", "-E", "UTF8", "--locale=C", "-A", "trust", "--no-sync"]);
    data.as_its_owner(&mut initdb);
    assert!(initdb.status().unwrap().success());

    let fault = data.start(Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::Hangul { .. }), "{text}");
    assert!(text.contains("locale C") && text.contains("pg_dump"), "{text}");
    assert!(!data.postmaster_file().exists(), "and it is stopped again");
}

#[test]
fn foreign_content_is_left_alone() {
    let data = Data::new();
    let cluster = data.path().join("cluster");
    fs::create_dir(&cluster).unwrap();
    fs::write(cluster.join("letter"), "dear").unwrap();
    let before = cluster.metadata().unwrap();
    let fault = data.start(Role::Serve).unwrap_err();
    assert!(matches!(fault, Fault::Foreign { .. }), "{fault}");
    let after = cluster.metadata().unwrap();
    assert_eq!((before.uid(), before.mode()), (after.uid(), after.mode()));
    assert_eq!(fs::read_to_string(cluster.join("letter")).unwrap(), "dear");
}

#[test]
fn data_of_another_major_version_is_refused_with_both_names() {
    let data = Data::new();
    data.start(Role::Serve).unwrap().stop().unwrap();
    fs::write(data.path().join("cluster/PG_VERSION"), "13\n").unwrap();
    let fault = data.start(Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::Major { data: 13, .. }), "{text}");
    assert!(text.contains("pg_upgrade"), "{text}");
}

#[test]
fn a_server_that_cannot_start_shows_the_end_of_its_log() {
    let data = Data::new();
    data.start(Role::Serve).unwrap().stop().unwrap();
    let conf = data.path().join("cluster/postgresql.auto.conf");
    fs::write(conf, "no_such_setting = 1\n").unwrap();
    let fault = data.start(Role::Serve).unwrap_err();
    let text = fault.to_string();
    assert!(matches!(fault, Fault::Start { .. }), "{text}");
    assert!(text.contains("no_such_setting") && text.contains("postgres.log"), "{text}");
}

// ---- fetching, from a source of our own: the real one needs the internet ----

#[cfg(feature = "fetch-postgres")]
mod fetching {
    use super::*;
    use sha2::{Digest, Sha256};
    use sosik::postgres::{Archives, Build, Source};

    struct Fake(Build);

    impl Source for Fake {
        fn name(&self) -> String {
            "fake".to_owned()
        }

        fn build(&self, _major: Option<u32>) -> Result<Build, String> {
            Ok(self.0.clone())
        }
    }

    #[test]
    fn a_build_with_its_checksum_is_installed_and_found_again() {
        let data = Data::new();
        let server = start(&data, Fake(build())).unwrap();
        assert_eq!(sql(&server.url(DATABASE), "select 1"), "1");
        server.stop().unwrap();
        let place = data.path().join("postgresql-99.1.0/bin/postgres");
        assert!(place.exists());
        // No search and no source: the installed build is enough.
        let again = Embedded::start_in(&data.options(), Role::Serve, &nothing()).unwrap();
        again.stop().unwrap();
    }

    #[test]
    fn a_wrong_checksum_is_refused_and_leaves_nothing() {
        let mut build = build();
        build.checksum = "0".repeat(64);
        refused(build, "checksum is wrong");
    }

    #[test]
    fn a_missing_checksum_is_refused() {
        let mut build = build();
        build.checksum = "Not Found".to_owned();
        refused(build, "no SHA-256");
    }

    #[test]
    fn a_truncated_archive_is_refused_by_its_checksum() {
        let mut build = build();
        build.archive.truncate(build.archive.len() / 2);
        refused(build, "checksum is wrong");
    }

    #[test]
    fn a_truncated_archive_with_a_fitting_checksum_does_not_unpack() {
        let mut build = build();
        build.archive.truncate(build.archive.len() / 2);
        build.checksum = sha256(&build.archive);
        refused(build, "cannot unpack");
    }

    #[test]
    fn a_build_that_does_not_run_here_is_refused() {
        refused(build_of("#!/bin/sh\necho wrong machine >&2; exit 1\n"), "does not work here");
    }

    #[test]
    fn an_archive_put_into_the_folder_is_used_without_internet() {
        let data = Data::new();
        let archives = data.path().join("archives");
        fs::create_dir(&archives).unwrap();
        let build = build();
        let target = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
        let file = archives.join(format!("postgresql-{}-{target}.tar.gz", build.version));
        fs::write(&file, &build.archive).unwrap();
        fs::write(file.with_extension("gz.sha256"), &build.checksum).unwrap();
        let found = Archives(archives.clone()).build(None);
        if let Err(reason) = &found
            && reason.contains("no postgresql-<version>")
        {
            println!("skipped: this test knows only the name for {target}: {reason}");
            return;
        }
        assert_eq!(found.unwrap().archive, build.archive);
        assert!(Archives(archives).build(Some(14)).is_err(), "of another major version");
    }

    fn start(data: &Data, source: Fake) -> Result<Embedded, Fault> {
        let options = Options { fetch: true, ..data.options() };
        let around = Surroundings { sources: vec![Box::new(source)], ..nothing() };
        Embedded::start_in(&options, Role::Serve, &around)
    }

    fn refused(build: Build, why: &str) {
        let data = Data::new();
        let fault = start(&data, Fake(build)).unwrap_err();
        let text = fault.to_string();
        assert!(matches!(fault, Fault::Fetch { .. }), "{text}");
        assert!(text.contains(why) && text.contains("apt-get install"), "{text}");
        let left: Vec<String> = fs::read_dir(data.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "postgres.lock")
            .collect();
        assert!(left.is_empty(), "{left:?}");
    }

    /// A build in the published form; its programs call the machine's.
    fn build() -> Build {
        build_of(&format!("#!/bin/sh\nexec {}/NAME \"$@\"\n", bin().display()))
    }

    fn build_of(script: &str) -> Build {
        let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let mut tar = tar::Builder::new(gzip);
        let mut add = |path: &str, kind, content: &[u8]| {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_mode(0o755);
            header.set_size(content.len() as u64);
            tar.append_data(&mut header, path, content).unwrap();
        };
        add("postgresql-99.1.0/", tar::EntryType::Directory, b"");
        add("postgresql-99.1.0/bin/", tar::EntryType::Directory, b"");
        for name in ["postgres", "initdb"] {
            let path = format!("postgresql-99.1.0/bin/{name}");
            let script = script.replace("NAME", name);
            add(&path, tar::EntryType::Regular, script.as_bytes());
        }
        // Enough content that half of the archive cuts a file.
        let noise: Vec<u8> =
            (0..20_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        add("postgresql-99.1.0/noise", tar::EntryType::Regular, &noise);
        let archive = tar.into_inner().unwrap().finish().unwrap();
        Build {
            version: "99.1.0".to_owned(),
            checksum: format!("{}  postgresql.tar.gz\n", sha256(&archive)),
            archive,
        }
    }

    fn sha256(bytes: &[u8]) -> String {
        Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

// ---- support ----

/// A data folder of a test.
struct Data(TempDir);

impl Data {
    fn new() -> Data {
        let folder = TempDir::new().unwrap();
        // As root, PostgreSQL's user must get through.
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        Data(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn options(&self) -> Options {
        options(self.path())
    }

    fn start(&self, role: Role) -> Result<Embedded, Fault> {
        Embedded::start(&self.options(), role)
    }

    fn postmaster_file(&self) -> PathBuf {
        self.path().join("cluster/postmaster.pid")
    }

    fn try_postmaster(&self) -> Option<u32> {
        let text = fs::read_to_string(self.postmaster_file()).ok()?;
        text.lines().next()?.parse().ok()
    }

    fn postmaster(&self) -> u32 {
        self.try_postmaster().unwrap()
    }

    /// Lets a command run as the cluster's owner.
    fn as_its_owner(&self, command: &mut Command) {
        if root() {
            let meta = self.path().join("cluster").metadata().unwrap();
            command.uid(meta.uid()).gid(meta.gid());
        }
    }
}

/// Programs that do `first` before the machine's `initdb`.
struct Fakes(TempDir);

impl Fakes {
    fn new(first: &str) -> Fakes {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
        for (name, first) in [("initdb", first), ("postgres", "")] {
            let file = folder.path().join(name);
            let script = format!("#!/bin/sh\n{first}\nexec {}/{name} \"$@\"\n", bin().display());
            fs::write(&file, script).unwrap();
            fs::set_permissions(&file, Permissions::from_mode(0o755)).unwrap();
        }
        Fakes(folder)
    }
}

fn options(data_dir: &Path) -> Options {
    Options {
        data_dir: data_dir.to_owned(),
        bin_dir: None,
        fast_and_unsafe: true,
        fetch: false,
        max_connections: 20,
    }
}

/// A machine without PostgreSQL.
fn nothing() -> Surroundings {
    Surroundings {
        search: Search { path: OsString::new(), folders: Vec::new() },
        #[cfg(feature = "fetch-postgres")]
        sources: Vec::new(),
    }
}

/// The machine's own programs.
fn bin() -> PathBuf {
    let output = Command::new("pg_config").arg("--bindir").output().unwrap();
    PathBuf::from(String::from_utf8(output.stdout).unwrap().trim())
}

fn root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}

fn kill_9(pid: u32) {
    let killed = Command::new("kill").args(["-9", &pid.to_string()]).status();
    assert!(killed.unwrap().success());
}

/// Polls for a condition, with a generous end.
fn until(what: &str, mut holds: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "never: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The first value of the last row of the last statement; "" without rows.
fn sql(url: &str, statements: &str) -> String {
    try_sql(url, statements).unwrap()
}

fn try_sql(url: &str, statements: &str) -> Result<String, tokio_postgres::Error> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        let answers = client.simple_query(statements).await?;
        let value = answers.iter().rev().find_map(|answer| match answer {
            tokio_postgres::SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        });
        Ok(value.unwrap_or_default())
    })
}

/// Another process that owns the folder.
struct Owner {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Owner {
    fn spawn(data: &Data, role: Role) -> Owner {
        Owner::spawn_as(data, role, None)
    }

    fn spawn_as(data: &Data, role: Role, user: Option<(u32, u32)>) -> Owner {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "owner", "--ignored", "--nocapture"])
            .env("SOSIK_TEST_FOLDER", data.path())
            .env("SOSIK_TEST_ROLE", role.to_string())
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        let mut child = command.spawn().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        Owner { child, output }
    }

    /// Waits until it runs; its database's connection string.
    fn ready(&mut self) -> String {
        let mut line = String::new();
        let mut all = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if let Some((_, url)) = line.split_once("@ready ") {
                return url.trim().to_owned();
            }
            all.push_str(&std::mem::take(&mut line));
        }
        panic!("the owner did not start: {all}");
    }

    fn stop(&mut self) {
        drop(self.child.stdin.take());
        let mut rest = String::new();
        self.output.read_to_string(&mut rest).unwrap();
        assert!(rest.contains("@stopped"), "{rest}");
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// No test: what [`Owner`] runs.
#[test]
#[ignore = "the other process of the tests above"]
fn owner() {
    let Some(folder) = std::env::var_os("SOSIK_TEST_FOLDER") else {
        return;
    };
    let role = match std::env::var("SOSIK_TEST_ROLE").as_deref() {
        Ok("serve") => Role::Serve,
        _ => Role::Command,
    };
    let embedded = Embedded::start(&options(Path::new(&folder)), role).unwrap();
    println!("@ready {}", embedded.url(DATABASE));
    std::io::stdout().flush().unwrap();
    std::io::stdin().read_to_end(&mut Vec::new()).unwrap();
    embedded.stop().unwrap();
    println!("@stopped");
}

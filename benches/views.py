#!/usr/bin/env python3
"""Accepted views, and what PostgreSQL alone would do with the same statements, in one run.

Usage: benches/views.py [BINARY]   (default target/release/sosik; needs wrk, psql and pgbench)
Starts the server on a throw-away data folder with an ordinary PostgreSQL of its own (fsync and
synchronous_commit on), makes 1,000 articles, sends views from 10,000 networks by Zipf for SECONDS (60) over
CONNECTIONS (256), and holds the ledger against what was sent. Then pgbench writes into the same database:
rounds as large as the server's were, by the same statements, one at a time and four at a time; and single
events, as a server without group commit would, sixteen at a time.
"""
import os, pathlib, re, resource, shutil, socket, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BINARY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "target/release/sosik")
SECONDS, CONNECTIONS = int(os.environ.get("SECONDS", 60)), int(os.environ.get("CONNECTIONS", 256))
BENCH = int(os.environ.get("PGBENCH_SECONDS", 15))
data = pathlib.Path(tempfile.mkdtemp(prefix="sosik-bench-")); data.chmod(0o755)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
base = f"http://127.0.0.1:{port}"
env = dict(os.environ, SOSIK_DATA_DIR=str(data / "data"), SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_LOG__FILTER="warn",
           SOSIK_TRUSTED_PROXIES="127.0.0.0/8", SOSIK_RANKINGS__REFRESH_SECONDS="3600")
env.pop("DATABASE_URL", None)
server = subprocess.Popen([BINARY, "serve"], env=env, stdout=subprocess.DEVNULL)
run = str(data / "data" / "run")

def psql(*args):
    command = ["psql", "-h", run, "-U", "sosik", "-d", "sosik", "-v", "ON_ERROR_STOP=1", "-qAt", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

def pgbench(script, clients, seconds):
    """Transactions a second, and the median latency in milliseconds."""
    command = ["pgbench", "-n", "-M", "prepared", "-h", run, "-U", "sosik", "-c", str(clients), "-j", "1",
               "-T", str(seconds), "-f", str(script), "sosik"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode: sys.exit(done.stderr)
    out = done.stdout
    if psql("-c", "select last_value > (select count(*) from bench_rounds) from bench_round") == "t":
        sys.exit("pgbench ran out of rounds: prepare more")
    return float(re.search(r"tps = ([\d.]+)", out)[1]), float(re.search(r"latency average = ([\d.]+)", out)[1])

def cpu(pids):
    """Seconds of processor time that these processes have used."""
    stats = (pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split() for pid in pids)
    return sum(int(n) for stat in stats for n in stat[11:13]) / os.sysconf("SC_CLK_TCK")

def children():
    """The same of the programs that this script has run to their end."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime

def postgres():
    return [int(pid) for pid in psql("-c", "select pid from pg_stat_activity").split()]

def load(seconds, seed):
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "-s", str(HERE / "views.lua"), base, "--",
               str(data / "ids"), str(seed)]
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [int(n) for n in re.search(r"RESULT (.*)", out)[1].split()]

try:
    while True:
        try: urllib.request.urlopen(base + "/health/ready"); break
        except OSError: time.sleep(0.1)
    psql("-c", """
        insert into publishers (id, slug, name_ko, name_en, created_at, updated_at)
        values (gen_random_uuid(), 'bench', 'bench', 'bench', now(), now());
        insert into categories (id, slug, name_ko, name_en, created_at, updated_at)
        values (gen_random_uuid(), 'bench', 'bench', 'bench', now(), now());
        insert into articles (id, publisher_id, external_id, category_id, slug, status, headline, language,
            syndicatable, content_hash, written_by, created_at, updated_at, published_at)
        select gen_random_uuid(), p.id, n, c.id, 'bench-' || to_char(n, 'FM0000'), 'published', n, 'ko', false,
            '\\x00', 'bench', now(), now(), now()
        from generate_series(1, 1000) n, publishers p, categories c""")
    (data / "ids").write_text(psql("-c", "select id from articles order by slug") + "\n")
    load(5, 1)
    time.sleep(1)
    sums = "select sum(received), sum(counted), sum(ranked), sum(bot + prefetch + repeat) from article_hours"
    before = [int(n) for n in psql("-c", sums).split("|")]
    rounds_before = int(psql("-c", "select count(*) from event_rounds"))
    wal_before = psql("-c", "select pg_current_wal_lsn()")
    used = lambda: [cpu([server.pid]), cpu(postgres()), children()]
    before_cpu = used()
    requests, micros, refused, broken, p50, p99, slowest = load(SECONDS, 2)
    cores = [(now - then) / SECONDS for now, then in zip(used(), before_cpu)]
    time.sleep(1)
    after = [int(n) for n in psql("-c", sums).split("|")]
    received, counted, ranked, rejected = (a - b for a, b in zip(after, before))
    rounds = int(psql("-c", "select count(*) from event_rounds")) - rounds_before
    wal = int(psql("-c", f"select (pg_current_wal_lsn() - '{wal_before}')::bigint"))
    rate = requests / micros * 1e6
    size = max(1, received // max(1, rounds))
    print(f"{requests} views in {micros / 1e6:.1f} s: {rate:,.0f}/s, p50 {p50 / 1000:.1f} ms, p99 {p99 / 1000:.1f} ms, "
          f"slowest {slowest / 1000:.0f} ms; {refused} refused, {broken} broken")
    print(f"ledger: received {received} = counted {counted} + rejected {rejected} "
          f"({'adds up' if received == counted + rejected else 'DOES NOT ADD UP'}), ranked {ranked}; "
          f"{received - requests} more than were answered when wrk stopped")
    print(f"{rounds} rounds of {size} events; {wal / max(1, received):.0f} bytes of WAL an event; "
          f"cores used: server {cores[0]:.2f}, PostgreSQL {cores[1]:.2f}, wrk {cores[2]:.2f}", flush=True)
    if BENCH:
        psql("-v", f"events={size}", "-v", f"rounds={50_000 * 2 * BENCH // size}", "-f", str(HERE / "views.sql"))
        psql("-c", "vacuum analyze")
        for clients in (1, 4):
            tps, latency = pgbench(HERE / "views_round.sql", clients, BENCH)
            print(f"pgbench, rounds of {size} events, {clients} at a time: {tps * size:,.0f} events/s "
                  f"({tps:.1f} rounds/s, {latency:.1f} ms each): the server reached {rate / (tps * size):.2f} of it", flush=True)
        psql("-v", "events=1", "-v", f"rounds={8000 * BENCH}", "-f", str(HERE / "views.sql"))
        tps, latency = pgbench(HERE / "views_round.sql", 16, BENCH)
        print(f"pgbench, single events, 16 at a time: {tps:,.0f} events/s ({latency:.1f} ms each): "
              f"the server reached {rate / tps:.1f} times that")
finally:
    server.terminate(); server.wait(30); shutil.rmtree(data, ignore_errors=True)

#!/usr/bin/env python3
"""Lists stay constant in time as they grow: page 1 against page 2,000 over a million articles.

Usage: benches/lists.py [BINARY]   (default target/release/sosik; standard library and psql only)
Starts the server on a throw-away data folder, loads benches/million.sql, walks 2,000 pages by cursor and
prints one row a list: median of 200 reads at page 1 and at page 2,000 in milliseconds, their ratio, and the
buffers that EXPLAIN (ANALYZE, BUFFERS) counts for the statement at both places.
"""
import json, os, pathlib, re, shutil, socket, statistics, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
BINARY = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else HERE.parent / "target/release/sosik")
PAGES, READS = int(os.environ.get("PAGES", 2000)), int(os.environ.get("READS", 200))
data = pathlib.Path(tempfile.mkdtemp(prefix="sosik-bench-")); data.chmod(0o755)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
base = f"http://127.0.0.1:{port}"
env = dict(os.environ, SOSIK_DATA_DIR=str(data / "data"), SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_LOG__FILTER="warn")
env.pop("DATABASE_URL", None)
server = subprocess.Popen([BINARY, "serve"], env=env, stdout=subprocess.DEVNULL)

def get(path):
    with urllib.request.urlopen(base + path, timeout=60) as r:
        return json.load(r)

def psql(*args):
    run = data / "data" / "run"
    command = ["psql", "-h", str(run), "-U", "sosik", "-d", "sosik", "-v", "ON_ERROR_STOP=1", "-qAt", *args]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

def median(path):
    times = []
    for _ in range(READS):
        start = time.perf_counter(); get(path); times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times)

def buffers(list_id, at, article):
    """Of the list's own statement, as the server sends it (src/articles/listings.rs)."""
    sql = f"""explain (analyze, buffers) select l.at, l.article_id from listings l where l.list = '{list_id}'
        and (l.at, l.article_id) < ('{at}', '{article}') and l.at >= '0001-01-01' and l.at < '9999-12-30'
        order by l.at desc, l.article_id desc limit 21"""
    plan = psql("-c", sql)
    hit = re.search(r"Buffers: shared (?:hit=(\d+))?(?: ?read=(\d+))?", plan)
    kind = "index range" if "Index Only Scan" in plan and "Filter" not in plan else "NOT AN INDEX RANGE"
    return sum(int(n or 0) for n in hit.groups()), kind

try:
    while True:
        try: get("/health/ready"); break
        except OSError: time.sleep(0.1)
    start = time.perf_counter(); psql("-f", str(HERE / "million.sql"))
    print(f"a million articles loaded in {time.perf_counter() - start:.0f} s")
    print("| list | page 1 ms | page %s ms | ratio | buffers at 1 | buffers at %s | plan |" % (PAGES, PAGES))
    print("| --- | --- | --- | --- | --- | --- | --- |")
    category = "select id from categories where slug = 'top-1'"
    publisher = "select id from publishers where slug = 'publisher-5'"
    cross = f"select md5(({category})::text || ':' || ({publisher})::text)::uuid"
    for name, query, list_sql in [
        ("all", "", "select '00000000-0000-0000-0000-000000000000'::uuid"),
        ("category and its descendants", "&category=top-1", category),
        ("publisher", "&publisher=publisher-5", publisher),
        ("category × publisher", "&category=top-1&publisher=publisher-5", cross),
        ("all, has_image", "&has_image=true", None),
        ("category, language=en", "&category=top-1&language=en", None),
    ]:
        first = f"/v1/articles?limit=20{query}"
        path, page = first, get(first)
        walked = 1
        while walked < PAGES and page["page"]["next"]:
            path = f"{first}&cursor={page['page']['next']}"; page = get(path); walked += 1
        a, b = median(first), median(path)
        shown = ["–", "–", "filtered"]
        if list_sql:
            list_id = psql("-c", list_sql).strip()
            last = page["items"][0]
            one, kind = buffers(list_id, "9999-12-30", "ffffffff-ffff-ffff-ffff-ffffffffffff")
            two, _ = buffers(list_id, last["published_at"], last["id"])
            shown = [one, two, kind]
        print(f"| {name} (page {walked}) | {a:.2f} | {b:.2f} | {b / a:.2f} | {shown[0]} | {shown[1]} | {shown[2]} |", flush=True)
finally:
    server.terminate(); server.wait(20); shutil.rmtree(data, ignore_errors=True)

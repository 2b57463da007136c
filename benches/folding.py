#!/usr/bin/env python3
"""What folding costs: an import, and a publish at 200,000 articles of the last three days.

Usage: benches/folding.py FULLTEXT [BINARY] [EXAMPLE]
   (default target/release/sosik and target/release/examples/folding; standard library and psql only)
Starts the server on a throw-away data folder, imports 200,000 articles made of the sentences of FULLTEXT
(`folding corpus`), then writes drafts and published articles in turn, and edits and copies, and prints the
median of each in milliseconds, and EXPLAIN (ANALYZE, BUFFERS) of the search for candidates.
"""
import json, os, pathlib, re, shutil, socket, statistics, subprocess, sys, tempfile, time, urllib.request

HERE = pathlib.Path(__file__).resolve().parent
TARGET = HERE.parent / "target/release"
TEXTS = sys.argv[1]
BINARY = pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else TARGET / "sosik")
EXAMPLE = pathlib.Path(sys.argv[3] if len(sys.argv) > 3 else TARGET / "examples/folding")
COUNT, WRITES = int(os.environ.get("COUNT", 200_000)), int(os.environ.get("WRITES", 300))
data = pathlib.Path(tempfile.mkdtemp(prefix="sosik-bench-")); data.chmod(0o755)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
base = f"http://127.0.0.1:{port}"
env = dict(os.environ, SOSIK_DATA_DIR=str(data / "data"), SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_LOG__FILTER="warn",
           SOSIK_LIMITS__WRITES_PER_MINUTE="1000000000")
env.pop("DATABASE_URL", None)
server = subprocess.Popen([BINARY, "serve"], env=env, stdout=subprocess.DEVNULL)

def call(method, path, body=None, headers={}):
    request = urllib.request.Request(base + path, method=method, data=body and json.dumps(body).encode(),
                                     headers={"authorization": f"Bearer {key}", "content-type": "application/json", **headers})
    start = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as r:
        answer = json.load(r)
    return answer, (time.perf_counter() - start) * 1000

def psql(sql):
    command = ["psql", "-h", str(data / "data" / "run"), "-U", "sosik", "-d", "sosik", "-v", "ON_ERROR_STOP=1", "-qAt", "-c", sql]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout

try:
    while True:
        try: urllib.request.urlopen(base + "/health/ready"); break
        except OSError: time.sleep(0.1)
    out = subprocess.run([BINARY, "admin", "create-key", "--name", "bench", "--scope", "admin"], env=env, capture_output=True, text=True, check=True).stdout
    key = re.search(r"sk_\w+", out)[0]
    until = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    corpus = data / "corpus.ndjson"
    with open(corpus, "w") as file:
        subprocess.run([EXAMPLE, "corpus", TEXTS, str(COUNT + WRITES), until], stdout=file, check=True)
    lines = open(corpus).read().splitlines()
    corpus.write_text("\n".join(lines[:COUNT]) + "\n")
    start = time.perf_counter()
    told = subprocess.run([BINARY, "import", str(corpus)], env=env, capture_output=True, text=True, check=True).stdout
    took = time.perf_counter() - start
    print(f"import: {COUNT} articles in {took:.0f} s = {COUNT / took:.0f}/s; {' '.join(told.split())}")
    psql("analyze")
    times = {name: [] for name in ["draft", "published", "a copy", "an edit"]}
    for n, line in enumerate(lines[COUNT:]):
        article = json.loads(line)
        article |= {"publisher": "신문-1", "category": "경제", "language": "ko"}
        article.pop("published_at")
        def write(name, status, changes={}):
            made, ms = call("POST", "/v1/articles", {**article, "external_id": f"{name}-{n}", "status": status, **changes})
            times[name].append(ms)
            return made
        write("draft", "draft")
        made = write("published", "published")
        write("a copy", "published", {"publisher": "신문-2", "body": article["body"][::2]})
        _, ms = call("PATCH", f"/v1/articles/{made['id']}", {"body": article["body"][1:]}, {"if-match": "*"})
        times["an edit"].append(ms)
    print("| write | median ms | 95 % ms |\n| --- | --- | --- |")
    for name, ms in times.items():
        print(f"| {name} | {statistics.median(ms):.1f} | {statistics.quantiles(ms, n=20)[18]:.1f} |")
    if "story_keys" in psql("select tablename from pg_tables"):
        print(psql("select count(*) || ' sketches, ' || pg_size_pretty(pg_total_relation_size('story_sketches')) || ', keys ' || pg_size_pretty(pg_total_relation_size('story_keys')) from story_sketches"))
        sql = (HERE.parent / "src/clusters/sql/near.sql").read_text()
        prepared = f"prepare near (uuid[], int[], int[]) as {sql};"
        arguments = "array[article_id], array[stretch], array[stretch - 1]"
        one = psql("select format('''{%s}'', ''{%s}'', ''{%s}''', article_id, stretch, stretch - 1) from story_sketches order by article_id desc limit 1").strip()
        warm = f"execute near({one}); " * 6
        plan = psql(f"{prepared} {warm} explain (analyze, buffers) execute near({one})")
        print(plan[plan.index("Append"):] if "Append" in plan else plan)
finally:
    server.terminate(); server.wait(); shutil.rmtree(data, ignore_errors=True)

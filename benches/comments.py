#!/usr/bin/env python3
"""Old threads through the API: imports comments with votes and asks how well `best` orders them.

usage: benches/comments.py BINARY FILE
FILE: NDJSON (gzip or plain) with article, comment_no, text, time, likes, dislikes.
For each share of the votes (5, 20, 50, 100 %) every vote is kept with that chance (seed 7), the threads are
imported into an empty database, and the first ten of `best` are held against the approval that all votes show
(nDCG@10, gain = likes / (likes + dislikes), threads with 50 comments of 5 votes or more)."""
import gzip, json, math, os, random, subprocess, sys, tempfile, time, urllib.request, socket, collections

binary, path = os.path.abspath(sys.argv[1]), sys.argv[2]
opened = gzip.open if open(path, "rb").read(2) == b"\x1f\x8b" else open
rows = [json.loads(line) for line in opened(path, "rt", encoding="utf-8")]
threads = collections.defaultdict(list)
for row in rows: threads[row["article"]].append(row)

def binomial(n, p, rng): return n if p >= 1 else sum(rng.random() < p for _ in range(n))

def ndcg(order, gains, k=10):
    dcg = sum(gains[c] / math.log2(i + 2) for i, c in enumerate(order[:k]))
    ideal = sum(g / math.log2(i + 2) for i, g in enumerate(sorted(gains.values(), reverse=True)[:k]))
    return dcg / ideal if ideal else 1.0

def wilson(up, down, z=1.96):
    n = up + down
    if up <= 0: return -down
    p = up / n
    return (p + z*z/2/n - z * math.sqrt(p*(1-p)/n + z*z/4/n/n)) / (1 + z*z/n)

def run(share):
    rng = random.Random(7)
    folder = tempfile.mkdtemp(prefix="sosik-comments-"); os.chmod(folder, 0o755)
    with socket.socket() as s: s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
    env = dict(os.environ, SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_DATA_DIR=folder + "/data", SOSIK_COMMENTS__PRESET="open")
    env.pop("DATABASE_URL", None)
    def cli(*args, text=None): return subprocess.run([binary, *args], env=env, input=text, capture_output=True, text=True, cwd=folder)
    articles = "\n".join(json.dumps({"publisher": "threads", "category": "news", "external_id": a, "headline": f"기사 {a}", "body": [], "published_at": "2018-10-01T00:00:00Z"}) for a in threads)
    server = subprocess.Popen([binary, "serve"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder)
    base = f"http://127.0.0.1:{port}"
    def get(p): return json.load(urllib.request.urlopen(base + p))
    while True:
        try: get("/health/live"); break
        except OSError: time.sleep(.1)
    made = cli("import", "-", "--json", text=articles)
    if made.returncode: sys.exit(made.stderr)
    seen = {}
    lines = []
    for article, comments in threads.items():
        for n, c in enumerate(comments):
            up, down = binomial(c.get("likes") or 0, share, rng), binomial(c.get("dislikes") or 0, share, rng)
            seen[article, n] = (up, down)
            lines.append(json.dumps(dict(c, comment_no=f"{n}", likes=up, dislikes=down), ensure_ascii=False))
    start = time.time()
    done = cli("import", "-", "--kind", "comments", "--json", text="\n".join(lines))
    took = time.time() - start
    if done.returncode: sys.exit(done.stderr)
    summary = json.loads(done.stdout)
    scores, plain, judged = [], [], 0
    first = {}
    for item_page in range(1000):
        page = get("/v1/articles?limit=100" + (f"&cursor={first['next']}" if first else ""))
        for item in page["items"]:
            article = item["headline"].split(" ")[1]
            voted = {n: c for n, c in enumerate(threads[article]) if (c.get("likes") or 0) + (c.get("dislikes") or 0) >= 5}
            if len(voted) < 50: continue
            judged += 1
            texts = collections.defaultdict(list)
            for n, c in enumerate(threads[article]): texts[c["text"].replace("\r\n", "\n").strip(), c["time"][:19].replace(" ", "T")].append(n)
            gains = {n: ((c["likes"] or 0) / max(1, (c["likes"] or 0) + (c["dislikes"] or 0))) if n in voted else 0.0 for n, c in enumerate(threads[article])}
            listed = get(f"/v1/articles/{item['id']}/comments?sort=best&limit=20")["items"]
            import unicodedata, datetime
            order = []
            for c in listed:
                at = (datetime.datetime.fromisoformat(c["created_at"].replace("Z", "+00:00")) + datetime.timedelta(hours=9)).strftime("%Y-%m-%dT%H:%M:%S")
                found = [n for (t, w), ns in texts.items() if w == at and unicodedata.normalize("NFC", t).strip() == c["body"] for n in ns if n not in order]
                if found: order.append(found[0])
            scores.append(ndcg(order, gains))
            by = sorted(range(len(threads[article])), key=lambda n: wilson(*seen[article, n]), reverse=True)
            plain.append(ndcg(by, gains))
        if not page["page"]["next"]: break
        first = page["page"]
    server.terminate(); server.wait()
    print(f"{share:>4.0%} of votes: {summary}, {len(lines) / took:.0f} lines/s; {judged} threads, nDCG@10 {sum(scores)/judged:.3f}, plain Wilson {sum(plain)/judged:.3f}", flush=True)

for share in (.05, .20, .50, 1.0): run(share)

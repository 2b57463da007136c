"""50 writers of comments with retries and idempotency keys; server and PostgreSQL killed twice each."""
import http.client, json, os, random, signal, subprocess, sys, threading, time, urllib.request, uuid, socket, tempfile
binary = os.path.abspath(sys.argv[1]); RUN = float(sys.argv[2]) if len(sys.argv) > 2 else 30
folder = tempfile.mkdtemp(prefix="sosik-kill-"); os.chmod(folder, 0o755)
with socket.socket() as s: s.bind(("127.0.0.1", 0)); port = s.getsockname()[1]
env = dict(os.environ, SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_DATA_DIR=folder + "/data", SOSIK_COMMENTS__PRESET="open", SOSIK_LIMITS__REGISTRATIONS_PER_MINUTE="100000", SOSIK_ACCOUNTS__ARGON2_MEMORY_KIB="7168", SOSIK_ACCOUNTS__ARGON2_PASSES="1")
env.pop("DATABASE_URL", None)
log = open(folder + "/log", "ab")
def start(): return subprocess.Popen([binary, "serve", "--demo"], env=env, stdout=log, stderr=log, cwd=folder)
def call(method, path, body=None, token=None, key=None, timeout=10):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        h = {"content-type": "application/json"}
        if token: h["authorization"] = "Bearer " + token
        if key: h["idempotency-key"] = key
        c.request(method, path, json.dumps(body) if body is not None else None, h)
        r = c.getresponse(); t = r.read()
        return r.status, json.loads(t) if t else None
    except (OSError, http.client.HTTPException, ValueError): return 0, None
    finally: c.close()
def ready():
    t = time.time()
    while time.time() - t < 120:
        if call("GET", "/health/ready", timeout=2)[0] == 200: return
        time.sleep(.1)
    sys.exit("not ready: " + open(folder + "/log").read()[-500:])
server = start(); ready()
articles = [a["id"] for a in call("GET", "/v1/articles?limit=5")[1]["items"]]
W = 50; people = []
for n in range(W):
    s, j = call("POST", "/v1/auth/register", {"email": f"w{n}@example.com", "password": "correct horse battery 9", "display_name": f"필자{n}호"})
    assert s == 201, (s, j); people.append(j["access_token"])
ledger, votes, hist, lock, stop = {}, {}, {}, threading.Lock(), False
def writer(n):
    rng, i, known = random.Random(n), 0, []
    while not stop:
        i += 1; key, text = str(uuid.uuid4()), f"{n}-{i}-{uuid.uuid4()}"
        article = rng.choice(articles)
        for attempt in range(200):
            s, j = call("POST", f"/v1/articles/{article}/comments", {"body": text}, people[n], key)
            with lock: hist[s] = hist.get(s, 0) + 1
            if s == 201:
                with lock: ledger[j["id"]] = (article, text)
                break
            if stop and attempt > 100: break
            time.sleep(.1)
        with lock: target = rng.choice(list(ledger)) if ledger else None
        if target:
            value = rng.choice(["up", "down"])
            for attempt in range(200):
                s, j = call("PUT", f"/v1/comments/{target}/vote", {"value": value}, people[n])
                with lock: hist[s] = hist.get(s, 0) + 1
                if s == 200:
                    with lock: votes[target, n] = value
                    break
                if s in (403, 404): break
                time.sleep(.1)
th = [threading.Thread(target=writer, args=(n,)) for n in range(W)]; [t.start() for t in th]
for k in range(4):
    time.sleep(RUN / 5)
    if k % 2 == 0:
        server.kill(); server.wait(); time.sleep(.5); server = start(); ready()
    else:
        import glob
        for f in glob.glob(folder + "/data/**/postmaster.pid", recursive=True):
            os.kill(int(open(f).readline()), signal.SIGKILL)
        time.sleep(.5)
        for _ in range(100):
            if server.poll() is not None: server = start()
            if call("GET", "/health/ready", timeout=2)[0] == 200: break
            time.sleep(.3)
time.sleep(RUN / 5); stop = True; [t.join() for t in th]
lost = wrong = 0
for id, (article, text) in ledger.items():
    s, j = call("GET", f"/v1/comments/{id}")
    if s != 200: lost += 1
    elif j["body"] != text: wrong += 1
# everything in the database, by walking
seen = {}; dup = 0; total = 0
for a in articles:
    path = f"/v1/articles/{a}/comments?sort=oldest&limit=100"; cur = path
    while cur:
        page = call("GET", cur)[1]
        for c in page["items"]:
            total += 1
            if c["body"] in seen: dup += 1
            seen[c["body"]] = c["id"]
        nxt = page["page"]["next"]; cur = f"{path}&cursor={nxt}" if nxt else None
count = sum(call("GET", f"/v1/articles/{a}/comments/summary")[1]["comments"] for a in articles)
tv = {}
for (t, n), v in votes.items(): tv.setdefault(t, {})[n] = v
off = 0
for t, by in tv.items():
    j = call("GET", f"/v1/comments/{t}")[1]["votes"]
    up = sum(v == "up" for v in by.values()); down = len(by) - up
    if (j["up"], j["down"]) != (up, down): off += 1
print(f"{len(ledger)} comments acknowledged, {lost} lost, {wrong} altered, {dup} twice; {total} in lists, {count} in summaries; votes on {len(tv)} comments, {off} off; statuses {hist}")
server.terminate(); server.wait()
sys.exit(0 if not (lost or wrong or dup or off or total != count or 500 in hist) else 1)

#!/usr/bin/env python3
"""Kills the server, then its PostgreSQL, with -9 in the middle of 50 writers of views, and holds the ledger
against what was acknowledged.

    benches/kill_views.py BINARY

Every view comes from a visitor of its own. Afterwards: no acknowledged view is missing, none stands twice, and
received = counted + refused in every hour. Starts its own server on a data folder that is thrown away."""
import http.client, json, os, pathlib, signal, socket, subprocess, sys, tempfile, threading, time

binary = sys.argv[1]
data = pathlib.Path(tempfile.mkdtemp(prefix="sosik-kill-"))
data.chmod(0o755)
with socket.socket() as s:
    s.bind(("127.0.0.1", 0))
    port = s.getsockname()[1]
env = dict(os.environ, SOSIK_BIND=f"127.0.0.1:{port}", SOSIK_DATA_DIR=str(data / "data"), SOSIK_LOG__FILTER="error",
           SOSIK_TRUSTED_PROXIES="127.0.0.0/8", SOSIK_LIMITS__EVENTS_PER_MINUTE="1000000000")
env.pop("DATABASE_URL", None)


def start():
    server = subprocess.Popen([binary, "serve", "--demo"], env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(600):
        try:
            c = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            c.request("GET", "/health/ready")
            if c.getresponse().status == 200:
                return server
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit("the server does not start")


def sql(text):
    run = subprocess.run(["psql", "-h", str(data / "data/run"), "-U", "sosik", "-d", "sosik", "-AtX", "-c", text],
                         capture_output=True, text=True, check=True)
    return run.stdout.strip()


server = start()
c = http.client.HTTPConnection("127.0.0.1", port)
c.request("GET", "/v1/articles?limit=20&fields=id")
articles = [a["id"] for a in json.load(c.getresponse())["items"]]
before = {row.split("|")[0]: int(row.split("|")[1]) for row in
          sql("select article_id, views from article_counters").splitlines()}
acknowledged, unclear, lock, stop = {}, {}, threading.Lock(), False


def writer(w):
    n, c = 0, None
    while not stop:
        n += 1
        article, visitor = articles[(w + n) % len(articles)], w * 1_000_000 + n
        address = f"{10 + visitor % 200}.{visitor // 200 % 250}.{visitor // 50_000 % 250}.{visitor % 251}"
        try:
            c = c or http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            c.request("POST", f"/v1/articles/{article}/views", headers={
                "X-Forwarded-For": address, "User-Agent": f"Mozilla/5.0 reader {visitor}"})
            answer = c.getresponse()
            answer.read()
            kept = acknowledged if answer.status == 204 else unclear
        except OSError:
            c, kept = None, unclear
            time.sleep(0.02)
        except http.client.HTTPException:
            c, kept = None, unclear
        with lock:
            kept[article] = kept.get(article, 0) + 1


threads = [threading.Thread(target=writer, args=(w,)) for w in range(50)]
[t.start() for t in threads]
for victim in ["server", "PostgreSQL", "server", "PostgreSQL"]:
    time.sleep(3)
    if victim == "server":
        os.kill(server.pid, signal.SIGKILL)
        server.wait()
        server = start()
    else:
        postmaster = int((data / "data/cluster/postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
time.sleep(6)
stop = True
[t.join() for t in threads]
time.sleep(1)
bad = 0
for article in articles:
    now = int(sql(f"select views from article_counters where article_id = '{article}'")) - before.get(article, 0)
    sure, maybe = acknowledged.get(article, 0), unclear.get(article, 0)
    if not sure <= now <= sure + maybe:
        bad += 1
        print(f"{article}: {now} counted, {sure} acknowledged, {maybe} unclear")
wrong = sql("select count(*) from article_hours where kind < 2 and received <> counted + bot + prefetch + repeat")
drift = sql("""select count(*) from article_counters c where views <> (
    select coalesce(sum(counted), 0) from article_hours h where h.article_id = c.article_id and kind = 0)""")
over = sql("select count(*) from article_hours where ranked > counted or largest > ranked")
server.terminate()
server.wait()
print(f"{sum(acknowledged.values())} acknowledged, {sum(unclear.values())} unclear; articles off {bad}, "
      f"hours that do not add up {wrong}, counters that drifted {drift}, ranks beyond counts {over}")
sys.exit(bool(bad or int(wrong) or int(drift) or int(over)))

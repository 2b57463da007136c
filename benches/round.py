#!/usr/bin/env python3
"""Times rounds of the boards over 100,000 active articles, and what their snapshots take.

    benches/round.py BINARY DATABASE_URL

The database must be empty; it is migrated and filled from benches/round.sql. Each round is
`sosik rankings refresh` with its start and connection; `--due` rounds leave out what is settled."""
import os, pathlib, re, statistics, subprocess, sys, time

HERE = pathlib.Path(__file__).parent
binary, url = sys.argv[1:3]
env = dict(os.environ, DATABASE_URL=url, SOSIK_LOG__FILTER="warn")


def sosik(*args):
    start = time.monotonic()
    run = subprocess.run([binary, *args], env=env, capture_output=True, text=True, check=True)
    return time.monotonic() - start, run.stdout.strip()


def sql(text):
    run = subprocess.run(["psql", url, "-AtX", "-c", text], capture_output=True, text=True, check=True)
    return run.stdout.strip()


sosik("migrate")
subprocess.run(["psql", url, "-qX", "-v", "ON_ERROR_STOP=1", "-f", str(HERE / "round.sql")], check=True)
print("articles", sql("select count(*) from article_scores"), "hours", sql("select count(*) from article_hours"))
size = lambda: int(sql("select pg_total_relation_size('ranking_snapshots')"))
before = size()
for name, args in [("first", []), ("second", []), ("third", [])]:
    took, said = sosik("rankings", "refresh", *args)
    print(f"{name:8} {took:6.2f} s  {said}  snapshots {(size() - before) / 1e6:.1f} MB")
periodic = [sosik("rankings", "refresh", "--due") for _ in range(5)]
print(f"periodic {statistics.median(took for took, _ in periodic):6.2f} s  {periodic[-1][1]}")

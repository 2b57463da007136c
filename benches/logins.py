#!/usr/bin/env python3
"""Whether the time of an answer tells who has an account.

Registers COUNT readers, then asks for each of them and for as many strangers, one after the other in
turns: a log-in with a wrong password, and a new password. Prints the medians, and ends with 1 when those of
the known and of the unknown differ by more than five per cent of the greater, or a tenth of a millisecond.

    SOSIK_LIMITS__REGISTRATIONS_PER_MINUTE=100000 SOSIK_LIMITS__LOGINS_PER_MINUTE=100000 sosik serve
    benches/logins.py [http://127.0.0.1:8080 [COUNT]]
"""

import http.client
import json
import statistics
import sys
import time
import urllib.parse
import uuid

BASE = urllib.parse.urlparse(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8080")
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 200
connection = http.client.HTTPConnection(BASE.hostname, BASE.port or 80)


def post(path, body):
    """The status of an answer, and the milliseconds it took."""
    start = time.perf_counter()
    connection.request("POST", path, json.dumps(body), {"content-type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status, (time.perf_counter() - start) * 1000


def main():
    run = uuid.uuid4().hex[:8]
    known = [f"{run}-{n}@example.kr" for n in range(COUNT)]
    unknown = [f"{run}-{n}@example.org" for n in range(COUNT)]
    for n, email in enumerate(known):
        body = {"email": email, "password": "correct horse", "display_name": f"{run} {n}"}
        status, _ = post("/v1/auth/register", body)
        assert status == 201, f"registering: {status}"
    told = False
    for name, path, more, expected in [
        ("log-in", "/v1/auth/login", {"password": "wrong horse"}, 401),
        ("new password", "/v1/auth/password/reset-request", {}, 202),
    ]:
        times = {True: [], False: []}
        for n in range(COUNT):
            # Who comes first changes: a pause of the machine falls on both.
            for is_known in (n % 2 == 0, n % 2 == 1):
                email = (known if is_known else unknown)[n]
                status, took = post(path, {"email": email, **more})
                assert status == expected, f"{name}: {status}"
                times[is_known].append(took)
        one, other = (statistics.median(times[is_known]) for is_known in (True, False))
        differs = abs(one - other) > max(0.05 * max(one, other), 0.1)
        told = told or differs
        verdict = "TELLS" if differs else "does not tell"
        print(f"{name}: known {one:.2f} ms, unknown {other:.2f} ms: {verdict}")
    sys.exit(1 if told else 0)


main()

#!/usr/bin/env python3
"""Two servers with a node each, on one PostgreSQL, one Redis and one bucket: the promises that hold across them.

    services.py postgres redis s3 -- replicas_test.py PROGRAM

Prints a line for each test and closes with "N passed, N failed, N skipped"."""

import concurrent.futures
import functools
import hashlib
import os
import pathlib
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "api"))
from outcomes import Outcomes, Skip  # noqa: E402  (found by the line above)
from studio import Studio, equal, new_database, query  # noqa: E402

NEEDED = ("OURVIDZ_TEST_POSTGRES", "OURVIDZ_TEST_REDIS", "OURVIDZ_TEST_S3")
LONGEST_S = 120
FEW_STEPS = 4


def wait_for(what, condition, longest=LONGEST_S):
    end = time.monotonic() + longest
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.05)
    raise AssertionError(f"never: {what}")


class Shared:
    """What the servers have in common: a database and a folder of the bucket that nobody else uses."""

    def __init__(self, program):
        self.program = program
        self.database, database_settings = new_database()
        number = int.from_bytes(secrets.token_bytes(2))
        self.settings = {
            **database_settings,
            "redis_url": f"redis://{os.environ['OURVIDZ_TEST_REDIS']}/{number}",
            "s3_url": f"{os.environ['OURVIDZ_TEST_S3']}/{os.environ['OURVIDZ_TEST_S3_BUCKET']}/{self.database}",
            "s3_access_key": os.environ["OURVIDZ_TEST_S3_ACCESS_KEY"],
            "s3_secret_key": os.environ["OURVIDZ_TEST_S3_SECRET_KEY"],
            "lease_ms": 4_000,
        }

    def sql(self, statement):
        return query(self.database, statement)

    def server(self, node=True, **settings):
        return Studio(self.program, node=node, **{**self.settings, **settings})

    @staticmethod
    def submit(studio, seed, headers=None):
        """Few steps: what is tested is not the picture."""
        return studio.submit(headers, seed=seed, steps=FEW_STEPS)

    def audit(self, expected):
        """Every job over once, with all its pictures, and its hold settled once."""
        equal(self.sql("SELECT state, COUNT(*) FROM generations GROUP BY 1"), [f"succeeded|{expected}"])
        equal(self.sql("SELECT state, COUNT(*) FROM holds GROUP BY 1"), [f"settled|{expected}"])
        equal(self.sql("SELECT state, COUNT(*) FROM jobs GROUP BY 1"), [f"succeeded|{expected}"])
        equal(self.sql("SELECT COUNT(*) FROM attempts WHERE state = 'succeeded'"), [str(expected)])
        equal(self.sql("SELECT COUNT(*) FROM (SELECT generation_id FROM assets GROUP BY 1 HAVING COUNT(*) = 1) AS one"),
              [str(expected)])
        books = subprocess.run([self.program, "admin", "audit"], capture_output=True, text=True, check=False, env={
            **os.environ, **{f"OURVIDZ_{name.upper()}": str(value) for name, value in self.settings.items()}})
        assert books.returncode == 0 and "everything balances" in books.stdout, books


class Listener:
    """Follows the event stream, as a browser does: after a cut it goes on, at whatever server, after the last number."""

    def __init__(self, studio, after=None):
        self.studio, self.after = studio, after
        self.events, self.names, self.data = [], [], []
        self.over = False
        self.cuts = 0
        self.thread = threading.Thread(target=self.follow, daemon=True)
        self.thread.start()
        wait_for("the stream says hello", lambda: "hello" in self.names)

    def move_to(self, studio):
        self.studio = studio
        self.cuts += 1

    def follow(self):
        while not self.over:
            cuts = self.cuts
            try:
                for name, data, number in self.studio.events(after=self.after, timeout=3):
                    self.names.append(name)
                    self.data.append((name, data))
                    if name == "hello" and self.after is None:
                        self.after = data["last_event_id"]
                    if number is not None:
                        self.after = number
                        self.events.append(number)
                    if self.over or cuts != self.cuts:
                        break
            except OSError:
                time.sleep(0.05)

    def states(self, generation):
        return [data["state"] for name, data in self.data if name == "generation" and data["id"] == generation]


def test_servers_that_start_together_migrate_once(shared):
    with concurrent.futures.ThreadPoolExecutor() as pool:
        servers = [shared.server(node=False) for _ in range(3)]
        list(pool.map(lambda server: server.start(), servers))
    for server in servers:
        equal(server.call("GET", "/api/v1/ready").status, 200)
        server.stop()
    files = pathlib.Path(__file__).resolve().parents[2].glob("migrations/*.sql")
    numbers = {file.name.split("_")[0] for file in files}  # the parts for one database have the number of the whole
    equal(shared.sql("SELECT COUNT(*) FROM schema_migrations"), [str(len(numbers))])


def test_a_job_from_one_server_is_made_by_a_node_of_the_other(shared):
    with shared.server(node=False) as a, shared.server() as b:
        listener = Listener(a)
        made = shared.submit(a, 1).json["id"]
        done = a.until(made, "succeeded", "failed")
        equal(done["state"], "succeeded")
        # Woken by the submit, not by the end of a poll that waits; and progress came all the way.
        wait_for("the stream tells of its end", lambda: "succeeded" in listener.states(made))
        progress = [data for name, data in listener.data if name == "progress" and data["generation_id"] == made]
        assert any(one["phase"] == "sampling" for one in progress), progress
        asset = done["assets"][0]
        for server in (a, b):
            content = server.call("GET", asset["links"]["original"])
            equal((content.status, hashlib.sha256(content.body).hexdigest()), (200, asset["sha256"]))
            equal(content.headers["content-length"], str(asset["bytes"]))
            part = server.call("GET", asset["links"]["original"], headers={"Range": "bytes=10-19"})
            equal((part.status, part.body), (206, content.body[10:20]))
            equal(part.headers["content-range"], f"bytes 10-19/{asset['bytes']}")
            same = server.call("GET", asset["links"]["original"], headers={"If-None-Match": content.headers["etag"]})
            equal((same.status, same.body), (304, b""))
            head = server.call("HEAD", asset["links"]["original"])
            equal((head.status, head.body, head.headers["content-length"]), (200, b"", str(asset["bytes"])))
            beyond = server.call("GET", asset["links"]["original"], headers={"Range": f"bytes={asset['bytes']}-"})
            equal(beyond.status, 416)
        listener.over = True
        shared.audit(1)


def test_who_waits_for_a_model_that_no_node_of_any_server_has_is_told_so(shared):
    with tempfile.TemporaryDirectory() as nothing, shared.server(node=False) as a:
        waiting = shared.submit(a, 1).json["id"]

        def troubles(*servers):
            shown = [server.call("GET", f"/api/v1/generations/{waiting}").json for server in servers]
            return [one["progress"] and one["progress"]["trouble"] for one in shown]

        with shared.server(models_folder=nothing, models_cache=nothing) as b:
            wait_for("both say that no machine has the model", lambda: troubles(a, b) == ["no_model", "no_model"])
            with shared.server() as c:
                equal(c.until(waiting, "succeeded", "failed")["state"], "succeeded")


def test_downloads_go_to_the_bucket_by_a_link_if_told_so(shared):
    with shared.server(s3_links="true") as server:
        done = server.until(shared.submit(server, 1).json["id"], "succeeded", "failed")
        asset = done["assets"][0]
        equal(server.call("GET", asset["links"]["original"]).status, 200)
        download = server.call("GET", asset["links"]["download"])
        equal((download.status, download.headers["cache-control"]), (307, "no-store"))
        with urllib.request.urlopen(download.headers["location"], timeout=10) as content:
            equal(hashlib.sha256(content.read()).hexdigest(), asset["sha256"])
            assert content.headers["content-disposition"].startswith("attachment; filename="), content.headers
            equal(content.headers["content-type"], asset["content_type"])


def test_a_waiting_node_of_the_other_server_is_woken_at_once(shared):
    with shared.server(node=False) as a, shared.server() as b:
        a.until(shared.submit(b, 1).json["id"], "succeeded")  # its model is loaded
        waits = []
        for seed in range(3):
            time.sleep(0.3)  # the node waits in its next poll by then
            began = time.monotonic()
            made = shared.submit(a, seed).json["id"]
            a.until(made, "running", "succeeded")
            waits.append(time.monotonic() - began)
            a.until(made, "succeeded")
        # A poll waits for four seconds when nobody wakes it.
        assert sorted(waits)[1] < 1.5, waits


def test_a_stream_goes_on_at_the_other_server_without_a_gap(shared):
    with shared.server() as a, shared.server() as b:
        start = next(a.events())[1]["last_event_id"]
        listener = Listener(a, start)
        ids = []
        for seed in range(6):
            ids.append(shared.submit((a, b)[seed % 2], seed).json["id"])
            listener.move_to((b, a)[seed % 2])
            time.sleep(0.3)
        for one in ids:
            a.until(one, "succeeded")
        log = [int(number) for number in shared.sql(f"SELECT number FROM events WHERE number > {start} ORDER BY number")]
        wait_for("the last event", lambda: listener.events and listener.events[-1] == log[-1])
        listener.over = True
        equal(listener.events, log)
        assert listener.names.count("hello") > 3 and "reset" not in listener.names, listener.names
        shared.audit(6)


def test_redis_may_be_emptied_stopped_and_continued_in_the_middle(shared):
    redis = int(os.environ["OURVIDZ_TEST_REDIS_PID"])
    port = os.environ["OURVIDZ_TEST_REDIS"].split(":")[1]

    def health(server):
        body = server.call("GET", "/api/v1/health").json
        return {part["name"]: part["ok"] for part in body["parts"]}["redis"], body["status"]

    with shared.server(node=False) as a, shared.server() as b:
        listener = Listener(a)
        ids = [shared.submit(a, seed).json["id"] for seed in range(3)]
        subprocess.run(["redis-cli", "-p", port, "FLUSHALL"], check=True, capture_output=True)
        equal(health(b)[0], True)
        os.kill(redis, signal.SIGSTOP)
        try:
            wait_for("the health page says so", lambda: health(a) == (False, "degraded") and not health(b)[0], 15)
            ids += [shared.submit(a, seed).json["id"] for seed in range(3, 6)]
            for one in ids:
                equal(a.until(one, "succeeded", "failed")["state"], "succeeded")
            # Readers hear of it all the same, a little later.
            wait_for("the stream tells of all", lambda: all("succeeded" in listener.states(one) for one in ids), 10)
        finally:
            os.kill(redis, signal.SIGCONT)
        wait_for("the health page says that it is back", lambda: health(a)[0] and health(b)[0], 15)
        listener.over = True
        shared.audit(6)


def test_a_killed_server_and_a_killed_database_lose_nothing(shared):
    with shared.server(node=False) as a, shared.server() as b, shared.server() as c:
        start = next(a.events())[1]["last_event_id"]
        listener = Listener(a, start)
        ids = [shared.submit(a, seed, {"Idempotency-Key": f"k{seed}"}).json["id"] for seed in range(6)]
        wait_for("one of them is under way", lambda: any(
            a.call("GET", f"/api/v1/generations/{one}").json["state"] == "running" for one in ids))
        b.stop(signal.SIGKILL)
        subprocess.run([os.environ["OURVIDZ_TEST_POSTGRES_CRASH"]], check=True)
        # A client that is told to try again does, with the same key.
        for seed, one in enumerate(ids):
            for _ in range(100):
                reply = shared.submit(c, seed, {"Idempotency-Key": f"k{seed}"})
                if reply.status == 202:
                    break
                equal(reply.status, 503)
                time.sleep(0.1)
            equal(reply.json["id"], one)
        for one in ids:
            equal(a.until(one, "succeeded", "failed")["state"], "succeeded")
        wait_for("the stream tells of all", lambda: all("succeeded" in listener.states(one) for one in ids), 20)
        listener.over = True
        equal(listener.events, sorted(set(listener.events)))
        shared.audit(6)


TESTS = [test_servers_that_start_together_migrate_once, test_a_job_from_one_server_is_made_by_a_node_of_the_other,
         test_who_waits_for_a_model_that_no_node_of_any_server_has_is_told_so,
         test_downloads_go_to_the_bucket_by_a_link_if_told_so,
         test_a_waiting_node_of_the_other_server_is_woken_at_once,
         test_a_stream_goes_on_at_the_other_server_without_a_gap,
         test_redis_may_be_emptied_stopped_and_continued_in_the_middle,
         test_a_killed_server_and_a_killed_database_lose_nothing]


def on_parts_of_its_own(test):
    @functools.wraps(test)
    def run(program):
        missing = [variable for variable in NEEDED if variable not in os.environ]
        if missing:
            raise Skip(f"no {', '.join(missing)}")
        test(Shared(program))
    return run


def main():
    program = os.path.abspath(sys.argv[1])
    wanted = sys.argv[2:]
    outcomes = Outcomes(timed=True)
    for test in TESTS:
        if not wanted or any(word in test.__name__ for word in wanted):
            outcomes.run(on_parts_of_its_own(test), program)
    return outcomes.close()


if __name__ == "__main__":
    sys.exit(main())

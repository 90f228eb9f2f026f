#!/usr/bin/env python3
"""Kills parts of a running studio at random and then counts: nothing lost, nothing done twice.

    fault_run.py [--build build/release] [--jobs 200] [--kills 40] [--seed 1]

A server without a node of its own and two nodes work on one data folder. Jobs are submitted as a client would, with
idempotency keys and retries, while a seeded killer ends the server, a node or a worker with SIGKILL, or stops a
node with SIGSTOP for longer than its lease. Whatever ends is started again. Between them revenants, nodes played by this
script, take a job, fall silent until another node has done it, and then deliver their result after all. At the end every job must be over exactly once, with all its pictures, and its hold settled once.
Prints the table and exits with 1 if anything is lost, doubled or adrift.
"""
import argparse
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

LEASE_MS = 2_500
PAUSE_S = LEASE_MS / 1000 + 1.5
DEADLINE_S = 1_500
PROMPTS = ["a red fox", "a blue robot on a yellow background", "a green house", "a penguin on a pink background"]


class Process:
    """One part of the studio, started again whenever it ends, until stop()."""

    def __init__(self, name, command, environment, log):
        self.name, self.command, self.environment, self.log = name, command, environment, log
        self.running = None
        self.wanted = True
        self.fault = None
        self.lock = threading.Lock()
        self.start()
        threading.Thread(target=self.watch, daemon=True).start()

    def start(self):
        with self.lock:
            if self.wanted:
                self.running = subprocess.Popen(self.command, env=self.environment, stdout=self.log, stderr=self.log)

    def watch(self):
        while self.wanted:
            code = self.running.wait()
            if self.wanted and code > 0:
                self.fault = f"{self.name} ended by itself with {code}: see {self.log.name}"
                return
            if self.wanted:
                self.start()

    def signal(self, number):
        try:
            self.running.send_signal(number)
            return True
        except ProcessLookupError:
            return False

    def stop(self):
        with self.lock:
            self.wanted = False
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.running.wait(15)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)


class Api:
    def __init__(self, port):
        self.port = port

    def call(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            payload = json.dumps(body) if body is not None else None
            connection.request(method, path, payload, {"Content-Type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read() or b"{}")
        finally:
            connection.close()

    def persist(self, method, path, body=None, headers=None):
        """As call(), again and again until there is an answer, as a good client does."""
        end = time.monotonic() + 120
        while True:
            try:
                status, reply = self.call(method, path, body, headers)
                if status < 500:
                    return status, reply
            except (OSError, http.client.HTTPException, json.JSONDecodeError):
                pass
            if time.monotonic() > end:
                raise SystemExit(f"no answer to {method} {path} for two minutes")
            time.sleep(0.05)


def children_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    text = stat.read()
            except OSError:
                continue
            if int(text.rsplit(")", 1)[1].split()[1]) == pid:
                found.append((int(entry), text.split("(", 1)[1].rsplit(")", 1)[0]))
    return found


class Killer:
    def __init__(self, dice, server, nodes):
        self.dice, self.server, self.nodes = dice, server, nodes
        self.counts = {"server": 0, "node": 0, "worker": 0, "pause": 0}

    def strike(self):
        target = self.dice.choices(["server", "node", "worker", "pause"], [3, 3, 4, 3])[0]
        node = self.dice.choice(self.nodes)
        if target == "server":
            struck = self.server.signal(signal.SIGKILL)
        elif target == "node":
            struck = node.signal(signal.SIGKILL)
        elif target == "pause":
            struck = node.signal(signal.SIGSTOP)
            if struck:
                time.sleep(PAUSE_S)
                node.signal(signal.SIGCONT)
        else:
            workers = children_of(node.running.pid)
            struck = bool(workers)
            if workers:
                try:
                    os.kill(self.dice.choice(workers)[0], signal.SIGKILL)
                except ProcessLookupError:
                    struck = False
        if struck:
            self.counts[target] += 1
        return struck and target != "pause"


class Revenant(threading.Thread):
    """A node that comes back from the dead: its late result must be turned away."""

    def __init__(self, api, token, name):
        super().__init__(daemon=True)
        self.api, self.name, self.outcome = api, name, "took nothing"
        self.headers = {"Authorization": f"Bearer {token}"}

    def run(self):
        lease = self.take()
        if lease is None:
            return
        time.sleep(PAUSE_S)
        end = time.monotonic() + 300
        while time.monotonic() < end:
            _, generation = self.api.persist("GET", f"/api/v1/generations/{lease['generation_id']}")
            if generation.get("state") == "succeeded":
                break
            time.sleep(0.3)
        status, _ = self.api.persist("POST", f"/api/v1/node/attempts/{lease['attempt_id']}/finish",
                                     {"fence": lease["fence"], "outcome": "succeeded", "engine_ms": 1}, self.headers)
        self.outcome = "turned away" if status == 409 else f"ACCEPTED ({status})"

    def take(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            _, news = self.api.persist("POST", "/api/v1/node/poll", {
                "node_id": self.name, "wait_ms": 0, "running": [],
                "want": [{"kinds": ["sdxl_image_fast"], "count": 1}]}, self.headers)
            if news.get("leases"):
                return news["leases"][0]
            time.sleep(0.1)
        return None


def submit_all(api, count, accepted):
    for index in range(count):
        body = {"kind": "sdxl_image_fast", "prompt": PROMPTS[index % len(PROMPTS)], "steps": 4, "seed": index,
                "batch": 3 if index % 10 == 0 else 1}
        status, reply = api.persist("POST", "/api/v1/generations", body, {"Idempotency-Key": f"fault-{index}"})
        if status != 202:
            raise SystemExit(f"job {index} was refused: {status} {reply}")
        accepted.append(reply["id"])


def end_if_one_has_fallen(processes):
    """A part that ends by itself is a fault; without this the run would only wait for it."""
    fallen = [process.fault for process in processes if process.fault]
    if fallen:
        for process in processes:
            process.stop()
        sys.exit("; ".join(fallen))


def wait_until_over(api, processes):
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        end_if_one_has_fallen(processes)
        _, page = api.persist("GET", "/api/v1/generations?active=true&limit=1")
        if not page.get("items"):
            return True
        time.sleep(0.3)
    return False


def reconcile(data, accepted):
    """Answers {fault: how many}. Reads the database as it is after a clean stop."""
    db = sqlite3.connect(f"file:{data}/studio.sqlite?mode=ro", uri=True)
    one = lambda sql: db.execute(sql).fetchone()[0]
    known = {row[0] for row in db.execute("SELECT id FROM generations")}
    faults = {
        "accepted but unknown": len(set(accepted) - known),
        "accepted twice": len(accepted) - len(set(accepted)),
        "known but never accepted": len(known - set(accepted)),
        "not over": one("SELECT COUNT(*) FROM generations WHERE state NOT IN ('succeeded', 'failed', 'canceled')"),
        "failed": one("SELECT COUNT(*) FROM generations WHERE state <> 'succeeded'"),
        "job and generation differ": one(
            "SELECT COUNT(*) FROM generations g JOIN jobs j ON j.generation_id = g.id WHERE g.state <> j.state"),
        "pictures missing or too many": one(
            "SELECT COUNT(*) FROM generations g WHERE g.state = 'succeeded' AND g.batch <>"
            " (SELECT COUNT(*) FROM assets a WHERE a.generation_id = g.id)"),
        "succeeded more than once": one(
            "SELECT COUNT(*) FROM (SELECT job_id FROM attempts WHERE state = 'succeeded' GROUP BY job_id HAVING COUNT(*) > 1)"),
        "succeeded without an attempt": one(
            "SELECT COUNT(*) FROM jobs j WHERE j.state = 'succeeded' AND NOT EXISTS"
            " (SELECT 1 FROM attempts a WHERE a.job_id = j.id AND a.state = 'succeeded')"),
        "measured more often than succeeded": abs(one("SELECT COUNT(*) FROM durations") - one(
            "SELECT COUNT(*) FROM generations WHERE state = 'succeeded'")),
        "hold not settled": one(
            "SELECT COUNT(*) FROM generations g JOIN holds h ON h.generation_id = g.id"
            " WHERE (g.state = 'succeeded') <> (h.state = 'settled') OR h.state = 'placed'"),
        "live attempts left": one("SELECT COUNT(*) FROM attempts WHERE state = 'running'"),
    }
    wrong_files = 0
    for key, sha256 in db.execute("SELECT file_key, sha256 FROM asset_files"):
        path = f"{data}/files/objects/{key[:2]}/{key}"
        try:
            with open(path, "rb") as file:
                wrong_files += hashlib.sha256(file.read()).hexdigest() != sha256
        except OSError:
            wrong_files += 1
    faults["files missing or altered"] = wrong_files
    attempts = dict(db.execute("SELECT state, COUNT(*) FROM attempts GROUP BY state").fetchall())
    return faults, attempts


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default="build/release")
    parser.add_argument("--jobs", type=int, default=200)
    parser.add_argument("--kills", type=int, default=40)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--keep", action="store_true", help="keep the data folder")
    options = parser.parse_args()
    print(f"fault run: {options.jobs} jobs, {options.kills} kills, seed {options.seed}", flush=True)

    data = tempfile.mkdtemp(prefix="ourvidz-fault-")
    program = os.path.abspath(os.path.join(options.build, "bin", "ourvidz"))
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "OURVIDZ_DATA_DIR": data, "OURVIDZ_LEASE_MS": str(LEASE_MS),
                   "OURVIDZ_ATTEMPTS_MAX": "20", "OURVIDZ_LISTEN": f"127.0.0.1:{port}", "OURVIDZ_START_NODE": "false",
                   "OURVIDZ_IMAGE_WORKERS": "1", "OURVIDZ_IMAGE_THREADS": "1", "OURVIDZ_QUEUE_MAX": "100000"}
    log = open(os.path.join(data, "log"), "ab")
    server = Process("server", [program, "serve"], environment, log)
    api = Api(port)
    api.persist("GET", "/api/v1/ready")
    with open(os.path.join(data, "node.token")) as file:
        token = file.read().strip()
    nodes = [Process(f"node {i}", [program, "node"],
                     {**environment, "OURVIDZ_SERVER_URL": url, "OURVIDZ_TOKEN": token,
                      "OURVIDZ_DATA_DIR": f"{data}/node-{i}"}, log) for i in (1, 2)]

    killer = Killer(random.Random(options.seed), server, nodes)
    accepted = []
    start = time.monotonic()
    clients = threading.Thread(target=submit_all, args=(api, options.jobs, accepted))
    clients.start()
    revenants = [Revenant(api, token, f"revenant-{i}") for i in range(max(2, options.kills // 8))]
    rise_at = sorted(killer.dice.sample(range(options.kills), len(revenants)))
    kills = 0
    while kills < options.kills and (time.monotonic() - start) < DEADLINE_S:
        time.sleep(killer.dice.uniform(0.2, 3.0))
        end_if_one_has_fallen([*nodes, server])
        kills += killer.strike()
        while rise_at and rise_at[0] < kills:
            rise_at.pop(0)
            revenants[len(rise_at)].start()
    clients.join()
    for revenant in revenants:
        if revenant.is_alive():
            revenant.join()
    over = wait_until_over(api, [*nodes, server])
    for process in [*nodes, server]:
        process.stop()
    faults, attempts = reconcile(data, accepted)
    print(f"struck: {killer.counts}; attempts: {attempts}; {time.monotonic() - start:.0f} s; all over in time: {over}")
    print(f"revenants: {', '.join(revenant.outcome for revenant in revenants)}")
    faults["late results accepted"] = sum(revenant.outcome.startswith("ACCEPTED") for revenant in revenants)
    bad = sum(faults.values()) + (0 if over else 1)
    for name, count in faults.items():
        print(f"  {count:5d}  {name}")
    print("nothing lost, nothing twice" if bad == 0 else f"FAULTS: {bad} (data in {data})")
    if bad == 0 and not options.keep:
        shutil.rmtree(data)
    return 0 if bad == 0 else 1


if __name__ == "__main__":
    sys.exit(main())

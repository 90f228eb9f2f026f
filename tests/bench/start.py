#!/usr/bin/env python3
"""P10: how soon after it was accepted a job starts, on an idle worker.

Ours, seen by a client: from the submit (sent, and answered) to the `generation` event that says `running`. That
is more than the job's start, since the event has come back over HTTP by then. The server's own times (whole
milliseconds) are beside it. The job's picture is canceled at once. The picture model is loaded before.
Peers, in the same run and in turn with ours, each durable before it answers, as ours is:
- graphile-worker on PostgreSQL (its defaults: fsync and synchronous_commit on),
- BullMQ on Redis with `appendfsync always`.
Their handler and their client are one process, so nothing travels back: from the call (and its answer) to the first
line of the handler. A peer that cannot be installed or started is left out, and that is said.
"""
import argparse
import glob
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_kit import peers, report, studio

IDLE_S = 0.02  # so that the worker waits for work again
START_MAX_S = 30
UNPRIVILEGED = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}


class Ours:
    title = "ourvidz (submit over HTTP → event `running`)"

    def __init__(self, server):
        self.server = server
        self.from_call, self.from_answer = [], []
        self.once()
        self.from_call.clear()
        self.from_answer.clear()

    def once(self):
        accepted = self.server.submit(kind="image_high", prompt="a red fox", steps=40)
        identity = accepted.body["id"]
        running = self.server.wait_for_state(identity, "running")
        self.server.cancel(identity)
        self.server.wait_for_state(identity, "canceled")
        self.from_call.append(report.ms(accepted.sent, running.at))
        self.from_answer.append(report.ms(accepted.at, running.at))

    def round(self, count):
        for _ in range(count):
            time.sleep(IDLE_S)
            self.once()

    def stored(self):
        """created → started of all of them by the server's own clock, in whole milliseconds."""
        database = sqlite3.connect(f"file:{self.server.folder}/studio.sqlite?mode=ro", uri=True)
        rows = database.execute("SELECT started_at - created_at FROM generations WHERE started_at IS NOT NULL "
                                "ORDER BY created_at, id").fetchall()
        database.close()
        return [row[0] for row in rows][1:]


class Peer:
    """A database of its own in a temporary folder, and a Node process that adds and handles jobs."""

    def __init__(self, title, script, start_database):
        self.title = title
        self.from_call, self.from_answer = [], []
        self.folder = tempfile.mkdtemp(prefix="ourvidz-bench-")
        self.database = self.node = None
        try:
            if UNPRIVILEGED:
                shutil.chown(self.folder, UNPRIVILEGED["user"], UNPRIVILEGED["group"])
            self.database, address = start_database(self.folder)
            self.node = subprocess.Popen(["node", peers.LISTS / script, address, peers.node_modules()],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            if self.node.stdout.readline().strip() != "ready":
                raise RuntimeError(f"{script} did not start")
            self.round(5)
            self.from_call.clear()
            self.from_answer.clear()
        except BaseException:
            self.stop()
            raise

    def round(self, count):
        self.node.stdin.write(f"{count}\n")
        self.node.stdin.flush()
        for from_call, from_answer in json.loads(self.node.stdout.readline()):
            self.from_call.append(from_call)
            self.from_answer.append(from_answer)

    def stop(self):
        if self.node:
            self.node.stdin.close()
            try:
                self.node.wait(10)
            except subprocess.TimeoutExpired:
                self.node.kill()
                self.node.wait()
        if self.database:
            self.database.terminate()
            self.database.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


def wait_for_file(path, process):
    deadline = time.monotonic() + START_MAX_S
    while not Path(path).exists():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args[0]} did not start")
        time.sleep(0.05)


def start_postgres(folder):
    """(process, address); what an earlier one has left in the folder is there again"""
    programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not programs:
        raise FileNotFoundError("PostgreSQL is not installed (Debian: postgresql)")
    data = f"{folder}/data"
    if not Path(data).exists():
        subprocess.run([f"{programs[-1]}/initdb", "-D", data, "-U", "bench", "-A", "trust", "-E", "UTF8"], check=True,
                       stdout=subprocess.DEVNULL, cwd=folder, **UNPRIVILEGED)
    process = subprocess.Popen([f"{programs[-1]}/postgres", "-D", data, "-k", folder, "-c", "listen_addresses="],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, **UNPRIVILEGED)
    wait_for_file(f"{folder}/.s.PGSQL.5432", process)
    deadline = time.monotonic() + START_MAX_S
    while subprocess.run([f"{programs[-1]}/pg_isready", "-q", "-h", folder], check=False).returncode != 0:
        if time.monotonic() > deadline:
            raise RuntimeError("PostgreSQL did not get ready")
        time.sleep(0.05)
    return process, f"postgresql://bench@localhost/postgres?host={folder}"


def start_redis(folder):
    """As start_postgres does."""
    place = f"{folder}/redis.sock"
    Path(place).unlink(missing_ok=True)
    process = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", place, "--unixsocketperm", "777",
                                "--appendonly", "yes", "--appendfsync", "always", "--save", "", "--dir", folder],
                               stdout=subprocess.DEVNULL, cwd=folder, **UNPRIVILEGED)
    wait_for_file(place, process)
    return process, place


def start_peers(chosen):
    started = []
    for title, script, database in (("graphile-worker on PostgreSQL", "graphile.mjs", start_postgres),
                                    ("BullMQ on Redis, appendfsync always", "bullmq.mjs", start_redis)):
        if chosen and script.split(".")[0] not in chosen:
            continue
        try:
            started.append(Peer(title, script, database))
        except (OSError, RuntimeError, ValueError, subprocess.CalledProcessError) as failure:
            print(f"start: without {title}, which could not be started: {failure}", file=sys.stderr)
    return started


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=6)
    options.add_argument("--jobs", type=int, default=40, help="in each round, for each side")
    options.add_argument("--peer", action="append", choices=["graphile", "bullmq"], help="only these (default: all)")
    chosen = options.parse_args()
    print(f"P10 start: {report.load()}")
    others = start_peers(chosen.peer)
    try:
        with studio.Studio("--image-workers", "1") as server:
            ours = Ours(server)
            for _ in range(chosen.rounds):
                for side in [ours, *others]:
                    side.round(chosen.jobs)
            stored = ours.stored()
    finally:
        for peer in others:
            peer.stop()
    for side in [ours, *others]:
        rows = [("submit sent → started", report.percentiles(side.from_call)),
                ("submit answered → started", report.percentiles(side.from_answer))]
        if side is ours:
            rows.append(("created → started, server's clock", report.percentiles(stored, digits=0)))
        report.table(f"{side.title}, {len(side.from_call)} jobs", rows)
    for peer in others:
        for percent in (50, 99):
            report.ratio(f"submit → started p{percent}: {peer.title} / ours",
                         report.percentile(peer.from_call, percent) / report.percentile(ours.from_call, percent))
    report.ratio("accepted → started p50 / 1 ms", report.percentile(ours.from_answer, 50),
                 f"p99 / 5 ms: {report.percentile(ours.from_answer, 99) / 5:.2f}")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

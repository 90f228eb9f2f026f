#!/usr/bin/env python3
"""P9: how many submits a second are durable (fsync) before they are answered, each with its row, job, hold and event.

Ours over HTTP by wrk, whose clients each wait for their answer: on SQLite with synchronous=FULL, and on PostgreSQL with its
defaults (fsync and synchronous_commit on); both commit what waits in groups. Beside them, in the same run and in turn, the
same five statements in one transaction each, without HTTP, by the same libraries: SQLite from one thread (it has one
writer, however many wait), PostgreSQL by pgbench with as many clients as ours. Afterwards what was accepted is counted in
the database. The load generator, the server and the databases share this machine's processors.
"""
import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import start
from bench_kit import report, studio

ROOT = studio.ROOT
QUEUE_MAX = "1000000"
TABLES = (ROOT / "migrations/0001_studio.sql").read_text(encoding="utf-8")
SETTINGS = '{"prompt":"a red fox","negative_prompt":"","width":512,"height":512,"steps":8,"guidance":1.0,"seed":1}'


def drive(port, clients, seconds):
    done = subprocess.run(["wrk", "-t1", f"-c{clients}", f"-d{seconds}", "-s", Path(__file__).with_name("submit.lua"),
                           f"http://127.0.0.1:{port}/api/v1/generations"], check=True, capture_output=True, text=True)
    return json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))


class Ours:
    def __init__(self, title, count_rows, *options):
        self.title, self.count_rows = title, count_rows
        self.rates, self.p50, self.p99, self.cpu = [], [], [], []
        self.accepted = 0
        self.server = studio.Studio("--start-node", "false", "--queue-max", QUEUE_MAX, "--queue-workspace-max", QUEUE_MAX,
                                     "--queue-kind-max", QUEUE_MAX, *options)
        self.server.wait_until_ready()

    def round(self, clients, seconds):
        cpu = report.cpu_s([self.server.pid])
        figures = drive(self.server.port, clients, seconds)
        if figures["refused"] or figures["broken"]:
            raise RuntimeError(f"{self.title}: {figures}")
        self.accepted += figures["accepted"]
        self.rates.append(figures["accepted"] / figures["seconds"])
        self.p50.append(figures["p50"])
        self.p99.append(figures["p99"])
        self.cpu.append((report.cpu_s([self.server.pid]) - cpu) * 1e6 / figures["accepted"])

    def print(self, goal):
        stored = self.count_rows(self.server)
        report.table(self.title, [
            ("submits a second", report.spread(self.rates, "/s", 0)), ("answer p50", report.spread(self.p50)),
            ("answer p99", report.spread(self.p99)), ("server's processor time each", report.spread(self.cpu, "µs", 0)),
            ("accepted and stored", f"{self.accepted} accepted, {stored} rows, holds and jobs")])
        if stored < self.accepted:
            raise SystemExit("submit: something was accepted and not stored")
        report.ratio(f"{self.title}: rate / {goal}", report.median(self.rates) / goal)
        report.ratio(f"{self.title}: p99 / 20 ms", report.median(self.p99) / 20)


class OneEach:
    """The peer: the same statements, one transaction each."""

    def __init__(self, title, run):
        self.title, self.run, self.rates = title, run, []

    def round(self, clients, seconds):
        self.rates.append(self.run(clients, seconds))


def sqlite_one_each(folder):
    database = sqlite3.connect(Path(folder) / "peer.sqlite", isolation_level=None)
    database.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
                           + TABLES + "INSERT INTO workspaces (id, name, created_at) VALUES ('w', 'w', 0);")
    made = [0]

    def run(_clients, seconds):
        end, before, begun = time.perf_counter() + seconds, made[0], time.perf_counter()
        while time.perf_counter() < end:
            made[0] += 1
            one = made[0]
            database.execute("BEGIN IMMEDIATE")
            database.execute("INSERT INTO generations (id, workspace_id, kind, medium, model, settings, batch, state, credits,"
                             " created_at) VALUES (?, 'w', 'sdxl_image_fast', 'image', 'nano', ?, 1, 'queued', 0, 0)",
                             (f"gen_{one:026}", SETTINGS))
            database.execute("INSERT INTO holds (id, workspace_id, generation_id, credits, state, placed_at)"
                             " VALUES (?, 'w', ?, 0, 'placed', 0)", (f"hld_{one:026}", f"gen_{one:026}"))
            number = database.execute("UPDATE workspaces SET last_event = last_event + 1 WHERE id = 'w'"
                                      " RETURNING last_event").fetchall()[0][0]
            database.execute("INSERT INTO events VALUES ('w', ?, 'generation', ?, 0)", (number, f"gen_{one:026}"))
            database.execute("INSERT INTO jobs (id, generation_id, workspace_id, kind, state, run_after, created_at)"
                             " VALUES (?, ?, 'w', 'sdxl_image_fast', 'queued', 0, 0)", (f"job_{one:026}", f"gen_{one:026}"))
            database.execute("COMMIT")
        return (made[0] - before) / (time.perf_counter() - begun)

    return run


PGBENCH = r"""
\set one random(1, 9000000000000000)
\set w WORKSPACE
BEGIN;
INSERT INTO generations (id, workspace_id, kind, medium, model, settings, batch, state, credits, created_at)
 VALUES ('gen_:one', 'w:w', 'sdxl_image_fast', 'image', 'nano', 'SETTINGS', 1, 'queued', 0, 0);
INSERT INTO holds (id, workspace_id, generation_id, credits, state, placed_at) VALUES ('hld_:one', 'w:w', 'gen_:one', 0, 'placed', 0);
INSERT INTO jobs (id, generation_id, workspace_id, kind, state, run_after, created_at)
 VALUES ('job_:one', 'gen_:one', 'w:w', 'sdxl_image_fast', 'queued', 0, 0);
UPDATE workspaces SET last_event = last_event + 1 WHERE id = 'w:w';
INSERT INTO events (workspace_id, number, name, subject_id, created_at) VALUES ('w:w', :one, 'generation', 'gen_:one', 0);
COMMIT;
"""


class Postgres:
    """A server of its own with its defaults: everything durable."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix="ourvidz-bench-")
        if start.UNPRIVILEGED:
            shutil.chown(self.folder, start.UNPRIVILEGED["user"], start.UNPRIVILEGED["group"])
        self.process, _ = start.start_postgres(self.folder)
        self.psql("postgres", "-v", "server_password=x", "-v", "tenant_password=x", "-f", ROOT / "deploy/postgres.sql")
        self.psql("postgres", "-c", "CREATE DATABASE peer TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
        # pgbench would take what follows a colon for a variable.
        text = PGBENCH.replace("SETTINGS", SETTINGS.replace(":", " "))
        for prefix in ("gen", "hld", "job"):
            text = text.replace(f"'{prefix}_:one'", f"'{prefix}_' || :one")
        for name, workspace in (("own", ":client_id"), ("one", "0")):
            (Path(self.folder) / f"{name}.sql").write_text(text.replace("'w:w'", "'w' || :w").replace("WORKSPACE", workspace),
                                                           encoding="utf-8")
        self.psql("peer", "-f", ROOT / "migrations/0001_studio.sql")
        self.psql("peer", "-c", "INSERT INTO workspaces (id, name, created_at) SELECT 'w' || n, 'w', 0 FROM generate_series(0, 999) n")

    def psql(self, database, *words):
        return subprocess.run(["psql", "-h", self.folder, "-U", "bench", "-d", database, "-qAt", "-v", "ON_ERROR_STOP=1", *words],
                              check=True, capture_output=True, text=True).stdout

    def url(self, login):
        return f"postgresql://{login}@localhost/ourvidz?host={self.folder}"

    def one_each(self, script):
        """With workspaces of their own ("own"), or all in one as ours are ("one"): each changes that workspace's row."""
        return lambda clients, seconds: self.pgbench(script, clients, seconds)

    def pgbench(self, script, clients, seconds):
        said = subprocess.run(["pgbench", "-h", self.folder, "-U", "bench", "-n", "-M", "prepared", "-c", str(clients), "-j", "1",
                               "-T", str(seconds), "-f", f"{self.folder}/{script}.sql", "peer"], check=True, capture_output=True,
                              text=True).stdout
        return float(next(line for line in said.splitlines() if line.startswith("tps")).split()[2])

    def stop(self):
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


COUNT = ("SELECT COUNT(*) FROM generations g JOIN jobs j ON j.subject_id = g.id JOIN holds h ON h.job_id = j.id"
         " WHERE h.state = 'placed'")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--seconds", type=int, default=5)
    options.add_argument("--clients", type=int, default=64)
    chosen = options.parse_args()
    print(f"P9 submit: {report.load()}", flush=True)
    os.environ["PATH"] += f":{sorted(Path('/usr/lib/postgresql').glob('*/bin'))[-1]}"
    folder = tempfile.mkdtemp(prefix="ourvidz-bench-")
    sides, postgres = [], None
    try:
        embedded = Ours("SQLite FULL, ours over HTTP", lambda server: sqlite3.connect(
            f"file:{server.folder}/studio.sqlite?mode=ro", uri=True).execute(COUNT).fetchone()[0])
        sides = [(embedded, 3000), (OneEach("SQLite FULL, one transaction each, no HTTP", sqlite_one_each(folder)), None)]
        try:
            postgres = Postgres()
        except (OSError, RuntimeError, subprocess.CalledProcessError) as failure:
            print(f"submit: without PostgreSQL, which could not be started: {failure}", file=sys.stderr)
        if postgres:
            shared = Ours("PostgreSQL, ours over HTTP", lambda _server: int(postgres.psql("ourvidz", "-c", COUNT)),
                          "--database-url", postgres.url("ourvidz_tenant"), "--database-server-url", postgres.url("ourvidz_server"))
            sides += [(shared, 5000), (OneEach("PostgreSQL, one transaction each, no HTTP (pgbench)", postgres.one_each("one")), None),
                      (OneEach("the same, each client in a workspace of its own", postgres.one_each("own")), None)]
        for _ in range(chosen.rounds):
            for side, _goal in sides:
                side.round(chosen.clients, chosen.seconds)
        for side, goal in sides:
            if goal:
                side.print(goal)
            else:
                report.table(side.title, [("transactions a second", report.spread(side.rates, "/s", 0))])
        for ours, other in zip(sides[0:4:2], sides[1:4:2]):
            report.ratio(f"{ours[0].title} / {other[0].title}", report.median(ours[0].rates) / report.median(other[0].rates))
    finally:
        for side, _goal in sides:
            if isinstance(side, Ours):
                side.server.stop()
        if postgres:
            postgres.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

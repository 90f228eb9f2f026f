#!/usr/bin/env python3
"""P1 with peers: what is left of jobs when their worker is killed or stands still, and when their database is killed.

Peers, each durable before it answers, with two worker processes of three places each:
- BullMQ on Redis with `appendfsync always`, its locks set to what our leases are in this run (its default is 30 s);
- graphile-worker on PostgreSQL (fsync and synchronous_commit on).
A job takes 60 ms and then has one effect, a line in a file, as a handler would write a row for what it made. Each job is
added under a key of its own, again until it is answered. In turn a worker is killed, a worker stands still for longer than
a lease, and the database is killed. Then everything runs on until nothing has happened for 15 seconds, and the lines are
counted: an accepted job without one has not been done (graphile-worker gives the jobs of a killed worker to others after
four hours), one with two has been done twice.
Ours: the chaos run with as many kills, whose accounts are stricter (docs/chaos.md), embedded. A peer that cannot be
installed or started is left out, and that is said.
"""
import argparse
import collections
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import start
from bench_kit import peers, report

LEASE_MS = 2_500
STANDS_STILL_S = LEASE_MS / 1000 + 1.5
QUIET_S = 15
STUCK_S = 20  # a blow is due at the latest after so long
CHAOS = Path(__file__).with_name("chaos.py")


class Database:
    """A database that can be killed, with everything that belongs to it, and comes back with what it had."""

    def __init__(self, begin, folder):
        self.begin, self.folder = begin, folder
        self.process, self.address = begin(folder)

    def kill(self):
        """Its children, which are processes of their own, end with it: none may write on beside the next one."""
        family = report.children(self.process.pid)
        for pid in family:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()
        self.process, self.address = self.begin(self.folder)

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Peer:
    def __init__(self, title, script, begin):
        self.title, self.script = title, script
        self.folder = tempfile.mkdtemp(prefix="ourvidz-bench-")
        self.effects = Path(self.folder) / "effects"
        self.accepted = Path(self.folder) / "accepted"
        for file in (self.effects, self.accepted):
            file.touch()
        self.database = None
        self.workers = []
        self.struck = collections.Counter()
        try:
            if start.UNPRIVILEGED:
                shutil.chown(self.folder, start.UNPRIVILEGED["user"], start.UNPRIVILEGED["group"])
            self.database = Database(begin, self.folder)
            self.run_script("prepare").wait()
        except BaseException:
            self.stop()
            raise

    def run_script(self, *words, **options):
        return subprocess.Popen(["node", peers.LISTS / self.script, self.database.address, peers.node_modules(),
                                 str(LEASE_MS), *words], stderr=subprocess.DEVNULL, **options)

    def worker(self):
        return self.run_script("work", self.effects)

    def lines(self, file):
        return file.read_text(encoding="utf-8").split()

    def strike(self, dice, turn):
        at = dice.randrange(len(self.workers))
        blow = ("worker killed", "worker stopped", "database killed")[turn % 3]
        if blow == "worker killed":
            self.workers[at].kill()
            self.workers[at].wait()
            self.workers[at] = self.worker()
        elif blow == "worker stopped":
            self.workers[at].send_signal(signal.SIGSTOP)
            time.sleep(STANDS_STILL_S)
            self.workers[at].send_signal(signal.SIGCONT)
        else:
            self.database.kill()
        self.struck[blow] += 1

    def revive(self):
        """A worker that has ended by itself is started again, as a service manager would."""
        for at, worker in enumerate(self.workers):
            if worker.poll() is not None:
                self.workers[at] = self.worker()

    def run(self, jobs, kills, seed):
        dice = random.Random(seed)
        self.workers = [self.worker() for _ in range(2)]
        with open(self.accepted, "ab") as accepted:
            adding = self.run_script("add", str(jobs), stdout=accepted)
        strokes, done, moved_at = 0, 0, time.monotonic()
        while strokes < kills or adding.poll() is None or time.monotonic() - moved_at < QUIET_S:
            self.revive()
            now = len(self.lines(self.effects))
            if now > done:
                done, moved_at = now, time.monotonic()
            due = done >= jobs * 0.95 * (strokes + 0.5) / kills or time.monotonic() - moved_at > STUCK_S
            if strokes < kills and due:
                self.strike(dice, strokes)
                strokes, moved_at = strokes + 1, time.monotonic()
            time.sleep(0.05)

    def account(self):
        accepted = set(self.lines(self.accepted))
        times = collections.Counter(self.lines(self.effects))
        lost = sum(1 for job in accepted if not times[job])
        twice = sum(1 for job in times if times[job] > 1)
        report.table(self.title, [
            ("accepted", str(len(accepted))), ("blows", ", ".join(f"{count} {blow}" for blow, count in self.struck.items())),
            ("not done", str(lost)), ("done more than once", str(twice))])

    def stop(self):
        for worker in self.workers:
            worker.kill()
            worker.wait()
        if self.database:
            self.database.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--jobs", type=int, default=3_000, help="of each peer")
    options.add_argument("--kills", type=int, default=30, help="of each side")
    options.add_argument("--our-jobs", type=int, default=1_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    print(f"P1 loss: {report.load()}", flush=True)
    for title, script, begin in (("BullMQ on Redis, appendfsync always", "loss_bullmq.mjs", start.start_redis),
                                 ("graphile-worker on PostgreSQL", "loss_graphile.mjs", start.start_postgres)):
        try:
            peer = Peer(title, script, begin)
        except (OSError, RuntimeError, subprocess.CalledProcessError) as failure:
            print(f"loss: without {title}, which could not be started: {failure}", file=sys.stderr)
            continue
        try:
            peer.run(chosen.jobs, chosen.kills, chosen.seed)
            peer.account()
        finally:
            peer.stop()
    print("\nours", flush=True)
    ours = subprocess.run([sys.executable, CHAOS, "--jobs", str(chosen.our_jobs), "--kills", str(chosen.kills), "--seed",
                           str(chosen.seed)], check=False)
    print(f"end: {report.load()}")
    sys.exit(ours.returncode)


if __name__ == "__main__":
    main()

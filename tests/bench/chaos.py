#!/usr/bin/env python3
"""Chaos: parts of a running studio are killed, stopped, cut off and starved of disk, while people use it; then every
job, credit, file and event is accounted for.

    ./dev bench chaos [--jobs 300] [--kills 30] [--seed N] [--distributed]
    ./dev bench chaos --control no-fence|no-outbox|no-fsync      a build with that removed: must be caught

Embedded: one server, SQLite and files on a small disk of its own, two nodes. Distributed: two servers, PostgreSQL with
fsync on that disk, Redis and S3, two nodes. One node runs the real engines; the other, with a double that draws in
milliseconds (tests/chaos/quick_worker.cpp) and otherwise the real workers, does most of the jobs. Everybody talks to
the servers through a relay that resets connections. With root, the disk's power is cut and the disk is full now
and then: see tests/chaos/parts.py.

Exits with 0 when nothing is lost, doubled or adrift, and with 1 otherwise; --control turns that round."""
import argparse
import glob
import os
import pathlib
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from bench_kit.studio import link_quick_workers

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/chaos"))
import faults  # noqa: E402  (found by the line above)
import parts  # noqa: E402
import people  # noqa: E402
import reconcile  # noqa: E402

LEASE_MS = 2_500
PAUSE_S = LEASE_MS / 1000 + 1.5
STUCK_S = 20  # a fault is due at the latest after so long
QUIET_S_MAX = 300
SUBMITTERS = 8
CONTROLS = ("no-fence", "no-outbox", "no-fsync")


class Studio:
    """All parts, as the two ways of running OurVidz have them."""

    def __init__(self, folder, build, distributed, seed):
        self.folder, self.build, self.distributed = folder, build, distributed
        self.log = open(folder / "log", "ab")
        self.program = build / "bin/ourvidz"
        self.token = "chaos-" + "t" * 32
        self.disk = parts.Disk(folder)
        self.postgres = self.redis = self.bucket = None
        self.environment = {
            **os.environ, "OURVIDZ_LEASE_MS": str(LEASE_MS), "OURVIDZ_ATTEMPTS_MAX": "20", "OURVIDZ_START_NODE": "false",
            "OURVIDZ_QUEUE_MAX": "100000", "OURVIDZ_QUEUE_WORKSPACE_MAX": "100000",
            "OURVIDZ_QUEUE_KIND_MAX": "100000", "OURVIDZ_TOKEN": self.token, "OURVIDZ_LOG_LEVEL": "warn"}
        ports = [parts.free_port() for _ in range(2 if distributed else 1)]
        behind = list(ports)
        if distributed:
            self.postgres = parts.Postgres(self.disk, self.log)
            self.redis = parts.Redis(folder, self.log)
            self.bucket = parts.Bucket(folder, self.log)
            behind += [self.postgres.port, self.redis.port, self.bucket.port]
        self.relay = parts.Relay(seed, behind, self.log)
        self.ports = self.relay.ports[:len(ports)]
        if distributed:
            self.share(*self.relay.ports[len(ports):])
        self.data = [self.disk.place / "data"] if not distributed else [folder / f"server-{i}" for i in range(2)]
        self.servers = [parts.Part(f"server {i}", [self.program, "serve"], {
            **self.environment, "OURVIDZ_DATA_DIR": str(self.data[i]), "OURVIDZ_LISTEN": f"127.0.0.1:{port}"}, self.log)
            for i, port in enumerate(ports)]
        self.nodes = []

    def share(self, postgres, redis, bucket):
        self.environment |= {
            "OURVIDZ_DATABASE_URL": f"postgresql://ourvidz_tenant@127.0.0.1:{postgres}/ourvidz",
            "OURVIDZ_DATABASE_SERVER_URL": f"postgresql://ourvidz_server@127.0.0.1:{postgres}/ourvidz",
            "OURVIDZ_REDIS_URL": f"redis://127.0.0.1:{redis}/0",
            "OURVIDZ_S3_URL": f"http://127.0.0.1:{bucket}/ourvidz/files",
            "OURVIDZ_S3_ACCESS_KEY": "ourvidz", "OURVIDZ_S3_SECRET_KEY": self.bucket.secret}

    def start_nodes(self):
        quick = self.folder / "quick-workers"
        quick.mkdir()
        link_quick_workers(quick, self.build / "bin")
        for i, (name, more, nice) in enumerate((
                ("real", {"IMAGE_WORKERS": "1", "IMAGE_THREADS": "1", "CHAT_WORKERS": "1", "CHAT_THREADS": "1"}, 5),
                ("quick", {"IMAGE_WORKERS": "3", "CHAT_WORKERS": "1", "WORKER_FOLDER": str(quick)}, 0))):
            own = {f"OURVIDZ_{key}": value for key, value in more.items()}
            # A node knows nothing of the database and the bucket.
            known = {key: value for key, value in self.environment.items()
                     if not key.startswith(("OURVIDZ_DATABASE", "OURVIDZ_REDIS", "OURVIDZ_S3"))}
            known["OURVIDZ_UPSCALER"] = "none"  # its pictures are stretched; the server enlarges those of runs
            self.nodes.append(parts.Part(f"{name} node", [self.program, "node"], {
                **known, **own, "OURVIDZ_SERVER_URL": f"http://127.0.0.1:{self.ports[i % len(self.ports)]}",
                "OURVIDZ_DATA_DIR": str(self.folder / f"node-{name}")}, self.log, nice))

    def all_parts(self):
        return [part for part in (*self.nodes, *self.servers, self.relay, self.redis, self.bucket) if part is not None]

    def cut_power(self):
        if self.postgres is not None:
            self.postgres.kill()
        else:
            self.servers[0].hold_back()
        self.disk.cut_power()
        if self.postgres is not None:
            self.postgres.start()
        else:
            self.servers[0].release()

    def stop(self):
        for part in self.all_parts():
            part.stop()

    def audit(self):
        """`ourvidz admin audit`: its exit status, and what it says."""
        if self.postgres is not None:
            self.share(self.postgres.port, self.redis.port, self.bucket.port)  # past the relay, which has ended
        done = subprocess.run([self.program, "admin", "audit"], env={
            **self.environment, "OURVIDZ_DATA_DIR": str(self.data[0])}, capture_output=True, text=True, check=False)
        return done.returncode, (done.stdout + done.stderr).strip()

    def rows(self, sql):
        if self.postgres is not None:
            return self.postgres.rows(sql)
        database = sqlite3.connect(f"file:{self.data[0]}/studio.sqlite?mode=ro", uri=True)
        try:
            return database.execute(sql).fetchall()
        finally:
            database.close()

    def path_of(self, key):
        if self.bucket is not None:
            return self.bucket.data / "ourvidz/files" / key
        return self.data[0] / "files/objects" / key[:2] / key

    def remove(self):
        if self.postgres is not None:
            self.postgres.stop()
        self.disk.remove()


class Fallen(Exception):
    """Something does not come back, however long one waits."""


class Run:
    def __init__(self, options, studio):
        self.options, self.studio = options, studio
        self.dice = random.Random(options.seed)
        self.ended = threading.Event()
        self.book = people.Book()
        self.keeper = people.Keeper(self.api(), self.book, self.die())
        self.followers = [people.Follower(studio.ports, self.book, self.die(), self.ended, keeper)
                          for keeper in (self.keeper, None)]
        indices = iter(range(options.jobs))
        lock = threading.Lock()

        def numbers():
            while not self.time_is_up():
                with lock:
                    index = next(indices, None)
                if index is None:
                    return
                yield index
        self.submitters = [people.Submitter(self.api(), self.book, numbers(), options.seed) for _ in range(SUBMITTERS)]
        count = 0 if options.kills == 0 else max(2, options.kills // 8)
        self.chooser = people.Chooser(self.api(), self.book, self.die())
        self.revenants = [people.Revenant(self.api(), studio.token, f"revenant-{i}", PAUSE_S) for i in range(count)]
        self.killer = faults.Killer(self.die(), studio, self.book, PAUSE_S)
        self.kills = 0
        self.ends_at = None if options.minutes is None else time.monotonic() + 60 * options.minutes

    def time_is_up(self):
        return self.ends_at is not None and time.monotonic() > self.ends_at

    def die(self):
        return random.Random(self.dice.random())

    def api(self):
        return people.Api(self.studio.ports, self.die(), self.ended)

    def end_if_one_has_fallen(self):
        fallen = [part.fault for part in self.studio.all_parts() if part.fault]
        fallen += [one.failure for one in (*self.submitters, self.chooser) if one.failure]
        if fallen:
            raise Fallen("; ".join(fallen))

    def kill_along(self):
        """The faults, spread over the work: the n-th is due when n of `kills` parts of it are over."""
        options = self.options
        rising = sorted(self.dice.sample(range(options.kills), len(self.revenants))) if options.kills else []
        moved_at, told = time.monotonic(), 0
        while not self.time_is_up() and (self.kills < options.kills or len(self.book.over) < options.jobs * 0.98):
            self.end_if_one_has_fallen()
            over = len(self.book.over)
            due = over >= options.jobs * 0.95 * (self.kills + 0.5) / max(1, options.kills)
            still_s = time.monotonic() - moved_at
            if self.kills < options.kills and (due or still_s > STUCK_S):
                self.kills += self.killer.strike()
                moved_at = time.monotonic()
                while rising and rising[0] < self.kills:
                    rising.pop(0)
                    self.revenants[len(rising)].start()
            elif self.kills >= options.kills and still_s > STUCK_S and self.nothing_is_active():
                return  # what is missing then is for the report
            if len(self.book.over) > over:
                moved_at = time.monotonic()
            if over >= told + max(50, options.jobs // 20):
                told = over
                print(f"  {told} of {options.jobs} over, {self.kills} of {options.kills} kills", flush=True)
            time.sleep(0.02)

    def nothing_is_active(self):
        if any(one.is_alive() for one in self.submitters):
            return False
        _, page = self.api().json("GET", "/api/v1/generations?active=true&limit=1")
        return not page.get("items")

    def wait_until_over(self):
        """True when everything is over and everybody has heard of it."""
        end = time.monotonic() + QUIET_S_MAX
        while time.monotonic() < end:
            self.end_if_one_has_fallen()
            if self.nothing_is_active():
                break
            time.sleep(0.3)
        else:
            return False
        self.keeper.done.set()
        self.keeper.join()
        newest = int(self.studio.rows("SELECT COALESCE(MAX(number), 0) FROM events")[0][0])
        while time.monotonic() < end and any(one.after < newest for one in self.followers):
            time.sleep(0.1)
        return True

    def run(self):
        """True when all was over in time."""
        over = False
        try:
            over = self.use_and_break()
        except (Fallen, TimeoutError) as failure:
            print(f"given up: {failure}", flush=True)
        self.ended.set()
        self.studio.stop()
        return over

    def use_and_break(self):
        self.api().persist("GET", "/api/v1/ready")
        for one in (*self.followers, self.keeper):
            one.start()
        for one in self.followers:
            one.ready.wait(60)
        self.studio.start_nodes()
        for one in (*self.submitters, self.chooser):
            one.start()
        self.kill_along()
        for one in (*self.submitters, *(one for one in self.revenants if one.is_alive())):
            one.join()
        self.killer.settle()
        return self.wait_until_over()


def report(run, studio, over, seconds):
    """Prints the table; answers how many things are wrong."""
    status, words = studio.audit()
    try:
        table = reconcile.reconcile(studio, run.book, run.followers, status)
        facts = reconcile.notes(studio, run.followers)
    except (sqlite3.DatabaseError, subprocess.CalledProcessError) as failure:
        table, facts = {f"the database cannot be read: {failure}": 1}, {}
    table["late results taken"] = sum(one.outcome.startswith("ACCEPTED") for one in run.revenants)
    table["never over in time"] = int(not over)
    print(f"struck: {run.killer.counts}")
    for name, value in facts.items():
        print(f"{name}: {value}")
    outcomes = [one.outcome for one in run.revenants if one.ident is not None]
    print(f"revenants: {', '.join(f'{outcomes.count(one)} {one}' for one in sorted(set(outcomes)))}")
    print(f"kept: {len(run.book.kept)}; canceled on request: {len(run.book.canceled)}; {words}")
    for name, count in table.items():
        print(f"  {count:6d}  {name}")
    bad = sum(table.values())
    print(f"{len(run.book.accepted)} jobs, {run.kills} kills, seed {run.options.seed}, {seconds:.0f} s:",
          "nothing lost, nothing twice, nothing adrift" if bad == 0 else f"FAULTS: {bad}", flush=True)
    return bad


def read_options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", help="folder of the build; otherwise release, or that of --control")
    parser.add_argument("--jobs", type=int, default=300)
    parser.add_argument("--kills", type=int, default=30)
    parser.add_argument("--minutes", type=float, help="submit and break for so long at most, and account for what there is")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1_000_000))
    parser.add_argument("--distributed", action="store_true", help="two servers on PostgreSQL, Redis and S3")
    parser.add_argument("--control", choices=CONTROLS, help="a build without this, which the run must catch")
    parser.add_argument("--keep", action="store_true", help="keep the folder with logs and data")
    options = parser.parse_args()
    if options.build is None:
        options.build = f"build/control/{options.control}/build/release" if options.control else "build/release"
    return options


def main():
    options = read_options()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("told to stop"))
    build = pathlib.Path(options.build).resolve()
    if not (build / "chaos/quick_worker").exists():
        subprocess.run(["cmake", "--build", build, "--target", "quick_worker"], check=True, stdout=subprocess.DEVNULL)
    if options.distributed and not (shutil.which("redis-server") and glob.glob(str(parts.POSTGRES / "initdb"))
                                    and os.environ.get("OURVIDZ_VERSITYGW")):
        sys.exit("--distributed needs PostgreSQL, Redis and an S3 server: ./dev bench chaos has them")
    folder = pathlib.Path(tempfile.mkdtemp(prefix="ourvidz-chaos-"))
    folder.chmod(0o755)  # PostgreSQL is another user
    print(f"chaos: {'distributed' if options.distributed else 'embedded'}, {options.jobs} jobs, {options.kills} kills,"
          f" seed {options.seed}, {build.name}, in {folder}", flush=True)
    studio = Studio(folder, build, options.distributed, options.seed)
    if options.control == "no-fsync" and not studio.disk.real:
        sys.exit("only a power cut tells whether there is an fsync, and that needs root")
    bad = 1
    try:
        run = Run(options, studio)
        began = time.monotonic()
        over = run.run()
        bad = report(run, studio, over, time.monotonic() - began)
    finally:
        studio.stop()
        if not options.keep:
            studio.remove()
    caught = bad != 0
    if not options.keep and caught == bool(options.control):
        shutil.rmtree(folder, ignore_errors=True)
    if options.control:
        print(f"control {options.control}: {'caught' if caught else 'NOT CAUGHT'}")
        return 0 if caught else 1
    return 1 if caught else 0


if __name__ == "__main__":
    sys.exit(main())

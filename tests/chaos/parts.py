"""What a studio under chaos is made of: processes that come back, a disk whose power can be cut, PostgreSQL, Redis, S3."""
import os
import pathlib
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
POSTGRES = pathlib.Path("/usr/lib/postgresql/15/bin")
READY_S_MAX = 60
DISK_MB = 6_000


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def run(*command, **options):
    return subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, **options)


class Part:
    """One process, started again whenever it ends, until stop(). While it is held back it stays away."""

    def __init__(self, name, command, environment, log, nice=0):
        self.name, self.command, self.environment, self.log, self.nice = name, command, environment, log, nice
        self.wanted = True
        self.fault = None
        self.may_run = threading.Event()
        self.may_run.set()
        self.lock = threading.Lock()
        self.running = None
        self.start()
        threading.Thread(target=self.watch, daemon=True).start()

    def start(self):
        with self.lock:
            if self.wanted:
                self.running = subprocess.Popen(["nice", "-n", str(self.nice), *map(str, self.command)],
                                                env=self.environment, stdout=self.log, stderr=self.log)

    def watch(self):
        unlucky = 0  # ends by itself in a row, each soon after its start
        while self.wanted:
            began = time.monotonic()
            code = self.running.wait()
            # A part may give up while what it needs is away, but not for ever.
            unlucky = unlucky + 1 if code > 0 and time.monotonic() - began < 10 else 0
            if unlucky > 40:
                self.fault = f"{self.name} ends by itself again and again with {code}: see {self.log.name}"
                return
            if unlucky:
                time.sleep(0.5)
            self.may_run.wait()
            if self.wanted:
                self.start()

    def signal(self, number):
        try:
            self.running.send_signal(number)
            return self.running.poll() is None or number == signal.SIGKILL
        except ProcessLookupError:
            return False

    def hold_back(self):
        """Kills it and keeps it away until release()."""
        self.may_run.clear()
        self.signal(signal.SIGKILL)
        self.running.wait()

    def release(self):
        self.may_run.set()

    def stop(self):
        with self.lock:
            self.wanted = False
        self.may_run.set()
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        try:
            self.running.wait(15)
        except subprocess.TimeoutExpired:
            self.signal(signal.SIGKILL)
            self.running.wait()


class Disk:
    """A small file system of its own in an image file, so that it can be full, and can lose its power.

    A power cut: every process on it is killed, and the image is copied as it is at that moment, without what the kernel
    still has in memory for it. What was fsynced is in the copy; what was only written is lost or not, as on a real
    machine. The copy is then mounted in its place, and its journal is replayed. Needs root; without it `real` is False
    and the folder is an ordinary one."""

    def __init__(self, folder):
        self.image, self.place = folder / "disk.img", folder / "disk"
        self.place.mkdir()
        self.real = os.geteuid() == 0 and self.make()

    def make(self):
        try:
            with open(self.image, "wb") as file:
                file.truncate(DISK_MB << 20)
            run("mkfs.ext4", "-q", "-F", "-m", "0", self.image)
            self.mount()
            os.chmod(self.place, 0o755)
            return True
        except (OSError, subprocess.CalledProcessError) as failure:
            print(f"no disk of its own ({failure}): no power cuts, and the disk never gets full", flush=True)
            return False

    def mount(self):
        # The journal's own clock would save what nobody has fsynced.
        run("mount", "-o", "loop,commit=600", self.image, self.place)

    def unmount(self):
        end = time.monotonic() + 30
        while True:
            try:
                run("umount", self.place)
                return
            except subprocess.CalledProcessError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.1)

    def cut_power(self):
        """Call when all processes on it are dead."""
        after = self.image.with_suffix(".after")
        run("cp", "--sparse=always", self.image, after)
        self.unmount()
        os.replace(after, self.image)
        self.mount()
        self.empty()  # that the last fault had made room again may not have reached the disk

    def fill(self):
        ballast = os.open(self.place / "ballast", os.O_WRONLY | os.O_CREAT, 0o600)
        try:
            free = os.statvfs(self.place)
            os.posix_fallocate(ballast, 0, max(1, free.f_bavail * free.f_frsize - (64 << 10)))
        except OSError:
            pass  # so it is full already
        finally:
            os.close(ballast)

    def empty(self):
        (self.place / "ballast").unlink(missing_ok=True)

    def remove(self):
        if self.real:
            self.unmount()
            self.image.unlink()


class Postgres:
    """With fsync, on the disk above, killed the hard way."""

    def __init__(self, disk, log):
        self.data, self.port, self.log = disk.place / "postgres", free_port(), log
        self.data.mkdir()
        self.prefix = []
        if os.geteuid() == 0:
            shutil.chown(self.data, "nobody", "nogroup")
            self.prefix = ["runuser", "-u", "nobody", "--"]
        self.call("initdb", "-D", self.data, "-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8")
        self.start()
        with open(ROOT / "deploy/postgres.sql", encoding="utf-8") as sql:
            self.call("psql", "-h", "127.0.0.1", "-p", self.port, "-U", "postgres", "-v", "ON_ERROR_STOP=1",
                      "-v", "server_password=server", "-v", "tenant_password=tenant", "-f", "-", stdin=sql)

    def call(self, program, *arguments, **options):
        subprocess.run([str(word) for word in (*self.prefix, POSTGRES / program, *arguments)], check=True, cwd="/",
                       stdout=self.log, stderr=self.log, **options)

    def start(self):
        # Whoever is named there is dead, however its number is used now.
        for left in (self.data / "postmaster.pid", *self.data.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        options = (f"-c listen_addresses=127.0.0.1 -c port={self.port} -c unix_socket_directories={self.data} -c fsync=on"
                   " -c synchronous_commit=on -c max_connections=100 -c shared_buffers=64MB -c logging_collector=off")
        self.call("pg_ctl", "-D", self.data, "-w", "-t", READY_S_MAX, "-o", options, "-l", self.data / "server.log", "start")

    def family(self):
        """The postmaster and its children."""
        pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        return [pid, *(child for child, _ in children_of(pid))]

    def kill(self):
        """Every process of it, the postmaster first; returns when all are gone."""
        family = self.family()
        for one in family:
            try:
                os.kill(one, signal.SIGKILL)
            except ProcessLookupError:
                pass
        end = time.monotonic() + 30
        while any(os.path.exists(f"/proc/{one}") and state_of(one) != "Z" for one in family) and time.monotonic() < end:
            time.sleep(0.02)

    def start_if_it_has_ended(self):
        """A full disk may have been the end of it."""
        try:
            pid = int((self.data / "postmaster.pid").read_text(encoding="utf-8").split()[0])
        except (OSError, ValueError, IndexError):
            pid = 0
        if pid == 0 or state_of(pid) == "Z":
            self.start()

    def stop(self):
        self.call("pg_ctl", "-D", self.data, "-m", "fast", "stop")

    def rows(self, sql):
        done = run(POSTGRES / "psql", f"postgresql://ourvidz_server@127.0.0.1:{self.port}/ourvidz", "-v", "ON_ERROR_STOP=1",
                   "-At", "-F", "\t", "-c", sql)
        return [tuple(line.split("\t")) for line in done.stdout.splitlines()]


class Redis(Part):
    def __init__(self, folder, log):
        self.port = free_port()
        super().__init__("redis", ["redis-server", "--port", self.port, "--bind", "127.0.0.1", "--save", "", "--appendonly",
                                   "no", "--dir", folder], dict(os.environ), log)

    def flush(self):
        subprocess.run(["redis-cli", "-p", str(self.port), "FLUSHALL"], capture_output=True, check=False, timeout=10)


class Bucket(Part):
    """An S3 server that keeps its objects as files, in a folder that stays."""

    def __init__(self, folder, log):
        self.data, self.port, self.secret = folder / "s3", free_port(), secrets.token_hex(16)
        (self.data / "ourvidz").mkdir(parents=True)
        super().__init__("s3", [os.environ["OURVIDZ_VERSITYGW"], "--access", "ourvidz", "--secret", self.secret, "--port",
                                f"127.0.0.1:{self.port}", "posix", self.data], dict(os.environ), log)


class Relay(Part):
    """In front of a port: what comes through it can be reset."""

    def __init__(self, seed, targets, log):
        self.ports = [free_port() for _ in targets]
        pairs = [f"{port}:{target}" for port, target in zip(self.ports, targets, strict=True)]
        super().__init__("relay", [sys.executable, ROOT / "tests/chaos/relay.py", seed, *pairs], dict(os.environ), log)

    def reset(self):
        return self.signal(signal.SIGUSR1)


def state_of(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rsplit(")", 1)[1].split()[0]
    except OSError:
        return "Z"


def children_of(pid):
    found = []
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat", encoding="utf-8") as stat:
                    text = stat.read()
            except OSError:
                continue
            if int(text.rsplit(")", 1)[1].split()[1]) == pid:
                found.append((int(entry), text.split("(", 1)[1].rsplit(")", 1)[0]))
    return found

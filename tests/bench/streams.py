#!/usr/bin/env python3
"""P3 and P7: event streams.

P7, many: streams that nothing happens on. How much memory each takes in the server, how soon all have an event when there
is one, and what is left when they have gone. Then some through nginx with deploy/nginx.conf: what TLS 1.3 costs there.
P3, cut: streams that live for 200 ms each and come back with the last number that they have seen, while things happen and
the server is killed and started again; and the same with two servers on one PostgreSQL and one Redis, of which one is
killed. Each stream must have seen exactly the numbers that the database has, each once and in order.
Beside the many: as many connections that nginx keeps alive after an answer, which is the least that we know of; nginx
frees its buffers then, while a stream must be ready to be written to. Beside the cut there is no peer: the studios that we
know of have no numbered streams to come back to.
"""
import argparse
import os
import pathlib
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

from bench_kit import herd, report, studio

TESTS = pathlib.Path(__file__).resolve().parents[1]
sys.path += [str(TESTS / "api"), str(TESTS / "services")]
from proxy_test import HOST, Proxy  # noqa: E402  (found by the line above)
from studio import Studio as SmallStudio, new_database, query  # noqa: E402

BODY = {"kind": "sdxl_image_fast", "prompt": "a red fox"}
LIFE_S = 0.2
NGINX = pathlib.Path("/usr/sbin/nginx")
ASK_NGINX = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def allow_files(count):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count + 200:
        raise SystemExit(f"streams: this machine allows {hard} open files; {count} streams need {count + 200}")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, count + 200), hard))


def resident(pid):
    return report.memory_mib(pid)[0] * 1024


def many(count, idle_s):
    allow_files(count)
    with studio.Studio("--start-node", "false") as server:
        before = resident(server.pid)
        crowd = herd.Herd([server.port], count)
        start = time.perf_counter()
        crowd.run(lambda: all(reader.hellos for reader in crowd.readers))
        connected_s = time.perf_counter() - start
        end = time.monotonic() + idle_s
        cpu = report.cpu_s([server.pid])
        crowd.run(lambda: time.monotonic() > end)
        cpu = (report.cpu_s([server.pid]) - cpu) / idle_s
        held = resident(server.pid)
        still = sum(reader.hellos == 1 and reader.connection is not None for reader in crowd.readers)
        sent = time.perf_counter()
        server.submit(**BODY)
        crowd.run(lambda: all(reader.seen for reader in crowd.readers))
        told_s = time.perf_counter() - sent
        crowd.close()
        time.sleep(3)
        left = resident(server.pid)
    report.table(f"{count} idle streams, held for {idle_s} s", [
        ("all connected after", f"{connected_s:.1f} s"), ("never cut", f"{still} of {count}"),
        ("server: resident before", f"{before / 1024:.1f} MiB"), ("server: resident with them", f"{held / 1024:.1f} MiB"),
        ("each stream", f"{(held - before) / count:.2f} KiB"), ("processor while idle", f"{cpu * 100:.1f} % of one"),
        ("one event: all have it after", f"{told_s:.2f} s"), ("server: resident after they left", f"{left / 1024:.1f} MiB")])
    report.ratio("KiB of a plain stream / 2 KiB", (held - before) / count / 2)
    if (nginx := kept_by_nginx(count)) is not None:
        report.ratio("KiB of a plain stream / of a connection that nginx keeps alive", (held - before) / count / nginx,
                     f"nginx {nginx:.2f} KiB")
    report.ratio(f"{count} streams / 150 MB", held * 1024 / 150e6)


def kept_by_nginx(count):
    """KiB that nginx takes for each of `count` idle connections, without its table of them; None without nginx."""
    if not NGINX.exists():
        print("streams: without nginx beside: it is not installed", file=sys.stderr)
        return None
    port = studio.free_port()
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as name:
        folder = pathlib.Path(name)
        (folder / "nginx.conf").write_text(f"""
daemon off; pid {folder}/pid; error_log {folder}/error.log; worker_processes 1; worker_rlimit_nofile {count + 200};
{"user root;" if os.geteuid() == 0 else ""} events {{ worker_connections {count + 100}; }}
http {{ access_log off; keepalive_timeout 1h; server {{ listen 127.0.0.1:{port} backlog=4096; return 200; }} }}""")
        process = subprocess.Popen([NGINX, "-p", name, "-e", folder / "error.log", "-c", folder / "nginx.conf"])
        connections = []
        try:
            studio.wait_for_answer(port, ASK_NGINX, time.perf_counter(), process)
            pids = report.children(process.pid)
            before = sum(map(resident, pids))
            for _ in range(count):
                connection = socket.create_connection(("127.0.0.1", port))
                connection.sendall(ASK_NGINX)
                connection.recv(1 << 14)
                connections.append(connection)
            return (sum(map(resident, pids)) - before) / count
        finally:
            for connection in connections:
                connection.close()
            process.terminate()
            process.wait()


def through_tls(count):
    if not NGINX.exists():
        print("streams: without TLS: nginx is not installed", file=sys.stderr)
        return
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as folder, \
            studio.Studio("--start-node", "false", "--public-hosts", HOST) as server:
        os.chmod(folder, 0o755)
        proxy = Proxy(pathlib.Path(folder), server.port)
        try:
            pids = report.children(proxy.process.pid)
            before, ours = sum(map(resident, pids)), resident(server.pid)
            streams = []
            for _ in range(count):
                stream = proxy.connect()
                stream.sendall(proxy.head("GET", "/api/v1/events"))
                streams.append(stream)
            for stream in streams:
                text = b""
                while b"event: hello" not in text:
                    text += stream.recv(1 << 14)
            time.sleep(1)
            report.table(f"{count} streams through nginx, TLS 1.3", [
                ("nginx, each stream", f"{(sum(map(resident, pids)) - before) / count:.2f} KiB"),
                ("server behind it, each stream", f"{(resident(server.pid) - ours) / count:.2f} KiB")])
            report.ratio("KiB of a TLS stream, nginx and server / 14 KiB",
                         (sum(map(resident, pids)) - before + resident(server.pid) - ours) / count / 14)
            for stream in streams:
                stream.close()
        finally:
            proxy.stop()


class Happenings(threading.Thread):
    """Submits and cancels, each an event, at whatever server answers, until it is told to stop."""

    SIDE_BY_SIDE, PAUSE_S = 6, 0.05

    def __init__(self, servers):
        super().__init__(daemon=True)
        self.servers = servers
        self.over = threading.Event()
        self.failed = 0

    @classmethod
    def start_some(cls, servers):
        some = [cls(servers) for _ in range(cls.SIDE_BY_SIDE)]
        for one in some:
            one.start()
        return some

    @staticmethod
    def end(some):
        """Waits for all; how many calls found no server."""
        for one in some:
            one.over.set()
        for one in some:
            one.join()
        return sum(one.failed for one in some)

    def run(self):
        turn = 0
        while not self.over.wait(self.PAUSE_S):
            turn += 1
            server = self.servers[turn % len(self.servers)]
            try:
                made = server.submit(prompt="a red fox").json["id"]
                server.call("POST", f"/api/v1/generations/{made}/cancel")
            except (OSError, ValueError, KeyError):
                self.failed += 1


def audit(crowd, numbers, start, what, length, failed):
    """Every stream against the database."""
    wanted = [number for number in numbers if number > start]
    wrong = [reader for reader in crowd.readers if reader.seen != wanted]
    cuts = sum(reader.cuts for reader in crowd.readers)
    report.table(what, [("events", f"{len(wanted)}"), ("streams cut", f"{cuts} times in {length}"),
                        ("calls that found no server", f"{failed}"),
                        ("told to start over", f"{sum(reader.resets for reader in crowd.readers)}"),
                        ("streams that saw each event once and in order", f"{len(crowd.readers) - len(wrong)} of "
                                                                          f"{len(crowd.readers)}")])
    if wrong:
        one = wrong[0].seen
        print(f"  the first wrong one: {len(one)} events, missing {sorted(set(wanted) - set(one))[:5]}, "
              f"more than once {sorted({n for n in one if one.count(n) > 1})[:5]}", file=sys.stderr)
        raise SystemExit("streams: an event was lost, repeated or out of order")


def drain(crowd, newest, longest_s=120):
    end = time.monotonic() + longest_s
    crowd.run(lambda: all(reader.after == newest for reader in crowd.readers) or time.monotonic() > end)


def cut_and_restart(count, seconds):
    program = str(studio.programs() / "ourvidz")
    port = studio.free_port()
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as folder:
        os.environ.update({name: value for name, value in studio.environment().items() if name.startswith("OURVIDZ_")})
        server = SmallStudio(program, data=folder, node=False)
        start_on(server, port)
        newest = next(server.events())[1]["last_event_id"]
        crowd = herd.Herd([port], count, after=newest, life_s=LIFE_S)
        events = Happenings.start_some([server])
        began = time.monotonic()
        crowd.run(lambda: time.monotonic() > began + seconds / 2)
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        start_on(server, port)
        crowd.run(lambda: time.monotonic() > began + seconds)
        failed = Happenings.end(events)
        database = sqlite3.connect(f"file:{folder}/studio.sqlite?mode=ro", uri=True)
        numbers = [row[0] for row in database.execute("SELECT number FROM events ORDER BY number")]
        crowd.life_s = None
        drain(crowd, numbers[-1])
        crowd.close()
        database.close()
        server.process.terminate()
        server.process.wait(30)
    audit(crowd, numbers, newest, f"{count} streams, cut every {LIFE_S * 1000:.0f} ms, server killed once",
          f"{seconds} s", failed)


def start_on(server, port):
    """The same server on the same port again, so that those who come back find it."""
    server.process = subprocess.Popen([server.program, "--data-dir", server.data, "--listen", f"127.0.0.1:{port}", "serve"],
                                      env=server.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    server.port = port
    studio.wait_for_answer(port, b"GET /api/v1/ready HTTP/1.1\r\nHost: localhost\r\n\r\n", time.perf_counter(),
                           server.process)


def cut_between_replicas(count, seconds):
    program = str(studio.programs() / "ourvidz")
    os.environ.update({name: value for name, value in studio.environment().items() if name.startswith("OURVIDZ_")})
    name, settings = new_database()
    settings["redis_url"] = f"redis://{os.environ['OURVIDZ_TEST_REDIS']}/7"
    folders = [tempfile.TemporaryDirectory(prefix="ourvidz-bench-") for _ in range(2)]
    servers = [SmallStudio(program, data=folder.name, node=False, **settings) for folder in folders]
    try:
        for server in servers:
            start_on(server, studio.free_port())
        newest = next(servers[0].events())[1]["last_event_id"]
        crowd = herd.Herd([server.port for server in servers], count, after=newest, life_s=LIFE_S)
        events = Happenings.start_some(servers)
        began = time.monotonic()
        crowd.run(lambda: time.monotonic() > began + seconds / 3)
        servers[1].process.send_signal(signal.SIGKILL)
        servers[1].process.wait()
        crowd.run(lambda: time.monotonic() > began + seconds * 2 / 3)
        start_on(servers[1], servers[1].port)
        crowd.run(lambda: time.monotonic() > began + seconds)
        failed = Happenings.end(events)
        numbers = [int(number) for number in query(name, "SELECT number FROM events ORDER BY number")]
        crowd.life_s = None
        drain(crowd, numbers[-1])
        crowd.close()
    finally:
        for server in servers:
            if server.process and server.process.poll() is None:
                server.process.terminate()
                server.process.wait(30)
        for folder in folders:
            folder.cleanup()
    audit(crowd, numbers, newest, f"{count} streams between two servers on PostgreSQL and Redis, one killed and started",
          f"{seconds} s", failed)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--idle", type=int, default=10_000, help="idle streams")
    options.add_argument("--idle-s", type=int, default=40)
    options.add_argument("--tls", type=int, default=1_500)
    options.add_argument("--cut", type=int, default=1_000)
    options.add_argument("--cut-s", type=int, default=30)
    options.add_argument("--only", choices=["many", "tls", "cut", "replicas"])
    chosen = options.parse_args()
    print(f"P3 and P7 streams: {report.load()}", flush=True)
    if chosen.only in (None, "many"):
        many(chosen.idle, chosen.idle_s)
    if chosen.only in (None, "tls"):
        through_tls(chosen.tls)
    if chosen.only in (None, "cut"):
        cut_and_restart(chosen.cut, chosen.cut_s)
    if chosen.only == "replicas":
        cut_between_replicas(chosen.cut, chosen.cut_s)
    elif chosen.only is None:
        done = subprocess.run([sys.executable, TESTS / "services/services.py", "postgres", "redis", "--", sys.executable,
                               __file__, "--only", "replicas", "--cut", str(chosen.cut), "--cut-s", str(chosen.cut_s)],
                              check=False)
        if done.returncode:
            raise SystemExit("streams: two servers could not be measured")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

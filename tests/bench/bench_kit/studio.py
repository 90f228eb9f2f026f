"""A studio of our own on a fresh data folder, and a client that notes when each byte came."""
import http.client
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
WAIT_MAX_S = 300
READ_BYTES = 1 << 16
NODELAY = (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def programs():
    """Where the programs are: the release build, or what OURVIDZ_BENCH_BIN names."""
    return Path(os.environ.get("OURVIDZ_BENCH_BIN", ROOT / "build/release/bin"))


def environment():
    folders = {"MODELS_FOLDER": "models", "CATALOG_FOLDER": "models/catalog", "MIGRATIONS_FOLDER": "migrations",
               "WEB_FOLDER": "web/dist", "CONFIG": "tests/bench/bench.toml"}
    return {**os.environ, "OURVIDZ_WORKER_FOLDER": str(programs()),
            **{f"OURVIDZ_{name}": str(ROOT / place) for name, place in folders.items()}}


def settings():
    """The settings in force, by name."""
    text = subprocess.run([programs() / "ourvidz", "config"], env=environment(), check=True, capture_output=True,
                          text=True).stdout
    return {line.split()[0]: line.split()[1] for line in text.splitlines()[1:] if len(line.split()) > 2}


def link_quick_workers(folder, binaries):
    """Into `folder`, for --worker-folder: the double (tests/chaos/quick_worker.cpp) for the engines, the real media worker."""
    for name in ("diffusion_worker", "chat_worker"):
        (Path(folder) / name).symlink_to(binaries.parent / "chaos/quick_worker")
    (Path(folder) / "media_worker").symlink_to(binaries / "media_worker")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def connect(port):
    connection = socket.create_connection(("127.0.0.1", port), timeout=WAIT_MAX_S)
    connection.setsockopt(*NODELAY)
    return connection


class Reply:
    def __init__(self, status, body, sent, at):
        self.status, self.body, self.sent, self.at = status, body, sent, at

    @property
    def ms(self):
        return (self.at - self.sent) * 1000


class Event:
    def __init__(self, name, data, at):
        self.name, self.data, self.at = name, data, at


class Studio:
    """`ourvidz serve` with a client: one connection for calls and one for events, read by one thread, so that the
    moment at which something came is the moment at which the kernel had it, and not a thread's next turn."""

    def __init__(self, *options, folder=None):
        self.owned = folder is None
        self.folder = folder or tempfile.mkdtemp(prefix="ourvidz-bench-")
        self.port = free_port()
        self.calls = self.stream = None
        self.log = open(Path(self.folder) / "bench.log", "w", encoding="utf-8")  # noqa: SIM115  closed in stop()
        command = [programs() / "ourvidz", "--data-dir", self.folder, "--listen", f"127.0.0.1:{self.port}", *options,
                   "serve"]
        self.started_at = time.perf_counter()
        self.process = subprocess.Popen(command, env=environment(), stdout=self.log, stderr=self.log)
        self.pid = self.process.pid

    def __enter__(self):
        self.wait_until_ready()
        self.calls = connect(self.port)
        self.buffer = bytearray()
        self.stream = connect(self.port)
        # HTTP/1.0, so that the events come without chunks.
        self.stream.sendall(b"GET /api/v1/events HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n")
        self.stream_text = bytearray()
        self.events = []
        self.wait_for(lambda event: event.name == "hello")
        return self

    def __exit__(self, *_):
        self.stop()

    def wait_until_ready(self):
        """Asks until the answer is 200; returns how many seconds after the start that was."""
        request = b"GET /api/v1/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
        return wait_for_answer(self.port, request, self.started_at, self.process)

    def call(self, method, path, body=None):
        payload = json.dumps(body).encode() if body is not None else b""
        head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n" \
               f"Content-Length: {len(payload)}\r\n\r\n"
        sent = time.perf_counter()
        self.calls.sendall(head.encode() + payload)
        while True:
            for ready, at in self.readable(WAIT_MAX_S):
                if ready is self.calls:
                    piece = self.calls.recv(READ_BYTES)
                    if not piece:
                        raise RuntimeError(f"the server closed the connection: {bytes(self.buffer[:200])}")
                    self.buffer += piece
                    reply = self.take_reply(sent, at)
                    if reply:
                        return reply
                else:
                    self.read_events(at)

    def reconnect(self):
        self.calls.close()
        self.buffer.clear()
        self.calls = connect(self.port)

    def fetch(self, path):
        """A file, over a connection of its own; its body is left as it is."""
        sent = time.perf_counter()
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=WAIT_MAX_S)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            body = answer.read()
        finally:
            connection.close()
        return Reply(answer.status, body, sent, time.perf_counter())

    def take_reply(self, sent, at):
        head, found, rest = bytes(self.buffer).partition(b"\r\n\r\n")
        if not found:
            return None
        lines = head.decode().lower().split("\r\n")
        length = next((int(line.split(":")[1]) for line in lines if line.startswith("content-length:")), 0)
        if len(rest) < length:
            return None
        self.buffer = bytearray(rest[length:])
        return Reply(int(lines[0].split()[1]), json.loads(rest[:length] or b"{}"), sent, at)

    def readable(self, timeout_s):
        """The connections that hold something, with the time at which that was seen."""
        found = select.select([self.stream] + ([self.calls] if self.calls else []), [], [], timeout_s)[0]
        if not found:
            raise RuntimeError(f"nothing came for {timeout_s} s; the log is {self.log.name}")
        at = time.perf_counter()
        return [(connection, at) for connection in found]

    def read_events(self, at):
        piece = self.stream.recv(READ_BYTES)
        if not piece:
            raise RuntimeError("the server closed the event stream")
        self.stream_text += piece
        while b"\n\n" in self.stream_text:
            text, _, rest = bytes(self.stream_text).partition(b"\n\n")
            self.stream_text = bytearray(rest)
            fields = dict(line.split(": ", 1) for line in text.decode().splitlines() if ": " in line)
            if "event" in fields and "data" in fields:
                self.events.append(Event(fields["event"], json.loads(fields["data"]), at))

    def wait_for(self, wanted, timeout_s=WAIT_MAX_S):
        """The first event that `wanted` accepts; those before it are dropped, those after it are kept."""
        deadline = time.perf_counter() + timeout_s
        while True:
            while self.events:
                event = self.events.pop(0)
                if wanted(event):
                    return event
            for ready, at in self.readable(max(0.1, deadline - time.perf_counter())):
                if ready is self.stream:
                    self.read_events(at)

    def wait_for_state(self, generation, *states):
        return self.wait_for(lambda event: event.name == "generation" and event.data["id"] == generation
                             and event.data["state"] in states)

    def submit(self, **fields):
        reply = self.call("POST", "/api/v1/generations", fields)
        if reply.status != 202:
            raise RuntimeError(f"not accepted: {reply.body}")
        return reply

    def cancel(self, generation):
        reply = self.call("POST", f"/api/v1/generations/{generation}/cancel")
        if reply.status != 200:
            raise RuntimeError(f"not canceled: {reply.body}")
        return reply

    def stop(self):
        for connection in (self.calls, self.stream):
            if connection:
                connection.close()
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.log.close()
        if self.owned:
            shutil.rmtree(self.folder, ignore_errors=True)


def wait_for_answer(port, request, started_at, process):
    """Sends `request` on new connections, at most 1 ms apart, until the answer is 200; seconds since `started_at`."""
    while time.perf_counter() - started_at < WAIT_MAX_S:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with connect(port) as connection:
                connection.sendall(request)
                if b" 200 " in connection.recv(READ_BYTES).split(b"\r\n", 1)[0]:
                    return time.perf_counter() - started_at
        except OSError:
            pass
        time.sleep(0.001)
    raise RuntimeError("the server does not get ready")

"""One worker process, driven by hand over the frames of docs/worker-protocol.md: the engine with nothing around it."""
import json
import os
import select
import signal
import socket
import struct
import time
from pathlib import Path

HEADER = struct.Struct("<4sHHIII")
MAGIC = b"OVW1"
TYPES = {1: "hello", 2: "loaded", 3: "unloaded", 4: "progress", 5: "preview", 6: "output", 7: "token", 8: "result",
         9: "failed", 10: "canceled", 11: "memory", 12: "log"}
LOAD, RUN, CANCEL = 32, 34, 36
ANSWERS = ("loaded", "result", "failed", "canceled")
# What the node gives its workers, so that both sides run alike.
ENVIRONMENT = {"LANG": "C.UTF-8", "OMP_WAIT_POLICY": "passive", "GGML_NO_BACKTRACE": "1"}
SILENCE_MAX_S = 120


class Message:
    """A frame and when it had arrived in full (time.perf_counter)."""

    def __init__(self, kind, request, body, binary):
        self.kind, self.request, self.body, self.binary = kind, request, body, binary
        self.at = time.perf_counter()


class Worker:
    def __init__(self, executable, environment=None):
        self.started_at = time.perf_counter()
        self.socket, theirs = socket.socketpair()
        quiet = os.open(os.devnull, os.O_RDWR)
        actions = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), 3)]
        actions += [(os.POSIX_SPAWN_DUP2, quiet, number) for number in (0, 1, 2)]
        self.pid = os.posix_spawn(executable, [str(executable)], {**ENVIRONMENT, **(environment or {})},
                                  file_actions=actions)
        theirs.close()
        os.close(quiet)
        self.buffer = bytearray()
        self.request = 0
        self.hello = self.next_of("hello")

    def send(self, kind, body, binary=b"", request=None):
        """Returns when it was sent."""
        if request is None:
            self.request += 1
        text = json.dumps(body).encode()
        frame = HEADER.pack(MAGIC, kind, 0, self.request, len(text), len(binary)) + text + binary
        at = time.perf_counter()
        self.socket.sendall(frame)
        return at

    def receive(self, timeout_s=SILENCE_MAX_S):
        """The next message, or None when `timeout_s` has passed."""
        deadline = time.perf_counter() + timeout_s
        while True:
            message = self.take()
            if message:
                return message
            if not select.select([self.socket], [], [], max(0.0, deadline - time.perf_counter()))[0]:
                return None
            piece = self.socket.recv(1 << 20)
            if not piece:
                raise RuntimeError(f"{self.pid} has ended")
            self.buffer += piece

    def take(self):
        if len(self.buffer) < HEADER.size:
            return None
        _, kind, _, request, text_bytes, binary_bytes = HEADER.unpack_from(self.buffer)
        end = HEADER.size + text_bytes + binary_bytes
        if len(self.buffer) < end:
            return None
        text = bytes(self.buffer[HEADER.size:HEADER.size + text_bytes])
        binary = bytes(self.buffer[HEADER.size + text_bytes:end])
        del self.buffer[:end]
        return Message(TYPES[kind], request, json.loads(text or b"{}"), binary)

    def next_of(self, *kinds):
        """The next message of one of these kinds; what comes before it is dropped."""
        while True:
            message = self.receive()
            if message is None:
                raise RuntimeError(f"the worker has said nothing for {SILENCE_MAX_S} s")
            if message.kind == "failed" and "failed" not in kinds:
                raise RuntimeError(f"the worker answers: {message.body}")
            if message.kind in kinds:
                return message

    def load(self, model):
        self.send(LOAD, model)
        return self.next_of("loaded")

    def run(self, task, request, binary=b""):
        """Returns when it was sent and every message up to the answer."""
        sent = self.send(RUN, {"task": task, **request}, binary)
        messages = []
        while not messages or messages[-1].kind not in ANSWERS:
            messages.append(self.next_of(*TYPES.values()))
        if messages[-1].kind == "failed":
            raise RuntimeError(f"the worker answers: {messages[-1].body}")
        return sent, messages

    def start(self, task, request):
        return self.send(RUN, {"task": task, **request})

    def cancel(self):
        return self.send(CANCEL, {}, request=self.request)

    def stop(self):
        self.socket.close()
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def model(settings, name, threads):
    """What the node sends a worker to load the catalogue entry `name`."""
    entry = json.loads((Path(settings["catalog_folder"]) / f"{name}.json").read_text())
    files = {}
    for file in entry["files"]:
        cache = Path(settings["models_cache"])
        folders = [Path(settings["models_folder"]), cache / name, cache]
        places = [folder / file["names"][0] for folder in folders]
        files[file["role"]] = str(next(place for place in places if place.exists()))
    return {"model": name, "family": entry["family"], "files": files,
            "options": {**entry["options"], "threads": threads}}, entry

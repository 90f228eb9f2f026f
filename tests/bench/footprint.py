#!/usr/bin/env python3
"""P15: how soon after its start the server is ready, and how much memory it has when idle.

Each round starts, in turn: our server on a new data folder, our server on the folder of the rounds before, and the
peer; each is asked until it answers 200, then left alone for ten seconds, then its memory is read. The peer is
FastAPI on uvicorn with one route that says hello: no queue, no database, no files. It is the floor of what any
studio written in Python starts from, not such a studio.
"""
import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time

from bench_kit import peers, report, studio

HELLO = """
from fastapi import FastAPI
import uvicorn
import sys
app = FastAPI()
@app.get("/ready")
def ready():
    return {"ready": True}
uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="warning")
"""


class Figures:
    def __init__(self, title):
        self.title = title
        self.ready_ms, self.cpu_ms, self.resident, self.proportional, self.whole = [], [], [], [], []

    def note(self, pid, ready_s, cpu_s, idle_s):
        self.ready_ms.append(ready_s * 1000)
        self.cpu_ms.append(cpu_s * 1000)
        time.sleep(idle_s)
        resident, proportional = report.memory_mib(pid)
        self.resident.append(resident)
        self.proportional.append(proportional)
        self.whole.append(sum(report.memory_mib(process)[1] for process in report.children(pid)))

    def print(self):
        report.table(self.title, [
            ("start → first 200", report.spread(self.ready_ms)),
            ("processor time until then", report.spread(self.cpu_ms, digits=0)),
            ("idle: resident (RSS)", report.spread(self.resident, "MiB")),
            ("idle: proportional (PSS)", report.spread(self.proportional, "MiB")),
            ("idle: PSS with all child processes", report.spread(self.whole, "MiB"))])


def our_round(figures, folder, idle_s):
    server = studio.Studio(folder=folder)
    try:
        ready_s = server.wait_until_ready()
        figures.note(server.pid, ready_s, report.cpu_s([server.pid]), idle_s)
    finally:
        server.stop()


def peer_round(figures, python, idle_s):
    port = studio.free_port()
    started = time.perf_counter()
    process = subprocess.Popen([python, "-c", HELLO, str(port)])
    try:
        ready_s = studio.wait_for_answer(port, b"GET /ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", started, process)
        figures.note(process.pid, ready_s, report.cpu_s([process.pid]), idle_s)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--idle-s", type=float, default=10)
    chosen = options.parse_args()
    try:
        python = peers.python()
    except (OSError, subprocess.CalledProcessError) as failure:
        python = None
        print(f"footprint: without the peer, which could not be installed: {failure}", file=sys.stderr)
    fresh, existing = Figures("ourvidz serve, new data folder"), Figures("ourvidz serve, existing data folder")
    hello = Figures("peer: FastAPI + uvicorn that says hello (a floor, no studio)")
    print(f"P15 footprint: {report.load()}")
    lasting = tempfile.mkdtemp(prefix="ourvidz-bench-")
    try:
        our_round(Figures("not counted: makes the folder"), lasting, 0)
        for _ in range(chosen.rounds):
            our_round(fresh, None, chosen.idle_s)
            our_round(existing, lasting, chosen.idle_s)
            if python:
                peer_round(hello, python, chosen.idle_s)
    finally:
        shutil.rmtree(lasting, ignore_errors=True)
    for figures in (fresh, existing) + ((hello,) if python else ()):
        figures.print()
    if python:
        report.ratio("start: peer / ours (new folder)", report.median(hello.ready_ms) / report.median(fresh.ready_ms))
        report.ratio("idle RSS: peer / ours", report.median(hello.resident) / report.median(fresh.resident))
    report.ratio("start / 150 ms", report.median(fresh.ready_ms) / 150)
    report.ratio("idle RSS / 20 MiB", report.median(fresh.resident) / 20)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""P6: an engine that dies, is out of memory, or stands still, and what the others notice.

Answers are asked for without a pause while the picture worker is killed (SIGKILL, which is also how the kernel takes back
memory), while its memory is cut off under it (a limit on its address space, so that its next allocation fails), and while
it stands still (SIGSTOP) and the picture is canceled. Counted: answers that failed; and from the blow to the next step of a
picture, which is start, load of the model and first step of a new worker. Beside it: the same from a cold start. Last, a
picture whose worker dies at every attempt: it must be dead after three, listed with its reason, and retried on request.
"""
import argparse
import json
import os
import resource
import signal
import subprocess
import time

from bench_kit import report, studio

PICTURE = {"kind": "sdxl_image_fast", "prompt": "a red fox", "steps": 8}
ANSWER = {"kind": "chat_conversation", "messages": [{"role": "user", "text": "Name a colour."}]}
MEMORY_LEFT = 64 << 20


def picture_worker(server):
    found = [pid for pid in report.children(server.pid) if report.name_of(pid).startswith("diffusion")]
    return found[0] if found else None


def worker_appears(server, longest_s=60):
    end = time.monotonic() + longest_s
    while time.monotonic() < end:
        if pid := picture_worker(server):
            return pid
        time.sleep(0.005)
    raise RuntimeError("no picture worker started")


class Talk:
    """Answers, one after the other: the next is asked for when one has ended."""

    def __init__(self, server):
        self.server, self.current, self.good, self.bad, self.times = server, None, 0, [], []
        self.next()

    def next(self):
        self.asked = time.perf_counter()
        self.current = self.server.submit(**ANSWER).body["id"]

    def hear(self, event):
        if event.name != "generation" or event.data["id"] != self.current or not event.data["ended_at"]:
            return
        if event.data["state"] == "succeeded":
            self.good += 1
            self.times.append(report.ms(self.asked, event.at))
        else:
            self.bad.append(event.data)
        self.next()


def wait(server, talk, wanted, longest_s=120):
    """The first event that `wanted` accepts, while the talk goes on."""
    found = []

    def either(event):
        talk.hear(event)
        if wanted(event):
            found.append(event)
        return bool(found)

    return server.wait_for(either, longest_s)


def stepping(identity):
    return lambda event: event.name == "progress" and event.data["generation_id"] == identity and event.data.get("step")


def state(identity, *states):
    return lambda event: event.name == "generation" and event.data["id"] == identity and event.data["state"] in states


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def starve(pid):
    with open(f"/proc/{pid}/statm", encoding="utf-8") as file:
        bytes_now = int(file.read().split()[0]) * resource.getpagesize()
    resource.prlimit(pid, resource.RLIMIT_AS, (bytes_now, bytes_now))
    resource.prlimit(pid, resource.RLIMIT_DATA, (MEMORY_LEFT, MEMORY_LEFT))


def blow(server, talk, strike):
    """(ms from the blow to the next step of the same picture, whether the worker is another)"""
    identity = server.submit(**{**PICTURE, "steps": 40, "batch": 3}).body["id"]
    wait(server, talk, stepping(identity))
    pid = worker_appears(server)
    struck = time.perf_counter()
    strike(pid)
    ended = None
    while ended is None or not (event := wait(server, talk, stepping(identity), 120)).at > ended:
        if ended is None:
            end = time.monotonic() + 60
            while os.path.exists(f"/proc/{pid}/status") and time.monotonic() < end:
                for ready, at in server.readable(1):
                    if ready is server.stream:
                        server.read_events(at)
            ended = time.perf_counter()
    took = report.ms(struck, event.at)
    server.cancel(identity)
    wait(server, talk, state(identity, "canceled", "succeeded"))
    return took, picture_worker(server) != pid


def hang(server, talk):
    """ms from the cancel of a picture whose worker stands still to the first step of the next."""
    identity = server.submit(**{**PICTURE, "steps": 40, "batch": 3}).body["id"]
    wait(server, talk, stepping(identity))
    os.kill(worker_appears(server), signal.SIGSTOP)
    struck = time.perf_counter()
    server.cancel(identity)
    following = server.submit(**PICTURE).body["id"]
    event = wait(server, talk, stepping(following))
    wait(server, talk, state(following, "succeeded"))
    return report.ms(struck, event.at)


def poison(server, talk):
    """Kills the worker whenever the picture steps; (attempts, reason) as the operator sees them, and the retry's state."""
    identity = server.submit(**{**PICTURE, "steps": 40, "batch": 3}).body["id"]
    while True:
        event = wait(server, talk, lambda event: stepping(identity)(event) or state(identity, "failed", "succeeded")(event))
        if event.name == "generation":
            break
        if pid := picture_worker(server):
            kill(pid)
            wait(server, talk, state(identity, "queued", "failed", "succeeded"))
            if server.call("GET", f"/api/v1/generations/{identity}").body["state"] in ("failed", "succeeded"):
                break
    command = [studio.programs() / "ourvidz", "--data-dir", server.folder, "admin"]
    dead = json.loads(subprocess.run([*command, "jobs", "--dead", "--json"], check=True, capture_output=True, text=True).stdout)
    seen = next(one for one in dead if one["generation_id"] == identity)
    said = subprocess.run([*command, "retry", seen["id"]], check=True, capture_output=True, text=True).stdout
    again = said.split()[-1]
    ended = wait(server, talk, state(again, "succeeded", "failed"), 300)
    return len(seen["attempts"]), seen["error_detail"], ended.data["state"]


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    print(f"P6 crash: {report.load()}", flush=True)
    cold, killed, starved, hung = [], [], [], []
    for _ in range(chosen.rounds):
        with studio.Studio("--image-workers", "1", "--chat-workers", "1") as server:
            begun = time.perf_counter()
            identity = server.submit(**PICTURE).body["id"]
            cold.append(report.ms(begun, server.wait_for(stepping(identity)).at))
    with studio.Studio("--image-workers", "1", "--chat-workers", "1") as server:
        server.wait_for_state(server.submit(**PICTURE).body["id"], "succeeded")
        talk = Talk(server)
        wait(server, talk, lambda _event: talk.good > 0)
        for _ in range(chosen.rounds):
            killed.append(blow(server, talk, kill)[0])
            starved.append(blow(server, talk, starve)[0])
            hung.append(hang(server, talk))
        attempts, reason, again = poison(server, talk)
    report.table("The picture worker", [
        ("cold start of the whole node → first step", report.spread(cold, digits=0)),
        ("killed → next step of the same picture", report.spread(killed, digits=0)),
        ("no memory → next step of the same picture", report.spread(starved, digits=0)),
        ("stands still, canceled → next picture's first step", report.spread(hung, digits=0)),
        ("a picture that kills its worker", f"dead after {attempts} attempts: {reason}"), ("retried by the operator", again)])
    report.table("Answers meanwhile", [("succeeded", str(talk.good)), ("failed", str(len(talk.bad))),
                                       ("each", report.percentiles(talk.times, 0))])
    report.ratio("killed → next step / (cold start + 1 s)", report.median(killed) / (report.median(cold) + 1000))
    print(f"end: {report.load()}")
    if talk.bad or attempts != 3:
        raise SystemExit("crash: a promise was broken")


if __name__ == "__main__":
    main()

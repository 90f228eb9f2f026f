#!/usr/bin/env python3
"""P14: two hundred people at once while an engine has a processor to itself.

Each of them, on a connection of their own and with a stream of events, looks at a generation, at the list, at the library,
or submits, and thinks about it for a second on average. A worker draws all the while. The queue is small and soon full, so
that many submits must be refused: exactly those that it has no room for, each with 429 and Retry-After. Times are from the
request's last byte to the answer's last, as the client's one thread sees them; its own work is in them.
"""
import argparse
import heapq
import random
import select
import socket
import sys
import time

from bench_kit import herd, report, studio

QUEUE_MAX = 60
READ_BYTES = 1 << 16
BLOCKER = {"kind": "sdxl_image_high", "prompt": "a red fox", "steps": 40, "batch": 6}


class User:
    def __init__(self, port, at):
        self.connection = socket.create_connection(("127.0.0.1", port))
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.at = at
        self.text = b""
        self.what = None
        self.sent = 0.0

    def ask(self, what, request):
        self.what, self.text, self.sent = what, b"", time.perf_counter()
        self.connection.sendall(request)

    def answer(self):
        """(status, headers, milliseconds) once it is whole."""
        self.text += self.connection.recv(READ_BYTES)
        head, found, rest = self.text.partition(b"\r\n\r\n")
        if not found:
            return None
        fields = dict(line.split(b": ", 1) for line in head.lower().split(b"\r\n")[1:])
        if len(rest) < int(fields.get(b"content-length", 0)):
            return None
        return int(head.split()[1]), fields, report.ms(self.sent, time.perf_counter())


class Crowd:
    def __init__(self, port, count, dice, known):
        self.dice, self.known = dice, known
        now = time.monotonic()
        self.users = {}
        self.turns = []  # (when, number of the user's connection)
        self.poll = select.epoll()
        for _ in range(count):
            user = User(port, now)
            number = user.connection.fileno()
            self.users[number] = user
            self.poll.register(number, select.EPOLLIN)
            heapq.heappush(self.turns, (now + dice.random(), number))
        self.times = {}
        self.statuses = {}
        self.without_retry_after = self.errors = 0

    def request(self):
        draw = self.dice.random()
        if draw < 0.15:
            body = f'{{"kind":"sdxl_image_fast","prompt":"a blue cat","seed":{self.dice.randint(0, 9999)}}}'.encode()
            return "submit", (b"POST /api/v1/generations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                              b"Content-Length: %d\r\n\r\n" % len(body)) + body
        what, path = (("generation", f"/api/v1/generations/{self.known}") if draw < 0.65 else
                      ("list of 20", "/api/v1/generations?limit=20") if draw < 0.85 else ("library", "/api/v1/assets?limit=20"))
        return what, f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()

    def note(self, user, answer):
        status, fields, took = answer
        self.times.setdefault(user.what, []).append(took)
        self.statuses[user.what, status] = self.statuses.get((user.what, status), 0) + 1
        if status == 429 and not fields.get(b"retry-after", b"").isdigit():
            self.without_retry_after += 1
        if status != (202 if user.what == "submit" else 200) and not (user.what == "submit" and status == 429):
            self.errors += 1

    def run(self, seconds, streams):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            while self.turns and self.turns[0][0] <= time.monotonic():
                _, number = heapq.heappop(self.turns)
                self.users[number].ask(*self.request())
            for number, _ in self.poll.poll(0.002):
                user = self.users[number]
                answer = user.answer()
                if answer:
                    self.note(user, answer)
                    heapq.heappush(self.turns, (time.monotonic() + self.dice.expovariate(1), number))
            rounds = iter((False, True))
            streams.run(lambda rounds=rounds: next(rounds), 0)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--users", type=int, default=200)
    options.add_argument("--seconds", type=int, default=60)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    print(f"P14 users: {report.load()}", flush=True)
    # One thread for the engine, and nothing else that works, so that it has one processor and no more.
    with studio.Studio("--queue-max", str(QUEUE_MAX), "--image-workers", "1", "--image-threads", "1", "--chat-workers",
                       "0") as server:
        first = server.submit(**BLOCKER).body["id"]
        server.wait_for_state(first, "running")
        for _ in range(5):
            server.submit(**BLOCKER)
        streams = herd.Herd([server.port], chosen.users)
        streams.run(lambda: all(reader.hellos for reader in streams.readers))
        crowd = Crowd(server.port, chosen.users, dice, first)
        workers = [pid for pid in report.children(server.pid) if report.name_of(pid).startswith("diffusion")]
        cpu, ours = report.cpu_s(workers), report.cpu_s([server.pid])
        crowd.run(chosen.seconds, streams)
        cpu, ours = report.cpu_s(workers) - cpu, report.cpu_s([server.pid]) - ours
        waiting = [one for one in server.call("GET", "/api/v1/generations?active=true&limit=200").body["items"]
                   if one["state"] == "queued"]
        streams.close()
    every = [took for times in crowd.times.values() for took in times]
    accepted = crowd.statuses.get(("submit", 202), 0)
    report.table(f"{chosen.users} users for {chosen.seconds} s", [
        *((what, f"{report.percentiles(times)}, {len(times)} calls") for what, times in sorted(crowd.times.items())),
        ("all calls", f"{report.percentiles(every)}, {len(every) / chosen.seconds:.0f} a second"),
        ("errors", str(crowd.errors)),
        ("submits", f"{accepted} accepted, {crowd.statuses.get(('submit', 429), 0)} refused with 429"),
        ("429 without Retry-After", str(crowd.without_retry_after)),
        ("waiting at the end", f"{len(waiting)} of {QUEUE_MAX}"),
        ("processor: engine, server", f"{cpu / chosen.seconds * 100:.0f} %, {ours / chosen.seconds * 100:.0f} % of one")])
    report.ratio("p99 of all calls / 20 ms", report.percentile(every, 99) / 20)
    print(f"end: {report.load()}")
    if crowd.errors or crowd.without_retry_after or len(waiting) > QUEUE_MAX:
        sys.exit("users: a promise was broken")


if __name__ == "__main__":
    main()

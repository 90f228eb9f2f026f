#!/usr/bin/env python3
"""P13, shortened: generations of all kinds for as long as you say, and whether any process grows with them.

Pictures, answers, and now and then a clip, a canceled run and a reader that comes and goes. Every ten seconds each process
is looked at: private memory (RssAnon: what files map is left out), open files and threads. After a warm-up the memory is
laid over the number of jobs that were done by then: the slope is by least squares, its 95 % confidence interval by a block
bootstrap over stretches of time, because neighbouring samples are not independent. Workers that were put out and started
again are counted: each start is a model load.

With --quick the chaos run's double (tests/chaos/quick_worker.cpp) stands for the engines: thousands of jobs in minutes, for
what the server, the node and the media workers keep of a job.
"""
import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from bench_kit import report, studio

SAMPLE_S = 10
WARM_UP = 0.2  # of the time
BLOCKS = 12
RESAMPLES = 2_000
AT_ONCE = 3  # jobs that wait or run
CLIP_EVERY, CANCEL_EVERY, CHAT_EVERY = 60, 9, 3


def look(pid):
    """(private KiB, resident KiB, open files, threads) or nothing if it has ended."""
    try:
        fields = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines())
        return (int(fields["RssAnon"].split()[0]), int(fields["VmRSS"].split()[0]), len(os.listdir(f"/proc/{pid}/fd")),
                int(fields["Threads"]))
    except (OSError, KeyError):
        return None


def line(xs, ys):
    """Least squares: the slope."""
    middle_x, middle_y = statistics.fmean(xs), statistics.fmean(ys)
    below = sum((x - middle_x) ** 2 for x in xs)
    return sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys)) / below if below else 0.0


def interval(xs, ys, dice):
    """The middle 95 % of the slopes of samples put together from stretches of time, drawn with repetition."""
    size = max(1, len(xs) // BLOCKS)
    blocks = [range(start, min(start + size, len(xs))) for start in range(0, len(xs), size)]
    slopes = []
    for _ in range(RESAMPLES):
        chosen = [at for _ in blocks for at in dice.choice(blocks)]
        slopes.append(line([xs[at] for at in chosen], [ys[at] for at in chosen]))
    slopes.sort()
    return slopes[int(RESAMPLES * 0.025)], slopes[int(RESAMPLES * 0.975)]


def quick_workers(folder):
    """The options with which a studio runs them."""
    studio.link_quick_workers(folder, studio.programs())
    return "--worker-folder", folder, "--upscaler", "none"


class Work:
    """Keeps a few jobs going, and counts what came of them."""

    def __init__(self, server, dice):
        self.server, self.dice = server, dice
        self.waiting = set()
        self.made = 0
        self.ended = {}
        self.by_kind = {}

    def request(self):
        self.made += 1
        if self.made % CLIP_EVERY == 0:
            return {"kind": "video_fast", "prompt": "a red fox", "seed": self.made, "steps": 4}
        if self.made % CHAT_EVERY == 0:
            text = self.dice.choice(["Say hello to a robot.", "Name a colour.", "What is rain?"])
            return {"kind": "chat_conversation", "seed": self.made, "messages": [{"role": "user", "text": text}]}
        return {"kind": self.dice.choice(["sdxl_image_fast", "sdxl_image_high"]), "prompt": "a blue cat", "seed": self.made,
                "steps": self.dice.choice([4, 6, 8])}

    def step(self):
        while len(self.waiting) < AT_ONCE:
            request = self.request()
            reply = self.server.call("POST", "/api/v1/generations", request)
            if reply.status != 202:
                raise RuntimeError(f"not accepted: {reply.body}")
            self.waiting.add(reply.body["id"])
            self.by_kind[request["kind"]] = self.by_kind.get(request["kind"], 0) + 1
            if self.made % CANCEL_EVERY == 0:
                self.server.call("POST", f"/api/v1/generations/{reply.body['id']}/cancel")
        for ready, at in self.server.readable(60):
            if ready is self.server.stream:
                self.server.read_events(at)
        while self.server.events:
            event = self.server.events.pop()
            if event.name == "generation" and event.data["state"] in ("succeeded", "failed", "canceled"):
                if event.data["id"] in self.waiting:
                    self.waiting.discard(event.data["id"])
                    self.ended[event.data["state"]] = self.ended.get(event.data["state"], 0) + 1

    @property
    def done(self):
        return sum(self.ended.values())


class Watch:
    def __init__(self, server):
        self.server = server
        self.samples = {}  # (name, pid) -> [(seconds, jobs, private, resident, files, threads)]
        self.started_at = time.monotonic()

    def sample(self, jobs):
        for pid in report.children(self.server.pid):
            seen = look(pid)
            if seen:
                self.samples.setdefault((report.name_of(pid), pid), []).append(
                    (time.monotonic() - self.started_at, jobs, *seen))

    def print(self, length_s, dice):
        print(f"\n{'process':<22}{'from':>8}{'jobs':>7}{'private MiB':>16}{'files':>9}{'threads':>9}   slope, bytes a job "
              "(95 %)")
        for (name, pid), rows in sorted(self.samples.items()):
            late = [row for row in rows if row[0] > length_s * WARM_UP] if rows[0][0] < length_s * WARM_UP else rows
            if len(late) < BLOCKS * 2:
                print(f"{name:<16}{pid:>6}{rows[0][0]:>7.0f}s  lived for {len(rows)} samples only")
                continue
            jobs, private = [row[1] for row in late], [row[2] * 1024 for row in late]
            low, high = interval(jobs, private, dice)
            slope = line(jobs, private)
            print(f"{name:<16}{pid:>6}{rows[0][0]:>7.0f}s{jobs[-1] - jobs[0]:>7}"
                  f"{late[0][2] / 1024:>8.1f}→{late[-1][2] / 1024:<7.1f}{late[0][4]:>4}→{late[-1][4]:<4}{late[0][5]:>4}→{late[-1][5]:<4}"
                  f"   {slope:+.0f} ({low:+.0f} … {high:+.0f})")
            report.ratio(f"{name}: slope / 1 KiB a job", slope / 1024, "grows" if low > 0 else "no growth shown")


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=30)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--quick", action="store_true")
    options.add_argument("--samples", help="write every sample into this file (JSON)")
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    length_s = chosen.minutes * 60
    print(f"P13 soak, {chosen.minutes:g} minutes: {report.load()}", flush=True)
    with tempfile.TemporaryDirectory() as folder, studio.Studio(*(quick_workers(folder) if chosen.quick else ())) as server:
        work, watch = Work(server, dice), Watch(server)
        next_sample = 0.0
        while time.monotonic() - watch.started_at < length_s:
            work.step()
            if time.monotonic() - watch.started_at >= next_sample:
                watch.sample(work.done)
                next_sample += SAMPLE_S
                if int(next_sample) % 300 == 0:
                    print(f"  {next_sample / 60:.0f} min: {work.done} jobs, {report.load()}", file=sys.stderr, flush=True)
    report.table("What was done", [(state, str(count)) for state, count in sorted(work.ended.items())] +
                 [(kind, str(count)) for kind, count in sorted(work.by_kind.items())])
    if chosen.samples:
        Path(chosen.samples).write_text(json.dumps({f"{name} {pid}": rows for (name, pid), rows in watch.samples.items()}),
                                        encoding="utf-8")
    watch.print(length_s, dice)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

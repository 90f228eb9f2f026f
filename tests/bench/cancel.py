#!/usr/bin/env python3
"""P2: a cancel frees the engine within one step or one token, and a queued cancel is answered at once.

Three parts, in turn in every round:
- engine: a picture of 40 steps (or a chat answer) in a worker driven by hand, canceled at a random moment; the time
  until the worker answers `canceled` (it takes the next run from then on), beside the run's own step (token) time.
- product: the same through the API, with a second picture waiting behind it; the time from the cancel until its
  answer, until the generation is `canceled`, and until the second one has been claimed and runs.
- peer: what a server without a cancel must do: kill the process, start another one, load the model again.
Afterwards: many pictures wait behind a running one and are canceled one by one; each answer is durable (fsync).
"""
import argparse
import os
import random
import time

from bench_kit import report, studio, worker

STEPS = 40
PICTURE = {"prompt": "a red fox on a light blue background", "negative_prompt": "", "width": 128, "height": 128,
           "steps": STEPS, "guidance": 2.5, "sampler": "euler", "scheduler": "discrete", "strength": 1,
           "has_input": False, "preview": False}
QUESTION = "Tell me a long story about a lighthouse keeper and a fox."
TOKENS_MAX = 256


class EngineRounds:
    """A worker that stays loaded, its runs canceled at a random step or token."""

    def __init__(self, program, model, sign):
        self.program, self.model, self.sign = program, model, sign
        self.loaded = self.fresh()
        self.free, self.pace, self.ratios, self.restarts = [], [], [], []

    def fresh(self):
        started = worker.Worker(self.program)
        started.load(self.model)
        return started

    def start(self, task, request, dice, last):
        """Starts a run, waits until a random step or token, and then for a random part of one. Returns their pace."""
        self.loaded.start(task, {"request": request})
        stamps = []
        for _ in range(dice.randint(4, last)):
            message = self.loaded.next_of(self.sign)
            while self.sign == "progress" and (message.body["phase"] != "denoise" or message.body["step"] < 1):
                message = self.loaded.next_of(self.sign)
            stamps.append(message.at)
        pace = (stamps[-1] - stamps[0]) / (len(stamps) - 1)
        time.sleep(pace * dice.random())
        return pace * 1000

    def cancel(self, task, request, dice, last):
        pace = self.start(task, request, dice, last)
        sent = self.loaded.cancel()
        free = report.ms(sent, self.loaded.next_of("canceled").at)
        self.free.append(free)
        self.pace.append(pace)
        self.ratios.append(free / pace)

    def restart(self, task, request, dice, last):
        self.start(task, request, dice, last)
        killed = time.perf_counter()
        self.loaded.stop()
        self.loaded = self.fresh()
        self.restarts.append(report.ms(killed, time.perf_counter()))

    def print(self, what, unit):
        report.table(f"{what}: the engine alone", [
            (f"one {unit}, in the canceled runs", report.spread(self.pace)),
            ("cancel → the worker takes the next run", report.spread(self.free)),
            ("peer: kill, start, load the model", report.spread(self.restarts))])
        report.ratio(f"{what}: cancel to free engine / one {unit}", report.median(self.ratios),
                     f"worst of {len(self.ratios)}: {max(self.ratios):.2f}")
        report.ratio(f"{what}: kill and restart / cancel", report.median(self.restarts) / report.median(self.free))


class ProductRounds:
    def __init__(self, kind, fields, started):
        self.kind, self.fields, self.started = kind, fields, started
        self.answer, self.canceled, self.next_runs = [], [], []

    def cancel(self, server, dice):
        first = server.submit(kind=self.kind, **self.fields).body["id"]
        second = server.submit(kind=self.kind, **self.fields).body["id"]
        pace = self.started(server, first, dice)
        time.sleep(pace * dice.random())
        answer = server.cancel(first)
        self.answer.append(answer.ms)
        self.canceled.append(report.ms(answer.sent, server.wait_for_state(first, "canceled").at))
        self.next_runs.append(report.ms(answer.sent, server.wait_for_state(second, "running").at))
        server.cancel(second)
        server.wait_for_state(second, "canceled")

    def print(self, what, unit, pace):
        """`pace`: of the engine alone. With live previews, as here, a step takes longer; that would flatter the
        ratio."""
        report.table(f"{what}: through the API", [
            (f"one {unit}, the engine alone", report.spread(pace)),
            ("cancel sent → its answer", report.spread(self.answer)),
            ("cancel sent → event `canceled`", report.spread(self.canceled)),
            ("cancel sent → the next job runs", report.spread(self.next_runs))])
        report.ratio(f"{what}: cancel to next job running / one {unit}",
                     report.median(self.next_runs) / report.median(pace))


def picture_started(server, generation, dice):
    """Waits until a random step; returns seconds a step, from the first reported step on."""
    wanted = dice.randint(8, STEPS - 12)
    stamps = []
    while not stamps or stamps[-1][0] < wanted:
        event = server.wait_for(lambda event: event.name == "progress" and event.data["step"]
                                and event.data["generation_id"] == generation)
        stamps.append((event.data["step"], event.at))
    steps = stamps[-1][0] - stamps[0][0]
    return (stamps[-1][1] - stamps[0][1]) / steps if steps else 0


def answer_started(server, generation, dice):
    """Waits for a random number of pieces of the answer. Words come in groups, so they tell no time of a token."""
    for _ in range(dice.randint(2, 8)):
        server.wait_for(lambda event: event.name == "text" and event.data["generation_id"] == generation)
    return 0


def queued_cancels(server, count):
    """(answer times of cancels, of submits, of bare durable writes in turn with both): `count` pictures wait behind
    one that runs."""
    blocker = server.submit(kind="image_high", prompt="a red fox", steps=STEPS, batch=6).body["id"]
    server.wait_for_state(blocker, "running")
    floor = report.DurableWrite(server.folder, 2 * count)
    submits, cancels = [], []
    for _ in range(count):
        submits.append(server.submit(kind="image_high", prompt="a red fox", steps=STEPS))
        floor.once()
    for submit in submits:
        answer = server.cancel(submit.body["id"])
        if answer.body["state"] != "canceled":
            raise RuntimeError(f"it did not wait any more: {answer.body['state']}")
        cancels.append(answer.ms)
        floor.once()
    server.cancel(blocker)
    server.wait_for_state(blocker, "canceled")
    return cancels, [submit.ms for submit in submits], floor.times


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=7)
    options.add_argument("--queued", type=int, default=100)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()
    dice = random.Random(chosen.seed)
    places = studio.settings()
    threads = os.cpu_count()
    drawing, _ = worker.model(places, "nano", threads)
    talking, _ = worker.model(places, "smollm2-135m-instruct", threads)
    question = {"turns": [{"role": "user", "text": QUESTION}], "tokens_max": TOKENS_MAX, "temperature": 0.7,
                "top_p": 0.9, "repetition_penalty": 1.1, "grammar": ""}
    pictures = ProductRounds("image_high", {"prompt": PICTURE["prompt"], "steps": STEPS}, picture_started)
    answers = ProductRounds("chat_conversation", {"messages": [{"role": "user", "text": QUESTION}]}, answer_started)
    print(f"P2 cancel: {report.load()}")
    with studio.Studio("--image-workers", "1", "--chat-workers", "1", "--image-threads", str(threads),
                       "--chat-threads", str(threads)) as server:
        drawer = EngineRounds(studio.programs() / "diffusion_worker", drawing, "progress")
        talker = EngineRounds(studio.programs() / "chat_worker", talking, "token")
        for number in range(chosen.rounds):
            picture = {**PICTURE, "seed": number}
            drawer.cancel("image", picture, dice, STEPS - 8)
            pictures.cancel(server, dice)
            drawer.restart("image", picture, dice, 8)
            talker.cancel("chat", {**question, "seed": number}, dice, 24)
            answers.cancel(server, dice)
            talker.restart("chat", {**question, "seed": number}, dice, 8)
        drawer.loaded.stop()
        talker.loaded.stop()
        cancels, submits, floor = queued_cancels(server, chosen.queued)
    drawer.print("picture", "step")
    pictures.print("picture", "step", drawer.pace)
    talker.print("chat", "token")
    answers.print("chat", "token", talker.pace)
    report.table(f"queued cancels: {chosen.queued} in a row behind a running picture", [
        ("cancel sent → its answer", report.percentiles(cancels)),
        ("submit sent → its answer", report.percentiles(submits)),
        ("4 KiB overwritten and fdatasync, same disk", report.percentiles(floor))])
    report.ratio("queued cancel answer p50 / bare durable write p50", report.median(cancels) / report.median(floor))
    report.ratio("queued cancel answer p50 / 5 ms", report.percentile(cancels, 50) / 5,
                 f"p99 / 5 ms: {report.percentile(cancels, 99) / 5:.2f}")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

#!/usr/bin/env python3
"""P11: what our whole path costs over a direct call of the engine.

Pictures, in turn in every pair: the API (submit → `asset` event), and the same steps by hand, with nothing around
them: the engine's worker draws, the media worker enlarges and encodes, two files are written and fsynced. By hand
with and without live previews, since the studio always shows them. Same programs, model files, seed, steps and
threads. The two sides differ by HTTP, the database, the queue, the lease, the safety gate and the event stream.

Chat: the first token of the worker by hand, and the first words at a client of the API. The studio sends whole words
only (the gate judges words), so the worker's first whole word is the fair counterpart; both are shown.
"""
import argparse
import json
import os
import re
import tempfile
import time

from bench_kit import report, studio, worker

KIND = "image_high"
PROMPT = "a red fox on a light blue background"
# Short, so that reading the prompt does not drown what is measured.
TURNS = [{"role": "system", "text": "Be brief."}, {"role": "user", "text": "Describe a fox."}]
IDLE_S = 0.03  # so that the node waits for work again
WHOLE_WORD = re.compile(r"\S\s")


class PictureByHand:
    """The engine, the finishing and the files, in the order of the node, one after the other."""

    def __init__(self, places, threads, folder, steps):
        model, entry = worker.model(places, "nano", threads)
        kind = entry["kinds"][KIND]
        size = kind["sizes"][0]
        self.folder, self.upscale = folder, kind["upscale"]
        self.request = {"prompt": PROMPT, "negative_prompt": "", "width": size["render_width"],
                        "height": size["render_height"], "steps": steps, "guidance": kind["guidance"]["default"],
                        "sampler": kind["samplers"][0], "scheduler": kind["schedulers"][0], "strength": 1,
                        "has_input": False}
        self.engine = worker.Worker(studio.programs() / "diffusion_worker")
        self.engine.load(model)
        upscaler = "" if places["upscaler"] == "none" else places["upscaler"]
        self.media = worker.Worker(studio.programs() / "media_worker", {
            "OURVIDZ_UPSCALER": upscaler, "OURVIDZ_MEDIA_THREADS": str(threads), "OURVIDZ_MEDIA_MEMORY_MB": "1536"})

    def run(self, seed, preview):
        """(engine's own ms, ms to the engine's answer, ms until the files are durable, CPU seconds)"""
        cpu_before = report.cpu_s([self.engine.pid, self.media.pid])
        sent, messages = self.engine.run("image", {"request": {**self.request, "seed": seed, "preview": preview}})
        drawn = next(message for message in messages if message.kind == "output")
        _, finished = self.media.run("finish_picture", {
            "width": drawn.body["width"], "height": drawn.body["height"], "upscale": self.upscale["factor"],
            "upscaler": self.upscale["method"], "recipe": {"prompt": PROMPT, "seed": seed}}, drawn.binary)
        for number, output in enumerate(message for message in finished if message.kind == "output"):
            with open(f"{self.folder}/{number}", "wb") as file:
                file.write(output.binary)
                file.flush()
                os.fsync(file.fileno())
        done = time.perf_counter()
        cpu = report.cpu_s([self.engine.pid, self.media.pid]) - cpu_before
        return messages[-1].body["generate_ms"], report.ms(sent, messages[-1].at), report.ms(sent, done), cpu

    def stop(self):
        self.engine.stop()
        self.media.stop()


def picture_by_api(server, seed, steps):
    processes = report.children(server.pid)
    cpu_before = report.cpu_s(processes)
    accepted = server.submit(kind=KIND, prompt=PROMPT, steps=steps, seed=seed)
    identity = accepted.body["id"]
    asset = server.wait_for(lambda event: event.name == "asset" and event.data["generation_id"] == identity)
    server.wait_for_state(identity, "succeeded")
    cpu = report.cpu_s(processes) - cpu_before
    drawn_ms = asset.data["recipe"]["statistics"]["generate_ms"]
    return drawn_ms, accepted.ms, report.ms(accepted.sent, asset.at), cpu


def measure_pictures(server, by_hand, pairs, steps):
    sides = {"api": lambda seed: picture_by_api(server, seed, steps),
             "plain": lambda seed: by_hand.run(seed, False),
             "preview": lambda seed: by_hand.run(seed, True)}
    figures = {name: [] for name in sides}
    names = list(sides)
    for name in names:
        sides[name](0)
    for number in range(pairs):
        for name in names[number % 3:] + names[:number % 3]:
            figures[name].append(sides[name](number + 1))
    return figures


def print_pictures(figures, steps):
    columns = {name: list(zip(*rows)) for name, rows in figures.items()}
    hand, plain, api = columns["preview"], columns["plain"], columns["api"]
    report.table(f"picture of {steps} steps by hand, {len(plain[0])} runs each", [
        ("engine's own time, no preview", report.spread(plain[0], digits=0)),
        ("engine's own time, with previews", report.spread(hand[0], digits=0)),
        ("run sent → answer, with previews", report.spread(hand[1], digits=0)),
        ("… and enlarged, encoded, fsynced", report.spread(hand[2], digits=0)),
        ("the same without previews", report.spread(plain[2], digits=0)),
        ("CPU, without / with previews", f"{sum(plain[3]):.2f} / {sum(hand[3]):.2f} s")])
    report.table("the same picture through the API", [
        ("engine's own time", report.spread(api[0], digits=0)),
        ("submit sent → accepted (durable)", report.spread(api[1])),
        ("submit sent → event `asset`", report.spread(api[2], digits=0)),
        ("CPU of server, node and workers", f"{sum(api[3]):.2f} s")])
    report.ratio("picture: engine's own time, API / by hand with previews",
                 report.median([a / b for a, b in zip(api[0], hand[0])]))
    for what, side in (("with previews", hand), ("without previews", plain)):
        over = [a - b for a, b in zip(api[2], side[2])]
        report.ratio(f"picture: whole path, API / by hand {what}",
                     report.median([a / b for a, b in zip(api[2], side[2])]),
                     f"{report.median(over):+.1f} ms, median of pairs")
    # What our path adds around the engine, without the engine's own noise.
    around = [(a[2] - a[0]) - (b[2] - b[0]) for a, b in zip(figures["api"], figures["preview"])]
    report.ratio("picture: what is added around the engine / engine's own time",
                 report.median(around) / report.median(api[0]), f"{report.median(around):+.1f} ms")
    report.ratio("picture: CPU, API / by hand with previews", sum(api[3]) / sum(hand[3]))


class ChatByHand:
    def __init__(self, places, threads):
        model, entry = worker.model(places, "smollm2-135m-instruct", threads)
        spec = entry["kinds"]["chat_conversation"]["chat"]
        self.request = {"tokens_max": spec["tokens"]["default"], "grammar": "",
                        **{name: spec[name] for name in ("temperature", "top_p", "repetition_penalty")}}
        self.engine = worker.Worker(studio.programs() / "chat_worker")
        self.engine.load(model)

    def run(self, seed):
        """(ms to the first token, ms to the first whole word)"""
        sent = self.engine.start("chat", {"request": {**self.request, "turns": TURNS, "seed": seed}})
        message = first = self.engine.next_of("token")
        text = first.body["text"]
        while not WHOLE_WORD.search(text):
            message = self.engine.next_of("token")
            text += message.body["text"]
        self.engine.cancel()
        self.engine.next_of("canceled", "result")
        return report.ms(sent, first.at), report.ms(sent, message.at)


def chat_by_api(server, seed):
    """(ms to the first words, ms to the acceptance, ms from the acceptance to the event `running`)"""
    accepted = server.submit(kind="chat_conversation", messages=TURNS, seed=seed)
    identity = accepted.body["id"]
    running = server.wait_for_state(identity, "running")
    words = server.wait_for(lambda event: event.name == "text" and event.data["generation_id"] == identity)
    server.cancel(identity)
    server.wait_for_state(identity, "canceled", "succeeded")
    return report.ms(accepted.sent, words.at), accepted.ms, report.ms(accepted.at, running.at)


def measure_chat(server, by_hand, pairs):
    figures = {"hand": [], "api": []}
    disk = report.DurableWrite(server.folder, pairs)
    for number in range(-2, pairs):  # the first two are not counted
        found = {}
        for side in ("hand", "api") if number % 2 else ("api", "hand"):
            time.sleep(IDLE_S)
            found[side] = by_hand.run(number + 2) if side == "hand" else chat_by_api(server, number + 2)
        if number >= 0:
            disk.once()
            for side, row in found.items():
                figures[side].append(row)
    return figures, disk.times


def print_chat(figures, disk):
    token, word = zip(*figures["hand"])
    words, accepted, claimed = zip(*figures["api"])
    over = [a - b for a, b in zip(words, word)]
    report.table(f"chat: first words, {len(words)} pairs", [
        ("by hand: run sent → first token", report.percentiles(token)),
        ("by hand: run sent → first whole word", report.percentiles(word)),
        ("API: submit sent → first words", report.percentiles(words)),
        ("API: submit sent → accepted (durable)", report.percentiles(accepted)),
        ("API: accepted → event `running`", report.percentiles(claimed)),
        ("API first words - by hand first whole word", report.percentiles(over)),
        ("4 KiB overwritten and fdatasync, same disk", report.percentiles(disk))])
    report.ratio("chat: first words p50, API / by hand first whole word", report.median(words) / report.median(word),
                 f"{report.median(over):+.2f} ms, median of pairs")
    report.ratio("chat: first words p50, API / by hand first token", report.median(words) / report.median(token))
    report.ratio("chat: what the API adds p50 / 0.3 ms", report.median(over) / 0.3)


def studio_of(folder):
    """A data folder whose pictures are of one run of the engine, and not of the several layers of a scene."""
    os.makedirs(folder)
    with open(f"{folder}/models.json", "w", encoding="utf-8") as file:
        json.dump({"schema": 1, "defaults": {KIND: "nano"}}, file)
    return folder


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--pairs", type=int, default=9, help="of pictures")
    options.add_argument("--chats", type=int, default=41, help="pairs of answers")
    options.add_argument("--steps", type=int, default=16)
    chosen = options.parse_args()
    places = studio.settings()
    threads = os.cpu_count()
    print(f"P11 overhead: {report.load()}")
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-") as folder, \
            studio.Studio("--image-workers", "1", "--chat-workers", "1", "--image-threads", str(threads),
                          "--chat-threads", str(threads), folder=studio_of(f"{folder}/studio")) as server:
        by_hand = PictureByHand(places, threads, folder, chosen.steps)
        try:
            pictures = measure_pictures(server, by_hand, chosen.pairs, chosen.steps)
        finally:
            by_hand.stop()
        talker = ChatByHand(places, threads)
        try:
            chats, disk = measure_chat(server, talker, chosen.chats)
        finally:
            talker.engine.stop()
    print_pictures(pictures, chosen.steps)
    print_chat(chats, disk)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

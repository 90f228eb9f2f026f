#!/usr/bin/env python3
"""P17: how fast the web app is on a phone in the middle of the market.

A real server with 64 kept pictures, 12 in staging and a conversation; Chromium at 360 x 740 with a quarter of the
processor and a slow mobile network (150 ms, 1.6 Mbit/s: Lighthouse's). The pictures and the answers come from the
quick worker, so that no engine takes the processor from the browser. Every round opens the app as a first visitor.
`--web NAME=FOLDER`, given several times, measures several builds of the web app in turn, from the same data.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_kit import report, studio

KEPT, STAGING, BATCH = 64, 12, 6
# name in phone.mjs, words, goal
FIGURES = (("first_paint_ms", "first contentful paint", "ms", 1000),
           ("largest_paint_ms", "largest contentful paint", "ms", 2500),
           ("again_first_paint_ms", "first contentful paint, second visit", "ms", 1000),
           ("script_kb", "JavaScript before the first screen, as transferred", "kB", 170),
           ("open_viewer_ms", "opening a picture in the viewer", "ms", 200),
           ("next_picture_ms", "the next picture in it", "ms", 200),
           ("change_page_ms", "changing to another page", "ms", 200),
           ("typing_ms", "typing while an answer streams", "ms", 200),
           ("scroll_task_ms", "longest task while scrolling 64 pictures", "ms", 50))
PUBLISHED = """published, not measured here:
  civitai, JavaScript before the first screen, brotli: 430.9 kB shared, 954.9 kB for a user's pictures
    (github.com/civitai/civitai/pull/2720, 2026-06-23)
  Immich, InvokeAI: neither publishes paint, interaction or bundle figures that we could find"""


def start(folder, web, workers):
    return studio.Studio("--worker-folder", str(workers), "--web-folder", str(web), folder=str(folder))


def fill(folder, web, workers):
    """Pictures as the queue makes them, 64 of them kept."""
    with start(folder, web, workers) as server:
        made = []
        while len(made) < KEPT + STAGING:
            number = server.submit(kind="sdxl_image_fast", prompt=f"fox on a hill, number {len(made)}", batch=BATCH).body["id"]
            server.wait_for_state(number, "succeeded")
            made += server.call("GET", f"/api/v1/generations/{number}").body["assets"]
        for asset in made[:KEPT]:
            server.call("POST", f"/api/v1/assets/{asset['id']}/keep")


def browse(server, profile):
    """One round of tests/bench/web/phone.mjs: its figures by name."""
    command = ["node", str(studio.ROOT / "tests/bench/web/phone.mjs"), f"http://127.0.0.1:{server.port}"]
    found = subprocess.run(command, env={**os.environ, "PROFILE": profile or ""}, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(found.stdout)


def show(name, rounds):
    report.table(name, [(words, f"{report.spread([one[key] for one in rounds], unit, digits=0)}; goal {goal}")
                        for key, words, unit, goal in FIGURES])
    for key, words, _, goal in FIGURES:
        report.ratio(f"{name}: {words} / goal", report.median([one[key] for one in rounds]) / goal)


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--web", action="append", metavar="NAME=FOLDER", help="default: this checkout's web/dist")
    options.add_argument("--profile", metavar="FOLDER", help="keep a processor profile of each step there")
    chosen = options.parse_args()
    builds = dict(one.split("=", 1) for one in chosen.web or [f"web/dist={studio.ROOT / 'web/dist'}"])
    print(f"P17 web: {report.load()}")
    with tempfile.TemporaryDirectory(prefix="ourvidz-bench-web-") as top:
        workers = Path(top) / "workers"
        workers.mkdir()
        studio.link_quick_workers(workers, studio.programs())
        data = Path(top) / "filled"
        data.mkdir()
        fill(data, next(iter(builds.values())), workers)
        rounds = {name: [] for name in builds}
        for _ in range(chosen.rounds):
            for name, web in builds.items():
                copy = Path(top) / "copy"
                shutil.copytree(data, copy)
                with start(copy, Path(web).resolve(), workers) as server:
                    rounds[name].append(browse(server, chosen.profile))
                shutil.rmtree(copy)
                print(f"  {name}: {json.dumps(rounds[name][-1])}", file=sys.stderr)
    for name, figures in rounds.items():
        show(name, figures)
    print(PUBLISHED)
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

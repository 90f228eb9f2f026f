"""What a picture of the built-in model costs a user: speed.py [--pictures N]

Through the API, as the web page does it: the first preview has come when its bytes are here, the picture when the event
that says so is. On a machine that is otherwise left alone, then beside a neighbour that keeps two processors busy. The
first picture of a fresh studio is not counted, since it may wait for the model to be loaded; how long that took is said.
"""

import argparse
import subprocess
import sys
import time
import typing

from bench_kit import report, studio

PICTURE_MAX_S, PREVIEW_MAX_S, MEMORY_MAX_MIB = 4.0, 0.5, 400
NEIGHBOURS = 2
PROMPT = "a red fox on a light blue background"


class Drawn(typing.NamedTuple):
    finished_s: float
    preview_s: float | None    # until the first one could be seen
    preview_cpu_s: float    # of all processes until then


def draw(server: studio.Studio, seed: int) -> Drawn:
    everybody = report.children(server.pid)
    before = report.cpu_s(everybody)
    accepted = server.submit(kind="sdxl_image_fast", prompt=PROMPT, seed=seed)
    identity, preview_s, cpu_s = accepted.body["id"], None, 0.0

    def concerns(event: studio.Event) -> bool:
        if event.name == "progress" and event.data["generation_id"] == identity:
            return bool(event.data.get("preview_url")) and preview_s is None
        return event.name == "generation" and event.data["id"] == identity and event.data["state"] in ("succeeded", "failed")

    while True:
        event = server.wait_for(concerns)
        if event.name == "generation":
            if event.data["state"] != "succeeded":
                sys.exit(f"failed: {event.data}")
            return Drawn(event.at - accepted.sent, preview_s, cpu_s)
        shown = server.fetch(event.data["preview_url"])
        if shown.status == 200:
            preview_s, cpu_s = shown.at - accepted.sent, report.cpu_s(everybody) - before


def worker_peak_mib(server: studio.Studio) -> int:
    for pid in report.children(server.pid):
        if report.name_of(pid).startswith("diffusion_work"):
            with open(f"/proc/{pid}/status", encoding="utf-8") as file:
                return int(file.read().split("VmHWM:")[1].split()[0]) // 1024
    sys.exit("there is no diffusion worker")


def measure(server: studio.Studio, count: int, title: str) -> None:
    before = report.cpu_s(report.children(server.pid))
    drawn = [draw(server, seed) for seed in range(count)]
    cpu_s = (report.cpu_s(report.children(server.pid)) - before) / count
    pictures = [one.finished_s for one in drawn]
    previews = [one.preview_s for one in drawn if one.preview_s is not None]
    preview_cpu = [one.preview_cpu_s for one in drawn if one.preview_s is not None]
    rows = [
        ("submit → finished", report.spread(pictures, "s")),
        ("submit → first preview", report.spread(previews, "s") if previews else "none came"),
        ("pictures with a preview", f"{len(previews)} of {count}"),
        ("processor time of all processes, whole", f"{cpu_s:.2f} s a picture"),
        ("processor time until the first preview", report.spread(preview_cpu, "s") if previews else "none came"),
    ]
    report.table(f"{title}, {count} pictures, {report.load()}", rows)
    report.ratio(f"{title}: picture / {PICTURE_MAX_S} s", report.median(pictures) / PICTURE_MAX_S)
    if previews:
        report.ratio(f"{title}: first preview / {PREVIEW_MAX_S} s", report.median(previews) / PREVIEW_MAX_S)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pictures", type=int, default=9)
    count = parser.parse_args().pictures
    with studio.Studio() as server:
        print(f"the first picture after a start: {draw(server, 1).finished_s:.2f} s")
        measure(server, count, "alone")
        neighbours = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(NEIGHBOURS)]
        try:
            time.sleep(1)    # they are at work
            measure(server, count, f"beside {NEIGHBOURS} busy loops")
        finally:
            for neighbour in neighbours:
                neighbour.kill()
                neighbour.wait()
        peak = worker_peak_mib(server)
        report.table("memory", [("the worker's peak (RSS)", f"{peak} MiB")])
        report.ratio(f"worker's peak / {MEMORY_MAX_MIB} MiB", peak / MEMORY_MAX_MIB)


if __name__ == "__main__":
    main()

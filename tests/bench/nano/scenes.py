"""Little scenes of the built-in model: scenes.py PROMPTS SHEETS [--seeds N] [--size SIDE]

Asks a studio of its own for the prompts of a file (what stands before the first "|" of each line) with so many seeds each, as a user
does, and writes them as sheets of sixteen, SHEETS/scenes-1.webp and on, which are to be looked at. Prints what a picture takes.
"""

import argparse
import io
import pathlib
import sys

from PIL import Image

from bench_kit import report, studio

COLUMNS, ROWS = 4, 4
QUALITY = 80


def prompts_of(path: pathlib.Path) -> list[str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.split("|")[0].strip() for line in lines if line and not line.startswith("#")]


def draw(server: studio.Studio, prompt: str, seed: int) -> tuple[Image.Image, float]:
    accepted = server.submit(kind="sdxl_image_fast", prompt=prompt, seed=seed)
    identity = accepted.body["id"]
    event = server.wait_for(lambda one: one.name == "generation" and one.data["id"] == identity and one.data["ended_at"] is not None)
    if event.data["state"] != "succeeded":
        sys.exit(f"{prompt}: {event.data['state']}")
    fetched = server.fetch(event.data["assets"][0]["links"]["original"])
    return Image.open(io.BytesIO(fetched.body)).convert("RGB"), event.at - accepted.sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=pathlib.Path)
    parser.add_argument("sheets", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--size", type=int, default=256)
    args = parser.parse_args()
    args.sheets.mkdir(parents=True, exist_ok=True)
    pictures, times = [], []
    with studio.Studio() as server:
        for number, prompt in enumerate(prompts_of(args.prompts)):
            for seed in range(args.seeds):
                picture, seconds = draw(server, prompt, number * args.seeds + seed)
                pictures.append(picture.resize((args.size, args.size), Image.Resampling.LANCZOS))
                times.append(seconds)
    report.table(f"{len(times)} pictures, {report.load()}", [("submit → finished", report.spread(times, "s"))])
    for first in range(0, len(pictures), COLUMNS * ROWS):
        sheet = Image.new("RGB", (COLUMNS * args.size, ROWS * args.size), "white")
        for i, picture in enumerate(pictures[first : first + COLUMNS * ROWS]):
            sheet.paste(picture, (i % COLUMNS * args.size, i // COLUMNS * args.size))
        sheet.save(args.sheets / f"scenes-{first // (COLUMNS * ROWS) + 1}.webp", quality=QUALITY)


if __name__ == "__main__":
    main()

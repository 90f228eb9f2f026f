"""How clips of the built-in picture model move: clips.py [options]

Asks a studio of its own for clips over the API, as a user does, and measures each MP4. Luma (0..255) of all frames at
128 x 128:
- jump: mean distance of two neighbouring frames after motion, that is, each block of 8 x 8 pixels is compared with
  the most similar place of the frame before within 12 pixels (9 % of the side). What moves costs nothing; what tears,
  flips its style or appears from nowhere does. A clip is smooth when its largest jump is at most JUMP_MAX.
- step: mean distance of two neighbouring frames, pixel by pixel, the last frame to the first included. Even motion has
  a largest step that is not far above the median.
- moving: the share of pixels whose luma changes by more than 24 levels over the clip. A still picture has none; a clip
  moves when it has at least MOVING_MIN.

--previews FOLDER   also write animated WebP previews of the first four clips, at most 400 KB each
--sheets FOLDER     also write eight frames of each clip as one picture
--compare FOLDER    the programs of another build in turn with ours
--models FOLDER, --catalog FOLDER   other models than those of the checkout
"""

import argparse
import io
import json
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
from PIL import Image

from bench_kit import report, studio

JUMP_MAX = 3.0
MOVING_MIN = 0.1
SECONDS_MAX = 60
SIDE, BLOCK, REACH = 128, 8, 12
MOVING_LEVELS = 24
CLIPS = [
    ("a red fox jumping in the snow in a snowstorm", 11),
    ("a pirate ship on a stormy sea at night", 2),
    ("a blue car in the city in the rain", 3),
    ("a panda dancing in the forest", 4),
    ("a hot air balloon over green hills", 5),
    ("an owl in the forest at night, zoom in", 7),
    ("a rocket in space, zoom out", 8),
    ("three ducks on a lake at sunset", 9),
    ("a dragon over a castle", 10),
    ("a bee in a flower garden, pan left", 12),
    ("a yellow star spinning on a black background", 6),
    ("a bear holding a red balloon on the beach", 13),
]
PREVIEWS, PREVIEW_SIDE, PREVIEW_BYTES_MAX = 4, 256, 400_000
SHEET_FRAMES, SHEET_SIDE, SHEET_QUALITY = 8, 192, 75


def frames_of(mp4: bytes) -> np.ndarray:
    """(frames, height, width, 3)."""
    form = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-"]
    probe = subprocess.run(
        ["ffprobe", "-v", "error", "-show_entries", "stream=width,height", "-of", "csv=p=0", "-"],
        input=mp4, check=True, capture_output=True,
    )  # fmt: skip
    width, height = map(int, probe.stdout.decode().strip().split(","))
    raw = subprocess.run(["ffmpeg", "-v", "error", "-i", "-", *form], input=mp4, check=True, capture_output=True)
    return np.frombuffer(raw.stdout, np.uint8).reshape(-1, height, width, 3)


def luma_of(frames: np.ndarray) -> np.ndarray:
    """(frames, SIDE, SIDE), 0..255."""
    small = [Image.fromarray(frame).convert("L").resize((SIDE, SIDE), Image.Resampling.BOX) for frame in frames]
    return np.stack([np.asarray(image) for image in small]).astype(np.int16)


def jump(before: np.ndarray, after: np.ndarray) -> float:
    around = np.pad(before, REACH, mode="edge")
    best = np.full((SIDE // BLOCK, SIDE // BLOCK), np.inf)
    for y in range(2 * REACH + 1):
        for x in range(2 * REACH + 1):
            distance = np.abs(after - around[y : y + SIDE, x : x + SIDE])
            blocks = distance.reshape(SIDE // BLOCK, BLOCK, SIDE // BLOCK, BLOCK).mean((1, 3))
            np.minimum(best, blocks, out=best)
    return float(best.mean())


class Measured:
    def __init__(self, frames: np.ndarray, seconds: float, cpu_s: float):
        luma = luma_of(frames)
        self.seconds, self.cpu_s = seconds, cpu_s
        self.frames = len(frames)
        self.jumps = [jump(a, b) for a, b in zip(luma, luma[1:])]
        self.steps = [float(np.abs(a - b).mean()) for a, b in zip(luma, np.roll(luma, -1, 0))]
        self.moving = float((luma.max(0) - luma.min(0) > MOVING_LEVELS).mean())

    @property
    def good(self) -> bool:
        return max(self.jumps) <= JUMP_MAX and self.moving >= MOVING_MIN and self.seconds <= SECONDS_MAX

    def row(self) -> str:
        return (
            f"{self.seconds:5.1f} s, {self.cpu_s:4.1f} core-s  jump {max(self.jumps):4.2f} at most, median {np.median(self.jumps):4.2f}   "
            f"step {max(self.steps):5.2f} at most, median {np.median(self.steps):5.2f}   moving {self.moving:4.0%}"
            f"{'' if self.good else '   BEYOND ITS BOUNDS'}"
        )


def make(server: studio.Studio, prompt: str, seed: int) -> tuple[bytes, float]:
    server.reconnect()    # the server hangs up on who says nothing for as long as a clip can take
    begun = time.perf_counter()
    accepted = server.submit(kind="video_fast", prompt=prompt, seed=seed)
    done = server.wait_for_state(accepted.body["id"], "succeeded", "failed").data
    if done["state"] != "succeeded":
        sys.exit(f"failed: {done}")
    seconds = time.perf_counter() - begun
    asset = json.loads(server.fetch(f"/api/v1/generations/{accepted.body['id']}").body)["assets"][0]
    return server.fetch(asset["links"]["original"]).body, seconds


def preview(frames: np.ndarray, path: pathlib.Path) -> None:
    images = [Image.fromarray(frame).resize((PREVIEW_SIDE,) * 2, Image.Resampling.LANCZOS) for frame in frames[::2]]
    for quality in (80, 65, 50, 35):
        file = io.BytesIO()
        images[0].save(file, "WEBP", save_all=True, append_images=images[1:], duration=125, loop=0, quality=quality, method=6)
        if file.tell() <= PREVIEW_BYTES_MAX:
            path.write_bytes(file.getvalue())
            return


def sheet(frames: np.ndarray, path: pathlib.Path) -> None:
    canvas = Image.new("RGB", (SHEET_SIDE * SHEET_FRAMES, SHEET_SIDE))
    for number in range(SHEET_FRAMES):
        image = Image.fromarray(frames[number * len(frames) // SHEET_FRAMES]).resize((SHEET_SIDE,) * 2, Image.Resampling.LANCZOS)
        canvas.paste(image, (number * SHEET_SIDE, 0))
    canvas.save(path, quality=SHEET_QUALITY)


def measure(args: argparse.Namespace, programs: str | None, label: str) -> list[Measured]:
    if programs:
        os.environ["OURVIDZ_BENCH_BIN"] = programs
    options = [text for name in ("models", "catalog") if getattr(args, name) for text in (f"--{name}-folder", getattr(args, name))]
    all_measured = []
    print(f"{label}:")
    with studio.Studio(*options) as server:
        make(server, "a red fox", 1)    # loads what is to be loaded
        for number, (prompt, seed) in enumerate(CLIPS[: args.clips]):
            before = report.cpu_s(report.children(server.pid))
            mp4, seconds = make(server, prompt, seed)
            cpu_s = report.cpu_s(report.children(server.pid)) - before
            frames = frames_of(mp4)
            measured = Measured(frames, seconds, cpu_s)
            all_measured.append(measured)
            print(f"  {prompt:46} {measured.row()}", flush=True)
            name = f"{number + 1}-{prompt.split(' on ')[0].replace(' ', '-')}"
            if args.previews and number < PREVIEWS and not programs:
                preview(frames, args.previews / f"{name}.webp")
            if args.sheets:
                sheet(frames, args.sheets / f"{name}{'-other' if programs else ''}.webp")
    return all_measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("previews", "sheets"):
        parser.add_argument(f"--{name}", type=pathlib.Path)
    for name in ("compare", "models", "catalog"):
        parser.add_argument(f"--{name}")
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--clips", type=int, default=len(CLIPS), help="only the first so many")
    args = parser.parse_args()
    for folder in (args.previews, args.sheets):
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
    print(f"clips: {report.load()}; bounds: jump {JUMP_MAX}, moving {MOVING_MIN:.0%}, {SECONDS_MAX} s")
    ours = measure(args, None, "clips of 5 s, 16 frames a second, 512 x 512")
    others = measure(args, args.compare, f"the same by {args.compare}") if args.compare else []
    for measured, label in ((ours, "ours"), (others, "other")):
        if measured:
            print(
                f"{label}: {sum(one.good for one in measured)} of {len(measured)} within the bounds; largest jump "
                f"{max(max(one.jumps) for one in measured):.2f}, least moving {min(one.moving for one in measured):.0%}, "
                f"slowest {max(one.seconds for one in measured):.1f} s"
            )
    report.ratio("largest jump / bound", max(max(one.jumps) for one in ours) / JUMP_MAX)
    report.ratio("seconds a clip / 60 s", max(one.seconds for one in ours) / SECONDS_MAX)
    if args.json:
        shown = [{"seconds": m.seconds, "core_seconds": m.cpu_s, "jump": max(m.jumps), "step": max(m.steps), "moving": m.moving} for m in ours]
        args.json.write_text(json.dumps(shown, indent=1) + "\n")
    print(f"end: {report.load()}")


if __name__ == "__main__":
    main()

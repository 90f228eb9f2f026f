"""How well the model draws, through the engine: evaluate.py DIFFUSION_WORKER MODEL_FOLDER [options]

Draws every thing in each style, or once ("a fox"; with 4 seeds where they are fewer than 50), and the 64 prompts of
evaluation.txt with 4 seeds each, has the judge look at them (judge.py: not part of the product), and prints a table. 8 steps, guidance 2.5,
128 x 128, nothing picked.

--sheets FOLDER    also write the pictures of the 64 prompts, 4 prompts x 4 seeds a sheet, and of every thing
--known NANO.json  leave out what the catalogue's entry does not name among the words that the model knows, and let the
                   seed choose one of its style words, as the studio does
--styles WORD...   these style words
--words FILE       only the things named in FILE, one a line, and not the 64 prompts
--json FILE        also write what was measured
"""

import argparse
import json
import pathlib
import time
import typing

import numpy as np
from PIL import Image

from judge import Judge, halved, sides
from worker import Worker

HERE = pathlib.Path(__file__).parent
SIDE = 128
SIZES = {"portrait": (128, 192), "landscape": (192, 128)}
SEEDS = (1, 2, 3, 4)
SHOWN_OF_OTHER_SIZES = 8
TALL_OR_WIDE_EVERY = 8    # of the things, which are drawn in the other two sizes as well
TARGETS = {
    "things, top 1": 0.8, "things, top 5": 0.95, "colour": 0.9, "background": 0.9, "pairs, both right": 0.6,
}  # fmt: skip


class Case(typing.NamedTuple):
    prompt: str
    things: list[str]
    colour: str
    ground: str
    unseen: bool


def read_cases() -> list[Case]:
    cases = []
    for line in (HERE / "evaluation.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            prompt, things, colour, ground, unseen = (part.strip() for part in line.split("|"))
            cases.append(Case(prompt, things.split(", "), colour, ground, unseen == "unseen"))
    return cases


class Counted:
    """Shares of right answers by name."""

    def __init__(self):
        self.right, self.all = {}, {}

    def add(self, name: str, right: bool) -> None:
        self.right[name] = self.right.get(name, 0) + bool(right)
        self.all[name] = self.all.get(name, 0) + 1

    def share(self, name: str) -> float:
        return self.right[name] / self.all[name]


class Artist:
    """The engine with the model, and what drawing costs."""

    def __init__(self, program: str, folder: pathlib.Path, styles: list[str]):
        self.worker, self.styles = Worker(program), styles
        started = time.perf_counter()
        self.worker.load_nano(folder)
        self.load_s = time.perf_counter() - started
        self.wall_s, self.cpu_s = [], []

    def draw(self, prompt: str, seed: int, width: int = SIDE, height: int = SIDE) -> np.ndarray:
        if self.styles:
            prompt += " " + self.styles[seed % len(self.styles)]
        wall, cpu = time.perf_counter(), self.worker.cpu_s()
        pixels = self.worker.draw(prompt, seed, width, height)
        self.wall_s.append(time.perf_counter() - wall)
        self.cpu_s.append(self.worker.cpu_s() - cpu)
        return np.frombuffer(pixels, np.uint8).reshape(height, width, 3)


def with_article(thing: str) -> str:
    return ("an " if thing[0] in "aeiou" else "a ") + thing


def judge_things(judge: Judge, names: list[str], pictures: np.ndarray, counted: Counted, label: str) -> list[str]:
    """Returns what was taken for something else."""
    wrong = []
    scores = judge.scores(halved(pictures))[0]
    for name, score in zip(names, scores):
        best, number = np.argsort(-score)[:5], judge.names["thing"].index(name)
        counted.add(f"{label}, top 1", best[0] == number)
        counted.add(f"{label}, top 5", number in best)
        if best[0] != number:
            wrong.append(f"{name} ({judge.names['thing'][best[0]]})")
    return wrong


def judge_case(judge: Judge, case: Case, pictures: np.ndarray, counted: Counted) -> None:
    things, colours, grounds = judge.scores(halved(pictures))
    unseen = " (unseen)" if case.unseen else ""
    if len(case.things) == 1:
        for score in things:
            counted.add(f"64 prompts, right thing{unseen}", judge.names["thing"][score.argmax()] == case.things[0])
    else:
        both = [judge.scores(side)[0].argmax(1) for side in sides(pictures)]
        for left, right in zip(*both):
            seen = [judge.names["thing"][left], judge.names["thing"][right]]
            same = case.things[0] == case.things[1]
            counted.add(f"{'two alike' if same else 'pairs'}, both right{'' if same else unseen}", seen == case.things)
            if not same:
                counted.add("pairs, each side right", seen[0] == case.things[0])
                counted.add("pairs, each side right", seen[1] == case.things[1])
    if case.colour and len(case.things) == 1:
        for score in colours:
            counted.add(f"colour{unseen}", judge.names["colour"][score.argmax()] == case.colour)
    if case.ground:
        for score in grounds:
            counted.add(f"background{unseen}", judge.names["ground"][score.argmax()] == case.ground)


def spread(pictures: np.ndarray) -> float:
    """How far apart the pictures of one prompt are: mean difference of 255 between two of them."""
    values = pictures.astype(np.float32)
    pairs = [(a, b) for a in range(len(values)) for b in range(a)]
    return float(np.mean([np.abs(values[a] - values[b]).mean() for a, b in pairs]))


def sheet(pictures: list[np.ndarray], columns: int, path: pathlib.Path) -> None:
    height, width, _ = pictures[0].shape
    rows = -(-len(pictures) // columns)
    canvas = np.full((rows * height, columns * width, 3), 255, np.uint8)
    for number, picture in enumerate(pictures):
        y, x = number // columns * height, number % columns * width
        canvas[y : y + height, x : x + width] = picture
    Image.fromarray(canvas).save(path, quality=82, method=6)


def every_thing(artist: Artist, judge: Judge, names: list[str], seeds: tuple[int, ...], counted: Counted) -> tuple:
    drawn = [(name, artist.draw(with_article(name), seed)) for name in names for seed in seeds]
    pictures = np.stack([picture for _, picture in drawn])
    return pictures, judge_things(judge, [name for name, _ in drawn], pictures, counted, "things")


def middle(picture: np.ndarray) -> np.ndarray:
    y, x = ((side - SIDE) // 2 for side in picture.shape[:2])
    return picture[y : y + SIDE, x : x + SIDE]


def other_sizes(artist: Artist, judge: Judge, names: list[str], counted: Counted) -> list[np.ndarray]:
    """Things in portrait and landscape; the judge looks at the middle, where a single thing is."""
    shown = []
    for label, (width, height) in SIZES.items():
        drawn = [artist.draw(with_article(name), SEEDS[i % 2], width, height) for i, name in enumerate(names)]
        judge_things(judge, names, np.stack([middle(picture) for picture in drawn]), counted, label)
        shown.append(np.concatenate(drawn[:SHOWN_OF_OTHER_SIZES], 1))
    return shown


def report(artist: Artist, judge: Judge, counted: Counted, spreads: list[float]) -> dict:
    measured = {name: round(counted.share(name), 3) for name in counted.all}
    for name, share in measured.items():
        wanted = TARGETS.get(name)
        goal = f"   (target {wanted:.0%}{'' if share >= wanted else ', missed'})" if wanted else ""
        print(f"{name:40} {share:6.1%} of {counted.all[name]}{goal}")
    costs = {
        "seconds a picture, median": round(float(np.median(artist.wall_s)), 2),
        "core-seconds a picture, median": round(float(np.median(artist.cpu_s)), 2),
        "seconds to load": round(artist.load_s, 2),
        "worker memory at most, MB": artist.worker.peak_mb(),
    }
    if spreads:
        costs["difference between seeds, of 255"] = round(float(np.mean(spreads)), 1)
    for name, value in costs.items():
        print(f"{name:40} {value}")
    print("the judge itself, on renderings that it never saw:")
    for name, value in judge.own_accuracy.items():
        print(f"    {name:36} {value:.1%}")
    return {"shares": measured, "counts": counted.all, "costs": costs, "judge": judge.own_accuracy}


def all_known(prompt: str, vocabulary: dict | None, lists: tuple[str, ...]) -> bool:
    """Whether all words of the prompt, or what is left without a plural's s, are in these lists of a catalogue entry; yes
    without one."""
    if not vocabulary:
        return True
    known = {word for name in lists for word in vocabulary[name]}
    return all({word, word.removesuffix("s")} & known for word in prompt.lower().split())


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("worker")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("--sheets", type=pathlib.Path)
    parser.add_argument("--known", type=pathlib.Path)
    parser.add_argument("--styles", nargs="+", default=[])
    parser.add_argument("--words", type=pathlib.Path)
    parser.add_argument("--json", type=pathlib.Path)
    args = parser.parse_args()
    entry = json.loads(args.known.read_text()) if args.known else {}
    vocabulary, styles = entry.get("vocabulary"), args.styles or entry.get("style_words", [])
    judge, counted, spreads = Judge(HERE / "judge.npz"), Counted(), []
    artist = Artist(args.worker, args.model.resolve(), styles)
    names = args.words.read_text().splitlines() if args.words else judge.names["thing"]
    names = [name for name in names if all_known(name, vocabulary, ("known",))]
    lists = ("known", "also_known", "ignored")
    cases = [case for case in read_cases() if all_known(case.prompt, vocabulary, lists) and not args.words]
    print(f"{len(names)} things and {len(cases)} of the 64 prompts, drawn by the engine", flush=True)
    seeds = SEEDS if len(names) < 50 else SEEDS[: max(1, len(styles))]
    pictures, wrong = every_thing(artist, judge, names, seeds, counted)
    if args.sheets:
        args.sheets.mkdir(parents=True, exist_ok=True)
        sheet(list(halved(pictures)), 20, args.sheets / "every-thing.webp")
    if not args.words:
        for label, row in zip(SIZES, other_sizes(artist, judge, names[::TALL_OR_WIDE_EVERY], counted)):
            if args.sheets:
                sheet([row], 1, args.sheets / f"{label}.webp")
    shown = []
    for case in cases:
        drawn = np.stack([artist.draw(case.prompt, seed) for seed in SEEDS])
        judge_case(judge, case, drawn, counted)
        spreads.append(spread(drawn))
        shown += list(drawn)
    if args.sheets and shown:
        for start in range(0, len(shown), 16):
            sheet(shown[start : start + 16], 4, args.sheets / f"prompts-{start // 16 + 1:02}.webp")
    measured = report(artist, judge, counted, spreads)
    print(f"not taken for what was asked: {', '.join(wrong) or 'none'}")
    if args.json:
        args.json.write_text(json.dumps(measured | {"wrong": wrong}, indent=1) + "\n")


if __name__ == "__main__":
    main()

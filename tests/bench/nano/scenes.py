"""Little scenes of the built-in model: scenes.py PROMPTS SHEETS [--seeds N] [--size SIDE]

Asks a studio of its own for the prompts of a file (models/nano/recipe/scenes/evaluation.txt says what its lines are) with so many seeds
each, as a user does, and writes them as sheets of sixteen, SHEETS/scenes-1.webp and on, which are to be looked at. Two judges, which
learnt from the recipe's own scenes (train_scene_judge.py), say what they see: of each thing in the square where the recipe of the picture
says that it stands, and of the place in the whole picture. Prints how often they are right, and what a picture takes.
"""

import argparse
import io
import pathlib
import sys
import typing

import numpy as np
from PIL import Image

from bench_kit import report, studio

RECIPE = pathlib.Path(__file__).resolve().parents[3] / "models/nano/recipe"
sys.path.insert(0, str(RECIPE))
from judge import Judge, seen_about, seen_whole  # noqa: E402  (found by the line above)

COLUMNS, ROWS = 4, 4
QUALITY = 80
SEEN = 192    # pixels of the picture that the judges learnt from


class Case(typing.NamedTuple):
    prompt: str
    things: list[str]
    place: str
    colours: list[str]
    unseen: bool


def cases_of(path: pathlib.Path) -> list[Case]:
    cases = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            prompt, things, place, colours, remark = (part.strip() for part in line.split("|"))
            cases.append(Case(prompt, things.split(", "), place, colours.split(", ") if colours else [], remark == "unseen"))
    return cases


class Counted:
    """How often something was right, in the order in which it was first asked."""

    def __init__(self):
        self.all = {}

    def add(self, what: str, right: bool, unseen: bool) -> None:
        for label in (what, f"{what}, unseen combinations") if unseen else (what,):
            counts = self.all.setdefault(label, [0, 0])
            counts[0] += bool(right)
            counts[1] += 1

    def rows(self) -> list[tuple[str, str]]:
        return [(what, f"{100 * right / count:.1f} % of {count}") for what, (right, count) in sorted(self.all.items())]


class Judges:
    def __init__(self):
        self.of_things, self.of_places = Judge(RECIPE / "scene_things.npz"), Judge(RECIPE / "scene_places.npz")

    def look(self, case: Case, picture: Image.Image, scene: dict, counted: Counted) -> str:
        """Counts what is right; says what is not."""
        small = np.asarray(picture.resize((SEEN, SEEN), Image.Resampling.BOX))
        names, colours = self.of_things.names["thing"], self.of_things.names["colour"]
        seen, painted = [], []
        for thing in scene["things"]:
            left, top, width, height = (value * SEEN / picture.width for value in thing["box"])
            scores = self.of_things.scores(seen_about(small, (left, top, left + width, top + height))[None])
            order = [names[i] for i in np.argsort(-scores[0][0])[:5]]
            seen.append(order)
            painted.append(colours[scores[1][0].argmax()])
        for number, name in enumerate(case.things):
            order = seen[number] if number < len(seen) else [""]
            counted.add("thing", order[0] == name, case.unseen)
            counted.add("thing, among five", name in order, case.unseen)
        things_right = [order[0] for order in seen] == case.things
        for colour in case.colours:
            # It is said of the last thing that is named: "a bear holding a red balloon".
            counted.add("colour", painted and painted[-1] == colour, case.unseen)
        places = self.of_places.names["place"]
        place = places[self.of_places.scores(seen_whole(small)[None])[0][0].argmax()]
        if case.place:
            counted.add("place", place == case.place, case.unseen)
        right = things_right and (not case.place or place == case.place)
        counted.add("all of it", right, case.unseen)
        return "" if right else f"{case.prompt}: {', '.join(order[0] for order in seen)} in {place}"


def draw(server: studio.Studio, prompt: str, seed: int) -> tuple[Image.Image, dict, float]:
    """The picture, what its recipe says of the scene, and the seconds that it took."""
    server.reconnect()    # it hangs up on who says nothing for as long as a picture can take
    accepted = server.submit(kind="sdxl_image_fast", prompt=prompt, seed=seed)
    identity = accepted.body["id"]
    event = server.wait_for(lambda one: one.name == "generation" and one.data["id"] == identity and one.data["ended_at"] is not None)
    if event.data["state"] != "succeeded":
        sys.exit(f"{prompt}: {event.data['state']}")
    asset = event.data["assets"][0]
    fetched = server.fetch(asset["links"]["original"])
    return Image.open(io.BytesIO(fetched.body)).convert("RGB"), asset["recipe"]["scene"], event.at - accepted.sent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("prompts", type=pathlib.Path)
    parser.add_argument("sheets", type=pathlib.Path)
    parser.add_argument("--seeds", type=int, default=2)
    parser.add_argument("--size", type=int, default=256)
    args = parser.parse_args()
    args.sheets.mkdir(parents=True, exist_ok=True)
    pictures, times, wrong = [], [], []
    judges, counted = Judges(), Counted()
    with studio.Studio() as server:
        for number, case in enumerate(cases_of(args.prompts)):
            for seed in range(args.seeds):
                picture, scene, seconds = draw(server, case.prompt, number * args.seeds + seed)
                wrong.append(judges.look(case, picture, scene, counted))
                pictures.append(picture.resize((args.size, args.size), Image.Resampling.LANCZOS))
                times.append(seconds)
    report.table(f"{len(times)} pictures, {report.load()}", [("submit → finished", report.spread(times, "s"))])
    report.table("judged right", counted.rows())
    for judge in (judges.of_things, judges.of_places):
        report.table("the judge itself, on scenes that it never saw", [(what, f"{100 * share:.1f} %") for what, share in judge.own_accuracy.items()])
    print("\n".join(["", "not right:", *filter(None, wrong)]))
    for first in range(0, len(pictures), COLUMNS * ROWS):
        sheet = Image.new("RGB", (COLUMNS * args.size, ROWS * args.size), "white")
        for i, picture in enumerate(pictures[first : first + COLUMNS * ROWS]):
            sheet.paste(picture, (i % COLUMNS * args.size, i // COLUMNS * args.size))
        sheet.save(args.sheets / f"scenes-{first // (COLUMNS * ROWS) + 1}.webp", quality=QUALITY)


if __name__ == "__main__":
    main()

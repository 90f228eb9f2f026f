"""How well the two layers are drawn: check_layers.py DIFFUSION_WORKER MODEL_FOLDER DRAWINGS OUT [--every N]

Draws every N-th thing in each of its ways and, painted, in one colour, and every place in its first light, through the engine, with
the studio's own words. A drawing counts as right when, of all the drawings of the recipe, the one that it is nearest to (root mean square
of 32 x 32 pixels) is of the thing that was asked for. Writes OUT/things.png and OUT/places.png, which are to be looked at.
"""

import argparse
import pathlib
import random

import numpy as np
from PIL import Image

from network import Text
from place_codes import PlaceCodes
from scenes.composing import COLOURS, paintable
from scenes.layers import Things, caption, lights
from scenes.registry import PLACES
from worker import FILES, GUIDANCE, LOAD, RUN, STEPS, THREADS, Worker

SEED = 7
LOOKED_AT = 32    # pixels
COLUMNS = 24


def small(picture: np.ndarray) -> np.ndarray:
    image = Image.fromarray(picture).resize((LOOKED_AT, LOOKED_AT), Image.Resampling.BOX)
    return np.asarray(image, np.float32).reshape(-1)


def load(worker: Worker, folder: pathlib.Path) -> None:
    names = FILES | {"diffusion": "things.gguf", "second_diffusion": "places.gguf"}
    files = {role: str(folder / name) for role, name in names.items()}
    worker.ask(LOAD, {"model": "nano-scenes", "family": "z_image", "files": files, "options": {"threads": THREADS}})


def pixels(made: bytes, width: int, height: int) -> np.ndarray:
    return np.frombuffer(made, np.uint8).reshape(height, width, 3)


def sheet(pictures: list[np.ndarray], columns: int, path: pathlib.Path) -> None:
    height, width = pictures[0].shape[:2]
    canvas = Image.new("RGB", (columns * width, -(-len(pictures) // columns) * height), "white")
    for i, picture in enumerate(pictures):
        canvas.paste(Image.fromarray(picture), (i % columns * width, i // columns * height))
    canvas.save(path)


class Judge:
    """The drawings of the recipe, small: as they are, and in the colours that are asked for."""

    def __init__(self, things: Things):
        self.things, self.kept = things, {}

    def references(self, colour: str) -> tuple[list[str], np.ndarray]:
        if colour not in self.kept:
            names, rows = [], []
            for thing, drawing in self.things.all:
                paint = COLOURS[colour] if colour and drawing.style and paintable(thing.name) else None
                names.append(thing.name)
                rows.append(small(self.things.picture(random.Random(1), drawing.name, paint)[0]))
            self.kept[colour] = names, np.stack(rows)
        return self.kept[colour]

    def nearest(self, picture: np.ndarray, colour: str) -> list[str]:
        names, rows = self.references(colour)
        order = np.argsort(((rows - small(picture)) ** 2).mean(1))
        return list(dict.fromkeys(names[i] for i in order[:12]))[:5]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("drawings")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    worker, things, rnd = Worker(args.program), Things(args.drawings), random.Random(3)
    judge = Judge(things)
    load(worker, args.model)
    own_colours = {"dragon": "green"}
    drawn, wrong, counts = [], [], {"first": 0, "five": 0, "painted": 0, "painted first": 0}
    for thing, drawing in things.all[:: args.every]:
        painted = [rnd.choice(list(COLOURS))] if drawing.style and paintable(thing.name) else []
        for colour in [own_colours.get(thing.name, ""), *painted]:
            picture = pixels(worker.draw(caption(thing.name, colour, drawing.style), SEED, 128, 128), 128, 128)
            found = judge.nearest(picture, colour if colour in painted else "")
            if colour in painted:
                counts["painted"] += 1
                counts["painted first"] += found[0] == thing.name
                continue
            drawn.append(picture)
            counts["first"] += found[0] == thing.name
            counts["five"] += thing.name in found
            if found[0] != thing.name:
                wrong.append(f"{thing.name} ({drawing.style or 'own'}): {found[0]}")
    print(f"{len(drawn)} drawings: right {100 * counts['first'] / len(drawn):.1f} %, among five {100 * counts['five'] / len(drawn):.1f} %")
    print(f"{counts['painted']} painted: right {100 * counts['painted first'] / max(1, counts['painted']):.1f} %")
    print("not right: " + "; ".join(wrong))
    sheet(drawn, COLUMNS, args.out / "things.png")
    codes, places = PlaceCodes(Text()), []
    for place in PLACES:
        time, weather = lights(place)[rnd.randrange(len(lights(place)))]
        words = f"{codes.place(place)} {codes.light(time, weather, PLACES[place].indoor)}".strip()
        request = {"prompt": words, "width": 192, "height": 192, "steps": STEPS, "guidance": GUIDANCE, "seed": SEED}
        made = worker.ask(RUN, {"task": "image", "request": request | {"preview": False, "second_network": True}})
        places.append(pixels(made, 192, 192))
    sheet(places, 9, args.out / "places.png")


if __name__ == "__main__":
    main()

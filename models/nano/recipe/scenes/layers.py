"""The two layers that the studio puts a scene together from: a thing by itself, and a place with nobody in it.

A thing fills its picture, before a colour that no drawing has, so that it can be taken off it. Its caption is the studio's own and
always the same: the colour that it is painted in, its name, and the set of drawings; and so is that of a place.
"""

import random
import typing

import numpy as np

from scenes import scene    # noqa: F401: all places and own drawings are entered
from scenes.composing import COLOURS, paintable
from scenes.palette import TIMES
from scenes.pen import Pen
from scenes.placing import Placing, Put
from scenes.registry import PLACES
from scenes.sentences import ONE, PARTS, WET
from scenes.sprites import Sprites
from scenes.things import THINGS, Thing

STYLE_WORDS = {"fluent": "yc", "noto": "yg"}
KEY = (255, 0, 255)    # of 1,200 drawings, one pixel in a hundred thousand is nearer than 90 to it
SIDE = 128
FILLED = 0.88    # of the picture's side, by the longer side of the thing
PAINTED = 0.3    # of the pictures of what can be painted
TRIED = 256    # units of the sheet on which a drawing's extent is looked for


class Drawing(typing.NamedTuple):
    name: str    # "own:NAME", "head:SET/NAME" or "SET/NAME"
    style: str    # the word for its set; nothing for our own


def drawings_of(thing: Thing, sprites: Sprites) -> list[Drawing]:
    """One of each set: two drawings under one name would be averaged."""
    found = {}
    for drawing in thing.drawings:
        kind, _, icon = drawing.rpartition(":")
        if kind == "own":
            found.setdefault("", Drawing(drawing, ""))
            continue
        for style, word in STYLE_WORDS.items():
            if sprites.exists(f"{style}/{icon}"):
                found.setdefault(style, Drawing(f"{kind}:{style}/{icon}" if kind else f"{style}/{icon}", word))
    if "" in found and thing.drawings[0].startswith("own:"):
        return [found[""]]
    return [drawing for style, drawing in found.items() if style]


def caption(name: str, colour: str, style: str) -> str:
    return " ".join(word for word in (colour, name, style) if word)


class Things:
    """Pictures of single things; bounds are looked for once for each drawing."""

    def __init__(self, folder: str):
        self.sprites, self.bounds = Sprites(folder), {}
        self.all = [(thing, drawing) for thing in THINGS.values() for drawing in drawings_of(thing, self.sprites)]

    def sheet(self, size: int, zoom: float, seed: int, ground: tuple | None) -> Placing:
        stage = Placing(seed, "meadow", "day", "clear", self.sprites, size, size, zoom)
        stage.p = Pen(size, size, zoom)
        if ground:
            stage.p.rect(0, 0, size, size, ground)
        return stage

    def extent(self, drawing: str) -> tuple[float, float, float, float]:
        """Left, top, right, bottom beside the foot, in units of its height."""
        if drawing not in self.bounds:
            q = TRIED * 0.4
            stage = self.sheet(TRIED, 1, 0, None)
            stage.draw(Put(drawing, "g", 0, 0, q), TRIED / 2, TRIED * 0.8)
            stage.p.surface.flush()
            alpha = np.frombuffer(stage.p.surface.get_data(), np.uint8).reshape(TRIED, TRIED, 4)[..., 3] > 24
            rows, columns = np.where(alpha.any(1))[0], np.where(alpha.any(0))[0]
            x, y = TRIED / 2, TRIED * 0.8
            self.bounds[drawing] = tuple(
                float(v) for v in ((columns[0] - x) / q, (rows[0] - y) / q, (columns[-1] + 1 - x) / q, (rows[-1] + 1 - y) / q)
            )
        return self.bounds[drawing]

    def picture(self, rnd: random.Random, drawing: str, colour: tuple | None, ground: tuple = KEY) -> tuple[np.ndarray, dict]:
        """SIDE x SIDE x 3 bytes, and the colours that an own drawing took."""
        left, top, right, bottom = self.extent(drawing)
        q = SIDE * FILLED / max(right - left, bottom - top) * rnd.uniform(0.98, 1.02)
        x = SIDE / 2 - (left + right) / 2 * q + rnd.uniform(-1, 1)
        y = SIDE / 2 - (top + bottom) / 2 * q + rnd.uniform(-1, 1)
        stage = self.sheet(SIDE, 1, rnd.randrange(1 << 30), ground)
        stage.draw(Put(drawing, "g", x, y, q, 1, 0.0, colour), x, y)
        return stage.p.array(), stage.said

    def sample(self, rnd: random.Random) -> tuple[str, np.ndarray]:
        thing, drawing = rnd.choice(self.all)
        said, colour = "", None
        if drawing.style and paintable(thing.name) and rnd.random() < PAINTED:
            said = rnd.choice(list(COLOURS))
            colour = tuple(min(255, max(0, v + rnd.choice((-6, 0, 6)))) for v in COLOURS[said])
        picture, took = self.picture(rnd, drawing.name, colour)
        said = took.get(drawing.name.removeprefix("own:"), said)
        return caption(thing.name, said, drawing.style), picture


def when(time: str, weather: str, indoor: bool) -> str:
    """One of the ways in which scenes say it (sentences.py)."""
    if weather == "clear":
        return "" if time == "day" else PARTS[time][0]
    adjective, phrase = WET[weather]
    return phrase if time == "day" and not indoor else f"on a {adjective} {ONE[time]}"


def place_caption(place: str, time: str, weather: str) -> str:
    return f"{PLACES[place].noun} {when(time, weather, PLACES[place].indoor)}".strip()


def lights(place: str) -> list[tuple[str, str]]:
    """Times and weathers in which it is drawn."""
    if not PLACES[place].timed:
        return [("day", "clear")]
    return [(time, weather) for time in TIMES for weather in dict.fromkeys(("clear", *PLACES[place].weathers))]


def empty_place(seed: int, place: str, time: str, weather: str, sprites: Sprites, width: int, height: int, zoom: float) -> Placing:
    """The place with its sky and fog; what falls before the things is not there: the studio draws it."""
    stage = Placing(seed, place, time, weather, sprites, width, height, zoom)
    PLACES[place].draw(stage)
    stage.veil_back()
    return stage

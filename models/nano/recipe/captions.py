"""Training pictures and their captions: the drawings, recoloured, placed, and laid on a background."""

import math
import pathlib
import random
import typing

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from scenes.things import THINGS

HERE = pathlib.Path(__file__).parent
SOURCE = 256    # pixels of a drawing
UNIT = 128    # what a thing of scale 1 fills
SHAPES = {"square": (128, 128), "portrait": (192, 128), "landscape": (128, 192)}    # height, width
COLOURS = {
    "red": (220, 40, 45),
    "orange": (245, 130, 30),
    "yellow": (250, 205, 40),
    "green": (60, 165, 75),
    "blue": (45, 110, 225),
    "purple": (135, 70, 200),
    "pink": (245, 130, 185),
    "brown": (135, 85, 50),
    "black": (40, 40, 44),
    "white": (245, 245, 245),
    "gray": (145, 148, 152),
}
BACKGROUNDS = COLOURS | {"light blue": (175, 215, 250), "light green": (190, 235, 180)}
PLAIN_BACKGROUND = (250, 250, 250)
PALE_BACKGROUND = (206, 222, 240)    # behind what is white itself
PALE = 200    # mean of 255 from which a drawing is white
# Never shown in training: whether the model draws them tells whether it has learnt colours, things and grounds apart.
UNSEEN_COLOURS = {
    ("blue", "cat"), ("purple", "apple"), ("pink", "house"), ("green", "dog"), ("orange", "elephant"), ("blue", "banana"),
    ("yellow", "rocket"), ("red", "turtle"),
}  # fmt: skip
UNSEEN_GROUNDS = {("lion", "purple"), ("guitar", "orange"), ("cupcake", "blue"), ("castle", "pink")}
UNSEEN_PAIRS = [{"cat", "dog"}, {"apple", "banana"}, {"car", "tree"}, {"star", "heart"}]
OPENINGS = [""] * 6 + ["a "] * 6 + ["A "] * 2 + ["a picture of a ", "a drawing of a ", "an emoji of a ", "the "]
PLACES = {"on the left": (-0.22, 0), "on the right": (0.22, 0), "at the top": (0, -0.22), "at the bottom": (0, 0.22)}
# Graded words for where a thing is and how it stands, one of each kind behind a caption; a clip moves along them. In the
# middle is how a thing is drawn without them, but for the size, whose last is the full one.
POSES = {
    "across": "xa xb xc xd xe xf xl xm xn".split(),
    "down": "wa wb wc wd wf wg wh wk wl".split(),
    "tilt": "rb rc rd rf rg rh rk rl rm".split(),
    "size": "za zb zd zf zg zh zk zm zn".split(),
}
# Behind a caption whose things are all from one set of drawings: from which. The studio lets the seed choose.
STYLE_WORDS = {"fluent": "yc", "noto": "yg"}
SHIFT, TURN, SMALLEST, GROWTH = 0.05, 7.5, 0.52, 0.06    # of the picture; degrees; of the full size
PLURALS = {"mouse": "mice", "cactus": "cacti", "leaf": "leaves", "maple leaf": "maple leaves"}
SAME_PLURAL = {"fish", "deer", "sheep", "shrimp", "goldfish", "pufferfish", "jellyfish"}
# Things that are not counted.
MASS = set(
    "sushi rice spaghetti popcorn milk coffee honey tea lightning rain snow thunderstorm money sparkles fire soap "
    "noodles pancakes fries grapes blueberries glasses sunglasses jeans gloves socks scissors headphones books corn "
    "broccoli lettuce chocolate soup salad yarn soda sunrise beach bread dice earth moon sun gloves cheese".split()
)
LUMINANCE = torch.tensor([0.299, 0.587, 0.114]).view(3, 1, 1)


# How often each set of drawings is drawn from.
STYLES = {"fluent": 0.7, "noto": 0.3}


class Thing(typing.NamedTuple):
    name: str
    synonyms: list[str]
    drawings: list[str]    # "fluent/NAME" or "noto/NAME"
    weights: list[float]


def read_things(path: pathlib.Path = HERE / "concepts.txt", styles: dict[str, float] = STYLES) -> list[Thing]:
    things = []
    for line in path.read_text().splitlines():
        if "=" not in line or line.startswith("#"):
            continue
        names, sources = line.split("=")
        first, *others = [name.strip() for name in names.split(",")]
        drawings, weights = [], []
        for number, source in enumerate(sources.split()):
            only, name = (source[0], source[2:]) if source[1] == ":" else ("", source)
            for folder, weight in styles.items():
                if only in ("", folder[0]) or folder not in STYLES:
                    drawings.append(f"{folder}/{name}")
                    weights.append(weight * (1 if number == 0 else 0.6))
        things.append(Thing(first, others, drawings, weights))
    return things


def things_of_scenes(folder: pathlib.Path, known: set[str], styles: dict[str, float]) -> list[Thing]:
    """What scenes/things.txt has beside the concepts, where a set of drawings has it."""
    things = []
    for thing in THINGS.values():
        names = [drawing.removeprefix("head:") for drawing in thing.drawings if not drawing.startswith("own:")]
        drawings = [f"{set_}/{name}" for name in names for set_ in styles if (folder / set_ / f"{name}.png").exists()]
        if thing.name not in known and drawings:
            weights = [styles[drawing.split("/")[0]] for drawing in drawings]
            things.append(Thing(thing.name, thing.synonyms, drawings, weights))
    return things


def plural(name: str) -> str:
    if name in PLURALS:
        return PLURALS[name]
    if name in SAME_PLURAL:
        return name
    if name.endswith(("s", "x", "ch", "sh")):
        return name + "es"
    if name.endswith("y") and name[-2] not in "aeiou":
        return name[:-1] + "ies"
    return name + "s"


def recolour(rgb: torch.Tensor, alpha: torch.Tensor, colour: tuple[int, ...]) -> torch.Tensor:
    """Tints a straight-alpha picture in 0..1 (3, h, w); what is light or dark stays light or dark."""
    light = (rgb * LUMINANCE).sum(0, True)
    inside = (alpha > 0.05).float()
    mean = (light * inside).sum() / inside.sum().clamp(min=1)
    tint = torch.tensor(colour).view(3, 1, 1) / 255
    ratio = light / mean.clamp(min=0.08)
    darker = tint * ratio.clamp(max=1)
    lighter = tint + (1 - tint) * ((ratio - 1) / (1 / mean.clamp(max=0.95) - 1)).clamp(0, 1)
    return torch.where(ratio <= 1, darker, lighter) * 0.88 + rgb * 0.12


def varied(rnd: random.Random, colour: tuple[int, ...], by: int) -> tuple[int, ...]:
    return tuple(min(255, max(0, value + rnd.randint(-by, by))) for value in colour)


def nearest_colour(rgb: torch.Tensor) -> torch.Tensor:
    """Which of COLOURS each pixel (n, 3) in 0..255 is nearest to."""
    palette = torch.tensor(list(COLOURS.values())).float()
    return torch.cdist(rgb, palette).argmin(1)


def own_colour(drawing: torch.Tensor) -> str | None:
    """The colour that may be said of the plain drawing: that of more than 65 in 100 of its pixels."""
    pixels = drawing[:, drawing[3] > 200][:3].T.float()
    counts = torch.bincount(nearest_colour(pixels), minlength=len(COLOURS))
    best = int(counts.argmax())
    name = list(COLOURS)[best]
    return name if counts[best] > 0.65 * len(pixels) and name not in ("black", "white", "gray") else None


class Placed(typing.NamedTuple):
    """One thing in a picture. Offsets are shares of the picture's width and height."""

    drawing: str
    scale: float = 0.89
    dx: float = 0.0
    dy: float = 0.0
    turn: float = 0.0    # degrees, clockwise
    colour: tuple[int, ...] | None = None


class Captioned:
    """Makes pictures in -1..1 with captions from the folder of drawings; `only`: from one set of them."""

    def __init__(self, folder: str, only: str = ""):
        styles = {only: 1} if only else STYLES
        self.things = read_things(styles=styles)
        self.things += things_of_scenes(pathlib.Path(folder), {thing.name for thing in self.things}, styles)
        self.by_name = {thing.name: thing for thing in self.things}
        self.levels, self.own, self.pale = {}, {}, set()
        for drawing in (d for thing in self.things for d in thing.drawings):
            image = Image.open(pathlib.Path(folder) / f"{drawing}.png").convert("RGBa")    # premultiplied
            full = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)
            self.own[drawing] = own_colour(full)
            if full[:3].float().sum() / 3 > PALE / 255 * full[3].float().sum():
                self.pale.add(drawing)
            half = F.avg_pool2d(full.float(), 2)
            self.levels[drawing] = (full, half.byte())

    def draw(self, placed: Placed, shape: tuple[int, int]) -> torch.Tensor:
        """Premultiplied (4, h, w) in 0..1, drawn at twice the size and averaged, so that edges are clean."""
        height, width = shape
        picture = self.levels[placed.drawing][0 if placed.scale > 0.6 else 1].float() / 255
        turn = math.radians(placed.turn)
        cosine, sine = math.cos(turn) / placed.scale, math.sin(turn) / placed.scale
        # Output coordinates -1..1 of the picture, in units of the thing's own half size.
        wide, tall = width / UNIT, height / UNIT
        x, y = 2 * placed.dx * wide, 2 * placed.dy * tall
        move = torch.tensor(
            [[
                [cosine * wide, sine * tall, -(cosine * x + sine * y)],
                [-sine * wide, cosine * tall, sine * x - cosine * y],
            ]]
        )
        grid = F.affine_grid(move, (1, 4, 2 * height, 2 * width), align_corners=False)
        drawn = F.grid_sample(picture[None], grid, mode="bilinear", padding_mode="zeros", align_corners=False)
        drawn = F.avg_pool2d(drawn, 2)[0]
        if placed.colour:
            alpha = drawn[3:]
            straight = drawn[:3] / alpha.clamp(min=1 / 255)
            drawn = torch.cat([recolour(straight, alpha, placed.colour).clamp(0, 1) * alpha, alpha])
        return drawn

    def compose(self, all_placed: list[Placed], shape: tuple[int, int], ground: tuple[int, ...]) -> torch.Tensor:
        picture = (torch.tensor(ground).view(3, 1, 1) / 255).expand(3, *shape)
        for placed in all_placed:
            shown = self.draw(placed, shape)
            picture = shown[:3] + picture * (1 - shown[3:])
        return picture * 2 - 1

    def choose(self, rnd: random.Random, colour_share: float) -> tuple[Thing, str, str | None, tuple | None]:
        """A thing, one of its drawings, the colour that is said, and the tint if it is painted."""
        while True:
            thing = rnd.choice(self.things)
            drawing = rnd.choices(thing.drawings, thing.weights)[0]
            if rnd.random() < colour_share:
                said = rnd.choice(list(COLOURS))
                if (said, thing.name) not in UNSEEN_COLOURS:
                    return thing, drawing, said, varied(rnd, COLOURS[said], 14)
                continue
            own = self.own[drawing]
            return thing, drawing, own if own and rnd.random() < 0.12 else None, None

    def sample(self, rnd: random.Random, shape: str) -> tuple[str, torch.Tensor]:
        size = SHAPES[shape]
        kind, pose = rnd.random(), ""
        if kind < 0.16:
            caption, placed, things = self.pair(rnd, shape)
        elif kind < 0.20:
            caption, placed, things = self.several(rnd, shape)
        else:
            caption, placed, things = self.single(rnd, kind > 0.95)
            if kind < 0.36:
                pose, placed = self.posed(rnd, placed[0])
        pale = any(p.drawing in self.pale and not p.colour or p.colour and min(p.colour) > 220 for p in placed)
        ground = PALE_BACKGROUND if pale else PLAIN_BACKGROUND
        if rnd.random() < 0.38:
            name = rnd.choice(list(BACKGROUNDS))
            if not any((thing, name) in UNSEEN_GROUNDS for thing in things):
                caption += rnd.choice([" on ", " on ", " on a ", " on a ", " with a "]) + name + " background"
                caption = caption.replace("a orange b", "an orange b")
                ground = varied(rnd, BACKGROUNDS[name], 10)
        return caption + style_of(placed) + pose, self.compose(placed, size, ground)

    def pictures(self, rnd: random.Random, count: int) -> torch.Tensor:
        return torch.stack([self.sample(rnd, "square")[1] for _ in range(count)])

    def single(self, rnd: random.Random, arranged: bool) -> tuple[str, list[Placed], list[str]]:
        """One thing; `arranged`: with words for its size, place or tilt."""
        thing, drawing, said, tint = self.choose(rnd, 0.3)
        called = rnd.choice(thing.synonyms) if thing.synonyms and rnd.random() < 0.15 else thing.name
        words = f"{said} {called}" if said else called
        scale, dx, dy, turn, after = 0.89, 0.0, 0.0, 0.0, ""
        if arranged:
            way = rnd.random()
            if way < 0.3:
                scale, size = rnd.choice([(0.5, "small"), (0.5, "little"), (1.04, "big"), (1.04, "large")])
                words = f"{size} {words}"
            elif way < 0.75:
                after = rnd.choice(list(PLACES))
                dx, dy = PLACES[after]
                scale = 0.52
            else:
                after = rnd.choice(["tilted left", "tilted right"])
                turn, scale = (-25 if after == "tilted left" else 25), 0.8
        placed = Placed(
            drawing,
            scale * (1 + rnd.uniform(-0.02, 0.02)),
            dx + rnd.uniform(-0.012, 0.012),
            dy + rnd.uniform(-0.012, 0.012),
            turn,
            tint,
        )
        caption = with_article(rnd.choice(OPENINGS), words)
        return (f"{caption} {after}" if after else caption), [placed], [thing.name]

    def posed(self, rnd: random.Random, placed: Placed) -> tuple[str, list[Placed]]:
        """The thing somewhere else, turned, smaller; and the words that say so."""
        middle = lambda: min(8, max(0, round(rnd.gauss(4, 2))))
        at = {"across": middle(), "down": middle(), "tilt": middle(), "size": rnd.choice((8, 8, 7, 6, 5, 4, 3, 2, 1, 0))}
        words = " ".join(POSES[kind][number] for kind, number in at.items())
        return f" {words}", [
            placed._replace(
                dx=placed.dx + (at["across"] - 4) * SHIFT,
                dy=placed.dy + (at["down"] - 4) * SHIFT,
                turn=(at["tilt"] - 4) * TURN,
                scale=placed.scale * (SMALLEST + at["size"] * GROWTH),
            )
        ]

    def pair(self, rnd: random.Random, shape: str) -> tuple[str, list[Placed], list[str]]:
        while True:
            chosen = [self.choose(rnd, 0.2) for _ in range(2)]
            names = {thing.name for thing, *_ in chosen}
            if len(names) == 2 and names not in UNSEEN_PAIRS:
                break
        scale = 0.72 if shape == "landscape" else 0.48
        placed, said = [], []
        for side, (thing, drawing, colour, tint) in zip((-0.25, 0.25), chosen):
            placed.append(Placed(drawing, scale, side + rnd.uniform(-0.01, 0.01), rnd.uniform(-0.01, 0.01), 0, tint))
            said.append(f"{colour} {thing.name}" if colour else thing.name)
        article = rnd.choice(["", "a ", "a ", "A "])
        second = with_article("a " if article else "", said[1])
        return f"{with_article(article, said[0])} and {second}", placed, list(names)

    def several(self, rnd: random.Random, shape: str) -> tuple[str, list[Placed], list[str]]:
        """Two or three of the same."""
        while True:
            thing, drawing, colour, tint = self.choose(rnd, 0.25)
            if thing.name not in MASS:
                break
        if rnd.random() < 0.6:
            count, scale, spots = "two", 0.72 if shape == "landscape" else 0.48, [(-0.25, 0), (0.25, 0)]
        elif shape == "landscape":
            count, scale, spots = "three", 0.47, [(-0.32, 0), (0, 0), (0.32, 0)]
        else:
            count, scale, spots = "three", 0.45, [(0, -0.22), (-0.24, 0.22), (0.24, 0.22)]
        placed = [Placed(drawing, scale, x + rnd.uniform(-0.01, 0.01), y, 0, tint) for x, y in spots]
        name = plural(thing.name)
        words = [rnd.choice([count, count.capitalize()]), *([colour] if colour else []), name]
        return " ".join(words), placed, [thing.name]


def style_of(all_placed: list[Placed]) -> str:
    """The word for the set of drawings that all are from, with a space before it."""
    folders = {placed.drawing.split("/")[0] for placed in all_placed}
    word = STYLE_WORDS.get(folders.pop(), "") if len(folders) == 1 else ""
    return f" {word}" if word else ""


def with_article(opening: str, thing: str) -> str:
    if thing[0] in "aeiou" and opening.endswith(("a ", "A ")):
        opening = opening[:-1] + "n "
    return opening + thing

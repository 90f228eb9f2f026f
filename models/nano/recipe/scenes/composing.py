"""Which things are in a scene, where each is, and what is said of it. Positions are in units of 1/128 of the shorter side."""

import random

from scenes.placing import Placing, Put
from scenes.things import HATS, HIDDEN_LEGS, HOLLOWS, SPECTACLES, WIDE, Thing

COLOURS = {
    "red": (220, 40, 45), "orange": (245, 130, 30), "yellow": (250, 205, 40), "green": (60, 165, 75), "blue": (45, 110, 225),
    "purple": (135, 70, 200), "pink": (245, 130, 185), "brown": (135, 85, 50), "black": (40, 40, 44),
    "white": (245, 245, 245), "gray": (145, 148, 152),
}  # fmt: skip
SIZES = {"small": 0.62, "little": 0.62, "tiny": 0.5, "big": 1.3, "large": 1.3, "giant": 1.5}
STYLES = {"fluent": 0.7, "noto": 0.3}
HEIGHTS = {1: 54, 2: 45, 3: 37}    # of one, two, three things
SPOTS = {1: [0.5], 2: [0.29, 0.71], 3: [0.2, 0.51, 0.81]}


UNPAINTED = {"rainbow", "fireworks", "polar bear"}    # what their colours make


def paintable(name: str) -> bool:
    return not (set(name.split()) & {*COLOURS, "golden", "traffic"}) and name not in UNPAINTED


class Asked:
    """A thing as it is said and as it is drawn."""

    def __init__(self, rnd: random.Random, thing: Thing, stage: Placing, style: str, plain: bool = False):
        self.thing, self.colour, self.size, self.said = thing, None, 1.0, ""
        self.called = rnd.choice(thing.synonyms) if thing.synonyms and rnd.random() < 0.22 else thing.name
        drawing = rnd.choice(thing.drawings)
        kind, _, icon = drawing.rpartition(":")
        if kind != "own":
            other = "noto" if style == "fluent" else "fluent"
            style = style if stage.sprites.exists(f"{style}/{icon}") else other
            icon = f"{style}/{icon}"
        self.drawing, self.style = (f"{kind}:{icon}" if kind else icon), (style if kind != "own" else "")
        words = []
        if not plain and rnd.random() < 0.06:
            size = rnd.choice(list(SIZES))
            self.size = SIZES[size]
            words.append(size)
        if not plain and kind != "own" and paintable(self.called) and rnd.random() < 0.24:
            self.said = rnd.choice(list(COLOURS))
            self.colour = tuple(min(255, max(0, v + rnd.choice((-12, 0, 12)))) for v in COLOURS[self.said])
            words.append(self.said)
        self.words = " ".join([*words, self.called])


class Composer:
    """Fills one stage. compose() returns what stands where, and the words for it."""

    def __init__(self, stage: Placing, rnd: random.Random, style: str):
        self.s, self.r, self.style = stage, rnd, style
        self.unit = min(stage.w, stage.h, 128) / 128

    def asked(self, thing: Thing, plain: bool = False) -> Asked:
        return Asked(self.r, thing, self.s, self.style, plain)

    # where things stand

    def feet(self, where: str, q: float, depth: float, high: bool = False) -> float:
        s, r = self.s, self.r
        room = s.h - s.horizon
        if s.floor and s.floor[0] == "float" and where != "c":
            if s.place == "underwater":
                return s.h * (r.uniform(0.5, 0.75) if where == "w" else 0.92)
            return min(s.h * 0.92, max(q + 5, s.h * r.uniform(0.5, 0.74)))
        if where == "k":
            return min(s.h * 0.5, max(q + 4, s.h * r.uniform(0.18, 0.34)))
        if where == "f":
            return max(q * 0.9 + 5, s.h * (r.uniform(0.26, 0.36) if high else r.uniform(0.36, 0.52)))
        if where in "bs":
            return s.horizon + room * min(0.84, depth * 0.9)
        if where == "c":
            return s.horizon + room * (0.2 if s.water else 0.24) + (8 if s.place == "beach" else 0)
        if s.feet:
            return s.feet
        return min(s.h - 5, s.horizon + room * depth)

    def spot(self, asked: Asked, x: float, count: int, depth: float, flip: int | None = None, high: bool = False) -> Put:
        """x: a share of the width."""
        s, r, thing = self.s, self.r, asked.thing
        size = thing.size if count == 1 else 1 + (thing.size - 1) * 0.7
        q = HEIGHTS[count] * self.unit * size * asked.size * r.uniform(0.94, 1.06)
        where = thing.where if not (thing.where in "bs" and not s.water) else "g"
        if where in "bs":
            q *= (0.72 + 0.4 * depth) * (0.78 if count == 3 else 1)
        elif where == "g" and not s.feet and not (s.floor and s.floor[0] == "float"):
            q *= 0.76 + 0.34 * depth
        elif where in "fk":
            q *= 0.8
        q = min(q, s.h * 0.8, s.w * 0.9 / WIDE.get(thing.name, 1.1))
        y = self.feet(where, q, depth, high)
        if where == "c":
            q = s.horizon * 0.86 if thing.name == "waterfall" else min(q, y - 4)
            x = r.choice((0.3, 0.5, 0.7)) if count == 1 else x
        q = min(q, y - 2) if where != "k" else q
        px = min(s.w - q * 0.52, max(q * 0.52, (x + r.uniform(-0.08, 0.08) / count) * s.w))
        if flip is None:
            flip = r.choice((-1, 1)) if count == 1 else (-1 if px > s.w / 2 else 1)
        turn = r.uniform(-0.12, 0.12) if where in "fw" else 0.0
        return Put(asked.drawing, where, px, y, q, flip, turn, asked.colour)

    def depth(self) -> float:
        return self.r.uniform(0.58, 0.84)

    # what may come together

    def alone(self, thing: Thing):
        asked = self.asked(thing)
        put = self.spot(asked, 0.5, 1, self.depth())
        if self.r.random() < 0.25 and thing.where in "gfw" and not asked.size > 1.1:
            k = self.r.uniform(1.1, 1.3)
            put.q = min(put.q * k, put.y - 3, self.s.w * 0.86)
            put.x = min(self.s.w - put.q * 0.5, max(put.q * 0.5, put.x))
        return [put], [asked], "{0}"

    def several(self, thing: Thing, count: int):
        asked, base = self.asked(thing), self.depth()
        asked.size = 1.0
        asked.words = f"{asked.said} {asked.called}" if asked.said else asked.called
        puts = [
            self.spot(asked, x, count, base + (0.16 if i % 2 else -0.05)) for i, x in enumerate(SPOTS[count])
        ]
        return puts, [asked], {2: "two {0*}", 3: "three {0*}"}[count]

    def side_by_side(self, thing: Thing, other: Thing):
        a, b, base = self.asked(thing), self.asked(other), self.depth()
        puts = [self.spot(a, 0.29, 2, base), self.spot(b, 0.71, 2, base + self.r.choice((0, 0.1)))]
        if self.r.random() < 0.25:
            puts[0].x, puts[1].x = puts[1].x, puts[0].x
            puts[0].flip, puts[1].flip = puts[1].flip, puts[0].flip
        return puts, [a, b], self.r.choice(("{0} and {1}", "{0} and {1}", "{0} and {1}", "{0} next to {1}", "{0} with {1}", "{0} beside {1}"))

    def on(self, thing: Thing, other: Thing, shares: dict[str, float], words: str):
        """One sits on the other, or rides it."""
        a, b = self.asked(thing), self.asked(other, plain=self.r.random() < 0.5)
        under = self.spot(b, 0.5, 1, 0.76)
        under.q = min(under.q, 46 * self.unit * min(1.25, max(0.85, other.size)), (under.y - 4) / 1.5)
        q = under.q * min(1.0, max(0.55, 0.8 * thing.size * a.size / max(0.8, other.size) ** 0.7))
        y = under.y - under.q * shares[other.name] * self.height(b, under)
        rider = Put(a.drawing, "g", under.x, y, min(q, y - 3), under.flip, 0.0, a.colour, loose=True)
        first = other.name in HIDDEN_LEGS
        return ([rider, under] if first else [under, rider]), [a, b], words

    def height(self, asked: Asked, put: Put) -> float:
        """How high a drawing is in units of its q: wide ones are lower."""
        if asked.drawing.startswith(("own:", "head:")):
            return 1.0
        aspect = self.s.sprites.aspect(asked.drawing)
        return 1.0 if aspect * 0.82 < 1 else 1 / (aspect * 0.82)

    def inside(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        hollow = self.spot(b, 0.5, 1, 0.78)
        hollow.q = min(max(hollow.q, 40 * self.unit), 56 * self.unit)
        y = hollow.y - hollow.q * self.height(b, hollow) * (HOLLOWS[other.name] + 0.12)
        q = min(hollow.q * 0.84 * min(1.1, max(0.85, thing.size)), y - 3)
        inner = Put(a.drawing, "g", hollow.x, y, q, hollow.flip, 0.0, a.colour, loose=True)
        return [inner, hollow], [a, b], "{0} in {1}"

    def under(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        low = self.spot(a, 0.5, 2, 0.8)
        low.q = min(low.q, 40 * self.unit)
        if other.where == "k":
            high = self.spot(b, self.r.uniform(0.3, 0.7), 1, 0.5)
        else:
            q = min(low.q * 1.9 * other.size ** 0.5, low.y - 6) if other.name != "umbrella" else low.q * 0.95
            y = low.y - low.q * 0.62 if other.name == "umbrella" else low.y - 3
            high = Put(b.drawing, "g", low.x + low.q * self.r.choice((-0.2, 0.2)) * (other.name != "umbrella"), y, q, 1, 0.0, b.colour, loose=other.name == "umbrella")
            if other.name == "umbrella":
                high.q = min(high.q, high.y - 3)
        return [high, low], [a, b], self.r.choice(("{0} under {1}", "{0} under {1}", "{0} below {1}"))

    def behind(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        near = self.spot(b, 0.42, 2, 0.86)
        far = self.spot(a, 0.42, 2, 0.5)
        side = self.r.choice((-1, 1))
        far.x = min(self.s.w - far.q * 0.5, max(far.q * 0.5, near.x + side * near.q * 0.5))
        far.q = min(far.q * 1.15, far.y - 3)
        if self.r.random() < 0.5:
            return [far, near], [a, b], "{0} behind {1}"
        return [far, near], [b, a], "{0} in front of {1}"

    def holding(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        holder = self.spot(a, 0.48, 1, self.depth())
        flies = other.name in ("balloon", "balloons", "umbrella", "fishing rod", "broom")
        q = holder.q * (0.62 if flies else 0.42)
        side = holder.flip
        x, y = holder.x + side * holder.q * 0.3, holder.y - holder.q * (0.34 if flies else 0.12)
        q = min(q, y - 3)
        x = min(self.s.w - q * 0.5, max(q * 0.5, x))
        held = Put(b.drawing, "g", x, y, q, side, 0.0, b.colour, loose=True)
        return [holder, held], [a, b], self.r.choice(("{0} holding {1}", "{0} holding {1}", "{0} with {1}"))

    def wearing(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        head = self.spot(a, 0.5, 1, self.depth())
        head.q = min(head.q, (head.y - 4) / 1.25)
        foot, size = HATS.get(other.name) or (0.6, 0.34)
        if other.name in SPECTACLES:
            size = 0.34 if a.drawing.startswith("head:") else 0.3
            foot = 0.62 if a.drawing.startswith("head:") else 0.66
        worn = Put(b.drawing, "g", head.x, head.y - head.q * foot, head.q * size, 1, 0.0, b.colour, loose=True)
        return [head, worn], [a, b], self.r.choice(("{0} wearing {1}", "{0} wearing {1}", "{0} with {1}", "{0} in {1}"))

    def over(self, thing: Thing, other: Thing):
        a, b = self.asked(thing), self.asked(other)
        low = self.spot(b, 0.5, 1, 0.6)
        low.q = min(low.q, 58 * self.unit, self.s.h * 0.46)
        high = self.spot(a, self.r.choice((0.3, 0.5, 0.7)), 2, 0.5, high=True)
        return [low, high], [a, b], self.r.choice(("{0} flying over {1}", "{0} flying over {1}", "{0} over {1}", "{0} above {1}"))

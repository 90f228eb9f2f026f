"""Puts things onto the stage: shadow, grass before the feet, water round a hull; and weather before it all."""

import dataclasses

from scenes.bodies import FOOT, HEAD, body_under
from scenes.palette import WHITE, darker, lighter, mix
from scenes.registry import OWN
from scenes.stage import Stage

SHADOW = (20, 16, 50)
SHADE = (96, 124, 176)    # behind white things in white places
PALE = 0.8    # mean light from which a thing is white


@dataclasses.dataclass
class Put:
    """One thing in a scene: its foot at (x, y), `q` high."""

    drawing: str    # "own:NAME", "head:SET/NAME" or "SET/NAME"
    where: str
    x: float
    y: float
    q: float
    flip: int = 1
    turn: float = 0.0
    colour: tuple | None = None
    loose: bool = False    # held, worn or ridden: no shadow of its own, nothing before its feet


class Placing(Stage):
    def icon(self, name, x, y, height, flip=1, turn=0.0, colour=None):
        """A drawing that stands at (x, y) and is so high (or wide, when it is wider than high)."""
        light = (self.time, self.place, self.subject[2])
        s, w, h = self.sprites.get(name, light, self.subject, height * self.p.zoom, colour)
        k = height / max(h, w * 0.82)
        c = self.p.c
        c.save()
        c.translate(x, y)
        c.rotate(turn)
        c.scale(flip * k, k)
        c.set_source_surface(s, -w / 2, -h)
        c.paint()
        c.restore()
        return w * k

    def draw(self, put: Put, x, y):
        kind, _, name = put.drawing.rpartition(":")
        if kind == "own":
            self.p.c.save()
            self.p.c.translate(x, y)
            self.p.c.rotate(put.turn)
            OWN[name](self, 0, 0, put.q)
            self.p.c.restore()
            return put.q
        if kind == "head":
            icon = name.split("/")[1]
            body_under(self, icon, name, x, y, put.q, put.flip, put.colour)
            self.icon(name, x, y - FOOT * put.q, HEAD * put.q * 1.02, put.flip, 0, put.colour)
            return put.q * 0.6
        return self.icon(name, x, y, put.q, put.flip, put.turn, put.colour)

    def is_pale(self, put: Put) -> bool:
        if put.drawing.startswith("own:"):
            return put.drawing in ("own:seagull", "own:igloo", "own:iceberg")
        if put.colour:
            return sum(put.colour) > 690
        return self.sprites.mean_light(put.drawing.rpartition(":")[2]) > PALE

    def behind(self, put: Put):
        """Shadow on the ground, and air that keeps the thing apart from what is behind it."""
        p, x, y, q = self.p, put.x, put.y, put.q
        shadow = {"night": 0.34, "dusk": 0.28}.get(self.time, 0.24) * (0.6 if self.cover else 1)
        if put.where == "g":
            skew = (x - self.sun_x) * 0.12 if self.sun_x is not None and self.time != "day" and not self.cover else 0
            p.glow(x + skew, y - q * 0.01, q * 0.52, SHADOW, shadow * 1.5, 0.26)
            p.oval(x + skew * 0.5, y, q * 0.36, q * 0.085, SHADOW, shadow)
        if self.is_pale(put) and not self.dark:
            p.glow(x, y - q * 0.5, q * 0.85, SHADE, 0.6)
        elif put.where in "gfs" and not put.drawing.startswith("own") and not self.closed:
            p.glow(x, y - q * 0.5, q * 0.72, (96, 118, 180) if self.dark else self.haze, 0.5 if self.dark else 0.38)

    def put(self, put: Put):
        if put.where in "bs" and self.water and not put.loose:
            self.put_on_water(put)
            return
        if not put.loose:
            self.behind(put)
        self.draw(put, put.x, put.y)
        if put.where == "g" and self.floor and not put.loose:
            self.before(put)

    def before(self, put: Put):
        """Snow or grass before the feet."""
        p, r, x, y, q = self.p, self.rnd, put.x, put.y, put.q
        kind, colour = self.floor
        if self.weather == "snowfall" and kind == "grass":
            kind, colour = "mound", self.col((240, 246, 253))
        if kind == "mound":
            p.blob([(x - q * 0.44, y + q * 0.07), (x - q * 0.2, y - q * 0.025), (x + q * 0.05, y + q * 0.01), (x + q * 0.24, y - q * 0.03), (x + q * 0.46, y + q * 0.07), (x, y + q * 0.12)], colour)
        if kind == "grass":
            for k in range(5):
                dx = (k - 2) * 0.15 + r.uniform(-0.05, 0.05)
                self.tuft(x + dx * q, y + q * 0.05, q * r.uniform(0.08, 0.13), colour)

    def put_on_water(self, put: Put):
        """Cut at the waterline, with foam round it and a dark reflection."""
        p, x, y, q = self.p, put.x, put.y, put.q
        colour, foam, rough = self.water
        sink = q * (0.1 if put.where == "b" else 0.16)
        put.turn += self.rnd.uniform(-0.16, 0.16) if rough else self.rnd.uniform(-0.02, 0.02)
        if self.is_pale(put) and not self.dark:
            p.glow(x, y - q * 0.5, q * 0.8, SHADE, 0.4)
        p.c.save()
        p.c.rectangle(0, 0, self.w, y)
        p.c.clip()
        w = self.draw(put, x, y + (q * 0.06 if put.drawing.startswith("own") else sink))
        p.c.restore()
        self.waterline(x, y, w, q)

    def waterline(self, x, y, w, q):
        p = self.p
        colour, foam, rough = self.water
        p.c.save()
        p.c.rectangle(0, y, self.w, q * 0.3)
        p.c.clip()
        p.oval(x, y, w * 0.42, q * 0.16, darker(colour, 0.35), 0.5)
        p.c.restore()
        for k in range(3):
            ww, yy = w * (0.5 - 0.1 * k), y + k * q * 0.07
            p.curve([(x - ww, yy), (x - ww * 0.4, yy + 1.2), (x + ww * 0.3, yy - 0.2), (x + ww, yy + 0.6)], max(0.9, q * 0.028), foam, 0.85 - 0.22 * k)
        if rough:
            for dx in (-0.45, 0.45):
                p.oval(x + dx * w, y - 1, q * 0.11, q * 0.055, foam, 0.9)

    def veil_back(self):
        """Fog before the place and behind the things."""
        if self.weather == "fog" and not self.closed:
            hz = min(self.horizon, self.h * 0.8)
            low, middle, high = max(0.1, hz / self.h - 0.1), self.veil, min(1, hz / self.h + 0.16)
            self.p.gradient(0, 0, self.w, self.h, [(0, self.veil, 0.15), (low, middle, 0.62), (high, self.veil, 0.4), (1, self.veil, 0.08)])
            for _ in range(4):
                x, y = self.rnd.uniform(0, self.w), hz + self.rnd.uniform(-22, 14)
                self.p.oval(x, y, self.rnd.uniform(24, 44), self.rnd.uniform(3, 6), lighter(self.veil, 0.25), 0.4)

    def weather_front(self):
        p, r = self.p, self.rnd
        if self.closed:
            return
        area = self.w / 128 * self.h / 128
        if self.weather == "rain":
            c = (150, 178, 224) if self.dark else (226, 238, 252)
            for _ in range(int(40 * area)):
                x, y, q = r.uniform(0, self.w + 12), r.uniform(-4, self.h), r.uniform(6, 11)
                p.line([(x, y), (x - q * 0.3, y + q)], 1.3, c, 0.6)
            if not self.water:
                for _ in range(5):
                    y = r.uniform(self.horizon + (self.h - self.horizon) * 0.5, self.h - 2)
                    p.oval(r.uniform(0, self.w), y, 6, 1.5, mix(self.bottom, c, 0.4), 0.5)
        if self.weather == "snowfall":
            for _ in range(int(46 * area)):
                q = r.choice((1.1, 1.3, 1.6, 2.2))
                p.oval(r.uniform(0, self.w), r.uniform(0, self.h), q, q, WHITE, 0.95)
        if self.weather == "fog":
            for _ in range(3):
                p.oval(r.uniform(0, self.w), self.h - r.uniform(0, 16), r.uniform(30, 50), r.uniform(3, 6), lighter(self.veil, 0.3), 0.3)

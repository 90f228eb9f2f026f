"""The stage that a place is drawn on: its light, its sky, its ground, and the plants and houses that many places share.

Drawing code is long lists of coordinates, so it has short names throughout: s stage, p pen, r random numbers, x and y
where something stands, q or s its height, c colour, d depth from 0 (near) to 1 (at the horizon).
"""

import math
import random

import cairo
import numpy as np

from scenes.palette import COVER, DIM, FOG_DEPTH, GLOW, GRAY, TIMES, WHITE, darker, lighter, mix
from scenes.pen import Pen


class Stage:
    """One picture in the making. A place sets `horizon`, and what is special about it: `water`, `floor`, `road`."""

    def __init__(self, seed, place, time, weather, sprites, width=128, height=128, zoom=1.0):
        self.rnd, self.p = random.Random(seed), Pen(width, height, zoom)
        self.w, self.h, self.time, self.weather, self.sprites, self.place = width, height, time, weather, sprites, place
        top, bottom, haze, self.land, self.subject = TIMES[time]
        self.cover, self.fog_depth = COVER[weather], FOG_DEPTH[weather]
        self.veil = tuple(g * d for g, d in zip(GRAY[weather], DIM[time]))
        self.top, self.bottom, self.haze = (mix(c, self.veil, self.cover) for c in (top, bottom, haze))
        self.horizon = height * 0.6
        self.water = None    # colour, foam, rough or not: the water's surface, if things float here
        self.floor = None    # kind and colour of what covers feet: mound, grass, plain; or ("float", colour)
        self.road = False    # things stand on two lanes
        self.feet = None    # where they stand, if there is but one line
        self.stormy = False
        self.closed = False    # under a roof or without air: no weather before the things
        self.sun_x = None    # where sun or moon stand, if they are seen
        self.dark = time == "night"
        self.said = {}    # colours that own drawings took

    def col(self, c, depth=0.0):
        """A land colour in this light; depth 0 (near) to 1 (at the horizon) fades into the haze."""
        mul, to, k = self.land
        c = tuple(v * m for v, m in zip(c, mul))
        c = mix(c, to, k)
        if self.cover:
            g = sum(c) / 3
            c = mix(c, (g, g, g), 0.22)
        return mix(c, self.haze, min(0.95, depth * (0.5 + self.fog_depth) + depth * depth * self.fog_depth * 0.4))

    def lit(self, c):
        mul, to, k = self.subject
        return mix(tuple(v * m for v, m in zip(c, mul)), to, k)

    def sky(self, sun=True, stars=True):
        p, r = self.p, self.rnd
        p.gradient(0, 0, self.w, self.h, [(0, self.top, 1), (max(0.3, self.horizon / self.h), self.bottom, 1), (1, self.bottom, 1)])
        clear = self.weather == "clear"
        if self.dark and stars and self.weather in ("clear", "snowfall"):
            for _ in range(int(self.w / 128 * (22 if clear else 6))):
                x, y, s = r.uniform(0, self.w), r.uniform(0, self.horizon * 0.9), r.choice((0.7, 0.8, 1.0, 1.3))
                p.oval(x, y, s, s, (255, 250, 225), r.uniform(0.75, 1))
        if sun and clear and not self.stormy:
            x = r.uniform(0.14, 0.86) * self.w
            if self.time == "night":
                y, s = r.uniform(0.12, 0.24) * self.h, r.uniform(8, 11)
                p.glow(x, y, s * 2.6, (200, 215, 255), 0.35)
                p.oval(x, y, s, s, (255, 246, 210))
                if r.random() < 0.5:
                    p.oval(x - s * 0.42, y - s * 0.2, s * 0.86, s * 0.86, mix(self.top, self.bottom, 0.2))
                else:
                    for dx, dy, q in ((-0.3, -0.2, 0.22), (0.3, 0.15, 0.3), (-0.1, 0.5, 0.16)):
                        p.oval(x + dx * s, y + dy * s, q * s, q * s, (236, 222, 178))
            elif self.time == "day":
                y, s = r.uniform(0.12, 0.2) * self.h, r.uniform(8, 10)
                p.glow(x, y, s * 2.4, (255, 246, 190), 0.7)
                p.oval(x, y, s, s, (255, 222, 84))
            else:
                y, s = self.horizon - r.uniform(2, 16), r.uniform(10, 14)
                p.glow(x, y, s * 3.2, (255, 225, 150) if self.time == "morning" else (255, 190, 110), 0.75)
                p.oval(x, y, s, s, (255, 236, 160) if self.time == "morning" else (255, 120, 72))
            self.sun_x = x
        storm = self.stormy
        n = 5 if storm else {"clear": r.choice((0, 1, 2, 2)), "rain": 5, "snowfall": 3, "fog": 1}[self.weather]
        for i in range(n):
            if self.weather == "rain" or storm:
                self.cloud(self.w * (i + r.uniform(0.1, 0.9)) / n, r.uniform(6, 18), r.uniform(17, 24), darker(mix(self.veil, (96, 106, 128), 0.7 * storm), (0.25 if i % 2 else 0.12) + 0.35 * self.dark * storm))
            else:
                c = mix(WHITE, self.bottom, 0.25) if self.time != "night" else mix(self.top, (120, 135, 190), 0.45)
                if self.time == "dusk":
                    c = mix((255, 190, 170), self.top, 0.25)
                self.cloud(r.uniform(0.05, 0.95) * self.w, r.uniform(0.1, 0.5) * self.horizon, r.uniform(8, 15), c, 0.9)

    def cloud(self, x, y, s, colour, alpha=1.0):
        p, r = self.p, self.rnd
        p.c.save()
        p.c.rectangle(0, 0, self.w, y + s * 0.36)
        p.c.clip()
        for dx, dy, q in ((-0.95, 0.18, 0.42), (-0.4, -0.12, 0.56), (0.25, -0.28, 0.66), (0.85, 0.1, 0.48)):
            p.oval(x + dx * s, y + dy * s, q * s * r.uniform(0.9, 1.12), q * s, colour, alpha)
        p.rect(x - 1.35 * s, y, 2.66 * s, s * 0.36, colour, alpha, s * 0.17)
        p.c.restore()

    def ridge(self, base, height, bumps=2.2):
        """A random skyline: a function of x."""
        r = self.rnd
        waves = [(r.uniform(0.7, 1.2) * bumps * k, r.uniform(0, 7), 1 / k) for k in (1, 2)]
        def soft(x):
            return base - height * (0.5 + 0.34 * sum(a * math.sin(f * x / self.w * 2 * math.pi * 0.5 + o) for f, o, a in waves))
        return soft

    def land_fill(self, f, colour, colour2=None):
        p = self.p
        if self.weather == "snowfall" and self.place not in ("beach",):    # it lies, too
            colour = mix(colour, self.col((236, 243, 252), 0.2), 0.8)
            colour2 = colour2 and mix(colour2, self.col((214, 226, 244)), 0.8)
        points = [(x, f(x)) for x in np.linspace(-4, self.w + 4, 22)]
        p.smooth(points)
        p.c.line_to(self.w + 4, self.h + 2)
        p.c.line_to(-4, self.h + 2)
        p.c.close_path()
        if colour2 is None:
            p.fill(colour)
        else:
            top = min(y for _, y in points)
            g = cairo.LinearGradient(0, top, 0, self.h)
            g.add_color_stop_rgb(0, *(min(1, v / 255) for v in colour))
            g.add_color_stop_rgb(1, *(min(1, v / 255) for v in colour2))
            p.c.set_source(g)
            p.c.fill()

    def peak(self, x, base, w, h, colour, cap=None, shade=True):
        p, r = self.p, self.rnd
        lean = r.uniform(-0.12, 0.12) * w
        top = (x + lean, base - h)
        p.poly([(x - w / 2, base), top, (x + w / 2, base)], colour)
        if shade:
            p.poly([top, (x + w / 2, base), (x + lean * 0.4 + w * 0.06, base), (x + lean + w * 0.05, base - h * 0.5)], darker(colour, 0.16))
        if cap:
            k = r.uniform(0.28, 0.38)
            l, rr = mix(top, (x - w / 2, base), k), mix(top, (x + w / 2, base), k)
            p.poly([top, l, mix(l, rr, 0.28)[:1] + (l[1] - h * 0.05,), mix(l, rr, 0.45)[:1] + (l[1] + h * 0.07,), mix(l, rr, 0.7)[:1] + (l[1] - h * 0.04,), rr], cap)

    def pine(self, x, y, s, colour, snow=False, depth=0.0):
        p = self.p
        p.rect(x - s * 0.06, y - s * 0.16, s * 0.12, s * 0.17, self.col((104, 70, 48), depth))
        for k, (w, bottom, top) in enumerate(((0.36, 0.12, 0.58), (0.29, 0.36, 0.8), (0.21, 0.6, 1.0))):
            c = lighter(colour, 0.05 * k)
            p.poly([(x - w * s, y - bottom * s), (x, y - top * s), (x + w * s, y - bottom * s)], c)
            if snow:
                top_y, k2 = y - top * s, 0.5 if k == 2 else 0.34
                half, low = w * s * k2, y - (top - (top - bottom) * k2) * s
                p.poly([(x - half, low), (x, top_y), (x + half, low), (x + half * 0.4, low - s * 0.03), (x, low + s * 0.03), (x - half * 0.45, low - s * 0.03)], self.col((240, 246, 254), depth))

    def tree(self, x, y, s, colour, depth=0.0):
        p = self.p
        p.poly([(x - s * 0.07, y), (x - s * 0.04, y - s * 0.5), (x + s * 0.04, y - s * 0.5), (x + s * 0.07, y)], self.col((110, 76, 52), depth))
        for dx, dy, q in ((-0.2, 0.52, 0.21), (0.2, 0.5, 0.2), (0, 0.72, 0.27)):
            p.oval(x + dx * s, y - dy * s, q * s, q * s, colour)
        p.oval(x - 0.08 * s, y - 0.78 * s, 0.12 * s, 0.1 * s, lighter(colour, 0.14))

    def palm(self, x, y, s, depth=0.0):
        p, r = self.p, self.rnd
        lean = r.choice((-1, 1)) * r.uniform(0.12, 0.3) * s
        top = (x + lean, y - s * 0.78)
        p.curve([(x, y), (x + lean * 0.3, y - s * 0.4), top], s * 0.075, self.col((150, 104, 62), depth))
        for a in (-2.9, -2.3, -1.5, -0.75, -0.15):
            e = (top[0] + math.cos(a) * s * 0.36, top[1] + math.sin(a) * s * 0.2 + s * 0.1)
            m = (top[0] + math.cos(a) * s * 0.2, top[1] + math.sin(a) * s * 0.26 - s * 0.06)
            p.c.move_to(*top)
            p.c.curve_to(*m, *m, *e)
            p.c.curve_to(m[0], m[1] + s * 0.12, m[0], m[1] + s * 0.12, *top)
            p.fill(self.col((58, 150, 72), depth))

    def bush(self, x, y, s, colour):
        for dx, q in ((-0.5, 0.42), (0.5, 0.4), (0, 0.58)):
            self.p.oval(x + dx * s, y - q * s * 0.4, q * s, q * s * 0.85, colour)

    def tuft(self, x, y, s, colour):
        p = self.p
        for dx in (-0.5, 0, 0.5):
            p.poly([(x + dx * s * 0.4 - s * 0.13, y), (x + dx * s, y - s * (1 - abs(dx) * 0.5)), (x + dx * s * 0.4 + s * 0.13, y)], colour)

    def flower(self, x, y, s, colour):
        p = self.p
        p.line([(x, y), (x, y - s)], s * 0.16, self.col((70, 150, 70)))
        for k in range(5):
            a = k * 1.257
            p.oval(x + math.cos(a) * s * 0.26, y - s + math.sin(a) * s * 0.26, s * 0.22, s * 0.22, self.col(colour))
        p.oval(x, y - s, s * 0.17, s * 0.17, self.col((255, 214, 80)))

    def windows(self, x, y, w, h, columns, rows, depth=0.0, share=0.6):
        r = self.rnd
        glow = self.time in ("night", "dusk")
        for i in range(columns):
            for j in range(rows):
                on = glow and r.random() < share
                c = GLOW if on else self.col((120, 150, 178) if not glow else (70, 84, 110), depth)
                cw, ch = w / columns, h / rows
                self.p.rect(x + (i + 0.24) * cw, y + (j + 0.2) * ch, cw * 0.52, ch * 0.56, mix(c, self.haze, depth * 0.4))

    def house(self, x, y, s, wall, roof, depth=0.0, snow=False):
        p, r = self.p, self.rnd
        w = s * r.uniform(0.75, 0.95)
        wall, roof = self.col(wall, depth), self.col(roof, depth)
        p.rect(x - w / 2, y - s * 0.56, w, s * 0.56, wall)
        p.poly([(x - w * 0.62, y - s * 0.54), (x, y - s * 1.02), (x + w * 0.62, y - s * 0.54)], roof)
        if snow:
            p.poly([(x - w * 0.5, y - s * 0.64), (x, y - s * 1.04), (x + w * 0.5, y - s * 0.64), (x + w * 0.2, y - s * 0.74), (x, y - s * 0.66), (x - w * 0.2, y - s * 0.76)], self.col((246, 250, 255), depth))
        p.rect(x - s * 0.09, y - s * 0.28, s * 0.18, s * 0.28, darker(roof, 0.3))
        for side in (-1, 1):
            on = self.time in ("night", "dusk")
            c = GLOW if on else self.col((150, 196, 226), depth)
            if on:
                p.glow(x + side * w * 0.3, y - s * 0.34, s * 0.3, GLOW, 0.4)
            p.rect(x + side * w * 0.3 - s * 0.08, y - s * 0.44, s * 0.16, s * 0.17, c)

    def shine(self, y0, y1, share=1.0):
        """Light of sun or moon on the water."""
        if self.weather == "clear" and self.sun_x is not None:
            c = {"night": (225, 232, 255), "dusk": (255, 190, 120), "morning": (255, 236, 190), "day": (235, 250, 255)}[self.time]
            n = 7
            for i in range(n):
                y = y0 + (y1 - y0) * (i + 0.4) / n
                w = (4 + 3.5 * i) * self.rnd.uniform(0.6, 1.1)
                self.p.oval(self.sun_x + self.rnd.uniform(-2, 2), y, w / 2, 0.7 + i * 0.08, c, 0.75 - i * 0.07)

    def ripples(self, y0, y1, colour, n=9, alpha=0.5):
        r = self.rnd
        for _ in range(n):
            y = r.uniform(y0, y1)
            t = (y - y0) / (y1 - y0)
            x, w = r.uniform(0, self.w), (4 + 12 * t) * r.uniform(0.7, 1.3)
            self.p.curve([(x - w / 2, y), (x - w / 4, y - 0.6), (x, y), (x + w / 4, y - 0.6), (x + w / 2, y)], 0.7 + t * 0.6, colour, alpha)

    def waves(self, y, amp, length, colour, foam):
        p, o = self.p, self.rnd.uniform(0, length)
        points = []
        x = -o
        while x < self.w + length:
            points += [(x, y + amp * 0.5), (x + length * 0.5, y - amp * 0.4), (x + length * 0.72, y - amp), (x + length * 0.9, y - amp * 0.35)]
            x += length
        p.smooth(points)
        p.c.line_to(self.w + length, self.h + 2)
        p.c.line_to(-length, self.h + 2)
        p.fill(colour)
        for i in range(2, len(points), 4):
            a, b, c = points[i - 1], points[i], points[min(len(points) - 1, i + 1)]
            p.curve([a, b, c], max(1.4, amp * 0.26), foam, 0.9)

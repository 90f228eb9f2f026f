"""Space, the moon, the sea floor, the sky."""

import math

from scenes.palette import WHITE, darker, lighter, mix
from scenes.registry import place


@place("outer space", "in space", "among the stars", "in outer space", "in the universe", who="space", timed=False, weathers=("clear",))
def space(s):
    s.closed = True
    r, p = s.rnd, s.p
    p.gradient(0, 0, s.w, s.h, [(0, r.choice(((16, 14, 48), (10, 22, 56), (30, 14, 56))), 1), (1, (46, 28, 88), 1)])
    for _ in range(3):
        p.glow(r.uniform(0, s.w), r.uniform(0, s.h), r.uniform(30, 55), r.choice(((150, 70, 190), (60, 110, 210), (220, 90, 150))), 0.35)
    for _ in range(int(26 * s.w / 128)):
        q = r.choice((0.8, 0.9, 1.2, 1.7))
        p.oval(r.uniform(0, s.w), r.uniform(0, s.h), q, q, r.choice(((255, 255, 240), (255, 235, 190), (200, 220, 255))))
    for _ in range(r.randint(1, 2)):
        x, y, q = r.choice((r.uniform(0.06, 0.26), r.uniform(0.74, 0.94))) * s.w, r.uniform(0.1, 0.9) * s.h, r.uniform(8, 16)
        c = r.choice(((230, 130, 90), (110, 180, 220), (170, 130, 220), (120, 200, 150)))
        p.oval(x, y, q, q, c)
        p.c.save()
        p.c.arc(x, y, q, 0, 7)
        p.c.clip()
        p.oval(x - q * 0.1, y + q * 0.3, q * 1.1, q * 0.22, lighter(c, 0.25))
        p.oval(x + q * 0.2, y - q * 0.4, q * 0.7, q * 0.14, lighter(c, 0.2))
        p.oval(x + q * 0.75, y + q * 0.3, q, q * 1.2, darker(c, 0.5), 0.4)
        p.c.restore()
        if r.random() < 0.5:
            p.c.save()
            p.c.translate(x, y)
            p.c.rotate(-0.35)
            p.c.scale(1.7, 0.42)
            p.c.arc(0, 0, q, -0.25, math.pi + 0.25)
            p.c.restore()
            p.c.set_line_width(1.8)
            p.ink((250, 220, 170))
            p.c.stroke()
    s.time, s.dark, s.subject, s.land = "day", True, ((1, 1, 1), WHITE, 0), ((1, 1, 1), WHITE, 0)
    s.floor = ("float", WHITE)


@place("the surface of the moon", "on the moon", who="moon moonair space2", timed=False, weathers=("clear",))
def moon_surface(s):
    r, p = s.rnd, s.p
    space(s)
    s.horizon = s.h * 0.62
    s.land_fill(s.ridge(s.horizon + 6, 12), (176, 178, 190), (134, 136, 156))
    for _ in range(6):
        y = r.uniform(s.horizon + 10, s.h)
        q = 3 + 7 * (y - s.horizon) / (s.h - s.horizon) * r.uniform(0.6, 1.2)
        x = r.uniform(0, s.w)
        p.oval(x, y, q, q * 0.36, (124, 126, 146))
        p.oval(x, y + 0.8, q * 0.9, q * 0.28, (154, 156, 172))
    s.floor = ("plain", (110, 112, 132))


@place("the bottom of the sea", "under the sea", "underwater", "at the bottom of the sea", "in the ocean", "in the deep sea", who="fish wreck", timed=False, weathers=("clear",))
def underwater(s):
    s.closed = True
    r, p = s.rnd, s.p
    p.gradient(0, 0, s.w, s.h, [(0, r.choice(((96, 206, 226), (70, 180, 226))), 1), (1, (20, 84, 150), 1)])
    for _ in range(4):
        x = r.uniform(0, s.w)
        p.poly([(x, -2), (x + 8, -2), (x + r.uniform(20, 34), s.h), (x - 6, s.h)], (220, 250, 255), 0.10)
    s.horizon = s.h * 0.78
    s.land_fill(s.ridge(s.horizon + 8, 10), mix((226, 206, 160), (30, 100, 160), 0.35), mix((214, 188, 140), (20, 84, 150), 0.2))
    for _ in range(r.randint(3, 5)):
        x = r.choice((r.uniform(0, 0.26), r.uniform(0.74, 1))) * s.w
        y, q, c = s.h - r.uniform(0, 12), r.uniform(22, 42), r.choice(((60, 150, 96), (40, 130, 110), (96, 170, 90)))
        p.curve([(x, y), (x + 3, y - q * 0.3), (x - 3, y - q * 0.65), (x + 2, y - q)], 3, c)
    for _ in range(r.randint(2, 4)):
        x, y, c = r.uniform(0, s.w), s.h - r.uniform(-2, 10), r.choice(((244, 110, 120), (250, 160, 90), (200, 120, 210)))
        for a in (-0.6, 0, 0.6):
            p.line([(x, y), (x + math.sin(a) * 9, y - 8 * math.cos(a) - 2)], 3, c)
    for _ in range(9):
        x, y, q = r.uniform(0, s.w), r.uniform(0, s.h * 0.8), r.uniform(0.9, 2.2)
        p.oval(x, y, q, q, (220, 246, 255), 0.55)
    s.time, s.subject, s.land = "day", ((0.9, 0.97, 1), (40, 130, 200), 0.10), ((1, 1, 1), WHITE, 0)
    s.floor = ("float", WHITE)


@place("a sky full of clouds", "in the sky", "above the clouds", "in the clouds", who="air sky", weathers=("clear", "clear", "fog"))
def sky(s):
    r = s.rnd
    s.horizon = s.h
    s.sky()
    c = {"day": WHITE, "morning": (255, 238, 222), "dusk": (250, 176, 170), "night": (96, 110, 168)}[s.time]
    for k in range(3):
        for i in range(5):
            s.cloud((i + r.uniform(0, 1)) * s.w / 4.4 - 8, s.h * (0.84 + 0.1 * k) + r.uniform(-5, 5), r.uniform(16, 24), mix(c, s.bottom, 0.4 - 0.18 * k))
    s.p.rect(0, s.h - 4, s.w, 6, c)
    s.floor = ("float", WHITE)

"""Rooms and caves."""

import math

import numpy as np

from scenes.palette import WHITE, darker, lighter, mix
from scenes.registry import place


@place("a room", "in a room", "in a cozy room", "at home", "in the living room", who="indoor toy", indoor=True, weathers=("clear", "rain", "snowfall"))
def room(s):
    s.closed = True
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.62, 0.68)
    night = s.time in ("night", "dusk")
    warm = (lambda c: mix(tuple(v * m for v, m in zip(c, (0.86, 0.76, 0.7))), (255, 170, 80), 0.10)) if night else (lambda c: s.lit(c))
    wall = r.choice(((246, 226, 190), (200, 224, 220), (242, 208, 204), (214, 212, 240), (226, 236, 200)))
    p.rect(0, 0, s.w, s.h, warm(wall))
    if r.random() < 0.5:
        for i in range(int(s.w / 16) + 1):
            p.rect(i * 16, 0, 6, s.horizon, warm(darker(wall, 0.05)))
    p.rect(0, s.horizon - 4, s.w, 4, warm((252, 248, 240)))
    p.rect(0, s.horizon, s.w, s.h, warm((196, 140, 92)))
    for i in range(1, 4):
        p.rect(0, s.horizon + i * (s.h - s.horizon) / 4, s.w, 0.9, warm((166, 112, 72)))
    p.oval(s.w / 2, s.h * 0.87, s.w * 0.4, s.h * 0.1, warm(r.choice(((206, 90, 90), (90, 130, 190), (110, 160, 120), (160, 110, 180)))))
    p.oval(s.w / 2, s.h * 0.87, s.w * 0.33, s.h * 0.075, warm((250, 230, 200)), 0.5)
    wx, wy, ww, wh = s.w * r.choice((0.14, 0.56)), s.h * 0.12, 38, 40
    p.rect(wx - 3, wy - 3, ww + 6, wh + 6, warm((250, 246, 238)), r=2)
    p.c.save()
    p.c.rectangle(wx, wy, ww, wh)
    p.c.clip()
    p.gradient(wx, wy, ww, wh, [(0, s.top, 1), (1, s.bottom, 1)])
    if s.time == "night" and s.weather == "clear":
        for _ in range(9):
            p.oval(wx + r.uniform(0, ww), wy + r.uniform(0, wh * 0.7), 0.7, 0.7, (255, 250, 225))
        p.oval(wx + 28, wy + 10, 5, 5, (255, 246, 210))
    elif s.weather == "clear":
        p.oval(wx + 10, wy + 12, 5, 5, (255, 222, 84) if s.time == "day" else (255, 150, 80))
    p.oval(wx + 10, wy + wh + 2, 22, 12, s.col((238, 244, 252) if s.weather == "snowfall" else (120, 184, 98)))
    p.oval(wx + 34, wy + wh + 2, 18, 9, s.col((224, 234, 248) if s.weather == "snowfall" else (98, 164, 86)))
    for _ in range(22 if s.weather in ("rain", "snowfall") else 0):
        x, y = wx + r.uniform(0, ww), wy + r.uniform(0, wh)
        if s.weather == "rain":
            p.line([(x, y), (x - 1.5, y + 5)], 0.9, (225, 238, 250), 0.8)
        else:
            p.oval(x, y, 1.1, 1.1, WHITE)
    p.c.restore()
    p.rect(wx + ww / 2 - 1, wy, 2, wh, warm((250, 246, 238)))
    p.rect(wx, wy + wh / 2 - 1, ww, 2, warm((250, 246, 238)))
    curtain = warm(r.choice(((222, 96, 90), (96, 140, 200), (240, 190, 90))))
    for q in (-1, 1):
        x = wx - 5 if q < 0 else wx + ww + 5
        p.poly([(x, wy - 5), (x - q * 14, wy - 5), (x - q * 6, wy + wh * 0.55), (x - q * 9, wy + wh + 6), (x, wy + wh + 6)], curtain)
    ox = s.w * 0.78 if wx < s.w * 0.4 else s.w * 0.2
    what = r.choice(("picture", "shelf", "lamp"))
    if what == "picture":
        p.rect(ox - 11, 20, 22, 18, warm((150, 104, 64)), r=1)
        p.rect(ox - 9, 22, 18, 14, warm((168, 212, 232)))
        p.poly([(ox - 9, 36), (ox - 2, 27), (ox + 3, 32), (ox + 6, 29), (ox + 9, 36)], warm((104, 160, 104)))
    elif what == "shelf":
        p.rect(ox - 16, 40, 32, 2.6, warm((150, 104, 64)))
        x = ox - 13
        while x < ox + 10:
            w, h = r.uniform(3, 5), r.uniform(9, 14)
            p.rect(x, 40 - h, w, h, warm(r.choice(((206, 80, 80), (80, 130, 190), (240, 190, 80), (100, 160, 110), (150, 100, 170)))))
            x += w + 0.5
    else:
        p.line([(ox, 0), (ox, 16)], 1.2, warm((90, 80, 80)))
        if night:
            p.glow(ox, 28, 44, (255, 220, 130), 0.7)
        p.poly([(ox - 11, 27), (ox - 6, 16), (ox + 6, 16), (ox + 11, 27)], warm((240, 150, 90)))
        p.oval(ox, 27, 4, 2.4, (255, 244, 190))
    if night:
        s.subject = ((0.95, 0.88, 0.82), (255, 170, 80), 0.06)
    s.floor = ("plain", warm((150, 100, 66)))


@place("a cave", "in a cave", "inside a cave", "in the cave", who="cave", indoor=True, weathers=("clear",))
def cave(s):
    s.closed = True
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.66
    rock = r.choice(((92, 84, 108), (98, 82, 78), (78, 88, 104)))
    k = {"night": 0.35, "dusk": 0.15}.get(s.time, 0)
    p.rect(0, 0, s.w, s.h, darker(rock, 0.45 + k * 0.4))
    x, y = s.w * r.uniform(0.36, 0.64), s.h * 0.44
    hole = [(x + math.cos(a) * 30 * r.uniform(0.85, 1.15), y + math.sin(a) * 27 * r.uniform(0.85, 1.15)) for a in np.linspace(0, 6.0, 9)]
    p.c.save()
    p.smooth(hole, True)
    p.c.clip()
    p.gradient(0, y - 30, s.w, 60, [(0, s.top, 1), (1, s.bottom, 1)])
    if s.dark:
        for _ in range(10):
            p.oval(x + r.uniform(-26, 26), y + r.uniform(-24, 14), 0.8, 0.8, (255, 250, 225))
        p.oval(x + 8, y - 8, 6, 6, (255, 246, 210))
    p.oval(x, y + 30, 40, 14, s.col((112, 170, 104), 0.4))
    p.c.restore()
    p.glow(x, y + 10, 60, s.bottom, 0.28)
    p.poly([(0, s.horizon + 3), (s.w, s.horizon + 3), (s.w, s.h), (0, s.h)], darker(rock, 0.12 + k * 0.5))
    p.glow(x, s.horizon + 22, 52, s.bottom, 0.3, 0.4)
    for i in range(7):
        q = r.uniform(9, 26)
        xx = (i + r.uniform(0.2, 0.8)) * s.w / 7
        p.poly([(xx - 6, -2), (xx, q), (xx + 6, -2)], darker(rock, 0.25 + k * 0.5))
    for side in (0, 1):
        xx = s.w * side
        p.blob([(xx, -4), (xx + (1 - 2 * side) * 18, 22), (xx + (1 - 2 * side) * r.uniform(10, 20), 60), (xx + (1 - 2 * side) * 16, s.h), (xx, s.h + 6), (xx - (1 - 2 * side) * 8, 50)], darker(rock, 0.3 + k * 0.5))
    for _ in range(r.randint(1, 3)):
        xx, c = r.choice((r.uniform(0.08, 0.25), r.uniform(0.75, 0.92))) * s.w, r.choice(((120, 220, 240), (220, 140, 240), (140, 240, 170)))
        p.glow(xx, s.horizon + 6, 14, c, 0.5)
        for d, q in ((-3, 8), (2.5, 12), (6, 6)):
            p.poly([(xx + d - 2, s.horizon + 10), (xx + d, s.horizon + 10 - q), (xx + d + 2, s.horizon + 10)], lighter(c, 0.1 * d))
    s.subject = ((0.86, 0.84, 0.9), (70, 70, 110), 0.05)
    s.floor = ("plain", darker(rock, 0.5))

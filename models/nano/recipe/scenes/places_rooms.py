"""Rooms with a use of their own. Lamps are on in the evening, and the window shows the time."""

from scenes.palette import WHITE, darker, lighter, mix
from scenes.registry import place

INSIDE = ("clear", "rain", "snowfall")


def walls(s, wall, floor, horizon=0.64):
    """Paints both in the light of the room; returns what lights other colours."""
    s.horizon = s.h * horizon
    evening = s.dark or s.time == "dusk"
    warm = (lambda c: mix(tuple(v * m for v, m in zip(c, (0.86, 0.76, 0.7))), (255, 170, 80), 0.1)) if evening else s.lit
    s.p.rect(0, 0, s.w, s.h, warm(wall))
    s.p.rect(0, s.horizon, s.w, s.h, warm(floor))
    s.p.rect(0, s.horizon - 2.4, s.w, 2.4, warm(lighter(wall, 0.5)))
    if evening:
        s.subject = ((0.95, 0.88, 0.82), (255, 170, 80), 0.06)
    s.floor, s.closed = ("plain", warm(darker(floor, 0.3))), True
    return warm


def pane(s, warm, x, y, w, h):
    """A window, with the sky and the weather outside."""
    p, r = s.p, s.rnd
    p.rect(x - 2.5, y - 2.5, w + 5, h + 5, warm((250, 246, 238)), r=1.5)
    p.c.save()
    p.c.rectangle(x, y, w, h)
    p.c.clip()
    p.gradient(x, y, w, h, [(0, s.top, 1), (1, s.bottom, 1)])
    if s.weather == "clear":
        c = {"night": (255, 246, 210), "day": (255, 222, 84)}.get(s.time, (255, 150, 80))
        p.oval(x + w * 0.7, y + h * 0.3, 4, 4, c)
    p.oval(x + w * 0.3, y + h, w * 0.6, h * 0.25, s.col((238, 244, 252) if s.weather == "snowfall" else (120, 184, 98)))
    for _ in range(14 if s.weather != "clear" else 0):
        a, b = x + r.uniform(0, w), y + r.uniform(0, h)
        if s.weather == "rain":
            p.line([(a, b), (a - 1.5, b + 5)], 0.9, (225, 238, 250), 0.8)
        else:
            p.oval(a, b, 1.1, 1.1, WHITE)
    p.c.restore()
    p.rect(x + w / 2 - 0.8, y, 1.6, h, warm((250, 246, 238)))
    p.rect(x, y + h / 2 - 0.8, w, 1.6, warm((250, 246, 238)))


def books(s, warm, x, y, w, rows, gap=15):
    r = s.rnd
    s.p.rect(x, y, w, rows * gap + 2, warm((132, 86, 54)))
    for row in range(rows):
        s.p.rect(x + 1.5, y + 2 + row * gap, w - 3, gap - 2.4, warm((86, 56, 42)))
        a = x + 2
        while a < x + w - 6:
            bw, bh = r.uniform(2.6, 4.6), r.uniform(gap * 0.58, gap * 0.78)
            c = r.choice(((206, 80, 80), (80, 130, 190), (240, 190, 80), (100, 160, 110), (150, 100, 170), (226, 210, 180)))
            s.p.rect(a, y + row * gap + gap - 0.4 - bh, bw, bh, warm(c))
            a += bw + 0.5


@place("a kitchen", "in the kitchen", "in a kitchen", who="kitchen indoor", indoor=True, weathers=INSIDE)
def kitchen(s):
    r, p = s.rnd, s.p
    warm = walls(s, r.choice(((226, 240, 232), (250, 236, 206), (216, 230, 244))), (206, 196, 184), 0.7)
    for i in range(int(s.w / 12) + 1):
        for j in range(3):
            p.rect(i * 12, s.horizon - 34 + j * 11, 11, 10, warm((246, 248, 248)))
    pane(s, warm, s.w * r.choice((0.12, 0.6)), s.h * 0.1, 32, 28)
    c = r.choice(((90, 150, 180), (230, 140, 90), (130, 170, 110), (220, 110, 110)))
    p.rect(0, s.horizon - 6, s.w, 5, warm((176, 124, 82)))
    p.rect(0, s.horizon - 1, s.w, 16, warm(c))
    for i in range(5):
        x = i * s.w / 5
        p.rect(x + 1, s.horizon + 1, s.w / 5 - 2, 12, warm(lighter(c, 0.18)), r=1)
        p.oval(x + s.w / 10, s.horizon + 3.5, 1.2, 1.2, warm((250, 246, 230)))
    x = s.w * r.choice((0.2, 0.8))
    p.rect(x - 8, s.horizon - 13, 16, 7, warm((70, 74, 92)), r=2)
    p.rect(x - 11, s.horizon - 12, 22, 1.8, warm((50, 54, 70)))
    p.rect(0, s.horizon + 15, s.w, s.h, warm((222, 208, 190)))
    for i in range(6):
        for j in range(3):
            if (i + j) % 2:
                p.rect(i * s.w / 6, s.horizon + 15 + j * 9, s.w / 6, 9, warm((206, 186, 164)))
    s.horizon += 10


@place("a bedroom", "in a bedroom", "in the bedroom", who="bed indoor toy", indoor=True, weathers=INSIDE)
def bedroom(s):
    r, p = s.rnd, s.p
    wall = r.choice(((190, 206, 240), (244, 212, 226), (206, 230, 214), (240, 226, 200)))
    warm = walls(s, wall, (190, 144, 104), 0.66)
    for _ in range(9):
        x, y = r.uniform(0, s.w), r.uniform(4, s.horizon - 8)
        p.oval(x, y, 2, 2, warm(lighter(wall, 0.5)))
    side = r.choice((0, 1))
    pane(s, warm, s.w * (0.6 if side == 0 else 0.14), s.h * 0.12, 32, 34)
    x, c = (-6 if side == 0 else s.w - 52), r.choice(((90, 140, 214), (226, 100, 110), (130, 180, 110), (170, 120, 210)))
    p.rect(x, s.horizon - 32, 58, 34, warm((150, 100, 62)), r=4)
    p.rect(x + 4, s.horizon - 14, 50, 12, warm((250, 248, 244)), r=4)
    p.rect(x - 2, s.horizon - 5, 62, 20, warm(c), r=4)
    p.rect(x - 2, s.horizon - 5, 62, 5, warm(lighter(c, 0.5)), r=2)
    p.oval(s.w / 2, s.h * 0.9, s.w * 0.36, s.h * 0.08, warm(lighter(c, 0.25)))
    s.horizon += 6


@place("a library", "in the library", "in a library", "among bookshelves", "in a study", who="library indoor", indoor=True, weathers=INSIDE)
def library(s):
    warm = walls(s, (166, 120, 84), (150, 92, 66), 0.68)
    n = max(3, round(s.w / 43))
    for i in range(n):
        books(s, warm, i * s.w / n + 1, 6, s.w / n - 2, int((s.horizon - 8) / 15))
    if s.rnd.random() < 0.6:
        x = s.w / 2 - 17
        s.p.rect(x - 4, 2, 42, s.horizon - 2, warm((176, 130, 92)))
        pane(s, warm, x, 10, 34, 46)
    s.p.oval(s.w / 2, s.h * 0.9, s.w * 0.42, s.h * 0.09, warm((166, 60, 66)))
    s.p.oval(s.w / 2, s.h * 0.9, s.w * 0.36, s.h * 0.07, warm((196, 90, 80)))


@place("a castle hall", "in a castle", "inside a castle", "in a throne room", who="castle knight", indoor=True, weathers=("clear",))
def castle_hall(s):
    r, p = s.rnd, s.p
    warm = walls(s, (150, 144, 160), (120, 112, 128), 0.66)
    for j in range(8):
        for i in range(int(s.w / 17) + 2):
            if r.random() < 0.5:
                p.rect(i * 17 - 8 * (j % 2), j * 11, 15.4, 9.6, warm((166, 160, 176) if r.random() < 0.5 else (138, 132, 150)), r=1)
    for x in (0.2, 0.8):
        x *= s.w
        p.c.save()
        p.c.new_sub_path()
        p.c.arc(x, 28, 9, 3.1416, 0)
        p.c.line_to(x + 9, 54)
        p.c.line_to(x - 9, 54)
        p.c.close_path()
        p.c.clip()
        p.gradient(x - 9, 18, 18, 36, [(0, s.top, 1), (1, s.bottom, 1)])
        p.c.restore()
        p.rect(x - 0.8, 19, 1.6, 35, warm((110, 104, 122)))
    c = r.choice(((190, 54, 64), (60, 84, 170), (110, 60, 150)))
    for x in (0.38, 0.62):
        x *= s.w
        p.poly([(x - 7, 8), (x + 7, 8), (x + 7, 40), (x, 47), (x - 7, 40)], warm(c))
        p.oval(x, 24, 3.4, 3.4, warm((250, 206, 90)))
    for x in (0.04, 0.96):
        x *= s.w
        p.glow(x, s.h * 0.36, 24, (255, 180, 80), 0.7)
        p.rect(x - 1.6, s.h * 0.37, 3.2, 12, warm((110, 74, 50)))
        p.blob([(x - 3, s.h * 0.37), (x - 3, s.h * 0.33), (x, s.h * 0.27), (x + 3, s.h * 0.33), (x + 3, s.h * 0.37)], (255, 170, 60))
    p.poly([(s.w * 0.4, s.horizon), (s.w * 0.6, s.horizon), (s.w * 0.8, s.h), (s.w * 0.2, s.h)], warm(c))


@place("a stage", "on a stage", "on the stage", "in a theater", "on stage", who="stage toy", timed=False, weathers=("clear",))
def stage_boards(s):
    r, p = s.rnd, s.p
    s.time, s.dark = "day", False
    walls(s, (62, 40, 74), (176, 118, 74), 0.68)
    for k in range(1, 5):
        p.rect(0, s.horizon + k * (s.h - s.horizon) / 5, s.w, 0.9, (140, 90, 56))
    for x in (0.3, 0.7):
        p.poly([(s.w * x - 4, 0), (s.w * x + 4, 0), (s.w * (0.5 + (0.5 - x) * 0.2) + 26, s.h), (s.w * (0.5 + (0.5 - x) * 0.2) - 26, s.h)], (255, 240, 180), 0.13)
    p.oval(s.w / 2, s.h * 0.88, s.w * 0.32, s.h * 0.08, (226, 170, 110))
    c = r.choice(((196, 44, 58), (150, 40, 110), (40, 70, 160)))
    for i in range(5):
        for x in (i * 5, s.w - i * 5 - 5):
            p.rect(x, 0, 5.4, s.horizon + 12 - i * 2, darker(c, 0.14 * (i % 2)))
    for i in range(8):
        p.oval((i + 0.5) * s.w / 8, 6, s.w / 15, 9, darker(c, 0.14 * (i % 2)))


@place("an office", "in an office", "at the office", "in a classroom", "at school", who="office library toy", indoor=True, weathers=INSIDE)
def classroom(s):
    r, p = s.rnd, s.p
    warm = walls(s, r.choice(((240, 232, 206), (222, 234, 240))), (196, 156, 112), 0.68)
    side = r.choice((0, 1))
    pane(s, warm, s.w * (0.7 if side else 0.06), s.h * 0.14, 30, 34)
    x = s.w * (0.06 if side else 0.4)
    p.rect(x - 2, 14, 70, 42, warm((150, 104, 64)), r=1)
    p.rect(x, 16, 66, 38, warm((58, 112, 92)))
    p.curve([(x + 8, 28), (x + 16, 24), (x + 24, 30), (x + 32, 25)], 1.4, warm((236, 244, 240)))
    p.line([(x + 8, 38), (x + 40, 38)], 1.3, warm((236, 244, 240)))
    p.oval(x + 53, 34, 7, 7, warm((250, 220, 110)))
    p.oval(x + 53, 34, 4.6, 4.6, warm((58, 112, 92)))
    for x in (0.12, 0.88):
        x *= s.w
        p.rect(x - 17, s.horizon + 2, 34, 3, warm((206, 150, 92)))
        for dx in (-14, 12):
            p.rect(x + dx, s.horizon + 5, 2, 15, warm((110, 112, 126)))

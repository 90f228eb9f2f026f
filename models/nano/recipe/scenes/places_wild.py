"""More open land: swamp, savanna, volcano, ice, island, river, blossoms and fields."""

import math

from scenes.palette import GLOW, WHITE, darker, lighter, mix
from scenes.registry import place


def ground(s, top, bottom, at=16, height=8):
    s.land_fill(s.ridge(s.horizon + at, height), s.col(top, 0.08), s.col(bottom))


@place("a swamp", "in a swamp", "in the swamp", "in a marsh", who="swamp", weathers=("clear", "rain", "fog"))
def swamp(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.5, 0.58)
    s.top, s.bottom, s.haze = (mix(c, (120, 140, 96), 0.35) for c in (s.top, s.bottom, s.haze))
    s.sky()
    for k, d in enumerate((0.75, 0.35)):
        for i in range(6 - k):
            x = (i + r.uniform(0.1, 0.9)) * s.w / (6 - k)
            if k and abs(x / s.w - 0.5) < 0.22:
                continue
            c, q = s.col((86, 84, 66), d), r.uniform(40, 60)
            p.poly([(x - 3, s.horizon + 6 + k * 4), (x - 1, s.horizon - q), (x + 1, s.horizon - q), (x + 3, s.horizon + 6 + k * 4)], c)
            for side in (-1, 1):
                p.curve([(x, s.horizon - q * 0.6), (x + side * 8, s.horizon - q * 0.85), (x + side * 13, s.horizon - q * 0.8)], 1.6, c)
                p.oval(x + side * 8, s.horizon - q * 0.88, 9, 5, s.col((92, 124, 70), d))
            p.oval(x, s.horizon - q, 10, 6, s.col((84, 116, 66), d))
    p.gradient(0, s.horizon + 4, s.w, s.h, [(0, s.col((108, 134, 92), 0.2), 1), (1, s.col((70, 98, 74)), 1)])
    s.ripples(s.horizon + 8, s.h, s.col((156, 180, 124)), 9)
    for _ in range(6):
        x, y = r.uniform(0, s.w), r.uniform(s.horizon + 12, s.h)
        p.oval(x, y, 5, 1.7, s.col((94, 154, 78)))
    ground(s, (112, 138, 82), (84, 112, 66), 30, 4)
    for side in (0.03, 0.97):
        for _ in range(5):
            x, q = s.w * side + r.uniform(-8, 8), r.uniform(14, 26)
            p.line([(x, s.h), (x + r.uniform(-2, 2), s.h - q)], 1.4, s.col((96, 132, 66)))
            p.rect(x - 1.3, s.h - q - 2, 2.6, 6, s.col((126, 84, 54)), r=1.2)
    s.floor = ("grass", s.col((100, 134, 70)))


@place("the savanna", "in the savanna", "on the savanna", who="savanna air sky", weathers=("clear", "clear", "rain"))
def savanna(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.52, 0.6)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 4, 14), s.col((204, 180, 112), 0.6))
    for x, q in ((r.uniform(0.08, 0.26), 40), (r.uniform(0.74, 0.94), 30), (r.uniform(0.3, 0.7), 16)):
        x, y, d = x * s.w, s.horizon + (10 if q > 20 else 5), 0.15 if q > 20 else 0.5
        c = s.col((112, 84, 60), d)
        p.curve([(x, y), (x + q * 0.05, y - q * 0.4), (x - q * 0.1, y - q * 0.7)], q * 0.08, c)
        p.curve([(x + q * 0.03, y - q * 0.36), (x + q * 0.22, y - q * 0.7)], q * 0.06, c)
        for dx, dy, w in ((-0.14, 0.74, 0.36), (0.2, 0.78, 0.34), (0.02, 0.86, 0.34)):
            p.oval(x + dx * q, y - dy * q, w * q, q * 0.1, s.col((116, 146, 66), d))
    ground(s, (226, 192, 106), (204, 162, 82))
    for _ in range(9):
        s.tuft(r.uniform(0, s.w), r.uniform(s.horizon + 18, s.h), r.uniform(3, 6), s.col((190, 158, 76)))
    s.floor = ("grass", s.col((206, 170, 86)))


@place("a volcano", "by a volcano", "in front of a volcano", "near the volcano", who="volcano", weathers=("clear", "clear", "fog"))
def volcano_land(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.62
    s.top, s.bottom, s.haze = (mix(c, (150, 70, 66), 0.35) for c in (s.top, s.bottom, s.haze))
    s.sky()
    x, top = s.w * r.choice((0.28, 0.5, 0.72)), s.horizon - 52
    for k in range(4):
        p.oval(x + k * 5 - 4, top - 6 - k * 7, 8 + 3 * k, 6 + 2 * k, mix((110, 96, 104), s.top, 0.35))
    p.glow(x, top, 30, (255, 130, 50), 0.8)
    p.poly([(x - 66, s.horizon + 8), (x - 13, top), (x + 13, top), (x + 66, s.horizon + 8)], s.col((104, 78, 82), 0.15))
    p.poly([(x + 4, s.horizon + 8), (x + 5, top), (x + 13, top), (x + 66, s.horizon + 8)], s.col((80, 60, 70), 0.15))
    p.oval(x, top, 13, 3, (255, 170, 60))
    for dx, n in ((-6, 30), (2, 44), (8, 24)):
        p.curve([(x + dx, top), (x + dx * 1.6, top + n * 0.5), (x + dx * 2.4 - 3, top + n)], 4, (255, 112, 44))
        p.curve([(x + dx, top), (x + dx * 1.6, top + n * 0.4), (x + dx * 2 - 1, top + n * 0.7)], 1.8, (255, 214, 96))
    ground(s, (112, 88, 88), (84, 66, 74), 12, 6)
    for _ in range(3):
        y = r.uniform(s.horizon + 26, s.h)
        xx = r.choice((r.uniform(0, 0.25), r.uniform(0.75, 1))) * s.w
        p.oval(xx, y, 12, 2.6, (255, 116, 46))
        p.oval(xx, y, 8, 1.4, (255, 206, 90))
    s.floor = ("plain", s.col((70, 54, 64)))


@place("the ice", "on the ice", "at the north pole", "in the arctic", who="winter berg", weathers=("clear", "snowfall", "fog"))
def ice(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.48, 0.56)
    s.sky()
    if s.dark and s.weather == "clear":
        for k, c in enumerate(((110, 240, 180), (120, 200, 240))):
            p.blob([(0, 22 + 8 * k), (s.w * 0.3, 10 + 8 * k), (s.w * 0.6, 24 + 8 * k), (s.w, 8 + 8 * k), (s.w, 26 + 8 * k), (s.w * 0.6, 44 + 6 * k), (s.w * 0.3, 30 + 8 * k), (0, 44 + 6 * k)], c, 0.28)
    p.gradient(0, s.horizon, s.w, 30, [(0, s.col((110, 180, 214), 0.2), 1), (1, s.col((70, 146, 196)), 1)])
    for i in range(3):
        x, q = (i + r.uniform(0.1, 0.8)) * s.w / 3, r.uniform(12, 24)
        p.poly([(x - q, s.horizon + 5), (x - q * 0.5, s.horizon - q * 0.5), (x, s.horizon - q), (x + q * 0.5, s.horizon - q * 0.6), (x + q, s.horizon + 5)], s.col((222, 238, 250), 0.35))
        p.poly([(x + q * 0.1, s.horizon + 5), (x, s.horizon - q), (x + q * 0.5, s.horizon - q * 0.6), (x + q, s.horizon + 5)], s.col((180, 212, 238), 0.35))
    s.land_fill(lambda x: s.horizon + 18 + 2 * math.sin(x / 19), s.col((160, 204, 232)))
    s.land_fill(lambda x: s.horizon + 15 + 2 * math.sin(x / 19), s.col((234, 244, 252)), s.col((206, 228, 244)))
    for _ in range(5):
        x, y = r.uniform(0, s.w), r.uniform(s.horizon + 24, s.h)
        p.line([(x, y), (x + 6, y + 2), (x + 13, y - 1)], 1, s.col((170, 206, 232)))
    s.floor = ("plain", s.col((188, 214, 236)))


@place("a tropical island", "on an island", "on a tropical island", "on the island", who="beach jungle", weathers=("clear", "clear", "rain"))
def island(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.46, 0.52)
    s.sky()
    p.gradient(0, s.horizon, s.w, s.h, [(0, s.col((60, 156, 210), 0.2), 1), (0.5, s.col((70, 190, 214)), 1), (1, s.col((110, 216, 220)), 1)])
    s.shine(s.horizon + 1, s.horizon + 20)
    s.ripples(s.horizon + 4, s.h, s.col((226, 248, 252)), 9)
    y = s.h * 0.84
    sand = [(s.w * 0.02, y + 14), (s.w * 0.2, y - 10), (s.w * 0.5, y - 17), (s.w * 0.8, y - 10), (s.w * 0.98, y + 14), (s.w * 0.5, y + 26)]
    p.blob([(a, b + 3) for a, b in sand], s.col((246, 252, 252)))
    p.blob(sand, s.col((250, 220, 154)))
    for side in r.choice(((0.14, 0.86), (0.12, 0.2), (0.84, 0.9))):
        s.palm(s.w * side, y - 4, r.uniform(46, 64))
        s.bush(s.w * side, y - 3, 8, s.col((70, 160, 84)))
    s.horizon = y - 24
    s.floor = ("plain", s.col((230, 194, 124)))


@place("a river", "by a river", "by the river", "at a river", who="woods walk bridge", weathers=("clear", "rain", "fog"))
def river(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.48, 0.55)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 18), s.col((140, 186, 128), 0.75))
    for i in range(8):
        x = (i + r.random()) * s.w / 8
        s.tree(x, s.horizon + 5, r.uniform(14, 24), s.col((82, 156, 88), 0.4), 0.4)
    s.land_fill(lambda x: s.horizon + 4, s.col((132, 194, 96), 0.2), s.col((98, 172, 80)))
    m, k = s.w * r.uniform(0.4, 0.6), r.choice((-1, 1))
    bank = [(m - 4, s.horizon + 5), (m + 4, s.horizon + 5), (m + 14 + k * 16, s.horizon + 14), (m + 26 - k * 12, s.horizon + 26), (s.w + 6, s.horizon + 30), (s.w + 6, s.horizon + 46), (-6, s.horizon + 40), (-6, s.horizon + 27), (m - 24 - k * 12, s.horizon + 24), (m - 10 + k * 16, s.horizon + 14)]
    p.blob(bank, s.col((90, 176, 216)))
    s.ripples(s.horizon + 22, s.horizon + 40, s.col((222, 244, 252)), 8)
    s.land_fill(lambda x: s.horizon + 42 + 2 * math.sin(x / 15), s.col((126, 192, 90)), s.col((96, 170, 78)))
    s.horizon += 30
    for _ in range(5):
        p.oval(r.uniform(0, s.w), s.horizon + r.uniform(10, 14), 4, 2.4, s.col((160, 158, 164)))
    s.floor = ("grass", s.col((108, 184, 82)))


@place("cherry blossoms", "under cherry blossoms", "among cherry trees", "under blooming trees", "in spring", who="garden walk woods")
def cherry_grove(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.56, 0.62)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 16), s.col((160, 204, 140), 0.75))
    for k, d in enumerate((0.65, 0.15)):
        for x in ((0.06, 0.3, 0.52, 0.72, 0.95), (0.02, 0.98))[k]:
            x, y, q = (x + r.uniform(-0.05, 0.05)) * s.w, s.horizon + 6 + 12 * k, (32, 84)[k] * r.uniform(0.9, 1.1)
            p.poly([(x - q * 0.07, y), (x - q * 0.03, y - q * 0.6), (x + q * 0.03, y - q * 0.6), (x + q * 0.07, y)], s.col((116, 82, 72), d))
            for dx, dy, w in ((-0.3, 0.6, 0.24), (0.3, 0.6, 0.24), (-0.14, 0.8, 0.25), (0.16, 0.8, 0.25), (0, 0.62, 0.28)):
                p.oval(x + dx * q, y - dy * q, w * q, w * q * 0.9, s.col(r.choice(((250, 176, 204), (246, 160, 192), (254, 196, 216))), d))
    ground(s, (140, 202, 106), (106, 178, 88), 14, 6)
    for _ in range(22):
        p.oval(r.uniform(0, s.w), r.uniform(10, s.h), 1.4, 0.9, s.col((254, 190, 214)))
    s.floor = ("grass", s.col((118, 190, 92)))


def rows_of(s, draw, rows=4, clear=0.24):
    """Things in rows that grow towards the front, with room for the subject in the middle."""
    for row in range(rows):
        y = s.horizon + 9 + row * (s.h - s.horizon - 2) / (rows - 0.4)
        n = 8 - row
        for i in range(n):
            x = (i + s.rnd.uniform(0.25, 0.75)) * s.w / n
            if row and abs(x / s.w - 0.5) < clear:
                continue
            draw(x, y, 1 + row * 0.55)


@place("a pumpkin patch", "in a pumpkin patch", "in a pumpkin field", who="farm spooky walk")
def pumpkin_patch(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.52, 0.58)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 14), s.col((170, 180, 110), 0.7))
    ground(s, (176, 150, 90), (148, 118, 70), 6, 3)

    def pumpkin(x, y, k):
        q = 4.4 * k
        p.curve([(x - q * 2, y + 1), (x - q, y - q * 0.3), (x + q * 2, y + 0.5)], 1.1, s.col((92, 140, 70)))
        for dx in (-0.55, 0.55, 0):
            p.oval(x + dx * q, y - q * 0.62, q * 0.62, q * 0.68, s.col((240, 134, 46) if dx == 0 else (218, 108, 36)))
        p.rect(x - q * 0.1, y - q * 1.55, q * 0.22, q * 0.4, s.col((92, 130, 60)))

    rows_of(s, pumpkin)
    s.floor = ("plain", s.col((126, 98, 60)))


@place("a field of sunflowers", "in a field of sunflowers", "among sunflowers", who="farm garden air")
def sunflower_field(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.5, 0.56)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 14), s.col((164, 204, 124), 0.7))
    ground(s, (150, 190, 84), (106, 160, 66), 6, 3)

    def flower(x, y, k):
        q = 8 * k
        p.line([(x, y), (x, y - q)], q * 0.1, s.col((84, 150, 66)))
        p.oval(x + q * 0.2, y - q * 0.4, q * 0.2, q * 0.09, s.col((84, 150, 66)))
        for i in range(9):
            a = i * 0.698
            p.oval(x + math.cos(a) * q * 0.24, y - q + math.sin(a) * q * 0.24, q * 0.14, q * 0.14, s.col((255, 202, 50)))
        p.oval(x, y - q, q * 0.2, q * 0.2, s.col((120, 76, 44)))

    rows_of(s, flower, clear=0.22)
    s.floor = ("grass", s.col((120, 172, 72)))


@place("a mars landscape", "on mars", "on the red planet", who="moon moonair", timed=False, weathers=("clear",))
def mars(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.58
    p.gradient(0, 0, s.w, s.h, [(0, (92, 44, 62), 1), (0.6, (236, 150, 110), 1), (1, (236, 150, 110), 1)])
    for _ in range(16):
        p.oval(r.uniform(0, s.w), r.uniform(0, s.h * 0.3), 0.8, 0.8, (255, 232, 210))
    for x, q in ((r.uniform(0.15, 0.4), 5), (r.uniform(0.6, 0.85), 8)):
        p.oval(x * s.w, s.h * r.uniform(0.1, 0.22), q, q, (240, 200, 170))
    s.haze, s.land = (230, 140, 104), ((1, 1, 1), WHITE, 0)
    for k, d in enumerate((0.7, 0.35)):
        for i in range(3):
            x, w, h = (i + r.uniform(0, 0.9)) * s.w / 3, r.uniform(26, 44), r.uniform(14, 30)
            p.poly([(x - w / 2, s.horizon + 8), (x - w * 0.34, s.horizon - h), (x + w * 0.34, s.horizon - h), (x + w / 2, s.horizon + 8)], s.col((186, 88, 62), d))
    s.land_fill(s.ridge(s.horizon + 10, 8), (214, 112, 72), (172, 78, 54))
    for _ in range(6):
        y = r.uniform(s.horizon + 14, s.h)
        q = 2 + 5 * (y - s.horizon) / (s.h - s.horizon)
        p.oval(r.uniform(0, s.w), y, q, q * 0.5, darker((172, 78, 54), 0.15))
    s.time, s.subject, s.closed, s.dark = "day", ((1, 0.94, 0.9), (230, 130, 90), 0.05), True, False
    s.floor = ("plain", (140, 62, 46))


@place("a haunted house", "in front of a haunted house", "by a haunted house", "at a haunted house", who="spooky", weathers=("clear", "fog", "rain"))
def haunted_house(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.62
    s.top, s.bottom = mix(s.top, (60, 40, 90), 0.55), mix(s.bottom, (110, 80, 130), 0.5)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 2, 20), s.col((92, 86, 112), 0.5))
    x, y = s.w * r.choice((0.3, 0.5, 0.7)), s.horizon + 8
    wall, roof = s.col((104, 90, 122), 0.1), s.col((56, 46, 76), 0.05)
    for a, w, h in ((-15, 17, 40), (15, 17, 34), (0, 24, 54)):
        p.rect(x + a - w / 2, y - h, w, h, darker(wall, 0.1 * (a != 0)))
        p.poly([(x + a - w * 0.7, y - h), (x + a + 1, y - h - 15), (x + a + w * 0.7, y - h)], roof)
        for b in (h - 9, h - 24):
            if b > 12:
                p.rect(x + a - 2.6, y - b, 5.2, 7, GLOW if r.random() < 0.75 else roof, r=1.5)
    p.rect(x - 4, y - 12, 8, 12, roof, r=3)
    for side in (0.06, 0.94):
        q, xx, c = r.uniform(52, 66), s.w * side, s.col((62, 50, 60))
        p.curve([(xx, s.h * 0.9), (xx + 2, s.h * 0.9 - q * 0.5), (xx - 1, s.h * 0.9 - q)], 4, c)
        for a, b, k in ((0.45, 0.2, -1), (0.6, 0.24, 1), (0.78, 0.16, -1)):
            p.curve([(xx + 1, s.h * 0.9 - q * a), (xx + k * q * b, s.h * 0.9 - q * (a + 0.16)), (xx + k * q * (b + 0.1), s.h * 0.9 - q * (a + 0.12))], 1.8, c)
    ground(s, (98, 108, 92), (70, 80, 78), 14, 6)
    for i in range(int(s.w / 11)):
        if abs(i * 11 / s.w - 0.5) > 0.2:
            p.rect(i * 11, s.horizon + 6, 1.8, 12, s.col((48, 42, 58)))
    s.floor = ("grass", s.col(lighter((70, 86, 70), 0.05)))

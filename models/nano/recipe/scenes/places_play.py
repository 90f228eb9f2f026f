"""Parks, playgrounds, fairs, camps, fields, roads, rails and harbours."""

import math

from scenes.palette import GLOW, WHITE, darker, lighter, mix
from scenes.registry import place


def lawn(s, at=14):
    s.land_fill(s.ridge(s.horizon + at, 5), s.col((136, 200, 98), 0.05), s.col((102, 178, 84)))
    s.floor = ("grass", s.col((114, 188, 86)))


def lamp(s, x, y, q):
    s.p.rect(x - 0.8, y - q, 1.6, q, s.col((70, 72, 88)))
    on = s.dark or s.time == "dusk"
    if on:
        s.p.glow(x, y - q, 14, GLOW, 0.6)
    s.p.oval(x, y - q, 2.6, 3, GLOW if on else s.col((236, 240, 244)))


@place("a park", "in the park", "in a park", "on the grass", who="park garden walk toy air")
def park(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.54, 0.6)
    s.sky()
    for i in range(7):
        s.tree((i + r.random()) * s.w / 7, s.horizon + 5, r.uniform(22, 34), s.col((84, 160, 90), 0.5), 0.5)
    s.land_fill(lambda x: s.horizon + 4, s.col((140, 202, 104), 0.2), s.col((106, 180, 88)))
    m = s.w * r.uniform(0.35, 0.65)
    p.blob([(m - 3, s.horizon + 4), (m + 3, s.horizon + 4), (m + 18, s.horizon + 18), (s.w * 0.86, s.h + 4), (s.w * 0.2, s.h + 4), (m - 4, s.horizon + 18)], s.col((232, 212, 172)))
    side = r.choice((0.12, 0.88))
    s.tree(s.w * side, s.horizon + 20, 70, s.col((70, 150, 80), 0.1), 0.1)
    x = s.w * (1 - side)
    for dy in (0, 4):
        p.rect(x - 12, s.horizon + 8 + dy, 24, 2.4, s.col((176, 116, 70)))
    for dx in (-9, 8):
        p.rect(x + dx, s.horizon + 8, 1.6, 12, s.col((80, 80, 92)))
    lamp(s, x + (16 if side > 0.5 else -16), s.horizon + 20, 34)
    s.floor = ("plain", s.col((120, 160, 90)))


@place("a playground", "on a playground", "at the playground", who="park toy walk")
def playground(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.56, 0.6)
    s.sky()
    for i in range(6):
        s.bush((i + 0.5) * s.w / 6, s.horizon + 5, r.uniform(10, 15), s.col((90, 164, 96), 0.5))
    lawn(s, 6)
    x, y = s.w * 0.2, s.horizon + 16
    p.rect(x - 10, y - 30, 2.4, 30, s.col((220, 70, 70)))
    p.rect(x, y - 30, 2.4, 30, s.col((220, 70, 70)))
    p.poly([(x - 13, y - 38), (x - 4, y - 48), (x + 5, y - 38)], s.col((70, 130, 220)))
    p.rect(x - 11, y - 26, 14, 3, s.col((250, 200, 70)))
    p.curve([(x + 2, y - 25), (x + 12, y - 16), (x + 18, y - 3), (x + 24, y)], 4, s.col((250, 200, 70)))
    x = s.w * 0.8
    for dx in (-16, 16):
        p.line([(x + dx - 3, y), (x + dx, y - 36), (x + dx + 3, y)], 2, s.col((90, 110, 190)))
    p.line([(x - 16, y - 36), (x + 16, y - 36)], 2.2, s.col((90, 110, 190)))
    for dx in (-7, 7):
        for e in (-3, 3):
            p.line([(x + dx + e, y - 35), (x + dx + e, y - 10)], 0.9, s.col((110, 110, 120)))
        p.rect(x + dx - 4, y - 11, 8, 2.4, s.col((230, 90, 80)))
    p.oval(s.w / 2, s.h * 0.9, s.w * 0.36, s.h * 0.09, s.col((244, 220, 166)))


@place("a fair", "at the fair", "at a fair", "in an amusement park", who="fair walk toy air", weathers=("clear", "clear", "rain"))
def fairground(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.62
    s.sky()
    x, y, q = s.w * r.choice((0.26, 0.74)), s.horizon - 22, 30
    c = s.col((110, 120, 190), 0.2)
    p.line([(x - 14, s.horizon + 8), (x, y), (x + 14, s.horizon + 8)], 2.4, c)
    for k in range(12):
        a = k * math.pi / 6
        e = (x + math.cos(a) * q, y + math.sin(a) * q)
        f = (x + math.cos(a + math.pi / 6) * q, y + math.sin(a + math.pi / 6) * q)
        p.line([(x, y), e], 0.9, c)
        p.line([e, f], 1.6, c)
        light = ((255, 110, 110), (255, 216, 90), (110, 200, 255))[k % 3]
        p.rect(e[0] - 3, e[1] - 1, 6, 5, light if s.dark else s.col(light, 0.1), r=1.5)
    x = s.w - x
    for i in range(8):
        a, b = x - 24 + i * 6, x - 18 + i * 6
        p.poly([(x, s.horizon - 34), (a, s.horizon - 8), (b, s.horizon - 8)], s.col((226, 70, 70) if i % 2 else (252, 246, 236), 0.1))
        p.rect(a, s.horizon - 8, 6, 17, s.col((214, 62, 62) if i % 2 else (244, 238, 228), 0.1))
    p.poly([(x, s.horizon - 42), (x + 8, s.horizon - 39), (x, s.horizon - 36)], s.col((80, 140, 226)))
    for i in range(9):
        xx = i * s.w / 8
        p.poly([(xx - 5, 6 + abs(i - 4)), (xx + 5, 6 + abs(i - 4)), (xx, 15 + abs(i - 4))], s.lit(((240, 90, 90), (255, 210, 80), (90, 170, 240))[i % 3]))
    p.rect(0, s.horizon + 8, s.w, s.h, s.col((226, 204, 166)))
    s.floor = ("plain", s.col((190, 166, 128)))


@place("a campsite", "at a campsite", "at a camp in the woods", "by a campfire", "in a camp", who="camp woods", weathers=("clear", "clear", "fog"))
def campsite(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.56, 0.6)
    s.sky()
    for k, d in enumerate((0.8, 0.4)):
        for i in range(9):
            s.pine((i + r.random()) * s.w / 9, s.horizon + 4 + 3 * k, r.uniform(30, 48), s.col((58, 124, 88), d), False, d)
    lawn(s, 10)
    side = r.choice((-1, 1))
    x, y = s.w * (0.5 - 0.3 * side), s.horizon + 20
    c = s.col(r.choice(((240, 150, 60), (80, 160, 210), (220, 90, 90))), 0.05)
    p.poly([(x - 20, y), (x - 2 * side, y - 26), (x + 20, y)], c)
    p.poly([(x - 7, y), (x - 2 * side, y - 25), (x + 5, y)], darker(c, 0.5))
    x = s.w * (0.5 + 0.34 * side)
    p.glow(x, y - 4, 24, (255, 170, 70), 0.6 if s.dark or s.time == "dusk" else 0.3)
    for a, b in ((-6, 6), (6, -6)):
        p.line([(x + a, y), (x + b, y - 2.4)], 2.4, s.col((130, 86, 54)))
    for k, f in ((1, (255, 120, 46)), (0.55, (255, 214, 90))):
        p.blob([(x - 5 * k, y - 2), (x - 3 * k, y - 8 * k), (x, y - 15 * k), (x + 4 * k, y - 7 * k), (x + 5 * k, y - 2)], f)


@place("a football field", "on a football field", "on a soccer field", "in a stadium", "on the field", who="field walk park")
def football_field(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.56
    s.sky()
    p.rect(0, s.horizon - 18, s.w, 24, s.col((150, 156, 176), 0.3))
    for i in range(int(s.w / 4)):
        for j in range(3):
            p.oval(i * 4 + 2 + (j % 2) * 2, s.horizon - 14 + j * 6, 1.5, 1.5, s.col(r.choice(((240, 96, 90), (250, 210, 90), (100, 160, 236), (244, 244, 244))), 0.3))
    p.rect(0, s.horizon + 3, s.w, 4, s.col((60, 100, 190), 0.15))
    for i in range(6):
        y0, y1 = (s.horizon + 7 + (s.h - s.horizon) * (k / 6) ** 1.4 for k in (i, i + 1))
        p.rect(0, y0, s.w, y1 - y0 + 1, s.col((104, 186, 84) if i % 2 else (86, 168, 72)))
    x = s.w * r.choice((0.25, 0.5, 0.75))
    for a, b, w, h in ((-19, -20, 38, 2), (-19, -20, 2, 30), (17, -20, 2, 30)):
        p.rect(x + a, s.horizon + b + 4, w, h, s.col((250, 250, 250)))
    for i in range(8):
        p.line([(x - 17 + i * 5, s.horizon - 15), (x - 17 + i * 5, s.horizon + 12)], 0.5, s.col((236, 240, 244)), 0.6)
    p.line([(0, s.horizon + 16), (s.w, s.horizon + 16)], 1.6, s.col(WHITE))
    s.floor = ("plain", s.col((70, 140, 64)))


@place("candy land", "in candy land", "in a land of candy", "in a candy world", who="candy", weathers=("clear",))
def candy_land(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.54, 0.6)
    s.top, s.bottom = mix(s.top, (250, 170, 220), 0.45), mix(s.bottom, (255, 226, 236), 0.6)
    s.sky()
    for k, (c, d) in enumerate((((250, 190, 214), 0.6), ((190, 230, 220), 0.3))):
        s.land_fill(s.ridge(s.horizon + 3 + 7 * k, 20, bumps=2.8), s.col(c, d))
    for x in (r.uniform(0.04, 0.2), r.uniform(0.24, 0.34), r.uniform(0.68, 0.78), r.uniform(0.82, 0.96)):
        x, y, q = x * s.w, s.horizon + r.uniform(12, 22), r.uniform(26, 44)
        c = r.choice(((240, 90, 130), (110, 190, 240), (150, 210, 90), (250, 180, 70), (180, 120, 230)))
        p.rect(x - 1.1, y - q, 2.2, q, s.col((252, 250, 246)))
        p.oval(x, y - q, q * 0.3, q * 0.3, s.col(c))
        p.oval(x, y - q, q * 0.2, q * 0.2, s.col(lighter(c, 0.55)))
        p.oval(x, y - q, q * 0.1, q * 0.1, s.col(c))
    s.land_fill(s.ridge(s.horizon + 18, 8), s.col((255, 206, 226)), s.col((244, 170, 206)))
    for _ in range(12):
        x, y = r.uniform(0, s.w), r.uniform(s.horizon + 24, s.h)
        p.oval(x, y, 2, 1.3, s.col(r.choice(((240, 96, 110), (110, 190, 240), (250, 220, 100), (150, 210, 110)))))
    s.floor = ("plain", s.col((232, 150, 190)))


def road_of(s, c=(104, 108, 120)):
    p = s.p
    p.poly([(s.w * 0.47, s.horizon + 4), (s.w * 0.53, s.horizon + 4), (s.w * 1.02, s.h), (-s.w * 0.02, s.h)], s.col(c))
    for k in range(5):
        t0, t1 = (k / 5) ** 1.6, ((k + 0.5) / 5) ** 1.6
        y0, y1 = (s.horizon + 6 + (s.h - s.horizon) * t for t in (t0, t1))
        w0, w1 = 0.5 + 2.6 * t0, 0.5 + 2.6 * t1
        p.poly([(s.w / 2 - w0, y0), (s.w / 2 + w0, y0), (s.w / 2 + w1, y1), (s.w / 2 - w1, y1)], s.col((246, 240, 216)))


@place("a road", "on the road", "on a country road", "on a road", who="road road walk air")
def country_road(s):
    r = s.rnd
    s.horizon = s.h * r.uniform(0.5, 0.56)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 18), s.col((146, 192, 128), 0.7))
    s.land_fill(lambda x: s.horizon + 4, s.col((140, 200, 100), 0.2), s.col((104, 176, 82)))
    road_of(s)
    for side in (-1, 1):
        for k in range(3):
            s.tree(s.w / 2 + side * s.w * (0.12 + 0.14 * k + 0.06 * k * k), s.horizon + 6 + 9 * k, 16 + 16 * k, s.col((78, 152, 84), 0.4 - 0.15 * k), 0.4 - 0.15 * k)
    s.floor = ("plain", s.col((80, 84, 96)))


@place("a railway", "on the rails", "at a train station", "on a railway", "at the station", who="rail rail road station")
def railway(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.58, 0.62)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 24), s.col((146, 192, 128), 0.7))
    for i in range(6):
        s.tree((i + r.random()) * s.w / 6, s.horizon + 4, r.uniform(14, 26), s.col((82, 156, 88), 0.4), 0.4)
    s.land_fill(lambda x: s.horizon + 4, s.col((140, 196, 100), 0.1), s.col((106, 174, 84)))
    y = s.h * 0.86
    p.poly([(0, y - 6), (s.w, y - 6), (s.w, y + 10), (0, y + 10)], s.col((168, 158, 150)))
    for i in range(int(s.w / 8) + 1):
        p.poly([(i * 8, y - 4), (i * 8 + 4, y - 4), (i * 8 + 3, y + 8), (i * 8 - 2, y + 8)], s.col((126, 92, 68)))
    for dy in (-1.5, 5):
        p.rect(0, y + dy, s.w, 1.8, s.col((206, 210, 220)))
    s.floor, s.feet = ("plain", s.col((110, 100, 96))), y + 4


@place("a harbor", "in a harbor", "at the harbor", who="boat smallboat seaair sky", weathers=("clear", "rain", "fog"))
def harbor(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.48, 0.54)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 2, 22), s.col((146, 186, 140), 0.7))
    for i in range(5):
        s.house((i + 0.5) * s.w / 5 + r.uniform(-3, 3), s.horizon + 3, r.uniform(20, 28), r.choice(((250, 214, 150), (240, 160, 140), (170, 206, 226), (252, 244, 226))), r.choice(((206, 84, 66), (110, 110, 140))), 0.25)
    p.rect(0, s.horizon + 2, s.w, 4, s.col((164, 150, 140), 0.1))
    p.gradient(0, s.horizon + 6, s.w, s.h, [(0, s.col((88, 158, 190), 0.15), 1), (1, s.col((44, 118, 166)), 1)])
    s.shine(s.horizon + 8, s.h)
    s.ripples(s.horizon + 10, s.h, s.col((220, 240, 250)), 10)
    side = r.choice((0, 1))
    x0 = s.w * (0.86 if side else 0)
    p.rect(x0, s.h - 12, s.w * 0.14, 4, s.col((170, 120, 76)))
    for k in range(3):
        p.rect(x0 + 2 + k * s.w * 0.05, s.h - 18, 2.6, 18, s.col((128, 88, 58)))
    s.water = (s.col((54, 128, 174)), s.col((226, 244, 252)), False)
    s.horizon += 8


@place("roofs", "on a roof", "on the roof", who="roof air", weathers=("clear", "rain", "snowfall"))
def rooftop(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.66
    s.sky()
    for k, d in ((0, 0.8), (1, 0.4)):
        for i in range(5):
            x, q = (i + r.uniform(0.2, 0.8)) * s.w / 5, r.uniform(26, 36)
            s.house(x, s.horizon + 8 + 6 * k, q, (236, 214, 190), r.choice(((190, 96, 80), (120, 110, 140), (150, 100, 84))), d, s.weather == "snowfall")
    c = (238, 244, 252) if s.weather == "snowfall" else (198, 92, 74)
    p.poly([(s.w * 0.04, s.h * 0.82), (s.w * 0.96, s.h * 0.82), (s.w * 1.1, s.h + 2), (-s.w * 0.1, s.h + 2)], s.col(c))
    if s.weather != "snowfall":
        for j in range(3):
            for i in range(10):
                p.oval((i + 0.5 * (j % 2)) * s.w / 9, s.h * (0.86 + 0.06 * j), s.w / 19, 2.4, s.col((176, 76, 62) if (i + j) % 2 else (214, 112, 90)))
    p.rect(0.03 * s.w, s.h * 0.8, s.w * 0.94, 4, s.col((160, 70, 58) if c[0] < 220 else (214, 226, 240)), r=2)
    x = s.w * r.choice((0.14, 0.86))
    p.rect(x - 6, s.h * 0.66, 12, 20, s.col((170, 96, 80)))
    p.rect(x - 7.5, s.h * 0.65, 15, 4, s.col((130, 74, 64)))
    s.floor, s.feet = ("plain", s.col((120, 60, 56))), s.h * 0.84

"""Open land."""

import math

from scenes.own_great import falls
from scenes.palette import BLACK, GLOW, mix
from scenes.registry import place


def snowy(s, trees=True):
    r = s.rnd
    s.horizon = s.h * r.uniform(0.5, 0.6)
    s.sky()
    for k, d in ((0, 0.9), (1, 0.55)):
        s.land_fill(s.ridge(s.horizon + 4 + 6 * k, r.uniform(14, 24) * (1 - 0.4 * k)), s.col((212, 228, 246), d))
    f = s.ridge(s.horizon + 14, 12)
    if trees:
        for _ in range(r.randint(3, 6)):
            x = r.choice((r.uniform(0, 0.3), r.uniform(0.7, 1))) * s.w
            s.pine(x, f(x) + r.uniform(0, 4), r.uniform(22, 38), s.col((56, 116, 98), 0.3), True, 0.3)
    s.land_fill(f, s.col((238, 245, 253), 0.12), s.col((216, 230, 247)))
    for _ in range(4):
        x, y = r.uniform(0, s.w), r.uniform(s.horizon + 20, s.h)
        s.p.curve([(x - 9, y), (x, y - 2), (x + 10, y)], 1, s.col((196, 214, 238)), 0.8)
    s.floor = ("mound", s.col((246, 250, 255)))


@place("a snowy field", "in the snow", "in a snowy field", "on a snow field", "in snow", "in winter", who="winter walk")
def snow_field(s):
    snowy(s)


@place("a winter forest", "in a snowy forest", "in a winter forest", "in the winter woods", who="winter woods", weathers=("clear", "snowfall", "fog"))
def winter_forest(s):
    forest_of(s, (232, 241, 250), (214, 228, 246), [(60, 118, 104), (48, 100, 96)], snow=True)
    s.floor = ("mound", s.col((246, 250, 255)))


def forest_of(s, ground, ground2, greens, snow=False, kind="pine"):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.56, 0.64)
    s.sky(sun=True)
    for k, d in enumerate((0.95, 0.6, 0.25)):
        base = s.horizon + 3 + 5 * k
        n = int(((7, 5, 4) if snow else (9, 7, 5))[k] * s.w / 128) + 1
        for i in range(n):
            x = (i + r.uniform(0.1, 0.9)) * s.w / n
            if k == 2 and abs(x / s.w - 0.5) < 0.22:
                continue
            h = r.uniform(0.8, 1.15) * (44, 56, 74)[k]
            c = s.col(mix(r.choice(greens), BLACK, 0.1 * (k == 2)), d)
            if kind == "pine":
                s.pine(x, base + r.uniform(-1, 2), h, c, snow and k, d)
            else:
                s.tree(x, base + r.uniform(-1, 2), h * 0.92, c, d)
        s.land_fill(lambda x, b=base: b - 2 + math.sin(x / 17 + k) * 1.2, s.col(mix(ground, greens[0], 0.35 - 0.17 * k), d * 0.6), s.col(ground2) if k == 2 else None)
    for side in (-1, 1):
        if r.random() < 0.75:
            x = s.w / 2 + side * s.w * r.uniform(0.5, 0.58)
            (s.pine if kind == "pine" else s.tree)(x, s.h * r.uniform(0.98, 1.06), s.h * r.uniform(0.74, 0.92), s.col(mix(greens[0], BLACK, 0.2)), *((snow,) if kind == "pine" else ()))
    if not snow:
        for _ in range(5):
            s.tuft(r.uniform(0, s.w), r.uniform(s.horizon + 14, s.h), r.uniform(3, 5), s.col(mix(greens[0], (160, 210, 90), 0.3)))
        if r.random() < 0.4:
            x, y = r.uniform(0.1, 0.9) * s.w, s.h * 0.93
            p.rect(x - 1.5, y - 5, 3, 5, s.col((245, 235, 215)), r=1)
            p.c.arc(x, y - 4.5, 5, math.pi, 0)
            p.fill(s.col((222, 70, 60)))
    s.floor = ("grass", s.col(mix(ground, greens[0], 0.45)))


@place("a forest", "in a forest", "in the woods", "among the trees", "in the forest", who="woods walk")
def forest(s):
    forest_of(s, (128, 178, 92), (96, 152, 78), [(52, 124, 82), (70, 142, 84), (40, 106, 84)], kind=s.rnd.choice(("pine", "pine", "tree")))


@place("an autumn forest", "in an autumn forest", "among autumn trees", "in autumn", "in fall", who="woods walk")
def autumn_forest(s):
    forest_of(s, (214, 164, 92), (186, 128, 70), [(226, 126, 48), (208, 84, 50), (240, 178, 62)], kind="tree")
    for _ in range(9):
        s.p.oval(s.rnd.uniform(0, s.w), s.rnd.uniform(s.horizon + 10, s.h), 1.6, 1, s.col(s.rnd.choice(((226, 90, 48), (250, 190, 70)))))
    s.floor = ("grass", s.col((206, 150, 80)))


@place("a jungle", "in a jungle", "in the rainforest", "in the jungle", who="jungle fall", weathers=("clear", "rain", "fog"))
def jungle(s):
    r = s.rnd
    s.horizon = s.h * 0.6
    s.sky(sun=False)
    for k, d in enumerate((0.8, 0.45, 0.1)):
        n = (5, 4, 4)[k]
        for i in range(n):
            x = (i + r.uniform(0.1, 0.9)) * s.w / n
            if k and abs(x / s.w - 0.5) < (0.14, 0.14, 0.26)[k]:
                continue
            (s.palm(x, s.horizon + 5 * k + 3, r.uniform(50, 70), d) if r.random() < 0.6 else s.tree(x, s.horizon + 5 * k + 3, r.uniform(48, 66), s.col((46, 140, 84), d), d))
        for i in range(7):
            s.bush(i * s.w / 6, s.horizon + 5 + 5 * k, r.uniform(9, 15), s.col(((60, 160, 96), (44, 138, 80), (34, 112, 70))[k], d))
        s.land_fill(lambda x, b=s.horizon + 5 * k: b + 3, s.col((74, 150, 76), d), s.col((54, 124, 66)) if k == 2 else None)
    for side in (0, 1):
        x = s.w * (side * 1.04 - 0.02)
        for a in (0.15, 0.5, 0.85):
            ang = -a * math.pi / 2 if side == 0 else -math.pi + a * math.pi / 2
            e = (x + math.cos(ang) * 26, s.h + math.sin(ang) * 30)
            n = (math.sin(ang) * 5, -math.cos(ang) * 5)
            m = mix((x, s.h), e, 0.5)
            s.p.blob([(x, s.h + 2), (m[0] + n[0], m[1] + n[1]), e, (m[0] - n[0], m[1] - n[1])], s.col((38, 128, 72)))
    for x in (r.uniform(0.05, 0.3), r.uniform(0.7, 0.95)):
        s.p.curve([(x * s.w, -2), (x * s.w + 3, 16), (x * s.w - 2, r.uniform(26, 44))], 1.4, s.col((44, 120, 66)))
    s.floor = ("grass", s.col((70, 158, 78)))


@place("green hills", "on a meadow", "in the green hills", "on a grassy hill", "in summer", "in the grass", "in the hills", who="walk farm air mill hold sky")
def meadow(s):
    r = s.rnd
    s.horizon = s.h * r.uniform(0.5, 0.6)
    s.sky()
    for k, (c, d) in enumerate((((150, 200, 120), 0.8), ((134, 196, 96), 0.45))):
        f = s.ridge(s.horizon + 2 + 9 * k, r.uniform(14, 24), bumps=2.6)
        s.land_fill(f, s.col(c, d))
        for _ in range(r.randint(1, 4)):
            x = r.uniform(0, 1) * s.w
            s.tree(x, f(x) + 1.5, r.uniform(12, 18) * (1 + 0.3 * k), s.col((78, 156, 84), d), d)
    s.land_fill(s.ridge(s.horizon + 18, 10), s.col((128, 200, 88), 0.1), s.col((92, 172, 76)))
    for _ in range(r.randint(5, 11)):
        y = r.uniform(s.horizon + 22, s.h)
        s.flower(r.uniform(0, s.w), y, 3 + 3 * (y - s.horizon) / s.h, r.choice(((255, 110, 120), (255, 255, 255), (190, 130, 240), (255, 190, 70))))
    s.floor = ("grass", s.col((112, 190, 82)))


@place("mountains", "in the mountains", "in front of mountains", "on a mountain", who="mountain air hold sky walk fall")
def mountains(s):
    r = s.rnd
    s.horizon = s.h * r.uniform(0.6, 0.68)
    s.sky()
    for k, d in ((0, 0.8), (1, 0.3)):
        n = 3 if k == 0 else 2
        for i in range(n + 1):
            s.peak((i + r.uniform(0.1, 0.7)) * s.w / n - 8, s.horizon + 8, r.uniform(60, 84), r.uniform(38, 62) * (1 - 0.15 * k), s.col((124, 138, 172), d), s.col((246, 250, 255), d * 0.6))
    f = s.ridge(s.horizon + 10, 8)
    for _ in range(7):
        x = r.uniform(0, s.w)
        s.pine(x, f(x) + 3, r.uniform(10, 18), s.col((60, 128, 92), 0.3), False, 0.3)
    s.land_fill(f, s.col((126, 186, 104), 0.15), s.col((92, 158, 84)))
    s.floor = ("grass", s.col((110, 176, 92)))


@place("a desert", "in the desert", "among sand dunes", "in a desert", who="desert air hold sky", weathers=("clear", "clear", "fog"))
def desert(s):
    r = s.rnd
    s.horizon = s.h * r.uniform(0.52, 0.6)
    s.sky()
    if r.random() < 0.35:
        for x, q in ((0.25, 30), (0.42, 20)):
            x = s.w * x
            s.p.poly([(x - q * 0.75, s.horizon + 3), (x, s.horizon - q * 0.7), (x + q * 0.75, s.horizon + 3)], s.col((238, 196, 122), 0.4))
            s.p.poly([(x + q * 0.1, s.horizon + 3), (x, s.horizon - q * 0.7), (x + q * 0.75, s.horizon + 3)], s.col((206, 158, 96), 0.4))
    for k, (c, d) in enumerate((((246, 206, 136), 0.6), ((240, 190, 112), 0.25))):
        f = s.ridge(s.horizon + 5 + 9 * k, r.uniform(10, 18), bumps=1.6)
        s.land_fill(f, s.col(c, d))
    s.land_fill(s.ridge(s.horizon + 20, 10), s.col((248, 208, 134)), s.col((226, 170, 96)))
    for _ in range(3):
        y = r.uniform(s.horizon + 24, s.h - 4)
        x = r.uniform(0, s.w)
        s.p.curve([(x - 14, y), (x, y - 2.4), (x + 14, y)], 1, s.col((214, 160, 92)), 0.7)
    for _ in range(r.randint(1, 3)):
        x, y, q = r.choice((r.uniform(0.04, 0.25), r.uniform(0.75, 0.96))) * s.w, s.horizon + r.uniform(8, 24), r.uniform(12, 22)
        c = s.col((86, 158, 84))
        s.p.line([(x, y), (x, y - q)], q * 0.2, c)
        s.p.curve([(x, y - q * 0.35), (x - q * 0.3, y - q * 0.42), (x - q * 0.3, y - q * 0.7)], q * 0.14, c)
        s.p.curve([(x, y - q * 0.5), (x + q * 0.28, y - q * 0.55), (x + q * 0.28, y - q * 0.8)], q * 0.14, c)
    s.floor = ("plain", s.col((236, 190, 116)))


@place("a farm", "on a farm", "in a field", "on the farm", who="farm mill sky")
def farm(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.52, 0.6)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 14), s.col((164, 204, 124), 0.7))
    x = s.w * r.choice((0.2, 0.8))
    w = 34
    p.rect(x - w / 2, s.horizon - 18, w, 24, s.col((196, 66, 58), 0.2))
    p.poly([(x - w * 0.58, s.horizon - 17), (x - w * 0.3, s.horizon - 30), (x + w * 0.3, s.horizon - 30), (x + w * 0.58, s.horizon - 17)], s.col((122, 74, 70), 0.2))
    p.rect(x - 6, s.horizon - 9, 12, 15, s.col((250, 240, 226), 0.2))
    p.line([(x - 6, s.horizon - 9), (x + 6, s.horizon + 6)], 1, s.col((196, 66, 58)))
    p.rect(x - 3, s.horizon - 25, 6, 5, GLOW if s.dark else s.col((250, 240, 226), 0.2))
    s.land_fill(lambda x: s.horizon + 5, s.col((226, 190, 100)), s.col((206, 164, 84)))
    for i in range(9):
        a = (i - 4) / 4
        p.line([(s.w / 2 + a * s.w * 0.45, s.horizon + 5), (s.w / 2 + a * s.w * 1.3, s.h)], 1.4, s.col((184, 140, 72)), 0.55)
    y = s.horizon + 9
    for i in range(int(s.w / 16) + 1):
        p.rect(i * 16 - 2, y - 6, 2.2, 10, s.col((246, 238, 222)))
    for dy in (-3.5, 0.5):
        p.rect(0, y + dy, s.w, 1.5, s.col((246, 238, 222)))
    s.floor = ("plain", s.col((196, 152, 80)))


@place("a garden", "in a garden", "in a flower garden", "in the garden", who="garden picnic")
def garden(s):
    r = s.rnd
    s.horizon = s.h * 0.56
    s.sky()
    for i in range(9):
        s.bush(i * s.w / 8, s.horizon + 4, r.uniform(10, 17), s.col((84, 160, 92), 0.35))
    s.land_fill(lambda x: s.horizon + 5, s.col((140, 204, 98)), s.col((104, 180, 82)))
    for row in range(4):
        y = s.horizon + 12 + row * (s.h - s.horizon - 10) / 3.4
        for i in range(6 + row % 2):
            x = (i + r.uniform(0.2, 0.8)) * s.w / 6
            if row > 1 and abs(x / s.w - 0.5) < 0.26:
                continue
            s.flower(x, y, 4 + row * 1.6, r.choice(((255, 96, 120), (255, 255, 255), (186, 120, 240), (255, 176, 60), (250, 120, 190))))
    s.floor = ("grass", s.col((116, 190, 84)))


@place("a waterfall", "by a waterfall", "in front of a waterfall", who="woods walk", weathers=("clear", "rain", "fog"))
def by_waterfall(s):
    r = s.rnd
    s.horizon = s.h * 0.64
    s.sky(sun=False)
    x = s.w * r.choice((0.3, 0.5, 0.7))
    falls(s, x, s.horizon + 8, s.horizon - 8, 26)
    s.land_fill(lambda q: s.horizon + 18 + 2 * math.sin(q / 15), s.col((124, 188, 92)), s.col((92, 160, 80)))
    s.floor = ("grass", s.col((108, 180, 84)))

"""Sea, beach and lake."""

import math

from scenes.palette import mix
from scenes.registry import place


def sea_of(s, stormy=False):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.46, 0.56)
    s.sky()
    near, far = ((34, 74, 104), (74, 112, 134)) if stormy else ((36, 132, 190), (96, 190, 224))
    p.gradient(0, s.horizon, s.w, s.h - s.horizon + 2, [(0, s.col(far, 0.25), 1), (1, s.col(near), 1)])
    if stormy:
        if r.random() < 0.8:
            x = r.uniform(0.12, 0.88) * s.w
            p.glow(x, s.horizon * 0.6, 26, (255, 250, 220), 0.5)
            p.line([(x, 14), (x - 4, s.horizon * 0.52), (x + 3, s.horizon * 0.5), (x - 3, s.horizon - 4)], 1.6, (255, 246, 190))
        for k in range(4):
            y = s.horizon + 4 + k * (s.h - s.horizon) / 3.6
            s.waves(y, 4 + 2.4 * k, 30 + 11 * k, s.col(mix(far, near, k / 3), 0.25 - 0.08 * k), s.col((224, 238, 244), 0.1))
    else:
        s.shine(s.horizon + 1, s.h)
        s.ripples(s.horizon + 4, s.h, s.col((214, 240, 250)), 12)
    s.water = (s.col(mix(far, near, 0.6)), s.col((226, 244, 252)), stormy)


@place("the sea", "on the sea", "on a calm sea", "on the ocean", "at sea", who="boat boat sea tower air sky")
def calm_sea(s):
    sea_of(s)


@place("a stormy sea", "on a stormy sea", "in a storm at sea", "in a storm", who="boat tower", weathers=("rain", "rain", "clear"))
def stormy_sea(s):
    s.top, s.bottom = mix(s.top, (58, 66, 92), 0.6), mix(s.bottom, (112, 124, 146), 0.6)
    s.haze = mix(s.haze, (112, 124, 146), 0.5)
    s.stormy = True
    sea_of(s, True)


@place("a beach", "on the beach", "by the sea", "at the beach", "on a beach", who="beach toy seaair tower sky")
def beach(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.42, 0.5)
    s.sky()
    p.gradient(0, s.horizon, s.w, 40, [(0, s.col((70, 160, 214), 0.2), 1), (1, s.col((128, 214, 226)), 1)])
    s.shine(s.horizon + 1, s.horizon + 16)
    s.ripples(s.horizon + 3, s.horizon + 16, s.col((230, 248, 252)), 7)
    slope = r.uniform(-6, 6)
    f = lambda x: s.horizon + 24 + slope * (x / s.w - 0.5) + 2 * math.sin(x / 13)
    s.land_fill(lambda x: f(x) - 3, s.col((250, 252, 252)))
    s.land_fill(f, s.col((252, 226, 164)), s.col((240, 202, 134)))
    side = r.choice((0.08, 0.92))
    if r.random() < 0.75:
        s.palm(s.w * side, f(s.w * side) + 8, r.uniform(44, 60))
    for _ in range(4):
        x, y = r.uniform(0, s.w), r.uniform(s.horizon + 34, s.h - 2)
        p.oval(x, y, 1.6, 1, s.col(r.choice(((255, 170, 150), (255, 250, 240), (214, 176, 120)))))
    s.floor = ("plain", s.col((236, 200, 134)))


@place("a lake", "on a lake", "in a lake", "in the water", "on the lake", who="swim swim smallboat sky", weathers=("clear", "rain", "fog"))
def lake(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.46, 0.54)
    s.sky()
    for i in range(4):
        s.peak((i + r.uniform(0, 0.6)) * s.w / 3 - 10, s.horizon + 2, r.uniform(46, 66), r.uniform(22, 38), s.col((134, 160, 176), 0.7), None, False)
    for i in range(int(9 * s.w / 128)):
        x = (i + r.random()) * s.w / (9 * s.w / 128)
        s.pine(x, s.horizon + 3, r.uniform(12, 20), s.col((58, 128, 92), 0.35), False, 0.35)
    p.rect(0, s.horizon + 2, s.w, 3, s.col((128, 180, 100), 0.2))
    p.gradient(0, s.horizon + 4.5, s.w, s.h, [(0, s.col((118, 186, 200), 0.2), 1), (0.5, s.col((60, 146, 190)), 1), (1, s.col((44, 122, 172)), 1)])
    s.shine(s.horizon + 6, s.h)
    s.ripples(s.horizon + 8, s.h, s.col((220, 242, 250)), 10)
    for side in (0.02, 0.98):
        for _ in range(5):
            x, q = s.w * side + r.uniform(-8, 8), r.uniform(14, 24)
            p.line([(x, s.h), (x + r.uniform(-2, 2), s.h - q)], 1.2, s.col((92, 140, 66)))
            p.rect(x - 1.2, s.h - q - 2, 2.4, 6, s.col((134, 88, 54)), r=1.1)
    s.water = (s.col((52, 134, 180)), s.col((226, 244, 252)), False)
    s.horizon += 8

"""Where people live, without people."""

from scenes.palette import GLOW, darker
from scenes.registry import place


@place("a city", "in the city", "in a city", "in front of tall buildings", "in town", "on the street", who="road road air")
def city(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.72
    s.sky()
    for k, d in ((0, 0.85), (1, 0.2)):
        x = -r.uniform(0, 10)
        while x < s.w:
            w, h = r.uniform(13, 22), r.uniform(26, 66) * (1.1 - 0.2 * k)
            c = s.col(r.choice(((146, 156, 190), (180, 142, 142), (122, 148, 170), (196, 176, 150))), d)
            p.rect(x, s.horizon - h, w, h + 4, c)
            if k:
                s.windows(x + 1, s.horizon - h + 3, w - 2, h - 8, r.choice((2, 3)), max(2, int(h / 9)), d)
            if r.random() < 0.3:
                p.line([(x + w / 2, s.horizon - h), (x + w / 2, s.horizon - h - 7)], 1, c)
            x += w + r.uniform(-1, 3) * k
    p.rect(0, s.horizon, s.w, 7, s.col((196, 196, 200)))
    p.rect(0, s.horizon + 6, s.w, s.h, s.col((96, 100, 112)))
    y = s.horizon + 6 + (s.h - s.horizon - 6) * 0.5
    for i in range(6):
        p.rect(i * s.w / 5 - 6, y, 11, 1.8, s.col((240, 236, 214)))
    s.floor = ("plain", s.col((80, 84, 96)))
    s.road = True


@place("a village", "in a village", "in a village street", "in the village", who="village road walk farm mill")
def village(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * r.uniform(0.6, 0.66)
    s.sky()
    s.land_fill(s.ridge(s.horizon + 3, 22), s.col((150, 196, 128), 0.75))
    snow = s.weather == "snowfall"
    n = r.randint(3, 4)
    for i in range(n):
        x = (i + 0.5) * s.w / n + r.uniform(-4, 4)
        s.house(x, s.horizon + 5 + r.uniform(-2, 2), r.uniform(30, 40), r.choice(((250, 232, 200), (244, 214, 190), (226, 236, 240), (252, 240, 180))), r.choice(((206, 84, 66), (150, 92, 76), (86, 126, 170), (190, 110, 60))), 0.15, snow)
    s.land_fill(lambda x: s.horizon + 4, s.col((238, 244, 252) if snow else (142, 194, 104)), s.col((222, 234, 248) if snow else (112, 172, 86)))
    p.poly([(s.w * 0.44, s.horizon + 4), (s.w * 0.56, s.horizon + 4), (s.w * 0.92, s.h), (s.w * 0.08, s.h)], s.col((222, 200, 164)))
    s.floor = ("mound", s.col((246, 250, 255))) if snow else ("plain", s.col((196, 172, 132)))


@place("a castle on a hill", "in front of a castle", "below a castle", "by a castle on a hill", "near a castle", who="knight walk castle air")
def castle_hill(s):
    r, p = s.rnd, s.p
    s.horizon = s.h * 0.64
    s.sky()
    s.land_fill(s.ridge(s.horizon + 4, 16), s.col((150, 196, 130), 0.8))
    x0, top = s.w * r.choice((0.3, 0.5, 0.68)), s.horizon - 10
    p.blob([(x0 - 62, s.horizon + 14), (x0 - 28, top + 4), (x0, top - 1), (x0 + 28, top + 3), (x0 + 62, s.horizon + 14)], s.col((120, 178, 96), 0.35))
    wall, roof = s.col((206, 200, 208), 0.2), s.col(r.choice(((88, 110, 184), (196, 78, 78), (122, 84, 160))), 0.2)
    for dx, w, h, pointed in ((-17, 9, 30, 1), (17, 9, 30, 1), (0, 26, 22, 0), (-7, 8, 38, 1), (8, 7, 33, 1)):
        p.rect(x0 + dx - w / 2, top - h + 4, w, h, wall if pointed else darker(wall, 0.08))
        if pointed:
            p.poly([(x0 + dx - w * 0.72, top - h + 5), (x0 + dx, top - h - 9), (x0 + dx + w * 0.72, top - h + 5)], roof)
            p.rect(x0 + dx - 1.2, top - h + 9, 2.4, 4.2, GLOW if s.dark or s.time == "dusk" else s.col((92, 100, 130)))
        else:
            for i in range(4):
                p.rect(x0 + dx - w / 2 + i * w / 3.6, top - h + 1.5, w / 7, 3.4, darker(wall, 0.08))
    p.rect(x0 - 3, top - 4, 6, 8, s.col((110, 78, 60)), r=2.5)
    s.land_fill(s.ridge(s.horizon + 16, 8), s.col((132, 196, 92)), s.col((96, 168, 80)))
    s.floor = ("grass", s.col((112, 186, 84)))

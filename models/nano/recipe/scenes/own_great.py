"""Own drawings of great things: buildings, a waterfall, a ship, a dragon, a treasure. Each: stage, x, foot y, height."""

import math

import cairo

from scenes.palette import GLOW, WHITE, darker, lighter, mix
from scenes.registry import own


@own
def lighthouse(s, x, y, q):
    p, L = s.p, s.lit
    on = s.time in ("night", "dusk") or s.weather == "fog"
    lamp = y - q * 0.86
    if on:
        for side in (-1, 1):
            g = cairo.LinearGradient(x, 0, x + side * s.w * 0.75, 0)
            g.add_color_stop_rgba(0, 1, 0.93, 0.6, 0.75)
            g.add_color_stop_rgba(1, 1, 0.93, 0.6, 0)
            far = x + side * s.w * 0.75
            for k, (cx, cy) in enumerate(((x, lamp), (far, lamp - 11 + side * 3), (far, lamp + 11 + side * 3))):
                (p.c.line_to if k else p.c.move_to)(cx, cy)
            p.c.set_source(g)
            p.c.fill()
    rock = s.col((120, 112, 116))
    p.blob([(x - q * 0.42, y + 3), (x - q * 0.26, y - q * 0.08), (x, y - q * 0.11), (x + q * 0.25, y - q * 0.07), (x + q * 0.44, y + 3)], rock)
    p.blob([(x - q * 0.42, y + 3), (x - q * 0.26, y - q * 0.03), (x - q * 0.02, y - q * 0.02), (x + q * 0.1, y + 3)], lighter(rock, 0.12))
    wide = lambda t: q * (0.125 - 0.04 * t)
    for k in range(5):
        a, b = k / 5, (k + 1) / 5
        ya, yb = y - q * (0.07 + 0.7 * a), y - q * (0.07 + 0.7 * b)
        c = L((222, 64, 58) if k % 2 else (250, 248, 242))
        p.poly([(x - wide(a), ya), (x - wide(b), yb), (x + wide(b), yb), (x + wide(a), ya)], c)
        p.poly([(x + wide(a) * 0.4, ya), (x + wide(b) * 0.4, yb), (x + wide(b), yb), (x + wide(a), ya)], darker(c, 0.14))
    p.rect(x - q * 0.035, y - q * 0.22, q * 0.07, q * 0.12, L((96, 66, 60)), r=q * 0.03)
    for t in (0.4, 0.62):
        p.rect(x - q * 0.022, y - q * t, q * 0.044, q * 0.06, GLOW if on else L((90, 120, 150)))
    p.rect(x - q * 0.12, y - q * 0.79, q * 0.24, q * 0.03, L((70, 72, 90)))
    p.rect(x - q * 0.07, y - q * 0.9, q * 0.14, q * 0.115, (255, 240, 150) if on else L((176, 216, 236)))
    p.rect(x - q * 0.006, y - q * 0.9, q * 0.012, q * 0.115, L((70, 72, 90)))
    p.poly([(x - q * 0.1, y - q * 0.895), (x, y - q * 1.0), (x + q * 0.1, y - q * 0.895)], L((206, 56, 54)))
    if on:
        p.glow(x, lamp, q * 0.24, (255, 246, 190), 0.8)


@own
def windmill(s, x, y, q):
    p, L, r = s.p, s.lit, s.rnd
    wall = L((248, 236, 214))
    p.poly([(x - q * 0.2, y), (x - q * 0.125, y - q * 0.56), (x + q * 0.125, y - q * 0.56), (x + q * 0.2, y)], wall)
    p.poly([(x + q * 0.08, y), (x + q * 0.05, y - q * 0.56), (x + q * 0.125, y - q * 0.56), (x + q * 0.2, y)], darker(wall, 0.12))
    p.blob([(x - q * 0.16, y - q * 0.54), (x - q * 0.1, y - q * 0.68), (x, y - q * 0.74), (x + q * 0.1, y - q * 0.68), (x + q * 0.16, y - q * 0.54)], L((176, 84, 64)))
    p.rect(x - q * 0.05, y - q * 0.17, q * 0.1, q * 0.17, L((130, 84, 60)), r=q * 0.04)
    on = s.time in ("night", "dusk")
    p.rect(x - q * 0.035, y - q * 0.36, q * 0.07, q * 0.08, GLOW if on else L((120, 170, 200)))
    o, cy = r.uniform(0.15, 1.4), y - q * 0.6
    for k in range(4):
        a = o + k * math.pi / 2
        d, n = (math.cos(a), math.sin(a)), (-math.sin(a), math.cos(a))
        pt = lambda t, e: (x + q * (d[0] * t + n[0] * e), cy + q * (d[1] * t + n[1] * e))
        p.poly([pt(0.1, 0), pt(0.1, 0.1), pt(0.42, 0.12), pt(0.42, 0)], L((252, 250, 244)))
        for t in (0.18, 0.26, 0.34):
            p.line([pt(t, 0), pt(t, 0.11)], q * 0.012, L((170, 130, 100)))
        p.line([pt(0, 0), pt(0.43, 0)], q * 0.026, L((120, 80, 58)))
    p.oval(x, cy, q * 0.04, q * 0.04, L((96, 66, 52)))


def falls(s, x, y, top, half):
    """Cliffs with water between them, from `top` to y."""
    p, r = s.p, s.rnd
    rock, grass = s.col((128, 120, 124), 0.15), s.col((104, 172, 88), 0.1)
    up = y - top * 0.82
    p.poly([(-2, y), (-2, up + 4), (x - half * 0.5, up), (x + half * 0.5, up), (s.w + 2, up + 5), (s.w + 2, y)], rock)
    for _ in range(11):
        xx, yy = r.uniform(0, s.w), r.uniform(up + 8, y - 6)
        w = r.uniform(7, 14)
        p.poly([(xx - w / 2, yy + 5), (xx - w * 0.3, yy - 3), (xx + w * 0.3, yy - 4), (xx + w / 2, yy + 4)], darker(rock, r.choice((0.1, 0.18))) if r.random() < 0.6 else lighter(rock, 0.1))
    for side in (-1, 1):
        a, b = (x + side * half * 0.5, -2 if side < 0 else s.w + 2)
        n = 6
        for i in range(n + 1):
            s.bush(a + (b - a) * i / n + side * 3, up + 1, r.uniform(6, 9), grass)
        for i in range(2):
            s.pine(a + (b - a) * r.uniform(0.25, 0.95), up, r.uniform(18, 28), s.col((60, 130, 92), 0.2))
    water = s.col((110, 194, 230))
    p.poly([(x - half * 0.42, up - 1), (x + half * 0.42, up - 1), (x + half * 0.55, y), (x - half * 0.55, y)], water)
    for k in range(5):
        xx = x + (k - 2) * half * 0.19
        p.line([(xx, up + r.uniform(0, 8)), (xx * 1.0 + (k - 2) * half * 0.03, y - r.uniform(2, 14))], r.uniform(1.2, 2.4), s.col((236, 250, 255)), 0.85)
    p.oval(x, y + 3, half * 1.5, 8, s.col((88, 176, 216)))
    for dx in (-0.75, -0.3, 0.2, 0.7):
        p.oval(x + dx * half, y - 1, half * 0.34, 4.5, s.col((244, 252, 255)), 0.85)


@own
def waterfall(s, x, y, q):
    falls(s, x, y, q, s.w * 0.24)


@own
def chest(s, x, y, q):
    p, L = s.p, s.lit
    wood, band, w = L((162, 98, 52)), L((248, 198, 70)), q * 1.2
    p.glow(x, y - q * 0.55, q * 0.9, (255, 232, 130), 0.55)
    p.blob([(x - w * 0.5, y - q * 0.6), (x - w * 0.44, y - q * 0.95), (x, y - q * 1.04), (x + w * 0.44, y - q * 0.95), (x + w * 0.5, y - q * 0.6)], darker(wood, 0.12))
    p.blob([(x - w * 0.42, y - q * 0.58), (x - w * 0.37, y - q * 0.84), (x, y - q * 0.9), (x + w * 0.37, y - q * 0.84), (x + w * 0.42, y - q * 0.58)], darker(wood, 0.45))
    for i in range(9):
        a = (i - 4) / 4
        p.oval(x + a * w * 0.38, y - q * (0.6 + 0.1 * (1 - a * a)), q * 0.1, q * 0.1, L((255, 214, 76)))
        p.oval(x + a * w * 0.38 - q * 0.02, y - q * (0.62 + 0.1 * (1 - a * a)), q * 0.045, q * 0.045, L((255, 240, 160)))
    p.poly([(x - q * 0.12, y - q * 0.66), (x - q * 0.04, y - q * 0.78), (x + q * 0.06, y - q * 0.66), (x - q * 0.03, y - q * 0.56)], L((230, 70, 110)))
    p.oval(x + q * 0.26, y - q * 0.66, q * 0.07, q * 0.07, L((90, 200, 240)))
    p.rect(x - w / 2, y - q * 0.56, w, q * 0.56, wood, r=q * 0.05)
    p.rect(x - w / 2, y - q * 0.3, w, q * 0.03, darker(wood, 0.25))
    for dx in (-0.36, 0.36):
        p.rect(x + dx * w - q * 0.06, y - q * 0.56, q * 0.12, q * 0.56, band)
    p.rect(x - w / 2, y - q * 0.6, w, q * 0.09, band, r=q * 0.03)
    p.rect(x - q * 0.1, y - q * 0.56, q * 0.2, q * 0.22, lighter(band, 0.3), r=q * 0.04)
    p.oval(x, y - q * 0.46, q * 0.035, q * 0.05, L((80, 50, 40)))


@own
def pirate_ship(s, x, y, q):
    p, L, flip = s.p, s.lit, s.rnd.choice((-1, 1))
    X = lambda t: x + flip * t * q
    Y = lambda t: y - t * q
    wood = L((140, 86, 52))
    for m, h in ((-0.2, 0.84), (0.16, 0.96)):
        p.line([(X(m), Y(0.2)), (X(m), Y(h))], q * 0.028, L((96, 64, 46)))
    sails = L(s.rnd.choice(((250, 244, 228), (60, 58, 72), (214, 74, 66))))
    for m, lo, hi, w in ((-0.2, 0.32, 0.56, 0.19), (-0.2, 0.58, 0.76, 0.14), (0.16, 0.32, 0.6, 0.22), (0.16, 0.62, 0.86, 0.17)):
        p.c.move_to(X(m - w), Y(hi))
        p.c.line_to(X(m + w), Y(hi))
        p.c.curve_to(X(m + w * 1.35), Y(hi - 0.08), X(m + w * 1.35), Y(lo + 0.06), X(m + w), Y(lo))
        p.c.curve_to(X(m), Y(lo + 0.05), X(m), Y(lo + 0.05), X(m - w), Y(lo))
        p.c.curve_to(X(m - w * 0.7), Y(lo + 0.06), X(m - w * 0.7), Y(hi - 0.08), X(m - w), Y(hi))
        p.fill(sails)
    p.poly([(X(0.16), Y(1.06)), (X(0.16), Y(0.93)), (X(-0.06), Y(0.95)), (X(-0.02), Y(0.99)), (X(-0.06), Y(1.04))], (34, 32, 42))
    p.oval(X(0.07), Y(1.0), q * 0.03, q * 0.03, WHITE)
    p.line([(X(0.03), Y(0.955)), (X(0.11), Y(0.97))], q * 0.012, WHITE)
    p.line([(X(0.42), Y(0.26)), (X(0.68), Y(0.42))], q * 0.026, L((96, 64, 46)))
    p.poly([(X(0.2), Y(0.9)), (X(0.64), Y(0.4)), (X(0.3), Y(0.36))], mix(sails, WHITE, 0.25), 0.95)
    p.c.move_to(X(-0.52), Y(0.38))
    for pt in ((-0.3, 0.38), (-0.28, 0.25), (0.3, 0.22), (0.52, 0.32)):
        p.c.line_to(X(pt[0]), Y(pt[1]))
    p.c.curve_to(X(0.46), Y(0.05), X(0.36), Y(-0.05), X(0.26), Y(-0.06))
    p.c.line_to(X(-0.34), Y(-0.06))
    p.c.curve_to(X(-0.44), Y(0.0), X(-0.48), Y(0.2), X(-0.52), Y(0.38))
    p.fill(wood)
    p.line([(X(-0.5), Y(0.24)), (X(-0.28), Y(0.2)), (X(0.3), Y(0.17)), (X(0.49), Y(0.24))], q * 0.03, L((240, 190, 80)))
    for t in (-0.34, -0.16, 0.02, 0.2):
        p.rect(X(t) - q * 0.03, Y(0.13), q * 0.06, q * 0.055, L((62, 40, 34)))
    p.rect(X(-0.42) - q * 0.03, Y(0.34), q * 0.06, q * 0.07, GLOW if s.dark or s.time == "dusk" else L((250, 220, 140)))


@own
def dragon(s, x, y, q):
    p, L, r = s.p, s.lit, s.rnd
    flip = r.choice((-1, 1))
    s.said["dragon"], base = r.choice((("green", (74, 178, 96)), ("green", (74, 178, 96)), ("red", (214, 72, 66)), ("blue", (98, 120, 214)), ("purple", (150, 92, 196))))
    base = L(base)
    belly, wing, horn = L((250, 226, 150)), L((250, 150, 84)), L((250, 240, 214))
    X = lambda t: x + flip * t * q
    Y = lambda t: y - t * q
    # tail, far wing, body, near wing, neck and head
    p.curve([(X(-0.1), Y(0.08)), (X(-0.36), Y(0.06)), (X(-0.5), Y(0.16)), (X(-0.46), Y(0.32))], q * 0.1, base)
    p.poly([(X(-0.56), Y(0.3)), (X(-0.45), Y(0.46)), (X(-0.36), Y(0.31))], wing)
    for k in (0, 1):
        dx, c = (0.07, darker(wing, 0.2)) if k == 0 else (0, wing)
        p.poly([(X(-0.08 + dx), Y(0.42)), (X(-0.34 + dx), Y(0.86)), (X(-0.4 + dx), Y(0.66)), (X(-0.52 + dx), Y(0.64)), (X(-0.44 + dx), Y(0.5)), (X(-0.5 + dx), Y(0.4)), (X(-0.12 + dx), Y(0.3))], c)
        p.line([(X(-0.08 + dx), Y(0.42)), (X(-0.34 + dx), Y(0.86))], q * 0.035, darker(base, 0.1))
    p.oval(X(-0.02), Y(0.24), q * 0.24, q * 0.25, base)
    p.blob([(X(-0.1), Y(0.3)), (X(0.02), Y(0.56)), (X(0.1), Y(0.72)), (X(0.26), Y(0.66)), (X(0.2), Y(0.44)), (X(0.18), Y(0.2))], base)
    p.blob([(X(0.04), Y(0.06)), (X(0.0), Y(0.22)), (X(0.08), Y(0.42)), (X(0.17), Y(0.5)), (X(0.2), Y(0.3)), (X(0.19), Y(0.1))], belly)
    for t in (0.14, 0.23, 0.32, 0.41):
        p.line([(X(0.03 + 0.1 * (t - 0.14)), Y(t)), (X(0.2), Y(t - 0.01))], q * 0.014, darker(belly, 0.18))
    for t in (-0.1, 0.16):
        p.oval(X(t), Y(0.04), q * 0.11, q * 0.06, darker(base, 0.06))
    p.oval(X(0.2), Y(0.8), q * 0.19, q * 0.16, base)
    p.oval(X(0.37), Y(0.75), q * 0.14, q * 0.105, lighter(base, 0.1))
    for a, b in ((0.06, 0.92), (0.2, 0.95)):
        p.poly([(X(a), Y(b - 0.03)), (X(a - 0.08), Y(b + 0.13)), (X(a + 0.09), Y(b))], horn)
    for a, b in ((-0.0, 0.82), (-0.06, 0.68), (-0.13, 0.54)):
        p.poly([(X(a + 0.05), Y(b + 0.06)), (X(a - 0.06), Y(b + 0.02)), (X(a + 0.04), Y(b - 0.06))], wing)
    p.oval(X(0.24), Y(0.84), q * 0.055, q * 0.065, WHITE)
    p.oval(X(0.255), Y(0.84), q * 0.03, q * 0.042, (30, 26, 40))
    p.oval(X(0.45), Y(0.79), q * 0.018, q * 0.018, darker(base, 0.5))
    p.curve([(X(0.26), Y(0.7)), (X(0.36), Y(0.68)), (X(0.47), Y(0.72))], q * 0.02, darker(base, 0.45))
    if r.random() < 0.35:
        p.blob([(X(0.5), Y(0.74)), (X(0.62), Y(0.84)), (X(0.82), Y(0.8)), (X(0.74), Y(0.72)), (X(0.84), Y(0.64)), (X(0.62), Y(0.66))], (255, 150, 50))
        p.blob([(X(0.52), Y(0.74)), (X(0.62), Y(0.78)), (X(0.7), Y(0.74)), (X(0.62), Y(0.7))], (255, 226, 110))

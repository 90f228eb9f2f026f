"""Colours of the little scenes: the light of four times of day, and how weather takes colour away."""

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
GLOW = (255, 222, 120)    # of lamps and windows: the light of the day does not change it
WEATHERS = ("clear", "rain", "snowfall", "fog")


def mix(a, b, t):
    return tuple(x + (y - x) * t for x, y in zip(a, b))


def lighter(c, t):
    return mix(c, WHITE, t)


def darker(c, t):
    return mix(c, (18, 16, 40), t)

# sky top, sky bottom, haze of far things, (multiply, towards, how much) for the land, and weaker for the subjects
TIMES = {
    "morning": ((132, 190, 236), (255, 222, 178), (252, 226, 200), ((1.02, 0.96, 0.9), (255, 205, 160), 0.10), ((1, 0.98, 0.94), (255, 210, 160), 0.05)),
    "day": ((88, 172, 240), (206, 236, 252), (206, 230, 246), ((1, 1, 1), WHITE, 0.0), ((1, 1, 1), WHITE, 0.0)),
    "dusk": ((92, 66, 140), (255, 158, 92), (232, 140, 120), ((0.88, 0.68, 0.68), (150, 60, 110), 0.16), ((1.0, 0.9, 0.86), (200, 90, 100), 0.07)),
    "night": ((14, 20, 58), (52, 70, 130), (48, 64, 120), ((0.46, 0.53, 0.76), (26, 38, 96), 0.2), ((0.84, 0.86, 1.0), (50, 70, 140), 0.08)),
}  # fmt: skip
# How much weather covers the sky, and with what; by time of day that gray is dimmed.
COVER = {"clear": 0, "rain": 0.62, "snowfall": 0.5, "fog": 0.55}
GRAY = {"rain": (118, 134, 152), "snowfall": (204, 214, 228), "fog": (222, 227, 230), "clear": WHITE}
DIM = {"morning": (1, 0.96, 0.93), "day": (1, 1, 1), "dusk": (0.85, 0.68, 0.72), "night": (0.26, 0.32, 0.5)}
# How thick the air is.
FOG_DEPTH = {"fog": 0.5, "snowfall": 0.2, "rain": 0.15, "clear": 0}

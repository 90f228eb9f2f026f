"""Shapes drawn with Cairo. A unit is 1/128 of a picture's shorter side, whatever its size in pixels."""

import math

import cairo
import numpy as np


class Pen:
    """Everything is filled without an outline; colours are 0..255, `alpha` 0..1."""

    def __init__(self, width, height, zoom):
        self.w, self.h, self.zoom = width, height, zoom
        self.surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, round(width * zoom), round(height * zoom))
        self.c = cairo.Context(self.surface)
        self.c.scale(zoom, zoom)
        self.c.set_line_join(cairo.LINE_JOIN_ROUND)
        self.c.set_line_cap(cairo.LINE_CAP_ROUND)

    def ink(self, colour, alpha=1.0):
        self.c.set_source_rgba(*(min(1, max(0, v / 255)) for v in colour), alpha)

    def fill(self, colour, alpha=1.0):
        self.ink(colour, alpha)
        self.c.fill()

    def poly(self, points, colour, alpha=1.0):
        self.c.move_to(*points[0])
        for p in points[1:]:
            self.c.line_to(*p)
        self.c.close_path()
        self.fill(colour, alpha)

    def rect(self, x, y, w, h, colour, alpha=1.0, r=0):
        if r:
            self.c.new_sub_path()
            for cx, cy, a in ((x + w - r, y + r, -0.5), (x + w - r, y + h - r, 0), (x + r, y + h - r, 0.5), (x + r, y + r, 1)):
                self.c.arc(cx, cy, r, a * math.pi, (a + 0.5) * math.pi)
            self.c.close_path()
        else:
            self.c.rectangle(x, y, w, h)
        self.fill(colour, alpha)

    def oval(self, x, y, rx, ry, colour, alpha=1.0):
        self.c.save()
        self.c.translate(x, y)
        self.c.scale(rx, ry)
        self.c.new_sub_path()
        self.c.arc(0, 0, 1, 0, 2 * math.pi)
        self.c.restore()
        self.fill(colour, alpha)

    def line(self, points, width, colour, alpha=1.0):
        self.c.move_to(*points[0])
        for p in points[1:]:
            self.c.line_to(*p)
        self.c.set_line_width(width)
        self.ink(colour, alpha)
        self.c.stroke()

    def curve(self, points, width, colour, alpha=1.0):
        self.smooth(points)
        self.c.set_line_width(width)
        self.ink(colour, alpha)
        self.c.stroke()

    def smooth(self, points, closed=False):
        n = len(points)
        at = (lambda i: points[i % n]) if closed else (lambda i: points[min(n - 1, max(0, i))])
        self.c.move_to(*points[0])
        for i in range(n if closed else n - 1):
            a, b, c, d = at(i - 1), at(i), at(i + 1), at(i + 2)
            self.c.curve_to(b[0] + (c[0] - a[0]) / 6, b[1] + (c[1] - a[1]) / 6, c[0] - (d[0] - b[0]) / 6, c[1] - (d[1] - b[1]) / 6, *c)

    def blob(self, points, colour, alpha=1.0):
        self.smooth(points, True)
        self.fill(colour, alpha)

    def gradient(self, x, y, w, h, stops):
        g = cairo.LinearGradient(0, y, 0, y + h)
        for at, colour, alpha in stops:
            g.add_color_stop_rgba(at, *(v / 255 for v in colour), alpha)
        self.c.rectangle(x, y, w, h)
        self.c.set_source(g)
        self.c.fill()

    def glow(self, x, y, r, colour, alpha, flat=1.0):
        self.c.save()
        self.c.translate(x, y)
        self.c.scale(1, flat)
        g = cairo.RadialGradient(0, 0, 0, 0, 0, r)
        g.add_color_stop_rgba(0, *(v / 255 for v in colour), alpha)
        g.add_color_stop_rgba(1, *(v / 255 for v in colour), 0)
        self.c.set_source(g)
        self.c.arc(0, 0, r, 0, 2 * math.pi)
        self.c.fill()
        self.c.restore()

    def array(self):
        w, h = self.surface.get_width(), self.surface.get_height()
        return np.frombuffer(self.surface.get_data(), np.uint8).reshape(h, -1, 4)[:, :w, 2::-1].copy()

"""The drawings of the two sets, ready to be put into a scene."""

import pathlib

import cairo
import numpy as np

KEPT = 1500    # tinted drawings in memory
COLOURABLE = 0.12    # what is left of a drawing's own colours when it is painted in another


class Sprites:
    """Drawings cropped to what is there, in halved sizes, painted and tinted for the light; kept once made."""

    def __init__(self, folder: str):
        self.folder, self.kept, self.raw = pathlib.Path(folder), {}, {}

    def exists(self, name: str) -> bool:
        return (self.folder / f"{name}.png").exists()

    def pixels(self, name: str):
        """Premultiplied BGRA, the four colours that most of it has, and how light it is on average, 0..1."""
        if name not in self.raw:
            s = cairo.ImageSurface.create_from_png(str(self.folder / f"{name}.png"))
            a = np.frombuffer(s.get_data(), np.uint8).reshape(s.get_height(), -1, 4)[:, : s.get_width()]
            rows, columns = np.where(a[..., 3].max(1) > 30)[0], np.where(a[..., 3].max(0) > 30)[0]
            a = a[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
            solid = a[a[..., 3] > 240][:, 2::-1].astype(int)
            bins = (solid // 24) @ np.array([121, 11, 1])
            _, where, counts = np.unique(bins, return_inverse=True, return_counts=True)
            main = [tuple(solid[where == k].mean(0)) for k in np.argsort(-counts)[:4]]
            mean = float(a[..., :3].mean(2).sum() / max(1.0, a[..., 3].astype(float).sum()))
            self.raw[name] = (a.copy(), main or [(128, 128, 128)], mean)
        return self.raw[name]

    def aspect(self, name: str) -> float:
        a = self.pixels(name)[0]
        return a.shape[1] / a.shape[0]

    def mean_light(self, name: str) -> float:
        return self.pixels(name)[2]

    def painted(self, a: np.ndarray, colour: tuple) -> np.ndarray:
        """What is light or dark stays light or dark: straight colours 0..1 in, the same out. As captions.recolour()."""
        rgb, alpha = a[..., 2::-1] / 255, a[..., 3:] / 255
        straight = rgb / np.maximum(alpha, 1 / 255)
        light = straight @ np.array([0.299, 0.587, 0.114], np.float32)
        inside = alpha[..., 0] > 0.05
        mean = float(light[inside].mean()) if inside.any() else 0.5
        tint = np.array(colour, np.float32) / 255
        ratio = (light / max(0.08, mean))[..., None]
        up = np.clip((ratio - 1) / (1 / min(0.95, max(mean, 0.08)) - 1), 0, 1)
        new = np.where(ratio <= 1, tint * np.minimum(ratio, 1), tint + (1 - tint) * up)
        return (new * (1 - COLOURABLE) + straight * COLOURABLE) * alpha

    def get(self, name: str, light_name: object, light: tuple, small: float, colour: tuple | None = None):
        """(surface, width, height), not less than `small` pixels high if there are so many."""
        a = self.pixels(name)[0]
        level = 0
        while a.shape[0] / 2 ** (level + 1) >= small and level < 3:
            level += 1
        key = (name, light_name, level, colour)
        if key not in self.kept:
            if len(self.kept) > KEPT:
                self.kept.clear()
            mul, to, k = light
            a = a.astype(np.float32)
            alpha = a[..., 3:] / 255
            rgb = self.painted(a, colour) if colour else a[..., 2::-1] / 255
            rgb = rgb * np.array(mul) * (1 - k) + alpha * np.array(to) / 255 * k
            out = np.concatenate([rgb[..., ::-1], alpha], 2)
            f = 2**level
            tall, wide = -(-out.shape[0] // f) * f, -(-out.shape[1] // f) * f
            padded = np.zeros((tall, wide, 4), np.float32)
            padded[tall - out.shape[0] :, : out.shape[1]] = out
            out = padded.reshape(tall // f, f, wide // f, f, 4).mean((1, 3))
            data = np.minimum(out, np.minimum(1, out[..., 3:])) * 255 + 0.5
            data = np.ascontiguousarray(data.clip(0, 255).astype(np.uint8))
            s = cairo.ImageSurface.create_for_data(data, cairo.FORMAT_ARGB32, data.shape[1], data.shape[0])
            self.kept[key] = (s, data)
        s = self.kept[key][0]
        return s, s.get_width(), s.get_height()

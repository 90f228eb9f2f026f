"""Training pictures and their captions: the drawings, recoloured, moved a little and laid on a background."""

import pathlib
import random

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

SIDE = 128
THINGS = (
    "cat dog fox panda pig frog penguin owl fish apple banana pizza hamburger strawberry car rocket house tree "
    "sunflower cactus star heart robot smiley"
).split()
COLOURS = {
    "red": (220, 40, 45),
    "orange": (245, 130, 30),
    "yellow": (250, 205, 40),
    "green": (60, 165, 75),
    "blue": (45, 110, 225),
    "purple": (135, 70, 200),
    "pink": (245, 130, 185),
    "brown": (135, 85, 50),
    "black": (40, 40, 44),
    "white": (245, 245, 245),
    "gray": (145, 148, 152),
}
BACKGROUNDS = COLOURS | {"light blue": (175, 215, 250), "light green": (190, 235, 180)}
# The plain drawing has this colour, so its caption may say so.
NATIVE = {
    "fox": ("red", "orange"),
    "apple": ("red",),
    "strawberry": ("red",),
    "heart": ("red",),
    "car": ("red",),
    "banana": ("yellow",),
    "smiley": ("yellow",),
    "star": ("yellow",),
    "sunflower": ("yellow",),
    "frog": ("green",),
    "tree": ("green",),
    "cactus": ("green",),
    "pig": ("pink",),
}
# Never shown in training: whether the model draws them tells whether it has learnt colours and things apart.
HELD_OUT = {("blue", "cat"), ("purple", "apple"), ("pink", "house"), ("green", "dog")}
OPENINGS = [""] * 6 + ["a "] * 6 + ["A "] * 2 + ["a picture of a ", "a drawing of a ", "an emoji of a ", "the "]
PLAIN_BACKGROUND = (250, 250, 250)
LUMINANCE = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)


def recolour(rgb: torch.Tensor, alpha: torch.Tensor, colour: tuple[int, ...]) -> torch.Tensor:
    """Tints straight-alpha pictures in 0..1 (n, 3, h, w); what is light or dark stays light or dark."""
    light = (rgb * LUMINANCE).sum(1, True)
    inside = (alpha > 0.05).float()
    mean = (light * inside).sum((2, 3), True) / inside.sum((2, 3), True).clamp(min=1)
    tint = torch.tensor(colour).view(1, 3, 1, 1) / 255
    ratio = light / mean.clamp(min=0.08)
    darker = tint * ratio.clamp(max=1)
    lighter = tint + (1 - tint) * ((ratio - 1) / (1 / mean.clamp(max=0.95) - 1)).clamp(0, 1)
    return torch.where(ratio <= 1, darker, lighter) * 0.88 + rgb * 0.12


def varied(rnd: random.Random, colour: tuple[int, ...], by: int) -> tuple[int, ...]:
    return tuple(min(255, max(0, value + rnd.randint(-by, by))) for value in colour)


class Captioned:
    """Makes pictures in -1..1 with captions from the folder of drawings."""

    def __init__(self, folder: str):
        self.drawings = {}
        for thing in THINGS:
            image = Image.open(pathlib.Path(folder) / f"{thing}.png").convert("RGBa")    # premultiplied
            self.drawings[thing] = torch.from_numpy(np.asarray(image).copy()).permute(2, 0, 1)

    def place(self, thing: str, scale: float, dx: float, dy: float, colour=None) -> torch.Tensor:
        picture = self.drawings[thing][None].float() / 255
        if colour:
            alpha = picture[:, 3:]
            straight = picture[:, :3] / alpha.clamp(min=1 / 255)
            picture = torch.cat([recolour(straight, alpha, colour).clamp(0, 1) * alpha, alpha], 1)
        move = torch.tensor([[[1 / scale, 0, -dx / scale], [0, 1 / scale, -dy / scale]]])
        grid = F.affine_grid(move, (1, 4, SIDE, SIDE), align_corners=False)
        return F.grid_sample(picture, grid, mode="bilinear", padding_mode="zeros", align_corners=False)

    def sample(self, rnd: random.Random) -> tuple[str, torch.Tensor]:
        while True:
            thing = rnd.choice(THINGS)
            painted = said = None
            if rnd.random() < 0.4:
                painted = said = rnd.choice(list(COLOURS))
                if (painted, thing) in HELD_OUT:
                    continue
            elif thing in NATIVE and rnd.random() < 0.2:
                said = rnd.choice(NATIVE[thing])
            break
        tint = varied(rnd, COLOURS[painted], 14) if painted else None
        jitter = 0.3
        shape = self.place(
            thing,
            0.89 + jitter * rnd.uniform(-0.05, 0.05),
            jitter * rnd.uniform(-0.04, 0.04),
            jitter * rnd.uniform(-0.04, 0.04),
            tint,
        )
        caption = with_article(rnd.choice(OPENINGS), f"{said} {thing}" if said else thing)
        ground = PLAIN_BACKGROUND
        if rnd.random() < 0.45:
            name = rnd.choice(list(BACKGROUNDS))
            caption += rnd.choice([" on ", " on ", " on a ", " on a ", " with a "]) + name + " background"
            caption = caption.replace("a orange b", "an orange b")
            ground = varied(rnd, BACKGROUNDS[name], 10)
        back = torch.tensor(ground).view(1, 3, 1, 1) / 255
        return caption, (shape[:, :3] + back * (1 - shape[:, 3:])) * 2 - 1

    def batch(self, rnd: random.Random, count: int) -> tuple[list[str], torch.Tensor]:
        samples = [self.sample(rnd) for _ in range(count)]
        return [caption for caption, _ in samples], torch.cat([picture for _, picture in samples])


def with_article(opening: str, thing: str) -> str:
    if thing[0] in "aeiou" and opening.endswith(("a ", "A ")):
        opening = opening[:-1] + "n "
    return opening + thing

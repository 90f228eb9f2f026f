"""The judge of evaluate.py, a small convolutional network: judge.py DRAWINGS WORK MINUTES. Writes WORK/judge.pt.

It says which thing, which colour and which background it sees in 64 x 64 pixels. It learns from the same drawings as
the model, but never sees what the model made, and is trained on other sizes, places, tilts, tints and grounds. It is
tested on fresh renderings and on drawings in a third style (OUT/held of render.mjs) that nothing was trained on.
"""

import math
import pathlib
import random
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn

from captions import BACKGROUNDS, COLOURS, PLAIN_BACKGROUND, Captioned, Placed, Thing, varied
from files import save

GROUNDS = ["plain", *BACKGROUNDS]
BATCH = 96
POOL = 12000
FRESH = 24    # new pictures a step; the others come from the pool
RATE = 2e-3


class Judge(nn.Module):
    def __init__(self, things: int):
        super().__init__()
        widths, layers = (3, 32, 64, 128, 192), []
        for before, after in zip(widths, widths[1:]):
            layers += [nn.Conv2d(before, after, 3, padding=1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
            layers += [nn.Conv2d(after, after, 3, 2, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers)
        self.thing = nn.Sequential(nn.Flatten(), nn.Dropout(0.1), nn.Linear(192 * 16, 256), nn.ReLU(), nn.Linear(256, things))
        self.colour, self.ground = nn.Linear(192 * 16, len(COLOURS)), nn.Linear(192 * 16, len(GROUNDS))

    def forward(self, pictures):
        """(n, 3, 64, 64) in -1..1 -> scores of things, of COLOURS, of GROUNDS."""
        seen = self.body(pictures)
        return self.thing(seen), self.colour(seen.flatten(1)), self.ground(seen.flatten(1))


def near_to(colour: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return math.dist(colour, other) < 60


def rendering(rnd: random.Random, captioned: Captioned, number: int, drawing: str, wild: bool) -> tuple:
    """A picture with its labels; a colour of -100 means that none was painted. `wild`: as the judge is trained."""
    ground = rnd.randrange(len(GROUNDS)) if rnd.random() < 0.6 else 0
    painted = rnd.randrange(len(COLOURS)) if rnd.random() < 0.45 else -100
    base = PLAIN_BACKGROUND if ground == 0 else BACKGROUNDS[GROUNDS[ground]]
    tint = list(COLOURS.values())[painted] if painted >= 0 else None
    if tint and near_to(tint, base):
        ground, base = 1, COLOURS["red"] if painted != 0 else COLOURS["blue"]
        ground = GROUNDS.index("red" if painted != 0 else "blue")
    by = 16 if wild else 8
    placed = Placed(
        drawing,
        rnd.uniform(0.6, 1.05) if wild else rnd.uniform(0.85, 0.95),
        rnd.uniform(-0.1, 0.1) if wild else 0.0,
        rnd.uniform(-0.1, 0.1) if wild else 0.0,
        rnd.uniform(-15, 15) if wild else 0.0,
        varied(rnd, tint, by) if tint else None,
    )
    picture = captioned.compose([placed], (128, 128), varied(rnd, base, 8 if ground else 3))
    picture = F.avg_pool2d(picture, 2)
    if wild:
        if rnd.random() < 0.4:
            picture = F.avg_pool2d(F.pad(picture[None], (1, 1, 1, 1), mode="replicate"), 3, 1)[0]
        picture = picture + torch.randn_like(picture) * rnd.uniform(0, 0.08)
    return picture, number, painted, ground


class Renderings:
    def __init__(self, captioned: Captioned):
        self.captioned, self.pool = captioned, []

    def batch(self, rnd: random.Random) -> tuple[torch.Tensor, ...]:
        things: list[Thing] = self.captioned.things
        fresh = []
        for _ in range(FRESH):
            number = rnd.randrange(len(things))
            fresh.append(rendering(rnd, self.captioned, number, rnd.choice(things[number].drawings), True))
        self.pool = (self.pool + fresh)[-POOL:]
        chosen = fresh + rnd.choices(self.pool, k=BATCH - FRESH)
        pictures, *labels = zip(*chosen)
        return torch.stack(pictures), *(torch.tensor(column) for column in labels)


@torch.no_grad()
def accuracy(judge: Judge, samples: list[tuple]) -> dict:
    pictures, things, colours, grounds = zip(*samples)
    seen = [torch.cat(column) for column in zip(*(judge(part) for part in torch.stack(pictures).split(64)))]
    things, colours, grounds = torch.tensor(things), torch.tensor(colours), torch.tensor(grounds)
    best, painted = seen[0].topk(5).indices, colours >= 0
    return {
        "top1": float((best[:, 0] == things).float().mean()),
        "top5": float((best == things[:, None]).any(1).float().mean()),
        "colour": float((seen[1].argmax(1) == colours)[painted].float().mean()),
        "background": float((seen[2].argmax(1) == grounds).float().mean()),
    }


def tests(captioned: Captioned, held: Captioned) -> dict[str, list[tuple]]:
    """Fresh renderings as the model is asked for, wilder ones, and the third style."""
    rnd, things = random.Random(77), captioned.things
    every = [(number, drawing) for number, thing in enumerate(things) for drawing in thing.drawings]
    return {
        "fresh": [rendering(rnd, captioned, number, drawing, False) for number, drawing in every],
        "wild": [rendering(rnd, captioned, number, drawing, True) for number, drawing in every],
        "third style": [
            rendering(rnd, held, number, drawing, False)
            for number, thing in enumerate(held.things) for drawing in thing.drawings
        ],
    }  # fmt: skip


def main() -> None:
    drawings, work, minutes = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rnd, captioned, held = random.Random(11), Captioned(drawings), Captioned(drawings, only="held")
    judge, renderings = Judge(len(captioned.things)).to(memory_format=torch.channels_last), Renderings(captioned)
    optimizer = torch.optim.AdamW(judge.parameters(), RATE, weight_decay=0.02)
    start, step = time.time(), 0
    while (passed := (time.time() - start) / 60 / minutes) < 1:
        pictures, things, colours, grounds = renderings.batch(rnd)
        with torch.autocast("cpu", torch.bfloat16):
            seen = judge(pictures.contiguous(memory_format=torch.channels_last))
        loss = F.cross_entropy(seen[0].float(), things, label_smoothing=0.05)
        loss = loss + 0.3 * F.cross_entropy(seen[1].float(), colours) + 0.3 * F.cross_entropy(seen[2].float(), grounds)
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50, (1 - passed) / 0.6 + 0.01)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        step += 1
        if step % 100 == 0:
            print(f"step {step}, {passed * minutes:.1f} min, loss {float(loss):.3f}", flush=True)
    judge.eval()
    measured = {name: accuracy(judge, samples) for name, samples in tests(captioned, held).items()}
    names = [thing.name for thing in captioned.things]
    save({"judge": judge.state_dict(), "things": names, "accuracy": measured, "steps": step}, work / "judge.pt")
    for name, values in measured.items():
        print(name, {key: round(value, 3) for key, value in values.items()})


if __name__ == "__main__":
    main()

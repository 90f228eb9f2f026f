"""Trains the judge of evaluate.py: train_judge.py DRAWINGS OUT.npz MINUTES.

It learns from the same drawings as the model, but never sees what the model made, and is trained on other sizes,
places, tilts, tints and grounds. It is tested on fresh renderings and on drawings in a third style (DRAWINGS/held)
that nothing was trained on.
"""

import math
import pathlib
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from captions import BACKGROUNDS, COLOURS, PLAIN_BACKGROUND, Captioned, Placed, Thing, varied

GROUNDS = ["plain", *BACKGROUNDS]
WIDTHS = (3, 32, 64, 128, 192)
BATCH = 96
POOL = 12000
FRESH = 24    # new pictures a step; the others come from the pool
RATE = 2e-3


class Network(nn.Module):
    def __init__(self, heads: dict[str, int]):
        """heads: what is asked for, and how many answers each has; the first is the hard one."""
        super().__init__()
        layers = []
        for before, after in zip(WIDTHS, WIDTHS[1:]):
            for source, stride in ((before, 1), (after, 2)):
                layers += [nn.Conv2d(source, after, 3, stride, 1, bias=False), nn.BatchNorm2d(after), nn.ReLU()]
        self.body = nn.Sequential(*layers, nn.AvgPool2d(2))
        self.heads = nn.ModuleDict({name: nn.Linear(4 * WIDTHS[-1], count) for name, count in heads.items()})

    def forward(self, pictures):
        """(n, 3, 64, 64) in -1..1 -> the scores of each head."""
        seen = self.body(pictures).permute(0, 2, 3, 1).flatten(1)
        first, *others = self.heads.values()
        return first(F.dropout(seen, 0.1, self.training)), *(head(seen) for head in others)


def rendering(rnd: random.Random, captioned: Captioned, number: int, drawing: str, wild: bool) -> tuple:
    """A picture with its labels; a colour of -100 means that none was painted. `wild`: as the judge is trained."""
    ground = rnd.randrange(len(GROUNDS)) if rnd.random() < 0.6 else 0
    painted = rnd.randrange(len(COLOURS)) if rnd.random() < 0.45 else -100
    tint = list(COLOURS.values())[painted] if painted >= 0 else None
    base = BACKGROUNDS.get(GROUNDS[ground], PLAIN_BACKGROUND)
    if tint and math.dist(tint, base) < 60:    # nothing would be seen
        ground = GROUNDS.index("blue" if list(COLOURS)[painted] == "red" else "red")
        base = BACKGROUNDS[GROUNDS[ground]]
    placed = Placed(
        drawing,
        rnd.uniform(0.6, 1.05) if wild else rnd.uniform(0.85, 0.95),
        rnd.uniform(-0.1, 0.1) if wild else 0.0,
        rnd.uniform(-0.1, 0.1) if wild else 0.0,
        rnd.uniform(-15, 15) if wild else 0.0,
        varied(rnd, tint, 16 if wild else 8) if tint else None,
    )
    picture = F.avg_pool2d(captioned.compose([placed], (128, 128), varied(rnd, base, 8 if ground else 3)), 2)
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
        pictures, *labels = zip(*fresh, *rnd.choices(self.pool, k=BATCH - FRESH))
        return torch.stack(pictures), *(torch.tensor(column) for column in labels)


@torch.no_grad()
def accuracy(network: Network, samples: list[tuple]) -> dict[str, float]:
    pictures, things, colours, grounds = zip(*samples)
    seen = [torch.cat(column) for column in zip(*(network(part) for part in torch.stack(pictures).split(64)))]
    things, colours, grounds = torch.tensor(things), torch.tensor(colours), torch.tensor(grounds)
    best, painted = seen[0].topk(5).indices, colours >= 0
    return {
        "top1": float((best[:, 0] == things).float().mean()),
        "top5": float((best == things[:, None]).any(1).float().mean()),
        "colour": float((seen[1].argmax(1) == colours)[painted].float().mean()),
        "background": float((seen[2].argmax(1) == grounds).float().mean()),
    }


def measure(network: Network, captioned: Captioned, held: Captioned) -> dict[str, float]:
    """On fresh renderings, placed as the model is asked for; on wilder ones; and on the third style."""
    rnd, result = random.Random(77), {}
    for name, source, wild in (("fresh", captioned, False), ("wild", captioned, True), ("third style", held, False)):
        every = [(number, drawing) for number, thing in enumerate(source.things) for drawing in thing.drawings]
        samples = [rendering(rnd, source, number, drawing, wild) for number, drawing in every]
        result |= {f"{name} {what}": value for what, value in accuracy(network, samples).items()}
    return result


def packed(network: Network) -> dict[str, np.ndarray]:
    """The weights as judge.py wants them."""
    values, body = {}, list(network.body)
    convolutions = [part for part in body if isinstance(part, nn.Conv2d)]
    norms = [part for part in body if isinstance(part, nn.BatchNorm2d)]
    for layer, (convolution, norm) in enumerate(zip(convolutions, norms)):
        factor = norm.weight / (norm.running_var + norm.eps).sqrt()
        weight = convolution.weight * factor.view(-1, 1, 1, 1)
        values[f"weight{layer}"] = weight.permute(2, 3, 1, 0).reshape(-1, weight.shape[0])
        values[f"bias{layer}"] = norm.bias - norm.running_mean * factor
    for name, head in network.heads.items():
        values[f"{name}_weight"], values[f"{name}_bias"] = head.weight.T, head.bias
    return {name: value.detach().half().numpy() for name, value in values.items()} | {"layers": len(convolutions), "heads": list(network.heads)}


def main() -> None:
    drawings, out, minutes = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(1)
    torch.set_num_threads(1)
    rnd, captioned, held = random.Random(11), Captioned(drawings), Captioned(drawings, only="held")
    network, renderings = Network({"thing": len(captioned.things), "colour": len(COLOURS), "ground": len(GROUNDS)}).to(memory_format=torch.channels_last), Renderings(captioned)
    optimizer = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.02)
    start, step = time.time(), 0
    while (passed := (time.time() - start) / 60 / minutes) < 1:
        pictures, things, colours, grounds = renderings.batch(rnd)
        with torch.autocast("cpu", torch.bfloat16):
            seen = network(pictures.contiguous(memory_format=torch.channels_last))
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
    network.eval()
    measured = measure(network, captioned, held)
    for name, value in measured.items():
        print(f"{name}: {value:.3f}")
    np.savez_compressed(
        out,
        things=[thing.name for thing in captioned.things],
        colours=list(COLOURS),
        grounds=GROUNDS,
        measured=list(measured),
        accuracy=list(measured.values()),
        **packed(network),
    )


if __name__ == "__main__":
    main()

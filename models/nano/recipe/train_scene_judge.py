"""Trains the judges of whole scenes: train_scene_judge.py DRAWINGS OUT MINUTES [scene_things | scene_places]

One is shown the square around a thing in its scene, and says which thing it is and in which colour; the other the whole scene, and
says the place, the time of day and the weather. Both learn from scenes of the recipe, put together and drawn anew as a whole, none of
them held out for the evaluation, and never see what the studio's model made. Writes OUT/scene_things.npz and OUT/scene_places.npz, which
tests/bench/nano/scenes.py asks. They are tested on scenes that they never saw.

Beside each stands a checkpoint (.pt), written every five minutes: where there is one, the training goes on from it. The minutes are of processor time.
"""

import pathlib
import random
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F

from judge import seen_about, seen_whole
from scenes.composing import COLOURS
from scenes.held_out import held_out
from scenes.layers import Things, lights
from scenes.palette import TIMES, WEATHERS
from scenes.registry import PLACES
from scenes.scene import Plan, fitting, ground_place, make, place_for, possible
from scenes.things import THINGS
from train_judge import Network, packed

ZOOM = 1.5    # pixels of a unit
BATCH, POOL, FRESH = 96, 16000, 16
RATE = 2e-3
KINDS = {"alone": 0.6, "two": 0.15, "pair": 0.25}
NAMES = list(THINGS)
JUDGES = {"scene_things": {"thing": NAMES, "colour": list(COLOURS)}, "scene_places": {"place": list(PLACES), "time": list(TIMES), "weather": list(WEATHERS)}}
TESTED = 400
SAVED = 5    # minutes


def asked(rnd: random.Random) -> Plan:
    """Half by the thing, half by the place, so that none is rare."""
    while True:
        if rnd.random() < 0.5:
            name = rnd.choice(NAMES)
            place = place_for(rnd, THINGS[name])
        else:
            place = rnd.choice(list(PLACES))
            name = rnd.choice([one for one, thing in THINGS.items() if fitting(thing, place) or (ground_place(place) and thing.where == "g")] or NAMES)
        kind = rnd.choices(list(KINDS), list(KINDS.values()))[0]
        names = [name, rnd.choice(NAMES)] if kind == "pair" else [name]
        if possible(kind, names, place) and not held_out(kind, names, place):
            return Plan(kind, names, place)


def tensor(picture: np.ndarray) -> torch.Tensor:
    return torch.from_numpy(picture).permute(2, 0, 1).float() / 127.5 - 1


def worn(rnd: random.Random, picture: torch.Tensor) -> torch.Tensor:
    """As a network draws it: softer, or with noise."""
    if rnd.random() < 0.4:
        picture = F.avg_pool2d(F.pad(picture[None], (1, 1, 1, 1), mode="replicate"), 3, 1)[0]
    return picture + torch.randn_like(picture) * rnd.uniform(0, 0.06)


class Scenes:
    def __init__(self, things: Things):
        self.things, self.pools = things, ([], [])

    def box(self, put) -> tuple:
        left, top, right, bottom = self.things.extent(put.drawing)
        if put.flip < 0:
            left, right = -right, -left
        return tuple(v * ZOOM for v in (put.x + left * put.q, put.y + top * put.q, put.x + right * put.q, put.y + bottom * put.q))

    def sample(self, rnd: random.Random) -> tuple[list, tuple]:
        """What the first judge is shown of one scene, each with its labels, and what the second is."""
        plan = asked(rnd)
        time_, weather = rnd.choice(lights(plan.place))
        scene = make(rnd.randrange(1 << 40), self.things.sprites, ZOOM, "square", plan, (time_, weather))
        seen = []
        for put in scene.puts:
            item = next(one for one in scene.said if one.drawing == put.drawing)
            dx, dy = (rnd.uniform(-0.06, 0.06) * put.q * ZOOM for _ in range(2))
            left, top, right, bottom = self.box(put)
            shown = seen_about(scene.picture, (left + dx, top + dy, right + dx, bottom + dy), rnd.uniform(1.0, 1.3))
            colour = list(COLOURS).index(item.said) if item.said else -100
            seen.append((worn(rnd, tensor(shown)), NAMES.index(item.thing.name), colour))
        labels = list(PLACES).index(plan.place), list(TIMES).index(time_), list(WEATHERS).index(weather)
        if not PLACES[plan.place].timed:
            labels = labels[0], -100, -100
        return seen, (worn(rnd, tensor(seen_whole(scene.picture))), *labels)

    def batches(self, rnd: random.Random) -> dict[str, tuple]:
        """What each of JUDGES learns from next."""
        fresh = ([], [])
        for _ in range(FRESH):
            seen, place = self.sample(rnd)
            fresh[0].extend(seen)
            fresh[1].append(place)
        made = []
        for new, pool in zip(fresh, self.pools):
            pool += new
            del pool[:-POOL]
            made.append(collated([*new, *rnd.choices(pool, k=max(0, BATCH - len(new)))]))
        return dict(zip(JUDGES, made))


def collated(samples: list[tuple]) -> tuple[torch.Tensor, ...]:
    pictures, *labels = zip(*samples)
    return torch.stack(pictures), *(torch.tensor(column) for column in labels)


def loss_of(network: Network, batch: tuple) -> torch.Tensor:
    pictures, first, *others = batch
    seen = network(pictures.contiguous(memory_format=torch.channels_last))
    loss = F.cross_entropy(seen[0], first, label_smoothing=0.05)
    for scores, labels in zip(seen[1:], others):
        if (labels >= 0).any():
            loss = loss + 0.3 * F.cross_entropy(scores, labels)
    return loss


@torch.no_grad()
def accuracy(network: Network, samples: list[tuple]) -> dict[str, float]:
    pictures, *labels = collated(samples)
    found = {}
    for head, scores, right in zip(network.heads, network(pictures), labels):
        found[head] = float((scores.argmax(1) == right)[right >= 0].float().mean())
    return found


class Student:
    """A judge that learns. What it knows is in FOLDER/NAME.pt."""

    def __init__(self, name: str, folder: pathlib.Path):
        self.name, self.folder, self.steps = name, folder, 0
        self.network = Network({head: len(words) for head, words in JUDGES[name].items()}).to(memory_format=torch.channels_last)
        self.optimizer = torch.optim.AdamW(self.network.parameters(), RATE, weight_decay=0.02)
        if self.checkpoint.exists():
            saved = torch.load(self.checkpoint)
            self.network.load_state_dict(saved["network"])
            self.optimizer.load_state_dict(saved["optimizer"])
            self.steps = saved["steps"]

    @property
    def checkpoint(self) -> pathlib.Path:
        return self.folder / f"{self.name}.pt"

    def save(self) -> None:
        new = self.checkpoint.with_suffix(".new")
        torch.save({"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict(), "steps": self.steps}, new)
        new.replace(self.checkpoint)

    def learn(self, batch: tuple, rate: float) -> float:
        loss = loss_of(self.network, batch)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()
        self.steps += 1
        return float(loss.detach())

    def finish(self, samples: list[tuple]) -> None:
        self.save()
        measured = accuracy(self.network.eval(), samples)
        print(self.name, f"{self.steps} steps", {head: round(value, 3) for head, value in measured.items()})
        words = {f"{head}s": values for head, values in JUDGES[self.name].items()}
        np.savez_compressed(self.folder / f"{self.name}.npz", **words, measured=list(measured), accuracy=list(measured.values()), **packed(self.network))


def main() -> None:
    drawings, out, minutes = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(1)
    torch.set_num_threads(1)
    students = [Student(name, out) for name in sys.argv[4:] or JUDGES]
    rnd, scenes = random.Random(11 + students[0].steps), Scenes(Things(drawings))
    start, step, saved = time.process_time(), 0, 0.0
    while (passed := (time.process_time() - start) / 60 / minutes) < 1:
        batches = scenes.batches(rnd)
        rate = RATE * min(1, (step + 1) / 50, (1 - passed) / 0.6 + 0.01)
        losses = [student.learn(batches[student.name], rate) for student in students]
        step += 1
        if step % 50 == 0:
            print(f"step {step}, {passed * minutes:.1f} min, loss {' '.join(f'{loss:.3f}' for loss in losses)}", flush=True)
        if passed * minutes > saved + SAVED:
            saved = passed * minutes
            for student in students:
                student.save()
    rnd, tested = random.Random(77), ([], [])
    for _ in range(TESTED):
        seen, place = scenes.sample(rnd)
        tested[0].extend(seen)
        tested[1].append(place)
    for student in students:
        student.finish(dict(zip(JUDGES, tested))[student.name])


if __name__ == "__main__":
    main()

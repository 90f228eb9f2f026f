"""Trains the network and the text rows, for as long as it is let: train_network.py WORK [options]

WORK holds latents.pt and the shards of make_data.py; tokens.json lies here. WORK/checkpoint.pt is written every few
minutes and when the run is ended (SIGTERM, SIGINT), whole or not at all; the same command goes on from it.

--from FOLDER      a fresh run starts from the model files of FOLDER instead of from random numbers
--batch N          pictures a step, of those with the fewest patches; fewer of the others, so that steps cost alike
--layers N         of a fresh run; more than the model files of --from have is grown from them
--no-compile       leave the blocks as they are: compiling takes minutes, and much longer on a busy machine
--minutes MIN      end after so long, as if by SIGTERM
--rate X           learning rates times X
--frame FOLDER     the rows around every prompt are those of the model files of FOLDER, and stay: models that share one
                   text file have them in common
--cooldown MIN     branch off: take the learning rate down to nothing over MIN minutes, write WORK/network.pt, and leave
                   the checkpoint as it is, so that training can go on at the full rate afterwards. WORK/cooled.pt is
                   a checkpoint of the end of the branch: moved to checkpoint.pt, training goes on from there instead
"""

import argparse
import os
import pathlib
import random
import re
import signal
import time

import torch

from captions import POSES, STYLE_WORDS
from files import save, tensors
from latents import STORED
from muon import Muon
from network import LAYERS, Block, Network, Text, layers_of
from warm_start import warm_start

# After 12 thousand steps with two scenes in three (make_data.py says what came of it).
SHARES = {
    "square": 0.6, "portrait": 0.07, "landscape": 0.07, "scene-square": 0.18, "scene-portrait": 0.04, "scene-landscape": 0.04,
    "thing": 1, "place-square": 0.5, "place-portrait": 0.25, "place-landscape": 0.25,
}  # fmt: skip
BATCHES = {
    "square": 1, "portrait": 0.75, "landscape": 0.75, "scene-square": 0.75, "scene-portrait": 0.625, "scene-landscape": 0.625,
    "thing": 1, "place-square": 0.5, "place-portrait": 0.375, "place-landscape": 0.375,
}  # fmt: skip
# How often, among things on a plain ground, pictures with words for a pose, of several things or with words for place and
# size, and the others. All else (scenes, and the layers of make_layers.py) is one group.
GROUPS = {"posed": 0.1, "composed": 0.25, "other": 0.65, "whole": 0}
LAYERED = ("thing", "place")    # shapes whose captions are the studio's own: nothing in them is left out or unknown
POSED = re.compile(rf" ({'|'.join(POSES['size'])})( |$)")
COMPOSED = re.compile(r"\b(and|two|three|small|little|big|large|tilted|left|right|top|bottom)\b", re.IGNORECASE)
STYLE = re.compile(rf" ({'|'.join(STYLE_WORDS.values())})\b")
UNSTYLED = 0.2    # captions without the word for the set of drawings, as users write them
DROPPED = 0.1    # captions left out, so that guidance has something to compare with
UNKNOWN = 0.12    # captions with a word that means nothing
MUON_RATE = 0.02
ADAM_RATE = 2e-3
ROWS_RATE = 5e-3
KEPT, KEPT_COOLING = 0.995, 0.985    # of the averaged weights, each step
WARM_STEPS = 60
CHECKPOINT_SECONDS = 240
SHARD_CHECK_STEPS = 50


def group_of(shape: str, caption: str) -> str:
    if shape.startswith(("scene", *LAYERED)):
        return "whole"
    if POSED.search(caption):
        return "posed"
    if COMPOSED.search(caption):
        return "composed"
    return "other"


class Shards:
    """What make_data.py has written so far, with the captions as row numbers."""

    def __init__(self, folder: pathlib.Path, text: Text):
        self.folder, self.text, self.loaded = folder, text, []

    def refresh(self) -> None:
        while (path := self.folder / f"shard-{len(self.loaded)}.pt").exists():
            shard = torch.load(path, mmap=True)
            self.loaded.append({shape: self.prepared(shape, **part) for shape, part in shard.items()})

    def prepared(self, shape: str, captions: list[str], latents: torch.Tensor) -> tuple:
        groups = {name: [] for name in GROUPS}
        for number, caption in enumerate(captions):
            groups[group_of(shape, caption)].append(number)
        unstyled = [STYLE.sub("", caption) for caption in captions]
        return groups, latents, self.text.pad(captions), self.text.pad(unstyled)

    def shares(self) -> dict[str, float]:
        """Of the shapes that there are."""
        return {shape: share for shape, share in SHARES.items() if any(shape in shard for shard in self.loaded)}

    def batch(self, rnd: random.Random, shape: str, count: int) -> tuple[torch.Tensor, ...]:
        chosen, whole = [], shape.startswith(("scene", *LAYERED))
        unstyled = 0 if shape.startswith(LAYERED) else UNSTYLED
        for _ in range(count):
            group = "whole" if whole else rnd.choices(list(GROUPS), list(GROUPS.values()))[0]
            groups, latents, *texts = rnd.choice([shard[shape] for shard in self.loaded if shard[shape][0][group]])
            at, (rows, lengths) = rnd.choice(groups[group]), texts[rnd.random() < unstyled]
            chosen.append([latents[at], rows[at], lengths[at]])
        latents, rows, lengths = (torch.stack(column) for column in zip(*chosen))
        return latents.float() / STORED, rows, lengths


def with_unknown_words(rnd: random.Random, text: Text, rows: torch.Tensor, lengths: torch.Tensor) -> None:
    """Puts the zero row somewhere into some captions, as a word nobody taught would."""
    head, tail = len(text.table["head"]), len(text.table["tail"])
    for i in range(len(rows)):
        for _ in range(rnd.choice((1, 1, 2, 3)) if rnd.random() < UNKNOWN else 0):
            length = int(lengths[i])
            if length == rows.shape[1]:
                break
            at = rnd.randint(head, length - tail)
            rows[i, at + 1 :] = rows[i, at:-1].clone()
            rows[i, at] = 0
            lengths[i] += 1


def noise_levels(count: int) -> torch.Tensor:
    """Stratified, logit-normal."""
    even = (torch.arange(count) + torch.rand(1)) / count
    normal = torch.erfinv((even * 2 - 1).clamp(-0.999, 0.999)) * 2**0.5
    return torch.sigmoid(normal * 1.1 + 0.4)[torch.randperm(count)]


class Training:
    """Weights in F32 with their average, a BF16 copy that does the work, and the optimisers."""

    def __init__(self, start_from: str | None, layers: int, compiled: bool):
        self.network, self.text, self.fast = Network(layers), Text(), Network(layers)
        if start_from:
            warm_start(self.network, self.text, pathlib.Path(start_from))
        self.fast.bfloat16()
        named = list(self.network.named_parameters())
        matrices = [p for name, p in named if p.ndim == 2 and ("attention" in name or "feed_forward" in name)]
        joined = {id(p) for name, p in named if "qkv" in name}
        chosen = {id(p) for p in matrices}
        self.others = [p for _, p in named if id(p) not in chosen and p.requires_grad]
        self.muon = Muon(matrices, joined, MUON_RATE)
        self.adam = torch.optim.AdamW(
            [{"params": self.others, "rate": ADAM_RATE}, {"params": [self.text.embedding], "rate": ROWS_RATE}],
            ADAM_RATE,
            betas=(0.9, 0.97),
            weight_decay=0,
        )
        self.averaged = [value.detach().clone() for value in self.values()]
        self.step = self.pictures = 0
        self.kept = KEPT
        self.frame = None
        self.nothing, self.nothing_length = self.text.pad([""])
        self.copy()
        if not compiled:
            return
        # One compilation serves all blocks that are alike: half the cost of a step for a minute at the start.
        torch._dynamo.config.recompile_limit = 48
        Block.forward = torch.compile(Block.forward, dynamic=False)

    def values(self) -> list[torch.Tensor]:
        return [*self.network.parameters(), self.text.embedding]

    @torch.no_grad()
    def copy(self) -> None:
        for fast, value in zip(self.fast.parameters(), self.network.parameters()):
            fast.copy_(value)

    def state(self, rnd: random.Random) -> dict:
        return {
            "network": self.network.state_dict(), "text": self.text.state_dict(), "averaged": self.averaged,
            "muon": self.muon.state_dict(), "adam": self.adam.state_dict(), "step": self.step,
            "pictures": self.pictures, "random": (rnd.getstate(), torch.get_rng_state()),
            "owners": self.text.owners,
        }  # fmt: skip

    def carry_rows(self, state: dict) -> None:
        """Fits a state of another vocabulary to this one: words that both know keep their rows."""
        places = {owner: i + 1 for i, owner in enumerate(state["owners"])}
        pairs = [(i + 1, places[owner]) for i, owner in enumerate(self.text.owners) if owner in places]
        here, there = (torch.tensor(column) for column in zip(*pairs))

        def carried(old: torch.Tensor, fresh: torch.Tensor) -> torch.Tensor:
            fresh[here] = old[there]
            return fresh

        fresh = self.text.embedding.detach()
        state["text"]["embedding"] = carried(state["text"]["embedding"], fresh.clone())
        state["averaged"][-1] = carried(state["averaged"][-1], fresh.clone())
        moments = state["adam"]["state"][len(self.others)]
        for name in ("exp_avg", "exp_avg_sq"):
            moments[name] = carried(moments[name], torch.zeros_like(fresh))

    @torch.no_grad()
    def keep_frame(self, folder: pathlib.Path) -> None:
        numbers = {*self.text.table["head"], *self.text.table["tail"]}
        rows = tensors(folder / "te.gguf")["model.embed_tokens.weight"]
        places = sorted({self.text.rows[number] for number in numbers})
        self.frame = torch.tensor(places), torch.stack([rows[self.text.owners[place - 1]] for place in places])
        for values in (self.text.embedding, self.averaged[-1]):
            values.data[self.frame[0]] = self.frame[1]

    def load(self, state: dict, rnd: random.Random) -> None:
        if state["owners"] != self.text.owners:
            self.carry_rows(state)
        self.network.load_state_dict(state["network"])
        self.text.load_state_dict(state["text"])
        self.averaged = state["averaged"]
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])
        self.step, self.pictures = state["step"], state["pictures"]
        rnd.setstate(state["random"][0])
        torch.set_rng_state(state["random"][1])
        self.copy()

    def learn(self, picture, rows, lengths, rate: float) -> float:
        count = len(picture)
        dropped = torch.rand(count) < DROPPED
        rows[dropped], lengths[dropped] = self.nothing[0], self.nothing_length[0]
        sigma, noise = noise_levels(count), torch.randn_like(picture)
        mixed = torch.lerp(picture, noise, sigma.view(-1, 1, 1, 1))
        said = self.fast(mixed.bfloat16(), sigma, self.text(rows).bfloat16(), lengths)
        loss = (said.float() - (noise - picture)).pow(2).mean()
        loss.backward()
        for fast, value in zip(self.fast.parameters(), self.network.parameters()):
            value.grad = None if fast.grad is None else fast.grad.float()
            fast.grad = None
        rate *= min(1, (self.step + 1) / WARM_STEPS)
        self.muon.param_groups[0]["lr"] = MUON_RATE * rate
        for group in self.adam.param_groups:
            group["lr"] = group["rate"] * rate
        torch.nn.utils.clip_grad_norm_(self.others, 1.0)
        self.muon.step()
        self.adam.step()
        self.text.embedding.grad = None
        if self.frame is not None:
            self.text.embedding.data[self.frame[0]] = self.frame[1]
        self.step += 1
        self.pictures += count
        keep = min(self.kept, 1 - 4 / (self.step + 4))
        with torch.no_grad():
            torch._foreach_lerp_(self.averaged, [value.detach() for value in self.values()], 1 - keep)
        self.copy()
        return float(loss.detach())

    def result(self) -> dict:
        """The averaged weights, for export.py."""
        names = [*dict(self.network.named_parameters())]
        return {
            "network": dict(zip(names, self.averaged)), "text": {"embedding": self.averaged[-1]},
            "step": self.step, "pictures": self.pictures,
        }  # fmt: skip


def run(training: Training, shards: Shards, rnd: random.Random, work: pathlib.Path, args) -> None:
    ended = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.append(True))
    start = saved = shown = time.time()
    losses, cpu = [], time.process_time()
    while not ended:
        if training.step % SHARD_CHECK_STEPS == 0 or not shards.loaded:
            shards.refresh()
        passed = (time.time() - start) / 60 / args.cooldown if args.cooldown else 0.0
        if passed >= 1 or args.minutes and time.time() - start > args.minutes * 60:
            break
        shares = shards.shares()
        shape = rnd.choices(list(shares), list(shares.values()))[0]
        batch = shards.batch(rnd, shape, int(args.batch * BATCHES[shape]))
        if not shape.startswith(LAYERED):
            with_unknown_words(rnd, training.text, *batch[1:])
        losses.append(training.learn(*batch, args.rate * (1 - 0.98 * passed)))
        if training.step % 20 == 0:
            now, used = time.time(), time.process_time()
            print(
                f"step {training.step}, {training.pictures} pictures, loss {sum(losses) / len(losses):.4f}, "
                f"{now - shown:.0f} s, {used - cpu:.0f} core-s, {len(shards.loaded)} shards",
                flush=True,
            )
            shown, cpu, losses = now, used, []
        if not args.cooldown and time.time() - saved > CHECKPOINT_SECONDS:
            save(training.state(rnd), work / "checkpoint.pt")
            saved = time.time()
    if args.cooldown:
        save(training.result(), work / "network.pt")
        save(training.state(rnd), work / "cooled.pt")
    else:
        save(training.state(rnd), work / "checkpoint.pt")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--from", dest="start_from")
    parser.add_argument("--frame", type=pathlib.Path)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--cooldown", type=float)
    parser.add_argument("--layers", type=int, default=LAYERS)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--no-compile", action="store_true")
    args = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(os.cpu_count() or 1)
    rnd, checkpoint = random.Random(5), args.work / "checkpoint.pt"
    state = torch.load(checkpoint, weights_only=False) if checkpoint.exists() else None
    training = Training(None if state else args.start_from, layers_of(state["network"]) if state else args.layers, not args.no_compile)
    if state:
        training.load(state, rnd)
    if args.frame:
        training.keep_frame(args.frame)
    if args.cooldown:
        training.kept = KEPT_COOLING
    (args.work / "trainer.pid").write_text(str(os.getpid()))
    shards = Shards(args.work / "data", training.text)
    shards.refresh()
    if not shards.loaded:
        raise SystemExit("there are no shards yet: run make_data.py")
    run(training, shards, rnd, args.work, args)


if __name__ == "__main__":
    main()

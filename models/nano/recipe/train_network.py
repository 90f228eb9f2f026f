"""Trains the network and the text rows: train_network.py DRAWINGS MINUTES. Needs latents.pt and tokens.json.

Writes network.pt. A second process makes pictures into a ring of latents while this one trains.
"""

import os
import random
import sys
import time

import torch
import torch.multiprocessing as mp

from captions import Captioned
from latents import CHANNELS, Latents
from network import TEXT_TOKENS, Network, Text

BATCH = 64
RING = 16384
CHUNK = 64
GRID = 16
DROPPED = 0.1    # captions left out, so that guidance has something to compare with
UNKNOWN = 0.08    # captions with a word that means nothing
MUON_RATE = 0.02
ADAM_RATE = 2e-3
ROWS_RATE = 5e-3


def load_latents() -> Latents:
    latents = Latents()
    latents.load_state_dict(torch.load("latents.pt"))
    return latents


class Ring:
    """Latents with their captions, in memory that both processes share."""

    def __init__(self):
        self.latents = torch.zeros(RING, CHANNELS, GRID, GRID).share_memory_()
        self.rows = torch.zeros(RING, TEXT_TOKENS, dtype=torch.long).share_memory_()
        self.lengths = torch.zeros(RING, dtype=torch.long).share_memory_()
        self.made = torch.zeros(1, dtype=torch.long).share_memory_()

    def put(self, latents, rows, lengths) -> None:
        at = int(self.made[0]) % RING
        self.latents[at : at + CHUNK] = latents
        self.rows[at : at + CHUNK] = rows
        self.lengths[at : at + CHUNK] = lengths
        self.made[0] += CHUNK


def produce(folder: str, ring: Ring, seed: int) -> None:
    torch.set_num_threads(1)
    os.nice(3)
    rnd, captioned, text, latents = random.Random(seed), Captioned(folder), Text(), load_latents()
    while True:
        while int(ring.made[0]) > 1.3 * RING:
            time.sleep(5)    # the ring is full and has been renewed in part: leave the processor to the training
        captions, pictures = captioned.batch(rnd, CHUNK)
        for i, caption in enumerate(captions):
            if rnd.random() < UNKNOWN:
                words = caption.split()
                words.insert(rnd.randrange(len(words)), "?")
                captions[i] = " ".join(words)
        with torch.no_grad():
            ring.put(latents.encode(pictures), *text.pad(captions))


def orthogonal(matrices: torch.Tensor, rounds: int = 4) -> torch.Tensor:
    """Newton-Schulz: near the orthogonal matrices that are closest."""
    x = matrices / (matrices.norm(dim=(-2, -1), keepdim=True) + 1e-7)
    tall = x.shape[-2] > x.shape[-1]
    if tall:
        x = x.mT
    for _ in range(rounds):
        a = x @ x.mT
        x = 3.4445 * x + (-4.7750 * a + 2.0315 * a @ a) @ x
    return x.mT if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum whose steps are made orthogonal; for matrices. q, k and v are treated as three."""

    def __init__(self, parameters: list, joined: set[int], rate: float):
        super().__init__(parameters, {"lr": rate})
        self.joined = joined

    @torch.no_grad()
    def step(self) -> None:
        for group in self.param_groups:
            by_shape = {}
            for parameter in group["params"]:
                momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                momentum.lerp_(parameter.grad, 0.05)
                update = parameter.grad.lerp(momentum, 0.95)
                parts = update.chunk(3) if id(parameter) in self.joined else [update]
                for i, part in enumerate(parts):
                    by_shape.setdefault(part.shape, []).append((parameter, i, part))
            for (rows, columns), parts in by_shape.items():
                steps = orthogonal(torch.stack([part for _, _, part in parts])) * max(1, rows / columns) ** 0.5
                for (parameter, i, _), step in zip(parts, steps):
                    parameter[i * rows : (i + 1) * rows].add_(step, alpha=-group["lr"])


def noise_levels() -> torch.Tensor:
    """Stratified, logit-normal."""
    even = (torch.arange(BATCH) + torch.rand(1)) / BATCH
    normal = torch.erfinv((even * 2 - 1).clamp(-0.999, 0.999)) * 2**0.5
    return torch.sigmoid(normal * 1.1 + 0.4)[torch.randperm(BATCH)]


def train(ring: Ring, minutes: float) -> None:
    network, text = Network(), Text()
    smooth_network, smooth_text = Network(), Text()
    smooth_network.load_state_dict(network.state_dict())
    smooth_text.load_state_dict(text.state_dict())
    named = list(network.named_parameters())
    matrices = [p for name, p in named if p.ndim == 2 and ("attention" in name or "feed_forward" in name)]
    joined = {id(p) for name, p in named if "qkv" in name}
    chosen = {id(p) for p in matrices}
    others = [p for _, p in named if id(p) not in chosen and p.requires_grad]
    muon = Muon(matrices, joined, MUON_RATE)
    adam = torch.optim.AdamW(
        [{"params": others, "rate": ADAM_RATE}, {"params": [text.embedding], "rate": ROWS_RATE}],
        ADAM_RATE,
        betas=(0.9, 0.95),
        weight_decay=0,
    )
    nothing, nothing_length = text.pad([""])

    def save() -> None:
        torch.save({"network": smooth_network.state_dict(), "text": smooth_text.state_dict()}, "network.pt")

    start, step, losses = time.time(), 0, 0.0
    while (passed := (time.time() - start) / 60 / minutes) < 1:
        chosen_now = torch.randint(0, min(int(ring.made[0]), RING), (BATCH,))
        picture, rows, lengths = ring.latents[chosen_now], ring.rows[chosen_now], ring.lengths[chosen_now]
        dropped = torch.rand(BATCH) < DROPPED
        rows[dropped], lengths[dropped] = nothing[0], nothing_length[0]
        sigma, noise = noise_levels(), torch.randn_like(picture)
        mixed = torch.lerp(picture, noise, sigma.view(-1, 1, 1, 1))
        loss = (network(mixed, sigma, text(rows), lengths) - (noise - picture)).pow(2).mean()
        rate = min(1, (step + 1) / 30) * min(1, max(0.02, (1 - passed) / 0.45))
        muon.param_groups[0]["lr"] = MUON_RATE * rate
        for group in adam.param_groups:
            group["lr"] = group["rate"] * rate
        muon.zero_grad()
        adam.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(others, 1.0)
        muon.step()
        adam.step()
        step += 1
        keep = min(0.993, 1 - 4 / (step + 4))
        with torch.no_grad():
            smooth = [*smooth_network.parameters(), smooth_text.embedding]
            for mean, value in zip(smooth, [*network.parameters(), text.embedding]):
                mean.lerp_(value, 1 - keep)
        losses += float(loss.detach())
        if step % 20 == 0:
            print(f"step {step}, {passed * minutes:.1f} min, loss {losses / 20:.4f}", flush=True)
            losses = 0.0
            save()
    save()


def main() -> None:
    folder, minutes = sys.argv[1], float(sys.argv[2])
    torch.manual_seed(0)
    ring = Ring()
    producer = mp.Process(target=produce, args=(folder, ring, 5), daemon=True)
    producer.start()
    torch.set_num_threads(os.cpu_count() or 1)
    while int(ring.made[0]) < 4 * CHUNK:
        time.sleep(0.5)
    train(ring, minutes)
    producer.terminate()


if __name__ == "__main__":
    main()

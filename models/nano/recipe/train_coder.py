"""Trains the decoder: train_coder.py DRAWINGS WORK MINUTES [MODEL_FOLDER].

With MODEL_FOLDER the latent space stays that of its tae.gguf and training goes on from its decoder, or from WORK/decoder.pt
if that is there. Without it a new latent space is fitted, which needs a network trained from the start. Writes
WORK/latents.pt and WORK/decoder.pt, and prints how near fresh pictures come to themselves, before and after.
"""

import pathlib
import random
import sys
import time

import torch

from captions import Captioned
from coder import Decoder
from files import save, tensors
from latents import PATCH, Latents
from make_data import ZOOM
from scenes import scene
from scenes.sprites import Sprites

BATCH = 16
CROP = 64
POOL = 1200
FRESH = 3    # new pictures a step, scenes two of three
RATE = 1.5e-3
TEST_SEED = 990_000_000    # of pictures that nothing is trained on


class Pictures:
    def __init__(self, drawings: str):
        self.captioned, self.sprites, self.seed = Captioned(drawings), Sprites(drawings), 880_000_000

    def scene(self, seed: int) -> torch.Tensor:
        picture = scene.make(seed, self.sprites, ZOOM).picture
        return torch.from_numpy(picture).permute(2, 0, 1).float() / 127.5 - 1

    def fresh(self, rnd: random.Random, count: int) -> list[torch.Tensor]:
        made = []
        for _ in range(count):
            self.seed += 1
            made.append(self.scene(self.seed) if rnd.random() < 0.67 else self.captioned.sample(rnd, "square")[1])
        return made

    def tests(self, count: int) -> dict[str, list[torch.Tensor]]:
        rnd = random.Random(TEST_SEED)
        return {
            "scenes": [self.scene(TEST_SEED + i) for i in range(count)],
            "plain": [self.captioned.sample(rnd, "square")[1] for _ in range(count)],
        }


def crops(pool: list, rnd: random.Random) -> torch.Tensor:
    cut = []
    for picture in rnd.choices(pool, k=BATCH):
        y, x = (PATCH * rnd.randrange((side - CROP) // PATCH + 1) for side in picture.shape[1:])
        cut.append(picture[:, y : y + CROP, x : x + CROP])
    return torch.stack(cut)


def distance(drawn: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Pixels, and the steps between neighbours, which keep edges sharp."""
    error = drawn - real
    across = error[..., 1:] - error[..., :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    return error.abs().mean() + 2 * error.pow(2).mean() + 0.5 * (across.abs().mean() + down.abs().mean())


@torch.no_grad()
def decibels(decoder: Decoder, latents: Latents, pictures: list[torch.Tensor]) -> float:
    levels = []
    for picture in pictures:
        drawn = decoder(latents.encode(picture[None])).clamp(0, 1)
        levels.append(-10 * torch.log10((drawn - (picture[None] / 2 + 0.5)).pow(2).mean()))
    return float(torch.stack(levels).mean())


def earlier_decoder(decoder: Decoder, file: dict) -> None:
    """The corner of the full shape that is trained: see coder.py."""
    state = decoder.state_dict()
    for name, value in state.items():
        full = file["decoder.layers." + name.removeprefix("layers.")]
        state[name] = full[tuple(slice(0, size) for size in value.shape)].clone()
    decoder.load_state_dict(state)


def begin(work: pathlib.Path, latents: Latents, pictures: Pictures, rnd: random.Random, folder: str | None) -> Decoder:
    decoder = Decoder()
    if folder:
        latents.load_state_dict(torch.load(work / "latents.pt"))
        earlier_decoder(decoder, tensors(pathlib.Path(folder) / "tae.gguf"))
        if (work / "decoder.pt").exists():
            decoder.load_state_dict(torch.load(work / "decoder.pt"))
    else:
        share = latents.fit(torch.stack([pictures.captioned.sample(rnd, "square")[1] for _ in range(600)]))
        print(f"the latent space keeps {share:.4f} of the variance")
        torch.save(latents.state_dict(), work / "latents.pt")
    return decoder.to(memory_format=torch.channels_last)


def train(decoder: Decoder, latents: Latents, pictures: Pictures, rnd: random.Random, work: pathlib.Path, minutes: float) -> Decoder:
    """Returns the average of the last steps."""
    smooth = Decoder()
    smooth.load_state_dict(decoder.state_dict())
    optimizer = torch.optim.AdamW(decoder.parameters(), RATE, betas=(0.9, 0.97), weight_decay=0)
    pool = pictures.fresh(rnd, 200)
    start, saved, step, losses = time.time(), time.time(), 0, []
    while (passed := (time.time() - start) / 60 / minutes) < 1:
        pool = (pool + pictures.fresh(rnd, FRESH if step % 2 else 0))[-POOL:]
        real = crops(pool, rnd)
        code = latents.encode(real)
        code = code + torch.randn_like(code) * 0.08 * torch.rand(BATCH, 1, 1, 1)
        with torch.autocast("cpu", torch.bfloat16):
            drawn = decoder(code.contiguous(memory_format=torch.channels_last))
        loss = distance(drawn.float(), real / 2 + 0.5)
        optimizer.param_groups[0]["lr"] = RATE * min(1, (step + 1) / 60) * max(0.02, min(1, (1 - passed) / 0.6))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(decoder.parameters(), 1.0)
        optimizer.step()
        step += 1
        keep = min(0.995, 1 - 4 / (step + 4))
        with torch.no_grad():
            for mean, value in zip(smooth.parameters(), decoder.parameters()):
                mean.lerp_(value, 1 - keep)
        losses.append(float(loss.detach()))
        if step % 50 == 0:
            print(f"step {step}, {time.time() - start:.0f} s, {time.process_time():.0f} core-s, loss {sum(losses[-50:]) / 50:.4f}", flush=True)
        if time.time() - saved > 120:
            save(smooth.state_dict(), work / "decoder.pt")
            saved = time.time()
    save(smooth.state_dict(), work / "decoder.pt")
    return smooth


def main() -> None:
    drawings, work, minutes, *folder = sys.argv[1:]
    torch.manual_seed(time.time_ns() % 2**31 if folder else 0)
    torch.set_num_threads(1)
    rnd, work = random.Random(torch.initial_seed()), pathlib.Path(work)
    pictures, latents = Pictures(drawings), Latents()
    pictures.seed += rnd.randrange(10_000_000)
    decoder = begin(work, latents, pictures, rnd, folder[0] if folder else None)
    tests = pictures.tests(96)
    before = {name: decibels(decoder, latents, some) for name, some in tests.items()}
    print("before:", ", ".join(f"{name} {level:.2f} dB" for name, level in before.items()), flush=True)
    smooth = train(decoder, latents, pictures, rnd, work, float(minutes))
    after = {name: decibels(smooth, latents, some) for name, some in tests.items()}
    print("after:", ", ".join(f"{name} {level:.2f} dB" for name, level in after.items()))


if __name__ == "__main__":
    main()

"""Fits the latent space and trains the decoder: train_coder.py DRAWINGS WORK MINUTES.

Writes WORK/latents.pt and WORK/decoder.pt. A new latent space needs a network trained from the start.
"""

import math
import pathlib
import random
import sys
import time

import torch

from captions import Captioned
from coder import Decoder
from latents import PATCH, Latents

BATCH = 16
CROP = 64
POOL = 1500
RATE = 2e-3


def crops(pool: list, rnd: random.Random) -> torch.Tensor:
    pictures = torch.stack(rnd.choices(pool, k=BATCH))
    room = (pictures.shape[-1] - CROP) // PATCH + 1
    y, x = PATCH * rnd.randrange(room), PATCH * rnd.randrange(room)
    return pictures[:, :, y : y + CROP, x : x + CROP]


def distance(drawn: torch.Tensor, real: torch.Tensor) -> torch.Tensor:
    """Pixels, and the steps between neighbours, which keep edges sharp."""
    error = drawn - real
    across = error[..., 1:] - error[..., :-1]
    down = error[..., 1:, :] - error[..., :-1, :]
    return error.abs().mean() + 2 * error.pow(2).mean() + 0.5 * (across.abs().mean() + down.abs().mean())


def main() -> None:
    folder, work, minutes = sys.argv[1], pathlib.Path(sys.argv[2]), float(sys.argv[3])
    torch.manual_seed(0)
    torch.set_num_threads(1)
    rnd = random.Random(2)
    captioned, latents = Captioned(folder), Latents()
    print(f"the latent space keeps {latents.fit(captioned.pictures(rnd, 600)):.4f} of the variance")
    torch.save(latents.state_dict(), work / "latents.pt")

    decoder, smooth = Decoder().to(memory_format=torch.channels_last), Decoder()
    smooth.load_state_dict(decoder.state_dict())
    optimizer = torch.optim.AdamW(decoder.parameters(), RATE, betas=(0.9, 0.97), weight_decay=0)
    pool = list(captioned.pictures(rnd, 64))
    start, step, squares = time.time(), 0, 0.0
    while (passed := (time.time() - start) / 60 / minutes) < 1:
        pool = (pool + list(captioned.pictures(rnd, 3)))[-POOL:]
        pictures = crops(pool, rnd)
        code = latents.encode(pictures)
        code = code + torch.randn_like(code) * 0.08 * torch.rand(BATCH, 1, 1, 1)
        drawn, real = decoder(code.contiguous(memory_format=torch.channels_last)), pictures / 2 + 0.5
        loss = distance(drawn, real)
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
        squares += float((drawn - real).detach().pow(2).mean())
        if step % 50 == 0:
            print(f"step {step}, {-10 * math.log10(squares / 50):.2f} dB", flush=True)
            squares = 0.0
            torch.save(smooth.state_dict(), work / "decoder.pt")
    torch.save(smooth.state_dict(), work / "decoder.pt")


if __name__ == "__main__":
    main()

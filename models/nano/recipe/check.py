"""Draws with the engine and with the network here, from the same files, words and noise, and compares.

usage: check.py DIFFUSION_WORKER MODEL_FOLDER OUT_FOLDER [--network things.gguf] [--side 128] < prompts

Writes the engine's pictures to OUT_FOLDER. They differ by less than one of 255 on average, or something is wrong.
"""

import argparse
import pathlib
import sys

import numpy as np
import torch
from PIL import Image
from torch.nn import functional as F

from files import tensors
from network import HALVES, Network, Text, reordered, schedule
from worker import FILES, GUIDANCE, STEPS, Worker

SEED = 42


def engine_noise(seed: int, count: int) -> np.ndarray:
    """The engine's default generator: Philox 4x32-10, then Box-Muller."""
    mask, counter = np.uint64(0xFFFFFFFF), np.zeros((4, count), np.uint32)
    counter[2] = np.arange(count)
    key = np.array([seed & 0xFFFFFFFF, seed >> 32], np.uint64)
    for _ in range(10):
        a = counter[0].astype(np.uint64) * np.uint64(0xD2511F53)
        b = counter[2].astype(np.uint64) * np.uint64(0xCD9E8D57)
        high = [(x >> np.uint64(32)).astype(np.uint32) for x in (a, b)]
        low = [(x & mask).astype(np.uint32) for x in (a, b)]
        mixed = [high[1] ^ counter[1] ^ np.uint32(key[0]), low[1], high[0] ^ counter[3] ^ np.uint32(key[1]), low[0]]
        counter = np.stack(mixed)
        key = (key + np.array([0x9E3779B9, 0xBB67AE85], np.uint64)) & mask
    unit = np.float32(2.3283064e-10)
    u = counter[0].astype(np.float32) * unit + unit / 2
    v = (counter[1].astype(np.float32) * unit + unit / 2) * np.float32(2 * np.pi)
    return (np.sqrt(-2 * np.log(u)) * np.sin(v)).astype(np.float32)


def decode(latents: torch.Tensor, t: dict) -> torch.Tensor:
    """The full decoder, straight from the file."""

    def conv(x, name):
        return F.conv2d(x, t[name + ".weight"], t.get(name + ".bias"), padding=1)

    x, prefix = torch.tanh(latents / 3) * 3, "decoder.layers."
    for number in range(19):
        name = prefix + str(number)
        if number == 1:
            x = F.relu(x)
        elif number in (5, 10, 15):
            x = F.interpolate(x, scale_factor=2)
        elif number in (0, 6, 11, 16, 18):
            x = conv(x, name)
        else:
            inner = F.relu(conv(x, name + ".conv.0"))
            x = F.relu(x + conv(F.relu(conv(inner, name + ".conv.2")), name + ".conv.4"))
    return x.clamp(0, 1)


@torch.no_grad()
def draw(folder: pathlib.Path, file: str, side: int, prompts: list[str]) -> np.ndarray:
    state = reordered(tensors(folder / file), HALVES)
    layers = {name.split(".")[1] for name in state if name.startswith("layers.")}
    network, text = Network(len(layers)), Text()
    network.load_state_dict(state)
    rows = tensors(folder / "te.gguf")["model.embed_tokens.weight"]
    table = F.rms_norm(torch.cat([torch.zeros(1, rows.shape[1]), rows[text.owners]]), rows.shape[1:], None, 1e-6)
    count = len(prompts)
    chosen, lengths = text.pad(prompts + [""] * count)
    context = table[chosen]
    sigmas = schedule(STEPS)
    z = torch.from_numpy(engine_noise(SEED, 16 * (side // 8) ** 2)).view(1, 16, side // 8, side // 8).repeat(count, 1, 1, 1) * sigmas[0]
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        said, unsaid = network(torch.cat([z, z]), now.expand(2 * count), context, lengths).chunk(2)
        z = z + (then - now) * (unsaid + GUIDANCE * (said - unsaid))
    pictures = decode(z, tensors(folder / "tae.gguf"))
    return (pictures * 255 + 0.5).byte().permute(0, 2, 3, 1).numpy()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("model", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--network", default=FILES["diffusion"], help="its file in the model folder")
    parser.add_argument("--side", type=int, default=192, help="144 patches unless it is said, so that the engine pads them")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    prompts = sys.stdin.read().splitlines()
    ours = draw(args.model, args.network, args.side, prompts)
    worker = Worker(args.program)
    worker.load_nano(args.model.resolve(), args.network)
    worst = 0.0
    for number, prompt in enumerate(prompts):
        pixels = worker.draw(prompt, SEED, args.side, args.side)
        engine = np.frombuffer(pixels, np.uint8).reshape(args.side, args.side, 3)
        Image.fromarray(engine).save(args.out / f"{number:02d}.png")
        difference = np.abs(engine.astype(int) - ours[number])
        worst = max(worst, difference.mean())
        print(f"{prompt}: mean {difference.mean():.3f}, largest {difference.max()} of 255")
    if worst > 1:
        sys.exit("the engine draws something else")


if __name__ == "__main__":
    main()

"""Makes training pictures as latents: make_data.py DRAWINGS WORK SHARDS. Needs WORK/latents.pt.

Writes WORK/data/shard-N.pt for N in 0..SHARDS. Shard N is made from the seed N alone, so that an interrupted run goes
on where it was, and a lost file can be made again.
"""

import os
import pathlib
import random
import sys

import torch

from captions import SHAPES, Captioned
from files import save
from latents import Latents

COUNTS = {"square": 1728, "portrait": 160, "landscape": 160}    # pictures of a shard
CHUNK = 32


@torch.no_grad()
def shard(captioned: Captioned, latents: Latents, number: int) -> dict:
    rnd, made = random.Random(1000 + number), {}
    for shape in SHAPES:
        captions, codes = [], []
        for _ in range(COUNTS[shape] // CHUNK):
            samples = [captioned.sample(rnd, shape) for _ in range(CHUNK)]
            captions += [caption for caption, _ in samples]
            codes.append(latents.encode(torch.stack([picture for _, picture in samples])).half())
        made[shape] = {"captions": captions, "latents": torch.cat(codes)}
    return made


def main() -> None:
    drawings, work, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    (work / "data").mkdir(exist_ok=True)
    (work / "data.pid").write_text(str(os.getpid()))
    latents = Latents()
    latents.load_state_dict(torch.load(work / "latents.pt"))
    captioned = Captioned(drawings)
    for number in range(count):
        path = work / "data" / f"shard-{number}.pt"
        if not path.exists():
            save(shard(captioned, latents, number), path)
            print(f"{path.name} written", flush=True)


if __name__ == "__main__":
    main()

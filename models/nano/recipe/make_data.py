"""Makes training pictures as latents: make_data.py DRAWINGS WORK SHARDS. Needs WORK/latents.pt.

Writes WORK/data/shard-N.pt for N in 0..SHARDS: things on plain grounds, and scenes. Shard N is made from the seed N alone, so that an interrupted run goes
on where it was, and a lost file can be made again.
"""

import os
import pathlib
import random
import sys

import torch

from captions import SHAPES, STYLE_WORDS, Captioned
from files import save
from latents import STORED, Latents
from network import TEXT_TOKENS, Text
from scenes import scene
from scenes.sprites import Sprites

# Pictures of a shard. A scene's shorter side is 192 pixels.
COUNTS = {"square": 384, "portrait": 64, "landscape": 64}
SCENES = {"square": 1024, "portrait": 128, "landscape": 128}
# From this shard on, nearly all are things: after 600 thousand pictures with two scenes in three the network knew the places
# well and hardly a thing, of which there are twelve times as many.
THINGS_FROM = 198
THINGS_COUNTS = {"square": 2560, "portrait": 256, "landscape": 256}
THINGS_SCENES = {"square": 32, "portrait": 32, "landscape": 32}
ZOOM = 1.5
CHUNK = 32


class Scenes:
    """Scenes with captions that fit into the model's text."""

    def __init__(self, drawings: str):
        self.sprites, self.text = Sprites(drawings), Text()

    def sample(self, seed: int, shape: str) -> tuple[str, torch.Tensor]:
        made = scene.make(seed, self.sprites, ZOOM, shape)
        words = made.caption.split() + ([STYLE_WORDS[made.style]] if made.style else [])
        while len(self.text.encode(" ".join(words))) > TEXT_TOKENS:
            words.pop(-2 if made.style else -1)
        return " ".join(words), torch.from_numpy(made.picture).permute(2, 0, 1).float() / 127.5 - 1


def stored(codes: list[torch.Tensor]) -> torch.Tensor:
    return (torch.cat(codes) * STORED).round().clamp(-127, 127).char()


@torch.no_grad()
def shard(captioned: Captioned, scenes: Scenes, latents: Latents, number: int) -> dict:
    rnd, made = random.Random(1000 + number), {}
    counts, scene_counts = (COUNTS, SCENES) if number < THINGS_FROM else (THINGS_COUNTS, THINGS_SCENES)
    for shape in SHAPES:
        captions, codes = [], []
        for _ in range(counts[shape] // CHUNK):
            samples = [captioned.sample(rnd, shape) for _ in range(CHUNK)]
            captions += [caption for caption, _ in samples]
            codes.append(latents.encode(torch.stack([picture for _, picture in samples])))
        made[shape] = {"captions": captions, "latents": stored(codes)}
    for shape, count in scene_counts.items():
        captions, codes = [], []
        for first in range(0, count, CHUNK):
            samples = [scenes.sample((number * 10 + len(made)) * 10000 + first + i, shape) for i in range(CHUNK)]
            captions += [caption for caption, _ in samples]
            codes.append(latents.encode(torch.stack([picture for _, picture in samples])))
        made[f"scene-{shape}"] = {"captions": captions, "latents": stored(codes)}
    return made


def main() -> None:
    drawings, work, count = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    torch.set_num_threads(1)
    (work / "data").mkdir(exist_ok=True)
    (work / "data.pid").write_text(str(os.getpid()))
    latents = Latents()
    latents.load_state_dict(torch.load(work / "latents.pt"))
    captioned, scenes = Captioned(drawings), Scenes(drawings)
    for number in range(count):
        path = work / "data" / f"shard-{number}.pt"
        if not path.exists():
            save(shard(captioned, scenes, latents, number), path)
            print(f"{path.name} written", flush=True)


if __name__ == "__main__":
    main()

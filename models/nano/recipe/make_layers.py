"""Makes the training pictures of the layers: make_layers.py things|places DRAWINGS WORK SHARDS. Needs WORK/latents.pt.

As make_data.py, whose shards have things and places together: WORK/data/shard-N.pt from the seed N alone.
"""

import pathlib
import random
import sys

import torch

from files import save
from latents import Latents
from make_data import CHUNK, ZOOM, stored
from scenes.layers import Things, empty_place, lights, place_caption
from scenes.registry import PLACES
from scenes.scene import SHAPES

THINGS = 4096
PLACES_OF = {"square": 1024, "portrait": 256, "landscape": 256}


def pixels(array) -> torch.Tensor:
    return torch.from_numpy(array).permute(2, 0, 1).float() / 127.5 - 1


@torch.no_grad()
def part(latents: Latents, count: int, sample) -> dict:
    captions, kept = [], []
    for _ in range(count // CHUNK):
        samples = [sample() for _ in range(CHUNK)]
        captions += [caption for caption, _ in samples]
        kept.append(latents.encode(torch.stack([pixels(picture) for _, picture in samples])))
    return {"captions": captions, "latents": stored(kept)}


class Places:
    def __init__(self, sprites):
        self.sprites = sprites

    def sample(self, rnd: random.Random, shape: str):
        place = rnd.choice(list(PLACES))
        time, weather = rnd.choice(lights(place))
        stage = empty_place(rnd.randrange(1 << 30), place, time, weather, self.sprites, *SHAPES[shape], ZOOM)
        return place_caption(place, time, weather), stage.p.array()


def main() -> None:
    what, drawings, work, count = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(1)
    (work / "data").mkdir(exist_ok=True)
    latents = Latents()
    latents.load_state_dict(torch.load(work / "latents.pt"))
    things = Things(drawings)
    places = Places(things.sprites) if what == "places" else None
    for number in range(count):
        path = work / "data" / f"shard-{number}.pt"
        if path.exists():
            continue
        rnd = random.Random(5000 + number)
        if places is None:
            made = {"thing": part(latents, THINGS, lambda: things.sample(rnd))}
        else:
            made = {f"place-{shape}": part(latents, n, lambda shape=shape: places.sample(rnd, shape)) for shape, n in PLACES_OF.items()}
        save(made, path)
        print(f"{path.name} written", flush=True)


if __name__ == "__main__":
    main()

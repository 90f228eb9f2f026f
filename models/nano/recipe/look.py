"""How far a training is: look.py WORK [OUT.png] [--prompts FILE]. Needs WORK/checkpoint.pt; changes nothing.

Prints the loss of the averaged weights on scenes and on plain pictures that training never sees, always with the same noise, so
that numbers of different times and sizes may be compared. With OUT.png draws the lines of FILE, or PROMPTS, without the engine,
eight a row. The evaluation's prompts are not to be looked at before the training has ended.
"""

import argparse
import pathlib
import random

import torch
from PIL import Image

from coder import Decoder
from files import save
from latents import Latents
from make_data import CHUNK, Captioned, Scenes
from network import Network, Text, layers_of, schedule
from train_coder import earlier_decoder, tensors
from worker import GUIDANCE, STEPS

HERE = pathlib.Path(__file__).parent
SIDE = 24    # latents, of a picture of 192 x 192
TESTED = 192
TEST_SEED = 970_000_000
SEED = 7
COLUMNS = 8
PROMPTS = """\
a wolf in the snow yc
a sailboat at sea at sunset yc
a robot on the moon yc
a cat in the kitchen yc
a green dragon in a cave yc
two penguins on the ice yc
a bear riding a bicycle yc
a lighthouse on the beach at night yc
a fox holding a red balloon yc
an owl in a forest in the fog yc
a blue car in the city in the rain yc
a dog in a basket in the garden yc
a whale under the stars yc
a rabbit wearing a crown yg
a castle in the mountains yg
an apple on a table yg"""


def averaged(work: pathlib.Path) -> tuple[Network, Text, dict]:
    state = torch.load(work / "checkpoint.pt", weights_only=False)
    network, text = Network(layers_of(state["network"])), Text()
    for parameter, value in zip(network.parameters(), state["averaged"]):
        parameter.data.copy_(value)
    text.embedding.data.copy_(state["averaged"][-1])
    return network, text, state


def test_pictures(work: pathlib.Path) -> dict:
    """Latents and captions, kept in WORK/test.pt."""
    path = work / "test.pt"
    if not path.exists():
        drawings, latents, rnd = str(work / "drawings"), Latents(), random.Random(TEST_SEED)
        latents.load_state_dict(torch.load(work / "latents.pt"))
        scenes, captioned, made = Scenes(drawings), Captioned(drawings), {}
        kinds = {"scenes": lambda i: scenes.sample(TEST_SEED + i, "square"), "plain": lambda i: captioned.sample(rnd, "square")}
        for kind, sample in kinds.items():
            samples = [sample(i) for i in range(TESTED)]
            codes = latents.encode(torch.stack([picture for _, picture in samples]))
            made[kind] = {"captions": [caption for caption, _ in samples], "latents": codes}
        save(made, path)
    return torch.load(path)


@torch.no_grad()
def loss(network: Network, text: Text, captions: list[str], latents: torch.Tensor) -> float:
    generator, total = torch.Generator().manual_seed(SEED), 0.0
    sigma = torch.sigmoid(torch.randn(len(captions), generator=generator) * 1.1 + 0.4)
    noise = torch.randn(latents.shape, generator=generator)
    rows, lengths = text.pad(captions)
    for part in torch.arange(len(captions)).split(CHUNK):
        mixed = torch.lerp(latents[part], noise[part], sigma[part].view(-1, 1, 1, 1))
        said = network(mixed, sigma[part], text(rows[part]), lengths[part])
        total += float((said - (noise[part] - latents[part])).pow(2).mean()) * len(part)
    return total / len(captions)


@torch.no_grad()
def draw(network: Network, text: Text, decoder: Decoder, prompts: list[str]) -> torch.Tensor:
    count, sigmas = len(prompts), schedule(STEPS)
    rows, lengths = text.pad(prompts + [""] * count)
    context = text(rows)
    z = torch.randn(1, 16, SIDE, SIDE, generator=torch.Generator().manual_seed(SEED)).repeat(count, 1, 1, 1)
    for now, then in zip(sigmas[:-1], sigmas[1:]):
        said, unsaid = network(torch.cat([z, z]), now.expand(2 * count), context, lengths).chunk(2)
        z = z + (then - now) * (unsaid + GUIDANCE * (said - unsaid))
    return decoder(z).clamp(0, 1)


def sheet(pictures: torch.Tensor) -> Image.Image:
    side = pictures.shape[-1]
    canvas = Image.new("RGB", (COLUMNS * side, -(-len(pictures) // COLUMNS) * side), "white")
    for i, picture in enumerate(pictures):
        pixels = (picture * 255 + 0.5).byte().permute(1, 2, 0).numpy()
        canvas.paste(Image.fromarray(pixels), (i % COLUMNS * side, i // COLUMNS * side))
    return canvas


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("out", nargs="?")
    parser.add_argument("--prompts", type=pathlib.Path)
    args = parser.parse_args()
    torch.set_num_threads(1)
    network, text, state = averaged(args.work)
    print(f"step {state['step']}, {state['pictures']} pictures, {len(network.layers)} layers")
    for kind, made in test_pictures(args.work).items():
        print(f"{kind}: loss {loss(network, text, made['captions'], made['latents']):.4f}", flush=True)
    if not args.out:
        return
    decoder = Decoder()
    if (args.work / "decoder.pt").exists():
        decoder.load_state_dict(torch.load(args.work / "decoder.pt"))
    else:
        earlier_decoder(decoder, tensors(HERE.parent / "tae.gguf"))
    prompts = (args.prompts.read_text() if args.prompts else PROMPTS).splitlines()
    drawn = [draw(network, text, decoder, [prompt]) for prompt in prompts]
    sheet(torch.cat(drawn)).save(args.out)


if __name__ == "__main__":
    main()

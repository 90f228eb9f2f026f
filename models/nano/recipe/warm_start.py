"""Starts from the files of an earlier model: its network, and the text rows of the words that keep their meaning."""

import pathlib

import torch

from captions import COLOURS
from files import tensors
from network import HALVES, LAYERS, Network, Text, reordered

# Words of the first model, which had 4 layers and 24 things. Its other rows were borrowed ones.
FIRST_THINGS = set(
    "cat dog fox panda pig frog penguin owl fish apple banana pizza hamburger strawberry car rocket house tree sunflower "
    "cactus star heart robot smiley".split()
)
FIRST_WORDS = [*FIRST_THINGS, *"a an A An the picture drawing emoji of on with background light".split()]
# Which old layer each layer begins as; the second of two that begin alike begins almost closed.
GROWN = {6: (0, 1, 1, 2, 2, 3), 4: (0, 1, 2, 3)}
NEARLY_CLOSED = 0.05


@torch.no_grad()
def warm_start(network: Network, text: Text, folder: pathlib.Path) -> None:
    old = reordered(tensors(folder / "dit.gguf"), HALVES)
    state = {name: value for name, value in old.items() if not name.startswith("layers.")}
    before = None
    for layer, source in enumerate(GROWN[LAYERS]):
        prefix = f"layers.{source}."
        for name, value in old.items():
            if name.startswith(prefix):
                state[f"layers.{layer}.{name.removeprefix(prefix)}"] = value.clone()
        if source == before:
            width = state[f"layers.{layer}.adaLN_modulation.0.bias"].shape[0] // 4
            for part in (1, 3):
                gate = slice(part * width, (part + 1) * width)
                state[f"layers.{layer}.adaLN_modulation.0.weight"][gate] = 0
                state[f"layers.{layer}.adaLN_modulation.0.bias"][gate] = NEARLY_CLOSED
        before = source
    network.load_state_dict(state)
    rows = tensors(folder / "te.gguf")["model.embed_tokens.weight"]
    numbers = [*text.table["head"], *text.table["tail"]]
    for word in (*FIRST_WORDS, *COLOURS):
        for place in ("next", "first"):
            numbers += text.table[place].get(word, [])
    for number in reversed(numbers):
        if number in text.rows and rows[number].abs().sum() > 0:
            text.embedding[text.rows[number]] = rows[number]

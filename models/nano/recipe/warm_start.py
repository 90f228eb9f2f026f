"""Starts from the files of an earlier model: its network, and the text rows of the words that both know."""

import pathlib

import torch

from files import tensors
from network import HALVES, Network, Text, layers_of, reordered

NEARLY_CLOSED = 0.05


def sources(old: int, new: int) -> list[int]:
    """Which old layer each new layer begins as."""
    return [layer * old // new for layer in range(new)]


@torch.no_grad()
def grown(old: dict, layers: int) -> dict:
    """A state with more layers that does nearly the same: the second of two that begin alike begins almost closed."""
    state = {name: value for name, value in old.items() if not name.startswith("layers.")}
    before = None
    for layer, source in enumerate(sources(layers_of(old), layers)):
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
    return state


@torch.no_grad()
def warm_start(network: Network, text: Text, folder: pathlib.Path) -> None:
    state = grown(reordered(tensors(folder / "dit.gguf"), HALVES), len(network.layers))
    if state["x_pad_token"].abs().sum() == 0:    # no size had padding then
        state["x_pad_token"] = state["cap_pad_token"].clone()
    network.load_state_dict(state)
    rows = tensors(folder / "te.gguf")["model.embed_tokens.weight"]
    kept = 0
    for number, place in text.rows.items():
        owner = text.owners[place - 1]
        source = owner if rows[owner].abs().sum() > 0 else number
        if rows[source].abs().sum() > 0 and (number == owner or source == number):
            text.embedding[place] = rows[source]
            kept += 1
    print(f"{kept} text rows kept")

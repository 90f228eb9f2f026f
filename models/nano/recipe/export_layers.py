"""Writes the engine's files of the two layers: export_layers.py THINGS_WORK PLACES_WORK OUT. Needs network.pt in both.

OUT/things.gguf and OUT/places.gguf: the networks, Q8_0. OUT/te.gguf: the text rows that they share, Q4_0: those of the things, the
codes of places, times and weathers from the places; the rows around a prompt are the same in both (train_network.py --frame).
OUT/tae.gguf: encoder and decoder, F16, from THINGS_WORK/decoder.pt.
"""

import pathlib
import sys

import numpy as np
import torch

from export import text_rows, write, write_coder
from network import TEXT_WIDTH, Network, Text, engine_state, layers_of
from place_codes import PlaceCodes


def trained(work: pathlib.Path) -> tuple[Network, Text]:
    state = torch.load(work / "network.pt")
    network, text = Network(layers_of(state["network"])), Text()
    network.load_state_dict(state["network"], strict=False)
    text.load_state_dict(state["text"])
    return network, text


def main() -> None:
    things_work, places_work, out = (pathlib.Path(argument) for argument in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    things, words = trained(things_work)
    places, codes = trained(places_work)
    write(out / "things.gguf", engine_state(things), "Q8_0")
    write(out / "places.gguf", engine_state(places), "Q8_0")
    rows, coded = text_rows(words), text_rows(codes)
    table = words.table
    frame = [*table["head"], *table["tail"]]
    if not np.allclose(rows[frame], coded[frame]):
        sys.exit("the rows around a prompt differ: both must be trained with --frame")
    for row, code in PlaceCodes(codes).codes.items():
        for number in (*table["first"][code], *table["next"][code]):
            rows[number] = codes.embedding[row].detach().numpy()
    write(out / "te.gguf", {"model.embed_tokens.weight": rows, "model.norm.weight": np.ones(TEXT_WIDTH, np.float32)}, "Q4_0")
    write_coder(things_work, out)


if __name__ == "__main__":
    main()

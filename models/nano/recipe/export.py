"""Writes the engine's files: export.py WORK OUT. Needs WORK/network.pt and tokens.json.

OUT/dit.gguf: the network, Q8_0. OUT/te.gguf: the text rows, Q4_0; rows that no caption used are zero.
OUT/tae.gguf: encoder and decoder, F16; only if WORK/decoder.pt is there, a newly trained one.
"""

import pathlib
import sys

import gguf
import numpy as np
import torch

from coder import Decoder, full_decoder, full_encoder
from latents import Latents
from network import TEXT_WIDTH, Network, Text, engine_state, layers_of

VOCABULARY = 151936


def write(path: pathlib.Path, tensors: dict, form: str) -> None:
    """Matrices in `form` where their width allows it, vectors in F32, everything else in F16."""
    writer = gguf.GGUFWriter(str(path), "nano")
    kind = getattr(gguf.GGMLQuantizationType, form)
    for name, tensor in tensors.items():
        array = np.ascontiguousarray(torch.as_tensor(tensor).detach().float().numpy())
        if array.ndim == 2 and array.shape[1] % 32 == 0 and form != "F16":
            packed = gguf.quants.quantize(array, kind)
            writer.add_tensor(name, packed, raw_shape=packed.shape, raw_dtype=kind)
        else:
            writer.add_tensor(name, array if array.ndim == 1 else array.astype(np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    print(f"{path.name}: {path.stat().st_size} bytes")


def text_rows(text: Text) -> np.ndarray:
    trained = text.embedding.detach().numpy()
    rows = np.zeros((VOCABULARY, TEXT_WIDTH), np.float32)
    for number, place in text.rows.items():
        rows[number] = trained[place]
    return rows


def write_coder(work: pathlib.Path, out: pathlib.Path) -> None:
    decoder, latents = Decoder(), Latents()
    decoder.load_state_dict(torch.load(work / "decoder.pt"))
    latents.load_state_dict(torch.load(work / "latents.pt"))
    write(out / "tae.gguf", full_decoder(decoder) | full_encoder(latents), "F16")


def main() -> None:
    work, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    trained = torch.load(work / "network.pt")
    network, text = Network(layers_of(trained["network"])), Text()
    network.load_state_dict(trained["network"], strict=False)
    text.load_state_dict(trained["text"])
    write(out / "dit.gguf", engine_state(network), "Q8_0")
    norm = np.ones(TEXT_WIDTH, np.float32)
    write(out / "te.gguf", {"model.embed_tokens.weight": text_rows(text), "model.norm.weight": norm}, "Q4_0")
    if (work / "decoder.pt").exists():
        write_coder(work, out)


if __name__ == "__main__":
    main()

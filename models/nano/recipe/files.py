"""Reading the engine's files, and writing files that an interruption cannot leave half done."""

import os
import pathlib

import gguf
import numpy as np
import torch


def tensors(path: pathlib.Path) -> dict:
    """Every tensor of a GGUF file, in F32."""
    result = {}
    for tensor in gguf.GGUFReader(str(path)).tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        shape = [int(size) for size in reversed(tensor.shape)]
        result[tensor.name] = torch.tensor(values.astype(np.float32)).view(shape)
    return result


def save(what: object, path: pathlib.Path) -> None:
    part = path.with_suffix(".part")
    torch.save(what, part)
    os.replace(part, path)

"""The judge's eyes, in numpy alone: which thing, which colour and which background are in 64 x 64 pixels.

judge.npz holds the weights of a small convolutional network, as train_judge.py wrote them, batch norm folded in.
"""

import pathlib

import numpy as np


def convolve(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, stride: int) -> np.ndarray:
    """3 x 3 with a border of 1 and ReLU; x is (n, h, w, c), weight (9 * c, out)."""
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (1, 2))[:, ::stride, ::stride]
    n, height, width, channels = windows.shape[:4]
    columns = windows.transpose(0, 1, 2, 4, 5, 3).reshape(n * height * width, 9 * channels)
    return np.maximum(columns @ weight + bias, 0).reshape(n, height, width, -1)


class Judge:
    def __init__(self, path: pathlib.Path):
        with np.load(path) as file:
            values = {name: file[name] for name in file.files}
        self.things, self.colours, self.grounds = (values[name].tolist() for name in ("things", "colours", "grounds"))
        self.own_accuracy = dict(zip(values["measured"].tolist(), values["accuracy"].tolist()))
        self.layers = int(values["layers"])
        self.values = {name: value.astype(np.float32) for name, value in values.items() if value.dtype == np.float16}

    def scores(self, pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(n, 64, 64, 3) bytes -> scores of things, colours and grounds, (n, number of them)."""
        x = pictures.astype(np.float32) / 127.5 - 1
        for layer in range(self.layers):
            x = convolve(x, self.values[f"weight{layer}"], self.values[f"bias{layer}"], 1 + layer % 2)
        n, side, _, channels = x.shape
        x = x.reshape(n, 2, side // 2, 2, side // 2, channels).mean((2, 4)).reshape(n, -1)
        heads = ("thing", "colour", "ground")
        return tuple(x @ self.values[f"{head}_weight"] + self.values[f"{head}_bias"] for head in heads)


def halved(pictures: np.ndarray) -> np.ndarray:
    n, height, width, _ = pictures.shape
    blocks = pictures.reshape(n, height // 2, 2, width // 2, 2, 3).astype(np.float32)
    return (blocks.mean((2, 4)) + 0.5).astype(np.uint8)


def sides(pictures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The left and the right thing of pictures of 128 x 128, each in 64 x 64."""
    return pictures[:, 32:96, :64], pictures[:, 32:96, 64:]
